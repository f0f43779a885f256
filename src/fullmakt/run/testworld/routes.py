"""All of the test world's own endpoints."""

from __future__ import annotations

from fullmakt.run.testworld import control_routes

ROUTES = [*control_routes.ROUTES]
