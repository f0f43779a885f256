"""Where the browser of whoever answered goes: the address that the vendor sent with what it asked.

Nothing is added to it, so the vendor looks up the answer itself.
"""

from __future__ import annotations

from uuid import UUID

from fullmakt.foundation.storage.database import Reading
from fullmakt.systems.requests import change_store, store
from fullmakt.systems.system_users.model import SystemUserKind


def find_redirect(reading: Reading, uuid: UUID, kind: SystemUserKind) -> str | None:
    """The address of a request; None when there is no such request or it names none."""
    request = store.find_request(reading, uuid, kind)
    return None if request is None else request.redirect_url or None


def find_change_redirect(reading: Reading, uuid: UUID) -> str | None:
    """The address of a change request; None when there is no such one or it names none."""
    change = change_store.find_change(reading, uuid)
    return None if change is None else change.redirect_url or None
