"""Admissions kept in memory, and used only while no access list of their resource has changed."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fullmakt.access.resources.admissions import AdmissionReader
from fullmakt.foundation.storage.model import Aspect, Touch

if TYPE_CHECKING:
    from fullmakt.access.decisions.freshness import Freshness, Mark
    from fullmakt.access.delegations.standings import Reference
    from fullmakt.access.resources.lists_model import Admission
    from fullmakt.foundation.storage.database import Database

MOST_ADMISSIONS = 200_000


@dataclass(frozen=True, slots=True)
class _Kept:
    admission: Admission
    stamp: Touch
    since: Mark


class Admissions:
    """How parties stand to the access lists of resources; the ones kept longest go first."""

    def __init__(self, database: Database, freshness: Freshness) -> None:
        self._reader = AdmissionReader(database)
        self._freshness = freshness
        self._kept: dict[tuple[int, str, str | int], _Kept] = {}
        self._lock = threading.Lock()

    def get(self, resource_id: int, party: Reference) -> Admission:
        """The admission of `party`, as of the revision caught up to, or later."""
        key = (resource_id, party.key.value, party.value)
        kept = self._kept.get(key)
        if kept is not None and self._is_fresh(kept):
            return kept.admission
        # INVARIANT: the mark is taken before the rows are read, so what is read is no older.
        since = self._freshness.mark
        found = self._reader.read(resource_id, party.key.value, party.value)
        if found.is_organization:
            # Who is not registered yet may be, without any list changing: that is not kept.
            with self._lock:
                while len(self._kept) >= MOST_ADMISSIONS:
                    self._kept.pop(next(iter(self._kept)))
                stamp = Touch(resource_id, Aspect.LISTS)
                self._kept[key] = _Kept(found, stamp, since)
        return found

    def _is_fresh(self, kept: _Kept) -> bool:
        return self._freshness.is_fresh((kept.stamp,), since=kept.since)
