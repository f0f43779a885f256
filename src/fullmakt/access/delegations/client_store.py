"""Who gives a facilitator something, in the order of keys: what lists of clients walk along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, or_, select

from fullmakt.access.delegations.tables import links
from fullmakt.access.parties.model import PartyKind
from fullmakt.access.parties.tables import assignments, entities

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from fullmakt.access.delegations.model import ClientSearch
    from fullmakt.access.parties.model import Party
    from fullmakt.foundation.storage.database import Reading


def list_givers(
    reading: Reading,
    facilitator: Party,
    search: ClientSearch,
    *,
    after: int,
    most: int,
    linked_to: Party | None = None,
) -> list[int]:
    """Inner ids of the organisations that gave `facilitator` any role, after an inner id.

    With `linked_to`, only those with an open link to that agent, standing or not.
    SPEED: `ix_assignments_givers` has the rows in this order (benchmarks/clients.py).
    """
    giver = assignments.c.from_id
    conditions: list[ColumnElement[bool]] = [
        assignments.c.to_id == facilitator.id,
        assignments.c.ended_rev.is_(None),
        giver > after,
        entities.c.kind == PartyKind.ORGANIZATION.value,
    ]
    conditions += [entities.c.name_searched.contains(word) for word in search.words]
    if search.digits:
        conditions.append(
            or_(
                entities.c.orgno.contains(search.digits),
                entities.c.name_searched.contains(search.digits),
            )
        )
    if linked_to is not None:
        conditions.append(
            exists().where(
                links.c.client_id == giver,
                links.c.agent_id == linked_to.id,
                links.c.ended_rev.is_(None),
            )
        )
    statement = (
        select(giver)
        .distinct()
        .join(entities, entities.c.id == giver)
        .where(*conditions)
        .order_by(giver)
        .limit(most)
    )
    return list(reading.connection.scalars(statement))


def list_linked(reading: Reading, agent: Party, *, after: int, most: int) -> list[int]:
    """Inner ids of the clients with an open link to `agent`, standing or not, after an inner id."""
    statement = (
        select(links.c.client_id)
        .distinct()
        .where(links.c.agent_id == agent.id, links.c.ended_rev.is_(None), links.c.client_id > after)
        .order_by(links.c.client_id)
        .limit(most)
    )
    return list(reading.connection.scalars(statement))
