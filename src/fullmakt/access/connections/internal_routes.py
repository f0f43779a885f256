"""Client delegation over HTTP as the platform's own components ask for it.

They come with the token of the person who administers the clients. Unknown roles and packages are
faults as in the end users' versions, where the original fails on them.
"""

from __future__ import annotations

from typing import Annotated

from litestar import Response, delete, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromQuery, QueryParameter, RawBody

from fullmakt.access.catalog.model import Catalog
from fullmakt.access.connections import client_overview, clients, internal, internal_wire
from fullmakt.access.connections.parameters import read_flag, read_uuid
from fullmakt.access.connections.versions import PORTAL
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.http.doors import json_answer, scope
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.storage.database import Database

_BASE = "/accessmanagement/api/v1/internal/systemuserclientdelegation"

SystemUser = Annotated[str | None, QueryParameter(name="systemUser")]
DelegationId = Annotated[str | None, QueryParameter(name="delegationId")]
AssignmentId = Annotated[str | None, QueryParameter(name="assignmentId")]
AgentId = Annotated[str | None, QueryParameter(name="agentId")]

_portal = scope(PORTAL)


@get(f"{_BASE}/clients", guards=[_portal], sync_to_thread=True)
def list_clients(
    *,
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    catalog: Given[Catalog],
    party: FromQuery[str | None] = None,
    roles: FromQuery[list[str] | None] = None,
    packages: FromQuery[list[str] | None] = None,
) -> Response[bytes]:
    """The party's clients that give every package asked for."""
    uuid = read_uuid("party", party)
    with database.reading() as reading:
        facilitator = clients.get_facilitator(
            reading, decisions, uuid, action="read", caller=caller
        )
        found = clients.list_clients(reading, catalog, facilitator)
    wanted = client_overview.Filter.read(catalog, roles, packages, None)
    is_whole = wanted.is_sound and len(wanted.packages) == len(set(packages or ()))
    return json_answer(
        internal_wire.write_clients(found, roles=wanted.roles, packages=wanted.packages)
        if is_whole
        else []
    )


@get(_BASE, guards=[_portal], sync_to_thread=True)
def list_connections(
    *,
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    catalog: Given[Catalog],
    party: FromQuery[str | None] = None,
    system_user: SystemUser = None,
    client: FromQuery[str | None] = None,
) -> Response[bytes]:
    """What system users of the party have of clients."""
    named = internal.read_named(party, system_user, client)
    with database.reading() as reading:
        between = client_overview.get_between(
            reading, decisions, named, action="read", caller=caller
        )
        has = client_overview.list_between(reading, between)
    return json_answer(internal_wire.write_connections(catalog, has))


@post(_BASE, guards=[_portal], status_code=200, sync_to_thread=True)
def delegate(
    *,
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    catalog: Given[Catalog],
    correlation: Given[str],
    body: RawBody,
    party: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Give a system user packages of a client."""
    wanted, uuid = internal_wire.read_delegation(body), read_uuid("party", party)
    named = clients.NamedBetween(internal.NAMES, uuid, wanted.client_id, wanted.agent_id)
    values = internal_wire.values_of(wanted)
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        between = client_overview.get_between(work, decisions, named, action="write", caller=caller)
        internal.check_is_system_user(between)
        clients.delegate(work, catalog, decisions, between, values, names=internal.NAMES)
        has = client_overview.list_between(work, between)
    return json_answer(internal_wire.write_made(has))


@delete(f"{_BASE}/deletedelegation", guards=[_portal], status_code=200, sync_to_thread=True)
def delete_delegation(
    *,
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    correlation: Given[str],
    party: FromQuery[str | None] = None,
    delegation_id: DelegationId = None,
) -> None:
    """Take everything that one delegation is, by its id."""
    uuid, wanted = read_uuid("party", party), read_uuid("delegationId", delegation_id)
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        facilitator = clients.get_facilitator(work, decisions, uuid, action="write", caller=caller)
        internal.delete_delegation(work, facilitator, wanted)


@delete(f"{_BASE}/deleteassignment", guards=[_portal], status_code=200, sync_to_thread=True)
def delete_assignment(
    *,
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    correlation: Given[str],
    party: FromQuery[str | None] = None,
    assignment_id: AssignmentId = None,
    cascade: FromQuery[str | None] = None,
) -> None:
    """End an agent relation of the party, by its id."""
    uuid, wanted = read_uuid("party", party), read_uuid("assignmentId", assignment_id)
    is_cascading = read_flag("cascade", cascade, default=False)
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        facilitator = clients.get_facilitator(work, decisions, uuid, action="write", caller=caller)
        agent = internal.get_agent_by_assignment(work, facilitator, wanted)
        clients.remove_agent(work, facilitator, agent, is_cascading=is_cascading)


@delete(f"{_BASE}/deleteagentassignment", guards=[_portal], status_code=200, sync_to_thread=True)
def delete_agent_assignment(
    *,
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    correlation: Given[str],
    party: FromQuery[str | None] = None,
    agent_id: AgentId = None,
    cascade: FromQuery[str | None] = None,
) -> None:
    """End that a system user is an agent of the party."""
    uuid, wanted = read_uuid("party", party), read_uuid("agentId", agent_id)
    is_cascading = read_flag("cascade", cascade, default=False)
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        facilitator = clients.get_facilitator(work, decisions, uuid, action="write", caller=caller)
        agent = internal.get_agent(work, facilitator, wanted)
        clients.remove_agent(work, facilitator, agent, is_cascading=is_cascading)


INTERNAL_ROUTES: list[HTTPRouteHandler] = [
    list_clients,
    list_connections,
    delegate,
    delete_delegation,
    delete_assignment,
    delete_agent_assignment,
]
