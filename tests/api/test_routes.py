"""The list of routes and a running test world: each says of the other what it is."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterable, Iterator

import httpx
import pytest

from fullmakt.run.server.front import Front
from fullmakt.run.server.surface import ServedRoute
from fullmakt.run.testworld.routes import world_routes
from fullmakt.run.testworld.serve import control_application
from fullmakt.run.testworld.world import TestWorld, WorldSettings
from fullmakt.run.testworld.worldfile.entries import World

BASE = "http://127.0.0.1:1"
METHODS = {"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"}
ROUTES = world_routes()
LEADS_NOWHERE = "leads nowhere"


@pytest.fixture(scope="module")
def front() -> Iterator[Front]:
    world = TestWorld(WorldSettings(BASE))
    world.open(World())
    yield control_application(world, base=BASE, secret="not-told-to-anybody")
    world.close()


def ask(front: Front, asked: Iterable[tuple[str, str]]) -> list[httpx.Response]:
    """The answer to each method of a path, with something in the place of every parameter."""

    async def asking() -> list[httpx.Response]:
        transport = httpx.ASGITransport(front)
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as http:
            return [
                await http.request(method, re.sub(r"\{\w+\}", "1", path)) for method, path in asked
            ]

    return asyncio.run(asking())


def reason(answer: httpx.Response) -> str:
    is_problem = answer.headers.get("content-type", "").startswith("application/problem+json")
    return str(answer.json().get("detail", "")) if is_problem else ""


def test_every_route_listed_is_answered(front: Front) -> None:
    answers = ask(front, [(route.method, route.path) for route in ROUTES])

    unanswered = [
        (route.operation, answer.status_code)
        for route, answer in zip(ROUTES, answers, strict=True)
        if answer.status_code in {405, 500} or LEADS_NOWHERE in reason(answer)
    ]
    assert unanswered == []


def test_no_method_that_is_not_listed_is_answered(front: Front) -> None:
    listed = {(route.method, route.path) for route in ROUTES}
    unlisted = sorted({(method, route.path) for method in METHODS for route in ROUTES} - listed)

    answers = ask(front, unlisted)

    answered = [
        (asked, answer.status_code)
        for asked, answer in zip(unlisted, answers, strict=True)
        if answer.status_code != 405
    ]
    assert answered == []


def test_a_path_that_is_not_listed_leads_nowhere(front: Front) -> None:
    """Below, above and beside every path."""
    shapes = {shape(route) for route in ROUTES}
    beside = {
        path
        for route in ROUTES
        for path in (f"{route.path}/more", route.path.rpartition("/")[0], f"{route.path}s")
    }
    unlisted = sorted(path for path in beside if path and not fits(path, shapes))

    answers = ask(front, [("GET", path) for path in unlisted])

    leading = [
        (path, answer.status_code)
        for path, answer in zip(unlisted, answers, strict=True)
        if answer.status_code != 404 or LEADS_NOWHERE not in reason(answer)
    ]
    assert len(unlisted) > 300
    assert leading == []


def shape(route: ServedRoute) -> str:
    return "[^/]+".join(re.escape(part) for part in re.split(r"\{\w+\}", route.path))


def fits(path: str, shapes: Iterable[str]) -> bool:
    return any(re.fullmatch(each, path) for each in shapes)


def test_every_operation_is_one_routes_alone() -> None:
    operations = Counter(route.operation for route in ROUTES)

    assert [name for name, times in operations.items() if times > 1] == []
    assert [name for name in operations if not re.fullmatch(r"[a-z]\w+_\w+", name)] == []
