"""All of the test world's own endpoints."""

from __future__ import annotations

from fullmakt.run.testworld import (
    client_routes,
    control_routes,
    event_routes,
    explain_routes,
    generator_routes,
    reach_routes,
    register_routes,
)

ROUTES = [
    *control_routes.ROUTES,
    *register_routes.ROUTES,
    *client_routes.ROUTES,
    *event_routes.ROUTES,
    *explain_routes.ROUTES,
    *reach_routes.ROUTES,
    *generator_routes.ROUTES,
]
