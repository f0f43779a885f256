"""All of the test world's own endpoints, and the application that they are part of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fullmakt.run.server.assembly import assemble
from fullmakt.run.server.surface import ServedRoute, served_routes
from fullmakt.run.testworld import (
    client_routes,
    control_routes,
    description_routes,
    event_routes,
    explain_routes,
    generator_routes,
    reach_routes,
    register_routes,
    what_if_routes,
)

if TYPE_CHECKING:
    from litestar import Litestar

    from fullmakt.run.testworld.control_door import ControlDoor
    from fullmakt.run.testworld.world import TestWorld

ROUTES = [
    *control_routes.ROUTES,
    *register_routes.ROUTES,
    *client_routes.ROUTES,
    *event_routes.ROUTES,
    *explain_routes.ROUTES,
    *reach_routes.ROUTES,
    *what_if_routes.ROUTES,
    *generator_routes.ROUTES,
    *description_routes.ROUTES,
]


def world_application(test_world: TestWorld | None, door: ControlDoor | None) -> Litestar:
    """Every room's routes and the test world's own. With neither it can be read, not run."""
    return assemble(ROUTES, handed={"test_world": test_world, "door": door})


def world_routes() -> tuple[ServedRoute, ...]:
    """Everything that a test world answers."""
    return served_routes(world_application(None, None))
