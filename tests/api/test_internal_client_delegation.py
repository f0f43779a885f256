"""Client delegation as the platform's own components ask for it."""

from __future__ import annotations

import pytest

from tests.api.systems_world import (
    ADMINISTRATOR,
    CLIENT,
    CLIENT_DIRECTOR,
    CLIENTS_WRITE,
    FIRM,
    OUTSIDER,
    World,
    reason,
)
from tests.api.test_client_delegation import call, had, told, uuid_of

BASE = "/accessmanagement/api/v1/internal/systemuserclientdelegation"
PAYROLL = "urn:altinn:accesspackage:regnskapsforer-lonn"


@pytest.fixture
def agent(world: World) -> str:
    """An agent system user of the firm, without clients."""
    world.register()
    return world.approved_agent()


def body(world: World, agent: str, **changes: object) -> dict[str, object]:
    wanted = {"roleIdentifier": "regnskapsforer", "packageUrn": PAYROLL}
    return {
        "clientId": uuid_of(world, CLIENT),
        "agentId": agent,
        "agentName": "Maestro",
        "agentRole": "agent",
        "rolePackages": [wanted],
        **changes,
    }


def delegated(world: World, agent: str) -> str:
    """The id of a delegation made now."""
    answer = call(world, "POST", BASE, party=FIRM, body=body(world, agent))
    assert answer.status_code == 200, answer.text
    (made,) = answer.json()
    assert made["fromEntityId"] == uuid_of(world, CLIENT)
    return str(made["delegationId"])


def test_clients_are_listed_flat_when_they_give_all_that_is_asked_for(world: World) -> None:
    found = call(world, "GET", f"{BASE}/clients", party=FIRM, packages="skattegrunnlag").json()

    assert found == [
        {
            "party": {
                "id": found[0]["party"]["id"],
                "name": "LILLEVIK HANDEL AS",
                "organizationNumber": "312700018",
                "unitType": "AS",
            },
            "access": [{"role": "rettighetshaver", "packages": ["skattegrunnlag"]}],
        }
    ]
    query = f"party={uuid_of(world, FIRM)}&packages=skattegrunnlag&packages=regnskapsforer-lonn"
    both = world.http.get(f"{BASE}/clients?{query}", headers=world.person(ADMINISTRATOR))
    assert both.json() == []


def test_a_delegation_is_made_once_listed_and_deleted_by_its_id(world: World, agent: str) -> None:
    made = delegated(world, agent)
    assert delegated(world, agent) == made

    (listed,) = call(world, "GET", BASE, party=FIRM, client=CLIENT, systemUser=agent).json()
    assert listed["delegation"] == {
        "id": made,
        "fromId": uuid_of(world, CLIENT),
        "toId": agent,
        "facilitatorId": uuid_of(world, FIRM),
    }
    assert (listed["role"]["code"], listed["facilitatorRole"]["code"]) == (
        "regnskapsforer",
        "agent",
    )
    named = {"party": FIRM, "delegationId": made}
    assert call(world, "DELETE", f"{BASE}/deletedelegation", **named).status_code == 200
    assert had(world, agent) == {}
    again = call(world, "DELETE", f"{BASE}/deletedelegation", **named)
    assert (again.status_code, again.json()["detail"]) == (400, "Delegation not found")


def test_an_agent_relation_is_ended_by_its_id_or_its_agents(world: World, agent: str) -> None:
    v1 = "/accessmanagement/api/v1/enduser/clientdelegations/agents"
    assignment = call(world, "POST", v1, party=FIRM, to=agent).json()["id"]
    delegated(world, agent)

    by_id = {"party": FIRM, "assignmentId": assignment}
    refused = call(world, "DELETE", f"{BASE}/deleteassignment", **by_id)
    assert told(refused) == [("AM.VLD-00031", ["$QUERY/cascade"])]
    ended = call(world, "DELETE", f"{BASE}/deleteassignment", **by_id, cascade="true")
    assert ended.status_code == 200
    by_agent = {"party": FIRM, "agentId": agent}
    gone = call(world, "DELETE", f"{BASE}/deleteagentassignment", **by_agent)
    assert (gone.status_code, gone.json()["detail"]) == (400, "Assignment not found")
    delegated(world, agent)
    path = f"{BASE}/deleteagentassignment"
    assert call(world, "DELETE", path, **by_agent, cascade="true").status_code == 200
    assert had(world, agent) == {}


@pytest.mark.parametrize(
    "changes, code",
    [
        ({"rolePackages": [{"roleIdentifier": "x", "packageUrn": PAYROLL}]}, "AM.VLD-00029"),
        ({"rolePackages": [{"roleIdentifier": "regn", "packageUrn": "x"}]}, "AM.VLD-00030"),
        ({"agentId": "505f8488-3d48-4c15-8e21-35cb9432f815"}, "AM.VLD-00006"),
    ],
)
def test_what_the_original_fails_on_is_a_fault_here(
    world: World, agent: str, changes: dict[str, object], code: str
) -> None:
    answer = call(world, "POST", BASE, party=FIRM, body=body(world, agent, **changes))

    assert [each for each, _ in told(answer)] == [code]


def test_a_person_is_no_system_user(world: World, agent: str) -> None:
    wanted = body(world, agent, agentId=uuid_of(world, OUTSIDER))

    assert told(call(world, "POST", BASE, party=FIRM, body=wanted)) == [
        ("AM.VLD-00008", ["$QUERY/systemUser"])
    ]


CALLS = [
    ("GET", f"{BASE}/clients"),
    ("GET", BASE),
    ("POST", BASE),
    ("DELETE", f"{BASE}/deletedelegation"),
    ("DELETE", f"{BASE}/deleteassignment"),
    ("DELETE", f"{BASE}/deleteagentassignment"),
]
UNKNOWN = "505f8488-3d48-4c15-8e21-35cb9432f815"


@pytest.mark.parametrize("method, path", CALLS)
def test_only_a_portals_token_of_an_administrator_is_let_in(
    world: World, method: str, path: str
) -> None:
    wanted: object = body(world, UNKNOWN) if method == "POST" else None
    ids = {"delegationId": UNKNOWN, "assignmentId": UNKNOWN, "agentId": UNKNOWN}

    def refusal(headers: dict[str, str]) -> tuple[int, str]:
        answer = call(world, method, path, headers=headers, body=wanted, party=FIRM, **ids)
        return answer.status_code, reason(answer)

    assert refusal({"accept": "*/*"})[0] == 401
    status, told_why = refusal(world.person(ADMINISTRATOR, CLIENTS_WRITE))
    assert (status, "altinn:portal/enduser" in told_why) == (403, True)
    status, told_why = refusal(world.person(CLIENT_DIRECTOR))
    assert (status, "altinn_client_administration" in told_why) == (403, True)
