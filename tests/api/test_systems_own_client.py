"""The firm itself as a client of its agent, over HTTP."""

from __future__ import annotations

from uuid import UUID

import httpx
import pytest

from fullmakt.access.decisions.model import BySystemUser, ByUuid, Question
from fullmakt.access.parties.model import Party
from tests.api.systems_world import (
    ADMINISTRATOR,
    CLIENT,
    DIRECTOR,
    FIRM,
    OTHER_FIRM,
    OUTSIDER,
    PACKAGES,
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
)

METHODS = pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
CHANGES = pytest.mark.parametrize("method", ["POST", "DELETE"])
UNKNOWN = "505f8488-3d48-4c15-8e21-35cb9432f815"
BANKRUPTCY = f"{PACKAGES}konkursbo-lesetilgang"


def agent(world: World, *packages: str) -> str:
    wanted = packages or (TAX,)
    world.register(accessPackages=named(*wanted))
    return world.approved_agent(accessPackages=named(*wanted))


def call(
    world: World,
    method: str,
    user: str,
    *,
    by: str = DIRECTOR,
    party: str = FIRM,
    party_uuid: UUID | None = None,
) -> httpx.Response:
    path = f"{USERS}/agent/{world.party_id(party)}/{user}/self/"
    params = {"partyUuid": str(party_uuid or world.organization(party).uuid)}
    return world.http.request(method, path, params=params, headers=world.person(by))


def may_write(world: World, user: str, party: Party) -> bool:
    question = Question(BySystemUser(UUID(user)), "write", SERVICE, ByUuid(party.uuid))
    return world.decisions.decide(question).permitted


def test_an_agent_acts_for_its_own_firm_once_it_is_added_and_until_it_is_removed(
    world: World,
) -> None:
    user, firm = agent(world), world.organization(FIRM)

    steps = [(call(world, "GET", user).json(), may_write(world, user, firm))]
    for method in ("POST", "DELETE"):
        assert call(world, method, user).json() is True
        steps.append((call(world, "GET", user).json(), may_write(world, user, firm)))

    assert steps == [(False, False), (True, True), (False, False)]


@CHANGES
def test_adding_or_removing_the_firm_again_is_the_same_as_once(world: World, method: str) -> None:
    user = agent(world)

    first, second = call(world, method, user), call(world, method, user)

    assert first.json() is second.json() is True


def test_what_the_firm_gave_for_itself_opens_no_client(world: World) -> None:
    user = agent(world)
    call(world, "POST", user)

    assert not may_write(world, user, world.organization(CLIENT))


def test_why_an_agent_may_act_for_its_own_firm_is_told_without_any_link(world: World) -> None:
    user, firm = agent(world), world.organization(FIRM)
    call(world, "POST", user)

    question = Question(BySystemUser(UUID(user)), "write", SERVICE, ByUuid(firm.uuid))
    decision = world.decisions.explain(question)

    assert decision.permitted
    assert "client-link" not in {each.check.value for each in decision.reasons}


def test_an_agent_that_is_deleted_loses_its_own_firm(world: World) -> None:
    user, firm = agent(world), world.organization(FIRM)
    call(world, "POST", user)
    path = f"{USERS}/agent/{world.party_id(FIRM)}/{user}"

    world.http.delete(path, headers=world.person(DIRECTOR))

    assert not may_write(world, user, firm)


def test_packages_for_clients_alone_are_not_for_the_firm_itself(world: World) -> None:
    user = agent(world, SIGNING, TAX)

    refused = call(world, "POST", user)

    assert problem(refused) == (400, "AUTH-00064")
    assert refused.json()["NotDelegablePackages"] == SIGNING


def test_packages_that_the_person_may_not_give_on_are_not_given_to_the_agent(
    world: World,
) -> None:
    user = agent(world, TAX, BANKRUPTCY)

    refused = call(world, "POST", user)

    assert problem(refused) == (400, "AUTH-00051")
    assert "`konkursbo-lesetilgang`" in refused.json()["Problem Detail: "]
    assert call(world, "GET", user).json() is False


@METHODS
def test_a_standard_system_user_has_no_own_client(world: World, method: str) -> None:
    world.register()
    user = world.approved_standard()

    assert problem(call(world, method, user)) == (400, "AUTH-00034")


@METHODS
def test_an_unknown_agent_has_no_own_client(world: World, method: str) -> None:
    refused = call(world, method, UNKNOWN)

    assert refused.status_code == 400
    assert refused.json()["errors"] == {"return": [f"SystemUser with Id {UNKNOWN} Not Found"]}


@METHODS
def test_another_partys_agent_is_left_alone(world: World, method: str) -> None:
    user = agent(world)

    foreign = call(world, method, user, by=OUTSIDER, party=OTHER_FIRM)
    other_uuid = call(world, method, user, party_uuid=world.organization(CLIENT).uuid)

    assert "does not belong to `TALLKNUSER REGNSKAP AS`" in reason(foreign)
    assert problem(other_uuid) == (400, "AUTH-00031")


@METHODS
def test_the_firm_itself_is_for_access_managers_alone(world: World, method: str) -> None:
    user = agent(world)
    path = f"{USERS}/agent/{world.party_id(FIRM)}/{user}/self"

    administrator = call(world, method, user, by=ADMINISTRATOR)
    vendor = world.http.request(method, path, headers=world.vendor())
    nobody = world.http.request(method, path)

    assert "altinn_access_management" in reason(administrator)
    assert "the token names neither a person nor a system user" in reason(vendor)
    assert nobody.status_code == 401


@CHANGES
def test_a_retired_system_gets_nothing_for_the_firm_itself(world: World, method: str) -> None:
    user = agent(world)
    world.http.delete(f"{REGISTER}/{SYSTEM}", headers=world.vendor())

    assert problem(call(world, method, user)) == (404, "AUTH-00011")
