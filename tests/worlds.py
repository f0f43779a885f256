"""Empty worlds for tests: a database with its tables and its one world row, on either engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fullmakt.foundation.events.ledger import EventLedger
from fullmakt.foundation.storage.database import Database
from fullmakt.run.migrations.head import find_revision
from fullmakt.run.server.schema import begin_world, make_world
from fullmakt.run.tables import schema
from tests.engines import PostgresServer

START = datetime(2026, 11, 23, 9, tzinfo=UTC)
_PROFILE = _VERSION = "test"
_REUSES_BEFORE_VACUUM = 50


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
    with database.engine.begin() as connection:
        has_tables = find_revision(connection) is not None
        if has_tables:
            begin_world(connection, profile=_PROFILE, catalog_version=_VERSION)
    if not has_tables:
        make_world(database, profile=_PROFILE, catalog_version=_VERSION)
    return database


class PostgresPlaces:
    """Databases with every table and no row, used by one test after another.

    PostgreSQL takes longer to make the tables than most tests take; it empties them in no time.
    """

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._free: list[str] = []
        self._uses = 0
        self._made = ExitStack()

    def close(self) -> None:
        """Drop them."""
        self._made.close()

    @contextmanager
    def lease(self) -> Iterator[str]:
        """The URL of a database that nobody else uses meanwhile."""
        name = self._free.pop() if self._free else self._make()
        yield self._server.url(name)
        if self._has_its_tables(name):
            self._empty(name)
            self._free.append(name)

    def _make(self) -> str:
        name = self._made.enter_context(self._server.database())
        new_database(self._server.url(name)).close()
        self._empty(name)
        return name

    def _has_its_tables(self, name: str) -> bool:
        """Whether the test left the tables as they were."""
        with self._server.connect(name) as connection:
            found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname='public'")
            return {table for (table,) in found} - {"alembic_version"} == set(schema.tables)

    def _empty(self, name: str) -> None:
        self._uses += 1
        with self._server.connect(name) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            connection.execute(_EMPTIES)
            connection.execute("SELECT setval(sequencename::text, 1, false) FROM pg_sequences")
            if self._uses % _REUSES_BEFORE_VACUUM == 0:
                connection.execute("VACUUM")


_EMPTIES = "; ".join(f"DELETE FROM {table.name}" for table in reversed(schema.sorted_tables))


def make_sqlite_place(file: Path) -> None:
    """Make a file with every table and no row; a copy of it is a place for a new database."""
    database = new_database(f"sqlite:///{file}")
    with database.engine.begin() as connection:
        for table in reversed(schema.sorted_tables):
            connection.execute(table.delete())
    database.close()
