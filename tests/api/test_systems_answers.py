"""Answering requests over HTTP: who may, what an approval checks, and what it makes."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from fullmakt.access.decisions.model import BySystemUser, ByUuid, Question
from fullmakt.access.parties import service as parties
from tests.api.systems_world import (
    ACCESS_MANAGER,
    ADMINISTRATOR,
    APP,
    CLIENT,
    CLIENT_DIRECTOR,
    CLIENTS_READ,
    CLOSED_SERVICE,
    DIRECTOR,
    FIRM,
    KEPT_SERVICE,
    OTHER_FIRM,
    OUTSIDER,
    PLAIN_ACCOUNTANT,
    PORTAL,
    REGISTER,
    REQUESTS,
    ROLE_SERVICE,
    SERVICE,
    SIGNING,
    SYSTEM,
    TAX,
    USERS,
    World,
    bearer,
    named,
    problem,
    reason,
    right,
    system_body,
)

KINDS = pytest.mark.parametrize("kind", ["", "/agent"])
VERBS = pytest.mark.parametrize("verb", ["approve", "reject"])
UNKNOWN = "505f8488-3d48-4c15-8e21-35cb9432f815"


def send(world: World, kind: str, **changes: object) -> str:
    made = world.agent_request(**changes) if kind else world.standard_request(**changes)
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def status(world: World, kind: str, request: str) -> str:
    path = f"{REQUESTS}/vendor{kind}/{request}"
    return str(world.http.get(path, headers=world.vendor()).json()["status"])


def list_users(world: World) -> list[dict[str, object]]:
    path = f"{USERS}/vendor/bysystem/{SYSTEM}"
    found: list[dict[str, object]] = world.http.get(path, headers=world.vendor()).json()["data"]
    return found


def test_approving_an_agent_request_makes_the_system_user_of_the_same_id(world: World) -> None:
    world.register()
    request = send(world, "/agent")

    answer = world.answer(request, kind="/agent")

    [user] = list_users(world)
    assert (answer.status_code, answer.json()) == (200, True)
    assert status(world, "/agent", request) == "Accepted"
    assert (user["id"], user["userType"], user["externalRef"]) == (request, "agent", "regn")
    assert (user["integrationTitle"], user["reporteeOrgNo"]) == ("Maestro, clients", FIRM)


def test_approving_a_standard_request_gives_what_was_asked_for(world: World) -> None:
    world.register()
    request = send(world, "")

    answer = world.answer(request)

    path = f"{USERS}/{world.party_id(FIRM)}/{request}"
    user = world.http.get(path, headers=world.person(DIRECTOR)).json()
    assert answer.json() is True
    assert user["userType"] == "standard"
    assert user["accessPackages"] == named(TAX)
    assert user["rights"] == [right(SERVICE)]


def test_a_standard_system_user_may_act_for_its_owner_at_once(world: World) -> None:
    world.register()
    request = world.approved_standard(accessPackages=[], rights=[right(SERVICE)])
    owner = ByUuid(world.organization(FIRM).uuid)
    user = BySystemUser(UUID(request))

    decision = world.decisions.explain(Question(user, "write", SERVICE, owner))

    assert decision.permitted, decision.reasons


@KINDS
def test_rejecting_makes_nothing_and_stays(world: World, kind: str) -> None:
    world.register()
    request = send(world, kind)

    answer = world.answer(request, verb="reject", kind=kind)

    resent = world.agent_request() if kind else world.standard_request()
    assert answer.json() is True
    assert status(world, kind, request) == "Rejected"
    assert list_users(world) == []
    assert (resent.status_code, resent.json()["status"]) == (200, "Rejected")


def test_a_rejected_request_is_deleted_before_a_new_one_is_sent(world: World) -> None:
    world.register()
    request = send(world, "")
    world.answer(request, verb="reject")

    world.http.delete(f"{REQUESTS}/vendor/{request}", headers=world.vendor())

    assert world.standard_request().status_code == 201


def test_the_reference_of_a_rejected_request_is_taken_for_the_other_kind(world: World) -> None:
    world.register()
    request = send(world, "")
    reference = world.standard_request().json()["externalRef"]
    world.answer(request, verb="reject")

    answer = world.agent_request(externalRef=reference)

    assert problem(answer) == (400, "AUTH-00009")
    assert "is `Rejected`" in answer.json()["detail"]


@KINDS
@pytest.mark.parametrize("first, second", [("approve", "reject"), ("reject", "approve")])
def test_the_second_answer_is_told_who_answered_and_when(
    world: World, kind: str, first: str, second: str
) -> None:
    world.register()
    request = send(world, kind)
    world.answer(request, verb=first, kind=kind)
    world.clock.advance(timedelta(minutes=1))

    answer = world.answer(request, verb=second, kind=kind)

    assert problem(answer) == (409, "AUTH-00013")
    assert answer.json()["detail"].endswith("`Nøyaktig Havørn` answered it at 2026-11-23T09:00:00Z")


@KINDS
@VERBS
def test_a_client_administrator_cannot_answer_and_is_told_what_is_missing(
    world: World, kind: str, verb: str
) -> None:
    world.register()
    request = send(world, kind)

    answer = world.answer(request, verb=verb, kind=kind, by=ADMINISTRATOR)

    assert answer.status_code == 403
    assert "write on altinn_access_management for 'RETT REVISJON AS'" in reason(answer).replace(
        "`", "'"
    )
    assert status(world, kind, request) == "New"


@KINDS
@VERBS
def test_somebody_elses_director_cannot_answer(world: World, kind: str, verb: str) -> None:
    world.register()
    request = send(world, kind)

    answer = world.answer(request, verb=verb, kind=kind, by=OUTSIDER)

    assert answer.status_code == 403
    assert "altinn_access_management" in reason(answer)


@KINDS
@VERBS
def test_a_request_is_not_answered_for_another_party(world: World, kind: str, verb: str) -> None:
    world.register()
    request = send(world, kind)

    answer = world.answer(request, verb=verb, kind=kind, by=OUTSIDER, party=OTHER_FIRM)

    assert problem(answer) == (403, "AUTH-00042" if kind else "AUTH-00041")
    assert status(world, kind, request) == "New"


@KINDS
@VERBS
def test_a_low_level_of_log_in_does_not_answer(world: World, kind: str, verb: str) -> None:
    world.register()
    request = send(world, kind)
    path = f"{REQUESTS}{kind}/{world.party_id(FIRM)}/{request}/{verb}"

    answer = world.http.post(path, headers=world.person(DIRECTOR, level=2))

    assert answer.status_code == 403
    assert "authentication level 3 is needed; the token has 2" in reason(answer)


@KINDS
@VERBS
def test_a_vendors_token_does_not_answer(world: World, kind: str, verb: str) -> None:
    world.register()
    request = send(world, kind)
    path = f"{REQUESTS}{kind}/{world.party_id(FIRM)}/{request}/{verb}"

    no_scope = world.http.post(path, headers=world.vendor())
    with_scope = world.http.post(path, headers=world.vendor(PORTAL))

    assert no_scope.status_code == with_scope.status_code == 403
    assert "the token names neither a person nor a system user" in reason(with_scope)
    assert reason(no_scope)


@KINDS
def test_approving_needs_the_portals_scope(world: World, kind: str) -> None:
    world.register()
    request = send(world, kind)
    path = f"{REQUESTS}{kind}/{world.party_id(FIRM)}/{request}/approve"

    answer = world.http.post(path, headers=world.person(DIRECTOR, CLIENTS_READ))

    assert answer.status_code == 403
    assert f"the token needs scope {PORTAL}" in reason(answer)


@KINDS
@VERBS
def test_without_a_token_nothing_is_answered(world: World, kind: str, verb: str) -> None:
    answer = world.http.post(f"{REQUESTS}{kind}/51000002/{UNKNOWN}/{verb}")

    assert answer.status_code == 401
    assert "a bearer token is needed" in reason(answer)


@KINDS
@VERBS
def test_what_does_not_exist_is_not_answered(world: World, kind: str, verb: str) -> None:
    world.register()
    other_kind = send(world, "" if kind else "/agent")
    person = world.person(DIRECTOR)

    unknown = world.answer(UNKNOWN, verb=verb, kind=kind)
    of_other_kind = world.answer(other_kind, verb=verb, kind=kind)
    no_party = world.http.post(f"{REQUESTS}{kind}/99/{UNKNOWN}/{verb}", headers=person)
    no_number = world.http.post(f"{REQUESTS}{kind}/x/{UNKNOWN}/{verb}", headers=person)

    missing = (404, "AUTH-00030" if kind else "AUTH-00010")
    assert problem(unknown) == problem(of_other_kind) == missing
    assert problem(no_party) == (400, "AUTH-00000")
    assert no_number.json()["errors"] == {"party": ["The value 'x' is not valid."]}


@KINDS
def test_an_approval_that_comes_too_late_is_refused_by_us(world: World, kind: str) -> None:
    world.register()
    request = send(world, kind)
    world.clock.advance(timedelta(days=180, seconds=1))

    answer = world.answer(request, kind=kind)

    assert problem(answer) == (409, "FM-00001")
    assert "could be approved until 2027-05-22" in answer.json()["detail"]
    assert world.answer(request, verb="reject", kind=kind).json() is True


@KINDS
def test_a_system_retired_meanwhile_gets_no_system_user(world: World, kind: str) -> None:
    world.register()
    request = send(world, kind)
    world.http.delete(f"{REGISTER}/{SYSTEM}", headers=world.vendor())

    assert problem(world.answer(request, kind=kind)) == (404, "AUTH-00011")


@KINDS
def test_a_package_taken_off_the_system_meanwhile_stops_the_approval(
    world: World, kind: str
) -> None:
    world.register()
    request = send(world, kind)
    world.http.put(
        f"{REGISTER}/{SYSTEM}/accesspackages",
        json=named(ACCESS_MANAGER, PLAIN_ACCOUNTANT),
        headers=world.vendor(),
    )

    answer = world.answer(request, kind=kind)

    assert problem(answer) == (400, "AUTH-00063")
    assert answer.json()["NotFoundPackages"] == (SIGNING if kind else TAX)
    assert status(world, kind, request) == "New"


def test_a_right_taken_off_the_system_meanwhile_stops_the_approval(world: World) -> None:
    world.register()
    request = send(world, "")
    world.http.put(f"{REGISTER}/{SYSTEM}/rights", json=[right(APP)], headers=world.vendor())

    assert problem(world.answer(request)) == (400, "AUTH-00001")


@KINDS
def test_a_system_without_a_norwegian_name_gets_no_system_user(world: World, kind: str) -> None:
    world.register(name={"en": "Maestro"})
    request = send(world, kind)

    assert problem(world.answer(request, kind=kind)) == (404, "AUTH-00017")
    assert status(world, kind, request) == "New"


def test_a_service_that_the_approver_does_not_have_is_named(world: World) -> None:
    world.register()
    request = send(world, "", rights=[right(SERVICE), right(CLOSED_SERVICE)])

    answer = world.answer(request)

    assert problem(answer) == (403, "AUTH-00068")
    assert f"may not delegate `{CLOSED_SERVICE}`" in answer.json()["detail"]
    assert list_users(world) == []


@pytest.mark.parametrize(
    "service, code",
    [
        (ROLE_SERVICE, "AUTH-00016"),
        (CLOSED_SERVICE, "AUTH-00068"),
        (KEPT_SERVICE, "AUTH-00070"),
    ],
)
def test_a_service_that_cannot_be_given_on_has_the_code_of_its_reason(
    world: World, service: str, code: str
) -> None:
    world.register(rights=[right(service)])
    request = send(world, "", rights=[right(service)], accessPackages=[])

    answer = world.answer(request)

    assert problem(answer) == (403, code)
    assert f"may not delegate `{service}`" in answer.json()["detail"]


def test_packages_that_the_approver_may_not_give_on_are_named(world: World) -> None:
    world.register(accessPackages=named(TAX, "urn:altinn:accesspackage:konkursbo-lesetilgang"))
    request = send(
        world,
        "",
        rights=[],
        accessPackages=named(TAX, "urn:altinn:accesspackage:konkursbo-lesetilgang"),
    )

    answer = world.answer(request)

    assert problem(answer) == (400, "AUTH-00053")
    assert "`konkursbo-lesetilgang`" in answer.json()["detail"]
    assert "`skattegrunnlag`" not in answer.json()["detail"]
    assert list_users(world) == []
    assert status(world, "", request) == "New"


def test_an_agent_request_asks_for_nothing_the_approver_holds(world: World) -> None:
    world.register()
    request = send(world, "/agent")

    assert world.answer(request, kind="/agent").json() is True


def test_a_system_user_of_either_kind_takes_the_reference(world: World) -> None:
    world.register()
    agent = send(world, "/agent", externalRef="same")
    standard = send(world, "", externalRef="same")
    world.answer(agent, kind="/agent")

    approved = world.answer(standard)
    asked = world.standard_request(externalRef="same")

    assert problem(approved) == (400, "AUTH-00004")
    assert problem(asked) == (400, "AUTH-00004")
    assert f"`{agent}` (agent)" in asked.json()["detail"]


def test_after_an_approval_the_same_request_is_refused(world: World) -> None:
    world.register()
    world.approved_standard()

    assert problem(world.standard_request()) == (400, "AUTH-00004")


def test_a_role_ended_a_moment_before_the_approval_counts(world: World) -> None:
    world.register()
    request = send(world, "/agent")
    with world.changing() as work:
        parties.end_role(
            work,
            role="daglig-leder",
            giver=world.organization(FIRM),
            holder=world.find_person(DIRECTOR),
        )

    answer = world.answer(request, kind="/agent")

    assert answer.status_code == 403
    assert "altinn_access_management" in reason(answer)


def test_a_system_user_does_not_approve_even_where_it_may_manage_access(world: World) -> None:
    world.register()
    manager = world.approved_standard(rights=[], accessPackages=named(ACCESS_MANAGER))
    request = send(world, "/agent")
    path = f"{REQUESTS}/agent/{world.party_id(FIRM)}/{request}/approve"

    answer = world.http.post(path, headers=world.system_user(manager, PORTAL))

    assert answer.status_code == 403
    assert "the token names no person who is registered here" in reason(answer)


@KINDS
def test_whoever_may_approve_opens_the_request_to_approve_it(world: World, kind: str) -> None:
    world.register()
    request = send(world, kind)

    opened = world.http.get(f"{REQUESTS}{kind}/{request}", headers=world.person(DIRECTOR)).json()

    firm = world.organization(FIRM)
    assert (opened["partyId"], opened["partyUuid"]) == (firm.party_id, str(firm.uuid))
    assert opened["userMayEscalateButNotApprove"] is False
    assert "integrationTitle" not in opened
    assert "confirmUrl" not in opened


def test_an_opened_agent_request_says_that_it_is_one(world: World) -> None:
    world.register()
    agent, standard = send(world, "/agent"), send(world, "")
    person = world.person(DIRECTOR)

    opened_agent = world.http.get(f"{REQUESTS}/agent/{agent}", headers=person).json()
    opened_standard = world.http.get(f"{REQUESTS}/{standard}", headers=person).json()

    assert (opened_agent["systemUserType"], opened_agent["rights"]) == ("Agent", [])
    assert "systemUserType" not in opened_standard


@KINDS
def test_others_with_a_relation_open_it_to_pass_it_on(world: World, kind: str) -> None:
    world.register()
    request = send(world, kind)

    path = f"{REQUESTS}{kind}/{request}"
    opened = world.http.get(path, headers=world.person(ADMINISTRATOR))

    assert opened.json()["userMayEscalateButNotApprove"] is True


def test_a_director_of_the_customers_accountant_has_a_relation(world: World) -> None:
    world.register()
    request = send(world, "", partyOrgNo=CLIENT)

    opened = world.http.get(f"{REQUESTS}/{request}", headers=world.person(DIRECTOR))

    assert opened.json()["userMayEscalateButNotApprove"] is True


@KINDS
def test_a_stranger_does_not_open_a_request(world: World, kind: str) -> None:
    world.register()
    request = send(world, kind)

    answer = world.http.get(f"{REQUESTS}{kind}/{request}", headers=world.person(OUTSIDER))

    assert problem(answer) == (403, "AUTH-00066")
    assert answer.json()["detail"] == "`Rask Kuleramme` has no relation to `RETT REVISJON AS`"


@KINDS
def test_opening_needs_the_portals_scope_and_a_person(world: World, kind: str) -> None:
    world.register()
    request = send(world, kind)
    path = f"{REQUESTS}{kind}/{request}"

    no_token = world.http.get(path)
    no_scope = world.http.get(path, headers=world.person(DIRECTOR, CLIENTS_READ))
    no_person = world.http.get(path, headers=bearer(world.token(PORTAL)))
    unknown = world.http.get(f"{REQUESTS}{kind}/{UNKNOWN}", headers=world.person(DIRECTOR))

    assert "a bearer token is needed" in reason(no_token)
    assert f"the token needs scope {PORTAL}" in reason(no_scope)
    assert "names no person" in reason(no_person)
    assert problem(unknown) == (404, "AUTH-00010")


@KINDS
def test_a_party_reads_its_own_request_and_no_other(world: World, kind: str) -> None:
    world.register()
    request = send(world, kind)

    def read(party: str, by: str) -> tuple[int, str]:
        path = f"{REQUESTS}{kind}/{world.party_id(party)}/{request}"
        answer = world.http.get(path, headers=world.person(by))
        return answer.status_code, answer.text

    assert read(FIRM, DIRECTOR)[0] == 200
    assert read(FIRM, ADMINISTRATOR) == (403, "")
    assert read(FIRM, OUTSIDER) == (403, "")
    assert read(OTHER_FIRM, OUTSIDER)[0] == 404
    assert "AUTH-00010" in read(CLIENT, CLIENT_DIRECTOR)[1]


@KINDS
def test_a_low_level_of_log_in_reads_no_request(world: World, kind: str) -> None:
    world.register()
    path = f"{REQUESTS}{kind}/{world.party_id(FIRM)}/{send(world, kind)}"

    answer = world.http.get(path, headers=world.person(DIRECTOR, level=1))

    assert answer.status_code == 403
    assert "authentication level 3 is needed" in reason(answer)


@pytest.mark.parametrize("systems_url", ["sqlite"], indirect=True)
def test_a_request_with_a_title_of_its_own_keeps_it(world: World) -> None:
    world.http.post(REGISTER, json=system_body(), headers=world.vendor())
    request = send(world, "", integrationTitle="")

    world.answer(request)

    assert list_users(world)[0]["integrationTitle"] == ""
