"""Requests over HTTP: every route of the room. Source: Altinn's public documentation."""

from __future__ import annotations

from litestar import Router

from fullmakt.systems.requests.portal_routes import PORTAL_ROUTES
from fullmakt.systems.requests.vendor_routes import VENDOR_ROUTES

# INVARIANT: a router holds all methods of a path; registered one by one, Litestar wraps the
# handlers of a path once for each method.
ROUTES = [Router("/", route_handlers=[*VENDOR_ROUTES, *PORTAL_ROUTES])]
