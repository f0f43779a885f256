"""Client links, made with a person's token."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from uuid import UUID

import httpx
import pytest

from fullmakt.vendor import (
    AgentNotFound,
    BulkOutcome,
    BulkResult,
    Client,
    ClientLacksPackages,
    ClientLinks,
    LinkNotFound,
    OrganizationNumber,
    SystemUserKind,
)
from tests.unit.vendor.remote import Remote, problem

USERS = "/authentication/api/v1/enduser/systemuser"
AGENT = UUID("1b6cea43-f499-4aae-a633-51cf542795af")
CLIENT = Client(
    UUID("fffefbe8-72ed-4729-b80b-dc16a96f4d9f"),
    OrganizationNumber("312400014"),
    "FJORDGLØTT BAKERI AS",
)
SHOWN = {
    "clientId": str(CLIENT.id),
    "clientOrganizationNumber": "312400014",
    "clientOrganizationName": "FJORDGLØTT BAKERI AS",
}
ANSWER = {
    "links": {},
    "systemUserInformation": {"systemUserId": str(AGENT), "systemUserOwnerOrg": "312300028"},
    "data": [SHOWN],
}
LINK = {"agent": str(AGENT), "client": str(CLIENT.id)}


@pytest.fixture
def links(remote: Remote) -> ClientLinks:
    return ClientLinks(remote.transport("the-persons-token"))


def test_the_calls_carry_the_persons_token(links: ClientLinks, remote: Remote) -> None:
    remote.on("GET", f"{USERS}/clients", httpx.Response(200, json=ANSWER))

    links.linked(AGENT)

    assert remote.last.headers["Authorization"] == "Bearer the-persons-token"


def test_an_owners_agents_are_asked_for_by_its_number(links: ClientLinks, remote: Remote) -> None:
    agent = {
        "id": str(AGENT),
        "integrationTitle": "Maestro",
        "systemId": "312300109_maestro",
        "partyId": "51567369",
        "partyUuId": "",
        "reporteeOrgNo": "312300028",
        "created": "2025-10-07T08:11:12.123456Z",
        "isDeleted": False,
        "externalRef": "312300028",
        "userType": "agent",
        "accessPackages": [],
    }
    remote.on("GET", f"{USERS}/agents", httpx.Response(200, json=[agent]))

    (found,) = links.agents(OrganizationNumber("312300028"))

    assert (found.id, found.kind) == (AGENT, SystemUserKind.AGENT)
    assert dict(remote.last.url.params) == {"party": "312300028"}


def test_available_and_linked_clients_are_two_lists(links: ClientLinks, remote: Remote) -> None:
    remote.on("GET", f"{USERS}/clients/available", httpx.Response(200, json=ANSWER))
    remote.on("GET", f"{USERS}/clients", httpx.Response(200, json={**ANSWER, "data": []}))

    assert links.available(AGENT) == (CLIENT,)
    assert links.linked(AGENT) == ()


def test_a_client_is_linked_by_agent_and_client(links: ClientLinks, remote: Remote) -> None:
    remote.on("POST", f"{USERS}/clients", httpx.Response(200, json=LINK))

    links.add(AGENT, CLIENT.id)

    assert dict(remote.last.url.params) == LINK


def test_a_link_is_removed_by_agent_and_client(links: ClientLinks, remote: Remote) -> None:
    remote.on("DELETE", f"{USERS}/clients", httpx.Response(200, json=LINK))

    links.remove(AGENT, CLIENT.id)

    assert dict(remote.last.url.params) == LINK


def test_a_client_without_all_packages_is_not_linked(links: ClientLinks, remote: Remote) -> None:
    title = "Client does not have the accesspackages the agent system user requires"
    remote.on("POST", f"{USERS}/clients", problem("AUTH-00080", 400, title))

    with pytest.raises(ClientLacksPackages, match="does not have the accesspackages"):
        links.add(AGENT, CLIENT.id)


def test_a_link_that_is_not_there_cannot_be_removed(links: ClientLinks, remote: Remote) -> None:
    title = "Party does not match delegation facilitator."
    remote.on("DELETE", f"{USERS}/clients", problem("AUTH-00031", 400, title))

    with pytest.raises(LinkNotFound):
        links.remove(AGENT, CLIENT.id)


def test_an_unknown_agent_is_not_found(links: ClientLinks, remote: Remote) -> None:
    entry = {"code": "AUTH.VLD-00014", "title": "System user not found", "paths": ["?agent"]}
    title = "One or more validation errors occurred."
    reply = problem("STD-00000", 400, title, validationErrors=[entry])
    remote.on("GET", f"{USERS}/clients/available", reply)

    with pytest.raises(AgentNotFound, match="System user not found"):
        links.available(AGENT)


LISTED = {
    **SHOWN,
    "isLinked": True,
    "linkedSince": "2026-09-01T10:00:00Z",
    "missing": [],
    "basis": [
        {
            "role": "regnskapsforer",
            "roleUrn": "urn:altinn:external-role:ccr:regnskapsforer",
            "source": "register",
            "since": "2026-08-01T10:00:00Z",
            "access": [{"urn": "urn:altinn:accesspackage:lonn", "since": "2026-08-01T10:00:00Z"}],
        }
    ],
}


def test_found_clients_are_walked_page_by_page(links: ClientLinks, remote: Remote) -> None:
    next_page = f"http://elsewhere.test{USERS}/clients/search?token=second"
    remote.on(
        "GET",
        f"{USERS}/clients/search",
        httpx.Response(200, json={"links": {"next": next_page}, "data": [LISTED]}),
        httpx.Response(200, json={"links": {}, "data": []}),
    )

    (found,) = links.search(AGENT, "bakeri", is_linked=True)

    (basis,) = found.basis
    assert (found.client, found.missing) == (CLIENT, ())
    assert found.linked_since == datetime(2026, 9, 1, 10, tzinfo=UTC)
    assert (basis.role, basis.is_given) == ("regnskapsforer", False)
    assert basis.packages == {"urn:altinn:accesspackage:lonn": basis.since}
    assert dict(remote.last.url.params) == {
        "agent": str(AGENT),
        "search": "bakeri",
        "linked": "true",
        "token": "second",
    }


def test_many_clients_go_five_hundred_at_a_time(links: ClientLinks, remote: Remote) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        named = json.loads(request.content)["clients"]
        data = [{"client": each, "outcome": "added"} for each in named]
        return httpx.Response(200, json={"links": {}, "counts": {}, "data": data})

    remote.on("POST", f"{USERS}/clients/bulk/add", answer)
    clients = [UUID(int=n + 1) for n in range(501)]

    results = list(links.add_all(AGENT, clients))

    assert [each.named for each in results] == [str(each) for each in clients]
    assert {each.outcome for each in results} == {BulkOutcome.ADDED}
    assert len(remote.asked) == 2


def test_a_copied_list_tells_why_a_client_is_refused(links: ClientLinks, remote: Remote) -> None:
    refused = {"client": "x", "outcome": "refused", "code": "AUTH-00080", "detail": "lacks `y`"}
    remote.on(
        "POST", f"{USERS}/clients/copy", httpx.Response(200, json={"links": {}, "data": [refused]})
    )
    other = UUID(int=7)

    (result,) = links.copy(other, AGENT)

    assert result == BulkResult("x", BulkOutcome.REFUSED, "AUTH-00080", "lacks `y`")
    assert dict(remote.last.url.params) == {"agent": str(AGENT), "from": str(other)}
