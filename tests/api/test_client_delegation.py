"""Client delegation over HTTP, versions 1 and 2: agents, clients, and what each has."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import pytest

from fullmakt.access.decisions.model import BySystemUser, ByUserId, ByUuid, Question
from fullmakt.access.delegations import service as delegations
from fullmakt.access.delegations.model import Right
from fullmakt.access.parties import service as parties
from tests.api.systems_world import (
    ADMINISTRATOR,
    APP,
    CLIENT,
    CLIENT_DIRECTOR,
    CLIENTS_READ,
    CLIENTS_WRITE,
    DIRECTOR,
    FIRM,
    OTHER_FIRM,
    OUTSIDER,
    PARTIAL_CLIENT,
    PORTAL,
    SERVICE,
    STRANGER,
    World,
    reason,
)

V1 = "/accessmanagement/api/v1/enduser/clientdelegations"
V2 = "/accessmanagement/api/v2/enduser/clientdelegations"
MINE_READ = "altinn:clientdelegations/myclients.read"
MINE_WRITE = "altinn:clientdelegations/myclients.write"
UNKNOWN = "505f8488-3d48-4c15-8e21-35cb9432f815"
PAYROLL = "urn:altinn:accesspackage:regnskapsforer-lonn"
SIGNS = "urn:altinn:accesspackage:regnskapsforer-med-signeringsrettighet"
TAX_URN = "urn:altinn:accesspackage:skattegrunnlag"
each_version = pytest.mark.parametrize("version", [1, 2])


@pytest.fixture
def agent(world: World) -> str:
    """An agent system user of the firm, without clients."""
    world.register()
    return world.approved_agent()


def uuid_of(world: World, who: str) -> str:
    if len(who) == 9:
        return str(world.organization(who).uuid)
    return str(world.find_person(who).uuid) if len(who) == 11 else who


def call(
    world: World,
    method: str,
    path: str,
    *,
    by: str = ADMINISTRATOR,
    headers: Any = None,  # noqa: ANN401  a mapping; `query` may be one given whole
    body: object = None,
    **query: str,
) -> httpx.Response:
    named = {
        name.rstrip("_"): uuid_of(world, value)
        if name in {"party", "from_", "to", "client", "agent", "provider"}
        else value
        for name, value in query.items()
    }
    return world.http.request(
        method, path, params=named, json=body, headers=headers or world.person(by)
    )


def base(version: int) -> str:
    return V1 if version == 1 else V2


def sides(version: int, client: str | None, agent: str | None) -> dict[str, str]:
    names = ("from_", "to") if version == 1 else ("client", "agent")
    named = dict(zip(names, (client, agent), strict=True))
    return {"party": FIRM, **{name: value for name, value in named.items() if value is not None}}


def values(role: str, *packages: str) -> dict[str, object]:
    return {"values": [{"role": role, "packages": list(packages)}]}


def delegate(
    world: World,
    agent: str,
    client: str = CLIENT,
    *,
    version: int = 1,
    body: object = None,
    by: str = ADMINISTRATOR,
) -> httpx.Response:
    return call(
        world,
        "POST",
        f"{base(version)}/agents/accesspackages",
        by=by,
        body=body or values("regnskapsforer", PAYROLL),
        **sides(version, client, agent),
    )


def had(world: World, agent: str, *, version: int = 1) -> dict[str, list[str]]:
    """What an agent has, by client."""
    answer = call(
        world, "GET", f"{base(version)}/agents/accesspackages", **sides(version, None, agent)
    )
    assert answer.status_code == 200, answer.text
    return {
        each["client"]["name"]: [
            package["urn"] for access in each["access"] for package in access["packages"]
        ]
        for each in answer.json()["data"]
    }


def told(answer: httpx.Response) -> list[tuple[str, list[str]]]:
    assert answer.status_code == 400, answer.text
    assert answer.json()["code"] == "STD-00000"
    return [(fault["code"], fault["paths"]) for fault in answer.json()["validationErrors"]]


# --- clients and agents ---------------------------------------------------------------------------


@each_version
def test_clients_are_listed_with_what_each_relation_gives(world: World, version: int) -> None:
    answer = call(world, "GET", f"{base(version)}/clients", party=FIRM)

    assert answer.json()["links"] == {"next": None}
    bakery, shop = answer.json()["data"]
    assert (bakery["client"]["name"], shop["client"]["name"]) == (
        "FJORDGLØTT BAKERI AS",
        "LILLEVIK HANDEL AS",
    )
    (access,) = bakery["access"]
    assert access["role"]["code"] == "regnskapsforer"
    assert len(access["packages"]) == 3
    assert set(access["packages"][0]) == {"id", "urn", "areaId"}
    assert ("resources" in access) == (version == 2)
    assert [package["urn"] for package in shop["access"][0]["packages"]] == [TAX_URN]


@pytest.mark.parametrize(
    "query, expected",
    [
        ("roles=regn", ["FJORDGLØTT BAKERI AS"]),
        ("roles=urn:altinn:role:rettighetshaver", ["LILLEVIK HANDEL AS"]),
        ("packages=skattegrunnlag", ["LILLEVIK HANDEL AS"]),
        (
            "packages=:skattegrunnlag&packages=regnskapsforer-lonn",
            ["FJORDGLØTT BAKERI AS", "LILLEVIK HANDEL AS"],
        ),
        ("packages=no-such-package", []),
        ("roles=no-such-role", []),
        ("roles=revisor", []),
    ],
)
def test_a_filter_keeps_clients_that_have_any_of_it(
    world: World, query: str, expected: list[str]
) -> None:
    answer = world.http.get(
        f"{V1}/clients?party={uuid_of(world, FIRM)}&{query}", headers=world.person(ADMINISTRATOR)
    )

    assert [each["client"]["name"] for each in answer.json()["data"]] == expected


def test_a_filter_trims_what_is_shown(world: World) -> None:
    answer = call(world, "GET", f"{V1}/clients", party=FIRM, packages="regnskapsforer-lonn")

    (client,) = answer.json()["data"]
    assert [p["urn"] for access in client["access"] for p in access["packages"]] == [PAYROLL]


@each_version
def test_a_person_is_made_an_agent_once_and_listed(world: World, version: int) -> None:
    body = {"personIdentifier": OUTSIDER, "lastName": "Kuleramme"}
    path = f"{base(version)}/agents"

    first = call(world, "POST", path, party=FIRM, body=body)
    again = call(world, "POST", path, **sides(version, None, OUTSIDER))

    assert first.status_code == 200
    assert again.json() == first.json()
    assert first.json()["toId"] == uuid_of(world, OUTSIDER)
    (listed,) = call(world, "GET", path, party=FIRM).json()["data"]
    assert (listed["agent"]["name"], listed["access"]) == ("Rask Kuleramme", [])
    assert listed["agentAddedAt"].startswith("2026-11-23T09:00")


@pytest.mark.parametrize(
    "who, code",
    [(CLIENT, "AM.VLD-00008"), (UNKNOWN, "AM.VLD-00006"), ("standard", "AM.VLD-00008")],
)
def test_only_people_and_own_system_users_for_clients_become_agents(
    world: World, agent: str, who: str, code: str
) -> None:
    wanted = world.approved_standard(externalRef="own") if who == "standard" else who

    assert told(call(world, "POST", f"{V1}/agents", party=FIRM, to=wanted)) == [
        (code, ["$QUERY/to"])
    ]
    assert told(call(world, "POST", f"{V2}/agents", party=FIRM, agent=wanted)) == [
        (code, ["$QUERY/agent"])
    ]


# --- delegating -----------------------------------------------------------------------------------


@each_version
def test_an_agent_is_given_a_clients_package_once_and_may_use_it(
    world: World, agent: str, version: int
) -> None:
    first = delegate(world, agent, version=version, body=values("regn", SIGNS))

    assert first.status_code == 200
    (entry,) = first.json()
    assert set(entry) == {"roleId", "packageId", "viaId", "fromId", "toId", "changed"}
    assert (entry["viaId"], entry["fromId"]) == (uuid_of(world, FIRM), uuid_of(world, CLIENT))
    assert (entry["toId"], entry["changed"]) == (agent, True)
    again = delegate(world, agent, version=version, body=values("regnskapsforer", SIGNS)).json()
    assert [each["changed"] for each in again] == [False]
    assert had(world, agent, version=version) == {"FJORDGLØTT BAKERI AS": [SIGNS]}
    party = ByUuid(world.organization(CLIENT).uuid)
    question = Question(BySystemUser(UUID(agent)), "write", APP, party)
    assert world.decisions.decide(question).permitted


def may_file(world: World, person: str) -> bool:
    user = world.find_person(person).user_id
    assert user is not None
    party = ByUuid(world.organization(CLIENT).uuid)
    return world.decisions.decide(Question(ByUserId(user), "write", APP, party)).permitted


def test_a_person_who_is_an_agent_acts_for_the_client_and_no_longer_when_removed(
    world: World,
) -> None:
    call(world, "POST", f"{V1}/agents", party=FIRM, to=OUTSIDER)
    assert delegate(world, OUTSIDER, body=values("regnskapsforer", SIGNS)).status_code == 200
    assert may_file(world, OUTSIDER)

    refused = call(world, "DELETE", f"{V1}/agents", party=FIRM, to=OUTSIDER)
    assert told(refused) == [("AM.VLD-00031", ["$QUERY/cascade"])]
    assert "`FJORDGLØTT BAKERI AS`" in refused.json()["validationErrors"][0]["detail"]
    gone = call(world, "DELETE", f"{V1}/agents", party=FIRM, to=OUTSIDER, cascade="true")
    assert gone.status_code == 204
    assert not may_file(world, OUTSIDER)


def test_what_a_removed_agent_had_does_not_return_with_it(world: World) -> None:
    call(world, "POST", f"{V1}/agents", party=FIRM, to=OUTSIDER)
    delegate(world, OUTSIDER, body=values("regnskapsforer", SIGNS))
    call(world, "DELETE", f"{V1}/agents", party=FIRM, to=OUTSIDER, cascade="true")

    call(world, "POST", f"{V1}/agents", party=FIRM, to=OUTSIDER)

    assert had(world, OUTSIDER) == {}
    assert not may_file(world, OUTSIDER)
    anew = delegate(world, OUTSIDER, body=values("regnskapsforer", SIGNS))
    assert [each["changed"] for each in anew.json()] == [True]
    assert may_file(world, OUTSIDER)


@pytest.mark.parametrize("path", ["clients", "clients/bulk/add"])
def test_a_system_user_taken_from_the_agents_is_one_again_when_it_is_given_a_client(
    world: World, agent: str, path: str
) -> None:
    """What it had stays dead; what is given now counts, and is not only said to be given."""
    client = uuid_of(world, CLIENT)
    address = f"/authentication/api/v1/enduser/systemuser/{path}?agent={agent}"
    asked = f"{address}&client={client}" if path == "clients" else address
    body = None if path == "clients" else {"clients": [client]}
    world.http.post(asked, json=body, headers=world.person(ADMINISTRATOR))
    question = Question(BySystemUser(UUID(agent)), "write", APP, ByUuid(UUID(client)))
    call(world, "DELETE", f"{V1}/agents", party=FIRM, to=agent, cascade="true")
    assert not world.decisions.decide(question).permitted

    again = world.http.post(asked, json=body, headers=world.person(ADMINISTRATOR))

    assert again.status_code == 200, again.text
    assert world.decisions.decide(question).permitted
    assert list(had(world, agent)) == ["FJORDGLØTT BAKERI AS"]


def test_an_agent_loses_the_client_when_the_accountant_is_struck(world: World) -> None:
    call(world, "POST", f"{V1}/agents", party=FIRM, to=OUTSIDER)
    delegate(world, OUTSIDER, body=values("regnskapsforer", SIGNS))

    with world.changing() as work:
        client, firm = world.organization(CLIENT), world.organization(FIRM)
        parties.end_role(work, role="regnskapsforer", giver=client, holder=firm)
        parties.begin_role(work, role="regnskapsforer", giver=client, holder=firm)

    assert had(world, OUTSIDER) == {}
    assert not may_file(world, OUTSIDER)


def test_an_agent_loses_the_client_when_the_accountant_is_deleted(world: World) -> None:
    """Also where what it had was known before: it rests on the accountant, whoever asks."""
    call(world, "POST", f"{V1}/agents", party=FIRM, to=OUTSIDER)
    delegate(world, OUTSIDER, body=values("regnskapsforer", SIGNS))
    assert may_file(world, OUTSIDER)

    with world.changing() as work:
        firm = world.organization(FIRM)
        parties.change_status(work, firm, deleted_at=world.clock.now(), bankrupt_at=None)

    assert not may_file(world, OUTSIDER)


@pytest.mark.parametrize(
    "body, expected",
    [
        (values("no-such-role", PAYROLL), [("AM.VLD-00029", ["/values[0]/role"])]),
        (values("revisor", PAYROLL), [("AM.VLD-00032", ["/values[0]/role"])]),
        (
            values("regnskapsforer", PAYROLL, "no-such-package"),
            [("AM.VLD-00030", ["/values[0]/packages[1]"])],
        ),
        (
            values("regnskapsforer", "tilgangsstyrer"),
            [("AM.VLD-00033", ["/values[0]/packages[0]"])],
        ),
        (
            values("regnskapsforer", TAX_URN),
            [("AM.VLD-00026", ["/values[0]/packages[0]"])],
        ),
        (
            {"values": [values("x")["values"][0], values("regn", "y")["values"][0]]},  # type: ignore[index]
            [("AM.VLD-00029", ["/values[0]/role"]), ("AM.VLD-00030", ["/values[1]/packages[0]"])],
        ),
    ],
)
def test_every_value_that_does_not_hold_is_told_by_its_place_and_nothing_is_given(
    world: World, agent: str, body: object, expected: list[tuple[str, list[str]]]
) -> None:
    assert told(delegate(world, agent, body=body)) == expected
    assert had(world, agent) == {}


@each_version
@pytest.mark.parametrize(
    "client, agent_named, code, side",
    [
        (UNKNOWN, "agent", "AM.VLD-00006", 0),
        (CLIENT, UNKNOWN, "AM.VLD-00006", 1),
        (CLIENT, STRANGER, "AM.VLD-00008", 1),
        (CLIENT, OUTSIDER, "AM.VLD-00032", 1),
    ],
)
def test_a_client_or_agent_that_cannot_be_one_is_told_by_its_parameter(
    world: World, agent: str, version: int, client: str, agent_named: str, code: str, side: int
) -> None:
    who = agent if agent_named == "agent" else agent_named
    name = (("from", "to"), ("client", "agent"))[version - 1][side]

    answer = delegate(world, who, client, version=version)

    assert told(answer) == [(code, [f"$QUERY/{name}"])]


def test_a_party_that_is_no_client_lacks_the_relation(world: World, agent: str) -> None:
    assert told(delegate(world, agent, STRANGER)) == [("AM.VLD-00032", ["/values[0]/role"])]


def test_a_system_user_of_another_firm_is_no_agent_here(world: World, agent: str) -> None:
    with world.changing() as work:
        parties.begin_role(
            work,
            role="regnskapsforer",
            giver=world.organization(CLIENT),
            holder=world.organization(OTHER_FIRM),
        )

    answer = call(
        world,
        "POST",
        f"{V1}/agents/accesspackages",
        headers=world.person(OUTSIDER),
        body=values("regnskapsforer", PAYROLL),
        party=OTHER_FIRM,
        from_=CLIENT,
        to=agent,
    )

    assert told(answer) == [("AM.VLD-00008", ["$QUERY/to"])]


def test_two_relations_to_one_client_are_delegated_each_and_taken_back_each(
    world: World, agent: str
) -> None:
    with world.changing() as work:
        delegations.give_packages(
            work,
            world.catalog,
            giver=world.organization(CLIENT),
            receiver=world.organization(FIRM),
            packages=frozenset({"skattegrunnlag"}),
            given_by=world.find_person(CLIENT_DIRECTOR),
        )
    body = {
        "values": [
            {"role": "regnskapsforer", "packages": [PAYROLL]},
            {"role": "rettighetshaver", "packages": [TAX_URN]},
        ]
    }
    assert [each["changed"] for each in delegate(world, agent, body=body).json()] == [True, True]

    taken = call(
        world,
        "DELETE",
        f"{V1}/agents/accesspackages",
        body=values("rettighetshaver", TAX_URN, PAYROLL),
        **sides(1, CLIENT, agent),
    )

    assert [each["changed"] for each in taken.json()] == [True, False]
    assert had(world, agent) == {"FJORDGLØTT BAKERI AS": [PAYROLL]}


@each_version
def test_a_client_names_the_agents_that_have_something_of_it(
    world: World, agent: str, version: int
) -> None:
    delegate(world, agent)

    answer = call(
        world, "GET", f"{base(version)}/clients/accesspackages", **sides(version, CLIENT, None)
    )

    (found,) = answer.json()["data"]
    assert (found["agent"]["id"], found["agent"]["type"]) == (agent, "Systembruker")
    assert [p["urn"] for access in found["access"] for p in access["packages"]] == [PAYROLL]
    other = call(
        world,
        "GET",
        f"{base(version)}/clients/accesspackages",
        **sides(version, PARTIAL_CLIENT, None),
    )
    assert other.json()["data"] == []


@each_version
def test_a_client_is_dropped_with_cascade(world: World, agent: str, version: int) -> None:
    delegate(world, agent)
    path, named = f"{base(version)}/agents/clients", sides(version, CLIENT, agent)

    assert told(call(world, "DELETE", path, **named)) == [("AM.VLD-00031", ["$QUERY/cascade"])]
    assert call(world, "DELETE", path, **named, cascade="true").status_code == 204
    assert had(world, agent) == {}
    assert call(world, "DELETE", path, **named).status_code == 204


def test_version_two_takes_back_by_post(world: World, agent: str) -> None:
    delegate(world, agent)

    answer = call(
        world,
        "POST",
        f"{V2}/agents/accesspackages/delete",
        body=values("regnskapsforer", PAYROLL),
        **sides(2, CLIENT, agent),
    )

    assert [each["changed"] for each in answer.json()] == [True]
    assert had(world, agent) == {}


# --- single services ------------------------------------------------------------------------------


@pytest.fixture
def given_service(world: World) -> None:
    """The client has given the firm both rights to a service."""
    with world.changing() as work:
        delegations.give_rights(
            work,
            giver=world.organization(CLIENT),
            receiver=world.organization(FIRM),
            rights=frozenset({Right(SERVICE, "read"), Right(SERVICE, "write")}),
            given_by=world.find_person(CLIENT_DIRECTOR),
        )


@pytest.mark.usefixtures("given_service")
def test_a_single_service_is_passed_on_in_version_two_and_taken_back(
    world: World, agent: str
) -> None:
    body = {"values": [{"role": "rettighetshaver", "resources": [SERVICE]}]}
    named = sides(2, CLIENT, agent)

    (entry,) = call(world, "POST", f"{V2}/agents/resources", body=body, **named).json()

    assert set(entry) == {"roleId", "resourceId", "viaId", "fromId", "toId", "changed"}
    assert entry["changed"] is True
    party = ByUuid(world.organization(CLIENT).uuid)
    question = Question(BySystemUser(UUID(agent)), "write", SERVICE, party)
    assert world.decisions.decide(question).permitted
    (of_agent,) = call(world, "GET", f"{V2}/agents/resources", party=FIRM, agent=agent).json()[
        "data"
    ]
    assert [r["refId"] for access in of_agent["access"] for r in access["resources"]] == [SERVICE]
    (of_client,) = call(world, "GET", f"{V2}/clients/resources", party=FIRM, client=CLIENT).json()[
        "data"
    ]
    assert of_client["agent"]["id"] == agent
    (taken,) = call(world, "POST", f"{V2}/agents/resources/delete", body=body, **named).json()
    assert taken["changed"] is True
    assert not world.decisions.decide(question).permitted


def test_a_service_that_was_not_given_singly_is_not_passed_on(world: World, agent: str) -> None:
    body = {"values": [{"role": "regnskapsforer", "resources": [SERVICE]}]}

    answer = call(world, "POST", f"{V2}/agents/resources", body=body, **sides(2, CLIENT, agent))

    assert told(answer) == [("AM.VLD-00026", ["/values[0]/resources[0]"])]


@pytest.mark.usefixtures("given_service")
def test_version_two_lists_services_that_clients_gave(world: World) -> None:
    answer = call(world, "GET", f"{V2}/clients", party=FIRM, resources=SERVICE)

    (client,) = answer.json()["data"]
    (access,) = client["access"]
    assert (access["role"]["code"], access["packages"]) == ("rettighetshaver", [])
    assert [resource["refId"] for resource in access["resources"]] == [SERVICE]


# --- as the agent ---------------------------------------------------------------------------------


def mine(world: World, person: str = OUTSIDER) -> dict[str, str]:
    return world.person(person, MINE_READ, MINE_WRITE)


@pytest.fixture
def person_agent(world: World) -> None:
    """The outsider is an agent of the firm, with payroll of the client."""
    call(world, "POST", f"{V1}/agents", party=FIRM, to=OUTSIDER)
    delegate(world, OUTSIDER)


@each_version
@pytest.mark.usefixtures("person_agent")
def test_an_agent_sees_its_clients_by_provider(world: World, version: int) -> None:
    answer = call(world, "GET", f"{base(version)}/my/clients", headers=mine(world))

    (provider,) = answer.json()["data"]
    assert provider["provider"]["organizationIdentifier"] == FIRM
    (client,) = provider["clients"]
    assert client["client"]["organizationIdentifier"] == CLIENT
    assert [p["urn"] for access in client["access"] for p in access["packages"]] == [PAYROLL]
    none = call(
        world, "GET", f"{base(version)}/my/clients", headers=mine(world), provider=OTHER_FIRM
    )
    assert none.json()["data"] == []


@each_version
@pytest.mark.usefixtures("person_agent")
def test_an_agent_leaves_a_provider_with_all_its_clients(world: World, version: int) -> None:
    path = f"{base(version)}/my/clientproviders"
    listed = call(world, "GET", path, headers=mine(world)).json()["data"]
    assert [each["name"] for each in listed] == ["RETT REVISJON AS"]

    answer = call(world, "DELETE", path, headers=mine(world), provider=FIRM)

    assert answer.status_code == 204
    assert call(world, "GET", path, headers=mine(world)).json()["data"] == []
    assert had(world, OUTSIDER) == {}


@pytest.mark.usefixtures("person_agent")
def test_an_agent_lets_go_of_a_package_and_of_a_client(world: World) -> None:
    headers, named = mine(world), {"provider": FIRM, "from_": CLIENT}
    body = values("regnskapsforer", PAYROLL)

    refused = call(world, "DELETE", f"{V1}/my/clients", headers=headers, **named)
    assert told(refused) == [("AM.VLD-00031", ["$QUERY/cascade"])]
    path = f"{V1}/my/clients/accesspackages"
    (entry,) = call(world, "DELETE", path, headers=headers, body=body, **named).json()
    assert (entry["changed"], entry["toId"]) == (True, uuid_of(world, OUTSIDER))
    by_post = f"{V2}/my/clients/accesspackages/delete"
    (again,) = call(
        world, "POST", by_post, headers=headers, body=body, provider=FIRM, client=CLIENT
    ).json()
    assert again["changed"] is False
    left = call(world, "DELETE", f"{V2}/my/clients", headers=headers, provider=FIRM, client=CLIENT)
    assert left.status_code == 204


def test_a_system_user_sees_its_own_clients(world: World, agent: str) -> None:
    delegate(world, agent)
    headers = world.system_user(agent, MINE_READ)

    (provider,) = call(world, "GET", f"{V1}/my/clients", headers=headers).json()["data"]

    assert [each["client"]["organizationIdentifier"] for each in provider["clients"]] == [CLIENT]


@pytest.mark.usefixtures("person_agent")
def test_nobody_sees_or_takes_anothers(world: World) -> None:
    other = mine(world, CLIENT_DIRECTOR)

    assert call(world, "GET", f"{V1}/my/clients", headers=other).json()["data"] == []
    call(world, "DELETE", f"{V1}/my/clientproviders", headers=other, provider=FIRM)
    assert had(world, OUTSIDER) == {"FJORDGLØTT BAKERI AS": [PAYROLL]}


# --- connections see it too -----------------------------------------------------------------------


def test_a_client_sees_the_agents_of_its_accountant(world: World, agent: str) -> None:
    delegate(world, agent)

    answer = world.http.get(
        "/accessmanagement/api/v1/enduser/connections",
        params={"party": uuid_of(world, CLIENT), "from": uuid_of(world, CLIENT)},
        headers=world.person(CLIENT_DIRECTOR),
    )

    firm = next(each for each in answer.json()["data"] if each["party"]["name"].startswith("RETT"))
    below = {each["party"]["id"]: each for each in firm["connections"]}
    assert [package["urn"] for package in below[agent]["packages"]] == [PAYROLL]
    assert below[agent]["viaRole"]["code"] == "agent"


# --- authority ------------------------------------------------------------------------------------

CALLS = [
    ("GET", "clients", "read"),
    ("GET", "agents", "read"),
    ("POST", "agents", "write"),
    ("DELETE", "agents", "write"),
    ("DELETE", "agents/clients", "write"),
    ("GET", "agents/accesspackages", "read"),
    ("GET", "clients/accesspackages", "read"),
    ("POST", "agents/accesspackages", "write"),
]
ONE = [("DELETE", f"{V1}/agents/accesspackages", "write")]
TWO = [
    ("POST", f"{V2}/agents/accesspackages/delete", "write"),
    ("POST", f"{V2}/agents/resources", "write"),
    ("POST", f"{V2}/agents/resources/delete", "write"),
    ("GET", f"{V2}/agents/resources", "read"),
    ("GET", f"{V2}/clients/resources", "read"),
]
ADMINISTERED = [
    *((method, f"{where}/{path}", action) for where in (V1, V2) for method, path, action in CALLS),
    *ONE,
    *TWO,
]
MY = [
    ("GET", f"{V1}/my/clients", "read"),
    ("GET", f"{V1}/my/clientproviders", "read"),
    ("DELETE", f"{V1}/my/clientproviders", "write"),
    ("DELETE", f"{V1}/my/clients", "write"),
    ("DELETE", f"{V1}/my/clients/accesspackages", "write"),
    ("DELETE", f"{V2}/my/clients", "write"),
    ("POST", f"{V2}/my/clients/accesspackages/delete", "write"),
    ("POST", f"{V2}/my/clients/resources/delete", "write"),
]
administered = pytest.mark.parametrize("method, path, action", ADMINISTERED)
all_calls = pytest.mark.parametrize("method, path, action", [*ADMINISTERED, *MY])


def ask(world: World, method: str, path: str, headers: dict[str, str]) -> httpx.Response:
    named = sides(1 if path.startswith(V1) else 2, CLIENT, OUTSIDER)
    has_body = method != "GET" and ("accesspackages" in path or "resources" in path)
    body: object = {"values": []} if has_body else None
    return call(world, method, path, headers=headers, body=body, provider=FIRM, **named)


@all_calls
def test_no_token_is_no_entrance(world: World, method: str, path: str, action: str) -> None:
    answer = ask(world, method, path, {"accept": "*/*"})

    assert (answer.status_code, "a bearer token is needed" in reason(answer)) == (401, True)


@all_calls
def test_the_scope_that_is_missing_is_told(
    world: World, method: str, path: str, action: str
) -> None:
    kind = "altinn:clientdelegations/myclients" if "/my/" in path else "altinn:clientdelegations"
    other = "write" if action == "read" else "read"

    answer = ask(world, method, path, world.person(ADMINISTRATOR, f"{kind}.{other}"))

    assert (answer.status_code, f"{kind}.{action}" in reason(answer)) == (403, True)


@administered
def test_somebody_who_does_not_administer_clients_is_told_why(
    world: World, method: str, path: str, action: str
) -> None:
    headers = world.person(CLIENT_DIRECTOR, CLIENTS_READ, CLIENTS_WRITE)

    answer = ask(world, method, path, headers)

    assert answer.status_code == 403
    assert f"{action} on altinn_client_administration for `RETT REVISJON AS`" in reason(answer)


@administered
def test_a_client_administrator_is_let_in_by_either_scope(
    world: World, method: str, path: str, action: str
) -> None:
    for scope in (PORTAL, f"altinn:clientdelegations.{action}"):
        answer = ask(world, method, path, world.person(DIRECTOR, scope))
        assert answer.status_code not in {401, 403}, reason(answer)


@pytest.mark.parametrize("method, path, action", MY)
def test_an_agents_own_calls_want_somebody_behind_the_token(
    world: World, method: str, path: str, action: str
) -> None:
    answer = ask(world, method, path, world.vendor(MINE_READ, MINE_WRITE))

    assert answer.status_code == 403
    assert "neither a person nor a system user" in reason(answer)
