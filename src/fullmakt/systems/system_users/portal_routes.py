"""System users over HTTP for their owners: the portal's calls."""

from __future__ import annotations

from typing import Annotated

from litestar import Response, delete, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery, QueryParameter

from fullmakt.access.catalog.model import Catalog
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.http.doors import authenticated, json_answer
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.storage.database import Database
from fullmakt.systems.system_users import clients, service, wire
from fullmakt.systems.system_users.errors import FacilitatorMismatch
from fullmakt.systems.system_users.model import SystemUserKind
from fullmakt.systems.system_users.parameters import read_id, read_optional_id, read_party_id

_USERS = "/authentication/api/v1/systemuser"
_AGENTS = f"{_USERS}/agent"

Text = str | None


@get(f"{_USERS}/{{party:str}}", guards=[authenticated], sync_to_thread=True)
def list_standard(
    party: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
) -> Response[bytes]:
    """A customer's standard system users."""
    party_id, kind = read_party_id(party), SystemUserKind.STANDARD
    with database.reading() as reading:
        users = service.list_for_owner(reading, decisions, party_id, kind, caller=caller)
    return json_answer([wire.write_owned(user) for user in users])


@get(f"{_AGENTS}/{{party:str}}", guards=[authenticated], sync_to_thread=True)
def list_agents(
    party: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
) -> Response[bytes]:
    """A customer's agent system users."""
    party_id, kind = read_party_id(party), SystemUserKind.AGENT
    with database.reading() as reading:
        users = service.list_for_owner(reading, decisions, party_id, kind, caller=caller)
    return json_answer([wire.write_owned(user) for user in users])


@get(f"{_USERS}/{{party:str}}/{{system_user:str}}", guards=[authenticated], sync_to_thread=True)
def read_one(
    party: FromPath[str],
    system_user: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
) -> Response[bytes]:
    """One of a customer's system users."""
    party_id, uuid = read_party_id(party), read_id("systemUserId", system_user)
    with database.reading() as reading:
        user, access = service.get_for_owner(reading, decisions, party_id, uuid, caller=caller)
    return json_answer(wire.write_owned(user, access))


@delete(
    f"{_USERS}/{{party:str}}/{{system_user:str}}",
    status_code=202,
    guards=[authenticated],
    sync_to_thread=True,
)
def delete_standard(
    *,
    party: FromPath[str],
    system_user: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    correlation: Given[str],
) -> Response[bytes]:
    """Delete a standard system user. The answer is how many were deleted."""
    party_id, uuid = read_party_id(party), read_id("systemUserId", system_user)
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        user = service.delete_standard(work, decisions, party_id, uuid, caller=caller)
    return json_answer(0, status=404) if user is None else json_answer(1, status=202)


@delete(
    f"{_AGENTS}/{{party:str}}/{{system_user:str}}",
    status_code=200,
    guards=[authenticated],
    sync_to_thread=True,
)
def delete_agent(
    *,
    party: FromPath[str],
    system_user: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    correlation: Given[str],
    facilitator: Annotated[Text, QueryParameter(name="facilitatorId")] = None,
) -> Response[bytes]:
    """Delete an agent system user."""
    party_id, uuid = read_party_id(party), read_id("systemUserId", system_user)
    provider = read_optional_id("facilitatorId", facilitator)
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        service.delete_agent(work, decisions, party_id, uuid, facilitator=provider, caller=caller)
    return Response(b"", status_code=200)


@get(f"{_AGENTS}/{{party:str}}/clients", guards=[authenticated], sync_to_thread=True)
def list_clients(
    *,
    party: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    catalog: Given[Catalog],
    facilitator: FromQuery[str | None] = None,
    packages: FromQuery[list[str] | None] = None,
) -> Response[bytes]:
    """A customer's clients, with the relations that make them so."""
    party_id = read_party_id(party)
    provider = read_optional_id("facilitator", facilitator)
    with database.reading() as reading:
        found = clients.list_clients_of_party(
            reading, catalog, decisions, party_id, facilitator=provider, caller=caller
        )
    named = [catalog.find_package(package) for package in packages or ()]
    only = frozenset(package.name for package in named if package) if named else None
    return json_answer(wire.write_clients(found, catalog, only=only))


@get(
    f"{_AGENTS}/{{party:str}}/{{facilitator:str}}/{{system_user:str}}/delegations",
    guards=[authenticated],
    sync_to_thread=True,
)
def list_linked(
    *,
    party: FromPath[str],
    facilitator: FromPath[str],
    system_user: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
) -> Response[bytes]:
    """The clients linked to an agent."""
    party_id, uuid = read_party_id(party), read_id("systemUserId", system_user)
    provider = read_id("facilitator", facilitator)
    with database.reading() as reading:
        found = clients.list_linked_for_party(
            reading, decisions, party_id, uuid, facilitator=provider, caller=caller
        )
    return json_answer(wire.write_linked(uuid, found))


@post(f"{_AGENTS}/{{party:str}}/{{system_user:str}}", guards=[authenticated], sync_to_thread=True)
def link_client(
    *,
    party: FromPath[str],
    system_user: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    catalog: Given[Catalog],
    correlation: Given[str],
    provider: FromQuery[str | None] = None,
    client: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Let an agent act for a client."""
    party_id, uuid = read_party_id(party), read_id("systemUserId", system_user)
    named, of = read_id("client", client or ""), read_optional_id("provider", provider)
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        agent = clients.get_agent_of_party(
            work, decisions, party_id, uuid, action="write", caller=caller
        )
        clients.check_is_provider(agent.owner, of)
        links = clients.link(work, catalog, decisions, agent, named)
    return json_answer(wire.write_delegations(uuid, named, links))


@delete(
    f"{_AGENTS}/{{party:str}}/{{system_user:str}}/client",
    status_code=200,
    guards=[authenticated],
    sync_to_thread=True,
)
def unlink_client(
    *,
    party: FromPath[str],
    system_user: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    correlation: Given[str],
    provider: FromQuery[str | None] = None,
    client: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Take a client from an agent."""
    party_id, uuid = read_party_id(party), read_id("systemUserId", system_user)
    named, of = read_id("client", client or ""), read_optional_id("provider", provider)
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        agent = clients.get_agent_of_party(
            work, decisions, party_id, uuid, action="write", caller=caller
        )
        if of != agent.owner.uuid:
            message = f"the provider `{of}` is not `{agent.owner.name}`"
            raise FacilitatorMismatch(message)
        clients.unlink(work, agent, named)
    return Response(b"", status_code=200)


PORTAL_ROUTES: list[HTTPRouteHandler] = [
    list_standard,
    list_agents,
    read_one,
    delete_standard,
    delete_agent,
    list_clients,
    list_linked,
    link_client,
    unlink_client,
]
