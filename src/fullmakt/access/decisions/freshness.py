"""Freshness: what has been touched since a fact was read, and the barrier before a decision.

Before a decision the world's revision is read from the primary; if it moved, the events since are
applied as stamps first. A fact read at revision r is used only while none of its stamps is newer
than r. One read of the revision may serve only decisions that arrived before it was sent, so a
decision never misses a change that was acknowledged before it was asked.
"""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Protocol

from fullmakt.foundation.events.feed import TouchFeed
from fullmakt.foundation.storage.model import Aspect
from fullmakt.foundation.terms.problem import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fullmakt.foundation.storage.database import Database
    from fullmakt.foundation.storage.model import Touch

MOST_STAMPS = 1_000_000


class PrimaryUnreachable(Unavailable):
    """The primary cannot be asked for the revision, so nothing is known to be fresh."""

    code, title = "FM-00121", "The decision point cannot be sure that it knows the latest changes."


class Forgetful(Protocol):
    """Keeps compiled policies by resource."""

    def forget(self, resource_id: int) -> None:
        """Drop what is kept of one resource."""
        ...

    def clear(self) -> None:
        """Drop everything."""
        ...


class Freshness:
    """The stamps of one process, and the revision they are applied up to."""

    def __init__(self, database: Database, policies: Forgetful) -> None:
        self._feed = TouchFeed(database)
        self._policies = policies
        self._stamps: dict[Touch, int] = {}
        self._floor = 0
        self._incarnation = ""
        self.epoch = 0
        """Counts the incarnations of the world seen; what was read in another is not used."""
        self._lock = threading.Lock()
        self._read_in_turn_of: asyncio.AbstractEventLoop | None = None
        self.revision = -1
        """The revision that the stamps are applied up to."""

    def catch_up(self) -> int:
        """Read the primary's revision and apply what was touched since; the revision is returned.

        Raises: PrimaryUnreachable.
        """
        try:
            revision, incarnation = self._feed.revision()
            if revision != self.revision or incarnation != self._incarnation:
                self._apply(revision, incarnation)
        except Exception as fault:
            # Whatever the driver raises, an unread revision means an unknown world: never stale.
            message = "the primary could not be asked for the latest revision; try again"
            raise PrimaryUnreachable(message) from fault
        return self.revision

    def catch_up_in_turn(self) -> None:
        """As `catch_up`, on the event loop; read once in each turn of it.

        INVARIANT: callbacks run in the order they were registered, so whatever runs before
        `_end_turn` was registered, and its request had arrived, before the revision was read.
        Raises: PrimaryUnreachable.
        """
        loop = asyncio.get_running_loop()
        if self._read_in_turn_of is not loop:
            self.catch_up()
            self._read_in_turn_of = loop
            loop.call_soon(self._end_turn)

    def _end_turn(self) -> None:
        self._read_in_turn_of = None

    def _apply(self, revision: int, incarnation: str) -> None:
        with self._lock:
            if incarnation != self._incarnation:
                self._incarnation = incarnation
                self.epoch += 1
                self._forget_stamps(revision)
                self._policies.clear()
                self.revision = revision
                return
            if revision <= self.revision:
                return
            for at, touches in self._feed.touched_after(self.revision):
                self._stamp(at, touches)
            if len(self._stamps) > MOST_STAMPS:
                self._forget_stamps(revision)
            # INVARIANT: rows may reach past `revision`; stamps newer than needed only cost a
            # reload.
            self.revision = revision

    def _forget_stamps(self, revision: int) -> None:
        # INVARIANT: the floor is raised before the stamps go, and `is_fresh` looks at them in the
        # other order, so it sees the stamps or the floor.
        self._floor = revision
        self._stamps = {}

    def _stamp(self, at: int, touches: Iterable[Touch]) -> None:
        for touch in touches:
            self._stamps[touch] = at
            if touch.aspect is Aspect.POLICY:
                self._policies.forget(touch.entity)

    def is_fresh(self, stamps: Iterable[Touch], *, since: int) -> bool:
        """Whether nothing of `stamps` was touched after revision `since`."""
        newest = self._stamps
        if since < self._floor:
            return False
        return not newest or all(newest.get(stamp, 0) <= since for stamp in stamps)
