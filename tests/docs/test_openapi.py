"""The description in OpenAPI: sound, complete, and what a running world says of itself."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from docs.generate import REFERENCE
from fullmakt.run.server.description import UndescribedError
from fullmakt.run.server.surface import ServedRoute
from fullmakt.run.testworld.description import described_world
from fullmakt.run.testworld.routes import world_routes
from fullmakt.run.testworld.serve import control_application
from fullmakt.run.testworld.world import TestWorld, WorldSettings
from fullmakt.run.testworld.worldfile.entries import World

BASE = "http://127.0.0.1:1"
DESCRIBED: dict[str, Any] = json.loads((REFERENCE / "openapi.json").read_text(encoding="utf-8"))


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in DESCRIBED["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def operation_called(name: str) -> dict[str, Any]:
    (found,) = (each for _, _, each in operations() if each["operationId"] == name)
    return found


def test_the_description_is_sound_by_the_specifications_own_schema() -> None:
    faults = [error.message for error in OpenAPIV31SpecValidator(DESCRIBED).iter_errors()]

    assert faults == []


def test_every_route_is_an_operation_and_every_operation_a_route() -> None:
    routes = {(route.method, route.path, route.operation) for route in world_routes()}

    assert {(method, path, each["operationId"]) for method, path, each in operations()} == routes


def test_a_running_world_tells_what_is_committed() -> None:
    world = TestWorld(WorldSettings(BASE))
    world.open(World())
    front = control_application(world, base=BASE, secret="not-told-to-anybody")

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(front)
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as http:
            return await http.get("/fullmakt/openapi.json")

    try:
        told = asyncio.run(ask())
    finally:
        world.close()

    assert told.headers["content-type"] == "application/json"
    assert told.json() == DESCRIBED


def test_a_route_without_a_contract_is_not_described_by_guesses() -> None:
    source = "fullmakt.run.new.get_new"
    new = ServedRoute("GET", "/fullmakt/new", "testWorld_getNew", "Something new.", source)

    with pytest.raises(UndescribedError, match=r"no contract has: fullmakt\.run\.new\.get_new"):
        described_world([*world_routes(), new])


def test_a_contract_without_a_route_is_dead() -> None:
    routes = [each for each in world_routes() if each.operation != "systemRegister_createSystem"]

    with pytest.raises(UndescribedError, match=r"no route has: .*create_system"):
        described_world(routes)


def test_an_operation_wants_one_of_the_scopes_that_its_guard_accepts() -> None:
    security = operation_called("systemRegister_createSystem")["security"]

    assert security == [
        {"token": ["altinn:authentication/systemregister.write"]},
        {"token": ["altinn:authentication/systemregister.admin"]},
    ]


def test_what_opens_to_everybody_says_so() -> None:
    closed = {each["operationId"] for _, _, each in operations() if each.get("security")}

    assert "catalog_listRoles" not in closed
    assert "maskinporten_issueToken" not in closed
    assert {"decisions_authorize", "testWorld_postWorld", "exchange_exchangeToken"} <= closed


def test_every_operation_tells_at_least_one_success_and_where_a_token_is_wanted_both_refusals() -> (
    None
):
    without = [
        each["operationId"]
        for _, _, each in operations()
        if not any(status[0] in "23" for status in each["responses"])
        or (
            any("token" in wanted for wanted in each.get("security", []))
            and not {"401", "403"} <= each["responses"].keys()
        )
    ]

    assert without == []


def test_a_problem_of_the_platform_has_one_of_its_shapes() -> None:
    content = DESCRIBED["components"]["responses"]["refused400"]["content"]

    shapes = content["application/problem+json"]["schema"]["anyOf"]
    assert {each["$ref"].rpartition("/")[2] for each in shapes} == {
        "AltinnProblem",
        "AltinnValidationProblem",
        "InputProblem",
        "PlainProblem",
    }
