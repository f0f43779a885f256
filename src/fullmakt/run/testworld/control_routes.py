"""The control surface: whether the world is there, and how it is."""

from __future__ import annotations

from importlib.metadata import version

from litestar import Response, get

from fullmakt.foundation.http.doors import json_answer
from fullmakt.foundation.http.given import Given
from fullmakt.run.testworld.control_door import neighbour
from fullmakt.run.testworld.world import PROFILE, TestWorld


@get("/fullmakt/health", guards=[neighbour], sync_to_thread=True)
def get_health(test_world: Given[TestWorld]) -> Response[bytes]:
    """That the world answers, at which revision. Open to whoever is on this machine."""
    return json_answer(
        {
            "status": "ok",
            "revision": test_world.revision(),
            "profile": PROFILE,
            "version": version("fullmakt"),
        }
    )


ROUTES = [get_health]
