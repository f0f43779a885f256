"""System users that customers make, rename and look into on their own, over HTTP."""

from __future__ import annotations

from uuid import UUID

import httpx
import pytest

from fullmakt.access.decisions.model import BySystemUser, ByUuid, Question
from tests.api.systems_world import (
    ADMINISTRATOR,
    CLOSED_SERVICE,
    DIRECTOR,
    FIRM,
    OTHER_FIRM,
    OUTSIDER,
    PORTAL,
    REGISTER,
    SERVICE,
    SIGNING,
    SYSTEM,
    TAX,
    USERS,
    World,
    named,
    problem,
    reason,
    right,
)

WISH = {"integrationTitle": "Eget", "systemId": SYSTEM}
UNKNOWN = "505f8488-3d48-4c15-8e21-35cb9432f815"


def register(world: World, **changes: object) -> None:
    body = {"rights": [right(SERVICE)], "accessPackages": named(TAX), **changes}
    assert world.register(**body).status_code == 200


def create(
    world: World, *, by: str = DIRECTOR, party: str = FIRM, **changes: object
) -> httpx.Response:
    path = f"{USERS}/{world.party_id(party)}/create"
    return world.http.post(path, json={**WISH, **changes}, headers=world.person(by))


def access_of(world: World, user: str, *, by: str = DIRECTOR, party: str = FIRM) -> httpx.Response:
    path = f"{USERS}/{world.party_id(party)}/{user}/delegations"
    return world.http.get(path, headers=world.person(by))


def rename(world: World, user: str, *, by: str = DIRECTOR, **changes: object) -> httpx.Response:
    body = {
        "id": user,
        "partyId": str(world.party_id(FIRM)),
        "reporteeOrgNo": FIRM,
        "integrationTitle": "Nytt navn",
        "systemId": SYSTEM,
        **changes,
    }
    return world.http.put(USERS, json=body, headers=world.person(by))


def test_a_customer_makes_a_system_user_with_all_that_the_system_has(world: World) -> None:
    register(world)

    made = create(world)

    user = made.json()
    access = access_of(world, user["id"]).json()
    assert (made.status_code, user["integrationTitle"], user["externalRef"]) == (200, "Eget", FIRM)
    assert (user["userType"], user["accessPackages"]) == ("standard", named(TAX))
    assert access == {
        "systemUserId": user["id"],
        "rights": [right(SERVICE)],
        "accessPackages": named(TAX),
    }


def test_a_system_user_made_on_own_initiative_acts_for_its_owner(world: World) -> None:
    register(world, accessPackages=[])
    user = create(world).json()["id"]
    owner = ByUuid(world.organization(FIRM).uuid)

    decision = world.decisions.explain(Question(BySystemUser(UUID(user)), "write", SERVICE, owner))

    assert decision.permitted, decision.reasons


def test_without_a_title_a_system_user_has_its_systems(world: World) -> None:
    register(world)

    assert create(world, integrationTitle=None).json()["integrationTitle"] == "Maestro"


def test_one_system_has_one_system_user_of_a_customers_own_initiative(world: World) -> None:
    register(world)
    first = create(world).json()["id"]

    again = create(world)

    assert problem(again) == (400, "AUTH-00004")
    assert f"`{first}` (standard)" in again.json()["detail"]


def test_one_service_that_cannot_be_given_on_stops_it_all(world: World) -> None:
    register(world, rights=[right(SERVICE), right(CLOSED_SERVICE)])

    refused = create(world)

    assert problem(refused) == (403, "AUTH-00068")
    assert f"`{CLOSED_SERVICE}`" in refused.json()["detail"]


def test_one_package_that_cannot_be_given_on_stops_it_all(world: World) -> None:
    register(world, accessPackages=named(TAX, SIGNING), isVisible=False)

    refused = create(world)

    assert problem(refused) == (400, "AUTH-00053")
    assert "`regnskapsforer-med-signeringsrettighet`" in refused.json()["detail"]


def test_an_unknown_system_is_not_chosen(world: World) -> None:
    refused = create(world, systemId="nothing")

    assert problem(refused) == (404, "AUTH-00011")
    assert "system `nothing` is not registered" in refused.json()["detail"]


def test_a_retired_system_is_not_chosen_on_own_initiative(world: World) -> None:
    register(world)
    world.http.delete(f"{REGISTER}/{SYSTEM}", headers=world.vendor())

    refused = create(world)

    assert problem(refused) == (404, "AUTH-00011")
    assert f"system `{SYSTEM}` is retired" in refused.json()["detail"]


@pytest.mark.parametrize("by", [ADMINISTRATOR, OUTSIDER])
def test_only_access_managers_make_system_users(world: World, by: str) -> None:
    register(world)

    refused = create(world, by=by)

    assert refused.status_code == 403
    assert "write on altinn_access_management" in reason(refused)


def test_a_vendor_makes_no_system_user_for_its_customer(world: World) -> None:
    register(world)
    path = f"{USERS}/{world.party_id(FIRM)}/create"

    refused = world.http.post(path, json=WISH, headers=world.vendor(PORTAL))

    assert refused.status_code == 403
    assert "the token names neither a person nor a system user" in reason(refused)
    assert world.http.post(path, json=WISH).status_code == 401


def test_for_an_unknown_party_nothing_is_made(world: World) -> None:
    register(world)

    refused = world.http.post(f"{USERS}/99/create", json=WISH, headers=world.person(DIRECTOR))

    assert problem(refused) == (400, "AUTH-00000")


def test_a_wish_without_a_system_is_refused_as_input(world: World) -> None:
    path = f"{USERS}/{world.party_id(FIRM)}/create"

    refused = world.http.post(path, json={}, headers=world.person(DIRECTOR))

    assert refused.status_code == 400
    assert "systemId" in str(refused.json()["errors"])


def test_what_another_partys_system_user_has_is_not_told(world: World) -> None:
    world.register()
    user = world.approved_standard()

    foreign = access_of(world, user, by=OUTSIDER, party=OTHER_FIRM)
    unknown = access_of(world, UNKNOWN)
    stranger = access_of(world, user, by=OUTSIDER)

    assert problem(foreign) == problem(unknown) == (404, "AUTH-00015")
    assert stranger.status_code == 403
    assert "read on altinn_access_management" in reason(stranger)


def test_an_agent_was_given_nothing_itself(world: World) -> None:
    world.register()
    user = world.approved_agent()

    access = access_of(world, user).json()

    assert (access["rights"], access["accessPackages"]) == ([], [])


def test_a_system_user_is_given_another_title(world: World) -> None:
    world.register()
    user = world.approved_standard()

    answer = rename(world, user)

    path = f"{USERS}/{world.party_id(FIRM)}/{user}"
    read = world.http.get(path, headers=world.person(DIRECTOR)).json()
    assert (answer.status_code, answer.content) == (200, b"")
    assert read["integrationTitle"] == "Nytt navn"


@pytest.mark.parametrize(
    "changes",
    [{"id": UNKNOWN}, {"reporteeOrgNo": OTHER_FIRM}, {"systemId": "another"}],
)
def test_a_system_user_is_not_moved_by_its_new_title(world: World, changes: dict[str, str]) -> None:
    world.register()
    user = world.approved_standard()

    answer = rename(world, user, **changes)

    assert (answer.status_code, answer.json()["title"]) == (404, "Not Found")


def test_another_partys_system_user_keeps_its_title(world: World) -> None:
    world.register()
    user = world.approved_standard()

    stranger = rename(world, user, by=OUTSIDER)
    foreign = rename(world, user, by=OUTSIDER, partyId=world.party_id(OTHER_FIRM))

    assert stranger.status_code == 403
    assert "write on altinn_access_management" in reason(stranger)
    assert foreign.status_code == 404
