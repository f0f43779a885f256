"""All rooms' routes in one application, with what they are handed by name."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from litestar import Litestar, Request, Router
from litestar.datastructures import State
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler
from litestar.types import Scope

from fullmakt.access.catalog import routes as catalog
from fullmakt.access.connections import routes as connections
from fullmakt.access.parties import routes as parties
from fullmakt.access.reach import routes as reach
from fullmakt.access.resources import routes as resources
from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.http.addresses import Addresses
from fullmakt.foundation.http.doors import caller_of, trace_of
from fullmakt.foundation.http.traces import RequestTrace
from fullmakt.foundation.http.written_paths import given_back
from fullmakt.identity.exchange import routes as exchange
from fullmakt.identity.logout import routes as logout
from fullmakt.identity.maskinporten import routes as maskinporten
from fullmakt.portal.calls import routes as portal_calls
from fullmakt.run.server.failures import EXCEPTION_HANDLERS
from fullmakt.run.server.house import House
from fullmakt.services.apps import routes as apps
from fullmakt.services.notices import routes as notices
from fullmakt.services.tax import routes as tax
from fullmakt.systems.requests import routes as requests
from fullmakt.systems.system_register import routes as system_register
from fullmakt.systems.system_users import routes as system_users

_ROOMS = (
    catalog,
    parties,
    resources,
    connections,
    reach,
    system_register,
    system_users,
    requests,
    portal_calls,
    exchange,
    logout,
    maskinporten,
    apps,
    tax,
    notices,
)


class _RegisteredOnce(Router):
    """A router for one application, which need not have a copy of its own."""

    def __deepcopy__(self, _memo: object) -> _RegisteredOnce:
        # SPEED: copying every route takes a third of the assembly (benchmarks/start.py).
        return self


def _of_house(name: str) -> Provide:
    def provide(scope: Scope) -> Any:  # noqa: ANN401  a member of the house, whichever
        return getattr(scope["fullmakt.house"], name)  # type: ignore[typeddict-item]

    return Provide(provide, sync_to_thread=False)


def _as_it_is(thing: object) -> Provide:
    def provide() -> Any:  # noqa: ANN401  whatever was handed
        return thing

    return Provide(provide, sync_to_thread=False)


def _addresses(scope: Scope) -> Addresses:
    addresses: Addresses = scope["fullmakt.addresses"]  # type: ignore[typeddict-item]
    return addresses


def _caller(request: Request[Any, Any, Any]) -> Caller:
    return caller_of(request)


def _trace(request: Request[Any, Any, Any]) -> RequestTrace:
    return trace_of(request)


def _correlation(request: Request[Any, Any, Any]) -> str:
    return trace_of(request).correlation


def assemble(
    more: Iterable[HTTPRouteHandler] = (), *, handed: Mapping[str, object] | None = None
) -> Litestar:
    """The application behind the front: every room's routes, and `more`.

    It holds no house: each request brings the one it is for. What `more` is handed by name besides
    is `handed`; guards find it as the application's state.
    """
    handed = handed or {}
    dependencies = {field.name: _of_house(field.name) for field in dataclasses.fields(House)}
    dependencies["addresses"] = Provide(_addresses, sync_to_thread=False)
    dependencies["caller"] = Provide(_caller, sync_to_thread=False)
    dependencies["trace"] = Provide(_trace, sync_to_thread=False)
    dependencies["correlation"] = Provide(_correlation, sync_to_thread=False)
    dependencies |= {name: _as_it_is(thing) for name, thing in handed.items()}
    # All at once, in one router: a path that is registered a second time, for another method, makes
    # the toolkit wrap the first one's handler twice.
    routes = _RegisteredOnce(
        "/", route_handlers=[*(route for room in _ROOMS for route in room.ROUTES), *more]
    )
    return Litestar(
        route_handlers=[routes],
        dependencies=dependencies,
        exception_handlers=EXCEPTION_HANDLERS,
        middleware=[given_back],
        state=State(dict(handed)),
        openapi_config=None,
        logging_config=None,
        debug=False,
    )
