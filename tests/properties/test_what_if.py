"""What is foretold is what happens: each change of a town is first supposed, then really made.

Before and after, everybody is asked about everybody in every way to be named, one question each.
What then differs is what was foretold, told once; and who may do something, and what somebody may
do, is what those questions say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from fullmakt.access.catalog.model import Catalog
from fullmakt.access.decisions.model import (
    ByOrganizationNumber,
    ByPartyId,
    ByPersonNumber,
    ByServiceOwner,
    BySystemUser,
    ByUserId,
    ByUuid,
    Question,
    Subject,
)
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.access.delegations.errors import ClientLacksPackages, ClientNotFound
from fullmakt.access.delegations.model import Right
from fullmakt.access.delegations.pages import Page
from fullmakt.access.parties import service as parties
from fullmakt.access.parties.model import NewOrganization, Party, PartyKind
from fullmakt.access.policy.write import PlainRule, write_policy
from fullmakt.access.reach.naming import party_of
from fullmakt.access.reach.service import Reach
from fullmakt.access.reach.supposing import OtherPackages, OtherPolicy, Supposed, with_package
from fullmakt.access.reach.turning import role_begun, role_ended
from fullmakt.access.reach.what_if import what_if
from fullmakt.access.resources import service as resources
from fullmakt.access.resources.shelf import PolicyShelf
from fullmakt.foundation.terms import urns
from fullmakt.foundation.terms.numbers import OrganizationNumber
from tests.cases.decisions.facts import uuid_of
from tests.cases.decisions.town import Fact
from tests.properties.test_standings import (
    AGENT,
    CLIENT,
    DIRECTOR,
    ENTERPRISE,
    FIRM,
    OFFICE,
    OTHER,
    OWN,
    OWNER,
    PACKAGES,
    SERVICE,
    STRANGER,
    UNIT,
    Living,
    run,
)

WRITTEN = "urn:altinn:accesspackage"
SKD = "SKATTEETATEN"
TURNS = (
    (FIRM, "agent", AGENT),
    (CLIENT, "regnskapsforer", FIRM),
    (ENTERPRISE, "regnskapsforer", FIRM),
    (ENTERPRISE, "innehaver", OWNER),
    (ENTERPRISE, "innehaver", DIRECTOR),
    (FIRM, "daglig-leder", DIRECTOR),
    (FIRM, "deltaker-fullt-ansvar", STRANGER),
    (STRANGER, "daglig-leder", OWNER),
    (CLIENT, "bostyrer", DIRECTOR),
    (UNIT, "revisor", FIRM),
)
MAPS = (
    ("regnskapsforer", "regnskapsforer-lonn", None, False),
    ("regnskapsforer", "skattegrunnlag", None, True),
    ("daglig-leder", "regnskapsforer-lonn", "AS", True),
    ("innehaver", "skattegrunnlag", "ENK", False),
    ("privatperson", "skattegrunnlag", None, True),
)
POLICIES = 14
Permitted = set[tuple[str, str, str, str]]
"""Subject, action, resource and party."""


def a_policy(resource: str, rules: Sequence[PlainRule], *, deny: int = 0) -> str:
    text = write_policy(resource, rules, minimum_level=3).decode()
    return text.replace('Effect="Permit"', 'Effect="Deny"', deny)


def for_one(resource: str, attribute: str, value: str) -> str:
    text = a_policy(resource, [PlainRule(("read", "write"), packages=("some-one",))])
    return text.replace("some-one", value).replace(WRITTEN, attribute)


def for_anybody(resource: str) -> str:
    text = a_policy(resource, [PlainRule(("read",), packages=("some-one",))])
    anybody, times = re.subn(r"<xacml:AnyOf>.*?</xacml:AnyOf>", "", text, count=1, flags=re.DOTALL)
    assert times == 1
    assert "some-one" not in anybody
    return anybody


def by_default(resource: str) -> str:
    """Permits all but whoever holds a package."""
    rules = [PlainRule(("read", "write"), packages=("skattegrunnlag",))]
    text = a_policy(resource, rules, deny=1)
    assert text.count("deny-overrides") == 1
    return text.replace("deny-overrides", "permit-unless-deny")


def names_of(party: Party) -> Iterator[Subject]:
    """Every way to name a party as a subject."""
    yield ByUuid(party.uuid)
    if party.kind is PartyKind.SYSTEM_USER:
        yield BySystemUser(party.uuid)
        return
    yield ByPartyId(party.party_id)
    if party.person_number is not None and party.user_id is not None:
        yield from (ByPersonNumber(party.person_number), ByUserId(party.user_id))
    if party.number is not None:
        yield ByOrganizationNumber(party.number)
    if party.name == SKD:
        yield ByServiceOwner("skd")


class Foretelling(Living):
    """A town where what happens is foretold."""

    @initialize()
    def furnish(self) -> None:
        super().furnish()
        number = OrganizationNumber("974761076")
        details = {"orgcode": "skd"}
        with self.database.authority(actor="town", correlation="") as work:
            new = NewOrganization(number, SKD, "ORGL", uuid_of(SKD), 49_001, details=details)
            self.town.parties[SKD] = parties.add_organization(work, new)
        self.differing: set[str] = set()
        self.shelf = PolicyShelf(self.database)
        self.decisions = self._decision_point(self.town.catalog)
        self.reach = Reach(self.town.catalog, self.decisions)

    def _decision_point(self, catalog: Catalog) -> DecisionPoint:
        return DecisionPoint(self.database, catalog, self.shelf, clock=self.town.clock)

    def tell(self, kind: str, fact: Fact) -> None:
        """Not the oracle of links: what it thinks of other policies is not asked here."""
        if kind in {"links", "unlinked"}:
            try:
                self.town.tell(kind, fact)
            except (ClientLacksPackages, ClientNotFound):
                return
        else:
            super().tell(kind, fact)

    @rule(which=st.sampled_from(TURNS))
    def begin_or_end_a_role(self, which: tuple[str, str, str]) -> None:
        giver, holder = (self.town.parties[name] for name in (which[0], which[2]))
        with self.database.reading() as reading:
            is_held = parties.find_assignment(reading, giver, holder, which[1]) is not None
            suppose = role_ended if is_held else role_begun
            supposed = suppose(
                reading, self.town.catalog, role=which[1], giver=giver, holder=holder
            )
        self._happens(supposed, lambda: self._turn_role(which))

    @rule(which=st.sampled_from(MAPS))
    def another_map_of_packages(self, which: tuple[str, str, str | None, bool]) -> None:
        role, package, form, has_access = which
        other = with_package(self.town.catalog, role, package, form=form, has_access=has_access)
        foretold = self._foretold(OtherPackages(other, role, form))
        self._compare(foretold, self.everything(), self.everything(self._decision_point(other)))

    @rule(service=st.sampled_from([SERVICE, OTHER]), which=st.integers(0, POLICIES - 1))
    def publish_a_policy(self, service: str, which: int) -> None:
        text = self._policies(service)[which]

        def publish() -> None:
            with self.database.authority(actor="town", correlation="") as work:
                found = resources.find_resource(work, service)
                assert found is not None
                resources.set_policy(work, found, text.encode())

        self.decisions.catch_up()
        self._happens(OtherPolicy(self.shelf.judged(service, text.encode())), publish)

    def _policies(self, service: str) -> list[str]:
        known = self.town.parties
        firm, director = known[FIRM], known[DIRECTOR]
        assert firm.number is not None and director.person_number is not None  # noqa: PT018
        package, pay = "skattegrunnlag", "regnskapsforer-lonn"
        one_package = PlainRule(("read",), packages=(package,))
        either = PlainRule(("read",), packages=(pay,), roles=("dagl", "a0239"))
        return [
            a_policy(service, [one_package]),
            a_policy(service, [one_package, either]),
            a_policy(service, [either, one_package], deny=1),
            a_policy(service, [PlainRule(("read", "write"), roles=("bobe", "priv"))]),
            a_policy(service, [PlainRule(("read",), organizations=(firm.number.digits,)), either]),
            for_one(service, urns.PERSON_NUMBER, director.person_number.digits),
            for_one(service, urns.USER_ID, str(director.user_id)),
            for_one(service, urns.PARTY_ID, str(firm.party_id)),
            for_one(service, urns.PARTY_UUID, str(known[OWNER].uuid)),
            for_one(service, urns.SYSTEM_USER_UUID, str(known[OWN].uuid)),
            for_one(service, urns.SERVICE_OWNER, "skd"),
            for_one(service, urns.PARTY_TYPE, "person"),
            for_anybody(service),
            by_default(service),
        ]

    def _happens(self, supposed: Supposed, really: Callable[[], object]) -> None:
        foretold, before = self._foretold(supposed), self.everything()
        really()
        self._compare(foretold, before, self.everything())

    def _foretold(self, supposed: Supposed) -> list[tuple[str, str, str, str, bool]]:
        batches = what_if(self.database, self.decisions, self.reach, supposed)
        found = [
            (each.subject.name, each.right.action, each.right.resource, each.party.name, each.gains)
            for batch in batches
            for each in batch
        ]
        if found:
            self.differing.add(type(supposed).__name__)
        return found

    @staticmethod
    def _compare(
        foretold: list[tuple[str, str, str, str, bool]], before: Permitted, after: Permitted
    ) -> None:
        assert len(foretold) == len(set(foretold)), "told twice"
        assert {each[:4] for each in foretold if each[4]} == after - before
        assert {each[:4] for each in foretold if not each[4]} == before - after

    def everything(self, decisions: DecisionPoint | None = None) -> Permitted:
        """Who may do what for whom."""
        asked = decisions or self.decisions
        return {
            (subject.name, action, resource, party.name)
            for resource in (SERVICE, OTHER)
            for action in ("read", "write")
            for subject in self.town.parties.values()
            for party in self.town.parties.values()
            if any(
                asked.decide(Question(name, action, resource, party_of(party))).permitted
                for name in names_of(subject)
            )
        }

    @invariant()
    def everybody_answers_alike(self) -> None:
        if not hasattr(self, "reach"):
            return
        permitted = self.everything()
        everybody = self.town.parties.values()
        with self.database.reading() as reading:
            who = {
                (each.name, action, resource, party.name)
                for resource in (SERVICE, OTHER)
                for action in ("read", "write")
                for party in everybody
                for each in self._who_can(Right(resource, action), party)
            }
            may = {
                (subject.name, action, name, opened.party.name)
                for subject in everybody
                for opened in self.reach.list_what_can(
                    reading, subject, frozenset(), Page(most=1000)
                ).items
                for name, actions in opened.actions.items()
                for action in actions
            }
        assert who == permitted
        assert may == permitted

    def _who_can(self, right: Right, party: Party) -> list[Party]:
        found: list[Party] = []
        page: Page | None = Page(most=5)
        with self.database.reading() as reading:
            while page is not None:
                told = self.reach.list_who_can(reading, right, party, page)
                found += told.items
                page = None if told.next_after is None else replace(page, after=told.next_after)
        assert len(found) == len({each.id for each in found}), "told twice"
        return found


def test_each_kind_of_change_is_what_was_foretold(database_url: str) -> None:
    """Every role begins and ends, every map and every policy is tried, one after the other."""

    @contextmanager
    def place() -> Iterator[str]:
        yield database_url

    town = type("Once", (Foretelling,), {"place": staticmethod(place)})()
    town.furnish()
    try:
        town.tell("given", {"from": CLIENT, "to": OFFICE, "rights": [f"{OTHER}:read"]})
        town.tell("given", {"from": STRANGER, "to": FIRM, "rights": [f"{SERVICE}:read"]})
        for client in (CLIENT, ENTERPRISE):
            town.link_a_package(client, PACKAGES[0])
        town.link_a_service(CLIENT, OTHER)
        # Each question is a statement of its own, and those take longer on PostgreSQL.
        is_quick = database_url.startswith("sqlite")
        for which in (*TURNS, *TURNS) if is_quick else TURNS:
            town.begin_or_end_a_role(which)
        for each in MAPS:
            town.another_map_of_packages(each)
        for number in range(POLICIES):
            town.publish_a_policy(SERVICE, number)
            if is_quick:
                town.everybody_answers_alike()
        town.another_map_of_packages(MAPS[0])
        assert town.differing == {"BegunRole", "EndedRole", "OtherPackages", "OtherPolicy"}
    finally:
        town.teardown()


def test_what_is_foretold_is_what_happens_in_any_order(tmp_path: Path) -> None:
    numbers = count()

    @contextmanager
    def place() -> Iterator[str]:
        path = tmp_path / f"{next(numbers)}.sqlite"
        yield f"sqlite:///{path}"
        path.unlink(missing_ok=True)

    run(place, examples=2, steps=12, machine=Foretelling)
