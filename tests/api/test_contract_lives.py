"""The lives of systems and requests, as the description links them: made, read, ended, by chance.

What is made is well formed, so that something is; all else is generated.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any
from zlib import crc32

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case, Response
from schemathesis.checks import not_a_server_error
from schemathesis.generation.stateful import run_state_machine_as_test
from schemathesis.specs.openapi.checks import (
    ensure_resource_availability,
    response_schema_conformance,
    status_code_conformance,
    use_after_free,
)

from docs.generate import REFERENCE
from tests.api.contract_world import (
    BASE,
    CLIENT,
    FIRM,
    SYSTEM,
    VENDOR,
    ContractWorld,
    contract_world,
)

OF_EVERY_ANSWER = [not_a_server_error, status_code_conformance, ensure_resource_availability]
SYSTEMS = {
    "systemRegister_createSystem",
    "systemRegister_readOwnSystem",
    "systemRegister_updateSystem",
    "systemRegister_readChangeLog",
    "systemRegister_deleteSystem",
}
REQUESTS = {
    "requests_makeStandard",
    "requests_makeAgent",
    "requests_vendor_readStandard",
    "requests_vendor_readAgent",
    "requests_deleteRequest",
}


@pytest.fixture(scope="module")
def world() -> Iterator[ContractWorld]:
    with contract_world() as opened:
        yield opened


def told_apart(body: object) -> str:
    """Something of its own for each generated body."""
    return format(crc32(repr(body).encode("utf-8", "replace")), "08x")


def sound_system(identifier: str) -> dict[str, Any]:
    texts = {language: f"Generated {language}" for language in ("nb", "nn", "en")}
    return {
        "id": identifier,
        "vendor": {"ID": f"0192:{VENDOR}"},
        "name": texts,
        "description": texts,
        "accessPackages": [{"urn": "urn:altinn:accesspackage:skattegrunnlag"}],
    }


def sound_request(reference: str, *, party: str, package: str) -> dict[str, Any]:
    return {
        "systemId": SYSTEM,
        "partyOrgNo": party,
        "externalRef": reference,
        "accessPackages": [{"urn": f"urn:altinn:accesspackage:{package}"}],
    }


def sound_body(case: Case) -> dict[str, Any] | None:
    """A body that can be accepted, where something is made or replaced."""
    own, path = told_apart(case.body), case.path_parameters
    bodies: dict[str, dict[str, Any]] = {
        "systemRegister_createSystem": sound_system(f"{VENDOR}_{own}"),
        "systemRegister_updateSystem": sound_system(str(path.get("system_id"))),
        "requests_makeStandard": sound_request(own, party=CLIENT, package="skattegrunnlag"),
        "requests_makeAgent": sound_request(
            own, party=FIRM, package="regnskapsforer-med-signeringsrettighet"
        ),
    }
    return bodies.get(operation_of(case))


def lives(world: ContractWorld, operations: set[str], *, is_gone_once_ended: bool) -> Counter[str]:
    """Play them, and count the successes of each operation."""
    described = json.loads((REFERENCE / "openapi.json").read_text(encoding="utf-8"))
    schema = schemathesis.openapi.from_dict(described).include(operation_id=sorted(operations))
    schema.config.update(base_url=BASE)
    schema.config.phases.coverage.enabled = False
    succeeded: Counter[str] = Counter()

    class Life(schema.as_state_machine()):  # type: ignore[misc]  # made at run time
        def before_call(self, case: Case) -> None:
            body = sound_body(case)
            if body is not None:
                case.body = body

        def get_call_kwargs(self, case: Case) -> dict[str, Any]:
            security = case.operation.definition.raw["security"]
            return {"headers": world.authorization(security), "app": world.front}

        def validate_response(self, response: Response, case: Case, **_more: object) -> None:
            checks = [*OF_EVERY_ANSWER, *([use_after_free] if is_gone_once_ended else [])]
            if response.content:
                checks.append(response_schema_conformance)
            case.validate_response(response, checks=checks)
            if response.status_code < 300:
                succeeded[operation_of(case)] += 1

    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=8,
            stateful_step_count=8,
            derandomize=True,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    return succeeded


def operation_of(case: Case) -> str:
    return str(case.operation.definition.raw["operationId"])


def test_systems_live_as_they_are_described(world: ContractWorld) -> None:
    """A retired system is still read by its vendor."""
    with world.put_back():
        succeeded = lives(world, SYSTEMS, is_gone_once_ended=False)

    assert SYSTEMS - succeeded.keys() == set()


def test_requests_live_as_they_are_described_and_are_gone_once_they_are_deleted(
    world: ContractWorld,
) -> None:
    with world.put_back():
        succeeded = lives(world, REQUESTS, is_gone_once_ended=True)

    assert REQUESTS - succeeded.keys() == set()
