"""Every endpoint has a declaration of what it answers, and every declaration an endpoint."""

from __future__ import annotations

from fullmakt.run.testworld.routes import world_routes
from tests.api.matrix.declared import FOLDER, endpoints

SERVED = {f"{route.method} {route.path}" for route in world_routes()}
DECLARED = {endpoint.name for endpoint in endpoints()}


def test_every_endpoint_is_declared() -> None:
    undeclared = sorted(SERVED - DECLARED)

    assert undeclared == [], f"say in {FOLDER} what they answer, and to whom they do not"


def test_every_declaration_is_of_an_endpoint() -> None:
    assert sorted(DECLARED - SERVED) == []
