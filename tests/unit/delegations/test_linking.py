"""Clients and their links: what a link rests on, and what happens when that ends."""

from __future__ import annotations

from typing import Any

import pytest

from fullmakt.access.delegations import service as delegations
from fullmakt.access.delegations.errors import (
    ClientLacksPackages,
    ClientNotFound,
)
from fullmakt.access.parties import service as parties
from fullmakt.foundation.storage.model import Aspect, Touch
from tests.cases.decisions.facts import uuid_of
from tests.cases.decisions.town import Town
from tests.unit.delegations.acts import (
    ACCOUNTANT,
    BAKERY,
    CLERK,
    OTHER,
    PAYROLL,
    SIGNS,
    clients,
    events_of,
    link,
    linked,
    revision_of,
    unlink,
)


def test_a_link_names_the_role_it_rests_on(town: Town) -> None:
    (made,) = link(town, BAKERY, SIGNS)

    with town.database.reading() as reading:
        role = parties.find_assignment(
            reading, town.parties[BAKERY], town.parties[ACCOUNTANT], "regnskapsforer"
        )
    assert role is not None
    assert (made.basis_assignment, made.basis_grant) == (role.id, None)
    assert (made.carries, made.began, made.ended) == (SIGNS, revision_of(town), None)
    event = events_of(town)[-1]
    assert event.kind == "client-linked"
    assert event.payload == {
        "systemUser": str(uuid_of("maestro")),
        "client": str(uuid_of(BAKERY)),
        "packages": [SIGNS],
        "rights": [],
    }
    assert event.touches == (Touch(town.parties[BAKERY].id, Aspect.GIVEN),)


def test_a_link_on_a_given_package_names_the_grant_too(town: Town) -> None:
    town.tell("given", {"from": OTHER, "to": ACCOUNTANT, "packages": ["skattegrunnlag"]})

    (made,) = link(town, OTHER, "skattegrunnlag")

    with town.database.reading() as reading:
        role = parties.find_assignment(
            reading, town.parties[OTHER], town.parties[ACCOUNTANT], "rettighetshaver"
        )
        assert role is not None
        (grant,) = delegations.list_given(reading, role)
    assert (made.basis_assignment, made.basis_grant) == (role.id, grant.id)


@pytest.mark.parametrize("order", [["roles", "given"], ["given", "roles"]])
def test_a_link_rests_on_a_role_rather_than_on_a_gift(town: Town, order: list[str]) -> None:
    facts: dict[str, dict[str, Any]] = {
        "roles": {"from": OTHER, "role": "regnskapsforer", "to": ACCOUNTANT},
        "given": {"from": OTHER, "to": ACCOUNTANT, "packages": [PAYROLL]},
    }
    for kind in order:
        town.tell(kind, facts[kind])

    (made,) = link(town, OTHER, PAYROLL)

    assert made.basis_grant is None


def test_linking_again_is_the_same_as_once(town: Town) -> None:
    first = link(town, BAKERY, SIGNS, PAYROLL)
    revision = revision_of(town)

    again = link(town, BAKERY, SIGNS)

    assert again == first
    assert [held.carries for held in first] == [PAYROLL, SIGNS]
    assert revision_of(town) == revision


def test_another_package_is_linked_beside_the_first(town: Town) -> None:
    (first,) = link(town, BAKERY, SIGNS)

    both = link(town, BAKERY, PAYROLL, SIGNS)

    assert first in both
    assert [held.carries for held in both] == [PAYROLL, SIGNS]
    assert events_of(town)[-1].payload["packages"] == [PAYROLL]


def test_a_role_ended_and_registered_again_the_old_link_stays_dead(town: Town) -> None:
    (old,) = link(town, BAKERY, SIGNS)
    town.tell("ended", {"role": "regnskapsforer"})
    town.tell("roles", {"from": BAKERY, "role": "regnskapsforer", "to": ACCOUNTANT})
    assert linked(town) == []

    (new,) = link(town, BAKERY, SIGNS)

    assert linked(town) == [BAKERY]
    assert new.id != old.id
    assert new.basis_assignment != old.basis_assignment
    agent, client = town.parties["maestro"].id, town.parties[BAKERY].id
    with town.database.reading() as reading:
        closed = delegations.link_removed_at(reading, agent=agent, client=client)
    assert closed == new.began


def test_a_gift_taken_back_and_given_again_the_old_link_stays_dead(town: Town) -> None:
    gift = {"from": OTHER, "to": ACCOUNTANT, "packages": ["skattegrunnlag"]}
    town.tell("given", gift)
    (old,) = link(town, OTHER, "skattegrunnlag")

    town.tell("withdrawn", gift)
    town.tell("given", gift)

    assert linked(town) == []
    (new,) = link(town, OTHER, "skattegrunnlag")
    assert (new.basis_assignment, new.basis_grant) != (old.basis_assignment, old.basis_grant)
    assert linked(town) == [OTHER]


def test_somebody_who_is_no_client_is_not_linked(town: Town) -> None:
    with pytest.raises(ClientNotFound) as refused:
        link(town, OTHER, SIGNS)

    assert refused.value.detail == "`ANNEN AS` is not a client of `RETT REVISJON AS`"
    assert linked(town) == []


def test_a_client_that_lacks_a_package_is_not_linked_with_any(town: Town) -> None:
    with pytest.raises(ClientLacksPackages) as refused:
        link(town, BAKERY, SIGNS, "ansvarlig-revisor")

    assert refused.value.detail == (
        "`BAKERIET AS` is a client of `RETT REVISJON AS` as regnskapsforer, which does not give "
        "`ansvarlig-revisor`; link it to a system user with what it gives, or have it give the rest"
    )
    assert linked(town) == []


def test_unlinking_removes_every_link_to_the_client_the_dead_ones_too(town: Town) -> None:
    link(town, BAKERY, SIGNS, PAYROLL)
    town.tell("ended", {"role": "regnskapsforer"})

    removed = unlink(town, BAKERY)

    assert sorted(held.carries for held in removed) == [PAYROLL, SIGNS]
    assert events_of(town)[-1].kind == "client-unlinked"
    assert events_of(town)[-1].touches == (Touch(town.parties[BAKERY].id, Aspect.GIVEN),)


def test_unlinking_what_is_not_linked_does_nothing(town: Town) -> None:
    revision = revision_of(town)

    assert unlink(town, BAKERY) == []
    assert revision_of(town) == revision


def test_links_of_another_agent_are_its_own(town: Town) -> None:
    town.tell("system_users", {"name": "second", "kind": "agent", "owner": ACCOUNTANT})
    link(town, BAKERY, SIGNS, agent="second")

    assert linked(town) == []
    assert unlink(town, BAKERY) == []


def test_a_client_is_listed_with_every_relation_by_name(town: Town) -> None:
    town.tell("roles", {"from": OTHER, "role": "revisor", "to": ACCOUNTANT})
    town.tell("given", {"from": BAKERY, "to": ACCOUNTANT, "packages": ["skattegrunnlag"]})

    found = clients(town)

    assert list(found) == [OTHER, BAKERY]
    assert found[OTHER] == {"revisor": {"ansvarlig-revisor", "revisormedarbeider"}}
    assert set(found[BAKERY]) == {"regnskapsforer", "rettighetshaver"}
    assert found[BAKERY]["rettighetshaver"] == {"skattegrunnlag"}


@pytest.mark.parametrize(
    "kind, fact",
    [
        ("roles", {"from": OTHER, "role": "forretningsforer", "to": ACCOUNTANT}),
        ("roles", {"from": OTHER, "role": "styremedlem", "to": ACCOUNTANT}),
        ("roles", {"from": CLERK, "role": "regnskapsforer", "to": ACCOUNTANT}),
        ("roles", {"from": OTHER, "role": "rettighetshaver", "to": ACCOUNTANT}),
        ("given", {"from": OTHER, "to": ACCOUNTANT, "packages": ["tilgangsstyrer"]}),
        ("given", {"from": CLERK, "to": ACCOUNTANT, "packages": ["innbygger-arbeidsliv"]}),
    ],
    ids=[
        *("another form", "no client role", "a person", "nothing given", "not to be passed on"),
        "a person's gift",
    ],
)
def test_a_relation_that_gives_an_agent_nothing_makes_no_client(
    town: Town, kind: str, fact: dict[str, object]
) -> None:
    town.tell(kind, fact)

    assert set(clients(town)) == {BAKERY}


def test_a_single_right_makes_a_client_that_gives_no_package(town: Town) -> None:
    town.tell("given", {"from": OTHER, "to": ACCOUNTANT, "rights": ["ske-demo:read"]})

    assert clients(town)[OTHER] == {"rettighetshaver": set()}
    with pytest.raises(ClientLacksPackages, match="does not give `skattegrunnlag`"):
        link(town, OTHER, "skattegrunnlag")


def test_a_deleted_organisation_is_no_client(town: Town) -> None:
    town.tell("organizations", {"name": "BORTE AS", "deleted": True})
    town.tell("roles", {"from": "BORTE AS", "role": "regnskapsforer", "to": ACCOUNTANT})

    assert set(clients(town)) == {BAKERY}


def test_the_links_of_an_agent_are_listed_while_they_stand(town: Town) -> None:
    made = link(town, BAKERY, SIGNS)
    with town.database.reading() as reading:
        assert delegations.list_links(reading, town.parties["maestro"]) == made

    town.tell("ended", {"role": "regnskapsforer"})

    with town.database.reading() as reading:
        assert delegations.list_links(reading, town.parties["maestro"]) == []
        agent, client = town.parties["maestro"].id, town.parties[BAKERY].id
        assert delegations.link_removed_at(reading, agent=agent, client=client) is None
