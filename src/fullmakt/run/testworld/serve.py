"""Serving a test world on this machine, until it is told to stop."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import uvicorn

from fullmakt.access.policy.semantics import STANDARD, Semantics
from fullmakt.run.server.collecting import settle
from fullmakt.run.server.direct import direct_protocol
from fullmakt.run.server.front import Front
from fullmakt.run.testworld.control_door import ControlDoor
from fullmakt.run.testworld.routes import world_application
from fullmakt.run.testworld.run_file import RunningWorld
from fullmakt.run.testworld.world import TestWorld, WorldSettings

if TYPE_CHECKING:
    from types import FrameType

    from fullmakt.run.testworld.spare_keys import SpareKeys
    from fullmakt.run.testworld.worldfile.entries import World

LOOPBACK = "127.0.0.1"
_BACKLOG = 2048
_STOPS_WITHIN_S = 5


class PortTakenError(Exception):
    """Something else listens on the port."""


@dataclass(frozen=True, slots=True)
class ServeSettings:
    """What one run is made from. Port 0 is any free one; no database URL is a world in memory."""

    run_file: Path
    port: int = 8080
    database_url: str | None = None
    snapshots: Path | None = None
    world_name: str = "default"
    semantics: Semantics = STANDARD

    @property
    def store(self) -> str:
        """Where the world is kept, in one word."""
        if self.database_url is None:
            return "memory"
        return "SQLite" if self.database_url.startswith("sqlite") else "PostgreSQL"


class _AnnouncingServer(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._announce()


def serve(settings: ServeSettings, content: World | None, *, keys: SpareKeys) -> None:
    """Open the world, serve it, and close it again when a signal says so.

    Raises: PortTakenError, WorldRefused, WorldStandsError, ForeignProfileError.
    """
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, _stop)
    with listen_on(settings.port) as listening:
        base = f"http://{LOOPBACK}:{listening.getsockname()[1]}"
        made_from = WorldSettings(
            base, settings.database_url, settings.snapshots, settings.semantics
        )
        world = TestWorld(made_from, keys=keys)
        try:
            world.open(content)
            _serve(settings, world, base, listening)
        finally:
            world.close()


def control_application(world: TestWorld, *, base: str, secret: str) -> Front:
    """Everything that a test world answers, with its control surface behind `secret`."""
    return Front(world, world_application(world, ControlDoor(base, secret)))


def _serve(settings: ServeSettings, world: TestWorld, base: str, listening: socket.socket) -> None:
    running = RunningWorld(base, secrets.token_urlsafe(32), os.getpid())

    def announce() -> None:
        settle()
        running.write(settings.run_file)
        sys.stdout.write(
            f"Fullmakt ready at {base} (world: {settings.world_name}, store: {settings.store},"
            f" pid {running.pid})\n"
        )
        sys.stdout.flush()

    front = control_application(world, base=base, secret=running.secret)
    config = uvicorn.Config(
        front,
        http=direct_protocol(front),
        log_config=None,
        access_log=False,
        server_header=False,
        ws="none",
        lifespan="on",
        timeout_graceful_shutdown=_STOPS_WITHIN_S,
    )
    try:
        _AnnouncingServer(config, announce).run([listening])
    finally:
        running.remove(settings.run_file)


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    """Leave, closing what is open on the way; the server raises the signal again when done."""
    raise SystemExit(0)


def listen_on(port: int) -> socket.socket:
    """A socket of this machine that listens on `port`. Raises: PortTakenError."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((LOOPBACK, port))
        listening.listen(_BACKLOG)
    except OSError as fault:
        listening.close()
        message = f"port {port} on {LOOPBACK} cannot be listened on: {fault.strerror}"
        raise PortTakenError(message) from None
    return listening
