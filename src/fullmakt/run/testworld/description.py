"""A test world described in OpenAPI 3.1: what is served at `/fullmakt/openapi.json`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from fullmakt.foundation.http.bodies import write_body
from fullmakt.run.server.contracts import ROOMS
from fullmakt.run.server.described_schemas import Json
from fullmakt.run.server.description import Door, Room, describe
from fullmakt.run.server.surface import served_routes
from fullmakt.run.testworld.contract import CONTRACT
from fullmakt.run.testworld.control_door import neighbour, secret_holder
from fullmakt.run.testworld.generator_routes import basic

if TYPE_CHECKING:
    from litestar import Litestar

    from fullmakt.run.server.surface import ServedRoute

_SECRET: Json = {
    "type": "http",
    "scheme": "bearer",
    "description": "The secret of the run; it stands in the run file.",
}
_BASIC: Json = {"type": "http", "scheme": "basic", "description": "Any user and password."}
_DOORS: Mapping[object, Door] = {
    neighbour: Door({}, frozenset({403})),
    secret_holder: Door({"runSecret": _SECRET}, frozenset({401, 403})),
    basic: Door({"anybody": _BASIC}, frozenset({401, 403})),
}


_ROOMS = (*ROOMS, Room("fullmakt.run.testworld", "testWorld", CONTRACT))


def described_world(routes: Iterable[ServedRoute]) -> Json:
    """The document of a test world with these routes. Raises: UndescribedError."""
    return describe(routes, _ROOMS, _DOORS)


@lru_cache(maxsize=1)
def written_description(application: Litestar) -> bytes:
    """The document of a test world, written once."""
    return write_body(described_world(served_routes(application)))
