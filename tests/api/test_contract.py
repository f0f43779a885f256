"""Every endpoint answers as it is described, whatever it is sent: generated calls in one world.

Calls are made from the description, with the tokens that it wants; what names a thing of the world
is often that of a real one. No answer may be a fault, of a status that is not described, or of
another shape.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from zlib import crc32

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from docs.generate import REFERENCE
from tests.api.contract_world import BASE, ContractWorld, contract_world

OF_EVERY_ANSWER = [not_a_server_error, status_code_conformance]
OF_ANSWERS_WITH_BODIES = [
    *OF_EVERY_ANSWER,
    content_type_conformance,
    response_schema_conformance,
]
# They put another world in this one's place, or another time: calls after them would be of that.
TURNING_THE_WORLD = ["testWorld_resetWorld", "testWorld_restoreSnapshot", "testWorld_moveClock"]

schema = schemathesis.openapi.from_dict(
    json.loads((REFERENCE / "openapi.json").read_text(encoding="utf-8"))
).exclude(operation_id=TURNING_THE_WORLD)
schema.config.update(base_url=BASE)
schema.config.phases.coverage.enabled = False


def described_kinds(case: Case, status: int) -> set[str]:
    """The media types of a success. A refusal may be without a body, and tell why in a header."""
    described = case.operation.definition.raw["responses"][str(status)]
    return set(described.get("content", {}))


@pytest.fixture(scope="module")
def world() -> Iterator[ContractWorld]:
    with contract_world() as opened:
        yield opened


@pytest.fixture(autouse=True)
def _as_learned(world: ContractWorld) -> Iterator[None]:
    with world.put_back():
        yield


def named_really(world: ContractWorld, case: Case) -> None:
    """Give two of three calls real names; the keen ones have no parameter besides."""
    chosen = crc32(repr((case.path_parameters, case.query, case.body)).encode("utf-8", "replace"))
    real = world.real_values(case.path)
    if chosen % 3 == 0:
        return
    names = {each.name for each in case.operation.query}
    if chosen % 3 == 1:
        case.query.clear()
        case.headers.clear()
    for place in (case.path_parameters, case.query, case.body):
        if isinstance(place, dict):
            for name in real.keys() & (place.keys() | (names if place is case.query else set())):
                place[name] = real[name][chosen // 3 % len(real[name])]


@schema.parametrize()
@settings(
    max_examples=3,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_an_answer_is_as_it_is_described(case: Case, world: ContractWorld) -> None:
    security = case.operation.definition.raw.get("security", [])
    named_really(world, case)

    answer = case.call(app=world.front, headers=world.authorization(security))

    if answer.content:
        case.validate_response(answer, checks=OF_ANSWERS_WITH_BODIES)
    else:
        case.validate_response(answer, checks=OF_EVERY_ANSWER)
        kinds = described_kinds(case, answer.status_code)
        assert "application/json" not in kinds
        assert kinds or "content-type" not in answer.headers


def test_an_answer_that_is_not_as_described_is_caught(world: ContractWorld) -> None:
    described = json.loads((REFERENCE / "openapi.json").read_text(encoding="utf-8"))
    described["components"]["schemas"]["Health"]["required"].append("colour")
    other = schemathesis.openapi.from_dict(described)
    other.config.update(base_url=BASE)
    case = other["/fullmakt/health"]["GET"].Case()

    answer = case.call(app=world.front)

    with pytest.raises(FailureGroup, match="violates schema") as caught:
        case.validate_response(answer, checks=OF_ANSWERS_WITH_BODIES)
    assert [each.title for each in caught.value.exceptions] == ["Response violates schema"]
