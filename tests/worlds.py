"""Empty worlds for tests: a database with its tables and its one world row, on either engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from fullmakt.foundation.events.ledger import EventLedger
from fullmakt.foundation.storage.database import Database
from fullmakt.run.server.schema import make_world

START = datetime(2026, 11, 23, 9, tzinfo=UTC)


@dataclass(slots=True)
class TestClock:
    """A clock that stands still until it is moved."""

    __test__ = False
    at: datetime = field(default=START)

    def now(self) -> datetime:
        """The time it was set to."""
        return self.at

    def advance(self, by: timedelta) -> None:
        """Move the time forward."""
        self.at += by


def new_database(url: str, clock: TestClock | None = None) -> Database:
    """A database at `url` with every room's tables and an empty world at revision 0."""
    database = Database(url, clock=clock or TestClock(), ledger=EventLedger(), is_durable=False)
    make_world(database, profile="test", catalog_version="test")
    return database
