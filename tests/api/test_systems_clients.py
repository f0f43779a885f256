"""Client links over HTTP: by a person in an end-user system, and in the portal."""

from __future__ import annotations

from uuid import UUID

import pytest

from fullmakt.access.decisions.model import BySystemUser, ByUuid, Question
from fullmakt.access.delegations import service as delegations
from fullmakt.access.parties import service as parties
from tests.api.systems_world import (
    ADMINISTRATOR,
    APP,
    CLIENT,
    CLIENT_DIRECTOR,
    CLIENTS_READ,
    CLIENTS_WRITE,
    DIRECTOR,
    END_USER,
    FIRM,
    OTHER_FIRM,
    OUTSIDER,
    PARTIAL_CLIENT,
    PLAIN_ACCOUNTANT,
    PORTAL,
    SIGNING,
    STRANGER,
    TAX,
    USERS,
    World,
    codes,
    named,
    problem,
    reason,
)

CLIENTS = f"{END_USER}/clients"
UNKNOWN = "505f8488-3d48-4c15-8e21-35cb9432f815"
NOBODY = "00000000-0000-0000-0000-000000000000"
READS = [
    f"{END_USER}/agents?party={FIRM}",
    f"{CLIENTS}/available?agent={UNKNOWN}",
    f"{CLIENTS}?agent={UNKNOWN}",
]
WRITE = f"{CLIENTS}?agent={UNKNOWN}&client={UNKNOWN}"


@pytest.fixture
def agent(world: World) -> str:
    """An agent system user of the firm."""
    world.register()
    return world.approved_agent()


def path_of(world: World, agent: str, client: str) -> str:
    return f"{CLIENTS}?agent={agent}&client={world.organization(client).uuid}"


def link(world: World, agent: str, client: str, by: str = ADMINISTRATOR) -> tuple[int, str]:
    answer = world.http.post(path_of(world, agent, client), headers=world.person(by))
    return answer.status_code, answer.text


def linked(world: World, agent: str) -> list[str]:
    answer = world.http.get(f"{CLIENTS}?agent={agent}", headers=world.person(ADMINISTRATOR))
    return [client["clientOrganizationNumber"] for client in answer.json()["data"]]


def may_file(world: World, agent: str, client: str) -> bool:
    party = ByUuid(world.organization(client).uuid)
    question = Question(BySystemUser(UUID(agent)), "write", APP, party)
    return world.decisions.decide(question).permitted


def test_a_linked_client_is_answered_and_listed(world: World, agent: str) -> None:
    answer = world.http.post(path_of(world, agent, CLIENT), headers=world.person(ADMINISTRATOR))

    client = world.organization(CLIENT)
    listed = world.http.get(f"{CLIENTS}?agent={agent}", headers=world.person(ADMINISTRATOR))
    assert (answer.status_code, answer.json()) == (
        200,
        {"agent": agent, "client": str(client.uuid)},
    )
    assert listed.json() == {
        "links": {},
        "systemUserInformation": {"systemUserId": agent, "systemUserOwnerOrg": FIRM},
        "data": [
            {
                "clientId": str(client.uuid),
                "clientOrganizationNumber": CLIENT,
                "clientOrganizationName": "FJORDGLØTT BAKERI AS",
            }
        ],
    }


def test_linking_twice_is_linking_once(world: World, agent: str) -> None:
    assert link(world, agent, CLIENT)[0] == link(world, agent, CLIENT)[0] == 200

    with world.database.reading() as reading:
        party = parties.find_party(reading, UUID(agent))
        assert party is not None
        links = delegations.list_links(reading, party)
    assert sorted(str(each.carries) for each in links) == [
        "regnskapsforer-med-signeringsrettighet",
        "regnskapsforer-uten-signeringsrettighet",
    ]


def test_an_unlinked_client_is_gone_and_taking_it_again_is_nothing(
    world: World, agent: str
) -> None:
    link(world, agent, CLIENT)
    path, person = path_of(world, agent, CLIENT), world.person(ADMINISTRATOR)

    first = world.http.delete(path, headers=person)
    again = world.http.delete(path, headers=person)
    never = world.http.delete(f"{CLIENTS}?agent={agent}&client={UNKNOWN}", headers=person)

    assert first.status_code == again.status_code == never.status_code == 200
    assert first.json() == again.json()
    assert linked(world, agent) == []


def test_a_client_that_ends_the_accountants_role_is_no_longer_listed(
    world: World, agent: str
) -> None:
    link(world, agent, CLIENT)
    with world.changing() as work:
        parties.end_role(
            work,
            role="regnskapsforer",
            giver=world.organization(CLIENT),
            holder=world.organization(FIRM),
        )

    assert linked(world, agent) == []
    status, text = link(world, agent, CLIENT)
    assert status == 400
    assert "AUTH-00079" in text


def test_the_director_administers_clients_as_well(world: World, agent: str) -> None:
    assert link(world, agent, CLIENT, by=DIRECTOR)[0] == 200


@pytest.mark.parametrize("client", [STRANGER, FIRM])
def test_a_party_that_is_no_client_is_not_linked(world: World, agent: str, client: str) -> None:
    answer = world.http.post(path_of(world, agent, client), headers=world.person(ADMINISTRATOR))

    assert problem(answer) == (400, "AUTH-00079")
    assert world.organization(client).name in answer.json()["detail"]


def test_a_client_that_nobody_knows_is_not_linked(world: World, agent: str) -> None:
    path = f"{CLIENTS}?agent={agent}&client={UNKNOWN}"

    answer = world.http.post(path, headers=world.person(ADMINISTRATOR))

    assert problem(answer) == (400, "AUTH-00079")
    assert UNKNOWN in answer.json()["detail"]


def test_a_client_that_lacks_packages_is_told_which(world: World, agent: str) -> None:
    answer = world.http.post(
        path_of(world, agent, PARTIAL_CLIENT), headers=world.person(ADMINISTRATOR)
    )

    assert problem(answer) == (400, "AUTH-00080")
    assert "regnskapsforer-med-signeringsrettighet" in answer.json()["detail"]


def test_a_client_with_some_of_the_packages_is_available_and_cannot_be_linked(
    world: World,
) -> None:
    world.register()
    agent = world.approved_agent(accessPackages=named(SIGNING, TAX))

    path = f"{CLIENTS}/available?agent={agent}"
    available = world.http.get(path, headers=world.person(ADMINISTRATOR)).json()

    numbers = [client["clientOrganizationNumber"] for client in available["data"]]
    assert numbers == [CLIENT, PARTIAL_CLIENT]
    status, text = link(world, agent, PARTIAL_CLIENT)
    assert status == 400
    assert "regnskapsforer-med-signeringsrettighet" in text


def test_a_given_package_is_enough_to_link_on(world: World) -> None:
    world.register()
    agent = world.approved_agent(accessPackages=named(TAX))

    assert link(world, agent, PARTIAL_CLIENT)[0] == 200
    assert linked(world, agent) == [PARTIAL_CLIENT]


def test_the_agents_of_an_organisation_are_listed(world: World, agent: str) -> None:
    world.approved_standard()

    answer = world.http.get(f"{END_USER}/agents?party={FIRM}", headers=world.person(ADMINISTRATOR))

    [listed] = answer.json()
    assert (listed["id"], listed["userType"]) == (agent, "agent")
    assert listed["accessPackages"] == named(SIGNING, PLAIN_ACCOUNTANT)
    assert listed["partyId"] == str(world.party_id(FIRM))


@pytest.mark.parametrize("path", READS)
def test_reading_clients_needs_its_own_scope(world: World, path: str) -> None:
    no_token = world.http.get(path)
    only_write = world.http.get(path, headers=world.person(ADMINISTRATOR, CLIENTS_WRITE))
    only_portal = world.http.get(path, headers=world.person(ADMINISTRATOR, PORTAL))

    assert "a bearer token is needed" in reason(no_token)
    assert f"the token needs scope {CLIENTS_READ}" in reason(only_write)
    assert only_write.status_code == only_portal.status_code == 403


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_changing_clients_needs_its_own_scope(world: World, method: str) -> None:
    no_token = world.http.request(method, WRITE)
    only_read = world.http.request(
        method, WRITE, headers=world.person(ADMINISTRATOR, CLIENTS_READ, PORTAL)
    )

    assert "a bearer token is needed" in reason(no_token)
    assert f"the token needs scope {CLIENTS_WRITE}" in reason(only_read)
    assert only_read.status_code == 403


@pytest.mark.parametrize("by", [OUTSIDER, CLIENT_DIRECTOR])
def test_nobody_else_administers_the_firms_clients(world: World, agent: str, by: str) -> None:
    path, person = path_of(world, agent, CLIENT), world.person(by)

    answers = [
        world.http.get(f"{END_USER}/agents?party={FIRM}", headers=person),
        world.http.get(f"{CLIENTS}/available?agent={agent}", headers=person),
        world.http.get(f"{CLIENTS}?agent={agent}", headers=person),
        world.http.post(path, headers=person),
        world.http.delete(path, headers=person),
    ]

    assert [answer.status_code for answer in answers] == [403] * 5
    assert all("altinn_client_administration" in reason(answer) for answer in answers)
    assert linked(world, agent) == []


def test_a_low_level_of_log_in_administers_no_clients(world: World, agent: str) -> None:
    path = path_of(world, agent, CLIENT)

    answer = world.http.post(path, headers=world.person(ADMINISTRATOR, level=2))

    assert answer.status_code == 403
    assert "authentication level 3 is needed; the token has 2" in reason(answer)


def test_a_client_administrator_who_lost_the_package_links_nobody(world: World, agent: str) -> None:
    with world.changing() as work:
        delegations.withdraw(
            work,
            giver=world.organization(FIRM),
            receiver=world.find_person(ADMINISTRATOR),
            packages=frozenset({"klientadministrator"}),
            rights=frozenset(),
            withdrawn_by=world.find_person(DIRECTOR),
        )

    answer = world.http.post(path_of(world, agent, CLIENT), headers=world.person(ADMINISTRATOR))

    assert answer.status_code == 403
    assert "write on altinn_client_administration" in reason(answer)


def test_a_token_of_neither_person_nor_system_user_administers_nothing(
    world: World, agent: str
) -> None:
    answer = world.http.post(path_of(world, agent, CLIENT), headers=world.vendor(CLIENTS_WRITE))

    assert answer.status_code == 403
    assert "the token names neither a person nor a system user" in reason(answer)


def test_a_system_user_with_the_package_may_administer_clients(world: World, agent: str) -> None:
    world.http.put(
        "/authentication/api/v1/systemregister/vendor/312300109_maestro/accesspackages",
        json=named("urn:altinn:accesspackage:klientadministrator", SIGNING, PLAIN_ACCOUNTANT),
        headers=world.vendor(),
    )
    administrator = world.approved_standard(
        rights=[], accessPackages=named("urn:altinn:accesspackage:klientadministrator")
    )

    allowed = world.http.post(
        path_of(world, agent, CLIENT), headers=world.system_user(administrator, CLIENTS_WRITE)
    )
    itself = world.http.post(
        path_of(world, agent, CLIENT), headers=world.system_user(agent, CLIENTS_WRITE)
    )

    assert allowed.status_code == 200
    assert itself.status_code == 403
    assert "altinn_client_administration" in reason(itself)


BAD_QUERIES = [
    ("", ["AUTH.VLD-00014", "AUTH.VLD-00016"]),
    (f"?agent={NOBODY}&client={NOBODY}", ["AUTH.VLD-00014", "AUTH.VLD-00016"]),
    (f"?agent={UNKNOWN}", ["AUTH.VLD-00014", "AUTH.VLD-00016"]),
    (f"?client={UNKNOWN}", ["AUTH.VLD-00014"]),
    (f"?agent={UNKNOWN}&client={UNKNOWN}", ["AUTH.VLD-00014"]),
]


@pytest.mark.parametrize("query, expected", BAD_QUERIES)
@pytest.mark.parametrize("method", ["POST", "DELETE"])
@pytest.mark.parametrize("systems_url", ["sqlite"], indirect=True)
def test_a_query_without_agent_or_client_is_told_both(
    world: World, method: str, query: str, expected: list[str]
) -> None:
    answer = world.http.request(method, f"{CLIENTS}{query}", headers=world.person(ADMINISTRATOR))

    assert codes(answer) == expected


def test_an_unknown_agent_has_the_code_of_a_missing_one(world: World) -> None:
    person = world.person(ADMINISTRATOR)

    missing = world.http.get(CLIENTS, headers=person).json()["validationErrors"][0]
    unknown = world.http.get(f"{CLIENTS}?agent={UNKNOWN}", headers=person).json()
    no_id = world.http.get(f"{CLIENTS}?agent=x", headers=person).json()

    assert (missing["code"], missing["title"], missing["paths"]) == (
        "AUTH.VLD-00014",
        "The agent query parameter is missing or invalid",
        ["?agent"],
    )
    assert (
        unknown["validationErrors"][0].items()
        >= {"code": "AUTH.VLD-00014", "title": "System user not found"}.items()
    )
    assert no_id["errors"] == {"agent": ["The value 'x' is not valid."]}


def test_a_standard_system_user_has_no_clients(world: World) -> None:
    world.register()
    standard = world.approved_standard()

    answer = world.http.get(f"{CLIENTS}?agent={standard}", headers=world.person(ADMINISTRATOR))

    assert codes(answer) == ["AUTH.VLD-00015"]


def test_an_organisation_that_is_not_registered_has_no_agents(world: World) -> None:
    person = world.person(ADMINISTRATOR)

    unknown = world.http.get(f"{END_USER}/agents?party=312600013", headers=person)
    missing = world.http.get(f"{END_USER}/agents", headers=person)

    assert (unknown.status_code, unknown.json()["title"]) == (404, "Party not found")
    assert "312600013" in unknown.json()["detail"]
    assert missing.json()["errors"] == {"party": ["The party field is required."]}


# --- the portal's calls ---------------------------------------------------------------------------


def portal_path(world: World, agent: str, party: str = FIRM) -> str:
    return f"{USERS}/agent/{world.party_id(party)}/{agent}"


def portal_query(world: World, client: str, provider: str = FIRM) -> str:
    provider_id = world.organization(provider).uuid
    return f"?provider={provider_id}&client={world.organization(client).uuid}"


def test_linking_answers_one_entry_for_each_package(world: World, agent: str) -> None:
    path = f"{portal_path(world, agent)}{portal_query(world, CLIENT)}"

    answer = world.http.post(path, headers=world.person(ADMINISTRATOR))

    client = str(world.organization(CLIENT).uuid)
    entry = {
        "agentSystemUserId": agent,
        "delegationId": client,
        "customerId": client,
        "assignmentId": NOBODY,
    }
    assert (answer.status_code, answer.json()) == (200, [entry, entry])


def test_the_portal_lists_and_takes_linked_clients(world: World, agent: str) -> None:
    link(world, agent, CLIENT)
    person, provider = world.person(ADMINISTRATOR), world.organization(FIRM).uuid
    list_path = f"{USERS}/agent/{world.party_id(FIRM)}/{provider}/{agent}/delegations"

    before = world.http.get(list_path, headers=person).json()
    taken = world.http.delete(
        f"{portal_path(world, agent)}/client{portal_query(world, CLIENT)}", headers=person
    )
    after = world.http.get(list_path, headers=person).json()

    assert [(each["customerName"], each["customerOrganizationNumber"]) for each in before] == [
        ("FJORDGLØTT BAKERI AS", CLIENT)
    ]
    assert (taken.status_code, taken.content) == (200, b"")
    assert after == []


def test_ids_that_do_not_belong_together_list_nothing(world: World, agent: str) -> None:
    link(world, agent, CLIENT)
    person, other = world.person(ADMINISTRATOR), world.organization(OTHER_FIRM).uuid

    answer = world.http.get(
        f"{USERS}/agent/{world.party_id(FIRM)}/{other}/{agent}/delegations", headers=person
    )

    assert (answer.status_code, answer.json()) == (200, [])


@pytest.mark.parametrize(
    "packages, expected",
    [
        ("", {CLIENT: 3, PARTIAL_CLIENT: 1}),
        (f"&packages={SIGNING}", {CLIENT: 1}),
        ("&packages=skattegrunnlag&packages=:regnskapsforer-lonn", {CLIENT: 1, PARTIAL_CLIENT: 1}),
        ("&packages=nothing", {}),
    ],
)
def test_the_portal_lists_clients_with_the_packages_of_each_relation(
    world: World, packages: str, expected: dict[str, int]
) -> None:
    provider = world.organization(FIRM).uuid
    path = f"{USERS}/agent/{world.party_id(FIRM)}/clients?facilitator={provider}{packages}"

    found = world.http.get(path, headers=world.person(ADMINISTRATOR)).json()

    counts = {
        client["organizationIdentifier"]: sum(len(each["packages"]) for each in client["access"])
        for client in found
    }
    assert counts == expected


def test_a_clients_relation_is_named_by_its_role(world: World) -> None:
    provider = world.organization(FIRM).uuid
    path = f"{USERS}/agent/{world.party_id(FIRM)}/clients?facilitator={provider}"

    found = world.http.get(path, headers=world.person(ADMINISTRATOR)).json()

    bakery = next(each for each in found if each["organizationIdentifier"] == CLIENT)
    assert bakery["displayName"] == "FJORDGLØTT BAKERI AS"
    assert [access["role"] for access in bakery["access"]] == [
        "urn:altinn:external-role:ccr:regnskapsforer"
    ]


def test_clients_of_another_provider_are_not_shown(world: World, agent: str) -> None:
    person = world.person(ADMINISTRATOR)
    base = f"{USERS}/agent/{world.party_id(FIRM)}/clients"

    other = world.http.get(
        f"{base}?facilitator={world.organization(OTHER_FIRM).uuid}", headers=person
    )
    missing = world.http.get(base, headers=person)
    linking = world.http.post(
        f"{portal_path(world, agent)}{portal_query(world, CLIENT, provider=OTHER_FIRM)}",
        headers=person,
    )
    taking = world.http.delete(
        f"{portal_path(world, agent)}/client{portal_query(world, CLIENT, provider=OTHER_FIRM)}",
        headers=person,
    )

    assert problem(other) == problem(linking) == (403, "AUTH-00044")
    assert problem(missing) == (400, "AUTH-00000")
    assert problem(taking) == (400, "AUTH-00031")


def test_a_client_cannot_be_taken_from_another_partys_agent(world: World, agent: str) -> None:
    link(world, agent, CLIENT)
    query = portal_query(world, CLIENT, provider=OTHER_FIRM)
    path = portal_path(world, agent, party=OTHER_FIRM)

    taking = world.http.delete(f"{path}/client{query}", headers=world.person(OUTSIDER))
    linking = world.http.post(f"{path}{query}", headers=world.person(OUTSIDER))

    assert "does not belong to 'TALLKNUSER REGNSKAP AS'" in reason(taking).replace("`", "'")
    assert taking.status_code == linking.status_code == 403
    assert linked(world, agent) == [CLIENT]


def test_the_portal_links_only_agents_that_exist(world: World, agent: str) -> None:
    standard, person = world.approved_standard(), world.person(ADMINISTRATOR)
    query = portal_query(world, CLIENT)

    unknown = world.http.post(f"{portal_path(world, UNKNOWN)}{query}", headers=person)
    of_other_kind = world.http.post(f"{portal_path(world, standard)}{query}", headers=person)
    stranger = world.http.post(
        f"{portal_path(world, agent)}{portal_query(world, STRANGER)}", headers=person
    )

    assert unknown.json()["errors"] == {"return": [f"SystemUser with Id {UNKNOWN} Not Found"]}
    assert problem(of_other_kind) == (400, "AUTH-00034")
    assert problem(stranger) == (400, "AUTH-00079")


@pytest.mark.parametrize("by", [OUTSIDER, CLIENT_DIRECTOR])
def test_nobody_else_handles_clients_in_the_portal(world: World, agent: str, by: str) -> None:
    person, provider = world.person(by), world.organization(FIRM).uuid
    path, party = portal_path(world, agent), world.party_id(FIRM)
    query = portal_query(world, CLIENT)

    answers = [
        world.http.get(f"{USERS}/agent/{party}/clients?facilitator={provider}", headers=person),
        world.http.get(f"{USERS}/agent/{party}/{provider}/{agent}/delegations", headers=person),
        world.http.post(f"{path}{query}", headers=person),
        world.http.delete(f"{path}/client{query}", headers=person),
    ]

    assert [answer.status_code for answer in answers] == [403] * 4
    assert all("altinn_client_administration" in reason(answer) for answer in answers)


def test_without_a_token_the_portals_calls_are_refused(world: World) -> None:
    base = f"{USERS}/agent/51000002"

    answers = [
        world.http.get(f"{base}/clients"),
        world.http.get(f"{base}/{UNKNOWN}/{UNKNOWN}/delegations"),
        world.http.post(f"{base}/{UNKNOWN}"),
        world.http.delete(f"{base}/{UNKNOWN}/client"),
    ]

    assert all("a bearer token is needed" in reason(answer) for answer in answers)


def test_a_link_opens_the_clients_service_and_its_removal_closes_it(
    world: World, agent: str
) -> None:
    link(world, agent, CLIENT)
    before = may_file(world, agent, CLIENT)
    world.http.delete(path_of(world, agent, CLIENT), headers=world.person(ADMINISTRATOR))

    assert (before, may_file(world, agent, CLIENT)) == (True, False)
