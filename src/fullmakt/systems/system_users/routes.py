"""System users over HTTP: every route of the room. Source: Altinn's public documentation."""

from __future__ import annotations

from litestar import Router

from fullmakt.systems.system_users.client_routes import CLIENT_ROUTES
from fullmakt.systems.system_users.portal_routes import PORTAL_ROUTES
from fullmakt.systems.system_users.vendor_routes import VENDOR_ROUTES

# INVARIANT: a router holds all methods of a path; registered one by one, Litestar wraps the
# handlers of a path once for each method.
ROUTES = [Router("/", route_handlers=[*VENDOR_ROUTES, *PORTAL_ROUTES, *CLIENT_ROUTES])]
