"""All rooms' routes in one application, with what they are handed by name."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from copy import copy, deepcopy
from typing import Any

from litestar import Litestar, Request, Response, Router, route
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import ImproperlyConfiguredException
from litestar.handlers import HTTPRouteHandler
from litestar.status_codes import HTTP_204_NO_CONTENT
from litestar.types import Scope
from litestar.types.internal_types import RouteHandlerMapItem
from litestar.utils.path import join_paths

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


@route(http_method=["OPTIONS"], include_in_schema=False, sync_to_thread=False)
def _tell_methods(request: Request[Any, Any, State], scope: Scope) -> Response[None]:
    """Which methods a path knows."""
    told = {each.path_format: each.methods for each in request.app.routes}
    headers = {"Allow": ", ".join(sorted(told[scope["path_template"]]))}
    return Response(None, status_code=HTTP_204_NO_CONTENT, headers=headers)


class _Routes(Router):
    """Every route of one application, each path with all its methods, and the answer to OPTIONS."""

    def __init__(self, handlers: Iterable[HTTPRouteHandler | Router]) -> None:
        super().__init__("/", route_handlers=())
        # SPEED: the toolkit registers handler by handler, makes an OPTIONS handler for every path,
        # and copies each route once more: half of the assembly (benchmarks/start.py).
        by_path: dict[str, RouteHandlerMapItem] = {}
        for each in handlers:
            owned = deepcopy(each) if isinstance(each, Router) else each
            owned.owner = self
            for path, held in self.get_route_handler_map(owned).items():
                known = by_path.setdefault(join_paths(["/", path]), {})
                if twice := known.keys() & held:
                    message = f"{path} is registered twice for {', '.join(sorted(twice))}"
                    raise ImproperlyConfiguredException(message)
                known.update(held)
        options = copy(_tell_methods)
        options.owner = self
        for held in by_path.values():
            held.setdefault("OPTIONS", options)
        self._by_path = by_path

    @property
    def route_handler_method_map(self) -> dict[str, RouteHandlerMapItem]:
        """Each path's handler by method."""
        return self._by_path

    def __deepcopy__(self, _memo: object) -> _Routes:
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
    more: Iterable[HTTPRouteHandler | Router] = (), *, handed: Mapping[str, object] | None = None
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
    routes = _Routes([*(each for room in _ROOMS for each in room.ROUTES), *more])
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
