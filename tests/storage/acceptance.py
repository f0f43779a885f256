"""What every engine must do: a suite run on each by `test_acceptance.py`.

A difference that can be seen between the engines is a bug.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError

from fullmakt.foundation.events.feed import TouchFeed
from fullmakt.foundation.events.ledger import Event, list_events
from fullmakt.foundation.events.tables import events
from fullmakt.foundation.storage.database import (
    ChangedWhileReadingError,
    Database,
    NestedWorkError,
    UnrecordedChangeError,
    Work,
)
from fullmakt.foundation.storage.model import Aspect, Change, Touch
from fullmakt.foundation.storage.tables import world
from tests.worlds import START, TestClock

CHANGE = Change("noted", {"by": "æ", "n": 1}, (Touch(7, Aspect.GIVEN), Touch(8, Aspect.SELF)))

SECOND_WORLD = update(world).values(id=2)


def write_something(work: Work) -> None:
    """Change a row that no test reads."""
    work.connection.execute(update(world).values(profile="changed"))


def fail(
    database: Database,
    fault: type[Exception],
    last: Callable[[Work], object] = lambda _work: 1 // 0,
) -> None:
    """Change and record something, and then raise `fault` by doing `last`."""
    with pytest.raises(fault), database.authority(actor="x", correlation="") as work:
        last(_written(work))


def _written(work: Work) -> Work:
    write_something(work)
    work.record(CHANGE)
    return work


def profile(database: Database) -> str:
    with database.reading() as reading:
        return str(reading.connection.execute(select(world.c.profile)).scalar_one())


def revision(database: Database) -> int:
    return TouchFeed(database).revision()[0]


def commit(database: Database, *changes: Change, actor: str = "somebody") -> int:
    with database.authority(actor=actor, correlation="c" * 32) as work:
        for change in changes or (CHANGE,):
            work.record(change)
        return work.revision


def all_events(database: Database) -> list[Event]:
    with database.reading() as reading:
        return list_events(reading, after=0, most=10_000)


def in_threads(*work: Callable[[], object]) -> None:
    """Run each in a thread of its own, and raise what any of them raised."""
    raised: list[BaseException] = []

    def run(each: Callable[[], object]) -> None:
        try:
            each()
        except BaseException as fault:  # noqa: BLE001  raised below
            raised.append(fault)

    threads = [threading.Thread(target=run, args=(each,)) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for fault in raised:
        raise fault


class Acceptance:
    """Every engine passes these. A subclass gives the fixture `database`, with the clock."""

    def test_a_new_world_is_at_revision_zero(self, database: Database) -> None:
        assert revision(database) == 0
        assert all_events(database) == []

    def test_a_work_becomes_the_next_revision(self, database: Database) -> None:
        assert [commit(database), commit(database)] == [1, 2]
        assert revision(database) == 2

    def test_revisions_have_no_gaps_under_concurrent_writers(self, database: Database) -> None:
        seen: list[int] = []

        def write_some() -> None:
            for n in range(10):
                seen.append(commit(database, Change("noted", {"n": n})))
                if n % 3 == 0:
                    fail(database, ZeroDivisionError)

        in_threads(*[write_some] * 6)

        assert sorted(seen) == list(range(1, 61))
        assert [event.revision for event in all_events(database)] == list(range(1, 61))
        assert profile(database) == "test"

    def test_two_writers_never_lose_a_change(self, database: Database) -> None:
        def add_one() -> None:
            for _ in range(10):
                with database.authority(actor="x", correlation="") as work:
                    held = work.connection.execute(select(world.c.catalog_version)).scalar_one()
                    added = update(world).values(catalog_version=str(int(held) + 1))
                    work.connection.execute(added)
                    work.record(CHANGE)

        with database.authority(actor="x", correlation="") as work:
            work.connection.execute(update(world).values(catalog_version="0"))
            work.record(CHANGE)
        in_threads(add_one, add_one, add_one, add_one)

        with database.reading() as reading:
            held = reading.connection.execute(select(world.c.catalog_version)).scalar_one()
        assert held == "40"

    def test_a_work_that_fails_leaves_nothing(self, database: Database) -> None:
        fail(database, ZeroDivisionError)

        assert (revision(database), all_events(database)) == (0, [])
        assert profile(database) == "test"
        assert commit(database) == 1

    def test_a_work_that_fails_in_the_database_leaves_nothing(self, database: Database) -> None:
        commit(database)
        fail(database, IntegrityError, lambda work: work.connection.execute(SECOND_WORLD))

        assert (revision(database), profile(database)) == (1, "test")

    def test_an_unrecorded_change_is_refused(self, database: Database) -> None:
        with (
            pytest.raises(
                UnrecordedChangeError, match="work of `x` changed rows and recorded no event"
            ),
            database.authority(actor="x", correlation="") as work,
        ):
            write_something(work)

        assert (revision(database), profile(database)) == (0, "test")

    def test_a_work_that_does_nothing_takes_no_revision(self, database: Database) -> None:
        with database.authority(actor="x", correlation="") as work:
            work.connection.execute(select(world)).all()

        assert (work.revision, revision(database)) == (1, 0)
        assert commit(database) == 1

    def test_a_work_sees_its_own_changes_and_nobody_else_does(self, database: Database) -> None:
        with database.authority(actor="x", correlation="") as work:
            write_something(work)
            work.record(CHANGE)
            seen = work.connection.execute(select(world.c.profile)).scalar_one()
            seen_by_others = profile(database), revision(database)

        assert seen == "changed"
        assert seen_by_others == ("test", 0)
        assert profile(database) == "changed"

    def test_the_journal_takes_no_revision_and_writes_no_event(self, database: Database) -> None:
        with database.journal() as journal:
            journal.connection.execute(update(world).values(profile="journal"))

        assert (revision(database), all_events(database)) == (0, [])
        assert profile(database) == "journal"

    def test_a_journal_that_fails_leaves_nothing(self, database: Database) -> None:
        with pytest.raises(ZeroDivisionError), database.journal() as journal:
            journal.connection.execute(update(world).values(profile=str(1 // 0)))

        assert profile(database) == "test"

    def test_a_reading_is_one_snapshot(self, database: Database) -> None:
        with database.reading() as reading:
            before = reading.connection.execute(select(world.c.revision)).scalar_one()
            in_threads(lambda: commit(database))
            after = reading.connection.execute(select(world.c.revision)).scalar_one()
            found = list_events(reading, after=0, most=10)

        assert (before, after, found) == (0, 0, [])
        assert revision(database) == 1

    @pytest.mark.parametrize("outer", ["reading", "authority", "journal"])
    def test_however_many_read_while_they_do_something_else_each_gets_done(
        self, database: Database, outer: str
    ) -> None:
        """None waits for a connection that another holds while it waits for one, too."""
        seen: list[str] = []

        def look_twice() -> None:
            with begin(database, outer):
                time.sleep(0.01)
                seen.append(profile(database))

        began = time.monotonic()
        in_threads(*[look_twice] * 45)

        assert seen == ["test"] * 45
        assert time.monotonic() - began < 20

    def test_a_thread_that_reads_may_write_meanwhile(self, database: Database) -> None:
        def read_and_write() -> None:
            with database.reading():
                commit(database)

        in_threads(*[read_and_write] * 20)

        assert revision(database) == 20

    def test_a_thread_that_reads_may_note_something_meanwhile(self, database: Database) -> None:
        seen: list[str] = []

        def read_and_note() -> None:
            with database.reading(), database.journal() as journal:
                seen.append(str(journal.connection.execute(select(world.c.profile)).scalar_one()))

        began = time.monotonic()
        in_threads(*[read_and_note] * 20)

        assert seen == ["test"] * 20
        assert time.monotonic() - began < 20

    def test_a_reading_changes_nothing(self, database: Database) -> None:
        with pytest.raises(ChangedWhileReadingError), database.reading() as reading:
            reading.connection.execute(update(world).values(profile="reading"))

        assert profile(database) == "test"

    @pytest.mark.parametrize("inner", ["authority", "journal"])
    @pytest.mark.parametrize("outer", ["authority", "journal"])
    def test_a_thread_does_not_wait_for_itself(
        self, database: Database, outer: str, inner: str
    ) -> None:
        with begin(database, outer), pytest.raises(NestedWorkError), begin(database, inner):
            pass

        assert commit(database) == 1

    def test_time_is_the_clocks(self, database: Database, clock: TestClock) -> None:
        clock.advance(timedelta(hours=2))
        commit(database)

        with database.reading() as reading, begin(database, "authority") as work:
            assert reading.now == work.now == START + timedelta(hours=2)
        assert all_events(database)[0].at == START + timedelta(hours=2)

    def test_an_event_tells_all_that_was_recorded(self, database: Database) -> None:
        commit(database, CHANGE, Change("next"), actor="person:1")

        first, second = all_events(database)
        assert (first.revision, first.n, first.kind) == (1, 0, "noted")
        assert (first.actor, first.correlation) == ("person:1", "c" * 32)
        assert (first.payload, first.touches) == (CHANGE.payload, CHANGE.touches)
        assert (second.revision, second.n, second.kind) == (1, 1, "next")
        assert (second.payload, second.touches) == ({}, ())

    def test_events_are_listed_after_a_revision_in_order(self, database: Database) -> None:
        for n in range(4):
            commit(database, Change("a", {"n": n}), Change("b"))

        with database.reading() as reading:
            found = list_events(reading, after=1, most=3)

        assert [(event.revision, event.n) for event in found] == [(2, 0), (2, 1), (3, 0)]

    def test_what_was_touched_is_fed_with_its_revision(self, database: Database) -> None:
        feed = TouchFeed(database)
        commit(database)
        commit(database, Change("untouching"))
        commit(database, Change("b", touches=(Touch(9, Aspect.KEYS),)), CHANGE)

        assert feed.touched_after(0)[0] == (1, CHANGE.touches)
        assert feed.touched_after(1) == [(3, (Touch(9, Aspect.KEYS),)), (3, CHANGE.touches)]
        assert feed.touched_after(3) == []

    def test_each_event_is_hashed_with_the_one_before(self, database: Database) -> None:
        commit(database, CHANGE, Change("b"))
        commit(database, actor="x\ny")

        head = ""
        for event in all_events(database):
            head = chained(head, event)
            assert event.chained == head
        with database.reading() as reading:
            assert reading.connection.execute(select(world.c.chain_head)).scalar_one() == head

    @pytest.mark.parametrize(
        "column, value",
        [("actor", "y"), ("payload", "{}"), ("touches", "[]"), ("kind", "k"), ("correlation", "")],
    )
    def test_a_change_of_the_past_shows(self, database: Database, column: str, value: str) -> None:
        commit(database)
        commit(database)
        with database.engine.begin() as connection:
            connection.execute(update(events).where(events.c.revision == 1).values({column: value}))

        first = all_events(database)[0]

        assert chained("", first) != first.chained

    def test_facts_moved_from_one_field_to_the_next_are_another_event(
        self, database: Database
    ) -> None:
        commit(database, Change("c\nd"), actor="a\nb")
        event = all_events(database)[0]

        moved = chained("", event, actor="a", kind="b\nc\nd")

        assert moved != event.chained

    def test_a_question_is_answered_with_what_was_committed(self, database: Database) -> None:
        text = database.text_of(
            select(world.c.revision, world.c.profile).where(
                world.c.profile == bindparam("profile"), world.c.revision >= bindparam("least")
            )
        )

        assert database.ask(text, {"profile": "test", "least": 0}) == [(0, "test")]
        commit(database)
        assert database.ask(text, {"profile": "test", "least": 1}) == [(1, "test")]
        assert database.ask(text, {"profile": "'; --", "least": 0}) == []

    def test_a_question_does_not_hold_up_a_writer(self, database: Database) -> None:
        with database.authority(actor="x", correlation="") as work:
            write_something(work)
            work.record(CHANGE)
            assert revision(database) == 0

        assert revision(database) == 1

    def test_questions_can_be_asked_from_many_threads(self, database: Database) -> None:
        feed = TouchFeed(database)
        seen: list[int] = []

        def ask_some() -> None:
            seen.extend(feed.revision()[0] for _ in range(20))

        def write_some() -> None:
            for _ in range(5):
                commit(database)

        in_threads(ask_some, ask_some, write_some, ask_some)

        assert len(seen) == 60
        assert feed.revision()[0] == 5

    def test_a_question_the_database_cannot_answer_is_a_fault_and_the_next_one_is_asked(
        self, database: Database
    ) -> None:
        with pytest.raises(Exception, match="no_such_table"):
            database.ask("SELECT * FROM no_such_table", {})

        assert revision(database) == 0

    def test_a_closed_database_can_be_asked_again(self, database: Database) -> None:
        assert revision(database) == 0
        database.close()

        assert revision(database) == 0


@contextmanager
def begin(database: Database, how: str) -> Iterator[Any]:
    """A unit of work by its name."""
    if how == "reading":
        with database.reading() as reading:
            yield reading
    elif how == "journal":
        with database.journal() as journal:
            yield journal
    else:
        with database.authority(actor="x", correlation="") as work:
            yield work


def chained(head: str, event: Event, *, actor: str | None = None, kind: str | None = None) -> str:
    """The hash of an event after `head`, worked out from what is read back."""
    touches = json.dumps([[entity, aspect] for entity, aspect in event.touches])
    facts = [
        head,
        str(event.revision),
        str(event.n),
        event.at.isoformat(),
        actor or event.actor,
        kind or event.kind,
        event.correlation,
        touches.replace(" ", ""),
        json.dumps(event.payload, ensure_ascii=False, separators=(",", ":"), sort_keys=True),
    ]
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
