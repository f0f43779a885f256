"""Events in the database: written with the change they tell of, read back in order."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, tuple_

from fullmakt.foundation.events.feed import read_touches
from fullmakt.foundation.events.tables import events
from fullmakt.foundation.terms.moments import read_moment, utc

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Select

    from fullmakt.foundation.storage.database import Reading
    from fullmakt.foundation.storage.model import Entry, Touch


@dataclass(frozen=True, slots=True)
class Event:
    """One recorded change.

    `n` counts within the revision from 0; `chained` is the head of the chain after it.
    """

    revision: int
    n: int
    at: datetime
    actor: str
    kind: str
    correlation: str
    touches: tuple[Touch, ...]
    payload: Mapping[str, object]
    chained: str


class EventLedger:
    """Writes events, each hashed together with the one before: a change of the past shows."""

    def append(self, connection: Connection, entry: Entry, *, chain_head: str) -> str:
        """Write `entry` and return the new head of the chain."""
        rows = []
        for n, change in enumerate(entry.changes):
            touches = _compact([[touch.entity, touch.aspect.value] for touch in change.touches])
            payload = _compact(change.payload)
            chain_head = _chained(
                chain_head,
                str(entry.revision),
                str(n),
                utc(entry.at).isoformat(),
                entry.actor,
                change.kind,
                entry.correlation,
                touches,
                payload,
            )
            rows.append(
                {
                    "revision": entry.revision,
                    "n": n,
                    "at": entry.at,
                    "actor": entry.actor,
                    "kind": change.kind,
                    "correlation": entry.correlation,
                    "touches": touches,
                    "payload": payload,
                    "hash": chain_head,
                }
            )
        connection.execute(insert(events), rows)
        return chain_head


def _chained(*facts: str) -> str:
    # INVARIANT: written as a JSON array, so that no two lists of facts are the same text.
    return hashlib.sha256(_compact(facts).encode()).hexdigest()


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def moment_of(reading: Reading, revision: int) -> datetime | None:
    """When a revision was made."""
    statement = select(events.c.at).where(events.c.revision == revision).limit(1)
    row = reading.connection.execute(statement).one_or_none()
    return None if row is None else utc(read_moment(row.at))


def moments_of(reading: Reading, revisions: Collection[int]) -> dict[int, datetime]:
    """When each of some revisions (at most 1 000) was made."""
    statement = select(events.c.revision, events.c.at).where(
        events.c.revision.in_(sorted(revisions)), events.c.n == 0
    )
    return {row.revision: utc(read_moment(row.at)) for row in reading.connection.execute(statement)}


def list_events(reading: Reading, *, after: int, most: int) -> list[Event]:
    """The events of the revisions after `after`, in order, at most `most`."""
    statement = select(events).where(events.c.revision > after).limit(most)
    return _read(reading, statement)


def list_events_of_kinds(
    reading: Reading, kinds: Sequence[str], *, after: tuple[int, int], most: int
) -> list[Event]:
    """The events of some kinds after one (its revision and `n`), in order, at most `most`."""
    revision, n = after
    statement = select(events).where(
        events.c.kind.in_(kinds),
        tuple_(events.c.revision, events.c.n) > (revision, n),
    )
    return _read(reading, statement.limit(most))


def list_events_of(reading: Reading, revision: int) -> list[Event]:
    """The events of one revision, in order."""
    return _read(reading, select(events).where(events.c.revision == revision))


def _read(reading: Reading, statement: Select[Any]) -> list[Event]:
    rows = reading.connection.execute(statement.order_by(events.c.revision, events.c.n))
    return [
        Event(
            row.revision,
            row.n,
            utc(read_moment(row.at)),
            row.actor,
            row.kind,
            row.correlation,
            read_touches(row.touches),
            json.loads(row.payload),
            row.hash,
        )
        for row in rows
    ]
