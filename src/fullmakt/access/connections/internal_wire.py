"""Client delegation between the platform's own components as JSON: an older, flatter shape."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from fullmakt.access.connections.client_rules import RoleValues, Values
from fullmakt.access.connections.identifiers import delegation_id
from fullmakt.access.connections.wire import PartyShape, RoleShape, write_party, write_role
from fullmakt.access.parties.model import AGENT
from fullmakt.foundation.http.bodies import read_body

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from fullmakt.access.catalog.model import Catalog
    from fullmakt.access.delegations.model import Client, Delegated
    from fullmakt.access.parties.model import Party


class RolePackage(msgspec.Struct, rename="camel"):
    """One package of one role."""

    role_identifier: str
    package_urn: str


class DelegationBody(msgspec.Struct, rename="camel"):
    """What a system user is to have of a client."""

    client_id: UUID
    agent_id: UUID
    role_packages: list[RolePackage]
    agent_role: str = AGENT
    agent_name: str = ""


class FlatParty(msgspec.Struct, rename="camel"):
    """A client."""

    id: UUID
    name: str
    organization_number: str | None
    unit_type: str


class FlatAccess(msgspec.Struct):
    """What comes with one relation; packages by name, without the prefix of their URN."""

    role: str
    packages: list[str]


class FlatClient(msgspec.Struct):
    """A client with what an agent can have of it."""

    party: FlatParty
    access: list[FlatAccess]


class FlatDelegation(msgspec.Struct, rename="camel"):
    """Both relations that a delegation stands between."""

    id: UUID
    from_id: UUID
    to_id: UUID
    facilitator_id: UUID


class FlatConnection(msgspec.Struct, rename="camel"):
    """What a system user has of a client as one role."""

    id: UUID
    delegation: FlatDelegation
    from_party: PartyShape = msgspec.field(name="from")
    role: RoleShape
    to: PartyShape
    facilitator: PartyShape
    facilitator_role: RoleShape


class Made(msgspec.Struct, rename="camel"):
    """A delegation that was made or stood before."""

    delegation_id: UUID
    from_entity_id: UUID


def read_delegation(body: bytes) -> DelegationBody:
    """What is to be delegated. Raises: InvalidInput."""
    return read_body(body, DelegationBody)


def values_of(wanted: DelegationBody) -> Values:
    """The packages, role by role in the order they come."""
    by_role: dict[str, list[str]] = {}
    for each in wanted.role_packages:
        by_role.setdefault(each.role_identifier, []).append(each.package_urn)
    return tuple(RoleValues(role, tuple(packages)) for role, packages in by_role.items())


def write_clients(
    clients: Iterable[Client], *, roles: Collection[str], packages: Collection[str]
) -> list[FlatClient]:
    """Clients that give all the packages of a filter on the roles that are wanted."""
    shown = []
    for client in clients:
        access = [
            FlatAccess(each.role, sorted(each.packages))
            for each in client.access
            if each.packages and (not roles or each.role in roles)
        ]
        given = {name for each in access for name in each.packages}
        if access and given.issuperset(packages):
            shown.append(FlatClient(_party(client.party), access))
    return shown


def _party(party: Party) -> FlatParty:
    number = None if party.number is None else party.number.digits
    return FlatParty(party.uuid, party.name, number, party.form)


def write_connections(catalog: Catalog, has: Iterable[Delegated]) -> list[FlatConnection]:
    """What a system user has, one entry for each relation it rests on."""
    shown: dict[UUID, FlatConnection] = {}
    for each in has:
        own = delegation_id(each)
        ends = each.client.uuid, each.agent.uuid, each.facilitator.uuid
        shown.setdefault(
            own,
            FlatConnection(
                own,
                FlatDelegation(own, *ends),
                write_party(each.client),
                write_role(catalog.role(each.role)),
                write_party(each.agent),
                write_party(each.facilitator),
                write_role(catalog.role(AGENT)),
            ),
        )
    return list(shown.values())


def write_made(has: Iterable[Delegated]) -> list[Made]:
    """The delegations that something had is part of, each once."""
    return list(
        {
            own: Made(own, each.client.uuid) for each in has for own in (delegation_id(each),)
        }.values()
    )
