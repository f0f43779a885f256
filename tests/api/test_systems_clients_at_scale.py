"""Clients at scale over HTTP: pages with the basis, searches, bulk changes, copied lists."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import httpx
import pytest

from fullmakt.access.delegations import service as delegations
from fullmakt.access.parties import service as parties
from fullmakt.access.parties.model import NewOrganization
from fullmakt.foundation.events.ledger import list_events
from fullmakt.foundation.storage.database import Work
from fullmakt.foundation.terms.numbers import OrganizationNumber
from tests.api.systems_world import (
    ADMINISTRATOR,
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
    SIGNING,
    STRANGER,
    TAX,
    World,
    codes,
    named,
    reason,
)
from tests.number_series import organization_numbers

CLIENTS = f"{END_USER}/clients"
SEARCH, ADD, REMOVE = f"{CLIENTS}/search", f"{CLIENTS}/bulk/add", f"{CLIENTS}/bulk/remove"
UNKNOWN = "505f8488-3d48-4c15-8e21-35cb9432f815"
CHUNK = 250  # 500 rows, two packages each


@pytest.fixture
def agent(world: World) -> str:
    """An agent system user of the firm that carries two packages."""
    world.register()
    return world.approved_agent()


def add_units(world: World, count: int, *, name: str = "KUNDE") -> list[str]:
    """The numbers of new clients, all of which the firm keeps the accounts of."""
    numbers = list(islice(organization_numbers(31500000), count))
    with world.changing() as work:
        firm = parties.get_organization(work, OrganizationNumber(FIRM))
        for n, number in enumerate(numbers):
            unit = parties.add_organization(
                work,
                NewOrganization(
                    OrganizationNumber(number),
                    f"{name} {n} AS",
                    "AS",
                    uuid5(NAMESPACE_URL, number),
                    53000000 + n,
                ),
            )
            parties.begin_role(work, role="regnskapsforer", giver=unit, holder=firm)
    return numbers


def page(world: World, agent: str, **query: str) -> dict[str, Any]:
    answer = world.http.get(
        SEARCH, params={"agent": agent, **query}, headers=world.person(ADMINISTRATOR)
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def pages(world: World, agent: str, **query: str) -> Iterator[dict[str, Any]]:
    found = page(world, agent, **query)
    yield found
    while "next" in found["links"]:
        link = found["links"]["next"]
        answer = world.http.get(link, headers=world.person(ADMINISTRATOR))
        assert answer.status_code == 200, answer.text
        found = answer.json()
        yield found


def numbers_of(found: dict[str, Any]) -> list[str]:
    return [client["clientOrganizationNumber"] for client in found["data"]]


def bulk(
    world: World, path: str, agent: str, clients: Sequence[str], by: str = ADMINISTRATOR
) -> httpx.Response:
    return world.http.post(
        path, params={"agent": agent}, json={"clients": clients}, headers=world.person(by)
    )


def outcomes(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 200, answer.text
    return {each["client"]: each["outcome"] for each in answer.json()["data"]}


def linked(world: World, agent: str, by: str = ADMINISTRATOR) -> list[str]:
    answer = world.http.get(f"{CLIENTS}?agent={agent}", headers=world.person(by))
    return sorted(client["clientOrganizationNumber"] for client in answer.json()["data"])


def revision(world: World) -> int:
    with world.database.reading() as reading:
        return list_events(reading, after=0, most=100_000)[-1].revision


def test_a_client_is_listed_with_each_basis_and_since_when(world: World, agent: str) -> None:
    world.clock.advance(timedelta(days=1))
    given_at = world.clock.now()
    with world.changing() as work:
        delegations.give_packages(
            work,
            world.catalog,
            giver=world.organization(CLIENT),
            receiver=world.organization(FIRM),
            packages=frozenset({"skattegrunnlag"}),
            given_by=world.find_person(CLIENT_DIRECTOR),
        )
    world.clock.advance(timedelta(days=1))
    linked_at = world.clock.now()
    bulk(world, ADD, agent, [CLIENT])

    [client] = page(world, agent)["data"]

    register, given = client["basis"]
    assert (client["isLinked"], client["linkedSince"]) == (True, written(linked_at))
    assert (register["role"], register["source"]) == ("regnskapsforer", "register")
    assert register["roleUrn"] == "urn:altinn:external-role:ccr:regnskapsforer"
    assert register["since"] < written(given_at)
    assert {each["urn"] for each in register["access"]} >= {SIGNING, PLAIN_ACCOUNTANT}
    assert (given["role"], given["source"]) == ("rettighetshaver", "given")
    assert given["access"] == [{"since": written(given_at), "urn": TAX}]


def written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_client_that_gives_too_little_is_listed_with_what_is_missing(world: World) -> None:
    world.register()
    agent = world.approved_agent(accessPackages=named(SIGNING, TAX))

    found = page(world, agent)

    missing = {client["clientOrganizationNumber"]: client["missing"] for client in found["data"]}
    assert missing == {CLIENT: [TAX], PARTIAL_CLIENT: [SIGNING]}


@pytest.mark.parametrize(
    "search",
    [
        "fjordgløtt",
        "FJORD GLØTT",
        "fjord-gloett",
        "bakeri fjord",
        "312 400 014",
        "312400014",
        "400.014",
    ],
)
@pytest.mark.parametrize("systems_url", ["sqlite"], indirect=True)
def test_a_client_is_found_however_it_is_written(world: World, agent: str, search: str) -> None:
    add_units(world, 3)

    assert numbers_of(page(world, agent, search=search)) == [CLIENT]


def test_what_stands_for_any_text_elsewhere_finds_nothing_here(world: World, agent: str) -> None:
    assert numbers_of(page(world, agent, search="fjord")) == [CLIENT]
    assert numbers_of(page(world, agent, search="nordlys")) == []
    assert numbers_of(page(world, agent, search="312 400 13")) == []


def test_linked_and_other_clients_are_two_parts_of_one_list(world: World, agent: str) -> None:
    numbers = add_units(world, 5)
    bulk(world, ADD, agent, numbers[:2])

    everybody = numbers_of(page(world, agent))
    yes = numbers_of(page(world, agent, linked="true"))
    no = numbers_of(page(world, agent, linked="false"))

    assert sorted(yes) == sorted(numbers[:2])
    assert sorted(everybody) == sorted([*yes, *no])


def test_each_client_stands_on_one_page_while_others_come_and_go(world: World, agent: str) -> None:
    numbers = add_units(world, 60)
    leaving, stop = numbers[::7], threading.Event()

    def write() -> None:
        with world.changing() as work:
            firm = parties.get_organization(work, OrganizationNumber(FIRM))
            for number in leaving:
                unit = parties.get_organization(work, OrganizationNumber(number))
                parties.end_role(work, role="regnskapsforer", giver=unit, holder=firm)
        while not stop.is_set():
            bulk(world, ADD, agent, numbers[1:3])
            bulk(world, REMOVE, agent, numbers[1:3])

    seen: list[str] = []
    writer = threading.Thread(target=write)
    for n, found in enumerate(pages(world, agent, size="7")):
        if n == 1:
            writer.start()
        seen += numbers_of(found)
    stop.set()
    writer.join()

    assert len(seen) == len(set(seen))
    assert set(seen) >= {CLIENT, *numbers} - set(leaving)


@pytest.mark.parametrize(
    "query, name",
    [
        ({"size": "0"}, "size"),
        ({"size": "501"}, "size"),
        ({"size": "many"}, "size"),
        ({"linked": "maybe"}, "linked"),
        ({"token": "IjUwNWY4NDg4LTNkNDgtNGMxNS04ZTIxLTM1Y2I5NDMyZjgxNSI"}, "token"),
        ({"token": "x"}, "token"),
        ({"search": "x" * 201}, "search"),
    ],
)
@pytest.mark.parametrize("systems_url", ["sqlite"], indirect=True)
def test_a_page_that_cannot_be_asked_for_is_refused_by_name(
    world: World, agent: str, query: dict[str, str], name: str
) -> None:
    answer = world.http.get(
        SEARCH, params={"agent": agent, **query}, headers=world.person(ADMINISTRATOR)
    )

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [name]


def test_many_clients_are_linked_with_a_result_for_each(world: World) -> None:
    world.register()
    agent = world.approved_agent(accessPackages=named(SIGNING, PLAIN_ACCOUNTANT))
    by_id = str(world.organization(CLIENT).uuid)

    answer = bulk(world, ADD, agent, [by_id, PARTIAL_CLIENT, STRANGER, UNKNOWN])

    results = {each["client"]: each for each in answer.json()["data"]}
    assert outcomes(answer) == {
        by_id: "added",
        PARTIAL_CLIENT: "refused",
        STRANGER: "refused",
        UNKNOWN: "refused",
    }
    assert answer.json()["counts"] == {"added": 1, "removed": 0, "unchanged": 0, "refused": 3}
    assert results[by_id]["clientOrganizationNumber"] == CLIENT
    assert results[PARTIAL_CLIENT]["code"] == "AUTH-00080"
    assert "regnskapsforer-med-signeringsrettighet" in results[PARTIAL_CLIENT]["detail"]
    assert results[STRANGER]["code"] == results[UNKNOWN]["code"] == "AUTH-00079"
    assert linked(world, agent) == [CLIENT]


def test_a_bulk_call_repeated_changes_nothing(world: World, agent: str) -> None:
    numbers = add_units(world, 4)
    bulk(world, ADD, agent, numbers)
    before = revision(world)

    again = bulk(world, ADD, agent, [*numbers, numbers[0]])
    assert set(outcomes(again).values()) == {"unchanged"}
    assert len(again.json()["data"]) == len(numbers)
    assert revision(world) == before

    assert set(outcomes(bulk(world, REMOVE, agent, numbers)).values()) == {"removed"}
    assert linked(world, agent) == []
    before = revision(world)
    assert set(outcomes(bulk(world, REMOVE, agent, [*numbers, UNKNOWN])).values()) == {"unchanged"}
    assert revision(world) == before


def test_one_revision_takes_at_most_500_rows(world: World, agent: str) -> None:
    numbers = add_units(world, CHUNK + 1)
    before = revision(world)

    bulk(world, ADD, agent, numbers)

    with world.database.reading() as reading:
        events = list_events(reading, after=before, most=1000)
    per_revision = [
        sum(event.revision == each for event in events) for each in (before + 1, before + 2)
    ]
    assert per_revision == [CHUNK, 1]
    assert {event.kind for event in events} == {"client-linked"}
    touched = {touch.entity for event in events for touch in event.touches}
    assert touched == {world.organization(number).id for number in numbers}


def test_a_caller_who_loses_the_authority_on_the_way_keeps_what_was_done(
    world: World, agent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = add_units(world, CHUNK + 2)
    writing, worked_off = world.database.authority, 0

    def authority(*, actor: str, correlation: str) -> AbstractContextManager[Work]:
        nonlocal worked_off
        worked_off += 1
        if worked_off == 2:
            with writing(actor="test", correlation="0" * 32) as work:
                delegations.withdraw(
                    work,
                    giver=world.organization(FIRM),
                    receiver=world.find_person(ADMINISTRATOR),
                    packages=frozenset({"klientadministrator"}),
                    rights=frozenset(),
                    withdrawn_by=world.find_person(DIRECTOR),
                )
        return writing(actor=actor, correlation=correlation)

    monkeypatch.setattr(world.database, "authority", authority)
    answer = bulk(world, ADD, agent, numbers)
    monkeypatch.undo()

    assert answer.json()["counts"] == {
        "added": CHUNK,
        "removed": 0,
        "unchanged": 0,
        "refused": 2,
    }
    refused = answer.json()["data"][-1]
    assert refused["code"] == "403"
    assert "write on altinn_client_administration" in refused["detail"]
    rest = bulk(world, ADD, agent, numbers, by=DIRECTOR)
    assert rest.json()["counts"]["added"] == 2
    assert linked(world, agent, by=DIRECTOR) == sorted(numbers)


def test_a_dead_link_is_not_woken_by_a_bulk_call(world: World, agent: str) -> None:
    bulk(world, ADD, agent, [CLIENT])
    firm, client = world.organization(FIRM), world.organization(CLIENT)
    for change in (parties.end_role, parties.begin_role):
        with world.changing() as work:
            change(work, role="regnskapsforer", giver=client, holder=firm)
    assert linked(world, agent) == []
    assert [each["isLinked"] for each in page(world, agent)["data"]] == [False]

    assert outcomes(bulk(world, ADD, agent, [CLIENT])) == {CLIENT: "added"}
    assert linked(world, agent) == [CLIENT]


def test_a_list_is_copied_to_another_agent_of_the_owner(world: World, agent: str) -> None:
    numbers = add_units(world, 5)
    bulk(world, ADD, agent, numbers)
    other = world.approved_agent(externalRef="regn-2", accessPackages=named(SIGNING))

    path = f"{CLIENTS}/copy?agent={other}&from={agent}"
    answer = world.http.post(path, headers=world.person(ADMINISTRATOR))
    again = world.http.post(path, headers=world.person(ADMINISTRATOR))

    assert answer.json()["counts"]["added"] == 5
    assert again.json()["counts"] == {"added": 0, "removed": 0, "unchanged": 5, "refused": 0}
    assert answer.json()["links"] == {}
    assert linked(world, other) == linked(world, agent) == sorted(numbers)


def test_a_copy_tells_which_clients_give_the_new_agent_too_little(world: World, agent: str) -> None:
    bulk(world, ADD, agent, [CLIENT])
    wider = world.approved_agent(externalRef="wider", accessPackages=named(SIGNING, TAX))

    answer = world.http.post(
        f"{CLIENTS}/copy?agent={wider}&from={agent}", headers=world.person(ADMINISTRATOR)
    )

    [result] = answer.json()["data"]
    assert (result["outcome"], result["code"]) == ("refused", "AUTH-00080")
    assert linked(world, wider) == []


def test_a_copy_names_another_agent_of_the_same_owner(world: World, agent: str) -> None:
    person = world.person(ADMINISTRATOR)

    itself = world.http.post(f"{CLIENTS}/copy?agent={agent}&from={agent}", headers=person)
    unknown = world.http.post(f"{CLIENTS}/copy?agent={agent}&from={UNKNOWN}", headers=person)
    missing = world.http.post(f"{CLIENTS}/copy?agent={agent}", headers=person)

    assert agent in itself.json()["errors"]["from"][0]
    assert codes(unknown) == codes(missing) == ["AUTH.VLD-00014"]
    assert unknown.json()["validationErrors"][0]["paths"] == ["?from"]


@pytest.mark.parametrize("systems_url", ["sqlite"], indirect=True)
def test_the_clients_of_another_firms_agent_are_not_copied_even_by_who_directs_both(
    world: World, agent: str
) -> None:
    theirs = str(world.agent_request(partyOrgNo=OTHER_FIRM).json()["id"])
    world.answer(theirs, kind="/agent", by=OUTSIDER, party=OTHER_FIRM)
    path = f"{CLIENTS}/copy?agent={agent}&from={theirs}"

    stranger = world.http.post(path, headers=world.person(DIRECTOR))
    with world.changing() as work:
        other, director = world.organization(OTHER_FIRM), world.find_person(DIRECTOR)
        parties.begin_role(work, role="daglig-leder", giver=other, holder=director)
    both = world.http.post(path, headers=world.person(DIRECTOR))

    assert stranger.status_code == 403
    assert "read on altinn_client_administration for `TALLKNUSER" in reason(stranger)
    assert both.status_code == 400
    assert "belongs to another organisation" in both.json()["errors"]["from"][0]


def test_what_names_no_client_is_refused_and_nothing_is_done(world: World, agent: str) -> None:
    answer = bulk(world, ADD, agent, [CLIENT, "12345678x", "not-an-id"])
    none = bulk(world, ADD, agent, [])
    many = bulk(world, ADD, agent, [CLIENT] * 10_001)

    assert sorted(answer.json()["errors"]) == ["clients[1]", "clients[2]"]
    assert "12345678x" in answer.text
    assert "from 1 to 10000" in none.json()["errors"]["clients"][0]
    assert "10001" in many.json()["errors"]["clients"][0]
    assert linked(world, agent) == []


CALLS = [
    ("GET", SEARCH, CLIENTS_READ),
    ("POST", ADD, CLIENTS_WRITE),
    ("POST", REMOVE, CLIENTS_WRITE),
    ("POST", f"{CLIENTS}/copy", CLIENTS_WRITE),
]


def call(
    world: World, method: str, path: str, agent: str, headers: dict[str, str]
) -> httpx.Response:
    body = {"clients": [CLIENT]} if "bulk" in path else None
    query = {"agent": agent, "from": UNKNOWN}
    return world.http.request(method, path, params=query, json=body, headers=headers)


@pytest.mark.parametrize("method, path, needed", CALLS)
def test_calls_at_scale_need_their_own_scope(
    world: World, agent: str, method: str, path: str, needed: str
) -> None:
    other = CLIENTS_WRITE if needed == CLIENTS_READ else CLIENTS_READ

    no_token = call(world, method, path, agent, {})
    other_scope = call(world, method, path, agent, world.person(ADMINISTRATOR, other))

    assert "a bearer token is needed" in reason(no_token)
    assert f"the token needs scope {needed}" in reason(other_scope)
    assert linked(world, agent) == []


@pytest.mark.parametrize("by", [OUTSIDER, CLIENT_DIRECTOR])
@pytest.mark.parametrize("method, path, needed", CALLS)
def test_calls_at_scale_are_for_the_owners_client_administrator(
    world: World, agent: str, method: str, path: str, needed: str, by: str
) -> None:
    bulk(world, ADD, agent, [CLIENT])

    answer = call(world, method, path, agent, world.person(by, needed))

    assert answer.status_code == 403
    assert "altinn_client_administration" in reason(answer)
    assert linked(world, agent) == [CLIENT]


def test_a_bulk_call_for_an_agent_that_carries_nothing_is_refused(world: World) -> None:
    world.register()
    standard = world.approved_standard()

    answer = bulk(world, ADD, standard, [CLIENT])
    unknown = bulk(world, ADD, UNKNOWN, [CLIENT])

    assert codes(answer) == ["AUTH.VLD-00015"]
    assert codes(unknown) == ["AUTH.VLD-00014"]
