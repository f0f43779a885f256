"""Client delegation over HTTP, for whoever administers the clients of a party.

Versions 1 and 2 differ in what client and agent are called in the query (`from` and `to`, or
`client` and `agent`), in how removals are sent, and in single services, which version 2 alone has.
"""

from __future__ import annotations

from litestar import Response, delete, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromQuery, RawBody

from fullmakt.access.catalog.model import Catalog
from fullmakt.access.connections import client_overview, client_wire, clients, wire
from fullmakt.access.connections.parameters import read_flag, read_uuid, read_uuid_if_any
from fullmakt.access.connections.receivers import get_receiver
from fullmakt.access.connections.versions import (
    PORTAL,
    V1,
    V2,
    AnyRequest,
    at_each,
    both,
    has_resources,
    names_of,
)
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.access.delegations.model import Delegated
from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.http.bodies import read_body
from fullmakt.foundation.http.doors import json_answer, scope
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.storage.database import Database

_reads = scope(PORTAL, "altinn:clientdelegations.read")
_writes = scope(PORTAL, "altinn:clientdelegations.write")


def _named(request: AnyRequest, *, client: bool, agent: bool) -> clients.NamedBetween:
    names, query = names_of(request), request.query_params
    return clients.NamedBetween(
        names,
        read_uuid("party", query.get("party")),
        read_uuid(names.client, query.get(names.client)) if client else None,
        read_uuid(names.agent, query.get(names.agent)) if agent else None,
    )


@at_each(get, both("clients"), guards=[_reads])
def list_clients(
    request: AnyRequest,
    *,
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    catalog: Given[Catalog],
    party: FromQuery[str | None] = None,
    roles: FromQuery[list[str] | None] = None,
    packages: FromQuery[list[str] | None] = None,
    resources: FromQuery[list[str] | None] = None,
) -> Response[bytes]:
    """The party's clients, with what an agent can have of each."""
    uuid = read_uuid("party", party)
    wanted = client_overview.Filter.read(catalog, roles, packages, resources)
    with database.reading() as reading:
        facilitator = clients.get_facilitator(
            reading, decisions, uuid, action="read", caller=caller
        )
        found = clients.list_clients(reading, catalog, facilitator)
        known = client_overview.resources_of_clients(reading, found)
    writer = client_wire.Writer(catalog, known, has_resources=has_resources(request))
    return json_answer(
        writer.clients(
            found, roles=wanted.roles, packages=wanted.packages, services=wanted.services
        )
        if wanted.is_sound
        else wire.Paged([])
    )


@at_each(get, both("agents"), guards=[_reads])
def list_agents(
    request: AnyRequest,
    *,
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    catalog: Given[Catalog],
    party: FromQuery[str | None] = None,
) -> Response[bytes]:
    """The party's agents, with what each has of its clients."""
    uuid = read_uuid("party", party)
    with database.reading() as reading:
        facilitator = clients.get_facilitator(
            reading, decisions, uuid, action="read", caller=caller
        )
        found, has = clients.list_agents(reading, facilitator)
        added = client_overview.added_at(reading, found)
        known = client_overview.resources_of(reading, has)
    writer = client_wire.Writer(catalog, known, has_resources=has_resources(request))
    return json_answer(writer.agents(added, has))


@at_each(post, both("agents"), guards=[_writes], status_code=200)
def add_agent(
    request: AnyRequest,
    *,
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    catalog: Given[Catalog],
    correlation: Given[str],
    body: RawBody,
    party: FromQuery[str | None] = None,
    to: FromQuery[str | None] = None,
    agent: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Make a person, by number and name, or a system user an agent of the party."""
    names, uuid = names_of(request), read_uuid("party", party)
    named = read_uuid_if_any(names.agent, to if names is clients.V1 else agent)
    person = read_body(body, wire.PersonBody) if body.strip() else wire.PersonBody()
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        facilitator = clients.get_facilitator(work, decisions, uuid, action="write", caller=caller)
        found = get_receiver(
            work,
            named,
            number=person.person_identifier,
            last_name=person.last_name,
            name=names.agent,
        )
        made = clients.add_agent(work, facilitator, found, names)
    return json_answer(wire.write_assignment(catalog, made, giver=facilitator, receiver=found))


@at_each(delete, both("agents"), guards=[_writes], status_code=204)
def remove_agent(
    request: AnyRequest,
    *,
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    correlation: Given[str],
    cascade: FromQuery[str | None] = None,
) -> None:
    """End that somebody is an agent of the party."""
    named = _named(request, client=False, agent=True)
    is_cascading = read_flag("cascade", cascade, default=False)
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        between = client_overview.get_between(work, decisions, named, action="write", caller=caller)
        assert between.agent is not None, "named, or refused"
        clients.remove_agent(work, between.facilitator, between.agent, is_cascading=is_cascading)


@at_each(delete, both("agents/clients"), guards=[_writes], status_code=204)
def drop_client(
    request: AnyRequest,
    *,
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    correlation: Given[str],
    cascade: FromQuery[str | None] = None,
) -> None:
    """Take a client from an agent."""
    named = _named(request, client=True, agent=True)
    is_cascading = read_flag("cascade", cascade, default=False)
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        between = client_overview.get_between(work, decisions, named, action="write", caller=caller)
        clients.drop_client(work, between, is_cascading=is_cascading)


@at_each(get, [*both("agents/accesspackages"), f"{V2}/agents/resources"], guards=[_reads])
def list_of_agent(
    request: AnyRequest,
    *,
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    catalog: Given[Catalog],
) -> Response[bytes]:
    """The clients that an agent has something of."""
    named = _named(request, client=False, agent=True)
    with database.reading() as reading:
        between = client_overview.get_between(
            reading, decisions, named, action="read", caller=caller
        )
        has = client_overview.list_between(reading, between)
        known = client_overview.resources_of(reading, has)
    writer = client_wire.Writer(catalog, known, has_resources=has_resources(request))
    return json_answer(wire.Paged(writer.clients_of(_of_path(request, has))))


@at_each(get, [*both("clients/accesspackages"), f"{V2}/clients/resources"], guards=[_reads])
def list_of_client(
    request: AnyRequest,
    *,
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    catalog: Given[Catalog],
) -> Response[bytes]:
    """The agents that have something of a client."""
    named = _named(request, client=True, agent=False)
    with database.reading() as reading:
        between = client_overview.get_between(
            reading, decisions, named, action="read", caller=caller
        )
        has = _of_path(request, client_overview.list_between(reading, between))
        added = client_overview.added_of(reading, between.facilitator, has)
        known = client_overview.resources_of(reading, has)
    writer = client_wire.Writer(catalog, known, has_resources=has_resources(request))
    return json_answer(writer.agents(added, has))


def _of_path(request: AnyRequest, has: list[Delegated]) -> list[Delegated]:
    """The packages, or the single services, as the path asks for one or the other."""
    is_about_packages = request.url.path.endswith("accesspackages")
    return [each for each in has if isinstance(each.link.carries, str) == is_about_packages]


@at_each(
    post,
    [*both("agents/accesspackages"), f"{V2}/agents/resources"],
    guards=[_writes],
    status_code=200,
)
def delegate(
    request: AnyRequest,
    *,
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    catalog: Given[Catalog],
    correlation: Given[str],
    body: RawBody,
) -> Response[bytes]:
    """Give an agent packages or single services of a client."""
    named = _named(request, client=True, agent=True)
    values = client_wire.read_values(body, has_resources=request.url.path.endswith("resources"))
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        between = client_overview.get_between(work, decisions, named, action="write", caller=caller)
        passed = clients.delegate(work, catalog, decisions, between, values, names=named.names)
    return json_answer(client_wire.Writer(catalog, {}, has_resources=True).passed(passed, between))


@delete(f"{V1}/agents/accesspackages", guards=[_writes], status_code=200, sync_to_thread=True)
def undelegate(
    request: AnyRequest,
    *,
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    catalog: Given[Catalog],
    correlation: Given[str],
    body: RawBody,
) -> Response[bytes]:
    """Take packages of a client from an agent."""
    return _undelegate(request, caller, database, decisions, catalog, correlation, body)


@at_each(
    post,
    [f"{V2}/agents/accesspackages/delete", f"{V2}/agents/resources/delete"],
    guards=[_writes],
    status_code=200,
)
def undelegate_by_post(
    request: AnyRequest,
    *,
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    catalog: Given[Catalog],
    correlation: Given[str],
    body: RawBody,
) -> Response[bytes]:
    """Take packages or single services of a client from an agent."""
    return _undelegate(request, caller, database, decisions, catalog, correlation, body)


def _undelegate(
    request: AnyRequest,
    caller: Caller,
    database: Database,
    decisions: DecisionPoint,
    catalog: Catalog,
    correlation: str,
    body: bytes,
) -> Response[bytes]:
    named = _named(request, client=True, agent=True)
    values = client_wire.read_values(body, has_resources="/resources/" in request.url.path)
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        between = client_overview.get_between(work, decisions, named, action="write", caller=caller)
        passed = clients.undelegate(work, catalog, between, values)
    return json_answer(client_wire.Writer(catalog, {}, has_resources=True).passed(passed, between))


CLIENT_ROUTES: list[HTTPRouteHandler] = [
    *list_clients,
    *list_agents,
    *add_agent,
    *remove_agent,
    *drop_client,
    *list_of_agent,
    *list_of_client,
    *delegate,
    undelegate,
    *undelegate_by_post,
]
