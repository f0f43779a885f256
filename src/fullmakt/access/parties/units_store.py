"""Units of Enhetsregisteret in the database: searching them, and when their roles changed."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from fullmakt.access.parties import store
from fullmakt.access.parties.model import SUB_UNIT_FORMS, Party, PartyKind
from fullmakt.access.parties.tables import entities
from fullmakt.access.parties.units_search import SortKey
from fullmakt.foundation.events.tables import events
from fullmakt.foundation.terms.moments import utc

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from fullmakt.access.parties.units_search import UnitSearch
    from fullmakt.foundation.storage.database import Reading


def list_units(
    reading: Reading, search: UnitSearch, *, are_sub_units: bool
) -> tuple[list[Party], int]:
    """The page of units that `search` asks for, and how many units there are on all pages."""
    conditions = _conditions(search, are_sub_units=are_sub_units)
    statement = select(entities).where(*conditions).order_by(*_order(search), entities.c.id)
    page = search.page
    if not search.conditions:
        count = reading.connection.execute(
            select(func.count()).select_from(entities).where(*conditions)
        ).scalar_one()
        selected = statement.limit(page.size).offset(page.first)
        return list(store.list_selected(reading, selected)), count
    hits = (party for party in store.list_selected(reading, statement) if search.holds(party))
    before = sum(1 for _ in islice(hits, page.first))
    found = list(islice(hits, page.size))
    return found, before + len(found) + sum(1 for _ in hits)


def _conditions(search: UnitSearch, *, are_sub_units: bool) -> list[ColumnElement[bool]]:
    is_sub_unit = entities.c.form.in_(sorted(SUB_UNIT_FORMS))
    conditions: list[ColumnElement[bool]] = [
        entities.c.kind == PartyKind.ORGANIZATION.value,
        entities.c.deleted_at.is_(None),
        is_sub_unit if are_sub_units else ~is_sub_unit,
    ]
    conditions.extend(
        entities.c.name_folded.contains(store.folded(word), autoescape=True)
        for word in search.words
    )
    if search.numbers:
        conditions.append(entities.c.orgno.in_(sorted(search.numbers)))
    if search.forms:
        conditions.append(entities.c.form.in_(sorted(search.forms)))
    if search.parent is not None:
        parent = select(entities.c.id).where(entities.c.orgno == search.parent)
        conditions.append(entities.c.parent_id == parent.scalar_subquery())
    if search.is_bankrupt is not None:
        is_bankrupt = entities.c.bankrupt_at.is_not(None)
        conditions.append(is_bankrupt if search.is_bankrupt else ~is_bankrupt)
    return conditions


def _order(search: UnitSearch) -> list[ColumnElement[str]]:
    if search.sort is None:
        return []
    column = entities.c.name_folded if search.sort is SortKey.NAME else entities.c.orgno
    return [column.desc() if search.is_descending else column.asc()]


def list_moments(reading: Reading, revisions: set[int]) -> dict[int, datetime]:
    """When these revisions were made, by revision."""
    rows = reading.connection.execute(
        select(events.c.revision, events.c.at).where(
            events.c.revision.in_(sorted(revisions)), events.c.n == 0
        )
    )
    return {row.revision: utc(row.at) for row in rows}
