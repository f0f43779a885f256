"""Connections over HTTP, for whoever manages access for a party.

Left out: single instances of an app's form (nobody gives those here) and requests for access.
Source: Altinn's public documentation, access management for end-user systems.
"""

from __future__ import annotations

from typing import Annotated

from litestar import Response, delete, get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromQuery, QueryParameter, RawBody

from fullmakt.access.catalog.model import Catalog
from fullmakt.access.connections import overview, service, wire
from fullmakt.access.connections.check_routes import CHECK_ROUTES
from fullmakt.access.connections.client_routes import CLIENT_ROUTES
from fullmakt.access.connections.internal_routes import INTERNAL_ROUTES
from fullmakt.access.connections.model import Direction, Include, Named
from fullmakt.access.connections.my_routes import MY_ROUTES
from fullmakt.access.connections.parameters import (
    read_both,
    read_flag,
    read_named,
    read_text,
    read_uuid,
    read_uuid_if_any,
)
from fullmakt.access.connections.receivers import get_receiver
from fullmakt.access.connections.rules import direction_of, scopes_for
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.http.bodies import read_body
from fullmakt.foundation.http.doors import authenticated, check_scope, json_answer, scope
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.storage.database import Database

CONNECTIONS = "/accessmanagement/api/v1/enduser/connections"
_PACKAGES = f"{CONNECTIONS}/accesspackages"
_RESOURCES = f"{CONNECTIONS}/resources"
_RIGHTS = f"{_RESOURCES}/rights"

Giver = Annotated[str | None, QueryParameter(name="from")]
PackageId = Annotated[str | None, QueryParameter(name="packageId")]
ClientDelegations = Annotated[str | None, QueryParameter(name="includeClientDelegations")]
AgentConnections = Annotated[str | None, QueryParameter(name="includeAgentConnections")]

_gives = scope(*scopes_for(Direction.TO_OTHERS, "write"))


def _check_direction(caller: Caller, named: Named, action: str) -> Named:
    check_scope(caller, *scopes_for(direction_of(named), action))
    return named


@get(CONNECTIONS, guards=[authenticated], sync_to_thread=True)
def list_connections(
    *,
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    catalog: Given[Catalog],
    party: FromQuery[str | None] = None,
    giver: Giver = None,
    to: FromQuery[str | None] = None,
    include_client_delegations: ClientDelegations = None,
    include_agent_connections: AgentConnections = None,
) -> Response[bytes]:
    """Everybody that the party gave something, or was given something by."""
    named = _check_direction(caller, read_named(party, giver, to), "read")
    include = Include(
        read_flag("includeClientDelegations", include_client_delegations, default=True),
        read_flag("includeAgentConnections", include_agent_connections, default=True),
    )
    with database.reading() as reading:
        sides = service.get_sides(reading, decisions, named, action="read", caller=caller)
        records = overview.list_records(reading, catalog, sides, include)
        resources = overview.resources_of(reading, records)
    is_given = sides.direction is Direction.TO_OTHERS
    return json_answer(wire.write_connections(catalog, records, resources, is_given=is_given))


@post(CONNECTIONS, guards=[_gives], status_code=200, sync_to_thread=True)
def add_right_holder(
    *,
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    catalog: Given[Catalog],
    correlation: Given[str],
    body: RawBody,
    party: FromQuery[str | None] = None,
    to: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Make somebody a right holder of the party, who then has nothing yet."""
    giver, uuid, person = read_uuid("party", party), read_uuid_if_any("to", to), _person(body)
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        sides = service.get_giver(work, decisions, giver, caller=caller)
        receiver = get_receiver(
            work, uuid, number=person.person_identifier, last_name=person.last_name
        )
        made = service.add_right_holder(work, giver=sides.giver, receiver=receiver)
    return json_answer(wire.write_assignment(catalog, made, giver=sides.giver, receiver=receiver))


def _person(body: bytes) -> wire.PersonBody:
    return read_body(body, wire.PersonBody) if body.strip() else wire.PersonBody()


@delete(CONNECTIONS, guards=[authenticated], status_code=204, sync_to_thread=True)
def remove_right_holder(
    *,
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    correlation: Given[str],
    party: FromQuery[str | None] = None,
    giver: Giver = None,
    to: FromQuery[str | None] = None,
    cascade: FromQuery[str | None] = None,
) -> None:
    """End that somebody is a right holder, by either side."""
    named = _check_direction(caller, read_both(party, giver, to), "write")
    is_cascading = read_flag("cascade", cascade, default=False)
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        sides = service.get_sides(work, decisions, named, action="write", caller=caller)
        service.remove_right_holder(work, sides, is_cascading=is_cascading)


@get(_PACKAGES, guards=[authenticated], sync_to_thread=True)
def list_packages(
    *,
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    catalog: Given[Catalog],
    party: FromQuery[str | None] = None,
    giver: Giver = None,
    to: FromQuery[str | None] = None,
) -> Response[bytes]:
    """The access packages between the party and others, with the ways in which they are held."""
    named = _check_direction(caller, read_named(party, giver, to), "read")
    with database.reading() as reading:
        sides = service.get_sides(reading, decisions, named, action="read", caller=caller)
        records = overview.list_records(reading, catalog, sides)
    return json_answer(wire.write_package_permissions(catalog, records))


@post(_PACKAGES, guards=[_gives], status_code=200, sync_to_thread=True)
def give_package(
    *,
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    catalog: Given[Catalog],
    correlation: Given[str],
    body: RawBody,
    party: FromQuery[str | None] = None,
    to: FromQuery[str | None] = None,
    package: FromQuery[str | None] = None,
    package_id: PackageId = None,
) -> Response[bytes]:
    """Give an access package."""
    giver, uuid, person = read_uuid("party", party), read_uuid_if_any("to", to), _person(body)
    wanted = service.get_package(catalog, named=package, by_id=package_id)
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        sides = service.get_giver(work, decisions, giver, caller=caller)
        receiver = get_receiver(
            work, uuid, number=person.person_identifier, last_name=person.last_name
        )
        made, grant = service.give_package(work, catalog, wanted, sides, receiver=receiver)
    return json_answer(wire.write_given(made, grant, wanted))


@delete(_PACKAGES, guards=[authenticated], status_code=204, sync_to_thread=True)
def withdraw_package(
    *,
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    catalog: Given[Catalog],
    correlation: Given[str],
    party: FromQuery[str | None] = None,
    giver: Giver = None,
    to: FromQuery[str | None] = None,
    package: FromQuery[str | None] = None,
    package_id: PackageId = None,
) -> None:
    """Take an access package back, or let go of it."""
    named = _check_direction(caller, read_both(party, giver, to), "write")
    wanted = service.get_package(catalog, named=package, by_id=package_id)
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        sides = service.get_sides(work, decisions, named, action="write", caller=caller)
        service.withdraw_package(work, wanted, sides, caller=caller)


@get(_RESOURCES, guards=[authenticated], sync_to_thread=True)
def list_resources(
    *,
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    catalog: Given[Catalog],
    party: FromQuery[str | None] = None,
    giver: Giver = None,
    to: FromQuery[str | None] = None,
    resource: FromQuery[str | None] = None,
) -> Response[bytes]:
    """The services of which single rights were given between the party and others."""
    named = _check_direction(caller, read_named(party, giver, to), "read")
    with database.reading() as reading:
        sides = service.get_sides(reading, decisions, named, action="read", caller=caller)
        records = overview.list_records(reading, catalog, sides)
        found = overview.resources_of(reading, records)
    shown = {name: each for name, each in found.items() if resource in {None, "", name}}
    return json_answer(wire.write_resource_permissions(catalog, records, shown))


@delete(_RESOURCES, guards=[authenticated], status_code=204, sync_to_thread=True)
def withdraw_rights(
    *,
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    correlation: Given[str],
    party: FromQuery[str | None] = None,
    giver: Giver = None,
    to: FromQuery[str | None] = None,
    resource: FromQuery[str | None] = None,
) -> None:
    """Take back every single right to a service."""
    named = _check_direction(caller, read_both(party, giver, to), "write")
    wanted = read_text("resource", resource)
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        sides = service.get_sides(work, decisions, named, action="write", caller=caller)
        found = service.get_resource(work, wanted)
        service.withdraw_rights(work, found, sides, caller=caller)


@get(_RIGHTS, guards=[authenticated], sync_to_thread=True)
def list_rights(
    *,
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    catalog: Given[Catalog],
    party: FromQuery[str | None] = None,
    giver: Giver = None,
    to: FromQuery[str | None] = None,
    resource: FromQuery[str | None] = None,
) -> Response[bytes]:
    """The rights that one side has to a service of the other, given singly or otherwise."""
    named = _check_direction(caller, read_both(party, giver, to), "read")
    wanted = read_text("resource", resource)
    with database.reading() as reading:
        sides = service.get_sides(reading, decisions, named, action="read", caller=caller)
        found = service.get_resource(reading, wanted)
        records = overview.list_records(reading, catalog, sides)
    indirect = overview.indirect_rights(decisions, found, records, sides)
    return json_answer(wire.write_rights(catalog, found, records, indirect))


def _give_rights(
    database: Database,
    decisions: DecisionPoint,
    caller: Caller,
    correlation: str,
    asked: service.RightsAsked,
) -> Response[bytes]:
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        sides = service.get_giver(work, decisions, asked.party, caller=caller)
        receiver = get_receiver(work, asked.receiver, number=None, last_name=None)
        resource = service.get_resource(work, asked.resource)
        service.give_rights(work, decisions, resource, asked, sides, receiver=receiver)
    return Response(b"", status_code=201 if not asked.is_replacing else 200)


@post(_RIGHTS, guards=[_gives], status_code=201, sync_to_thread=True)
def give_rights(
    *,
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    correlation: Given[str],
    body: RawBody,
    party: FromQuery[str | None] = None,
    to: FromQuery[str | None] = None,
    resource: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Give single rights beside those given before."""
    asked = _rights_asked(party, to, resource, body, is_replacing=False)
    return _give_rights(database, decisions, caller, correlation, asked)


@put(_RIGHTS, guards=[_gives], status_code=200, sync_to_thread=True)
def replace_rights(
    *,
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    correlation: Given[str],
    body: RawBody,
    party: FromQuery[str | None] = None,
    to: FromQuery[str | None] = None,
    resource: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Give exactly these single rights, and take back the others to the service."""
    asked = _rights_asked(party, to, resource, body, is_replacing=True)
    return _give_rights(database, decisions, caller, correlation, asked)


def _rights_asked(
    party: str | None, to: str | None, resource: str | None, body: bytes, *, is_replacing: bool
) -> service.RightsAsked:
    return service.RightsAsked(
        read_uuid("party", party),
        read_uuid("to", to),
        read_text("resource", resource),
        tuple(read_body(body, wire.RightKeys).direct_right_keys),
        is_replacing,
    )


ROUTES: list[HTTPRouteHandler] = [
    list_connections,
    add_right_holder,
    remove_right_holder,
    list_packages,
    give_package,
    withdraw_package,
    list_resources,
    withdraw_rights,
    list_rights,
    give_rights,
    replace_rights,
    *CHECK_ROUTES,
    *CLIENT_ROUTES,
    *MY_ROUTES,
    *INTERNAL_ROUTES,
]
