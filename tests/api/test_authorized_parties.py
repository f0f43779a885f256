"""Authorized parties over HTTP: whose, which, and what of each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from fullmakt.access.decisions.model import ByOrganizationNumber, BySystemUser, Question
from fullmakt.access.delegations import service as delegations
from fullmakt.access.parties import service as parties
from fullmakt.access.parties.model import NewOrganization
from fullmakt.foundation.terms.numbers import OrganizationNumber, PersonNumber
from tests.api.systems_world import (
    APP,
    CLIENT,
    CLIENT_DIRECTOR,
    CLIENTS_READ,
    CLOSED_SERVICE,
    DIRECTOR,
    END_USER,
    FIRM,
    OTHER_FIRM,
    OUTSIDER,
    PARTIAL_CLIENT,
    SERVICE,
    STRANGER,
    World,
    reason,
)

BASE = "/accessmanagement/api/v1"
OWNERS = f"{BASE}/resourceowner/authorizedparties"
END_USERS = f"{BASE}/enduser/authorizedparties"
SCOPE = "altinn:accessmanagement/authorizedparties"
SYSTEM_USER = "urn:altinn:systemuser:uuid"
UNIT = "312400200"


def ask(
    world: World, kind: str, value: object, *, chosen: object = None, **query: str
) -> httpx.Response:
    body = {"type": kind, "value": str(value), "partyFilter": chosen}
    headers = world.vendor(f"{SCOPE}.resourceowner")
    return world.http.post(OWNERS, params=query, json=body, headers=headers)


def told(answer: httpx.Response) -> dict[str, Any]:
    """What is told of each party, by its number."""
    assert answer.status_code == 200, answer.text
    found = answer.json()
    families = found["data"] if isinstance(found, dict) else found
    everybody = [*families, *(unit for each in families for unit in each["subunits"])]
    by_number = {each["organizationNumber"] or each["personId"]: each for each in everybody}
    assert len(by_number) == len(everybody), "somebody is told twice"
    return by_number


def an_agent(world: World) -> str:
    """The id of a system user of the firm for clients."""
    assert world.register().status_code == 200
    return world.approved_agent()


def an_own(world: World) -> str:
    """The id of a system user of the firm for itself."""
    assert world.register().status_code == 200
    return world.approved_standard()


def link(world: World, agent: str, *clients: str) -> None:
    """Have the firm's own person link clients to its agent."""
    for client in clients:
        uuid = world.organization(client).uuid
        answer = world.http.post(
            f"{END_USER}/clients",
            params={"agent": agent, "client": str(uuid)},
            headers=world.person(DIRECTOR),
        )
        assert answer.status_code == 200, answer.text


def with_unit(world: World) -> None:
    """Register a sub-unit of the client."""
    with world.changing() as work:
        parties.add_organization(
            work,
            NewOrganization(
                OrganizationNumber(UNIT),
                "FJORDGLØTT AVD BRYGGA",
                "BEDR",
                uuid4(),
                51000900,
                parent=OrganizationNumber(CLIENT),
            ),
        )


def test_an_agents_parties_are_the_clients_linked_to_it(world: World) -> None:
    agent = an_agent(world)
    link(world, agent, CLIENT)

    found = told(ask(world, SYSTEM_USER, agent, includeAccessPackages="true"))

    assert list(found) == [CLIENT]
    assert found[CLIENT]["authorizedAccessPackages"] == [
        "regnskapsforer-med-signeringsrettighet",
        "regnskapsforer-uten-signeringsrettighet",
    ]
    assert found[CLIENT]["name"] == "FJORDGLØTT BAKERI AS"
    assert found[CLIENT]["type"] == "Organization"
    assert found[CLIENT]["unitType"] == "AS"
    assert found[CLIENT]["partyId"] == world.party_id(CLIENT)
    assert found[CLIENT]["authorizedRoles"] == []


def test_a_sub_unit_stands_under_its_main_unit_and_has_what_that_gave(world: World) -> None:
    with_unit(world)
    agent = an_agent(world)
    link(world, agent, CLIENT)

    (family,) = ask(world, SYSTEM_USER, agent, includeAccessPackages="true").json()

    (unit,) = family["subunits"]
    assert unit["organizationNumber"] == UNIT
    assert unit["parentId"] == family["partyUuid"]
    assert unit["authorizedAccessPackages"] == family["authorizedAccessPackages"] != []


def test_sub_units_can_be_left_out(world: World) -> None:
    with_unit(world)
    agent = an_agent(world)
    link(world, agent, CLIENT)

    found = told(ask(world, SYSTEM_USER, agent, includeSubParties="false"))

    assert list(found) == [CLIENT]


def test_a_main_unit_that_gave_nothing_only_stands_above(world: World) -> None:
    with_unit(world)
    user = an_own(world)
    with world.changing() as work:
        receiver = parties.get_by_inner_id(work, _inner(world, user))
        unit = parties.get_organization(work, OrganizationNumber(UNIT))
        delegations.give_to_system_user(
            work,
            owner=unit,
            system_user=receiver,
            packages=frozenset({"jordbruk"}),
            rights=frozenset(),
            given_by=unit,
        )

    found = told(
        ask(world, SYSTEM_USER, user, includeAccessPackages="true", includeSubParties="false")
    )

    assert found[CLIENT]["onlyHierarchyElementWithNoAccess"] is True
    assert found[CLIENT]["authorizedAccessPackages"] == []
    assert found[UNIT]["authorizedAccessPackages"] == ["jordbruk"]
    assert found[UNIT]["onlyHierarchyElementWithNoAccess"] is False


def _inner(world: World, user: str) -> int:
    with world.database.reading() as reading:
        owner = parties.get_organization(reading, OrganizationNumber(FIRM))
        owned = parties.list_owned(reading, owner.id, most=100)
    return next(each.id for each in owned if str(each.uuid) == user)


def test_a_system_user_of_ones_own_has_its_owner_with_packages_and_rights(world: World) -> None:
    user = an_own(world)

    found = told(ask(world, SYSTEM_USER, user, includeAccessPackages="true"))

    assert list(found) == [FIRM]
    assert found[FIRM]["authorizedAccessPackages"] == ["skattegrunnlag"]
    assert found[FIRM]["authorizedResources"] == [SERVICE]


def test_what_is_not_included_is_left_empty(world: World) -> None:
    user = an_own(world)

    found = told(ask(world, SYSTEM_USER, user, includeResources="false"))

    assert found[FIRM]["authorizedAccessPackages"] == []
    assert found[FIRM]["authorizedResources"] == []


def test_a_person_has_itself_its_firm_and_the_firms_clients(world: World) -> None:
    found = told(ask(world, "urn:altinn:person:identifier-no", DIRECTOR))

    assert {DIRECTOR, FIRM, CLIENT} <= set(found)
    assert "dagl" in [each.lower() for each in found[FIRM]["authorizedRoles"]]
    assert found[DIRECTOR]["type"] == "Person"
    assert found[DIRECTOR]["personId"] == DIRECTOR
    assert STRANGER not in found


def test_what_is_reached_through_key_roles_can_be_left_out(world: World) -> None:
    answer = ask(
        world, "urn:altinn:person:identifier-no", DIRECTOR, includePartiesViaKeyRoles="false"
    )

    assert FIRM in told(answer)
    assert CLIENT not in told(answer)


@pytest.mark.parametrize("choice", ["false", "auto"])
def test_a_deleted_party_is_told_only_when_asked_for(world: World, choice: str) -> None:
    agent = an_agent(world)
    link(world, agent, CLIENT)
    with world.changing() as work:
        client = parties.get_organization(work, OrganizationNumber(CLIENT))
        parties.change_status(work, client, deleted_at=world.clock.now(), bankrupt_at=None)

    hidden = told(ask(world, SYSTEM_USER, agent, includeInactiveParties=choice))
    shown = told(
        ask(world, SYSTEM_USER, agent, includeInactiveParties="true", includeAccessPackages="true")
    )

    assert hidden == {}
    assert shown[CLIENT]["isDeleted"] is True
    assert shown[CLIENT]["authorizedAccessPackages"] == []


def test_a_filter_tells_of_the_named_parties_alone(world: World) -> None:
    chosen = [
        {"type": "urn:altinn:organization:identifier-no", "value": CLIENT},
        {"type": "urn:altinn:organization:identifier-no", "value": STRANGER},
    ]

    found = told(ask(world, "urn:altinn:person:identifier-no", DIRECTOR, chosen=chosen))

    assert list(found) == [CLIENT]


@pytest.mark.parametrize("resource", [SERVICE, APP, CLOSED_SERVICE])
@pytest.mark.parametrize("party", [CLIENT, PARTIAL_CLIENT, STRANGER, FIRM])
def test_a_resource_leaves_the_parties_where_a_decision_permits_something(
    world: World, resource: str, party: str
) -> None:
    agent = an_agent(world)
    link(world, agent, CLIENT)

    found = told(ask(world, SYSTEM_USER, agent, anyOfResourceIds=resource))

    named = ByOrganizationNumber(OrganizationNumber(party))
    subject = BySystemUser(UUID(agent))
    permitted = [
        action
        for action in world.decisions.actions_of(resource)
        if world.decisions.decide(Question(subject, action, resource, named)).permitted
    ]
    assert (party in found) == bool(permitted)


def test_an_owners_code_leaves_the_parties_where_it_has_a_service_opened(world: World) -> None:
    user = an_own(world)

    assert list(told(ask(world, SYSTEM_USER, user, orgCode="SKD"))) == [FIRM]
    assert told(ask(world, SYSTEM_USER, user, orgCode="nav")) == {}


def test_an_accountant_that_is_struck_leaves_its_agents_without_parties(world: World) -> None:
    agent = an_agent(world)
    link(world, agent, CLIENT)
    with world.changing() as work:
        parties.end_role(
            work,
            role="regnskapsforer",
            giver=parties.get_organization(work, OrganizationNumber(CLIENT)),
            holder=parties.get_organization(work, OrganizationNumber(FIRM)),
        )

    assert told(ask(world, SYSTEM_USER, agent)) == {}


# --- who asks -------------------------------------------------------------------------------------


def test_a_system_user_asks_for_its_own(world: World) -> None:
    user = an_own(world)

    answer = world.http.get(
        END_USERS,
        params={"includeAccessPackages": "true"},
        headers=world.system_user(user, SCOPE),
    )

    assert answer.json()["links"] == {"next": None}
    assert told(answer)[FIRM]["authorizedAccessPackages"] == ["skattegrunnlag"]
    assert told(answer)[FIRM]["authorizedResources"] == []


def test_a_person_asks_for_its_own(world: World) -> None:
    answer = world.http.get(END_USERS, headers=world.person(CLIENT_DIRECTOR))

    assert {CLIENT, CLIENT_DIRECTOR} <= set(told(answer))
    assert FIRM not in told(answer)


def test_a_person_has_nothing_of_those_it_has_no_role_in(world: World) -> None:
    answer = world.http.get(END_USERS, headers=world.person(OUTSIDER))

    assert set(told(answer)) == {OTHER_FIRM, OUTSIDER}


def test_a_page_ends_with_the_way_to_the_next_and_nobody_is_told_twice(world: World) -> None:
    with world.changing() as work:
        person = parties.find_person(work, PersonNumber(OUTSIDER))
        assert person is not None
        for n, number in enumerate(_valid_numbers(101)):
            made = parties.add_organization(
                work, NewOrganization(number, f"EIER {n} AS", "AS", uuid4(), 59000000 + n)
            )
            parties.begin_role(work, role="daglig-leder", giver=made, holder=person)
    headers = world.person(OUTSIDER)

    first = world.http.get(END_USERS, params={"includeRoles": "true"}, headers=headers)
    second = world.http.get(first.json()["links"]["next"], headers=headers)

    assert len(first.json()["data"]) == 100
    assert second.json()["links"] == {"next": None}
    assert len({**told(first), **told(second)}) == 103
    assert all(each["authorizedRoles"] for each in second.json()["data"])


def _valid_numbers(wanted: int) -> list[OrganizationNumber]:
    found: list[OrganizationNumber] = []
    number = 313_500_000
    while len(found) < wanted:
        number += 1
        try:
            found.append(OrganizationNumber(str(number)))
        except ValueError:
            continue
    return found


def test_a_page_that_nobody_began_is_refused(world: World) -> None:
    answer = world.http.get(END_USERS, params={"token": "7"}, headers=world.person(DIRECTOR))

    assert answer.status_code == 400
    assert "`7` begins no page" in answer.json()["errors"]["token"][0]


# --- refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [OWNERS, OWNERS.replace("resourceowner", "serviceowner")])
def test_an_end_users_scope_is_not_an_owners(world: World, path: str) -> None:
    answer = world.http.post(path, json={}, headers=world.vendor(SCOPE))

    assert answer.status_code == 403
    assert f"{SCOPE}.resourceowner or {SCOPE}.admin" in reason(answer)


def test_an_owners_scope_is_not_an_end_users(world: World) -> None:
    answer = world.http.get(END_USERS, headers=world.person(DIRECTOR, f"{SCOPE}.admin"))

    assert answer.status_code == 403
    assert SCOPE in reason(answer)


def test_a_token_of_a_vendor_alone_is_about_nobody(world: World) -> None:
    answer = world.http.get(END_USERS, headers=world.vendor(SCOPE))

    assert answer.status_code == 403
    assert "about no person and no system user" in reason(answer)


def test_an_unknown_system_user_is_about_nobody(world: World) -> None:
    answer = world.http.get(END_USERS, headers=world.system_user(str(uuid4()), SCOPE))

    assert answer.status_code == 403
    assert "about no person and no system user" in reason(answer)


@pytest.mark.parametrize("method, path", [("POST", OWNERS), ("GET", END_USERS)])
def test_nobody_is_let_in_without_a_token_that_holds(world: World, method: str, path: str) -> None:
    headers = world.person(DIRECTOR)
    world.clock.advance(timedelta(days=1))

    without = world.http.request(method, path)
    expired = world.http.request(method, path, headers=headers)

    assert without.status_code == expired.status_code == 401
    assert "expired" in reason(expired)


def test_clients_read_is_not_enough(world: World) -> None:
    answer = world.http.get(END_USERS, headers=world.person(DIRECTOR, CLIENTS_READ))

    assert answer.status_code == 403
    assert SCOPE in reason(answer)


@pytest.mark.parametrize(
    "kind, value, place",
    [
        ("urn:altinn:shoesize", "43", "type"),
        (SYSTEM_USER, "not-a-uuid", "value"),
        ("urn:altinn:partyid", "-1", "value"),
        ("urn:altinn:userid", "9" * 40, "value"),
        ("urn:altinn:organization:identifier-no", "123456789", "value"),
        ("urn:altinn:person:identifier-no", "11111111111", "value"),
    ],
)
def test_a_subject_that_cannot_be_is_refused(
    world: World, kind: str, value: str, place: str
) -> None:
    answer = ask(world, kind, value)

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [place]
    assert kind in answer.json()["errors"][place][0]


def test_an_identity_number_is_not_repeated(world: World) -> None:
    assert "11111111111" not in ask(world, "urn:altinn:person:identifier-no", "11111111111").text


def test_a_filter_that_cannot_be_is_refused_with_its_place(world: World) -> None:
    chosen = [{"type": SYSTEM_USER, "value": str(uuid4())}, {"type": "no", "value": "x"}]

    answer = ask(world, SYSTEM_USER, uuid4(), chosen=chosen)

    assert list(answer.json()["errors"]) == ["partyFilter[1].type"]


@pytest.mark.parametrize(
    "name, value",
    [("includeRoles", "perhaps"), ("includeRoles", "auto"), ("includeSubParties", "2")],
)
def test_a_choice_that_is_none_is_refused(world: World, name: str, value: str) -> None:
    answer = ask(world, SYSTEM_USER, uuid4(), **{name: value})

    assert answer.status_code == 400
    assert f"'{value}' is not valid" in answer.json()["errors"][name][0]


@pytest.mark.parametrize(
    "kind, value",
    [
        (SYSTEM_USER, "00000000-0000-4000-8000-000000000000"),
        ("urn:altinn:enterpriseuser:username", "somebody"),
        ("urn:altinn:person:idporten-email", "somebody@example.invalid"),
    ],
)
def test_somebody_unknown_has_nothing(world: World, kind: str, value: str) -> None:
    assert told(ask(world, kind, value)) == {}
