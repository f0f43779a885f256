"""Small writes of many callers are committed together, and a fault is told to each of them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Column, Engine, Integer, MetaData, Table, bindparam, insert
from sqlalchemy.schema import CreateTable

from fullmakt.foundation.storage.database import Database
from fullmakt.foundation.storage.group_commit import (
    Durability,
    GroupCommit,
    WriteFailedError,
    open_group_commit,
)
from tests.worlds import new_database

marks = Table("marks", MetaData(), Column("n", Integer, primary_key=True))
SCHEMA = str(CreateTable(marks, if_not_exists=True))


@pytest.fixture
def database(place_url: str) -> Iterator[Database]:
    database = new_database(place_url)
    if not database.is_inline:
        marks.create(database.engine)
    yield database
    database.close()


@contextmanager
def writing(engine: Engine, durability: Durability = Durability.PROCESS) -> Iterator[GroupCommit]:
    writer = open_group_commit(engine, name="marks", schema=SCHEMA, durability=durability)
    try:
        yield writer
    finally:
        writer.close()


def add_text(database: Database) -> str:
    return database.text_of(insert(marks).values(n=bindparam("n")))


@pytest.mark.parametrize("durability", list(Durability))
def test_each_caller_is_told_how_many_rows_it_wrote(
    database: Database, durability: Durability
) -> None:
    text = add_text(database)

    async def write_all(writer: GroupCommit) -> list[int]:
        return list(await asyncio.gather(*(writer.write(text, {"n": n}) for n in range(600))))

    with writing(database.engine, durability) as writer:
        assert asyncio.run(write_all(writer)) == [1] * 600


def test_a_fault_is_told_to_all_that_were_committed_together_and_the_next_are_written(
    database: Database,
) -> None:
    text = add_text(database)

    async def write_all(writer: GroupCommit) -> tuple[list[object], int]:
        together = (writer.write(text, {"n": n}) for n in (1, 2, 2))
        outcomes = await asyncio.gather(*together, return_exceptions=True)
        return list(outcomes), await writer.write(text, {"n": 1})

    with writing(database.engine) as writer:
        outcomes, afterwards = asyncio.run(write_all(writer))

    assert [type(outcome) for outcome in outcomes] == [WriteFailedError] * 3
    assert str(outcomes[0]).startswith("not committed: ")
    assert afterwards == 1


def test_a_write_that_nobody_waits_for_fails_nobody_elses(database: Database) -> None:
    text = add_text(database)

    async def write_all(writer: GroupCommit) -> int:
        await writer.write(text, {"n": 1})
        writer.write_some_time(text, {"n": 1})
        return await writer.write(text, {"n": 2})

    with writing(database.engine) as writer:
        assert asyncio.run(write_all(writer)) == 1


def test_a_caller_that_left_is_not_told(database: Database) -> None:
    text = add_text(database)

    async def leave(writer: GroupCommit) -> int:
        leaver = asyncio.create_task(writer.write(text, {"n": 1}))
        await asyncio.sleep(0)
        leaver.cancel()
        return await writer.write(text, {"n": 2})

    with writing(database.engine) as writer:
        assert asyncio.run(leave(writer)) == 1


def test_what_waits_is_written_before_the_writer_closes(database: Database) -> None:
    text = add_text(database)

    async def write_and_close(writer: GroupCommit) -> int:
        waiting = asyncio.create_task(writer.write(text, {"n": 1}))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await asyncio.to_thread(writer.close)
        return await waiting

    with writing(database.engine) as writer:
        assert asyncio.run(write_and_close(writer)) == 1


def test_what_is_not_handed_over_when_the_writer_closes_is_told_so(database: Database) -> None:
    text = add_text(database)

    async def close_first(writer: GroupCommit) -> int:
        waiting = asyncio.create_task(writer.write(text, {"n": 1}))
        asyncio.get_running_loop().call_soon(writer.close)
        return await waiting

    with writing(database.engine) as writer, pytest.raises(WriteFailedError, match="is closed"):
        asyncio.run(close_first(writer))
