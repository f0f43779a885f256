"""Answering change requests over HTTP: who may, what is checked, and what changes."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from fullmakt.access.decisions.model import BySystemUser, ByUuid, Question
from fullmakt.foundation.terms.problem import Problem
from fullmakt.systems.requests import change_answers
from tests.api.systems_world import (
    ACCESS_MANAGER,
    ADMINISTRATOR,
    APP,
    CLOSED_SERVICE,
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
    right,
)

CHANGES = f"{USERS}/changerequest"
UNKNOWN = "505f8488-3d48-4c15-8e21-35cb9432f815"
FIRST = "107319e1-8e4c-47f4-85be-6bdbd8b97b7f"
VERBS = pytest.mark.parametrize("verb", ["approve", "reject"])
WIDER = {"requiredRights": [right(APP)], "requiredAccessPackages": named(ACCESS_MANAGER)}
NARROWER = {"unwantedRights": [right(SERVICE)], "unwantedAccessPackages": named(TAX)}


def asked(world: World, body: dict[str, object], **changes: object) -> str:
    """The system user that the change request `FIRST` is about."""
    world.register(**changes)
    user = world.approved_standard()
    made = world.http.post(
        f"{CHANGES}/vendor",
        params={"correlation-id": FIRST, "system-user-id": user},
        json=body,
        headers=world.vendor(),
    )
    assert made.status_code == 201, made.text
    return user


def answer(
    world: World,
    verb: str = "approve",
    *,
    by: str = DIRECTOR,
    party: str = FIRM,
    change: str = FIRST,
) -> httpx.Response:
    path = f"{CHANGES}/{world.party_id(party)}/{change}/{verb}"
    return world.http.post(path, headers=world.person(by))


def status(world: World) -> str:
    read = world.http.get(f"{CHANGES}/vendor/{FIRST}", headers=world.vendor()).json()
    return str(read["status"])


def access(world: World, user: str) -> tuple[list[str], list[str]]:
    path = f"{USERS}/{world.party_id(FIRM)}/{user}/delegations"
    found = world.http.get(path, headers=world.person(DIRECTOR)).json()
    services = [each["resource"][0]["value"] for each in found["rights"]]
    return sorted(services), sorted(each["urn"] for each in found["accessPackages"])


def test_what_is_required_is_added_to_what_was_there(world: World) -> None:
    user = asked(world, WIDER)

    approved = answer(world)

    assert (approved.status_code, approved.json(), status(world)) == (200, True, "Accepted")
    assert access(world, user) == (sorted([APP, SERVICE]), sorted([ACCESS_MANAGER, TAX]))


def test_what_is_unwanted_falls_at_once(world: World) -> None:
    user = asked(world, NARROWER)
    question = Question(
        BySystemUser(UUID(user)), "write", SERVICE, ByUuid(world.organization(FIRM).uuid)
    )
    before = world.decisions.decide(question).permitted

    answer(world)

    assert access(world, user) == ([], [])
    assert (before, world.decisions.decide(question).permitted) == (True, False)


def test_what_is_there_already_and_what_is_not_there_change_nothing(world: World) -> None:
    user = asked(
        world,
        {
            "requiredRights": [right(SERVICE)],
            "requiredAccessPackages": named(TAX),
            "unwantedRights": [right(APP)],
            "unwantedAccessPackages": named(ACCESS_MANAGER),
        },
    )

    assert answer(world).json() is True
    assert access(world, user) == ([SERVICE], [TAX])


def test_a_rejected_change_changes_nothing(world: World) -> None:
    user = asked(world, WIDER)

    rejected = answer(world, "reject")

    assert (rejected.json(), status(world)) == (True, "Rejected")
    assert access(world, user) == ([SERVICE], [TAX])


@pytest.mark.parametrize("first, second", [("approve", "reject"), ("reject", "approve")])
def test_whoever_answers_a_change_second_is_told_who_was_first(
    world: World, first: str, second: str
) -> None:
    asked(world, WIDER)
    answer(world, first)
    world.clock.advance(timedelta(minutes=1))

    refused = answer(world, second)

    assert problem(refused) == (409, "AUTH-00013")
    told = refused.json()["detail"]
    assert told.endswith("`Nøyaktig Havørn` answered it at 2026-11-23T09:00:00Z")


@VERBS
def test_a_change_is_not_answered_for_another_party(world: World, verb: str) -> None:
    asked(world, WIDER)

    refused = answer(world, verb, by=OUTSIDER, party=OTHER_FIRM)

    assert problem(refused) == (403, "AUTH-00041")
    assert status(world) == "New"


@VERBS
def test_a_client_administrator_does_not_answer_a_change(world: World, verb: str) -> None:
    asked(world, WIDER)

    refused = answer(world, verb, by=ADMINISTRATOR)

    assert refused.status_code == 403
    assert "those who can answer: `N?yaktig Hav?rn`" in reason(refused)


@VERBS
def test_strangers_vendors_and_nobody_do_not_answer_a_change(world: World, verb: str) -> None:
    asked(world, WIDER)
    path = f"{CHANGES}/{world.party_id(FIRM)}/{FIRST}/{verb}"

    stranger = answer(world, verb, by=OUTSIDER)
    vendor = world.http.post(path, headers=world.vendor())
    low = world.http.post(path, headers=world.person(DIRECTOR, level=2))
    nobody = world.http.post(path)

    assert "write on altinn_access_management" in reason(stranger)
    assert "the token names neither a person nor a system user" in reason(vendor)
    assert "authentication level 3 is needed; the token has 2" in reason(low)
    assert nobody.status_code == 401


@VERBS
def test_a_change_that_does_not_exist_is_not_answered(world: World, verb: str) -> None:
    path = f"{CHANGES}/99/{UNKNOWN}/{verb}"

    unknown = answer(world, verb, change=UNKNOWN)
    no_party = world.http.post(path, headers=world.person(DIRECTOR))

    assert problem(unknown) == (404, "AUTH-00010")
    assert problem(no_party) == (400, "AUTH-00000")


def test_a_service_that_the_approver_does_not_have_stops_the_change(world: World) -> None:
    user = asked(world, {**NARROWER, "requiredRights": [right(CLOSED_SERVICE)]})

    refused = answer(world)

    assert problem(refused) == (400, "AUTH-00001")
    assert f"may not delegate `{CLOSED_SERVICE}`" in refused.json()["detail"]
    assert access(world, user) == ([SERVICE], [TAX])


def test_a_package_that_the_approver_may_not_give_on_stops_the_change(world: World) -> None:
    bankruptcy = f"{PACKAGES}konkursbo-lesetilgang"
    user = asked(
        world,
        {"requiredAccessPackages": named(bankruptcy), "requiredRights": [right(APP)]},
        accessPackages=named(TAX, bankruptcy),
    )

    refused = answer(world)

    assert problem(refused) == (400, "AUTH-00053")
    assert "`konkursbo-lesetilgang`" in refused.json()["detail"]
    assert access(world, user) == ([SERVICE], [TAX])


def test_a_package_taken_off_the_system_meanwhile_stops_the_change(world: World) -> None:
    asked(world, WIDER)
    world.http.put(
        f"{REGISTER}/{SYSTEM}/accesspackages", json=named(TAX, SIGNING), headers=world.vendor()
    )

    refused = answer(world)

    assert problem(refused) == (400, "AUTH-00052")
    assert refused.json()["Invalid Urn Details : "] == ACCESS_MANAGER


def test_a_service_taken_off_the_system_meanwhile_stops_the_change(world: World) -> None:
    asked(world, WIDER)
    world.http.put(f"{REGISTER}/{SYSTEM}/rights", json=[right(SERVICE)], headers=world.vendor())

    assert problem(answer(world)) == (400, "AUTH-00001")


def test_a_system_retired_meanwhile_changes_nothing(world: World) -> None:
    asked(world, WIDER)
    world.http.delete(f"{REGISTER}/{SYSTEM}", headers=world.vendor())

    assert problem(answer(world)) == (404, "AUTH-00011")


def test_a_system_user_deleted_meanwhile_is_not_changed(world: World) -> None:
    user = asked(world, WIDER)
    path = f"{USERS}/{world.party_id(FIRM)}/{user}"
    world.http.delete(path, headers=world.person(DIRECTOR))

    assert problem(answer(world)) == (404, "AUTH-00015")


def test_a_change_that_waited_too_long_is_rejected_or_nothing(world: World) -> None:
    asked(world, WIDER)
    world.clock.advance(timedelta(days=180, seconds=1))

    refused = answer(world)

    assert problem(refused) == (409, "FM-00001")
    assert "could be approved until 2027-05-22" in refused.json()["detail"]
    assert answer(world, "reject").json() is True


def test_whoever_may_answer_opens_a_change_with_the_partys_ids(world: World) -> None:
    user = asked(world, WIDER)

    opened = world.http.get(f"{CHANGES}/{FIRST}", headers=world.person(DIRECTOR)).json()

    firm = world.organization(FIRM)
    assert (opened["partyId"], opened["partyUuid"]) == (firm.party_id, str(firm.uuid))
    assert (opened["systemUserId"], opened["requiredRights"]) == (user, [right(APP)])
    assert opened.keys().isdisjoint({"created", "timedOut", "confirmUrl"})


@pytest.mark.parametrize("by", [ADMINISTRATOR, OUTSIDER])
def test_a_stranger_is_not_told_what_a_change_is_about(world: World, by: str) -> None:
    asked(world, WIDER)

    refused = world.http.get(f"{CHANGES}/{FIRST}", headers=world.person(by))

    assert problem(refused) == (403, "AUTH-00066")
    assert "tilgangsstyrer" not in refused.text


def test_a_change_whose_packages_cannot_be_given_on_is_not_opened(world: World) -> None:
    bankruptcy = f"{PACKAGES}konkursbo-lesetilgang"
    asked(
        world,
        {"requiredAccessPackages": named(bankruptcy)},
        accessPackages=named(TAX, bankruptcy),
    )

    refused = world.http.get(f"{CHANGES}/{FIRST}", headers=world.person(DIRECTOR))

    assert problem(refused) == (400, "AUTH-00053")


def test_what_is_not_there_is_not_opened(world: World) -> None:
    unknown = world.http.get(f"{CHANGES}/{UNKNOWN}", headers=world.person(DIRECTOR))
    vendor = world.http.get(f"{CHANGES}/{UNKNOWN}", headers=world.vendor())

    assert problem(unknown) == problem(vendor) == (404, "AUTH-00010")
    assert world.http.get(f"{CHANGES}/{UNKNOWN}").status_code == 401


def test_a_change_is_read_for_its_party_alone(world: World) -> None:
    asked(world, WIDER)

    def read(party: str, by: str, change: str = FIRST) -> httpx.Response:
        path = f"{CHANGES}/{world.party_id(party)}/{change}"
        return world.http.get(path, headers=world.person(by))

    own = read(FIRM, DIRECTOR)
    assert (own.status_code, own.json()["id"], "confirmUrl" in own.json()) == (200, FIRST, False)
    assert problem(read(OTHER_FIRM, OUTSIDER)) == (404, "AUTH-00010")
    assert problem(read(FIRM, DIRECTOR, UNKNOWN)) == (404, "AUTH-00010")
    assert "read on altinn_access_management" in reason(read(FIRM, OUTSIDER))


def test_of_many_answers_to_a_change_at_once_one_counts(world: World) -> None:
    asked(world, WIDER)
    caller, party_id = world.caller(DIRECTOR), world.party_id(FIRM)

    def answer_once(verb: str) -> str:
        act = change_answers.approve_change if verb == "approve" else change_answers.reject_change
        try:
            with world.database.authority(actor="test", correlation="0" * 32) as work:
                act(work, world.catalog, world.decisions, party_id, UUID(FIRST), caller=caller)
        except Problem as refused:
            return refused.code
        return verb

    with ThreadPoolExecutor(4) as threads:
        outcomes = Counter(threads.map(answer_once, ["approve", "reject"] * 4))

    assert outcomes["AUTH-00013"] == 7
    assert outcomes["approve"] + outcomes["reject"] == 1


def test_the_change_its_grants_and_the_answer_are_one_revision(world: World) -> None:
    asked(world, {**WIDER, **NARROWER})
    caller, party_id = world.caller(DIRECTOR), world.party_id(FIRM)

    with world.database.authority(actor="test", correlation="0" * 32) as work:
        change_answers.approve_change(
            work, world.catalog, world.decisions, party_id, UUID(FIRST), caller=caller
        )
        kinds = [change.kind for change in work.changes]

    assert kinds == ["access-given", "access-withdrawn", "change-request-answered"]
