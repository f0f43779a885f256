"""Client links in the database, seen from the facilitator, the agent or the client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, select

from fullmakt.access.delegations.model import StandingLink
from fullmakt.access.delegations.store import read_link
from fullmakt.access.delegations.tables import grants, links
from fullmakt.access.parties.model import AGENT
from fullmakt.access.parties.tables import assignments

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, FromClause

    from fullmakt.access.parties.model import Party
    from fullmakt.foundation.storage.database import Reading


def _made_under(agency: FromClause, basis: FromClause) -> ColumnElement[bool]:
    """Whether a link was made under an agent relation that is open, from whom the client trusts."""
    return and_(
        agency.c.from_id == basis.c.to_id,
        agency.c.to_id == links.c.agent_id,
        agency.c.role == AGENT,
        agency.c.ended_rev.is_(None),
        agency.c.began_rev <= links.c.began_rev,
    )


def list_standing(
    reading: Reading,
    *,
    facilitator: Party | None = None,
    agent: Party | None = None,
    client: Party | None = None,
) -> list[StandingLink]:
    """The open links whose basis and agent relation stand, for whom is named."""
    basis, given = assignments.alias("basis"), grants.alias("given")
    agency = assignments.alias("agency")
    conditions: list[ColumnElement[bool]] = [
        links.c.ended_rev.is_(None),
        basis.c.ended_rev.is_(None),
        given.c.ended_rev.is_(None),
    ]
    if facilitator is not None:
        conditions.append(basis.c.to_id == facilitator.id)
    if agent is not None:
        conditions.append(links.c.agent_id == agent.id)
    if client is not None:
        conditions.append(links.c.client_id == client.id)
    rows = reading.connection.execute(
        select(links, basis.c.to_id.label("facilitator"), basis.c.role, agency.c.id.label("agency"))
        .join(basis, basis.c.id == links.c.basis_assignment_id)
        .join(agency, _made_under(agency, basis))
        .outerjoin(given, given.c.id == links.c.basis_grant_id)
        .where(*conditions)
        .order_by(links.c.id)
    )
    return [StandingLink(read_link(row), row.facilitator, row.role, row.agency) for row in rows]


def list_fallen(reading: Reading, revision: int) -> list[StandingLink]:
    """The links that were open when what they rest on ended, in this revision."""
    basis, given = assignments.alias("basis"), grants.alias("given")
    agency = assignments.alias("agency")
    rows = reading.connection.execute(
        select(links, basis.c.to_id.label("facilitator"), basis.c.role, agency.c.id.label("agency"))
        .join(basis, basis.c.id == links.c.basis_assignment_id)
        .join(
            agency,
            and_(
                agency.c.from_id == basis.c.to_id,
                agency.c.to_id == links.c.agent_id,
                agency.c.role == AGENT,
                agency.c.began_rev <= links.c.began_rev,
                (agency.c.ended_rev.is_(None)) | (agency.c.ended_rev >= revision),
            ),
        )
        .outerjoin(given, given.c.id == links.c.basis_grant_id)
        .where(
            links.c.began_rev < revision,
            links.c.ended_rev.is_(None) | (links.c.ended_rev > revision),
            (basis.c.ended_rev.is_(None)) | (basis.c.ended_rev >= revision),
            (given.c.ended_rev.is_(None)) | (given.c.ended_rev >= revision),
            (basis.c.ended_rev == revision)
            | (given.c.ended_rev == revision)
            | (agency.c.ended_rev == revision),
        )
        .order_by(links.c.id)
    )
    return [StandingLink(read_link(row), row.facilitator, row.role, row.agency) for row in rows]
