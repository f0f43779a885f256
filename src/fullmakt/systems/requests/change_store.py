"""Change requests in the database."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, insert, select, update

from fullmakt.foundation.storage.database import Reading, Work
from fullmakt.foundation.terms.moments import utc
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.systems.requests.change_model import ChangePage, ChangeRequest, Difference
from fullmakt.systems.requests.model import Answered, Reference, Status
from fullmakt.systems.requests.store import read_right, write_right
from fullmakt.systems.requests.tables import change_requests
from fullmakt.systems.system_register.model import RegisteredSystem
from fullmakt.systems.system_register.tables import systems


def find_change(reading: Reading, uuid: UUID) -> ChangeRequest | None:
    """The change request with this id, unless it is deleted."""
    row = reading.connection.execute(_question(change_requests.c.uuid == str(uuid))).one_or_none()
    return None if row is None else _change(row)


def is_used(reading: Reading, uuid: UUID) -> bool:
    """Whether a change request has or had this id."""
    question = select(change_requests.c.id).where(change_requests.c.uuid == str(uuid))
    return reading.connection.scalar(question) is not None


def find_newest_by_reference(reading: Reading, reference: Reference) -> ChangeRequest | None:
    """The newest change request for the system user with this reference."""
    question = _question(
        systems.c.system_id == reference.system_id,
        change_requests.c.party == reference.party,
        change_requests.c.external_ref == reference.external_ref,
    ).order_by(change_requests.c.id.desc())
    row = reading.connection.execute(question.limit(1)).one_or_none()
    return None if row is None else _change(row)


def list_changes_by_system(
    reading: Reading, system: RegisteredSystem, *, first: UUID, most: int
) -> ChangePage:
    """A system's change requests in order of id from `first` on, at most `most`."""
    question = _question(
        change_requests.c.system_id == system.key, change_requests.c.uuid >= str(first)
    ).order_by(change_requests.c.uuid)
    found = [_change(row) for row in reading.connection.execute(question.limit(most + 1))]
    following = found[most].uuid if len(found) > most else None
    return ChangePage(tuple(found[:most]), following)


def add_change(work: Work, change: ChangeRequest, *, system: RegisteredSystem) -> None:
    """Write a new change request."""
    difference = change.difference
    work.connection.execute(
        insert(change_requests).values(
            uuid=str(change.uuid),
            system_user=str(change.system_user),
            system_id=system.key,
            party=change.party.digits,
            external_ref=change.external_ref,
            difference=json.dumps(
                {
                    "requiredRights": [write_right(each) for each in difference.required_rights],
                    "unwantedRights": [write_right(each) for each in difference.unwanted_rights],
                    "requiredPackages": list(difference.required_packages),
                    "unwantedPackages": list(difference.unwanted_packages),
                }
            ),
            redirect_url=change.redirect_url,
            status=change.status.value,
            version=change.version,
            created=change.created,
            began_rev=work.revision,
        )
    )


def replace_change(work: Work, change: ChangeRequest) -> None:
    """Write the answer of `change` over the version before it."""
    answered = change.answered
    changed = work.connection.execute(
        update(change_requests)
        .where(
            change_requests.c.uuid == str(change.uuid),
            change_requests.c.version == change.version - 1,
            change_requests.c.ended_rev.is_(None),
        )
        .values(
            status=change.status.value,
            version=change.version,
            answered_by=None if answered is None else str(answered.by),
            answered_at=None if answered is None else answered.at,
        )
    )
    # INVARIANT: it was read in this unit of work, which holds the world's row.
    assert changed.rowcount == 1, "a change request changed under the work that read it"


def end_change(work: Work, change: ChangeRequest) -> None:
    """Delete `change`."""
    work.connection.execute(
        update(change_requests)
        .where(change_requests.c.uuid == str(change.uuid), change_requests.c.ended_rev.is_(None))
        .values(ended_rev=work.revision)
    )


def _question(*conditions: ColumnElement[bool]) -> Select[Any]:
    return (
        select(change_requests, systems.c.system_id.label("system"), systems.c.vendor)
        .join(systems, systems.c.id == change_requests.c.system_id)
        .where(change_requests.c.ended_rev.is_(None), *conditions)
    )


def _change(row: Row[Any]) -> ChangeRequest:
    answered = Answered(UUID(row.answered_by), utc(row.answered_at)) if row.answered_by else None
    return ChangeRequest(
        uuid=UUID(row.uuid),
        system_user=UUID(row.system_user),
        external_ref=row.external_ref,
        system_id=row.system,
        vendor=OrganizationNumber(row.vendor),
        party=OrganizationNumber(row.party),
        difference=_difference(json.loads(row.difference)),
        redirect_url=row.redirect_url,
        status=Status(row.status),
        created=utc(row.created),
        version=row.version,
        answered=answered,
    )


def _difference(facts: dict[str, Any]) -> Difference:
    return Difference(
        required_rights=tuple(read_right(each) for each in facts["requiredRights"]),
        unwanted_rights=tuple(read_right(each) for each in facts["unwantedRights"]),
        required_packages=tuple(facts["requiredPackages"]),
        unwanted_packages=tuple(facts["unwantedPackages"]),
    )
