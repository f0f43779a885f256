"""A test world behind a real server in a thread of this process, and what its tests say often."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from fullmakt.access.policy.semantics import STANDARD, Semantics
from fullmakt.run.server.direct import direct_protocol
from fullmakt.run.testworld.serve import control_application, listen_on
from fullmakt.run.testworld.world import TestWorld, WorldSettings
from tests.servers import NO_AUTHORITIES

Json = dict[str, Any]
SECRET = "the-secret-of-this-run"


@dataclass(frozen=True, slots=True)
class Control:
    """A served world, and two callers: one that knows the secret and one that does not."""

    base: str
    world: TestWorld
    known: httpx.Client
    stranger: httpx.Client


@contextmanager
def served(url: str, snapshots: Path, *, semantics: Semantics = STANDARD) -> Iterator[Control]:
    """A test world behind a real server, in a thread of this process."""
    with listen_on(0) as listening:
        base = f"http://127.0.0.1:{listening.getsockname()[1]}"
        world = TestWorld(WorldSettings(base, url, snapshots, semantics))
        world.open(None)
        application = control_application(world, base=base, secret=SECRET)
        config = uvicorn.Config(
            application,
            http=direct_protocol(application),
            log_config=None,
            access_log=False,
            ws="none",
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        while not server.started:
            time.sleep(0.01)
        secret = {"authorization": f"Bearer {SECRET}"}
        try:
            with (
                httpx.Client(
                    base_url=base, headers=secret, timeout=30, verify=NO_AUTHORITIES
                ) as known,
                httpx.Client(base_url=base, timeout=30, verify=NO_AUTHORITIES) as stranger,
            ):
                yield Control(base, world, known, stranger)
        finally:
            server.should_exit = True
            thread.join()
            world.close()


def organization(number: str, **more: object) -> Json:
    """An organisation as a world file has it."""
    form = {"kode": "AS", "beskrivelse": "Aksjeselskap"}
    unit = {"organisasjonsnummer": number, "navn": f"ENHET {number}", "organisasjonsform": form}
    return {**unit, **more}


def told(answer: httpx.Response) -> list[tuple[str, str]]:
    """Where and what the faults of a refusal are."""
    return [
        (path, entry["detail"])
        for entry in answer.json()["validationErrors"]
        for path in entry["paths"]
    ]


def told_at_once(answer: httpx.Response) -> str:
    """All the faults of a refusal in one text."""
    return "; ".join(detail for _, detail in told(answer))
