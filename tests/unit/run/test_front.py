"""The front: requests wait while a world is replaced, and a fault tells nothing of the inside."""

from __future__ import annotations

import asyncio
import logging
import tracemalloc
from collections.abc import Iterator, MutableMapping
from dataclasses import replace
from typing import Any

import pytest
from litestar import get
from litestar.exceptions import ImproperlyConfiguredException
from litestar.params import FromQuery

from fullmakt.foundation.http.given import Given
from fullmakt.run.server.assembly import assemble
from fullmakt.run.server.front import Front
from fullmakt.run.server.house import House
from fullmakt.run.testworld.world import TestWorld, WorldSettings
from fullmakt.run.testworld.worldfile.entries import World

Message = MutableMapping[str, Any]


class Source:
    """Gives the house that a test puts there."""

    def __init__(self, house: House | None) -> None:
        self.house = house


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    world = TestWorld(WorldSettings("http://127.0.0.1:1"))
    world.open(World())
    yield world.standing()
    world.close()


async def ask(
    front: Front, path: str, method: str = "GET", *, query: bytes = b""
) -> tuple[int, bytes]:
    status, _headers, body = await ask_for_all(front, path, method, query=query)
    return status, body


async def ask_for_all(
    front: Front, path: str, method: str = "GET", *, query: bytes = b""
) -> tuple[int, dict[bytes, bytes], bytes]:
    sent: list[Message] = []

    async def receive() -> Message:
        await asyncio.sleep(0)
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        await asyncio.sleep(0)
        sent.append(message)

    scope: Message = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "headers": [],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 1),
        "scheme": "http",
        "root_path": "",
    }
    await front(scope, receive, send)
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], dict(sent[0]["headers"]), body


def test_a_request_waits_while_one_house_takes_anothers_place(house: House) -> None:
    source = Source(None)
    front = Front(source, assemble())

    async def play() -> tuple[int, bytes]:
        asking = asyncio.create_task(ask(front, "/maskinporten/jwk"))
        await asyncio.sleep(0.05)
        assert not asking.done()
        source.house = house
        return await asking

    status, body = asyncio.run(play())

    assert status == 200
    assert b'"keys"' in body


@pytest.mark.parametrize(
    "path, methods",
    [
        ("/fullmakt/health", "GET, OPTIONS"),
        (
            "/authentication/api/v1/systemregister/vendor/312800454_maestro",
            "DELETE, GET, OPTIONS, PUT",
        ),
    ],
)
def test_options_tells_every_method_of_a_path(house: House, path: str, methods: str) -> None:
    @get("/fullmakt/health", sync_to_thread=False)
    def health() -> None: ...

    front = Front(Source(house), assemble([health]))

    status, headers, body = asyncio.run(ask_for_all(front, path, "OPTIONS"))

    assert (status, headers[b"allow"].decode(), body) == (204, methods, b"")


def test_a_path_registered_twice_for_one_method_is_refused_at_the_start() -> None:
    @get("/twice/{name:str}", sync_to_thread=False)
    def first(name: str) -> None: ...

    @get("/twice/{name:str}", sync_to_thread=False)
    def second(name: str) -> None: ...

    with pytest.raises(ImproperlyConfiguredException, match="is registered twice for GET"):
        assemble([first, second])


def test_a_fault_in_a_handler_is_a_bare_500_and_logged_with_its_trace(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    @get("/broken", sync_to_thread=False)
    def broken(correlation: Given[str]) -> None:
        message = f"the inside, {correlation}"
        raise RuntimeError(message)

    front = Front(Source(house), assemble([broken]))

    with caplog.at_level(logging.ERROR):
        status, body = asyncio.run(ask(front, "/broken"))

    assert status == 500
    assert b"the inside" not in body
    (record,) = caplog.records
    correlation = record.getMessage().rpartition(" ")[2]
    assert correlation.encode() in body
    assert record.exc_info is not None


def test_a_fault_in_a_hot_endpoint_is_told_as_one_in_a_handler_is(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(_scope: object, _receive: object, _send: object) -> None:
        await asyncio.sleep(0)
        message = "the inside"
        raise RuntimeError(message)

    faulty = replace(house, hot_endpoints={"/maskinporten/token": broken})
    front = Front(Source(faulty), assemble())

    with caplog.at_level(logging.ERROR):
        status, body = asyncio.run(ask(front, "/Maskinporten/Token/", "POST"))

    assert status == 500
    assert b"the inside" not in body
    assert b'"title":"Internal Server Error"' in body
    assert "no answer to POST /maskinporten/token" in caplog.records[0].getMessage()


def test_a_parameter_that_cannot_be_read_is_told_by_its_name(house: House) -> None:
    @get("/wanting", sync_to_thread=False)
    def wanting(size: FromQuery[int]) -> int:
        return size

    front = Front(Source(house), assemble([wanting]))

    missing = asyncio.run(ask(front, "/wanting"))
    wrong = asyncio.run(ask(front, "/wanting", query=b"size=x"))

    assert missing[0] == wrong[0] == 400
    assert b'"errors":{"size":["The size field is required."]}' in missing[1]
    assert b'"errors":{"size":["The value \'x\' is not valid."]}' in wrong[1]


def test_long_targets_and_host_names_are_not_kept(house: House) -> None:
    front, padding = Front(Source(house), assemble()), b"x" * 100_000
    assert house.hosts is not None

    tracemalloc.start()
    try:
        for n in range(32):
            assert front.find_direct(b"/%d/%b" % (n, padding), b"any") is None
            assert front.find_direct(b"/%d" % n, b"%d.%b" % (n, padding)) is None
            assert house.hosts.find(f"{n}.{padding.decode()}") is None
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert kept < 10 * len(padding)


def test_two_applications_can_be_assembled_in_one_process(house: House) -> None:
    first, second = Front(Source(house), assemble()), Front(Source(house), assemble())

    for front in (first, second):
        status, _ = asyncio.run(ask(front, "/resourceregistry/api/v1/resource/resourcelist"))
        assert status == 200
