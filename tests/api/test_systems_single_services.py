"""Single services for clients over HTTP: registered, asked for, approved, linked, decided."""

from __future__ import annotations

from uuid import UUID

import pytest

from fullmakt.access.decisions.model import BySystemUser, ByUuid, Decision, Question
from fullmakt.access.delegations import service as delegations
from fullmakt.access.delegations.model import Right
from fullmakt.access.resources import service as resources
from tests.api.systems_world import (
    ADMINISTRATOR,
    CLIENT,
    CLIENT_DIRECTOR,
    DIRECTOR,
    END_USER,
    FIRM,
    PARTIAL_CLIENT,
    REQUESTS,
    SERVICE,
    SIGNING,
    STRANGER,
    USERS,
    World,
    named,
    problem,
    right,
)

CLIENTS = f"{END_USER}/clients"
ONLY_RIGHTS = {"accessPackages": None, "rights": [right(SERVICE)]}


@pytest.fixture(autouse=True)
def opened(world: World) -> None:
    """A service that opens to accountants by role, and otherwise to nobody of this world."""
    world.register()
    opens(world, SERVICE, roles=["regn"])


def opens(world: World, service: str, *, roles: list[str]) -> None:
    document = resources.default_policy(
        service, roles=roles, packages=[], actions=["read", "write"], minimum_level=3
    )
    with world.changing() as work:
        resources.set_policy(work, resources.get_resource(work, service), document)


def give(world: World, client: str, *actions: str) -> None:
    with world.changing() as work:
        delegations.give_rights(
            work,
            giver=world.organization(client),
            receiver=world.organization(FIRM),
            rights=frozenset(Right(SERVICE, action) for action in actions),
            given_by=world.find_person(CLIENT_DIRECTOR),
        )


def link(world: World, agent: str, client: str) -> tuple[int, str]:
    path = f"{CLIENTS}?agent={agent}&client={world.organization(client).uuid}"
    answer = world.http.post(path, headers=world.person(ADMINISTRATOR))
    return answer.status_code, answer.json().get("code", "")


def ask(world: World, agent: str, client: str, action: str = "read") -> Decision:
    party = ByUuid(world.organization(client).uuid)
    return world.decisions.explain(Question(BySystemUser(UUID(agent)), action, SERVICE, party))


def test_an_agent_with_a_service_alone_is_asked_for_approved_and_linked(world: World) -> None:
    asked = world.agent_request(**ONLY_RIGHTS)
    agent = asked.json()["id"]
    read = world.http.get(f"{REQUESTS}/vendor/agent/{agent}", headers=world.vendor())
    approved = world.answer(agent, kind="/agent")

    assert asked.status_code == 201
    assert asked.json()["rights"][0]["resource"] == right(SERVICE)["resource"]
    assert read.json()["rights"] == asked.json()["rights"]
    assert read.json()["accessPackages"] == []
    assert approved.json() is True
    assert ask(world, agent, CLIENT).outcome == "NotApplicable"
    assert link(world, agent, CLIENT) == (200, "")
    assert ask(world, agent, CLIENT).permitted
    assert ask(world, agent, CLIENT, "write").permitted


def test_the_owner_sees_the_services_of_its_agents(world: World) -> None:
    agent = world.approved_agent(**ONLY_RIGHTS)

    path = f"{USERS}/agent/{world.party_id(FIRM)}"
    (listed,) = world.http.get(path, headers=world.person(DIRECTOR)).json()

    assert (listed["id"], listed["accessPackages"]) == (agent, [])
    assert listed["rights"] == [right(SERVICE)]


def test_an_agent_without_services_shows_none(world: World) -> None:
    agent = world.approved_agent()

    path = f"{USERS}/agent/{world.party_id(FIRM)}"
    (listed,) = world.http.get(path, headers=world.person(DIRECTOR)).json()

    assert listed["id"] == agent
    assert "rights" not in listed


def test_a_service_the_system_is_not_registered_with_is_not_asked_for(world: World) -> None:
    answer = world.agent_request(accessPackages=None, rights=[right("ske-another")])

    assert problem(answer) == (400, "AUTH-00001")
    assert "`ske-another`" in answer.json()["detail"]


def test_a_request_for_nothing_is_refused(world: World) -> None:
    answer = world.agent_request(accessPackages=[], rights=[])

    assert problem(answer) == (400, "AUTH-00058")


def test_a_client_that_gave_the_right_singly_is_linked_with_that_action(world: World) -> None:
    agent = world.approved_agent(**ONLY_RIGHTS)
    give(world, STRANGER, "read")

    assert link(world, agent, STRANGER) == (200, "")

    assert ask(world, agent, STRANGER).permitted
    assert not ask(world, agent, STRANGER, "write").permitted


def test_a_client_whose_relation_gives_nothing_on_the_service_is_refused(world: World) -> None:
    agent = world.approved_agent(**ONLY_RIGHTS)

    assert link(world, agent, PARTIAL_CLIENT) == (400, "AUTH-00080")
    assert link(world, agent, STRANGER) == (400, "AUTH-00079")


def test_every_package_and_every_service_must_be_given(world: World) -> None:
    agent = world.approved_agent(accessPackages=named(SIGNING), rights=[right(SERVICE)])
    give(world, STRANGER, "read")

    assert link(world, agent, STRANGER) == (400, "AUTH-00080")
    assert link(world, agent, CLIENT) == (200, "")
    opens(world, SERVICE, roles=["revi"])
    other = world.approved_agent(
        accessPackages=named(SIGNING), rights=[right(SERVICE)], externalRef="other"
    )
    assert link(world, other, CLIENT) == (400, "AUTH-00080")


def test_a_client_that_gives_the_service_is_available(world: World) -> None:
    agent = world.approved_agent(**ONLY_RIGHTS)
    give(world, STRANGER, "read")

    answer = world.http.get(
        f"{CLIENTS}/available?agent={agent}", headers=world.person(ADMINISTRATOR)
    )

    numbers = {each["clientOrganizationNumber"] for each in answer.json()["data"]}
    assert numbers == {CLIENT, STRANGER}


def test_the_portal_lists_what_a_client_gave_singly(world: World) -> None:
    give(world, STRANGER, "read")

    firm = world.organization(FIRM)
    answer = world.http.get(
        f"{USERS}/agent/{firm.party_id}/clients?facilitator={firm.uuid}",
        headers=world.person(ADMINISTRATOR),
    )

    found = {each["organizationIdentifier"]: each["access"] for each in answer.json()}
    (relation,) = found[STRANGER]
    assert (relation["packages"], relation["resources"]) == ([], [SERVICE])
    assert all("resources" not in each for each in found[CLIENT])


def test_what_no_longer_opens_to_the_relation_no_longer_opens_to_the_agent(world: World) -> None:
    agent = world.approved_agent(**ONLY_RIGHTS)
    link(world, agent, CLIENT)

    opens(world, SERVICE, roles=["revi"])
    closed = ask(world, agent, CLIENT)
    opens(world, SERVICE, roles=["regn"])

    assert closed.outcome == "NotApplicable"
    assert ask(world, agent, CLIENT).permitted
