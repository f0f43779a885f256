"""Client links in the database, seen from the facilitator, the agent or the client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, or_, select

from fullmakt.access.delegations.model import StandingLink
from fullmakt.access.delegations.store import read_link
from fullmakt.access.delegations.tables import grants, links
from fullmakt.access.parties.model import AGENT
from fullmakt.access.parties.tables import assignments

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from sqlalchemy import ColumnElement, Row, Select

    from fullmakt.access.parties.model import Party
    from fullmakt.foundation.storage.database import Reading


_basis, _given = assignments.alias("basis"), grants.alias("given")
_agency = assignments.alias("agency")


def _selected() -> Select[Any]:
    """Links, whose clients they are about, as what, and the agent relation."""
    facilitator, agency = _basis.c.to_id.label("facilitator"), _agency.c.id.label("agency")
    return select(links, facilitator, _basis.c.role, agency)


def _is_made_under() -> ColumnElement[bool]:
    """Whether a link was made under an agent relation that is open, from whom the client trusts."""
    return and_(
        _agency.c.from_id == _basis.c.to_id,
        _agency.c.to_id == links.c.agent_id,
        _agency.c.role == AGENT,
        _agency.c.ended_rev.is_(None),
        _agency.c.began_rev <= links.c.began_rev,
    )


def list_standing(
    reading: Reading,
    *,
    facilitator: Party | None = None,
    agent: Party | None = None,
    client: Party | None = None,
    clients: Sequence[int] | None = None,
) -> list[StandingLink]:
    """The open links whose basis and agent relation stand, for whom is named.

    `clients` are inner ids, at most 500.
    """
    conditions: list[ColumnElement[bool]] = [
        links.c.ended_rev.is_(None),
        _basis.c.ended_rev.is_(None),
        _given.c.ended_rev.is_(None),
    ]
    if facilitator is not None:
        conditions.append(_basis.c.to_id == facilitator.id)
    if agent is not None:
        conditions.append(links.c.agent_id == agent.id)
    if client is not None:
        conditions.append(links.c.client_id == client.id)
    if clients is not None:
        conditions.append(links.c.client_id.in_(clients))
    rows = reading.connection.execute(
        select(
            links, _basis.c.to_id.label("facilitator"), _basis.c.role, _agency.c.id.label("agency")
        )
        .join(_basis, _basis.c.id == links.c.basis_assignment_id)
        .join(_agency, _is_made_under())
        .outerjoin(_given, _given.c.id == links.c.basis_grant_id)
        .where(*conditions)
        .order_by(links.c.id)
    )
    return [_read(row) for row in rows]


def _read(row: Row[Any]) -> StandingLink:
    return StandingLink(read_link(row), row.facilitator, row.role, row.agency)


def list_fallen(reading: Reading, revision: int, touched: Collection[int]) -> list[StandingLink]:
    """The links that stood until what they rest on ended, in this revision.

    `touched` are the parties that the revision was about: clients or facilitators.
    """
    found: dict[int, StandingLink] = {}
    for ids in _portions(touched):
        for side in (links.c.client_id, _basis.c.to_id):
            rows = reading.connection.execute(_fallen(revision).where(side.in_(ids)))
            found |= {row.id: _read(row) for row in rows}
    return [found[inner] for inner in sorted(found)]


def _fallen(revision: int) -> Select[Any]:
    ends = (_basis.c.ended_rev, _given.c.ended_rev, _agency.c.ended_rev)
    return (
        _selected()
        .join(_basis, _basis.c.id == links.c.basis_assignment_id)
        .join(
            _agency,
            and_(
                _agency.c.from_id == _basis.c.to_id,
                _agency.c.to_id == links.c.agent_id,
                _agency.c.role == AGENT,
                _agency.c.began_rev <= links.c.began_rev,
            ),
        )
        .outerjoin(_given, _given.c.id == links.c.basis_grant_id)
        .where(
            links.c.began_rev < revision,
            or_(links.c.ended_rev.is_(None), links.c.ended_rev > revision),
            *(or_(end.is_(None), end >= revision) for end in ends),
            or_(*(end == revision for end in ends)),
        )
    )


_MOST_IDS = 500


def _portions(ids: Collection[int]) -> Iterator[list[int]]:
    """Ids in portions that one statement takes."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), _MOST_IDS):
        yield ordered[start : start + _MOST_IDS]
