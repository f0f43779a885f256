"""Access between parties, given with a person's token."""

from __future__ import annotations

from uuid import UUID

import httpx
import pytest

from fullmakt.vendor import (
    CannotBeGiven,
    Connections,
    MayNotGiveOn,
    PackageCheck,
    RightCheck,
    UnexpectedAnswer,
)
from tests.unit.vendor.remote import Remote

BASE = "/accessmanagement/api/v1/enduser/connections"
GIVER = UUID("7d0e7f5a-3b52-49a6-9d52-77c1e1b7a001")
RECEIVER = UUID("5d0e7f5a-3b52-49a6-9d52-77c1e1b7a002")
TAX = "urn:altinn:accesspackage:skattegrunnlag"
SIDES = {"party": str(GIVER), "to": str(RECEIVER)}


@pytest.fixture
def connections(remote: Remote) -> Connections:
    return Connections(remote.transport("the-persons-token"))


def refused(code: str, detail: str) -> httpx.Response:
    entry = {"code": code, "title": "T", "detail": detail, "paths": ["$QUERY/package"]}
    body = {"status": 400, "code": "STD-00000", "title": "V", "validationErrors": [entry]}
    return httpx.Response(400, json=body)


def test_a_package_is_checked_by_its_urn_and_the_reasons_are_told(
    connections: Connections, remote: Remote
) -> None:
    data = [{"package": {"urn": TAX}, "result": True, "reasons": [{"description": "Direct-X"}]}]
    answer = httpx.Response(200, json={"links": {"next": None}, "data": data})
    remote.on("GET", f"{BASE}/accesspackages/delegationcheck", answer)

    found = connections.check_package(GIVER, "skattegrunnlag")

    assert found == PackageCheck("skattegrunnlag", may_give=True, reasons=("Direct-X",))
    assert dict(remote.last.url.params) == {"party": str(GIVER), "packages": TAX}
    assert remote.last.headers["Authorization"] == "Bearer the-persons-token"


def test_rights_are_checked_with_their_keys_and_given_by_them(
    connections: Connections, remote: Remote
) -> None:
    right = {"key": "read;svc;0", "action": {"type": "t", "value": "read"}}
    rights = [{"right": right, "result": False, "reasonCodes": ["MissingPackageAccess"]}]
    checked = httpx.Response(200, json={"resource": {}, "rights": rights})
    remote.on("GET", f"{BASE}/resources/delegationcheck", checked)
    remote.on("POST", f"{BASE}/resources/rights", httpx.Response(201))

    (found,) = connections.check_rights(GIVER, "svc")
    connections.give_rights(GIVER, RECEIVER, "svc", [found.key])

    assert found == RightCheck(
        "read;svc;0", "read", may_give=False, reason_codes=("MissingPackageAccess",)
    )
    assert dict(remote.last.url.params) == {**SIDES, "resource": "svc"}
    assert remote.last_json == {"directRightKeys": ["read;svc;0"]}


def test_a_package_is_given_and_taken_back_between_the_same_two(
    connections: Connections, remote: Remote
) -> None:
    remote.on("POST", f"{BASE}/accesspackages", httpx.Response(200, json={}))
    remote.on("DELETE", f"{BASE}/accesspackages", httpx.Response(204))

    connections.give_package(GIVER, RECEIVER, TAX)
    assert dict(remote.last.url.params) == {**SIDES, "package": TAX}
    connections.withdraw_package(GIVER, RECEIVER, TAX)
    assert dict(remote.last.url.params) == {**SIDES, "from": str(GIVER), "package": TAX}


def test_removing_a_right_holder_ends_everything(connections: Connections, remote: Remote) -> None:
    remote.on("DELETE", BASE, httpx.Response(204))

    connections.remove(GIVER, RECEIVER)

    assert dict(remote.last.url.params) == {**SIDES, "from": str(GIVER), "cascade": "true"}


@pytest.mark.parametrize(
    "code, expected",
    [
        ("AM.VLD-00026", MayNotGiveOn),
        ("AM.VLD-00028", CannotBeGiven),
        ("AM.VLD-00048", CannotBeGiven),
    ],
)
def test_a_refusal_is_its_own_exception_with_the_reason(
    code: str, expected: type[Exception], connections: Connections, remote: Remote
) -> None:
    remote.on("POST", f"{BASE}/accesspackages", refused(code, "nothing held"))

    with pytest.raises(expected) as raised:
        connections.give_package(GIVER, RECEIVER, "skattegrunnlag")

    (entry,) = raised.value.validation_errors  # type: ignore[attr-defined]
    assert (entry.code, entry.detail) == (code, "nothing held")


def test_a_check_without_a_package_is_not_what_is_documented(
    connections: Connections, remote: Remote
) -> None:
    answer = httpx.Response(200, json={"data": [{"result": True}]})
    remote.on("GET", f"{BASE}/accesspackages/delegationcheck", answer)

    with pytest.raises(UnexpectedAnswer, match="/data/0/package/urn"):
        connections.check_package(GIVER, "skattegrunnlag")
