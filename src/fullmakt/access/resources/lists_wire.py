"""Access lists as JSON: the platform's names; what is empty is left out."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec import UNSET, UnsetType

from fullmakt.access.resources.lists_model import (
    AccessList,
    ListConnection,
    ListMember,
    Membership,
)
from fullmakt.access.resources.policy_wire import Page, page_of, resource_urn
from fullmakt.foundation.terms import urns
from fullmakt.foundation.terms.moments import write_moment


class ListBody(msgspec.Struct):
    """What a list is called."""

    name: str
    description: str | None = None


class MembersBody(msgspec.Struct):
    """Parties, each by a URN."""

    data: list[str]


class ConnectionBody(msgspec.Struct, rename="camel"):
    """The actions that a list opens on a resource; none means all."""

    action_filters: list[str] | None = None


class ConnectionEntry(msgspec.Struct, rename="camel"):
    """A resource that a list opens."""

    resource_identifier: str
    created_at: str
    updated_at: str
    action_filters: list[str] | UnsetType = UNSET


class ListEntry(msgspec.Struct, rename="camel"):
    """A list."""

    urn: str
    identifier: str
    name: str
    description: str
    created_at: str
    updated_at: str
    resource_connections: list[ConnectionEntry] | UnsetType = UNSET


class MemberEntry(msgspec.Struct):
    """A member, with what it is known by."""

    id: str
    since: str
    identifiers: dict[str, str | int]


class MembershipEntry(msgspec.Struct, rename="camel"):
    """A resource that a party may use by being on a list."""

    party: str
    resource: str
    since: str
    action_filters: list[str] | UnsetType = UNSET


class Memberships(msgspec.Struct):
    """What a party may use by being on lists."""

    data: list[MembershipEntry]


def write_list(held: AccessList, connections: Iterable[ListConnection] | None = None) -> ListEntry:
    """The list; with what it opens, when that is asked for."""
    return ListEntry(
        urn=held.urn,
        identifier=held.identifier,
        name=held.name,
        description=held.description,
        created_at=write_moment(held.created_at),
        updated_at=write_moment(held.updated_at),
        resource_connections=UNSET
        if connections is None
        else [write_connection(each) for each in connections],
    )


def write_connection(connection: ListConnection) -> ConnectionEntry:
    """A resource that a list opens."""
    return ConnectionEntry(
        resource_identifier=connection.resource,
        created_at=write_moment(connection.created_at),
        updated_at=write_moment(connection.updated_at),
        action_filters=_filters(connection.actions),
    )


def _filters(actions: frozenset[str] | None) -> list[str] | UnsetType:
    return UNSET if actions is None else sorted(actions)


def write_members(members: Iterable[ListMember], next_page: str | None) -> Page[MemberEntry]:
    """A page of members."""
    return page_of(
        [
            MemberEntry(
                f"{urns.PARTY_UUID}:{each.uuid}",
                write_moment(each.since),
                {
                    urns.PARTY_UUID: str(each.uuid),
                    "urn:altinn:party:id": each.party_id,
                    urns.ORGANIZATION_NUMBER: each.number.digits,
                },
            )
            for each in members
        ],
        next_page,
    )


def write_connections(
    connections: Iterable[ListConnection], next_page: str | None
) -> Page[ConnectionEntry]:
    """A page of what a list opens."""
    return page_of([write_connection(each) for each in connections], next_page)


def write_memberships(found: Iterable[Membership]) -> Memberships:
    """What a party may use by being on lists."""
    return Memberships(
        [
            MembershipEntry(
                party=f"{urns.PARTY_UUID}:{each.party}",
                resource=resource_urn(each.resource),
                since=write_moment(each.since),
                action_filters=_filters(each.actions),
            )
            for each in found
        ]
    )
