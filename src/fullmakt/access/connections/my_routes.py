"""Client delegation over HTTP as an agent sees it: its own clients, and letting go of them."""

from __future__ import annotations

from litestar import Response, delete, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromQuery, RawBody

from fullmakt.access.catalog.model import Catalog
from fullmakt.access.connections import client_overview, client_wire, clients, wire
from fullmakt.access.connections.parameters import read_flag, read_uuid, read_uuids
from fullmakt.access.connections.versions import (
    PORTAL,
    AnyRequest,
    at_each,
    both,
    has_resources,
    names_of,
)
from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.http.doors import json_answer, scope
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.storage.database import Database

_reads = scope(PORTAL, "altinn:clientdelegations/myclients.read")
_writes = scope(PORTAL, "altinn:clientdelegations/myclients.write")
_V1, _V2 = both("my/clients")


@at_each(get, both("my/clients"), guards=[_reads])
def list_my_clients(
    request: AnyRequest,
    *,
    caller: Given[Caller],
    database: Given[Database],
    catalog: Given[Catalog],
    provider: FromQuery[list[str] | None] = None,
) -> Response[bytes]:
    """The clients that the caller has something of, by whom it has them through."""
    wanted = read_uuids("provider", provider)
    with database.reading() as reading:
        has = [
            each
            for each in clients.list_mine(reading, caller)
            if not wanted or each.facilitator.uuid in wanted
        ]
        known = client_overview.resources_of(reading, has)
    writer = client_wire.Writer(catalog, known, has_resources=has_resources(request))
    return json_answer(writer.providers(has))


@at_each(get, both("my/clientproviders"), guards=[_reads])
def list_my_providers(caller: Given[Caller], database: Given[Database]) -> Response[bytes]:
    """Those that the caller is an agent of."""
    with database.reading() as reading:
        found = clients.list_my_providers(reading, caller)
    return json_answer(wire.Paged([wire.write_party(each) for each in found]))


@at_each(delete, both("my/clientproviders"), guards=[_writes], status_code=204)
def leave_provider(
    *,
    caller: Given[Caller],
    database: Given[Database],
    correlation: Given[str],
    provider: FromQuery[str | None] = None,
) -> None:
    """End that the caller is an agent of somebody, with every client it has through it."""
    uuid = read_uuid("provider", provider)
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        myself = clients.get_self(work, caller)
        facilitator = clients.get_party(work, "provider", uuid)
        clients.remove_agent(work, facilitator, myself, is_cascading=True)


@at_each(delete, both("my/clients"), guards=[_writes], status_code=204)
def leave_client(
    request: AnyRequest,
    *,
    caller: Given[Caller],
    database: Given[Database],
    correlation: Given[str],
    provider: FromQuery[str | None] = None,
    cascade: FromQuery[str | None] = None,
) -> None:
    """Let go of a client."""
    named = _mine(request, provider)
    is_cascading = read_flag("cascade", cascade, default=False)
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        between = clients.get_mine(work, named, caller)
        clients.drop_client(work, between, is_cascading=is_cascading)


def _mine(request: AnyRequest, provider: str | None) -> clients.NamedBetween:
    names = names_of(request)
    client = read_uuid(names.client, request.query_params.get(names.client))
    return clients.NamedBetween(names, read_uuid("provider", provider), client, None)


@delete(f"{_V1}/accesspackages", guards=[_writes], status_code=200, sync_to_thread=True)
def let_go(
    request: AnyRequest,
    *,
    caller: Given[Caller],
    database: Given[Database],
    catalog: Given[Catalog],
    correlation: Given[str],
    body: RawBody,
    provider: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Let go of packages of a client."""
    named = _mine(request, provider)
    return _let_go(request, caller, database, catalog, correlation, body, named)


@at_each(
    post,
    [f"{_V2}/accesspackages/delete", f"{_V2}/resources/delete"],
    guards=[_writes],
    status_code=200,
)
def let_go_by_post(
    request: AnyRequest,
    *,
    caller: Given[Caller],
    database: Given[Database],
    catalog: Given[Catalog],
    correlation: Given[str],
    body: RawBody,
    provider: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Let go of packages or single services of a client."""
    named = _mine(request, provider)
    return _let_go(request, caller, database, catalog, correlation, body, named)


def _let_go(
    request: AnyRequest,
    caller: Caller,
    database: Database,
    catalog: Catalog,
    correlation: str,
    body: bytes,
    named: clients.NamedBetween,
) -> Response[bytes]:
    values = client_wire.read_values(body, has_resources="/resources/" in request.url.path)
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        between = clients.get_mine(work, named, caller)
        passed = clients.undelegate(work, catalog, between, values)
    return json_answer(client_wire.Writer(catalog, {}, has_resources=True).passed(passed, between))


MY_ROUTES: list[HTTPRouteHandler] = [
    *list_my_clients,
    *list_my_providers,
    *leave_provider,
    *leave_client,
    let_go,
    *let_go_by_post,
]
