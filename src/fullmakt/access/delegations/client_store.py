"""Who gives a facilitator something, in the order of keys: what lists of clients walk along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, func, literal, literal_column, or_, select

from fullmakt.access.delegations.tables import links
from fullmakt.access.parties.model import PartyKind
from fullmakt.access.parties.search_tables import SEARCH_INDEX, SHORTEST_INDEXED
from fullmakt.access.parties.tables import assignments, entities

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select

    from fullmakt.access.delegations.model import ClientSearch
    from fullmakt.access.parties.model import Party
    from fullmakt.foundation.storage.database import Reading

# SPEED: fewer are read through sooner than the index is asked, which knows the whole register.
_FEW = 2_000


def list_givers(
    reading: Reading,
    facilitator: Party,
    search: ClientSearch,
    *,
    after: int,
    most: int,
    linked_to: Party | None = None,
    few: int = _FEW,
) -> list[int]:
    """Inner ids of the organisations that gave `facilitator` any role, after an inner id.

    With `linked_to`, only those with an open link to that agent, standing or not. At most `few` are
    read through, more are looked up where there is an index.
    SPEED: `ix_assignments_givers` has the rows in this order (benchmarks/clients.py).
    """
    if _is_indexed(reading, search) and _has_more(reading, facilitator, few):
        statement = _found_in_index(facilitator, search, after, linked_to)
    else:
        statement = _read_through(facilitator, search, after, linked_to)
    return list(reading.connection.scalars(statement.limit(most)))


def _read_through(
    facilitator: Party, search: ClientSearch, after: int, linked_to: Party | None
) -> Select[Any]:
    giver = assignments.c.from_id
    conditions: list[ColumnElement[bool]] = [
        assignments.c.to_id == facilitator.id,
        assignments.c.ended_rev.is_(None),
        giver > after,
        # SPEED: in the statement's text, so that any plan may use the index of names
        # (benchmarks/clients.py).
        entities.c.kind == literal(PartyKind.ORGANIZATION.value, literal_execute=True),
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
        conditions.append(_is_linked(giver, linked_to))
    return (
        select(giver)
        .distinct()
        .join(entities, entities.c.id == giver)
        .where(*conditions)
        .order_by(giver)
    )


def _is_indexed(reading: Reading, search: ClientSearch) -> bool:
    longest = max((*search.words, search.digits), key=len)
    return reading.connection.dialect.name == "sqlite" and len(longest) >= SHORTEST_INDEXED


def _has_more(reading: Reading, facilitator: Party, few: int) -> bool:
    gave = select(literal(1)).where(
        assignments.c.to_id == facilitator.id, assignments.c.ended_rev.is_(None)
    )
    return reading.connection.scalar(gave.offset(few).limit(1)) is not None


def _found_in_index(
    facilitator: Party, search: ClientSearch, after: int, linked_to: Party | None
) -> Select[Any]:
    """As read through: what the index finds is asked for its role, one by one."""
    found = SEARCH_INDEX.c.rowid
    long = [word for word in search.words if len(word) >= SHORTEST_INDEXED]
    phrases = [f'name_searched : "{word}"' for word in long]
    if search.digits:
        phrases.append(f'"{search.digits}"')
    conditions: list[ColumnElement[bool]] = [
        literal_column(SEARCH_INDEX.name).op("MATCH")(" AND ".join(phrases)),
        found > after,
        exists().where(
            assignments.c.to_id == facilitator.id,
            assignments.c.from_id == found,
            assignments.c.ended_rev.is_(None),
        ),
        *(
            func.instr(SEARCH_INDEX.c.name_searched, word) > 0
            for word in search.words
            if word not in long
        ),
    ]
    if linked_to is not None:
        conditions.append(_is_linked(found, linked_to))
    return select(found).where(and_(*conditions)).order_by(found)


def _is_linked(client: ColumnElement[int], agent: Party) -> ColumnElement[bool]:
    return exists().where(
        links.c.client_id == client,
        links.c.agent_id == agent.id,
        links.c.ended_rev.is_(None),
    )


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
