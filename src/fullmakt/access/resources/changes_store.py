"""What others follow the registry by: who a policy names, and what changed when, in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, tuple_, update

from fullmakt.access.resources.model import ResourceChange, SubjectChange
from fullmakt.access.resources.tables import policy_subjects, resource_changes
from fullmakt.foundation.terms.moments import read_moment, utc

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row

    from fullmakt.foundation.storage.database import Reading, Work

_AT_ONCE = 500


def add_change(work: Work, identifier: str) -> None:
    """Note that a resource, or its policy, is another from now on."""
    work.connection.execute(insert(resource_changes).values(identifier=identifier, at=work.now))


def list_changes(reading: Reading, *, after: int, most: int) -> list[ResourceChange]:
    """The changes after the one with id `after`, in order."""
    rows = reading.connection.execute(
        select(resource_changes)
        .where(resource_changes.c.id > after)
        .order_by(resource_changes.c.id)
        .limit(most)
    )
    return [ResourceChange(row.id, row.identifier, utc(read_moment(row.at))) for row in rows]


def replace_subjects(work: Work, identifier: str, named: Mapping[str, tuple[str, str]]) -> None:
    """Let `named` be the subjects of a resource from now on: URN to attribute id and value."""
    standing = {
        row.urn: row.is_deleted
        for row in work.connection.execute(
            select(policy_subjects.c.urn, policy_subjects.c.is_deleted).where(
                policy_subjects.c.identifier == identifier
            )
        )
    }
    now: dict[str, object] = {"at": work.now, "revision": work.revision}
    new = [
        {"identifier": identifier, "urn": urn, "attribute": attribute, "value": value, **now}
        for urn, (attribute, value) in named.items()
        if urn not in standing
    ]
    if new:
        work.connection.execute(
            insert(policy_subjects), [{**row, "is_deleted": False} for row in new]
        )
    returned = [urn for urn in named if standing.get(urn)]
    _mark(work, identifier, returned, {**now, "is_deleted": False})
    gone = [urn for urn, is_deleted in standing.items() if urn not in named and not is_deleted]
    _mark(work, identifier, gone, {**now, "is_deleted": True})


def _mark(work: Work, identifier: str, urns: Sequence[str], values: Mapping[str, object]) -> None:
    for first in range(0, len(urns), _AT_ONCE):
        work.connection.execute(
            update(policy_subjects)
            .where(
                policy_subjects.c.identifier == identifier,
                policy_subjects.c.urn.in_(urns[first : first + _AT_ONCE]),
            )
            .values(**values)
        )


def list_subject_changes(
    reading: Reading,
    *,
    since: datetime | None,
    after: tuple[int, str, str] | None,
    most: int,
) -> list[SubjectChange]:
    """The latest change of each resource and subject, in order of revision, resource and URN.

    Those later than `since`, and after the place `after` in that order.
    """
    place = (policy_subjects.c.revision, policy_subjects.c.identifier, policy_subjects.c.urn)
    wanted = select(policy_subjects).order_by(*place).limit(most)
    if since is not None:
        wanted = wanted.where(policy_subjects.c.at > since)
    if after is not None:
        wanted = wanted.where(tuple_(*place) > tuple_(*after))
    return [_subject(row) for row in reading.connection.execute(wanted)]


def list_named(reading: Reading, urns: Iterable[str]) -> list[SubjectChange]:
    """Each resource whose policy names one of the subjects, in order of subject and resource."""
    wanted, found = list(urns), []
    for first in range(0, len(wanted), _AT_ONCE):
        rows = reading.connection.execute(
            select(policy_subjects)
            .where(
                policy_subjects.c.urn.in_(wanted[first : first + _AT_ONCE]),
                policy_subjects.c.is_deleted.is_(False),
            )
            .order_by(policy_subjects.c.urn, policy_subjects.c.identifier)
        )
        found += [_subject(row) for row in rows]
    return found


def _subject(row: Row[Any]) -> SubjectChange:
    return SubjectChange(
        identifier=row.identifier,
        subject_urn=row.urn,
        attribute_id=row.attribute,
        value=row.value,
        at=utc(read_moment(row.at)),
        revision=row.revision,
        is_deleted=row.is_deleted,
    )
