"""Used grants are remembered: by one winner, across kill -9, and until they run out."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from fullmakt.foundation.storage.database import Database
from fullmakt.foundation.storage.group_commit import Durability, WriteFailedError
from fullmakt.identity.maskinporten.replay import ReplayGuard
from tests.worlds import START, TestClock, new_database

UNTIL = START + timedelta(seconds=130)
CLIENT = "fc9a8287-0c5a-4a3e-9a0f-0f5a3c1d2b10"
ROOT = Path(__file__).parents[3]

BURN_AND_WAIT = f"""
import asyncio, sys, time
from datetime import timedelta
from fullmakt.foundation.events.ledger import EventLedger
from fullmakt.foundation.storage.database import Database
from fullmakt.identity.maskinporten.replay import ReplayGuard
from tests.worlds import START, TestClock

async def main():
    clock = TestClock()
    database = Database(sys.argv[1], clock=clock, ledger=EventLedger())
    guard = ReplayGuard(database, machine_clock=clock)
    n = 0
    while True:
        await asyncio.gather(*(
            burn(guard, f"jti-{{n}}-{{m}}") for m in range(8)
        ))
        n += 1

async def burn(guard, jti):
    assert await guard.burn("{CLIENT}", jti, START + timedelta(seconds=130))
    sys.stdout.write(jti + "\\n")
    sys.stdout.flush()

asyncio.run(main())
"""


@contextmanager
def guarding(database: Database, clock: TestClock | None = None) -> Iterator[ReplayGuard]:
    guard = ReplayGuard(database, machine_clock=clock or TestClock(), durability=Durability.PROCESS)
    try:
        yield guard
    finally:
        guard.close()


@pytest.fixture
def database(place_url: str) -> Iterator[Database]:
    database = new_database(place_url)
    yield database
    database.close()


def burn(guard: ReplayGuard, jti: str, client: str = CLIENT) -> bool:
    return asyncio.run(guard.burn(client, jti, UNTIL))


def test_the_first_use_wins_and_the_second_does_not(database: Database) -> None:
    with guarding(database) as guard:
        assert [burn(guard, "a"), burn(guard, "a"), burn(guard, "b")] == [True, False, True]


def test_two_clients_may_use_the_same_id(database: Database) -> None:
    with guarding(database) as guard:
        assert [burn(guard, "a"), burn(guard, "a", client="other")] == [True, True]


def test_of_many_uses_at_once_in_two_writers_one_wins(database: Database) -> None:
    async def race(first: ReplayGuard, second: ReplayGuard) -> list[bool]:
        uses = [guard.burn(CLIENT, "a", UNTIL) for guard in (first, second) for _ in range(25)]
        return list(await asyncio.gather(*uses))

    with guarding(database) as first, guarding(database) as second:
        won = asyncio.run(race(first, second))

    assert sorted(won) == [False] * 49 + [True]


def test_uses_in_many_orders_in_two_writers_all_get_an_answer(database: Database) -> None:
    names = [f"{n:03}" for n in range(100)]

    async def race(first: ReplayGuard, second: ReplayGuard) -> list[bool]:
        uses = [first.burn(CLIENT, name, UNTIL) for name in names]
        uses += [second.burn(CLIENT, name, UNTIL) for name in reversed(names)]
        return list(await asyncio.gather(*uses))

    with guarding(database) as first, guarding(database) as second:
        won = asyncio.run(race(first, second))

    assert sum(won) == len(names)


def test_a_use_is_remembered_by_the_next_process(database: Database) -> None:
    with guarding(database) as guard:
        burn(guard, "a")

    with guarding(database) as guard:
        assert not burn(guard, "a")


def test_a_use_is_remembered_until_its_grant_has_run_out_and_then_forgotten(
    database: Database,
) -> None:
    clock = TestClock()
    with guarding(database, clock) as guard:
        burn(guard, "a")
        clock.at = UNTIL
        burn(guard, "what has run out is forgotten after this")
        at_the_end = burn(guard, "a")
        clock.at = UNTIL + timedelta(seconds=31)
        burn(guard, "b")

        long_after = burn(guard, "a")

    assert (at_the_end, long_after) == (False, True)


def test_a_guard_that_is_closed_refuses(database: Database) -> None:
    with guarding(database) as guard:
        pass

    with pytest.raises(WriteFailedError, match="the writer is closed"):
        burn(guard, "a")


def test_every_use_that_was_answered_survives_kill_9(database: Database, place_url: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", BURN_AND_WAIT, place_url],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "src")))},
    )
    assert process.stdout is not None
    answered = [process.stdout.readline().strip() for _ in range(200)]
    process.send_signal(signal.SIGKILL)
    answered += [line.strip() for line in process.stdout if line.endswith("\n")]
    process.stdout.close()
    process.wait()

    with guarding(database) as guard:
        forgotten = [jti for jti in answered if burn(guard, jti)]

    assert answered[0].startswith("jti-0-")
    assert forgotten == []


@pytest.mark.parametrize("place_url", ["sqlite"], indirect=True)
def test_marks_are_in_a_file_of_their_own_beside_the_worlds(
    database: Database, tmp_path: Path
) -> None:
    with guarding(database) as guard:
        burn(guard, "a")

        assert (tmp_path / "test.sqlite-replay").exists()
