"""System users in the database."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, insert, select, update

from fullmakt.access.parties.model import Party
from fullmakt.access.parties.tables import entities
from fullmakt.foundation.storage.database import Reading, Work
from fullmakt.foundation.terms.moments import read_moment, utc
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.systems.system_register.model import RegisteredSystem
from fullmakt.systems.system_register.tables import system_clients, systems
from fullmakt.systems.system_users.model import (
    ChangedPage,
    ChangedSystemUser,
    FoundSystemUser,
    NewSystemUser,
    SystemUser,
    SystemUserKind,
)
from fullmakt.systems.system_users.tables import system_users


def find_system_user(reading: Reading, uuid: UUID) -> SystemUser | None:
    """The system user with this id, unless it is deleted."""
    return next(iter(_list(reading, system_users.c.uuid == str(uuid))), None)


def find_by_reference(
    reading: Reading, *, system_id: str, owner: str, external_ref: str
) -> SystemUser | None:
    """The system user of either kind that an organisation has for a system and a reference."""
    found = _list(
        reading,
        systems.c.system_id == system_id,
        entities.c.orgno == owner,
        system_users.c.external_ref == external_ref,
    )
    return next(iter(found), None)


def list_system_users_of(reading: Reading, owner: Party, kind: SystemUserKind) -> list[SystemUser]:
    """The owner's system users of one kind, in the order they were made."""
    return _list(reading, system_users.c.owner_id == owner.id, system_users.c.kind == kind.value)


def list_all_system_users(reading: Reading) -> list[SystemUser]:
    """Every system user, in the order they were made."""
    return _list(reading)


def list_by_system(
    reading: Reading, system: RegisteredSystem, *, first: int, most: int
) -> list[SystemUser]:
    """A system's users from the sequence number `first` on, at most `most`."""
    question = _question(
        system_users.c.system_id == system.key, system_users.c.sequence_no >= first
    )
    return [_system_user(row) for row in reading.connection.execute(question.limit(most))]


def add_system_user(
    work: Work, new: NewSystemUser, *, party: Party, owner: Party, system: RegisteredSystem
) -> None:
    """Write a new system user."""
    work.connection.execute(
        insert(system_users).values(
            entity_id=party.id,
            uuid=str(new.uuid),
            system_id=system.key,
            owner_id=owner.id,
            external_ref=new.external_ref,
            kind=new.kind.value,
            packages=json.dumps(list(new.packages)),
            resources=json.dumps(list(new.resources)),
            title=new.title,
            created=work.now,
            changed=work.now,
            sequence_no=_last_sequence_no(work) + 1,
            began_rev=work.revision,
        )
    )


def end_system_user(work: Work, uuid: UUID) -> None:
    """Close the row of a system user."""
    work.connection.execute(
        update(system_users)
        .where(system_users.c.uuid == str(uuid), system_users.c.ended_rev.is_(None))
        .values(ended_rev=work.revision, changed=work.now, sequence_no=_last_sequence_no(work) + 1)
    )


def replace_title(work: Work, uuid: UUID, title: str) -> None:
    """Give a system user another title."""
    work.connection.execute(
        update(system_users)
        .where(system_users.c.uuid == str(uuid), system_users.c.ended_rev.is_(None))
        .values(title=title, changed=work.now, sequence_no=_last_sequence_no(work) + 1)
    )


def list_changed(reading: Reading, *, after: int, most: int) -> ChangedPage:
    """Every system user that was changed after a sequence number, deleted ones too.

    INVARIANT: changes of authority are made one at a time, so no lower number is committed later.
    """
    question = (
        select(system_users, entities.c.orgno, entities.c.party_id)
        .join(entities, entities.c.id == system_users.c.owner_id)
        .where(system_users.c.sequence_no > after)
        .order_by(system_users.c.sequence_no)
        .limit(most)
    )
    found = tuple(_changed(row) for row in reading.connection.execute(question))
    return ChangedPage(found, _last_sequence_no(reading))


def find_changed(reading: Reading, uuid: UUID) -> ChangedSystemUser | None:
    """A system user as the synchronization shows it, unless it is deleted."""
    question = (
        select(system_users, entities.c.orgno, entities.c.party_id)
        .join(entities, entities.c.id == system_users.c.owner_id)
        .where(system_users.c.uuid == str(uuid), system_users.c.ended_rev.is_(None))
    )
    row = reading.connection.execute(question).one_or_none()
    return None if row is None else _changed(row)


def _last_sequence_no(reading: Reading) -> int:
    return reading.connection.scalar(select(func.max(system_users.c.sequence_no))) or 0


def external_id_statement() -> Select[Any]:
    """Asks for the system user that a client may have a token for.

    SPEED: one statement, asked for every token (benchmarks/issue_token.py).
    """
    return (
        select(
            system_users.c.uuid,
            systems.c.system_id,
            system_users.c.kind,
            system_users.c.title,
            system_users.c.created,
        )
        .select_from(entities)
        .join(system_users, system_users.c.owner_id == entities.c.id)
        .join(systems, systems.c.id == system_users.c.system_id)
        .join(system_clients, system_clients.c.system_id == systems.c.id)
        .where(
            entities.c.orgno == bindparam("owner"),
            system_users.c.external_ref == bindparam("external_ref"),
            system_users.c.ended_rev.is_(None),
            systems.c.vendor == bindparam("vendor"),
            ~systems.c.is_deleted,
            system_clients.c.client_id == bindparam("client_id"),
            system_clients.c.ended_rev.is_(None),
        )
        .order_by(system_users.c.id)
    )


def read_found(row: tuple[Any, ...]) -> FoundSystemUser:
    """One row of the answer to `external_id_statement`."""
    uuid, system_id, kind, title, created = row
    return FoundSystemUser(
        UUID(uuid), system_id, SystemUserKind(kind), title, utc(read_moment(created))
    )


def _question(*conditions: ColumnElement[bool]) -> Select[Any]:
    return (
        select(
            system_users,
            entities.c.orgno,
            entities.c.party_id,
            systems.c.system_id.label("system"),
            systems.c.internal_id,
            systems.c.vendor,
        )
        .join(entities, entities.c.id == system_users.c.owner_id)
        .join(systems, systems.c.id == system_users.c.system_id)
        .where(system_users.c.ended_rev.is_(None), *conditions)
        .order_by(system_users.c.sequence_no)
    )


def _list(reading: Reading, *conditions: ColumnElement[bool]) -> list[SystemUser]:
    return [_system_user(row) for row in reading.connection.execute(_question(*conditions))]


def _changed(row: Row[Any]) -> ChangedSystemUser:
    return ChangedSystemUser(
        uuid=UUID(row.uuid),
        kind=SystemUserKind(row.kind),
        title=row.title,
        owner=OrganizationNumber(row.orgno),
        owner_party_id=row.party_id,
        is_deleted=row.ended_rev is not None,
        created=utc(row.created),
        changed=utc(row.changed),
        sequence_no=row.sequence_no,
    )


def _system_user(row: Row[Any]) -> SystemUser:
    return SystemUser(
        uuid=UUID(row.uuid),
        kind=SystemUserKind(row.kind),
        title=row.title,
        external_ref=row.external_ref,
        owner=OrganizationNumber(row.orgno),
        owner_party_id=row.party_id,
        system_id=row.system,
        system_internal_id=UUID(row.internal_id),
        vendor=OrganizationNumber(row.vendor),
        packages=tuple(json.loads(row.packages)),
        resources=tuple(json.loads(row.resources)),
        created=utc(row.created),
        sequence_no=row.sequence_no,
    )
