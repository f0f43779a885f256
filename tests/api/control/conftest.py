"""A running test world for each module of this folder, on each engine.

Tests of one module share it, and each uses numbers of its own; those that begin the world anew ask
for `fresh`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import uvicorn

from fullmakt.run.testworld.serve import control_application, listen_on
from fullmakt.run.testworld.world import TestWorld, WorldSettings
from tests.engines import ENGINES, PostgresServer

SECRET = "the-secret-of-this-run"


@dataclass(frozen=True, slots=True)
class Control:
    """A served world, and two callers: one that knows the secret and one that does not."""

    base: str
    world: TestWorld
    known: httpx.Client
    stranger: httpx.Client


@contextmanager
def served(url: str, snapshots: Path) -> Iterator[Control]:
    """A test world behind a real server, in a thread of this process."""
    with listen_on(0) as listening:
        base = f"http://127.0.0.1:{listening.getsockname()[1]}"
        world = TestWorld(WorldSettings(base, url, snapshots))
        world.open(None)
        application = control_application(world, base=base, secret=SECRET)
        server = uvicorn.Server(uvicorn.Config(application, log_config=None, ws="none"))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        while not server.started:
            time.sleep(0.01)
        secret = {"authorization": f"Bearer {SECRET}"}
        try:
            with (
                httpx.Client(base_url=base, headers=secret, timeout=30) as known,
                httpx.Client(base_url=base, timeout=30) as stranger,
            ):
                yield Control(base, world, known, stranger)
        finally:
            server.should_exit = True
            thread.join()
            world.close()


@pytest.fixture(scope="module", params=ENGINES)
def control(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Control]:
    """The module's world, on each engine."""
    folder = tmp_path_factory.mktemp("control")
    if request.param == "sqlite":
        with served(f"sqlite:///{folder}/world.db", folder / "snapshots") as running:
            yield running
    else:
        server: PostgresServer = request.getfixturevalue("postgres")
        with (
            server.database() as name,
            served(server.url(name), folder / "snapshots") as running,
        ):
            yield running


@pytest.fixture
def fresh(control: Control) -> Control:
    """The module's world, begun anew."""
    control.known.post("/fullmakt/world/reset").raise_for_status()
    return control
