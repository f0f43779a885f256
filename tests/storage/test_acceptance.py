"""The acceptance suite on both engines, and the little that only one engine has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy

from fullmakt.foundation.events.ledger import EventLedger
from fullmakt.foundation.storage.database import Database, StoreUnreachable
from tests.storage.acceptance import Acceptance, commit, in_threads, revision
from tests.worlds import TestClock, new_database


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture
def database(database_url: str, clock: TestClock) -> Iterator[Database]:
    made = new_database(database_url, clock)
    yield made
    made.close()


class TestAcceptance(Acceptance):
    """On each engine."""


def test_two_nodes_share_one_count_of_revisions(database_url: str, database: Database) -> None:
    other = Database(database_url, clock=TestClock(), ledger=EventLedger(), is_durable=False)

    def write_some(node: Database) -> None:
        for _ in range(10):
            commit(node)

    in_threads(lambda: write_some(database), lambda: write_some(other))

    assert (revision(database), revision(other)) == (20, 20)
    other.close()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_server_that_hung_up_is_unavailable_once_and_then_asked_anew(
    database: Database,
) -> None:
    assert revision(database) == 0
    with database.engine.begin() as connection:
        connection.execute(
            sqlalchemy.text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )

    with pytest.raises(StoreUnreachable):
        revision(database)

    assert revision(database) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_file_that_cannot_be_opened_is_unavailable(tmp_path: Path, database_url: str) -> None:
    url = f"sqlite:///{tmp_path / 'nowhere' / 'world.sqlite'}"
    database = Database(url, clock=TestClock(), ledger=EventLedger())

    with pytest.raises(StoreUnreachable, match="cannot be asked just now"):
        database.ask("SELECT 1", {})


@pytest.mark.parametrize(
    "is_durable, synchronous", [(True, 2), (False, 0)], ids=["durable", "in memory"]
)
def test_only_a_durable_file_waits_for_the_disk(
    tmp_path: Path, *, is_durable: bool, synchronous: int
) -> None:
    url = f"sqlite:///{tmp_path / 'world.sqlite'}"
    database = Database(url, clock=TestClock(), ledger=EventLedger(), is_durable=is_durable)

    with database.reading() as reading:
        asked = [
            reading.connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]

    assert asked == ["wal", synchronous, 1]
    assert database.ask("PRAGMA synchronous", {}) == [(synchronous,)]
    database.close()


@pytest.mark.parametrize(
    "database_url, is_inline", [("sqlite", True), ("postgresql", False)], indirect=["database_url"]
)
def test_only_sqlite_is_asked_on_the_event_loop(database: Database, *, is_inline: bool) -> None:
    assert database.is_inline is is_inline
