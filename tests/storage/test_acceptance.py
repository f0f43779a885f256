"""The acceptance suite on both engines, and the little that only one engine has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy

from fullmakt.foundation.events.ledger import EventLedger
from fullmakt.foundation.storage import engines
from fullmakt.foundation.storage.database import Database, StoreUnreachable
from fullmakt.foundation.storage.tables import world
from tests.storage.acceptance import (
    CHANGE,
    Acceptance,
    all_events,
    begin,
    commit,
    in_threads,
    revision,
)
from tests.worlds import TestClock, new_database


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture
def database(place_url: str, clock: TestClock) -> Iterator[Database]:
    made = new_database(place_url, clock)
    yield made
    made.close()


class TestAcceptance(Acceptance):
    """On each engine."""


def test_two_nodes_share_one_count_of_revisions(place_url: str, database: Database) -> None:
    other = Database(place_url, clock=TestClock(), ledger=EventLedger(), is_durable=False)

    def write_some(node: Database) -> None:
        for _ in range(10):
            commit(node)

    in_threads(lambda: write_some(database), lambda: write_some(other))

    assert (revision(database), revision(other)) == (20, 20)
    other.close()


@pytest.mark.parametrize("place_url", ["postgresql"], indirect=True)
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


@contextmanager
def locked_world(url: str) -> Iterator[None]:
    """The world's lock held by another program, that knows nothing of ours."""
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.select(world).with_for_update())
        yield
    engine.dispose()


@pytest.mark.parametrize("place_url", ["postgresql"], indirect=True)
def test_who_waits_too_long_for_another_node_is_told_and_may_try_again(
    place_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(engines, "LONGEST_LOCK_WAIT_MS", 200)
    database = new_database(place_url)

    with locked_world(place_url), pytest.raises(StoreUnreachable):
        commit(database)

    expected = "the store cannot be asked: canceling statement due to lock timeout"
    assert [record.getMessage() for record in caplog.records] == [expected]
    assert commit(database) == 1
    database.close()


@pytest.mark.parametrize("place_url", ["postgresql"], indirect=True)
def test_a_node_that_falls_silent_within_its_work_holds_up_nobody_for_long(
    place_url: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "LONGEST_SILENCE_MS", 200)
    silent = Database(place_url, clock=TestClock(), ledger=EventLedger())

    def be_silent() -> None:
        with silent.authority(actor="silent", correlation="") as work:
            work.record(CHANGE)
            assert commit(database) == 1

    with pytest.raises(StoreUnreachable):
        be_silent()

    assert [event.actor for event in all_events(database)] == ["somebody"]
    assert commit(silent) == 2
    silent.close()


@pytest.mark.parametrize("work", ["reading", "journal", "authority"])
@pytest.mark.parametrize("place_url", ["postgresql"], indirect=True)
def test_a_server_that_is_away_is_unavailable_to_every_unit_of_work(
    place_url: str, work: str
) -> None:
    nowhere = sqlalchemy.make_url(place_url).set(query={"host": "/nowhere"})
    database = Database(
        nowhere.render_as_string(hide_password=False), clock=TestClock(), ledger=EventLedger()
    )

    with pytest.raises(StoreUnreachable), begin(database, work):
        pass


@pytest.mark.parametrize("place_url", ["postgresql"], indirect=True)
def test_what_an_operators_address_sets_counts(place_url: str) -> None:
    url = sqlalchemy.make_url(place_url)
    options = "-c lock_timeout=1234 -c application_name=mine"
    chosen = url.update_query_dict({"options": options}).render_as_string(hide_password=False)
    database = Database(chosen, clock=TestClock(), ledger=EventLedger())

    asked = [
        database.ask(f"SHOW {name}", {})
        for name in ("lock_timeout", "application_name", "idle_in_transaction_session_timeout")
    ]

    assert asked == [[("1234ms",)], [("mine",)], [("1min",)]]
    database.close()


@pytest.mark.parametrize("place_url", ["sqlite"], indirect=True)
def test_a_file_that_cannot_be_opened_is_unavailable(tmp_path: Path, place_url: str) -> None:
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
    "place_url, is_inline", [("sqlite", True), ("postgresql", False)], indirect=["place_url"]
)
def test_only_sqlite_is_asked_on_the_event_loop(database: Database, *, is_inline: bool) -> None:
    assert database.is_inline is is_inline
