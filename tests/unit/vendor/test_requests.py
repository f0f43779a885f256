"""Requests for system users: what is asked, and how the answer stands."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import httpx
import pytest

from fullmakt.vendor import (
    ClientAccess,
    NewRequest,
    OrganizationNumber,
    OwnAccess,
    RequestNotFound,
    Requests,
    RequestStatus,
    Right,
    SystemUserKind,
    UnexpectedAnswer,
)
from tests.unit.vendor.remote import Remote, problem

VENDOR = "/authentication/api/v1/systemuser/request/vendor"
ID = UUID("505f8488-3d48-4c15-8e21-35cb9432f815")
SYSTEM = "312300109_maestro"
OWNER = OrganizationNumber("312300028")
PACKAGE = "regnskapsforer-med-signeringsrettighet"
PACKAGES = [{"urn": f"urn:altinn:accesspackage:{PACKAGE}"}]
RIGHTS = [{"resource": [{"id": "urn:altinn:resource", "value": "ske-krav-og-betalinger"}]}]
CONFIRM = f"http://127.0.0.1:8080/accessmanagement/ui/systemuser/request?id={ID}"
ANSWER = {
    "id": str(ID),
    "integrationTitle": "Maestro",
    "externalRef": "kunde-42",
    "systemId": SYSTEM,
    "partyOrgNo": "312300028",
    "rights": RIGHTS,
    "accessPackages": PACKAGES,
    "status": "New",
    "confirmUrl": CONFIRM,
    "escalated": False,
    "created": "2025-10-07T08:11:12.1234567Z",
    "timedOut": False,
}
FOR_CLIENTS = NewRequest(
    system_id=SYSTEM, owner=OWNER, wanted=ClientAccess(packages=(PACKAGE,)), external_ref="kunde-42"
)
FOR_ITSELF = NewRequest(
    system_id=SYSTEM,
    owner=OWNER,
    wanted=OwnAccess(packages=(PACKAGE,), rights=(Right("ske-krav-og-betalinger"),)),
    title="Maestro",
    redirect_url="https://maestro.example/receipt",
)


@pytest.fixture
def requests(remote: Remote) -> Requests:
    return Requests(remote.transport())


def test_a_request_for_own_access_carries_rights_and_packages(
    requests: Requests, remote: Remote
) -> None:
    remote.on("POST", VENDOR, httpx.Response(201, json=ANSWER))

    request = requests.ask(FOR_ITSELF)

    assert request.kind is SystemUserKind.STANDARD
    assert remote.last_json == {
        "systemId": SYSTEM,
        "partyOrgNo": "312300028",
        "integrationTitle": "Maestro",
        "redirectUrl": "https://maestro.example/receipt",
        "rights": RIGHTS,
        "accessPackages": PACKAGES,
    }


def test_a_request_for_clients_goes_to_the_agents_address_without_rights(
    requests: Requests, remote: Remote
) -> None:
    answer = {name: value for name, value in ANSWER.items() if name != "rights"}
    remote.on("POST", f"{VENDOR}/agent", httpx.Response(201, json=answer))

    request = requests.ask(FOR_CLIENTS)

    assert request.kind is SystemUserKind.AGENT
    assert remote.last_json == {
        "systemId": SYSTEM,
        "partyOrgNo": "312300028",
        "externalRef": "kunde-42",
        "accessPackages": PACKAGES,
    }


def test_an_answered_request_is_read_whole(requests: Requests, remote: Remote) -> None:
    remote.on("POST", VENDOR, httpx.Response(200, json=ANSWER))

    request = requests.ask(FOR_ITSELF)

    assert request.id == ID
    assert request.owner == OWNER
    assert request.status is RequestStatus.NEW
    assert request.confirm_url == CONFIRM
    assert request.packages == (PACKAGE,)
    assert request.rights == (Right("ske-krav-og-betalinger"),)
    assert request.created == datetime(2025, 10, 7, 8, 11, 12, 123456, tzinfo=UTC)


@pytest.mark.parametrize(
    "word, status",
    [
        ("New", RequestStatus.NEW),
        ("Accepted", RequestStatus.ACCEPTED),
        ("Rejected", RequestStatus.REJECTED),
        ("Denied", RequestStatus.DENIED),
        ("Timedout", RequestStatus.TIMED_OUT),
    ],
)
def test_reading_a_request_tells_how_it_stands(
    word: str, status: RequestStatus, requests: Requests, remote: Remote
) -> None:
    remote.on("GET", f"{VENDOR}/{ID}", httpx.Response(200, json={**ANSWER, "status": word}))

    assert requests.read(ID).status is status


def test_a_status_that_is_not_documented_is_not_guessed_at(
    requests: Requests, remote: Remote
) -> None:
    remote.on("GET", f"{VENDOR}/{ID}", httpx.Response(200, json={**ANSWER, "status": "Maybe"}))

    with pytest.raises(UnexpectedAnswer, match="`Maybe`"):
        requests.read(ID)


def test_a_request_of_the_other_kind_is_read_at_its_own_address(
    requests: Requests, remote: Remote
) -> None:
    remote.on("GET", f"{VENDOR}/{ID}", problem("AUTH-00010", 404, "No such request."))
    remote.on("GET", f"{VENDOR}/agent/{ID}", httpx.Response(200, json=ANSWER))

    with pytest.raises(RequestNotFound):
        requests.read(ID)
    assert requests.read(ID, kind=SystemUserKind.AGENT).id == ID


@pytest.mark.parametrize(
    "external_ref, path",
    [("kunde 42/a", "kunde%2042%2Fa"), (None, "312300028")],
)
def test_a_request_is_found_by_its_references(
    external_ref: str | None, path: str, requests: Requests, remote: Remote
) -> None:
    decoded = external_ref or str(OWNER)
    address = f"{VENDOR}/agent/byexternalref/{SYSTEM}/312300028"
    remote.on("GET", f"{address}/{decoded}", httpx.Response(200, json=ANSWER))

    requests.by_external_ref(SYSTEM, OWNER, external_ref, kind=SystemUserKind.AGENT)

    assert remote.last.url.raw_path.decode() == f"{address}/{path}"


def test_a_list_is_walked_page_by_page(requests: Requests, remote: Remote) -> None:
    other = "605bb239-23b1-4d11-aae8-a40eb683aa1f"
    link = f"http://127.0.0.1:8080{VENDOR}/bysystem/{SYSTEM}?token=IjU5YzE4"
    first = {"links": {"next": link}, "data": [ANSWER]}
    last = {"links": {}, "data": [{**ANSWER, "id": other}]}
    remote.on(
        "GET",
        f"{VENDOR}/bysystem/{SYSTEM}",
        httpx.Response(200, json=first),
        httpx.Response(200, json=last),
    )

    found = [request.id for request in requests.by_system(SYSTEM)]

    assert found == [ID, UUID(other)]
    assert [dict(asked.url.params) for asked in remote.asked] == [{}, {"token": "IjU5YzE4"}]


def test_a_next_link_to_another_host_gives_its_token_alone(
    requests: Requests, remote: Remote
) -> None:
    leaked = "http://internal.platform.example/somewhere?token=abc"
    remote.on(
        "GET",
        f"{VENDOR}/bysystem/{SYSTEM}",
        httpx.Response(200, json={"links": {"next": leaked}, "data": []}),
        httpx.Response(200, json={"links": {}, "data": []}),
    )

    list(requests.by_system(SYSTEM))

    assert {asked.url.host for asked in remote.asked} == {"127.0.0.1"}
    assert remote.last.url.params["token"] == "abc"


@pytest.mark.parametrize(
    "link, said", [("?token=abc", "the page it is on"), ("/next", "has no `token`")]
)
def test_a_list_that_leads_nowhere_is_unexpected(
    link: str, said: str, requests: Requests, remote: Remote
) -> None:
    page = {"links": {"next": link}, "data": []}
    remote.on("GET", f"{VENDOR}/bysystem/{SYSTEM}", httpx.Response(200, json=page))

    with pytest.raises(UnexpectedAnswer, match=said):
        list(requests.by_system(SYSTEM))


def test_a_request_of_either_kind_is_withdrawn_at_one_address(
    requests: Requests, remote: Remote
) -> None:
    remote.on("DELETE", f"{VENDOR}/{ID}", httpx.Response(202))

    requests.delete(ID)

    assert remote.last.method == "DELETE"
