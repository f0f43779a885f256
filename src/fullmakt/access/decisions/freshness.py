"""Freshness: what has been touched since a fact was read, and the barrier before a decision.

Before a decision the world's revision is read from the primary; if it moved, the events since are
applied as stamps first. A fact read at revision r is used only while none of its stamps is newer
than r. One read of the revision may serve only decisions that arrived before it was sent, so a
decision never misses a change that was acknowledged before it was asked.
"""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol
from weakref import WeakKeyDictionary

from fullmakt.foundation.events.feed import TouchFeed
from fullmakt.foundation.storage.model import Aspect
from fullmakt.foundation.terms.problem import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fullmakt.foundation.events.feed import Touched
    from fullmakt.foundation.storage.database import Database
    from fullmakt.foundation.storage.model import Touch

MOST_STAMPS = 1_000_000
UNREACHABLE = "the primary could not be asked for the latest revision; try again"


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


class Mark(NamedTuple):
    """How far the stamps are applied: a revision, and which incarnation seen here it counts in.

    INVARIANT: one value, so that nobody reads the revision of one incarnation beside another.
    """

    epoch: int
    revision: int


@dataclass(slots=True)
class _Stamps:
    """What was touched in one epoch; nothing read before the revision `floor` is known to hold."""

    epoch: int
    floor: int
    newest: dict[Touch, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Waiting:
    """Those of one loop who wait for the next read, and the task that reads while there are any."""

    next: list[asyncio.Future[None]] = field(default_factory=list)
    reader: asyncio.Task[None] | None = None


class Freshness:
    """The stamps of one process, and the revision they are applied up to."""

    def __init__(self, database: Database, policies: Forgetful) -> None:
        self._feed = TouchFeed(database)
        self._policies = policies
        self._stamps = _Stamps(epoch=0, floor=0)
        self._incarnation = ""
        self._lock = threading.Lock()
        self._read_in_turn_of: asyncio.AbstractEventLoop | None = None
        self._waiting: WeakKeyDictionary[asyncio.AbstractEventLoop, _Waiting] = WeakKeyDictionary()
        self.mark = Mark(epoch=0, revision=-1)
        """How far the stamps are applied; what was read in another epoch is not used."""

    @property
    def revision(self) -> int:
        """The revision that the stamps are applied up to."""
        return self.mark.revision

    def catch_up(self) -> int:
        """Read the primary's revision and apply what was touched since; the revision is returned.

        Raises: PrimaryUnreachable.
        """
        try:
            revision, incarnation = self._feed.revision()
            if revision != self.revision or incarnation != self._incarnation:
                after = self._joins_at(incarnation)
                touched = () if after is None else self._feed.touched_after(after)
                self._apply(revision, incarnation, touched, after=after)
        except Exception as fault:
            # Whatever the driver raises, an unread revision means an unknown world: never stale.
            raise PrimaryUnreachable(UNREACHABLE) from fault
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

    async def catch_up_on_loop(self) -> None:
        """As `catch_up`, where the primary is asked over the network: nobody's thread is held.

        One read serves all who asked before it was sent; those who ask while it is under way wait
        for the next. Raises: PrimaryUnreachable.
        """
        loop = asyncio.get_running_loop()
        waiting = self._waiting.get(loop)
        if waiting is None:
            waiting = self._waiting[loop] = _Waiting()
        served: asyncio.Future[None] = loop.create_future()
        waiting.next.append(served)
        if waiting.reader is None:
            waiting.reader = loop.create_task(self._serve(waiting))
        await served

    async def _serve(self, waiting: _Waiting) -> None:
        try:
            while waiting.next:
                # INVARIANT: these are all that one read serves, and it is sent after this.
                served, waiting.next = waiting.next, []
                outcome = await self._read_on_loop()
                for each in served:
                    if each.done():
                        continue
                    if outcome is None:
                        each.set_result(None)
                    else:
                        each.set_exception(outcome)
        finally:
            waiting.reader = None

    async def _read_on_loop(self) -> PrimaryUnreachable | None:
        try:
            await self._apply_on_loop(*await self._feed.revision_on_loop())
        except Exception as fault:  # noqa: BLE001  as in `catch_up`
            unreachable = PrimaryUnreachable(UNREACHABLE)
            unreachable.__cause__ = fault
            return unreachable
        return None

    async def reach_on_loop(self, revision: int, incarnation: str) -> None:
        """Catch up to a revision that was read with something else, after the question arrived.

        Raises: PrimaryUnreachable.
        """
        try:
            await self._apply_on_loop(revision, incarnation)
        except Exception as fault:
            raise PrimaryUnreachable(UNREACHABLE) from fault

    async def _apply_on_loop(self, revision: int, incarnation: str) -> None:
        if revision != self.revision or incarnation != self._incarnation:
            after = self._joins_at(incarnation)
            touched = () if after is None else await self._feed.touched_after_on_loop(after)
            self._apply(revision, incarnation, touched, after=after)

    def _joins_at(self, incarnation: str) -> int | None:
        """After which revision the touches are wanted; None when all is forgotten anyway."""
        return self.revision if incarnation == self._incarnation else None

    def _apply(
        self, revision: int, incarnation: str, touched: Iterable[Touched], *, after: int | None
    ) -> None:
        with self._lock:
            epoch, known = self.mark
            # INVARIANT: others may have caught up since `touched` was read; where it does not join
            # on to what they left, nothing is kept.
            if incarnation != self._incarnation or after is None or after > known:
                if incarnation == self._incarnation and revision <= known:
                    return
                self._incarnation = incarnation
                self._stamps = _Stamps(epoch + 1, floor=revision)
                self._policies.clear()
                self.mark = Mark(epoch + 1, revision)
                return
            if revision <= known:
                return
            for at, touches in touched:
                self._stamp(at, touches)
            if len(self._stamps.newest) > MOST_STAMPS:
                self._stamps = _Stamps(epoch, floor=revision)
            # INVARIANT: rows may reach past `revision`; stamps newer than needed only cost a
            # reload.
            self.mark = Mark(epoch, revision)

    def _stamp(self, at: int, touches: Iterable[Touch]) -> None:
        newest = self._stamps.newest
        for touch in touches:
            newest[touch] = max(at, newest.get(touch, 0))
            if touch.aspect is Aspect.POLICY:
                self._policies.forget(touch.entity)

    def is_fresh(self, stamps: Iterable[Touch], *, since: Mark) -> bool:
        """Whether nothing of `stamps` was touched since it was read at `since`."""
        known, at = self._stamps, since.revision
        if since.epoch != known.epoch or at < known.floor:
            return False
        newest = known.newest
        return not newest or all(newest.get(stamp, 0) <= at for stamp in stamps)
