"""Parties and assignments in the database."""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import insert, or_, select, update

from fullmakt.access.parties.model import (
    Assignment,
    NewOrganization,
    NewPerson,
    Party,
    PartyKind,
    RoleHeld,
    SystemUserVariant,
)
from fullmakt.access.parties.rules import run_together
from fullmakt.access.parties.tables import assignments, entities
from fullmakt.foundation.terms.moments import utc
from fullmakt.foundation.terms.numbers import OrganizationNumber, PersonNumber

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row, Select

    from fullmakt.foundation.storage.database import Reading, Work


def folded(name: str) -> str:
    """`name` as it is searched: letters folded, accents kept apart from their letter, one space."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _party(row: Row[Any]) -> Party:
    return Party(
        id=row.id,
        uuid=UUID(row.uuid),
        party_id=row.party_id or 0,
        kind=PartyKind(row.kind),
        name=row.name,
        form=row.form,
        number=OrganizationNumber(row.orgno) if row.orgno else None,
        person_number=PersonNumber(row.personno) if row.personno else None,
        user_id=row.user_id,
        parent_id=row.parent_id,
        owner_id=row.owner_id,
        deleted_at=utc(row.deleted_at) if row.deleted_at else None,
        bankrupt_at=utc(row.bankrupt_at) if row.bankrupt_at else None,
        details=json.loads(row.details),
    )


def _find(reading: Reading, condition: ColumnElement[bool]) -> Party | None:
    row = reading.connection.execute(select(entities).where(condition)).one_or_none()
    return None if row is None else _party(row)


def find_by_uuid(reading: Reading, uuid: UUID) -> Party | None:
    """The party with this UUID."""
    return _find(reading, entities.c.uuid == str(uuid))


def find_by_party_id(reading: Reading, party_id: int) -> Party | None:
    """The party with this party id."""
    return _find(reading, entities.c.party_id == party_id)


def find_by_number(reading: Reading, number: OrganizationNumber) -> Party | None:
    """The organisation with this number."""
    return _find(reading, entities.c.orgno == number.digits)


def find_by_person_number(reading: Reading, number: PersonNumber) -> Party | None:
    """The person with this identity number."""
    return _find(reading, entities.c.personno == number.digits)


def find_by_user_id(reading: Reading, user_id: int) -> Party | None:
    """The person with this user id."""
    return _find(reading, entities.c.user_id == user_id)


def get_by_inner_id(reading: Reading, inner_id: int) -> Party:
    """The party with this inner id, which is known to exist."""
    return _party(
        reading.connection.execute(select(entities).where(entities.c.id == inner_id)).one()
    )


def list_parties(reading: Reading, kind: PartyKind) -> list[Party]:
    """Every party of one kind, in the order they were registered."""
    statement = select(entities).where(entities.c.kind == kind.value).order_by(entities.c.id)
    return [_party(row) for row in reading.connection.execute(statement)]


def list_service_owners(reading: Reading, code: str | None = None) -> list[Party]:
    """The organisations with a service owner's code, or with this one, as they were registered."""
    held = entities.c.service_owner_code
    wanted = held.is_not(None) if code is None else held == code
    statement = select(entities).where(wanted).order_by(entities.c.id)
    return [_party(row) for row in reading.connection.execute(statement)]


def list_owned(reading: Reading, owner_id: int, *, most: int, after: int) -> list[Party]:
    """The system users that an organisation owns and has not deleted: `most` past `after`."""
    statement = (
        select(entities)
        .where(
            entities.c.owner_id == owner_id,
            entities.c.deleted_at.is_(None),
            entities.c.id > after,
        )
        .order_by(entities.c.id)
        .limit(most)
    )
    return [_party(row) for row in reading.connection.execute(statement)]


def list_named(reading: Reading, kind: PartyKind, name: str, *, most: int) -> list[Party]:
    """The parties of one kind that have this name, in any case of letters."""
    statement = (
        select(entities)
        .where(entities.c.name_folded == folded(name), entities.c.kind == kind.value)
        .order_by(entities.c.id)
        .limit(most)
    )
    return [_party(row) for row in reading.connection.execute(statement)]


def list_after(
    reading: Reading, inner_id: int, *, most: int, kind: PartyKind | None
) -> list[Party]:
    """At most `most` parties (None: of any kind) past an inner id, in its order."""
    statement = select(entities).where(entities.c.id > inner_id).order_by(entities.c.id)
    if kind is not None:
        statement = statement.where(entities.c.kind == kind.value)
    return [_party(row) for row in reading.connection.execute(statement.limit(most))]


def list_sub_units(reading: Reading, parent: Party) -> list[Party]:
    """The sub-units of `parent`."""
    statement = select(entities).where(entities.c.parent_id == parent.id).order_by(entities.c.id)
    return [_party(row) for row in reading.connection.execute(statement)]


def find_clash(reading: Reading, new: NewOrganization | NewPerson) -> Party | None:
    """A party that has the number, UUID, party id or user id of `new` already."""
    number = (
        entities.c.orgno == new.number.digits
        if isinstance(new, NewOrganization)
        else or_(entities.c.personno == new.number.digits, entities.c.user_id == new.user_id)
    )
    condition = or_(number, entities.c.uuid == str(new.uuid), entities.c.party_id == new.party_id)
    row = reading.connection.execute(select(entities).where(condition).limit(1)).one_or_none()
    return None if row is None else _party(row)


def _add(work: Work, values: Mapping[str, object]) -> Party:
    result = work.connection.execute(insert(entities).values(values).returning(entities))
    return _party(result.one())


def add_organization(work: Work, new: NewOrganization, *, parent: Party | None) -> Party:
    """Register an organisation."""
    return _add(
        work,
        {
            "uuid": str(new.uuid),
            "kind": PartyKind.ORGANIZATION.value,
            "form": new.form,
            "orgno": new.number.digits,
            "party_id": new.party_id,
            "parent_id": None if parent is None else parent.id,
            "name": new.name,
            "name_folded": folded(new.name),
            "name_searched": run_together(new.name),
            "service_owner_code": new.service_owner_code,
            "deleted_at": new.deleted_at,
            "bankrupt_at": new.bankrupt_at,
            "details": json.dumps(new.details, ensure_ascii=False),
        },
    )


def add_person(work: Work, new: NewPerson) -> Party:
    """Register a person."""
    details = {"firstName": new.first_name, "lastName": new.last_name, **new.details}
    return _add(
        work,
        {
            "uuid": str(new.uuid),
            "kind": PartyKind.PERSON.value,
            "form": "Person",
            "personno": new.number.digits,
            "party_id": new.party_id,
            "user_id": new.user_id,
            "name": new.name,
            "name_folded": folded(new.name),
            "name_searched": run_together(new.name),
            "details": json.dumps(details, ensure_ascii=False),
        },
    )


def replace_name(work: Work, party: Party, name: str) -> None:
    """Give a party another name."""
    work.connection.execute(
        update(entities)
        .where(entities.c.id == party.id)
        .values(name=name, name_folded=folded(name), name_searched=run_together(name))
    )


def add_system_user(
    work: Work, *, uuid: UUID, owner: Party, variant: SystemUserVariant, name: str
) -> Party:
    """Register a system user as a party."""
    return _add(
        work,
        {
            "uuid": str(uuid),
            "kind": PartyKind.SYSTEM_USER.value,
            "form": variant.value,
            "owner_id": owner.id,
            "name": name,
            "name_folded": folded(name),
            "name_searched": run_together(name),
            "details": "{}",
        },
    )


def set_status(
    work: Work, party: Party, *, deleted_at: datetime | None, bankrupt_at: datetime | None
) -> Party:
    """Write when a party was deleted and went bankrupt; None for what it did not."""
    statement = update(entities).where(entities.c.id == party.id)
    values = {"deleted_at": deleted_at, "bankrupt_at": bankrupt_at}
    return _party(work.connection.execute(statement.values(values).returning(entities)).one())


def _assignment(row: Row[Any]) -> Assignment:
    return Assignment(row.id, row.from_id, row.to_id, row.role, row.began_rev, row.ended_rev)


def find_assignment(reading: Reading, giver: Party, holder: Party, role: str) -> Assignment | None:
    """The open assignment of `role` from `giver` to `holder`."""
    row = reading.connection.execute(
        select(assignments).where(
            assignments.c.from_id == giver.id,
            assignments.c.to_id == holder.id,
            assignments.c.role == role,
            assignments.c.ended_rev.is_(None),
        )
    ).one_or_none()
    return None if row is None else _assignment(row)


def add_assignment(work: Work, giver: Party, holder: Party, role: str) -> Assignment:
    """Open an assignment."""
    result = work.connection.execute(
        insert(assignments)
        .values(from_id=giver.id, to_id=holder.id, role=role, began_rev=work.revision)
        .returning(assignments)
    )
    return _assignment(result.one())


def end_assignment(work: Work, assignment: Assignment) -> None:
    """Close an open assignment."""
    work.connection.execute(
        update(assignments)
        .where(assignments.c.id == assignment.id, assignments.c.ended_rev.is_(None))
        .values(ended_rev=work.revision)
    )


def list_assignments_to(reading: Reading, holder: Party) -> list[Assignment]:
    """The open assignments that `holder` has."""
    return _list_assignments(reading, assignments.c.to_id == holder.id)


def _list_assignments(reading: Reading, condition: ColumnElement[bool]) -> list[Assignment]:
    rows = reading.connection.execute(
        select(assignments)
        .where(condition, assignments.c.ended_rev.is_(None))
        .order_by(assignments.c.id)
    )
    return [_assignment(row) for row in rows]


def list_roles(
    reading: Reading, *, giver: Party | None = None, holder: Party | None = None
) -> list[RoleHeld]:
    """The open assignments of `giver`, of `holder`, or of everybody, with both parties."""
    conditions: list[ColumnElement[bool]] = [assignments.c.ended_rev.is_(None)]
    if giver is not None:
        conditions.append(assignments.c.from_id == giver.id)
    if holder is not None:
        conditions.append(assignments.c.to_id == holder.id)
    statement = select(assignments).where(*conditions).order_by(assignments.c.id)
    found = [_assignment(row) for row in reading.connection.execute(statement)]
    wanted = {each.giver for each in found} | {each.holder for each in found}
    parties = _by_inner_id(reading, wanted)
    return [RoleHeld(each, parties[each.giver], parties[each.holder]) for each in found]


def list_roles_from(reading: Reading, givers: Sequence[int], *, holder: Party) -> list[RoleHeld]:
    """The open assignments that some parties (at most 500 inner ids) gave `holder`."""
    statement = (
        select(assignments)
        .where(
            assignments.c.to_id == holder.id,
            assignments.c.from_id.in_(givers),
            assignments.c.ended_rev.is_(None),
        )
        .order_by(assignments.c.id)
    )
    found = [_assignment(row) for row in reading.connection.execute(statement)]
    parties = _by_inner_id(reading, {each.giver for each in found})
    return [RoleHeld(each, parties[each.giver], holder) for each in found]


def list_by_names(
    reading: Reading, *, uuids: Sequence[UUID], numbers: Sequence[OrganizationNumber]
) -> list[Party]:
    """The parties with these ids, and those with these numbers; at most 500 of each."""
    named = or_(
        entities.c.uuid.in_([str(uuid) for uuid in uuids]),
        entities.c.orgno.in_([number.digits for number in numbers]),
    )
    return [_party(row) for row in reading.connection.execute(select(entities).where(named))]


def _by_inner_id(reading: Reading, wanted: set[int]) -> dict[int, Party]:
    parties: dict[int, Party] = {}
    ordered = sorted(wanted)
    for start in range(0, len(ordered), 500):
        chunk = ordered[start : start + 500]
        rows = reading.connection.execute(select(entities).where(entities.c.id.in_(chunk)))
        parties.update({row.id: _party(row) for row in rows})
    return parties


def list_by_inner_ids(reading: Reading, wanted: set[int]) -> dict[int, Party]:
    """The parties with these inner ids, by inner id."""
    return _by_inner_id(reading, wanted)


def list_selected(reading: Reading, statement: Select[Any]) -> Iterator[Party]:
    """The parties that a statement over `entities` selects, read as they are asked for."""
    for row in reading.connection.execute(statement.execution_options(yield_per=500)):
        yield _party(row)
