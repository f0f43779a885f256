"""A test world begun anew with the rows that its content became: all of them, or none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from fullmakt.run.testworld.world import TestWorld, WorldSettings, default_world
from fullmakt.run.testworld.worldfile.entries import World

REFUSING = {
    "sqlite": [
        (
            "CREATE TRIGGER refusing BEFORE INSERT ON world_facts"
            " BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
        )
    ],
    "postgresql": [
        (
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql"
            " AS $$BEGIN RAISE 'the disk is full'; END$$"
        ),
        (
            "CREATE TRIGGER refusing BEFORE INSERT ON world_facts"
            " FOR EACH ROW EXECUTE FUNCTION refuse()"
        ),
    ],
}


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[TestWorld]:
    made = TestWorld(WorldSettings("http://127.0.0.1:1", database_url, tmp_path))
    made.open(None)
    yield made
    made.close()


def test_a_reset_that_the_store_breaks_off_leaves_the_world_and_its_time(world: TestWorld) -> None:
    content = default_world()
    assert content.domain_time is not None
    later = content.domain_time.replace(year=content.domain_time.year + 1)
    world.move_clock(later)
    revision, offset, before = world.revision(), world.clock.offset, whole(world)
    database = world.standing().database
    with database.engine.begin() as connection:
        for statement in REFUSING[connection.dialect.name]:
            connection.exec_driver_sql(statement)

    with pytest.raises(DBAPIError, match="the disk is full"):
        world.reset(content, correlation="", is_known_to_load=True)

    assert whole(world) == before
    assert (world.revision(), world.clock.offset) == (revision, offset)


def whole(world: TestWorld) -> World:
    """All that stands but the time, which runs on."""
    return replace(world.export(), domain_time=None)
