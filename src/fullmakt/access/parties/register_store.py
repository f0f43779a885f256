"""Who has a role in whom, asked from either end in one statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from fullmakt.access.parties import store
from fullmakt.access.parties.tables import assignments, entities

if TYPE_CHECKING:
    from uuid import UUID

    from fullmakt.access.parties.model import Party
    from fullmakt.foundation.storage.database import Reading


def list_givers(reading: Reading, holder: UUID, role: str) -> list[Party]:
    """The parties that gave `role` to `holder`, in the order they did."""
    return _list_ends(reading, holder, role, is_holder=True)


def list_holders(reading: Reading, giver: UUID, role: str) -> list[Party]:
    """The parties that have `role` in `giver`, in the order they got it."""
    return _list_ends(reading, giver, role, is_holder=False)


def _list_ends(reading: Reading, uuid: UUID, role: str, *, is_holder: bool) -> list[Party]:
    known, wanted = assignments.c.to_id, assignments.c.from_id
    if not is_holder:
        known, wanted = wanted, known
    party = select(entities.c.id).where(entities.c.uuid == str(uuid)).scalar_subquery()
    statement = (
        select(entities)
        .join(assignments, wanted == entities.c.id)
        .where(known == party, assignments.c.role == role, assignments.c.ended_rev.is_(None))
        .order_by(assignments.c.id)
    )
    return list(store.list_selected(reading, statement))
