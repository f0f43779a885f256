"""Requests over HTTP: every route of the room. Source: Altinn's public documentation."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from fullmakt.systems.requests.change_portal_routes import CHANGE_PORTAL_ROUTES
from fullmakt.systems.requests.change_vendor_routes import CHANGE_VENDOR_ROUTES
from fullmakt.systems.requests.pending_routes import PENDING_ROUTES
from fullmakt.systems.requests.portal_routes import PORTAL_ROUTES
from fullmakt.systems.requests.vendor_routes import VENDOR_ROUTES

ROUTES: list[HTTPRouteHandler] = [
    *VENDOR_ROUTES,
    *PORTAL_ROUTES,
    *PENDING_ROUTES,
    *CHANGE_VENDOR_ROUTES,
    *CHANGE_PORTAL_ROUTES,
]
