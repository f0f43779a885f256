"""The register's calls, with the shapes of Altinn's public documentation."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from uuid import UUID

import httpx
import pytest

from fullmakt.vendor import (
    LocalizedText,
    NotAuthorized,
    OrganizationNumber,
    Right,
    System,
    SystemNotFound,
    SystemRegister,
    UnexpectedAnswer,
)
from tests.unit.vendor.remote import Remote, plain_problem, refused

PATH = "/authentication/api/v1/systemregister/vendor"
INNER_ID = "0a4bb0ae-0a5e-4d3d-9f37-4b5c7d5b4a19"
SYSTEM = System(
    id="312300109_maestro",
    vendor=OrganizationNumber("312300109"),
    name=LocalizedText("Maestro", "Maestro", "Maestro"),
    description=LocalizedText("Årsoppgjør", "Årsoppgjer", "Annual accounts"),
    rights=(Right("ske-krav-og-betalinger", action="read"),),
    packages=("skattegrunnlag",),
    client_ids=("32ef65ac-6e62-498d-880f-76c85c2052ae",),
    redirect_urls=("https://maestro.example/receipt",),
)
AS_SENT = {
    "id": "312300109_maestro",
    "vendor": {"authority": "iso6523-actorid-upis", "ID": "0192:312300109"},
    "name": {"nb": "Maestro", "nn": "Maestro", "en": "Maestro"},
    "description": {"nb": "Årsoppgjør", "nn": "Årsoppgjer", "en": "Annual accounts"},
    "rights": [
        {
            "action": "read",
            "resource": [{"id": "urn:altinn:resource", "value": "ske-krav-og-betalinger"}],
        }
    ],
    "accessPackages": [{"urn": "urn:altinn:accesspackage:skattegrunnlag"}],
    "clientId": ["32ef65ac-6e62-498d-880f-76c85c2052ae"],
    "allowedRedirectUrls": ["https://maestro.example/receipt"],
    "isVisible": True,
}
AS_ANSWERED = {**AS_SENT, "vendor": {"ID": "0192:312300109"}, "isDeleted": False}


@pytest.fixture
def register(remote: Remote) -> SystemRegister:
    return SystemRegister(remote.transport())


def test_a_system_is_created_with_all_it_has(register: SystemRegister, remote: Remote) -> None:
    remote.on("POST", PATH, httpx.Response(200, json=INNER_ID))

    inner_id = register.create(SYSTEM)

    assert inner_id == UUID(INNER_ID)
    assert remote.last_json == AS_SENT


def test_a_package_may_be_given_by_its_urn(register: SystemRegister, remote: Remote) -> None:
    remote.on("POST", PATH, httpx.Response(200, json=INNER_ID))
    by_urn = dataclasses.replace(SYSTEM, packages=("urn:altinn:accesspackage:skattegrunnlag",))

    register.create(by_urn)

    assert remote.last_json == AS_SENT


def test_a_system_read_is_the_one_that_was_written(
    register: SystemRegister, remote: Remote
) -> None:
    remote.on("GET", f"{PATH}/{SYSTEM.id}", httpx.Response(200, json=AS_ANSWERED))

    assert register.read(SYSTEM.id) == SYSTEM


def test_a_deleted_system_can_be_read(register: SystemRegister, remote: Remote) -> None:
    answer = {**AS_ANSWERED, "isDeleted": True}
    remote.on("GET", f"{PATH}/{SYSTEM.id}", httpx.Response(200, json=answer))

    assert register.read(SYSTEM.id).is_deleted


def test_a_language_the_register_lacks_is_not_made_up(
    register: SystemRegister, remote: Remote
) -> None:
    answer = {**AS_ANSWERED, "name": {"nb": "Maestro"}}
    remote.on("GET", f"{PATH}/{SYSTEM.id}", httpx.Response(200, json=answer))
    remote.on("PUT", f"{PATH}/{SYSTEM.id}", httpx.Response(200, json={"succeeded": True}))

    register.replace(register.read(SYSTEM.id))

    assert remote.last_json["name"] == {"nb": "Maestro"}


def test_an_id_cannot_reach_another_address(register: SystemRegister, remote: Remote) -> None:
    remote.on("GET", f"{PATH}/312300109_a/../b?c", httpx.Response(200, json=AS_ANSWERED))

    register.read("312300109_a/../b?c")

    assert remote.last.url.raw_path.decode() == f"{PATH}/312300109_a%2F..%2Fb%3Fc"


def test_a_replacement_goes_to_the_systems_own_address(
    register: SystemRegister, remote: Remote
) -> None:
    remote.on("PUT", f"{PATH}/{SYSTEM.id}", httpx.Response(200, json={"succeeded": True}))

    register.replace(SYSTEM)

    assert remote.last_json == AS_SENT


@pytest.mark.parametrize(
    "method, answer",
    [
        ("GET", plain_problem(404, "Not Found")),
        ("PUT", httpx.Response(404, text="System with ID '312300109_maestro' not found.")),
        (
            "DELETE",
            plain_problem(400, "Validation errors.", errors={"return": ["System not found"]}),
        ),
    ],
)
def test_an_unknown_system_is_not_found_however_it_is_answered(
    method: str, answer: httpx.Response, register: SystemRegister, remote: Remote
) -> None:
    remote.on(method, f"{PATH}/{SYSTEM.id}", answer)
    calls: dict[str, Callable[[], object]] = {
        "GET": lambda: register.read(SYSTEM.id),
        "PUT": lambda: register.replace(SYSTEM),
        "DELETE": lambda: register.delete(SYSTEM.id),
    }

    with pytest.raises(SystemNotFound):
        calls[method]()


def test_a_system_is_deleted(register: SystemRegister, remote: Remote) -> None:
    remote.on("DELETE", f"{PATH}/{SYSTEM.id}", httpx.Response(200, json={"succeeded": True}))

    register.delete(SYSTEM.id)

    assert remote.last.method == "DELETE"


def test_another_vendors_system_is_refused(register: SystemRegister, remote: Remote) -> None:
    remote.on("DELETE", f"{PATH}/{SYSTEM.id}", refused(403, "insufficient_scope", "not yours"))

    with pytest.raises(NotAuthorized, match="not yours"):
        register.delete(SYSTEM.id)


@pytest.mark.parametrize(
    "member, value, said",
    [
        ("id", 17, "`/id` is not text"),
        ("vendor", {"ID": "312300109"}, "must be `0192:`"),
        ("vendor", "312300109", "`/vendor` in the answer is not an object"),
        ("rights", {}, "`/rights` is not a list"),
        ("rights", [{"resource": [{}]}], "`/rights/0/resource/0/id` is not text"),
        ("clientId", [17], "`/clientId` is not a list of texts"),
        ("isVisible", "yes", "`/isVisible` is not true or false"),
    ],
)
def test_an_answer_with_a_wrong_member_says_which(
    member: str, value: object, said: str, register: SystemRegister, remote: Remote
) -> None:
    answer = httpx.Response(200, json={**AS_ANSWERED, member: value})
    remote.on("GET", f"{PATH}/{SYSTEM.id}", answer)

    with pytest.raises(UnexpectedAnswer) as unexpected:
        register.read(SYSTEM.id)

    assert said in str(unexpected.value)


def test_a_created_system_must_be_answered_with_an_id(
    register: SystemRegister, remote: Remote
) -> None:
    remote.on("POST", PATH, httpx.Response(200, json="hei"))

    with pytest.raises(UnexpectedAnswer, match="did not answer with an id"):
        register.create(SYSTEM)
