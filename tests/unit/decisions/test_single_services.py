"""Single services for clients where they count and where they do not, and what is told of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fullmakt.access.decisions.model import BySystemUser, ByUuid, Check, Decision, Question
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.access.policy.semantics import ORIGINAL
from fullmakt.access.policy.write import PlainRule, write_policy
from fullmakt.access.resources import service as resources
from fullmakt.access.resources.shelf import PolicyShelf
from tests.cases.decisions.facts import uuid_of
from tests.cases.decisions.town import Town
from tests.worlds import new_database

FIRM, CLIENT = "RETT REVISJON AS", "BAKERIET AS"


@pytest.fixture
def town(place_url: str) -> Iterator[Town]:
    database = new_database(place_url)
    made = Town(database)
    made.tell("organizations", {"name": FIRM})
    made.tell("organizations", {"name": CLIENT})
    made.tell("roles", {"from": CLIENT, "role": "regnskapsforer", "to": FIRM})
    made.tell("system_users", {"name": "single", "kind": "agent", "owner": FIRM})
    opens = [{"actions": ["read", "write"], "packages": ["regnskapsforer-lonn"]}]
    made.tell("resources", {"id": "nav-lonn", "opens": opens})
    made.tell("links", {"client": CLIENT, "to": "single", "resources": ["nav-lonn"]})
    yield made
    database.close()


def strict(town: Town) -> DecisionPoint:
    shelf = PolicyShelf(town.database, ORIGINAL)
    return DecisionPoint(town.database, town.catalog, shelf, clock=town.clock, semantics=ORIGINAL)


def opened(point: DecisionPoint, resource: str) -> frozenset[str]:
    """The actions that the policy opens to accountants."""
    packages = frozenset({"regnskapsforer-lonn"})
    return point.opened_actions(resource, role="regnskapsforer", packages=packages)


def ask(point: DecisionPoint, resource: str = "nav-lonn", action: str = "read") -> Decision:
    party = ByUuid(uuid_of(CLIENT))
    return point.explain(Question(BySystemUser(uuid_of("single")), action, resource, party))


def test_where_the_original_is_followed_links_carry_packages_alone(town: Town) -> None:
    assert ask(town.decisions).permitted
    assert ask(strict(town)).outcome == "NotApplicable"


def test_where_the_original_is_followed_no_relation_gives_a_service(town: Town) -> None:
    assert opened(town.decisions, "nav-lonn") == {"read", "write"}
    assert opened(strict(town), "nav-lonn") == frozenset()


def test_a_service_nobody_registered_is_given_by_nothing(town: Town) -> None:
    assert opened(town.decisions, "nav-ukjent") == frozenset()


def test_what_the_link_carries_and_the_policy_no_longer_opens_is_told(town: Town) -> None:
    opens = [{"actions": ["read"], "packages": ["ansvarlig-revisor"]}] * 2
    town.tell("resources", {"id": "nav-lonn", "opens": opens})

    decision = ask(town.decisions)

    (singly,) = [each for each in decision.reasons if each.check is Check.SINGLE_RIGHT]
    assert singly.found == "the link carries `nav-lonn`, which its relation does not open as asked"
    assert "a system user that carries it" in str(singly.remedy)
    rule = next(each for each in decision.reasons if each.check is Check.POLICY_RULE)
    assert str(rule.remedy).count("ansvarlig-revisor") == 2


def test_a_policy_that_asks_for_no_level_is_told_without_one(town: Town) -> None:
    rule = PlainRule(actions=["read", "write"], packages=["regnskapsforer-lonn"])
    with town.database.authority(actor="x", correlation="") as work:
        resource = resources.get_resource(work, "nav-lonn")
        resources.set_policy(work, resource, write_policy("nav-lonn", [rule]))

    decision = ask(town.decisions)

    assert decision.permitted
    assert Check.AUTHENTICATION_LEVEL not in {each.check for each in decision.reasons}
