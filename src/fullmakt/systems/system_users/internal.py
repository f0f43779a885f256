"""System users as the rest of the platform keeps a copy of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fullmakt.foundation.terms.problem import PlainProblem
from fullmakt.systems.system_users import store

if TYPE_CHECKING:
    from uuid import UUID

    from fullmakt.foundation.storage.database import Reading
    from fullmakt.systems.system_users.model import ChangedPage, ChangedSystemUser

STREAM_PAGE = 100


def list_changed(reading: Reading, *, after: int, most: int = STREAM_PAGE) -> ChangedPage:
    """The next changes after a sequence number: system users made, renamed, deleted."""
    return store.list_changed(reading, after=after, most=most)


def get_changed(reading: Reading, uuid: UUID) -> ChangedSystemUser:
    """One system user. Raises: PlainProblem (410: unknown or deleted)."""
    found = store.find_changed(reading, uuid)
    if found is None:
        raise PlainProblem(410, "Gone", f"no system user has id `{uuid}`, or it is deleted")
    return found
