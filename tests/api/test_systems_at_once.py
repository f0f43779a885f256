"""Two changes of the same thing at once, over HTTP: whichever came first, what stands holds."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import httpx
import pytest

from fullmakt.access.decisions.model import BySystemUser, ByUuid, Question
from fullmakt.access.delegations import service as delegations
from fullmakt.access.parties import service as parties
from tests.api.systems_world import (
    ADMINISTRATOR,
    APP,
    CLIENT,
    DIRECTOR,
    END_USER,
    FIRM,
    REQUESTS,
    USERS,
    World,
)

ROUNDS = 4
CLIENTS = f"{END_USER}/clients"


def at_once(*calls: Callable[[], httpx.Response]) -> list[httpx.Response]:
    """The answers to calls that are made at the same time."""
    with ThreadPoolExecutor(len(calls)) as threads:
        return [made.result() for made in [threads.submit(call) for call in calls]]


def link(world: World, agent: str) -> httpx.Response:
    client = world.organization(CLIENT).uuid
    path = f"{CLIENTS}?agent={agent}&client={client}"
    return world.http.post(path, headers=world.person(ADMINISTRATOR))


def may_file(world: World, agent: str) -> bool:
    party = ByUuid(world.organization(CLIENT).uuid)
    question = Question(BySystemUser(UUID(agent)), "write", APP, party)
    return world.decisions.decide(question).permitted


def end_role(world: World) -> httpx.Response:
    giver, holder = world.organization(CLIENT), world.organization(FIRM)
    with world.changing() as work:
        parties.end_role(work, role="regnskapsforer", giver=giver, holder=holder)
    return httpx.Response(200)


def begin_role(world: World) -> None:
    giver, holder = world.organization(CLIENT), world.organization(FIRM)
    with world.changing() as work:
        parties.begin_role(work, role="regnskapsforer", giver=giver, holder=holder)


def test_a_request_approved_while_it_is_deleted_is_one_or_the_other(world: World) -> None:
    world.register()
    for number in range(ROUNDS):
        reference = f"round-{number}"
        request = world.standard_request(externalRef=reference).json()["id"]

        def delete(request: str = request) -> httpx.Response:
            path = f"{REQUESTS}/vendor/{request}"
            return world.http.delete(path, headers=world.vendor())

        def approve(request: str = request) -> httpx.Response:
            return world.answer(request)

        approved, deleted = at_once(approve, delete)

        path = f"{USERS}/{world.party_id(FIRM)}/{request}"
        made = world.http.get(path, headers=world.person(DIRECTOR)).status_code == 200
        assert deleted.status_code == 202, deleted.text
        assert (approved.status_code == 200) is made
        assert made or approved.json()["code"] == "AUTH-00010", approved.text


def test_a_client_linked_while_its_agent_is_deleted_is_nobodys(world: World) -> None:
    world.register()
    for number in range(ROUNDS):
        agent = world.approved_agent(externalRef=f"round-{number}")

        def delete(agent: str = agent) -> httpx.Response:
            path = f"{USERS}/agent/{world.party_id(FIRM)}/{agent}"
            return world.http.delete(path, headers=world.person(DIRECTOR))

        def link_it(agent: str = agent) -> httpx.Response:
            return link(world, agent)

        linked, deleted = at_once(link_it, delete)

        assert deleted.status_code == 200, deleted.text
        assert linked.status_code == 200 or "AUTH.VLD-00014" in linked.text
        assert not may_file(world, agent)
        assert link(world, agent).json()["validationErrors"][0]["code"] == "AUTH.VLD-00014"


def test_a_client_linked_while_its_role_ends_is_not_acted_for(world: World) -> None:
    """Also when the role begins anew, unless the link was made on that."""
    world.register()
    agent = world.approved_agent()
    for _ in range(ROUNDS):
        linked, _ = at_once(lambda: link(world, agent), lambda: end_role(world))

        assert linked.status_code == 200 or linked.json()["code"] == "AUTH-00079"
        assert not may_file(world, agent)
        begin_role(world)
        assert not may_file(world, agent)
        assert link(world, agent).status_code == 200
        assert may_file(world, agent)


@pytest.mark.parametrize("verb", ["add", "remove"])
def test_the_same_bulk_call_twice_at_once_does_everything_once(world: World, verb: str) -> None:
    world.register()
    agent = world.approved_agent()
    if verb == "remove":
        link(world, agent)
    client = world.organization(CLIENT).uuid

    def call() -> httpx.Response:
        path = f"{CLIENTS}/bulk/{verb}?agent={agent}"
        body = {"clients": [str(client)]}
        return world.http.post(path, json=body, headers=world.person(ADMINISTRATOR))

    answers = at_once(call, call, call)

    told = sorted(answer.json()["data"][0]["outcome"] for answer in answers)
    assert told == [{"add": "added", "remove": "removed"}[verb], "unchanged", "unchanged"]
    with world.database.reading() as reading:
        party = parties.find_party(reading, UUID(agent))
        assert party is not None
        links = delegations.list_links(reading, party)
    assert len(links) == len({link.carries for link in links})
    assert bool(links) is (verb == "add")
