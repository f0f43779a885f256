"""Standings kept in memory, and used only while they are fresh."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fullmakt.access.decisions.asking import Kind
from fullmakt.access.decisions.freshness import UNREACHABLE, PrimaryUnreachable
from fullmakt.access.decisions.rules import Holdings, holdings
from fullmakt.access.delegations.standing_reader import StandingReader
from fullmakt.access.delegations.standings import Standing, Unregistered
from fullmakt.access.parties.model import PartyKind

if TYPE_CHECKING:
    from datetime import datetime

    from fullmakt.access.catalog.model import Catalog
    from fullmakt.access.decisions.asking import Asker
    from fullmakt.access.decisions.freshness import Freshness, Mark
    from fullmakt.access.delegations.standings import Reference
    from fullmakt.foundation.storage.database import Database
    from fullmakt.foundation.storage.model import Touch
    from fullmakt.foundation.terms.clock import Clock


@dataclass(frozen=True, slots=True)
class StandingLimits:
    """How many standings are kept; the ones kept longest go first."""

    most: int = 1_000_000


_Key = tuple[int, str, str | int, str, str | int]


def _key(subject: Asker, party: Reference) -> _Key:
    named = subject.reference
    return (subject.kind, named.key, named.value, party.key, party.value)


@dataclass(slots=True)
class _Kept:
    """What was read at `since`, and the mark it was last found fresh at.

    Time alone changed it at `good_since` and changes it at `good_until`, if it ever does.
    """

    holdings: Holdings
    stamps: tuple[Touch, ...]
    since: Mark
    checked: Mark
    good_since: datetime | None
    good_until: datetime | None

    def is_of_time(self, now: datetime) -> bool:
        """Whether it holds at `now`, also where the clock was turned back."""
        return (self.good_since is None or self.good_since <= now) and (
            self.good_until is None or now < self.good_until
        )


class Standings:
    """What subjects hold towards parties.

    Kept, checked against the stamps, read again when stale.
    """

    def __init__(
        self,
        database: Database,
        catalog: Catalog,
        freshness: Freshness,
        *,
        clock: Clock,
        limits: StandingLimits | None = None,
        has_single_services: bool = True,
    ) -> None:
        self._reader = StandingReader(database, key_roles=catalog.key_roles, clock=clock)
        self._clock = clock
        self._has_single_services = has_single_services
        self._catalog = catalog
        self._freshness = freshness
        self._limits = limits or StandingLimits()
        self._kept: dict[_Key, _Kept] = {}
        self._lock = threading.Lock()
        self.hits = 0
        self.misses = 0

    def get(self, subject: Asker, party: Reference) -> Holdings | Unregistered:
        """What `subject` holds towards `party`, as of the revision caught up to, or later."""
        found = self.find(subject, party)
        if found is not None:
            return found
        begun = self._begin()
        return self._keep(subject, party, self._reader.read(subject.reference, party), begun)

    async def get_on_loop(self, subject: Asker, party: Reference) -> Holdings | Unregistered:
        """As `get`; what has to be read is waited for on the event loop."""
        return self.find(subject, party) or await self.read_on_loop(subject, party)

    async def read_on_loop(self, subject: Asker, party: Reference) -> Holdings | Unregistered:
        """What `subject` holds, read anew: as it is now, or later. Waited for on the event loop."""
        begun = self._begin()
        standing = await self._reader.read_on_loop(subject.reference, party)
        return self._keep(subject, party, standing, begun)

    async def catch_up_and_read_on_loop(
        self, subject: Asker, party: Reference
    ) -> Holdings | Unregistered:
        """Pass the barrier and read anew, in one question to the primary.

        Raises: PrimaryUnreachable.
        """
        begun = self._begin()
        try:
            revision, incarnation, standing = await self._reader.read_with_revision_on_loop(
                subject.reference, party
            )
        except Exception as fault:
            raise PrimaryUnreachable(UNREACHABLE) from fault
        await self._freshness.reach_on_loop(revision, incarnation)
        return self._keep(subject, party, standing, begun)

    def find(self, subject: Asker, party: Reference) -> Holdings | None:
        """What is kept of it, if that is fresh."""
        kept = self._kept.get(_key(subject, party))
        if kept is None or not self._is_fresh(kept):
            return None
        self.hits += 1
        return kept.holdings

    def is_kept(self, subject: Asker, party: Reference) -> bool:
        """Whether anything is kept of it, fresh or not."""
        return _key(subject, party) in self._kept

    def _begin(self) -> Mark:
        """How far the stamps are applied before a reading.

        INVARIANT: taken before the rows are read, so what is read is no older.
        """
        self.misses += 1
        return self._freshness.mark

    def _keep(
        self,
        subject: Asker,
        party: Reference,
        standing: Standing | Unregistered,
        begun: Mark,
    ) -> Holdings | Unregistered:
        if not isinstance(standing, Standing):
            return standing
        if subject.kind is Kind.SYSTEM_USER and standing.subject.kind is not PartyKind.SYSTEM_USER:
            # Somebody else has that id, so no system user has it.
            return Unregistered(is_subject_registered=False, is_party_registered=True)
        found = holdings(
            self._catalog,
            standing,
            kind=subject.kind,
            has_single_services=self._has_single_services,
        )
        with self._lock:
            while len(self._kept) >= self._limits.most:
                self._kept.pop(next(iter(self._kept)))
            self._kept[_key(subject, party)] = _Kept(
                found,
                stamps=standing.stamps,
                since=begun,
                checked=begun,
                good_since=standing.good_since,
                good_until=standing.good_until,
            )
        return found

    def _is_fresh(self, kept: _Kept) -> bool:
        is_of_all_time = kept.good_since is None and kept.good_until is None
        if not is_of_all_time and not kept.is_of_time(self._clock.now()):
            return False
        mark = self._freshness.mark
        if kept.checked is mark:
            return True
        if self._freshness.is_fresh(kept.stamps, since=kept.since):
            kept.checked = mark
            return True
        return False

    def clear(self) -> None:
        """Keep nothing."""
        with self._lock:
            self._kept.clear()
