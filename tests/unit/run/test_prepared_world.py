"""The default world that is copied from a kept database file instead of being filled again."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fullmakt.foundation.events.ledger import Event, list_events
from fullmakt.run.testworld.prepared import keep_prepared, put_prepared
from fullmakt.run.testworld.snapshot_store import list_rows
from fullmakt.run.testworld.world import TestWorld, WorldSettings, default_world


class Start:
    """What one start of the test world made."""

    def __init__(self, prepared: Path) -> None:
        world = TestWorld(WorldSettings("http://127.0.0.1:1", prepared=prepared))
        try:
            world.open(None)
            self.export = world.export()
            with world.standing().database.reading() as reading:
                self.rows = list_rows(reading)
                self.events = list_events(reading, after=0, most=10_000)
        finally:
            world.close()

    @property
    def filling(self) -> list[Event]:
        """What filled it."""
        return [event for event in self.events if event.revision == 1]

    @property
    def incarnation(self) -> object:
        return self.rows["world"][0]["incarnation"]


def test_the_second_start_takes_what_the_first_one_kept(tmp_path: Path) -> None:
    first = Start(tmp_path)
    (kept,) = tmp_path.glob("*.db")
    with closing(sqlite3.connect(kept)) as connection, connection:
        connection.execute("UPDATE events SET actor = 'a mark' WHERE revision = 1")

    second = Start(tmp_path)

    assert {event.actor for event in second.filling} == {"a mark"}
    assert [replace(event, actor="test-world") for event in second.filling] == first.filling


def test_a_copied_world_is_an_incarnation_of_its_own_with_its_own_signing_keys(
    tmp_path: Path,
) -> None:
    first, second = Start(tmp_path), Start(tmp_path)

    def kids(start: Start) -> set[object]:
        return {row["kid"] for row in start.rows["signing_keys"]}

    assert second.incarnation != first.incarnation
    assert kids(first)
    assert kids(second)
    assert not kids(first) & kids(second)


def test_the_kept_file_holds_no_key(tmp_path: Path) -> None:
    Start(tmp_path)

    (kept,) = tmp_path.glob("*.db")
    assert b"PRIVATE KEY" not in kept.read_bytes()


def test_a_copied_world_is_at_its_own_time(tmp_path: Path) -> None:
    begins = default_world().domain_time
    assert begins is not None
    for start in (Start(tmp_path), Start(tmp_path)):
        assert start.export.domain_time is not None
        assert timedelta(0) <= start.export.domain_time - begins < timedelta(minutes=1)
        assert {begins <= event.at < begins + timedelta(minutes=1) for event in start.events} == {
            True
        }


def test_where_nothing_can_be_kept_each_start_fills_its_world(tmp_path: Path) -> None:
    no_folder = tmp_path / "file"
    no_folder.touch()

    first, second = Start(no_folder), Start(no_folder)

    assert first.filling
    assert [event.kind for event in second.filling] == [event.kind for event in first.filling]
    assert no_folder.read_bytes() == b""


@pytest.mark.parametrize("damaged", [b"", b"no database at all", b"SQLite format 3\0"])
def test_a_kept_file_that_is_no_world_is_made_again(tmp_path: Path, damaged: bytes) -> None:
    first = Start(tmp_path)
    (kept,) = tmp_path.glob("*.db")
    kept.write_bytes(damaged)

    second = Start(tmp_path)

    assert [event.kind for event in second.filling] == [event.kind for event in first.filling]
    assert kept.stat().st_size > 100_000
    assert list(tmp_path.iterdir()) == [kept]


@pytest.mark.parametrize("change", ["longer", "later", "another"])
def test_a_changed_source_takes_another_file_and_drops_the_old(tmp_path: Path, change: str) -> None:
    sources, folder = tmp_path / "sources", tmp_path / "kept"
    source, database, copy = sources / "room" / "rules.py", tmp_path / "db", tmp_path / "copy"
    source.parent.mkdir(parents=True)
    source.write_text("A = 1\n")
    database.write_text("the world")
    keep_prepared(database, folder=folder, sources=sources)
    assert put_prepared(copy, folder=folder, sources=sources)

    if change == "longer":
        source.write_text("A = 10\n")
    elif change == "later":
        moment = datetime(2030, 1, 1, tzinfo=UTC).timestamp()
        os.utime(source, (moment, moment))
    else:
        (sources / "more.json").write_text("{}")

    assert not put_prepared(copy, folder=folder, sources=sources)
    assert not copy.exists()
    keep_prepared(database, folder=folder, sources=sources)
    assert len(list(folder.iterdir())) == 1
    assert put_prepared(copy, folder=folder, sources=sources)
