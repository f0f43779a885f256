"""Escalating requests over HTTP, and what waits for those who may answer."""

from __future__ import annotations

from uuid import UUID

import pytest

from fullmakt.access.parties import service as parties
from fullmakt.systems.requests import escalation
from fullmakt.systems.requests.approvers import list_approvers, told_approvers
from fullmakt.systems.requests.model import AtParty
from fullmakt.systems.system_users.model import SystemUserKind
from tests.api.systems_world import (
    ADMINISTRATOR,
    CLIENT,
    CLIENTS_READ,
    DIRECTOR,
    FIRM,
    OTHER_FIRM,
    OUTSIDER,
    PORTAL,
    REQUESTS,
    World,
    problem,
    reason,
)

KINDS = pytest.mark.parametrize("kind", ["", "/agent"])
UNKNOWN = "505f8488-3d48-4c15-8e21-35cb9432f815"


def send(world: World, kind: str) -> str:
    world.register()
    made = world.agent_request() if kind else world.standard_request()
    return str(made.json()["id"])


def pending(world: World, kind: str, *, by: str = DIRECTOR, party: str = FIRM) -> list[str]:
    path = f"{REQUESTS}{kind}/{world.party_id(party)}/{party}/pending"
    answer = world.http.get(path, headers=world.person(by))
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()]


@KINDS
def test_somebody_who_may_not_answer_passes_a_request_on(world: World, kind: str) -> None:
    request = send(world, kind)

    answer = world.answer(request, verb="escalate", kind=kind, by=ADMINISTRATOR)

    opened = world.http.get(f"{REQUESTS}{kind}/{request}", headers=world.person(DIRECTOR)).json()
    assert (answer.status_code, answer.json()) == (200, True)
    assert (opened["escalated"], opened["status"]) == (True, "New")
    assert pending(world, kind) == [request]


@pytest.mark.parametrize("kind", SystemUserKind)
def test_the_event_of_an_escalation_names_those_who_may_answer(
    world: World, kind: SystemUserKind
) -> None:
    request = send(world, "/agent" if kind is SystemUserKind.AGENT else "")
    named = AtParty(world.party_id(FIRM), UUID(request), kind)

    with world.database.authority(actor="test", correlation="0" * 32) as work:
        escalation.escalate(
            work, world.catalog, world.decisions, named, caller=world.caller(ADMINISTRATOR)
        )
        [change] = work.changes

    assert change.kind == "request-escalated"
    assert change.payload["approvers"] == [str(world.find_person(DIRECTOR).uuid)]
    assert change.payload["by"] == str(world.find_person(ADMINISTRATOR).uuid)


@KINDS
def test_an_escalated_request_is_answered_like_any_other(world: World, kind: str) -> None:
    request = send(world, kind)
    world.answer(request, verb="escalate", kind=kind, by=ADMINISTRATOR)
    world.answer(request, verb="escalate", kind=kind, by=ADMINISTRATOR)

    assert world.answer(request, kind=kind).json() is True
    assert pending(world, kind) == []


@KINDS
def test_a_stranger_passes_nothing_on(world: World, kind: str) -> None:
    request = send(world, kind)

    answer = world.answer(request, verb="escalate", kind=kind, by=OUTSIDER)

    opened = world.http.get(f"{REQUESTS}{kind}/{request}", headers=world.person(DIRECTOR)).json()
    assert (answer.status_code, answer.json()) == (200, False)
    assert opened["escalated"] is False


@KINDS
def test_an_id_of_no_request_is_not_escalated(world: World, kind: str) -> None:
    other_kind = send(world, "" if kind else "/agent")

    unknown = world.answer(UNKNOWN, verb="escalate", kind=kind)
    of_other_kind = world.answer(other_kind, verb="escalate", kind=kind)

    assert (unknown.json(), of_other_kind.json()) == (False, False)


@KINDS
def test_a_request_of_another_party_is_not_escalated(world: World, kind: str) -> None:
    request = send(world, kind)

    answer = world.answer(request, verb="escalate", kind=kind, by=OUTSIDER, party=OTHER_FIRM)

    assert problem(answer) == (403, "AUTH-00042" if kind else "AUTH-00041")


@KINDS
@pytest.mark.parametrize("verb", ["approve", "reject"])
def test_an_answered_request_is_not_escalated(world: World, kind: str, verb: str) -> None:
    request = send(world, kind)
    world.answer(request, verb=verb, kind=kind)

    answer = world.answer(request, verb="escalate", kind=kind, by=ADMINISTRATOR)

    assert problem(answer) == (409, "AUTH-00013")
    assert "`Nøyaktig Havørn` answered it at" in answer.json()["detail"]


@KINDS
def test_escalating_needs_the_portals_scope_a_person_and_a_party(world: World, kind: str) -> None:
    request = send(world, kind)
    path = f"{REQUESTS}{kind}/{world.party_id(FIRM)}/{request}/escalate"

    no_token = world.http.post(path)
    no_scope = world.http.post(path, headers=world.person(DIRECTOR, CLIENTS_READ))
    no_person = world.http.post(path, headers=world.vendor(PORTAL))
    no_party = world.http.post(
        f"{REQUESTS}{kind}/99/{request}/escalate", headers=world.person(DIRECTOR)
    )

    assert (no_token.status_code, no_scope.status_code, no_person.status_code) == (401, 403, 403)
    assert f"the token needs scope {PORTAL}" in reason(no_scope)
    assert "the token names no person who is registered here" in reason(no_person)
    assert problem(no_party) == (400, "AUTH-00000")


def test_every_new_standard_request_is_pending(world: World) -> None:
    request = send(world, "")
    answered = str(world.standard_request(externalRef="other").json()["id"])
    world.answer(answered, verb="reject")

    assert pending(world, "") == [request]


def test_an_agent_request_is_pending_once_it_is_escalated(world: World) -> None:
    request = send(world, "/agent")
    before = pending(world, "/agent")
    world.answer(request, verb="escalate", kind="/agent", by=ADMINISTRATOR)

    assert (before, pending(world, "/agent")) == ([], [request])


@KINDS
def test_what_waits_for_another_organisation_is_not_told(world: World, kind: str) -> None:
    send(world, kind)
    path = f"{REQUESTS}{kind}/{world.party_id(OTHER_FIRM)}/{FIRM}/pending"

    answer = world.http.get(path, headers=world.person(OUTSIDER))

    assert problem(answer) == (403, "AUTH-00042" if kind else "AUTH-00041")


@KINDS
def test_what_waits_is_for_those_who_may_answer(world: World, kind: str) -> None:
    path = f"{REQUESTS}{kind}/{world.party_id(FIRM)}/{FIRM}/pending"

    administrator = world.http.get(path, headers=world.person(ADMINISTRATOR))
    no_scope = world.http.get(path, headers=world.person(DIRECTOR, CLIENTS_READ))

    assert (administrator.status_code, no_scope.status_code) == (403, 403)
    assert "altinn_access_management" in reason(administrator)
    assert f"the token needs scope {PORTAL}" in reason(no_scope)


@KINDS
@pytest.mark.parametrize("verb", ["approve", "reject"])
def test_whoever_may_not_answer_is_told_who_can(world: World, kind: str, verb: str) -> None:
    request = send(world, kind)

    related = world.answer(request, verb=verb, kind=kind, by=ADMINISTRATOR)
    stranger = world.answer(request, verb=verb, kind=kind, by=OUTSIDER)

    assert "those who can answer: `N?yaktig Hav?rn`;" in reason(related)
    assert "those who can answer" not in reason(stranger)
    assert stranger.status_code == 403


@KINDS
def test_where_nobody_can_answer_that_is_told_with_a_way_out(world: World, kind: str) -> None:
    request = send(world, kind)
    with world.changing() as work:
        parties.end_role(
            work,
            role="daglig-leder",
            giver=world.organization(FIRM),
            holder=world.find_person(DIRECTOR),
        )

    answer = world.answer(request, kind=kind, by=ADMINISTRATOR)

    assert answer.status_code == 403
    assert "nobody in `RETT REVISJON AS` can answer" in reason(answer)
    assert "`tilgangsstyrer` or `hovedadministrator`" in reason(answer)


def test_nobody_is_said_only_when_all_were_asked_about(world: World) -> None:
    party = world.organization(CLIENT)
    with world.database.reading() as reading:
        some = list_approvers(reading, world.catalog, world.decisions, party, most=0)
        everybody = list_approvers(reading, world.catalog, world.decisions, party)

    assert (some.able, some.asked, everybody.unasked) == ((), 0, 0)
    told = told_approvers(some, party)
    assert told.startswith(f"none of the 0 people asked about in `{party.name}` can answer")
    assert told.endswith(f"; {everybody.asked} more were not asked about")
    assert told_approvers(everybody, party).startswith("those who can answer: `Mild Surdeig`")
