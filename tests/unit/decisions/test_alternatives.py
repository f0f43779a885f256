"""Which other system users would be permitted: however many the owner has, and whatever opens."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from fullmakt.access.decisions.model import Decision
from fullmakt.access.decisions.service import MOST_INSTEAD
from fullmakt.access.parties import service as parties
from fullmakt.access.parties.model import SystemUserVariant
from fullmakt.access.policy.write import PlainRule, write_policy
from fullmakt.access.resources import service as resources
from fullmakt.foundation.terms import urns
from tests.cases.decisions.facts import Ask, uuid_of
from tests.cases.decisions.town import Fact, Town
from tests.worlds import new_database

FIRM, CLIENT, OTHER_FIRM = "RETT REVISJON AS", "BAKERIET AS", "ANDRE REGNSKAP AS"
SERVICE, PACKAGE = "ske-demo", "skattegrunnlag"
LAST = "the last"


@pytest.fixture
def town(place_url: str) -> Iterator[Town]:
    town = Town(new_database(place_url))
    for name in (FIRM, CLIENT, OTHER_FIRM):
        town.tell("organizations", {"name": name})
    opens = [{"actions": ["read"], "packages": [PACKAGE]}]
    town.tell("resources", {"id": SERVICE, "opens": opens})
    yield town
    town.database.close()


def own(town: Town, name: str, *packages: str, owner: str = FIRM) -> None:
    fact: Fact = {"name": name, "kind": "standard", "owner": owner, "packages": packages}
    town.tell("system_users", fact)


def many(town: Town, number: int) -> list[str]:
    """So many system users of the firm, without anything."""
    names = [f"number {place}" for place in range(number)]
    with town.database.authority(actor="town", correlation="") as work:
        for name in names:
            town.parties[name] = parties.add_system_user(
                work,
                uuid=uuid_of(name),
                owner=town.parties[FIRM],
                variant=SystemUserVariant.STANDARD,
                name=name,
            )
    return names


def refused(town: Town, subject: str, party: str = FIRM) -> Decision:
    question = town.question(Ask(subject, "read", SERVICE, party, "", "number"))
    decision = town.decision_point().explain(question)
    assert not decision.permitted
    return decision


def told(decision: Decision) -> list[str]:
    return [each.name for each in decision.instead]


def test_the_only_one_that_would_be_permitted_is_found_among_many(town: Town) -> None:
    first, *_ = many(town, MOST_INSTEAD + 5)
    own(town, LAST, PACKAGE)

    decision = refused(town, first)

    assert told(decision) == [LAST]
    assert not decision.has_more_instead


def test_more_than_are_told_are_said_to_be(town: Town) -> None:
    first, *others = many(town, MOST_INSTEAD + 2)
    with town.database.authority(actor="town", correlation="") as work:
        for name in others:
            town._tell_given(work, {"from": FIRM, "to": name, "packages": [PACKAGE]})

    decision = refused(town, first)

    assert told(decision) == others[:MOST_INSTEAD]
    assert decision.has_more_instead


def test_all_that_would_be_permitted_are_told_without_more(town: Town) -> None:
    own(town, "bare")
    own(town, "one", PACKAGE)
    own(town, "two", PACKAGE)
    own(town, "of another", PACKAGE, owner=OTHER_FIRM)

    decision = refused(town, "bare")

    assert told(decision) == ["one", "two"]
    assert not decision.has_more_instead


def test_whom_the_policy_names_is_told_though_it_holds_nothing_of_the_party(town: Town) -> None:
    for name in ("bare", "named", "unnamed"):
        own(town, name)
    own(town, "named of another", owner=OTHER_FIRM)
    named = [
        {"actions": ["read"], "subjects": {urns.SYSTEM_USER_UUID: str(uuid_of(each))}}
        for each in ("named", "named of another")
    ]
    town.tell("resources", {"id": SERVICE, "opens": named})

    assert told(refused(town, "bare", party=CLIENT)) == ["named"]


def test_a_policy_that_names_what_is_no_system_user_lets_nobody_else_in(town: Town) -> None:
    for name in ("bare", "named"):
        own(town, name)
    named = [
        {"actions": ["read"], "subjects": {urns.SYSTEM_USER_UUID: each}}
        for each in ("the accountant's own", str(uuid_of("named")), str(uuid_of("nobody")))
    ]
    town.tell("resources", {"id": SERVICE, "opens": named})

    assert told(refused(town, "bare", party=CLIENT)) == ["named"]


def test_one_that_is_deleted_is_not_told_though_the_policy_names_it(town: Town) -> None:
    for name in ("bare", "named"):
        own(town, name)
    named = {urns.SYSTEM_USER_UUID: str(uuid_of("named"))}
    town.tell("resources", {"id": SERVICE, "opens": [{"actions": ["read"], "subjects": named}]})
    town.tell("closed", {"name": "named"})

    assert told(refused(town, "bare")) == []


def open_to_all_but(town: Town, kept_out: str) -> None:
    """A policy that lets anybody read, and keeps one system user out."""
    rules = [PlainRule(("read",), packages=(each,)) for each in ("anybody", "kept-out")]
    permits, separator, denies = write_policy(SERVICE, rules).decode().partition("</xacml:Rule>")
    subjects = re.search("<xacml:AnyOf>.*?</xacml:AnyOf>", permits, flags=re.DOTALL)
    assert subjects is not None
    permits = permits.replace(subjects.group(), "")
    denies = denies.replace('Effect="Permit"', 'Effect="Deny"')
    denies = denies.replace("kept-out", str(uuid_of(kept_out)))
    denies = denies.replace(urns.ACCESS_PACKAGE, urns.SYSTEM_USER_UUID)
    with town.database.authority(actor="town", correlation="") as work:
        resource = resources.find_resource(work, SERVICE)
        assert resource is not None
        resources.set_policy(work, resource, (permits + separator + denies).encode())


def test_where_anybody_is_let_in_all_the_owner_has_are_told(town: Town) -> None:
    for name in ("kept out", "let in"):
        own(town, name)
    own(town, "of another", owner=OTHER_FIRM)

    open_to_all_but(town, "kept out")

    assert told(refused(town, "kept out", party=CLIENT)) == ["let in"]
