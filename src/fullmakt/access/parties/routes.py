"""The registers over HTTP: Enhetsregisteret's open data, and Altinn Register."""

from __future__ import annotations

from fullmakt.access.parties import register_routes, units_routes

ROUTES = [*units_routes.ROUTES, *register_routes.ROUTES]
