"""The control surface for the world as a whole: its health, contents, snapshots and clock."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any
from uuid import uuid4

from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.params import FromPath, RawBody

from fullmakt.access.catalog.model import Catalog
from fullmakt.foundation.http.doors import json_answer
from fullmakt.foundation.http.given import Given
from fullmakt.run.testworld import control_wire as wire
from fullmakt.run.testworld.control_door import neighbour, secret_holder
from fullmakt.run.testworld.world import PROFILE, TestWorld, default_world
from fullmakt.run.testworld.world_bodies import load_body, write_body
from fullmakt.run.testworld.worldfile.entries import World
from fullmakt.run.testworld.worldfile.reading import read_world
from fullmakt.run.testworld.worldfile.writing import write_world

AnyRequest = Request[Any, Any, State]
_LARGEST_WORLD = 256 * 1024 * 1024


@get("/fullmakt/health", guards=[neighbour], sync_to_thread=True)
def get_health(test_world: Given[TestWorld]) -> Response[bytes]:
    """That the world answers, and at which revision."""
    revision = test_world.revision()
    told = {"status": "ok", "revision": revision, "profile": PROFILE}
    return json_answer({**told, "version": version("fullmakt")})


@get("/fullmakt/world", guards=[neighbour], sync_to_thread=True)
def get_world(
    request: AnyRequest, test_world: Given[TestWorld], catalog: Given[Catalog]
) -> Response[bytes]:
    """Everything in the world, as a world file."""
    exported = write_world(test_world.export(), catalog)
    content, media_type = write_body(exported, request.headers.get("accept", ""))
    return Response(content, media_type=media_type)


@post(
    "/fullmakt/world",
    guards=[secret_holder],
    request_max_body_size=_LARGEST_WORLD,
    status_code=200,
    sync_to_thread=True,
)
def post_world(
    request: AnyRequest,
    test_world: Given[TestWorld],
    catalog: Given[Catalog],
    correlation: Given[str],
    body: RawBody,
) -> Response[bytes]:
    """Bring what is new in a world file into the world: all of it, or nothing."""
    added = load_body(
        body,
        request.headers.get("content-type", ""),
        lambda value: test_world.load(read_world(value, catalog), correlation=correlation),
    )
    return json_answer({"added": added, "revision": test_world.revision()})


@post(
    "/fullmakt/world/reset",
    guards=[secret_holder],
    request_max_body_size=_LARGEST_WORLD,
    status_code=200,
    sync_to_thread=True,
)
def reset_world(
    test_world: Given[TestWorld],
    catalog: Given[Catalog],
    correlation: Given[str],
    body: RawBody,
) -> Response[bytes]:
    """Begin anew: with the default world, with nothing, or with a world file."""
    wanted = wire.read_reset(body)
    test_world.reset(
        _content(wanted, catalog),
        correlation=correlation,
        is_known_to_load=not isinstance(wanted, dict),
    )
    return json_answer({"revision": test_world.revision()})


def _content(wanted: object, catalog: Catalog) -> World:
    match wanted:
        case "default":
            return default_world()
        case "empty":
            return World()
        case _:
            return read_world(wanted, catalog)


@post("/fullmakt/snapshots", guards=[secret_holder], status_code=201, sync_to_thread=True)
def save_snapshot(test_world: Given[TestWorld], body: RawBody) -> Response[bytes]:
    """Keep everything as it stands, under the name given or one made up."""
    name = wire.read_snapshot_name(body) or uuid4().hex
    revision = test_world.save_snapshot(name)
    return json_answer({"name": name, "revision": revision}, status=201)


@post(
    "/fullmakt/snapshots/{name:str}/restore",
    guards=[secret_holder],
    status_code=200,
    sync_to_thread=True,
)
def restore_snapshot(test_world: Given[TestWorld], name: FromPath[str]) -> Response[bytes]:
    """Bring back what was kept: tokens and ids of that time are good again, later ones gone."""
    test_world.restore_snapshot(name)
    return json_answer({"name": name, "revision": test_world.revision()})


@get("/fullmakt/clock", guards=[neighbour], sync_to_thread=True)
def get_clock(test_world: Given[TestWorld]) -> Response[bytes]:
    """Domain time, and the machine's, which tokens go by."""
    return json_answer(wire.write_clock(test_world.clock.now(), test_world.machine_clock.now()))


@post("/fullmakt/clock", guards=[secret_holder], status_code=200, sync_to_thread=True)
def move_clock(test_world: Given[TestWorld], body: RawBody) -> Response[bytes]:
    """Move domain time; it runs on from there."""
    clock, machine_clock = test_world.clock, test_world.machine_clock
    test_world.move_clock(wire.read_clock(body, now=clock.now()))
    return json_answer(wire.write_clock(clock.now(), machine_clock.now()))


ROUTES = [
    get_health,
    get_world,
    post_world,
    reset_world,
    save_snapshot,
    restore_snapshot,
    get_clock,
    move_clock,
]
