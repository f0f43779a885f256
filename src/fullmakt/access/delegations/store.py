"""Grants and client links in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from fullmakt.access.delegations.model import Fact, Grant, Link, Right
from fullmakt.access.delegations.tables import grants, links
from fullmakt.access.parties.tables import assignments

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement, Row

    from fullmakt.access.delegations.model import Carried
    from fullmakt.access.parties.model import Assignment, Party
    from fullmakt.foundation.storage.database import Reading, Work

_MOST_IDS = 500


def _grant(row: Row[Any]) -> Grant:
    right = Right(row.resource, row.action) if row.resource else None
    return Grant(row.id, row.assignment_id, row.package, right, row.began_rev, row.ended_rev)


def read_link(row: Row[Any]) -> Link:
    """The link in a row."""
    return Link(
        id=row.id,
        agent=row.agent_id,
        client=row.client_id,
        carries=row.package or Right(row.resource, row.action),
        basis_assignment=row.basis_assignment_id,
        basis_grant=row.basis_grant_id,
        began=row.began_rev,
        ended=row.ended_rev,
    )


def list_grants(reading: Reading, assignment: Assignment) -> list[Grant]:
    """The open grants on one assignment."""
    return _list_grants(reading, grants.c.assignment_id == assignment.id)


def list_grants_on(reading: Reading, inner_ids: Sequence[int]) -> list[Grant]:
    """The open grants on some assignments (at most 1 000 inner ids)."""
    return _list_grants(reading, grants.c.assignment_id.in_(inner_ids)) if inner_ids else []


def list_grants_to(reading: Reading, holder: Party, role: str) -> list[Grant]:
    """The open grants on the open assignments of `role` that `holder` has."""
    held = select(assignments.c.id).where(
        assignments.c.to_id == holder.id,
        assignments.c.role == role,
        assignments.c.ended_rev.is_(None),
    )
    return _list_grants(reading, grants.c.assignment_id.in_(held))


def list_all_grants(reading: Reading) -> list[Grant]:
    """Every open grant on an open assignment, in the order they were given."""
    is_open = select(assignments.c.id).where(assignments.c.ended_rev.is_(None))
    return _list_grants(reading, grants.c.assignment_id.in_(is_open))


def _list_grants(reading: Reading, condition: ColumnElement[bool]) -> list[Grant]:
    rows = reading.connection.execute(
        select(grants).where(condition, grants.c.ended_rev.is_(None)).order_by(grants.c.id)
    )
    return [_grant(row) for row in rows]


def list_givers(reading: Reading, ids: Iterable[int]) -> dict[int, int]:
    """Who gave each of these grants, by inner ids."""
    rows = reading.connection.execute(
        select(grants.c.id, grants.c.given_by_id).where(grants.c.id.in_(list(ids)))
    )
    return {row.id: row.given_by_id for row in rows}


def add_package(work: Work, assignment: Assignment, package: str, *, given_by: Party) -> Grant:
    """Give a package on an assignment."""
    return _add_grant(work, assignment, given_by, package=package)


def add_right(work: Work, assignment: Assignment, right: Right, *, given_by: Party) -> Grant:
    """Give a single right on an assignment."""
    return _add_grant(work, assignment, given_by, resource=right.resource, action=right.action)


def _add_grant(work: Work, assignment: Assignment, given_by: Party, **what: str) -> Grant:
    result = work.connection.execute(
        insert(grants)
        .values(
            assignment_id=assignment.id,
            given_by_id=given_by.id,
            began_rev=work.revision,
            **what,
        )
        .returning(grants)
    )
    return _grant(result.one())


def end_grant(work: Work, grant: Grant) -> None:
    """Close an open grant."""
    work.connection.execute(
        update(grants)
        .where(grants.c.id == grant.id, grants.c.ended_rev.is_(None))
        .values(ended_rev=work.revision)
    )


def list_links(
    reading: Reading, *, agent: Party | None = None, client: Party | None = None
) -> list[Link]:
    """The open links of an agent, of a client, or of both.

    Whether the basis stands is not asked.
    """
    conditions: list[ColumnElement[bool]] = [links.c.ended_rev.is_(None)]
    if agent is not None:
        conditions.append(links.c.agent_id == agent.id)
    if client is not None:
        conditions.append(links.c.client_id == client.id)
    rows = reading.connection.execute(select(links).where(*conditions).order_by(links.c.id))
    return [read_link(row) for row in rows]


def list_links_on(reading: Reading, basis: Assignment) -> list[Link]:
    """The open links that rest on an assignment."""
    rows = reading.connection.execute(
        select(links)
        .where(links.c.basis_assignment_id == basis.id, links.c.ended_rev.is_(None))
        .order_by(links.c.id)
    )
    return [read_link(row) for row in rows]


def find_beginning(reading: Reading, fact: Fact, inner_id: int) -> int | None:
    """The revision that opened a row."""
    table = _TABLES[fact]
    found = reading.connection.scalar(select(table.c.began_rev).where(table.c.id == inner_id))
    return None if found is None else int(found)


_TABLES = {Fact.ASSIGNMENT: assignments, Fact.GRANT: grants, Fact.LINK: links}


def find_last_ended_link(reading: Reading, agent: int, client: int) -> Link | None:
    """The link between the two that was removed last."""
    row = reading.connection.execute(
        select(links)
        .where(
            links.c.agent_id == agent, links.c.client_id == client, links.c.ended_rev.is_not(None)
        )
        .order_by(links.c.ended_rev.desc(), links.c.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else read_link(row)


def list_links_to(reading: Reading, agent: Party, clients: Sequence[int]) -> list[Link]:
    """As `list_links`, of an agent with some clients (at most 500 inner ids)."""
    rows = reading.connection.execute(
        select(links)
        .where(
            links.c.agent_id == agent.id,
            links.c.client_id.in_(clients),
            links.c.ended_rev.is_(None),
        )
        .order_by(links.c.id)
    )
    return [read_link(row) for row in rows]


def add_link(
    work: Work,
    *,
    agent: Party,
    client: Party,
    carries: Carried,
    basis_assignment: int,
    basis_grant: int | None,
) -> Link:
    """Link a client to an agent with one package or single right, on a basis."""
    (link,) = add_links(work, agent, [(client.id, carries, (basis_assignment, basis_grant))])
    return link


def add_links(
    work: Work, agent: Party, wanted: Sequence[tuple[int, Carried, tuple[int, int | None]]]
) -> list[Link]:
    """As `add_link`, for many: each is a client's inner id, what to carry, and the basis."""
    rows = [
        {
            "agent_id": agent.id,
            "client_id": client,
            "package": carries if isinstance(carries, str) else None,
            "resource": carries.resource if isinstance(carries, Right) else None,
            "action": carries.action if isinstance(carries, Right) else None,
            "basis_assignment_id": assignment,
            "basis_grant_id": grant,
            "began_rev": work.revision,
        }
        for client, carries, (assignment, grant) in wanted
    ]
    if not rows:
        return []
    statement = insert(links).returning(links, sort_by_parameter_order=True)
    return [read_link(row) for row in work.connection.execute(statement, rows)]


def end_link(work: Work, link: Link) -> None:
    """Close an open link."""
    end_links(work, [link])


def end_links(work: Work, ended: Sequence[Link]) -> None:
    """Close open links."""
    for start in range(0, len(ended), _MOST_IDS):
        ids = [link.id for link in ended[start : start + _MOST_IDS]]
        work.connection.execute(
            update(links)
            .where(links.c.id.in_(ids), links.c.ended_rev.is_(None))
            .values(ended_rev=work.revision)
        )
