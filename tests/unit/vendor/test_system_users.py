"""System users as their vendor sees them."""

from __future__ import annotations

from uuid import UUID

import httpx
import pytest

from fullmakt.vendor import (
    NotFound,
    OrganizationNumber,
    SystemUserKind,
    SystemUserReference,
    SystemUsers,
    UnexpectedAnswer,
)
from tests.unit.vendor.remote import Remote, plain_problem

QUERY = "/authentication/api/v1/systemuser/vendor/byquery"
SYSTEM = "312300109_maestro"
BY_SYSTEM = f"/authentication/api/v1/systemuser/vendor/bysystem/{SYSTEM}"
OWNER = OrganizationNumber("312300028")
ID = "505f8488-3d48-4c15-8e21-35cb9432f815"
ANSWER = {
    "id": ID,
    "integrationTitle": "Maestro",
    "systemId": SYSTEM,
    "productName": "",
    "reporteeOrgNo": "312300028",
    "created": "2025-10-07T08:11:12.123456Z",
    "isDeleted": False,
    "supplierName": "",
    "supplierOrgno": "312300109",
    "externalRef": "kunde-42",
    "userType": "agent",
}


@pytest.fixture
def system_users(remote: Remote) -> SystemUsers:
    return SystemUsers(remote.transport())


def test_a_system_user_is_found_by_its_references(
    system_users: SystemUsers, remote: Remote
) -> None:
    remote.on("GET", QUERY, httpx.Response(200, json=ANSWER))

    found = system_users.by_query(SYSTEM, OWNER, "kunde-42")

    assert found.id == UUID(ID)
    assert found.kind is SystemUserKind.AGENT
    assert dict(remote.last.url.params) == {
        "system-id": SYSTEM,
        "orgno": "312300028",
        "external-ref": "kunde-42",
    }


@pytest.mark.parametrize(
    "stored, used", [("kunde-42", "kunde-42"), ("312300028", None), ("", None)]
)
def test_its_tokens_are_asked_for_with_the_reference_it_was_asked_for_with(
    stored: str, used: str | None, system_users: SystemUsers, remote: Remote
) -> None:
    remote.on("GET", QUERY, httpx.Response(200, json={**ANSWER, "externalRef": stored}))

    found = system_users.by_query(SYSTEM, OWNER)

    assert found.reference == SystemUserReference(OWNER, used)


def test_a_system_user_that_is_not_there_is_not_found(
    system_users: SystemUsers, remote: Remote
) -> None:
    remote.on("GET", QUERY, plain_problem(404, "Not Found"))

    with pytest.raises(NotFound):
        system_users.by_query(SYSTEM, OWNER)


def test_the_system_users_of_a_system_are_walked_page_by_page(
    system_users: SystemUsers, remote: Remote
) -> None:
    page = {"links": {"next": f"http://127.0.0.1:8080{BY_SYSTEM}?token=MTQ3Ng"}, "data": [ANSWER]}
    last = {"links": {}, "data": [{**ANSWER, "userType": "standard"}]}
    remote.on("GET", BY_SYSTEM, httpx.Response(200, json=page), httpx.Response(200, json=last))

    kinds = [found.kind for found in system_users.by_system(SYSTEM)]

    assert kinds == [SystemUserKind.AGENT, SystemUserKind.STANDARD]


@pytest.mark.parametrize(
    "member, value, said",
    [
        ("userType", "robot", "`robot`"),
        ("id", "17", "`/id` is not a UUID"),
        ("reporteeOrgNo", "17", "`/reporteeOrgNo` is not an organisation number"),
        ("created", "yesterday", "`/created` is not a moment"),
    ],
)
def test_an_answer_with_a_wrong_member_says_which(
    member: str, value: str, said: str, system_users: SystemUsers, remote: Remote
) -> None:
    remote.on("GET", QUERY, httpx.Response(200, json={**ANSWER, member: value}))

    with pytest.raises(UnexpectedAnswer) as unexpected:
        system_users.by_query(SYSTEM, OWNER)

    assert said in str(unexpected.value)
