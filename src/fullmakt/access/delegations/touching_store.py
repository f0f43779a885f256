"""Pages of those who gave something, from the index of open assignments, in order of inner id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, or_, select, union

from fullmakt.access.delegations.standing_parts_store import ENTERPRISE
from fullmakt.access.delegations.tables import grants, links
from fullmakt.access.parties.model import OWNER, RIGHT_HOLDER
from fullmakt.access.parties.tables import assignments, entities

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import ColumnElement, CompoundSelect, Select

    from fullmakt.access.delegations.pages import Page
    from fullmakt.foundation.storage.database import Reading

AT_ONCE = 400
"""How many parties are named in one statement."""


def list_givers_of(
    reading: Reading,
    *,
    roles: Collection[str],
    packages: Collection[str],
    resource: str | None,
    form: str | None,
    page: Page,
    among: Sequence[int] | None = None,
) -> list[int]:
    """A page of those who gave a role, or a package or a right to the resource singly.

    `form`: those of that form alone. `among`: those of these parties alone.
    """
    singly: list[ColumnElement[bool]] = []
    if packages:
        singly.append(grants.c.package.in_(sorted(packages)))
    if resource is not None:
        singly.append(grants.c.resource == resource)
    ways: list[ColumnElement[bool]] = []
    if roles:
        ways.append(assignments.c.role.in_(sorted(roles)))
    if singly:
        given = exists().where(
            grants.c.assignment_id == assignments.c.id, grants.c.ended_rev.is_(None), or_(*singly)
        )
        ways.append(and_(assignments.c.role == RIGHT_HOLDER, given))
    wanted = select(assignments.c.from_id).distinct().where(or_(*ways))
    if form is not None:
        wanted = wanted.join(entities, entities.c.id == assignments.c.from_id)
        wanted = wanted.where(entities.c.form == form)
    return _read_givers(reading, wanted, page, among)


def list_givers_to(
    reading: Reading,
    holder: int,
    units: Sequence[int],
    *,
    page: Page,
    among: Sequence[int] | None = None,
) -> list[int]:
    """A page of those who gave a holder anything, or one of its sub-units something singly."""
    given = select(assignments.c.from_id).distinct()
    found = set(_read_givers(reading, given.where(assignments.c.to_id == holder), page, among))
    singly = given.where(assignments.c.role == RIGHT_HOLDER)
    for start in range(0, len(units), AT_ONCE):
        to_unit = singly.where(assignments.c.to_id.in_(units[start : start + AT_ONCE]))
        found.update(_read_givers(reading, to_unit, page, among))
    return sorted(found)[: page.most]


def _read_givers(
    reading: Reading, wanted: Select[Any], page: Page, among: Sequence[int] | None
) -> list[int]:
    giver = assignments.c.from_id
    wanted = wanted.where(assignments.c.ended_rev.is_(None), giver > page.after)
    if among is not None:
        wanted = wanted.where(giver.in_(among))
    return list(reading.connection.execute(wanted.order_by(giver).limit(page.most)).scalars())


def list_clients_of(
    reading: Reading, agent: int, *, page: Page, among: Sequence[int] | None = None
) -> list[int]:
    """A page of the clients that an agent is linked to."""
    client = links.c.client_id
    wanted = select(client).distinct().where(links.c.agent_id == agent, client > page.after)
    if among is not None:
        wanted = wanted.where(client.in_(among))
    wanted = wanted.where(links.c.ended_rev.is_(None)).order_by(client).limit(page.most)
    return list(reading.connection.execute(wanted).scalars())


def list_behind(reading: Reading, givers: Sequence[int]) -> list[tuple[int, int]]:
    """Givers (at most a page) with their sub-units, and with those who own them as enterprises."""
    units = select(entities.c.parent_id, entities.c.id).where(entities.c.parent_id.in_(givers))
    return _pairs(reading, union(units, _owners().where(assignments.c.from_id.in_(givers))))


def list_in_front(reading: Reading, parties: Sequence[int]) -> list[tuple[int, int]]:
    """As `list_behind`, for those behind: main units and enterprises, each with the party."""
    found: list[tuple[int, int]] = []
    for start in range(0, len(parties), AT_ONCE):
        asked = parties[start : start + AT_ONCE]
        units = select(entities.c.parent_id, entities.c.id).where(
            entities.c.id.in_(asked), entities.c.parent_id.is_not(None)
        )
        found += _pairs(reading, union(units, _owners().where(assignments.c.to_id.in_(asked))))
    return found


def _owners() -> Select[Any]:
    """Each enterprise with its owner."""
    enterprise = entities.alias("enterprise")
    return (
        select(assignments.c.from_id, assignments.c.to_id)
        .join(enterprise, enterprise.c.id == assignments.c.from_id)
        .where(
            assignments.c.role == OWNER,
            assignments.c.ended_rev.is_(None),
            enterprise.c.form == ENTERPRISE,
        )
    )


def _pairs(reading: Reading, statement: CompoundSelect[Any]) -> list[tuple[int, int]]:
    return [(row[0], row[1]) for row in reading.connection.execute(statement)]
