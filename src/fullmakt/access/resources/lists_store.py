"""Access lists, their members and the resources they open, in the database."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import and_, bindparam, insert, select, update

from fullmakt.access.parties.tables import entities
from fullmakt.access.resources.lists_model import AccessList, ListConnection, ListMember
from fullmakt.access.resources.lists_tables import (
    access_list_connections,
    access_list_members,
    access_lists,
)
from fullmakt.access.resources.tables import resources
from fullmakt.foundation.terms.moments import read_moment, utc
from fullmakt.foundation.terms.numbers import OrganizationNumber

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Row, Select

    from fullmakt.foundation.storage.database import Reading, Work

_lists, _members, _connections = access_lists, access_list_members, access_list_connections


def _list(row: Row[Any]) -> AccessList:
    return AccessList(
        id=row.id,
        owner_code=row.owner_code,
        identifier=row.identifier,
        name=row.name,
        description=row.description,
        created_at=utc(read_moment(row.created_at)),
        updated_at=utc(read_moment(row.updated_at)),
        version=row.version,
    )


def find_list(reading: Reading, owner_code: str, identifier: str) -> AccessList | None:
    """The owner's list with this identifier."""
    row = reading.connection.execute(
        select(_lists).where(
            _lists.c.owner_code == owner_code,
            _lists.c.identifier == identifier,
            _lists.c.ended_rev.is_(None),
        )
    ).one_or_none()
    return None if row is None else _list(row)


def get_list(reading: Reading, inner_id: int) -> AccessList:
    """The list with this inner id, which is known to exist."""
    return _list(reading.connection.execute(select(_lists).where(_lists.c.id == inner_id)).one())


def list_lists(
    reading: Reading, owner_code: str, *, after: str, most: int | None
) -> list[AccessList]:
    """The owner's lists whose identifiers come after `after`, in order, at most `most`."""
    rows = reading.connection.execute(
        select(_lists)
        .where(
            _lists.c.owner_code == owner_code,
            _lists.c.identifier > after,
            _lists.c.ended_rev.is_(None),
        )
        .order_by(_lists.c.identifier)
        .limit(most)
    )
    return [_list(row) for row in rows]


def add_list(
    work: Work, *, owner_code: str, identifier: str, name: str, description: str
) -> AccessList:
    """Open a list."""
    result = work.connection.execute(
        insert(_lists)
        .values(
            owner_code=owner_code,
            identifier=identifier,
            name=name,
            description=description,
            created_at=work.now,
            updated_at=work.now,
            version=work.revision,
            began_rev=work.revision,
        )
        .returning(_lists)
    )
    return _list(result.one())


def replace_list(work: Work, held: AccessList, *, name: str, description: str) -> AccessList:
    """Let a list be called otherwise; whatever part of it changed, it has the next version."""
    result = work.connection.execute(
        update(_lists)
        .where(_lists.c.id == held.id)
        .values(name=name, description=description, updated_at=work.now, version=work.revision)
        .returning(_lists)
    )
    return _list(result.one())


def end_list(work: Work, held: AccessList) -> None:
    """Close a list, with its members and what it opens."""
    for table in (_members, _connections):
        work.connection.execute(
            update(table)
            .where(table.c.list_id == held.id, table.c.ended_rev.is_(None))
            .values(ended_rev=work.revision)
        )
    work.connection.execute(
        update(_lists).where(_lists.c.id == held.id).values(ended_rev=work.revision)
    )


def _member(row: Any) -> ListMember:  # noqa: ANN401  a row, of whatever statement
    return ListMember(
        id=row.id,
        party=row.member_id,
        uuid=UUID(row.uuid),
        party_id=row.party_id,
        number=OrganizationNumber(row.orgno),
        since=utc(read_moment(row.since)),
    )


def list_members(
    reading: Reading, held: AccessList, *, after: int = 0, most: int | None = None
) -> list[ListMember]:
    """The members of a list after the one with id `after`, in the order they came."""
    rows = reading.connection.execute(
        select(
            _members.c.id,
            _members.c.member_id,
            _members.c.since,
            entities.c.uuid,
            entities.c.party_id,
            entities.c.orgno,
        )
        .join(entities, entities.c.id == _members.c.member_id)
        .where(_members.c.list_id == held.id, _members.c.ended_rev.is_(None), _members.c.id > after)
        .order_by(_members.c.id)
        .limit(most)
    )
    return [_member(row) for row in rows]


def list_member_ids(reading: Reading, held: AccessList) -> frozenset[int]:
    """The inner ids of those on a list."""
    rows = reading.connection.execute(
        select(_members.c.member_id).where(
            _members.c.list_id == held.id, _members.c.ended_rev.is_(None)
        )
    )
    return frozenset(rows.scalars())


def add_members(work: Work, held: AccessList, parties: Iterable[int]) -> None:
    """Put parties on a list; none of them is on it."""
    rows = [
        {
            "list_id": held.id,
            "member_id": party,
            "since": work.now,
            "began_rev": work.revision,
        }
        for party in parties
    ]
    if rows:
        work.connection.execute(insert(_members), rows)


def end_members(work: Work, held: AccessList, parties: Iterable[int]) -> None:
    """Take parties off a list."""
    for party in parties:
        work.connection.execute(
            update(_members)
            .where(
                _members.c.list_id == held.id,
                _members.c.member_id == party,
                _members.c.ended_rev.is_(None),
            )
            .values(ended_rev=work.revision)
        )


def read_actions(text: str | None) -> frozenset[str] | None:
    """The actions as the table holds them; none there means all."""
    return None if text is None else frozenset(json.loads(text))


def _written(actions: frozenset[str] | None) -> str | None:
    return None if actions is None else json.dumps(sorted(actions), ensure_ascii=False)


def _connection(row: Row[Any]) -> ListConnection:
    return ListConnection(
        id=row.id,
        list=row.list_id,
        resource_id=row.resource_id,
        resource=row.resource,
        actions=read_actions(row.action_filters),
        created_at=utc(read_moment(row.created_at)),
        updated_at=utc(read_moment(row.updated_at)),
    )


def _open_connections() -> Select[Any]:
    return (
        select(_connections, resources.c.identifier.label("resource"))
        .join(resources, resources.c.id == _connections.c.resource_id)
        .where(_connections.c.ended_rev.is_(None))
    )


def list_connections(
    reading: Reading, held: AccessList, *, after: int = 0, most: int | None = None
) -> list[ListConnection]:
    """What a list opens after the connection with id `after`, in the order it was connected."""
    rows = reading.connection.execute(
        _open_connections()
        .where(_connections.c.list_id == held.id, _connections.c.id > after)
        .order_by(_connections.c.id)
        .limit(most)
    )
    return [_connection(row) for row in rows]


def find_connection(reading: Reading, held: AccessList, identifier: str) -> ListConnection | None:
    """The connection of a list to one resource."""
    row = reading.connection.execute(
        _open_connections().where(
            _connections.c.list_id == held.id, resources.c.identifier == identifier
        )
    ).one_or_none()
    return None if row is None else _connection(row)


def list_connections_of_resource(reading: Reading, resource_id: int) -> list[ListConnection]:
    """The connections of every list to one resource."""
    rows = reading.connection.execute(
        _open_connections().where(_connections.c.resource_id == resource_id)
    )
    return [_connection(row) for row in rows]


def add_connection(
    work: Work,
    held: AccessList,
    resource_id: int,
    *,
    actions: frozenset[str] | None,
    before: ListConnection | None = None,
) -> None:
    """Let a list open a resource; `before` is the connection that this one takes the place of."""
    work.connection.execute(
        insert(_connections).values(
            list_id=held.id,
            resource_id=resource_id,
            action_filters=_written(actions),
            created_at=work.now if before is None else before.created_at,
            updated_at=work.now,
            began_rev=work.revision,
        )
    )


def end_connection(work: Work, connection: ListConnection) -> None:
    """Let a list no longer open a resource."""
    work.connection.execute(
        update(_connections)
        .where(_connections.c.id == connection.id)
        .values(ended_rev=work.revision)
    )


@cache
def admission_statement(column: str) -> Select[Any]:
    """Asks about the party whose `column` is `:party`, and resource `:resource`.

    One row for each list of the resource that the party is on, with the party's kind; one row
    without a list when there is none, and no row when there is no such party.
    """
    listed = _members.join(
        _connections,
        and_(
            _connections.c.list_id == _members.c.list_id,
            _connections.c.resource_id == bindparam("resource"),
            _connections.c.ended_rev.is_(None),
        ),
    ).join(_lists, and_(_lists.c.id == _members.c.list_id, _lists.c.ended_rev.is_(None)))
    return (
        select(
            entities.c.kind,
            _lists.c.owner_code,
            _lists.c.identifier,
            _connections.c.action_filters,
        )
        .select_from(
            entities.outerjoin(
                listed,
                and_(_members.c.member_id == entities.c.id, _members.c.ended_rev.is_(None)),
            )
        )
        .where(entities.c[column] == bindparam("party"))
        .order_by(_lists.c.owner_code, _lists.c.identifier)
    )


def list_lists_of_member(reading: Reading, party: int) -> list[tuple[str, str]]:
    """The lists that a party is on: each owner's code and the list's identifier, in order."""
    statement = (
        select(_lists.c.owner_code, _lists.c.identifier)
        .join(_members, _members.c.list_id == _lists.c.id)
        .where(
            _members.c.member_id == party,
            _members.c.ended_rev.is_(None),
            _lists.c.ended_rev.is_(None),
        )
        .order_by(_lists.c.owner_code, _lists.c.identifier)
    )
    return [(row.owner_code, row.identifier) for row in reading.connection.execute(statement)]


def list_memberships(
    reading: Reading, party: int, *, resource: str | None
) -> list[tuple[ListMember, ListConnection]]:
    """The lists that a party is on, each with each resource it opens, or the one asked for."""
    statement = (
        select(
            _members.c.id.label("membership"),
            _members.c.member_id,
            _members.c.since,
            entities.c.uuid,
            entities.c.party_id,
            entities.c.orgno,
            _connections,
            resources.c.identifier.label("resource"),
        )
        .select_from(_members)
        .join(entities, entities.c.id == _members.c.member_id)
        .join(_connections, _connections.c.list_id == _members.c.list_id)
        .join(resources, resources.c.id == _connections.c.resource_id)
        .where(
            _members.c.member_id == party,
            _members.c.ended_rev.is_(None),
            _connections.c.ended_rev.is_(None),
        )
        .order_by(resources.c.identifier, _connections.c.id)
    )
    if resource is not None:
        statement = statement.where(resources.c.identifier == resource)
    found = []
    for row in reading.connection.execute(statement):
        member = ListMember(
            id=row.membership,
            party=row.member_id,
            uuid=UUID(row.uuid),
            party_id=row.party_id,
            number=OrganizationNumber(row.orgno),
            since=utc(read_moment(row.since)),
        )
        found.append((member, _connection(row)))
    return found
