"""The feed of system users over HTTP: in order, from a position, and to whom it concerns alone."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from fullmakt.access.parties import service as parties
from fullmakt.access.resources import service as resources
from fullmakt.access.resources.model import NewResource, ResourceType
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.foundation.terms.text import LocalizedText
from tests.api.systems_world import (
    ADMINISTRATOR,
    CLIENT,
    DIRECTOR,
    END_USER,
    FIRM,
    OTHER_VENDOR,
    PLAIN_ACCOUNTANT,
    REGISTER_SCOPE,
    REQUEST_READ,
    SERVICE,
    SERVICE_OWNER,
    SIGNING,
    STRANGER,
    TAX,
    USERS,
    World,
    reason,
)

FEED = f"{USERS}/feed"
OWNER = "altinn:serviceowner"
CREATED, DELETED = "no.fullmakt.systemuser.created", "no.fullmakt.systemuser.deleted"
LINKED, UNLINKED = "no.fullmakt.systemuser.clientlinked", "no.fullmakt.systemuser.clientunlinked"
GIVEN = "no.fullmakt.systemuser.accessgiven"


def read(world: World, headers: dict[str, str], **query: str) -> dict[str, Any]:
    answer = world.http.get(FEED, params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def vendor(world: World, organization: str = "") -> dict[str, str]:
    named_one = {"organization": organization} if organization else {}
    return world.vendor(REGISTER_SCOPE, **named_one)


def owner(world: World, organization: str = SERVICE_OWNER) -> dict[str, str]:
    return world.vendor(OWNER, organization=organization)


def types(found: dict[str, Any]) -> list[str]:
    return [event["type"] for event in found["data"]]


@pytest.fixture
def agent(world: World) -> str:
    world.register()
    return world.approved_agent()


def change_client(world: World, agent: str, method: str, client: str = CLIENT) -> None:
    path = f"{END_USER}/clients?agent={agent}&client={world.organization(client).uuid}"
    answer = world.http.request(method, path, headers=world.person(ADMINISTRATOR))
    assert answer.status_code == 200


def test_a_vendor_is_told_what_happened_to_its_system_users_in_order(
    world: World, agent: str
) -> None:
    change_client(world, agent, "POST")
    change_client(world, agent, "DELETE")
    facilitator = world.organization(FIRM).uuid
    world.http.delete(
        f"{USERS}/agent/{world.party_id(FIRM)}/{agent}?facilitatorId={facilitator}",
        headers=world.person(DIRECTOR),
    )

    found = read(world, vendor(world))

    assert types(found) == [CREATED, LINKED, UNLINKED, DELETED]
    assert {event["subject"] for event in found["data"]} == {f"urn:altinn:systemuser:uuid:{agent}"}
    linked = found["data"][1]
    assert linked["data"] == {
        "systemUserId": agent,
        "systemUserType": "agent",
        "systemId": "312300109_maestro",
        "ownerOrgNo": FIRM,
        "externalRef": "regn",
        "clientId": str(world.organization(CLIENT).uuid),
        "accessPackages": [SIGNING, PLAIN_ACCOUNTANT],
        "rights": [],
    }
    assert (linked["specversion"], linked["datacontenttype"]) == ("1.0", "application/json")
    assert linked["source"].endswith(FEED)


def test_a_feed_read_event_by_event_has_each_one_once(world: World, agent: str) -> None:
    change_client(world, agent, "POST")
    world.approved_standard()
    headers, seen, position = vendor(world), [], ""
    whole = read(world, headers)

    while True:
        found = read(world, headers, size="1", position=position)
        seen += [event["id"] for event in found["data"]]
        if found["position"] == position:
            break
        position = found["position"]

    assert seen == [event["id"] for event in whole["data"]]
    assert len(seen) == len(set(seen)) > 2


def test_a_feed_goes_on_where_it_was_left(world: World, agent: str) -> None:
    headers = vendor(world)
    first = read(world, headers)
    assert types(first) == [CREATED]
    assert first["isLast"]

    nothing_new = world.http.get(first["links"]["next"], headers=headers).json()
    change_client(world, agent, "POST")
    later = world.http.get(nothing_new["links"]["next"], headers=headers).json()

    assert nothing_new["data"] == []
    assert types(later) == [LINKED]


def test_another_vendor_is_told_nothing(world: World, agent: str) -> None:
    change_client(world, agent, "POST")

    assert read(world, vendor(world, OTHER_VENDOR))["data"] == []


def test_a_service_owner_is_told_of_system_users_that_hold_its_services(
    world: World, agent: str
) -> None:
    change_client(world, agent, "POST")
    world.approved_standard()

    found = read(world, owner(world))

    # The owner's app is opened by the signing package, and nothing of its by the other one.
    linked = next(event for event in found["data"] if event["type"] == LINKED)
    assert linked["data"]["accessPackages"] == [SIGNING]
    given = next(event for event in found["data"] if event["type"] == GIVEN)
    assert given["data"]["accessPackages"] == [TAX]
    assert {right.rpartition(":")[0] for right in given["data"]["rights"]} == {SERVICE}


def add_owner_of_another_service(world: World) -> None:
    text = LocalizedText("x", "x", "x")
    with world.changing() as work:
        resource = resources.add_resource(
            work,
            NewResource(
                "farm-aid",
                ResourceType.GENERIC_ACCESS_RESOURCE,
                OrganizationNumber(STRANGER),
                "ldir",
                text,
                description=text,
                right_description=text,
            ),
        )
        policy = resources.default_policy(
            "farm-aid", roles=(), packages=("jordbruk",), actions=("read",), minimum_level=3
        )
        resources.set_policy(work, resource, policy)


def test_another_service_owner_is_told_nothing(world: World, agent: str) -> None:
    add_owner_of_another_service(world)
    change_client(world, agent, "POST")

    assert read(world, owner(world, STRANGER))["data"] == []


def test_what_was_given_to_others_than_system_users_is_not_told(world: World, agent: str) -> None:
    with world.changing() as work:
        parties.begin_role(
            work,
            role="regnskapsforer",
            giver=world.organization(STRANGER),
            holder=world.organization(FIRM),
        )

    assert types(read(world, vendor(world))) == [CREATED]


def test_a_title_is_told_when_it_changes(world: World) -> None:
    world.register()
    standard = world.approved_standard()
    body = {
        "id": standard,
        "partyId": str(world.party_id(FIRM)),
        "reporteeOrgNo": FIRM,
        "integrationTitle": "Another title",
        "systemId": "312300109_maestro",
    }
    world.http.put(USERS, json=body, headers=world.person(DIRECTOR))

    renamed = read(world, vendor(world))["data"][-1]

    assert renamed["type"] == "no.fullmakt.systemuser.renamed"
    assert renamed["data"]["integrationTitle"] == "Another title"


@pytest.mark.parametrize(
    "query, name",
    [({"position": "x"}, "position"), ({"size": "0"}, "size"), ({"size": "501"}, "size")],
)
def test_a_place_that_cannot_be_is_refused_by_name(
    world: World, query: dict[str, str], name: str
) -> None:
    answer = world.http.get(FEED, params=query, headers=vendor(world))

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [name]


def refusals(world: World, path: str, method: str = "GET") -> list[tuple[httpx.Response, str]]:
    """Each caller that is refused, and the reason."""
    own = "the feed is for a vendor's or a service owner's own token"
    callers = [
        ({}, "a bearer token is needed"),
        (world.vendor(REQUEST_READ), f"the token needs scope {REGISTER_SCOPE} or {OWNER}"),
        (world.person(DIRECTOR, REGISTER_SCOPE), own),
        (world.system_user(str(world.organization(FIRM).uuid), OWNER), own),
    ]
    return [(world.http.request(method, path, headers=held), why) for held, why in callers]


def test_the_feed_is_for_vendors_and_service_owners_alone(world: World) -> None:
    answers = refusals(world, FEED)

    assert [answer.status_code for answer, _ in answers] == [401, 403, 403, 403]
    assert all(why in reason(answer) for answer, why in answers)
