"""The calls behind the portal's pages over HTTP: as the platform answers, in the portal's words."""

from __future__ import annotations

import httpx
import pytest

from tests.api.systems_world import (
    ADMINISTRATOR,
    BASE,
    CLIENT,
    DIRECTOR,
    FIRM,
    OUTSIDER,
    PARTIAL_CLIENT,
    SERVICE,
    SIGNING,
    SYSTEM,
    TAX,
    USERS,
    World,
    named,
    reason,
    right,
)

CALLS = "/accessmanagement/api/v1"
BOTH = pytest.mark.parametrize("kind, page", [("", "request"), ("/agent", "agentrequest")])
UNKNOWN = "505f8488-3d48-4c15-8e21-35cb9432f815"


def browser(world: World, number: str, *, forged: bool = False) -> dict[str, str]:
    """The cookies of somebody who is logged in, and what the portal's scripts add."""
    session = world.person(number)["authorization"].removeprefix("Bearer ")
    if forged:
        return {"cookie": f"AltinnStudioRuntime={session}; XSRF-TOKEN=abc"}
    return {"cookie": f"AltinnStudioRuntime={session}; XSRF-TOKEN=abc", "x-xsrf-token": "abc"}


def call(
    world: World,
    method: str,
    path: str,
    *,
    by: str = DIRECTOR,
    params: dict[str, str] | None = None,
    json: object = None,
) -> httpx.Response:
    headers = browser(world, by)
    return world.http.request(method, f"{CALLS}/{path}", params=params, json=json, headers=headers)


def send(world: World, kind: str) -> str:
    world.register()
    made = world.agent_request() if kind else world.standard_request()
    return str(made.json()["id"])


def code(answer: httpx.Response) -> tuple[int, str]:
    body = answer.json()
    assert body["type"] == f"urn:altinn:error:{body['code']}"
    assert body["status"] == answer.status_code
    return answer.status_code, body["code"]


@BOTH
def test_a_request_is_opened_and_approved_in_the_portal(world: World, kind: str, page: str) -> None:
    request = send(world, kind)

    opened = call(world, "GET", f"systemuser/{page}/{request}")
    approved = call(
        world, "POST", f"systemuser/{page}/{opened.json()['partyId']}/{request}/approve"
    )

    listed = "systemuser/agent" if kind else "systemuser"
    users = call(world, "GET", f"{listed}/{world.party_id(FIRM)}").json()
    assert (opened.status_code, approved.status_code, approved.json()) == (200, 200, True)
    assert [user["id"] for user in users] == [request]


@BOTH
@pytest.mark.parametrize("verb", ["approve", "reject"])
def test_a_second_answer_is_told_in_the_portals_words_who_was_first(
    world: World, kind: str, page: str, verb: str
) -> None:
    request = send(world, kind)
    path = f"systemuser/{page}/{world.party_id(FIRM)}/{request}/{verb}"
    call(world, "POST", path)

    again = call(world, "POST", path)

    assert code(again) == (400, "AMUI-00005")
    assert "`Nøyaktig Havørn` answered it at" in again.json()["detail"]


@BOTH
def test_escalated_requests_of_both_kinds_wait_in_one_list(
    world: World, kind: str, page: str
) -> None:
    request = send(world, kind)
    firm = world.organization(FIRM)
    pending = f"systemuser/{firm.uuid}/pending"
    before = call(world, "GET", pending).json()
    call(world, "POST", f"systemuser/{page}/{firm.party_id}/{request}/escalate", by=ADMINISTRATOR)

    after = call(world, "GET", pending).json()

    assert (before, [each["id"] for each in after]) == ([], [request])


def test_what_waits_for_nobody_known_is_not_found(world: World) -> None:
    assert call(world, "GET", f"systemuser/{UNKNOWN}/pending").status_code == 404


def test_what_waits_is_kept_from_strangers(world: World) -> None:
    path = f"systemuser/{world.organization(FIRM).uuid}/pending"

    answer = call(world, "GET", path, by=OUTSIDER)

    assert answer.status_code == 403
    assert "altinn_access_management" in reason(answer)


@pytest.mark.parametrize("page", ["request", "agentrequest", "changerequest"])
def test_a_request_that_is_not_there_has_the_portals_code(world: World, page: str) -> None:
    answer = call(world, "GET", f"systemuser/{page}/{UNKNOWN}")

    assert code(answer) == (404, "AMUI-00010")


def test_a_code_that_the_portal_knows_keeps_its_number_status_and_title(world: World) -> None:
    world.register(rights=[right(SERVICE)], accessPackages=named(TAX, SIGNING))
    path = f"systemuser/{world.party_id(FIRM)}"

    refused = call(world, "POST", path, json={"systemId": SYSTEM, "integrationTitle": "x"})
    unknown = call(world, "POST", path, json={"systemId": "nothing", "integrationTitle": "x"})

    assert code(refused) == (400, "AMUI-00053")
    assert refused.json()["title"].startswith("The user does not have enough access")
    assert code(unknown) == (404, "AMUI-00011")


def test_a_system_user_is_made_seen_and_deleted_in_the_portal(world: World) -> None:
    world.register(rights=[right(SERVICE)], accessPackages=named(TAX), isVisible=True)
    party = f"systemuser/{world.party_id(FIRM)}"
    systems = call(world, "GET", "systemregister").json()
    rights = call(world, "GET", f"systemregister/rights/{SYSTEM}").json()

    made = call(world, "POST", party, json={"systemId": SYSTEM, "integrationTitle": "Eget"}).json()
    seen = call(world, "GET", f"{party}/{made['id']}").json()
    deleted = call(world, "DELETE", f"{party}/{made['id']}")

    assert [each["systemId"] for each in systems] == [SYSTEM]
    assert rights == {"rights": [right(SERVICE)], "accessPackages": named(TAX)}
    assert seen["integrationTitle"] == "Eget"
    assert (deleted.status_code, call(world, "GET", party).json()) == (202, [])


def test_clients_are_linked_seen_and_taken_in_the_portal(world: World) -> None:
    world.register()
    user = world.approved_agent()
    firm, client = world.organization(FIRM), world.organization(CLIENT)
    base = f"systemuser/agentdelegation/{firm.party_id}/{user}"
    named_party = {"partyuuid": str(firm.uuid)}

    def go(method: str, path: str, json: object = None) -> httpx.Response:
        return call(
            world, method, f"{base}/{path}", by=ADMINISTRATOR, params=named_party, json=json
        )

    customers = go("GET", "customers").json()
    linked = go("POST", "delegation", {"customerId": str(client.uuid), "access": []})
    seen = go("GET", "delegation").json()
    taken = go("DELETE", f"delegation/{seen[0]['delegationId']}")

    assert [each["partyUuid"] for each in customers] == [str(client.uuid)]
    assert linked.status_code == 200, linked.text
    assert [each["customerId"] for each in seen] == [str(client.uuid)]
    assert (taken.status_code, go("GET", "delegation").json()) == (200, [])


def test_a_client_without_the_packages_is_told_in_the_portals_words(world: World) -> None:
    world.register()
    user = world.approved_agent(accessPackages=named(TAX, SIGNING))
    firm, client = world.organization(FIRM), world.organization(PARTIAL_CLIENT)

    refused = call(
        world,
        "POST",
        f"systemuser/agentdelegation/{firm.party_id}/{user}/delegation",
        by=ADMINISTRATOR,
        params={"partyuuid": str(firm.uuid)},
        json={"customerId": str(client.uuid), "access": []},
    )

    assert code(refused) == (400, "AMUI-00005")
    assert "`regnskapsforer-med-signeringsrettighet`" in refused.json()["detail"]


def test_the_firm_itself_is_added_and_the_agent_deleted_in_the_portal(world: World) -> None:
    world.register(accessPackages=named(TAX))
    user = world.approved_agent(accessPackages=named(TAX))
    firm = world.organization(FIRM)
    itself = f"systemuser/agentdelegation/{firm.party_id}/{user}/self"
    named_party = {"partyuuid": str(firm.uuid)}
    agent = f"systemuser/agent/{firm.party_id}/{user}"

    added = call(world, "POST", itself, params=named_party)
    is_added = call(world, "GET", itself, params=named_party)
    removed = call(world, "DELETE", itself, params=named_party)
    seen = call(world, "GET", agent)
    deleted = call(world, "DELETE", agent, params=named_party)

    assert [each.json() for each in (added, is_added, removed)] == [True, True, True]
    assert (seen.json()["userType"], deleted.status_code) == ("agent", 200)
    assert call(world, "GET", f"systemuser/agent/{firm.party_id}").json() == []


def test_a_change_is_opened_and_approved_in_the_portal(world: World) -> None:
    world.register()
    user = world.approved_standard()
    world.http.post(
        f"{USERS}/changerequest/vendor",
        params={"correlation-id": UNKNOWN, "system-user-id": user},
        json={"unwantedAccessPackages": named(TAX)},
        headers=world.vendor(),
    )

    opened = call(world, "GET", f"systemuser/changerequest/{UNKNOWN}").json()
    approved = call(
        world, "POST", f"systemuser/changerequest/{opened['partyId']}/{UNKNOWN}/approve"
    )

    assert approved.json() is True


@pytest.mark.parametrize("header", [None, "wrong", ""])
def test_a_change_with_the_sessions_cookie_alone_is_refused(
    world: World, header: str | None
) -> None:
    request = send(world, "")
    path = f"{CALLS}/systemuser/request/{world.party_id(FIRM)}/{request}/approve"
    headers = browser(world, DIRECTOR, forged=True)
    more = {} if header is None else {"x-xsrf-token": header}

    refused = world.http.post(path, headers={**headers, **more})

    opened = world.http.get(f"{USERS}/request/{request}", headers=world.person(DIRECTOR)).json()
    assert refused.status_code == 400
    assert "`X-XSRF-TOKEN`" in refused.json()["detail"]
    assert opened["status"] == "New"


def test_a_browser_is_given_the_cookie_against_forgery_once(world: World) -> None:
    session = browser(world, DIRECTOR)["cookie"].partition(";")[0]
    path = f"{CALLS}/systemuser/{world.party_id(FIRM)}"

    first = world.http.get(path, headers={"cookie": session})
    second = world.http.get(path, headers=browser(world, DIRECTOR))

    cookie = first.headers["set-cookie"]
    assert cookie.startswith("XSRF-TOKEN=")
    assert "samesite=strict" in cookie.lower()
    assert "httponly" not in cookie.lower()
    assert "set-cookie" not in second.headers


@pytest.mark.parametrize("origin", ["http://evil.example", "http://testserver.local:99", "null"])
def test_a_page_of_another_site_changes_nothing_with_the_cookie(world: World, origin: str) -> None:
    """Also in the platform's own calls, and where it learnt the other cookie's value."""
    request = send(world, "")
    party = world.party_id(FIRM)
    headers = {**browser(world, DIRECTOR), "origin": origin}

    platforms = world.http.post(f"{USERS}/request/{party}/{request}/approve", headers=headers)
    pages = world.http.post(
        f"{CALLS}/systemuser/request/{party}/{request}/approve", headers=headers
    )

    assert [platforms.status_code, pages.status_code] == [403, 403]
    assert f"a page of `{origin}` may not change anything" in reason(platforms)
    opened = world.http.get(f"{USERS}/request/{request}", headers=headers)
    assert opened.json()["status"] == "New"


@pytest.mark.parametrize("origin", ["http://testserver.local", None])
def test_the_portals_own_page_changes_something_with_the_cookie(
    world: World, origin: str | None
) -> None:
    request = send(world, "")
    path = f"{CALLS}/systemuser/request/{world.party_id(FIRM)}/{request}/approve"
    own = {} if origin is None else {"origin": origin}

    answer = world.http.post(path, headers={**browser(world, DIRECTOR), **own})

    assert answer.json() is True


def test_a_token_in_the_header_needs_no_origin(world: World) -> None:
    request = send(world, "")
    path = f"{USERS}/request/{world.party_id(FIRM)}/{request}/approve"
    headers = {**world.person(DIRECTOR), "origin": "http://evil.example"}

    assert world.http.post(path, headers=headers).json() is True


def test_a_token_in_the_header_needs_no_cookie(world: World) -> None:
    request = send(world, "")
    path = f"{CALLS}/systemuser/request/{world.party_id(FIRM)}/{request}/approve"

    assert world.http.post(path, headers=world.person(DIRECTOR)).json() is True


def test_nobody_and_vendors_get_nothing_in_the_portal(world: World) -> None:
    request = send(world, "")
    path = f"{CALLS}/systemuser/request/{world.party_id(FIRM)}/{request}/approve"

    nobody = world.http.post(path)
    vendor = world.http.post(path, headers=world.vendor())
    stranger = call(
        world, "POST", f"systemuser/request/{world.party_id(FIRM)}/{request}/approve", by=OUTSIDER
    )

    assert "a bearer token is needed" in reason(nobody)
    assert "the token needs scope altinn:portal/enduser" in reason(vendor)
    assert "altinn_access_management" in reason(stranger)


def test_a_slash_in_a_value_leads_nowhere_else(world: World) -> None:
    world.register()
    user = world.approved_agent()
    path = f"systemuser/agentdelegation/{world.party_id(FIRM)}/{user}/delegation"

    answer = call(world, "GET", path, params={"partyuuid": f"{UNKNOWN}/{user}/x"})

    assert answer.status_code == 400
    assert answer.json()["code"] == "AMUI-00005"
    assert BASE not in answer.text
