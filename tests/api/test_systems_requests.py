"""Requests over HTTP: asking, reading and deleting as a vendor."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from fullmakt.foundation.storage.model import Change
from tests.api.systems_world import (
    BASE,
    CLIENT,
    FARMING,
    FIRM,
    OTHER_VENDOR,
    REGISTER,
    REGISTER_SCOPE,
    REQUEST_READ,
    REQUEST_WRITE,
    REQUESTS,
    SERVICE,
    SIGNING,
    SYSTEM,
    TAX,
    VENDOR,
    World,
    agent_body,
    bearer,
    named,
    problem,
    reason,
    right,
    standard_body,
)

VENDOR_REQUESTS = f"{REQUESTS}/vendor"
AGENT_REQUESTS = f"{VENDOR_REQUESTS}/agent"
UNKNOWN = "505f8488-3d48-4c15-8e21-35cb9432f815"
WRITES = [("POST", VENDOR_REQUESTS), ("POST", AGENT_REQUESTS)]
READS = [
    ("GET", f"{VENDOR_REQUESTS}/{UNKNOWN}"),
    ("GET", f"{AGENT_REQUESTS}/{UNKNOWN}"),
    ("GET", f"{VENDOR_REQUESTS}/byexternalref/{SYSTEM}/{FIRM}/{FIRM}"),
    ("GET", f"{AGENT_REQUESTS}/byexternalref/{SYSTEM}/{FIRM}/{FIRM}"),
    ("GET", f"{VENDOR_REQUESTS}/bysystem/{SYSTEM}"),
    ("GET", f"{AGENT_REQUESTS}/bysystem/{SYSTEM}"),
]
DELETION = ("DELETE", f"{VENDOR_REQUESTS}/{UNKNOWN}")


@pytest.mark.parametrize("method, path", [*WRITES, *READS, DELETION])
def test_without_a_token_nothing_is_asked_or_read(world: World, method: str, path: str) -> None:
    answer = world.http.request(method, path)

    assert answer.status_code == 401
    assert "a bearer token is needed" in reason(answer)


@pytest.mark.parametrize("method, path", [*WRITES, *READS, DELETION])
def test_reading_needs_the_reading_scope_and_writing_the_writing_scope(
    world: World, method: str, path: str
) -> None:
    wanted, brought = REQUEST_WRITE, REQUEST_READ
    if method == "GET":
        wanted, brought = brought, wanted

    answer = world.http.request(method, path, headers=world.vendor(brought))

    assert answer.status_code == 403
    assert f"the token needs scope {wanted}" in reason(answer)


def test_an_agent_request_is_answered_with_what_was_asked_and_where_to_approve(
    world: World,
) -> None:
    world.register()

    answer = world.agent_request()

    body = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"{BASE}{REQUESTS}/{body['id']}"
    assert body == {
        **agent_body(),
        "id": body["id"],
        "status": "New",
        "confirmUrl": (
            f"{BASE}/accessmanagement/ui/systemuser/agentrequest?id={body['id']}"
            "&DONTCHOOSEREPORTEE=true"
        ),
        "escalated": False,
        "created": "2026-11-23T09:00:00Z",
        "timedOut": False,
    }


def test_a_new_request_is_located_at_the_portals_address(world: World) -> None:
    world.register()

    answer = world.standard_request()

    assert answer.headers["location"].endswith(f"/systemuser/request/{answer.json()['id']}")


def test_a_standard_request_takes_its_defaults_from_customer_and_system(world: World) -> None:
    world.register()
    body = {name: value for name, value in standard_body().items() if name != "integrationTitle"}

    answer = world.http.post(VENDOR_REQUESTS, json=body, headers=world.vendor()).json()

    assert (answer["externalRef"], answer["integrationTitle"]) == (FIRM, "Maestro")
    assert "redirectUrl" not in answer
    assert "/systemuser/request?id=" in answer["confirmUrl"]
    assert answer["rights"] == [right(SERVICE)]


def test_the_same_request_again_is_the_first_one_whatever_it_says(world: World) -> None:
    world.register()
    first = world.agent_request().json()

    again = world.agent_request(integrationTitle="Another", accessPackages=named(SIGNING))

    assert again.status_code == 200
    assert again.json() == first


@pytest.mark.parametrize("external_ref", ["", "  ", None, FIRM])
def test_an_empty_reference_is_the_customers_number(world: World, external_ref: str | None) -> None:
    world.register()
    first = world.standard_request().json()

    again = world.standard_request(externalRef=external_ref)

    assert (again.status_code, again.json()["id"]) == (200, first["id"])


def test_a_token_without_a_vendor_is_told_so_with_a_code(world: World) -> None:
    answer = world.http.post(
        VENDOR_REQUESTS, json=standard_body(), headers=bearer(world.token(REQUEST_WRITE))
    )

    assert problem(answer) == (401, "AUTH-00023")


@pytest.mark.parametrize("method, path", [*READS, DELETION])
def test_a_token_without_a_vendor_reads_and_deletes_nothing(
    world: World, method: str, path: str
) -> None:
    token = world.token(REQUEST_READ, REQUEST_WRITE)

    answer = world.http.request(method, path, headers=bearer(token))

    assert answer.status_code == 401
    assert answer.json()["detail"] == "the token has no claim `consumer`"


STANDARD_REFUSALS = [
    ({"systemId": "nothing"}, (404, "AUTH-00011")),
    ({"partyOrgNo": "312600013"}, (400, "AUTH-00000")),
    ({"partyOrgNo": "nobody"}, (400, "AUTH-00000")),
    ({"redirectUrl": "https://maestro.example/receipt/"}, (400, "AUTH-00021")),
    ({"redirectUrl": "http://maestro.example/receipt"}, (400, "AUTH-00021")),
    ({"redirectUrl": "https://[no"}, (400, "AUTH-00021")),
    ({"rights": None, "accessPackages": None}, (400, "AUTH-00001")),
    ({"rights": [], "accessPackages": []}, (400, "AUTH-00059")),
    ({"rights": [], "accessPackages": None}, (400, "AUTH-00059")),
    ({"rights": [right("ske-other")]}, (400, "AUTH-00001")),
    ({"rights": [{"resource": []}]}, (400, "AUTH-00001")),
    ({"rights": [right(SERVICE)] * 4}, (400, "AUTH-00001")),
    ({"accessPackages": named(FARMING)}, (400, "AUTH-00063")),
    ({"accessPackages": named(TAX, TAX, TAX, TAX, TAX)}, (400, "AUTH-00063")),
    ({"accessPackages": named(SIGNING)}, (400, "AUTH-00064")),
]
AGENT_REFUSALS = [
    ({"systemId": "nothing"}, (404, "AUTH-00011")),
    ({"partyOrgNo": "312600013"}, (400, "AUTH-00000")),
    ({"redirectUrl": "https://elsewhere.example/"}, (400, "AUTH-00021")),
    ({"accessPackages": []}, (400, "AUTH-00058")),
    ({"accessPackages": named(FARMING)}, (400, "AUTH-00063")),
    ({"accessPackages": named("urn:altinn:accesspackage:tilgangsstyrer")}, (400, "AUTH-00065")),
]


@pytest.mark.parametrize("changes, expected", STANDARD_REFUSALS)
@pytest.mark.parametrize("systems_url", ["sqlite"], indirect=True)
def test_a_standard_request_is_refused_with_the_documented_code(
    world: World, changes: dict[str, object], expected: tuple[int, str]
) -> None:
    world.register()

    assert problem(world.standard_request(**changes)) == expected


@pytest.mark.parametrize("changes, expected", AGENT_REFUSALS)
@pytest.mark.parametrize("systems_url", ["sqlite"], indirect=True)
def test_an_agent_request_is_refused_with_the_documented_code(
    world: World, changes: dict[str, object], expected: tuple[int, str]
) -> None:
    world.register()

    assert problem(world.agent_request(**changes)) == expected


def test_refused_packages_are_named_in_the_members_the_original_uses(world: World) -> None:
    world.register()

    missing = world.standard_request(accessPackages=named(FARMING, TAX)).json()
    refused = world.standard_request(accessPackages=named(SIGNING)).json()

    assert missing["NotFoundPackages"] == FARMING
    assert refused["NotDelegablePackages"] == SIGNING


def test_an_earlier_refusal_hides_a_later_one(world: World) -> None:
    world.register()

    answer = world.standard_request(
        partyOrgNo="312600013", redirectUrl="https://x.example/", rights=[], accessPackages=[]
    )

    assert problem(answer) == (400, "AUTH-00000")


def test_a_redirect_url_may_carry_a_state(world: World) -> None:
    world.register()
    url = "https://maestro.example/receipt?state=1#here"

    answer = world.standard_request(redirectUrl=url)

    assert (answer.status_code, answer.json()["redirectUrl"]) == (201, url)


def test_an_empty_redirect_url_is_none_at_all(world: World) -> None:
    world.register(allowedRedirectUrls=[])

    answer = world.standard_request(redirectUrl="")
    refused = world.standard_request(externalRef="2", redirectUrl="https://maestro.example/")

    assert (answer.status_code, answer.json()["redirectUrl"]) == (201, "")
    assert problem(refused) == (400, "AUTH-00026")


def test_a_redirect_url_that_cannot_be_read_is_not_valid(world: World) -> None:
    world.register()

    answer = world.standard_request(redirectUrl="https://[no")

    assert problem(answer) == (400, "AUTH-00021")
    assert "`https://[no`" in answer.json()["detail"]


@pytest.mark.parametrize("kind", ["vendor", "vendor/agent"])
def test_another_vendor_cannot_send_requests_for_a_system(world: World, kind: str) -> None:
    world.register()
    body = agent_body() if "agent" in kind else standard_body()

    other = world.vendor(organization=OTHER_VENDOR)
    answer = world.http.post(f"{REQUESTS}/{kind}", json=body, headers=other)

    assert problem(answer) == (404, "AUTH-00011")
    assert answer.json()["detail"] == f"`{OTHER_VENDOR}` has no system `{SYSTEM}`"


def test_another_vendor_learns_that_a_reference_is_taken(world: World) -> None:
    world.register()
    world.standard_request()

    other = world.vendor(organization=OTHER_VENDOR)
    answer = world.http.post(VENDOR_REQUESTS, json=standard_body(), headers=other)

    assert problem(answer) == (400, "AUTH-00007")
    assert "confirmUrl" not in answer.json()


def test_a_vendor_never_reads_by_id_that_it_is_escalated(world: World) -> None:
    world.register()
    standard, agent = world.standard_request().json(), world.agent_request().json()
    with world.changing() as work:
        work.connection.execute(text("UPDATE requests SET is_escalated = (1 = 1)"))
        work.record(Change("test"))

    by_id = [
        world.http.get(f"{VENDOR_REQUESTS}/{standard['id']}", headers=world.vendor()).json(),
        world.http.get(f"{AGENT_REQUESTS}/{agent['id']}", headers=world.vendor()).json(),
    ]
    path = f"{AGENT_REQUESTS}/byexternalref/{SYSTEM}/{FIRM}/{agent['externalRef']}"
    by_reference = world.http.get(path, headers=world.vendor()).json()

    assert [request["escalated"] for request in by_id] == [False, False]
    assert by_reference["escalated"] is True


def test_a_retired_system_sends_no_requests(world: World) -> None:
    world.register()
    world.http.delete(f"{REGISTER}/{SYSTEM}", headers=world.vendor())

    assert problem(world.standard_request()) == (404, "AUTH-00011")


def test_a_standard_request_stands_in_the_way_of_an_agent_request(world: World) -> None:
    world.register()
    world.standard_request(externalRef="regn")

    answer = world.agent_request(externalRef="regn")

    assert problem(answer) == (400, "AUTH-00007")


def test_an_agent_request_does_not_stand_in_the_way_of_a_standard_one(world: World) -> None:
    world.register()
    world.agent_request(externalRef="regn")

    assert world.standard_request(externalRef="regn").status_code == 201


@pytest.mark.parametrize("kind, other", [("vendor", "vendor/agent"), ("vendor/agent", "vendor")])
def test_a_request_is_read_as_the_kind_it_is(world: World, kind: str, other: str) -> None:
    world.register()
    made = world.agent_request() if "agent" in kind else world.standard_request()
    request = made.json()

    read = world.http.get(f"{REQUESTS}/{kind}/{request['id']}", headers=world.vendor())
    as_other = world.http.get(f"{REQUESTS}/{other}/{request['id']}", headers=world.vendor())

    assert read.json() == request
    assert problem(as_other) == (404, "AUTH-00010")


@pytest.mark.parametrize("kind", ["vendor", "vendor/agent"])
def test_a_request_is_read_by_its_reference(world: World, kind: str) -> None:
    world.register()
    made = world.agent_request() if "agent" in kind else world.standard_request()
    reference = made.json()["externalRef"]

    path = f"{REQUESTS}/{kind}/byexternalref/{SYSTEM}/{FIRM}"
    read = world.http.get(f"{path}/{reference}", headers=world.vendor())
    unknown = world.http.get(f"{path}/nothing", headers=world.vendor())

    assert read.json() == made.json()
    assert problem(unknown) == (404, "AUTH-00010")


def test_another_vendor_reads_no_request(world: World) -> None:
    world.register()
    request = world.standard_request().json()["id"]
    other = world.vendor(organization=OTHER_VENDOR)

    by_id = world.http.get(f"{VENDOR_REQUESTS}/{request}", headers=other)
    by_reference = world.http.get(
        f"{VENDOR_REQUESTS}/byexternalref/{SYSTEM}/{FIRM}/{FIRM}", headers=other
    )
    by_system = world.http.get(f"{VENDOR_REQUESTS}/bysystem/{SYSTEM}", headers=other)

    assert problem(by_id) == (404, "AUTH-00011")
    assert problem(by_reference) == (404, "AUTH-00011")
    assert problem(by_system) == (404, "AUTH-00011")


def test_an_id_that_is_none_is_refused_as_input(world: World) -> None:
    answer = world.http.get(f"{VENDOR_REQUESTS}/x", headers=world.vendor())

    assert answer.status_code == 400
    assert answer.json()["errors"] == {"requestId": ["The value 'x' is not valid."]}


def test_a_request_of_another_vendor_cannot_be_deleted(world: World) -> None:
    world.register()
    request = world.standard_request().json()["id"]
    path = f"{VENDOR_REQUESTS}/{request}"

    answer = world.http.delete(path, headers=world.vendor(organization=OTHER_VENDOR))

    assert problem(answer) == (404, "AUTH-00011")
    assert world.http.get(path, headers=world.vendor()).status_code == 200


@pytest.mark.parametrize("kind", ["vendor", "vendor/agent"])
def test_a_deleted_request_is_gone_and_can_be_sent_anew(world: World, kind: str) -> None:
    world.register()
    send = world.agent_request if "agent" in kind else world.standard_request
    first = send().json()["id"]

    deleted = world.http.delete(f"{VENDOR_REQUESTS}/{first}", headers=world.vendor())
    again = world.http.delete(f"{VENDOR_REQUESTS}/{first}", headers=world.vendor())
    anew = send()

    assert (deleted.status_code, deleted.content) == (202, b"")
    assert problem(again) == (404, "AUTH-00010")
    assert anew.status_code == 201
    assert anew.json()["id"] != first


@pytest.mark.parametrize("systems_url", ["sqlite"], indirect=True)
def test_no_request_is_lost_between_two_pages(world: World) -> None:
    world.register()
    made = {world.agent_request(externalRef=str(n)).json()["id"] for n in range(101)}

    pages = []
    url = f"{AGENT_REQUESTS}/bysystem/{SYSTEM}"
    while url:
        page = world.http.get(url, headers=world.vendor()).json()
        pages.append([request["id"] for request in page["data"]])
        url = page["links"].get("next", "").removeprefix(BASE)

    assert [len(page) for page in pages] == [50, 50, 1]
    assert {request for page in pages for request in page} == made
    assert sorted(request for page in pages for request in page) == [
        request for page in pages for request in page
    ]


def test_a_listed_request_has_no_address_to_approve_at(world: World) -> None:
    world.register()
    world.standard_request()

    page = world.http.get(f"{VENDOR_REQUESTS}/bysystem/{SYSTEM}", headers=world.vendor()).json()

    assert page["links"] == {}
    assert "confirmUrl" not in page["data"][0]


@pytest.mark.parametrize("token", ["nonsense", "MTQ3Ng", "InghIg"])
def test_a_paging_token_that_cannot_be_read_is_refused(world: World, token: str) -> None:
    world.register()

    answer = world.http.get(
        f"{VENDOR_REQUESTS}/bysystem/{SYSTEM}?token={token}", headers=world.vendor()
    )

    assert answer.status_code == 400
    assert answer.json()["errors"] == {"token": [f"The value '{token}' is not valid."]}


def test_time_never_changes_the_status(world: World) -> None:
    world.register()
    request = world.standard_request().json()["id"]

    world.clock.advance(timedelta(days=180))
    on_the_day = world.http.get(f"{VENDOR_REQUESTS}/{request}", headers=world.vendor()).json()
    world.clock.advance(timedelta(seconds=1))
    after = world.http.get(f"{VENDOR_REQUESTS}/{request}", headers=world.vendor()).json()

    assert (on_the_day["status"], on_the_day["timedOut"]) == ("New", False)
    assert (after["status"], after["timedOut"]) == ("New", True)


@pytest.mark.parametrize(
    "changes", [{"systemId": None}, {"partyOrgNo": None}, {"externalRef": "x" * 256}]
)
def test_a_member_of_the_wrong_kind_is_refused_as_input(
    world: World, changes: dict[str, object]
) -> None:
    world.register()

    answer = world.standard_request(**changes)

    assert answer.status_code == 400
    assert "errors" in answer.json()


def test_an_agent_request_without_packages_as_a_member_is_refused_as_input(world: World) -> None:
    world.register()

    answer = world.agent_request(accessPackages=None)

    assert answer.status_code == 400
    assert "accessPackages" in str(answer.json()["errors"])


def test_a_vendor_can_be_its_own_customer(world: World) -> None:
    world.register()

    assert world.standard_request(partyOrgNo=VENDOR).status_code == 201
    assert world.standard_request(partyOrgNo=CLIENT).status_code == 201


def test_the_scope_of_the_register_sends_no_requests(world: World) -> None:
    answer = world.http.post(
        VENDOR_REQUESTS, json=standard_body(), headers=world.vendor(REGISTER_SCOPE)
    )

    assert answer.status_code == 403
    assert "the token needs scope" in reason(answer)
