"""System users over HTTP: found by token servers and vendors, read and deleted by their owners."""

from __future__ import annotations

from uuid import UUID

import pytest

from fullmakt.access.decisions.model import BySystemUser, ByUuid, Question
from fullmakt.systems.system_register import service as system_register
from fullmakt.systems.system_users import service as system_users
from fullmakt.systems.system_users.model import SystemUserKind
from tests.api.systems_world import (
    ADMINISTRATOR,
    BASE,
    CLIENT,
    CLIENT_DIRECTOR,
    CLIENT_ID,
    DIRECTOR,
    FIRM,
    LOOKUP,
    OTHER_FIRM,
    OTHER_VENDOR,
    OUTSIDER,
    PLAIN_ACCOUNTANT,
    REGISTER,
    REGISTER_SCOPE,
    REQUEST_READ,
    REQUEST_WRITE,
    REQUESTS,
    SERVICE,
    SIGNING,
    SYSTEM,
    USERS,
    VENDOR,
    World,
    bearer,
    named,
    problem,
    reason,
    right,
    system_body,
)

UNKNOWN = "505f8488-3d48-4c15-8e21-35cb9432f815"
LOOKUP_PATH = f"{USERS}/byExternalId"
ASKED = {
    "clientId": CLIENT_ID,
    "systemProviderOrgNo": VENDOR,
    "systemUserOwnerOrgNo": FIRM,
    "externalRef": "regn",
}


def look_up(world: World, **changes: str | None) -> tuple[int, dict[str, object]]:
    asked = {name: value for name, value in {**ASKED, **changes}.items() if value is not None}
    answer = world.http.get(LOOKUP_PATH, params=asked, headers=bearer(world.token(LOOKUP)))
    return answer.status_code, answer.json()


def test_a_token_server_finds_the_system_user_of_a_client(world: World) -> None:
    world.register()
    agent = world.approved_agent()

    status, found = look_up(world)

    assert status == 200
    assert found == {
        "id": agent,
        "integrationTitle": "Maestro, clients",
        "systemId": SYSTEM,
        "productName": SYSTEM,
        "reporteeOrgNo": FIRM,
        "created": "2026-11-23T09:00:00Z",
        "isDeleted": False,
        "supplierName": "",
        "supplierOrgno": VENDOR,
        "externalRef": "regn",
        "userType": "agent",
    }


@pytest.mark.parametrize("external_ref", [None, "", FIRM])
def test_a_missing_reference_is_the_owners_number(world: World, external_ref: str | None) -> None:
    world.register()
    standard = world.approved_standard()

    assert look_up(world, externalRef=external_ref)[1]["id"] == standard


@pytest.mark.parametrize(
    "changes",
    [
        {"clientId": "another"},
        {"clientId": CLIENT_ID.upper()},
        {"systemProviderOrgNo": OTHER_VENDOR},
        {"systemUserOwnerOrgNo": CLIENT},
        {"externalRef": "revi"},
        {"externalRef": None},
    ],
)
def test_whatever_does_not_match_finds_nothing(world: World, changes: dict[str, str]) -> None:
    world.register()
    world.approved_agent()

    status, answer = look_up(world, **changes)

    assert status == 404
    assert "no system user of" in str(answer["detail"])


def test_a_client_taken_off_the_system_finds_nothing_at_once(world: World) -> None:
    world.register()
    world.approved_agent()
    body = {**system_body(), "clientId": []}

    world.http.put(f"{REGISTER}/{SYSTEM}", json=body, headers=world.vendor())

    assert look_up(world)[0] == 404


def test_a_retired_systems_users_are_not_found_and_still_listed(world: World) -> None:
    world.register()
    agent = world.approved_agent()

    world.http.delete(f"{REGISTER}/{SYSTEM}", headers=world.vendor())

    path = f"{USERS}/agent/{world.party_id(FIRM)}"
    listed = world.http.get(path, headers=world.person(DIRECTOR)).json()
    assert look_up(world)[0] == 404
    assert [user["id"] for user in listed] == [agent]


@pytest.mark.parametrize("name", ["clientId", "systemProviderOrgNo", "systemUserOwnerOrgNo"])
def test_a_look_up_needs_all_three(world: World, name: str) -> None:
    status, answer = look_up(world, **{name: None})

    assert status == 400
    assert answer["errors"] == {name: [f"The {name} field is required."]}


def test_a_look_up_with_a_number_that_is_none_is_refused(world: World) -> None:
    status, answer = look_up(world, systemUserOwnerOrgNo="123")

    assert status == 400
    assert answer["errors"] == {"systemUserOwnerOrgNo": ["The value '123' is not valid."]}


VENDOR_READS = [
    (LOOKUP_PATH, LOOKUP),
    (f"{USERS}/vendor/byquery", REQUEST_WRITE),
    (f"{USERS}/vendor/bysystem/{SYSTEM}", REGISTER_SCOPE),
]


@pytest.mark.parametrize("path, scope", VENDOR_READS)
def test_each_look_up_has_its_own_scope(world: World, path: str, scope: str) -> None:
    no_token = world.http.get(path)
    other_scope = world.http.get(path, headers=world.vendor(REQUEST_READ))

    assert "a bearer token is needed" in reason(no_token)
    assert (no_token.status_code, other_scope.status_code) == (401, 403)
    assert f"the token needs scope {scope}" in reason(other_scope)


def query(world: World, *, vendor: str = VENDOR, **asked: str) -> tuple[int, dict[str, object]]:
    params = {name.replace("_", "-"): value for name, value in asked.items()}
    path = f"{USERS}/vendor/byquery"
    answer = world.http.get(path, params=params, headers=world.vendor(organization=vendor))
    return answer.status_code, answer.json()


def test_a_vendor_verifies_a_system_user_by_query(world: World) -> None:
    world.register()
    agent, standard = world.approved_agent(), world.approved_standard()

    by_reference = query(world, system_id=SYSTEM, orgno=FIRM, external_ref="regn")
    by_default = query(world, system_id=SYSTEM, orgno=FIRM)

    assert (by_reference[1]["id"], by_reference[1]["userType"]) == (agent, "agent")
    assert (by_default[1]["id"], by_default[1]["productName"]) == (standard, "")


def test_a_query_for_another_vendors_system_user_finds_nothing(world: World) -> None:
    world.register()
    world.approved_standard()

    other = query(world, vendor=OTHER_VENDOR, system_id=SYSTEM, orgno=FIRM)
    unknown = query(world, system_id=SYSTEM, orgno=CLIENT)
    missing = query(world, system_id=SYSTEM)

    assert other[0] == unknown[0] == 404
    assert missing[1]["errors"] == {"orgno": ["The orgno field is required."]}


def test_a_query_without_a_vendor_is_not_authenticated(world: World) -> None:
    answer = world.http.get(
        f"{USERS}/vendor/byquery",
        params={"system-id": SYSTEM, "orgno": FIRM},
        headers=bearer(world.token(REQUEST_WRITE)),
    )

    assert answer.status_code == 401
    assert answer.json()["detail"] == "the token names no organisation"


def fill_with_agents(world: World, count: int) -> None:
    with world.changing() as work:
        system = system_register.find_system(work, SYSTEM)
        assert system is not None
        for n in range(count):
            system_users.create_system_user(
                work,
                uuid=UUID(int=2**64 + n),
                system=system,
                owner=world.organization(FIRM),
                kind=SystemUserKind.AGENT,
                external_ref=str(n),
                title=f"number {n}",
                packages=["regnskapsforer-lonn"],
                rights=frozenset(),
                given_by=world.find_person(DIRECTOR),
            )


def test_a_systems_users_are_listed_in_pages_with_an_address_that_works(world: World) -> None:
    world.register()
    fill_with_agents(world, 51)

    path = f"{USERS}/vendor/bysystem/{SYSTEM}"
    first = world.http.get(path, headers=world.vendor()).json()
    second = world.http.get(
        first["links"]["next"].removeprefix(BASE), headers=world.vendor()
    ).json()

    assert first["links"]["next"] == f"{BASE}{path}?token=NTE"
    assert [len(first["data"]), len(second["data"])] == [50, 1]
    assert second["data"][0]["externalRef"] == "50"
    assert second["links"] == {}
    assert "accessPackages" not in second["data"][0]


def test_another_vendor_lists_no_system_users_not_even_the_administrator(world: World) -> None:
    world.register()
    path = f"{USERS}/vendor/bysystem/{SYSTEM}"
    admin = "altinn:authentication/systemregister.admin"

    other = world.http.get(path, headers=world.vendor(organization=OTHER_VENDOR))
    administrator = world.http.get(path, headers=world.vendor(admin, organization=OTHER_VENDOR))
    unknown = world.http.get(f"{USERS}/vendor/bysystem/nothing", headers=world.vendor())

    assert problem(other) == problem(administrator) == problem(unknown) == (404, "AUTH-00011")


# --- owners ---------------------------------------------------------------------------------------


def test_an_owner_lists_its_system_users_by_kind(world: World) -> None:
    world.register()
    agent, standard = world.approved_agent(), world.approved_standard()
    party, person = world.party_id(FIRM), world.person(DIRECTOR)

    own = world.http.get(f"{USERS}/{party}", headers=person).json()
    agents = world.http.get(f"{USERS}/agent/{party}", headers=person).json()

    assert [(user["id"], user["userType"]) for user in own] == [(standard, "standard")]
    assert [(user["id"], user["userType"]) for user in agents] == [(agent, "agent")]
    assert own[0].keys() == agents[0].keys()
    assert (own[0]["partyId"], own[0]["partyUuId"]) == (str(party), "")
    assert (own[0]["supplierOrgno"], own[0]["supplierName"]) == (VENDOR, "")


def test_an_agent_is_read_with_the_packages_it_carries(world: World) -> None:
    world.register()
    agent = world.approved_agent()

    path = f"{USERS}/{world.party_id(FIRM)}/{agent}"
    user = world.http.get(path, headers=world.person(ADMINISTRATOR)).json()

    assert user["accessPackages"] == named(SIGNING, PLAIN_ACCOUNTANT)
    assert "rights" not in user


def test_a_client_administrator_reads_agents_and_not_the_firms_own(world: World) -> None:
    party, person = world.party_id(FIRM), world.person(ADMINISTRATOR)

    agents = world.http.get(f"{USERS}/agent/{party}", headers=person)
    own = world.http.get(f"{USERS}/{party}", headers=person)

    assert agents.status_code == 200
    assert own.status_code == 403
    assert "read on altinn_access_management" in reason(own)


@pytest.mark.parametrize("by", [OUTSIDER, CLIENT_DIRECTOR])
def test_nobody_else_reads_or_deletes_the_firms_system_users(world: World, by: str) -> None:
    world.register()
    agent, standard = world.approved_agent(), world.approved_standard()
    party, person = world.party_id(FIRM), world.person(by)

    answers = [
        world.http.get(f"{USERS}/{party}", headers=person),
        world.http.get(f"{USERS}/agent/{party}", headers=person),
        world.http.get(f"{USERS}/{party}/{standard}", headers=person),
        world.http.delete(f"{USERS}/{party}/{standard}", headers=person),
        world.http.delete(f"{USERS}/agent/{party}/{agent}", headers=person),
    ]

    assert [answer.status_code for answer in answers] == [403] * 5
    assert all("for 'RETT REVISJON AS'" in reason(a).replace("`", "'") for a in answers)


def test_without_a_token_no_system_user_is_read_or_deleted(world: World) -> None:
    answers = [
        world.http.get(f"{USERS}/51000002"),
        world.http.get(f"{USERS}/agent/51000002"),
        world.http.get(f"{USERS}/51000002/{UNKNOWN}"),
        world.http.delete(f"{USERS}/51000002/{UNKNOWN}"),
        world.http.delete(f"{USERS}/agent/51000002/{UNKNOWN}"),
    ]

    assert all("a bearer token is needed" in reason(answer) for answer in answers)


def test_a_party_that_is_not_known_has_no_system_users(world: World) -> None:
    person = world.person(DIRECTOR)

    listed = world.http.get(f"{USERS}/0", headers=person)
    read = world.http.get(f"{USERS}/0/{UNKNOWN}", headers=person)
    deleted = world.http.delete(f"{USERS}/99/{UNKNOWN}", headers=person)
    no_number = world.http.get(f"{USERS}/x", headers=person)

    assert (listed.status_code, listed.json()) == (200, [])
    assert read.status_code == 404
    assert problem(deleted) == (400, "AUTH-00000")
    assert no_number.json()["errors"] == {"party": ["The value 'x' is not valid."]}


def test_another_partys_system_user_is_not_found(world: World) -> None:
    world.register()
    standard = world.approved_standard()

    path = f"{USERS}/{world.party_id(OTHER_FIRM)}/{standard}"
    answer = world.http.get(path, headers=world.person(OUTSIDER))

    assert answer.status_code == 404
    assert standard in answer.json()["detail"]


def test_deleting_a_standard_system_user_answers_how_many(world: World) -> None:
    world.register()
    standard = world.approved_standard()
    path = f"{USERS}/{world.party_id(FIRM)}/{standard}"

    first = world.http.delete(path, headers=world.person(DIRECTOR))
    again = world.http.delete(path, headers=world.person(DIRECTOR))

    assert (first.status_code, first.json()) == (202, 1)
    assert (again.status_code, again.json()) == (404, 0)


def test_a_deleted_system_user_may_nothing_and_frees_its_request(world: World) -> None:
    world.register()
    standard = world.approved_standard()
    question = Question(
        BySystemUser(UUID(standard)), "write", SERVICE, ByUuid(world.organization(FIRM).uuid)
    )
    before = world.decisions.decide(question).permitted

    path = f"{USERS}/{world.party_id(FIRM)}/{standard}"
    world.http.delete(path, headers=world.person(DIRECTOR))

    old = world.http.get(f"{REQUESTS}/vendor/{standard}", headers=world.vendor())
    anew = world.standard_request()
    assert (before, world.decisions.decide(question).permitted) == (True, False)
    assert look_up(world, externalRef=None)[0] == 404
    assert problem(old) == (404, "AUTH-00010")
    assert anew.status_code == 201
    assert anew.json()["id"] != standard


def test_a_system_user_made_anew_has_only_what_it_was_made_with(world: World) -> None:
    world.register()
    standard = world.approved_standard()
    path = f"{USERS}/{world.party_id(FIRM)}"
    world.http.delete(f"{path}/{standard}", headers=world.person(DIRECTOR))

    anew = world.approved_standard(accessPackages=[], rights=[right(SERVICE)])

    user = world.http.get(f"{path}/{anew}", headers=world.person(DIRECTOR)).json()
    assert (user["accessPackages"], user["rights"]) == ([], [right(SERVICE)])


def test_each_kind_is_deleted_where_it_belongs(world: World) -> None:
    world.register()
    agent, standard = world.approved_agent(), world.approved_standard()
    party, person = world.party_id(FIRM), world.person(DIRECTOR)

    agent_as_standard = world.http.delete(f"{USERS}/{party}/{agent}", headers=person)
    standard_as_agent = world.http.delete(f"{USERS}/agent/{party}/{standard}", headers=person)

    assert problem(agent_as_standard) == (400, "AUTH-00036")
    assert problem(standard_as_agent) == (400, "AUTH-00034")


@pytest.mark.parametrize("kind", ["", "/agent"])
def test_another_partys_system_user_is_not_deleted(world: World, kind: str) -> None:
    world.register()
    user = world.approved_agent() if kind else world.approved_standard()
    path = f"{USERS}{kind}/{world.party_id(OTHER_FIRM)}/{user}"

    answer = world.http.delete(path, headers=world.person(OUTSIDER))

    assert problem(answer) == (403, "AUTH-00024")


def test_a_deleted_agent_acts_for_nobody(world: World) -> None:
    world.register()
    agent = world.approved_agent()
    client = world.organization(CLIENT).uuid
    clients = f"/authentication/api/v1/enduser/systemuser/clients?agent={agent}&client={client}"
    world.http.post(clients, headers=world.person(ADMINISTRATOR))
    question = Question(
        BySystemUser(UUID(agent)), "write", "app_skd_mva-melding-innsending-v1", ByUuid(client)
    )
    before = world.decisions.decide(question).permitted

    facilitator = world.organization(FIRM).uuid
    path = f"{USERS}/agent/{world.party_id(FIRM)}/{agent}?facilitatorId={facilitator}"
    deleted = world.http.delete(path, headers=world.person(DIRECTOR))
    again = world.http.delete(path, headers=world.person(DIRECTOR))

    assert (deleted.status_code, deleted.content) == (200, b"")
    assert (before, world.decisions.decide(question).permitted) == (True, False)
    assert problem(again) == (404, "AUTH-00015")
    assert world.agent_request().status_code == 201


def test_a_refused_deletion_leaves_the_request_accepted(world: World) -> None:
    world.register()
    agent = world.approved_agent()
    other = world.organization(OTHER_FIRM).uuid

    path = f"{USERS}/agent/{world.party_id(FIRM)}/{agent}?facilitatorId={other}"
    answer = world.http.delete(path, headers=world.person(DIRECTOR))

    request = world.http.get(f"{REQUESTS}/vendor/agent/{agent}", headers=world.vendor())
    assert problem(answer) == (400, "AUTH-00039")
    assert request.json()["status"] == "Accepted"


def test_a_vendor_deletes_no_system_user(world: World) -> None:
    world.register()
    standard = world.approved_standard()

    path = f"{USERS}/{world.party_id(FIRM)}/{standard}"
    answer = world.http.delete(path, headers=world.vendor())

    assert answer.status_code == 403
    assert "names neither a person nor a system user" in reason(answer)


def test_a_low_level_of_log_in_deletes_nothing(world: World) -> None:
    world.register()
    standard = world.approved_standard()

    path = f"{USERS}/{world.party_id(FIRM)}/{standard}"
    answer = world.http.delete(path, headers=world.person(DIRECTOR, level=2))

    assert answer.status_code == 403
    assert "authentication level 3 is needed" in reason(answer)
