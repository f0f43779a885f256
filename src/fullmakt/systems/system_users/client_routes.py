"""Client links over HTTP for a person's token in an end-user system.

The party is always the owner of the agent that is named.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from litestar import Response, delete, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromQuery

from fullmakt.access.catalog.model import Catalog
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.http.doors import json_answer, scope
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.storage.database import Database
from fullmakt.foundation.terms.problem import Fault
from fullmakt.systems.system_users import clients, errors, wire
from fullmakt.systems.system_users.parameters import read_optional_id, read_organization

_END_USER = "/authentication/api/v1/enduser/systemuser"
_CLIENTS = f"{_END_USER}/clients"

read_scope = scope("altinn:clientdelegations.read")
write_scope = scope("altinn:clientdelegations.write")


@get(f"{_END_USER}/agents", guards=[read_scope], sync_to_thread=True)
def list_agents(
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    party: FromQuery[str | None] = None,
) -> Response[bytes]:
    """The agents of an organisation, by its number."""
    number = read_organization("party", party)
    with database.reading() as reading:
        users = clients.list_agents_of(reading, decisions, number, caller=caller)
    return json_answer([wire.write_owned(user) for user in users])


@get(f"{_CLIENTS}/available", guards=[read_scope], sync_to_thread=True)
def list_available_clients(
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    catalog: Given[Catalog],
    agent: FromQuery[str | None] = None,
) -> Response[bytes]:
    """The clients that could be linked to an agent, and those that are."""
    named = read_optional_id("agent", agent)
    with database.reading() as reading:
        found = clients.get_agent_named(
            reading, decisions, agent=named, action="read", caller=caller
        )
        available = clients.list_available(reading, catalog, decisions, found)
    return json_answer(wire.write_agent_clients(found, available))


@get(_CLIENTS, guards=[read_scope], sync_to_thread=True)
def list_linked_clients(
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    agent: FromQuery[str | None] = None,
) -> Response[bytes]:
    """The clients linked to an agent."""
    named = read_optional_id("agent", agent)
    with database.reading() as reading:
        found = clients.get_agent_named(
            reading, decisions, agent=named, action="read", caller=caller
        )
        linked = clients.list_linked(reading, found)
    return json_answer(wire.write_agent_clients(found, linked))


@post(_CLIENTS, guards=[write_scope], sync_to_thread=True)
def link_client(
    *,
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    catalog: Given[Catalog],
    correlation: Given[str],
    agent: FromQuery[str | None] = None,
    client: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Link a client to an agent, with all the agent's packages."""
    agent_id, client_id = read_optional_id("agent", agent), read_optional_id("client", client)
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        found = clients.get_agent_named(
            work,
            decisions,
            agent=agent_id,
            action="write",
            caller=caller,
            more_faults=_client_faults(client_id),
        )
        assert client_id is not None, "a missing client has been refused"
        clients.link(work, catalog, decisions, found, client_id)
    return json_answer(wire.AgentAndClient(found.user.uuid, client_id))


@delete(_CLIENTS, status_code=200, guards=[write_scope], sync_to_thread=True)
def unlink_client(
    *,
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    correlation: Given[str],
    agent: FromQuery[str | None] = None,
    client: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Take a client from an agent."""
    agent_id, client_id = read_optional_id("agent", agent), read_optional_id("client", client)
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        found = clients.get_agent_named(
            work,
            decisions,
            agent=agent_id,
            action="write",
            caller=caller,
            more_faults=_client_faults(client_id),
        )
        assert client_id is not None, "a missing client has been refused"
        clients.unlink(work, found, client_id)
    return json_answer(wire.AgentAndClient(found.user.uuid, client_id))


def _client_faults(client: UUID | None) -> Sequence[Fault]:
    return [errors.client_missing()] if client is None else []


CLIENT_ROUTES: list[HTTPRouteHandler] = [
    list_agents,
    list_available_clients,
    list_linked_clients,
    link_client,
    unlink_client,
]
