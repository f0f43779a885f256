"""A test world begun anew with the rows that its content became: all of them, or none."""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from uuid import UUID

import pytest
from sqlalchemy.exc import DBAPIError

from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.run.testworld.world import TestWorld, WorldSettings, default_world
from fullmakt.run.testworld.worldfile.entries import World
from fullmakt.services.notices import subscriptions_store
from fullmakt.services.notices.model import Position, Subscription
from tests.worlds import START

VENDOR = OrganizationNumber("312300109")
_TAKES_S = 1.0

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


@contextmanager
def slow_endpoint() -> Iterator[tuple[str, Event]]:
    """The address of a webhook that takes its time, and whether something has come."""
    has_come = Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            has_come.set()
            time.sleep(_TAKES_S)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/", has_come
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_notice_on_its_way_is_not_noted_in_the_world_that_comes_after(world: TestWorld) -> None:
    database = world.standing().database
    caught_up = Position(world.revision(), 1_000)
    with slow_endpoint() as (address, has_come):
        secret = b64encode(bytes(32)).decode()
        new = Subscription(
            id=0,
            uuid=UUID(int=1),
            organization=VENDOR,
            is_vendor=True,
            is_owner=False,
            endpoint=address,
            secret=secret,
            created=START,
            position=caught_up,
        )
        with database.journal() as journal:
            subscriptions_store.add(journal, new)
        world.save_snapshot("before")
        with database.journal() as journal:
            (kept,) = subscriptions_store.list_of(journal, VENDOR)
            subscriptions_store.advance(journal, kept, Position(0, 0))
        world.standing().notice_delivery.start()
        assert has_come.wait(10)

        world.restore_snapshot("before")

    with database.reading() as reading:
        (kept,) = subscriptions_store.list_of(reading, VENDOR)
    assert kept.position == caught_up


def whole(world: TestWorld) -> World:
    """All that stands but the time, which runs on."""
    return replace(world.export(), domain_time=None)
