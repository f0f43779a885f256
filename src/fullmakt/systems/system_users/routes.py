"""System users over HTTP: every route of the room. Source: Altinn's public documentation."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from fullmakt.systems.system_users.bulk_routes import BULK_ROUTES
from fullmakt.systems.system_users.client_routes import CLIENT_ROUTES
from fullmakt.systems.system_users.internal_routes import INTERNAL_ROUTES
from fullmakt.systems.system_users.own_client_routes import OWN_CLIENT_ROUTES
from fullmakt.systems.system_users.own_initiative_routes import OWN_INITIATIVE_ROUTES
from fullmakt.systems.system_users.portal_routes import PORTAL_ROUTES
from fullmakt.systems.system_users.vendor_routes import VENDOR_ROUTES

ROUTES: list[HTTPRouteHandler] = [
    *VENDOR_ROUTES,
    *INTERNAL_ROUTES,
    *PORTAL_ROUTES,
    *OWN_INITIATIVE_ROUTES,
    *OWN_CLIENT_ROUTES,
    *CLIENT_ROUTES,
    *BULK_ROUTES,
]
