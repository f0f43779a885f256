"""A link rests on its basis: when that ends the link is dead, and stays so."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from fullmakt.access.catalog.service import load_catalog
from fullmakt.access.decisions.model import ByOrganizationNumber, BySystemUser, Outcome, Question
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.access.delegations import linking
from fullmakt.access.delegations import service as delegations
from fullmakt.access.delegations.errors import ClientLacksPackages, ClientNotFound
from fullmakt.access.delegations.model import Wanted
from fullmakt.access.parties import service as parties
from fullmakt.access.parties.model import NewOrganization, NewPerson, Party, SystemUserVariant
from fullmakt.access.resources import service as resources
from fullmakt.access.resources.model import NewResource, ResourceType
from fullmakt.access.resources.shelf import PolicyShelf
from fullmakt.foundation.terms.numbers import OrganizationNumber, PersonNumber
from fullmakt.foundation.terms.text import LocalizedText
from tests.worlds import TestClock, new_database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from fullmakt.foundation.storage.database import Work

SIGNING = frozenset({"regnskapsforer-med-signeringsrettighet"})
TAX_BASIS = frozenset({"skattegrunnlag"})
SERVICE = "ske-demo"


class Firm:
    """An accountant with two system users, a client, an audited company and one that gives."""

    def __init__(self, url: str) -> None:
        self.catalog = load_catalog()
        self.database = new_database(url)
        with self.work() as work:
            self.accountant = self._organization(work, "312300028", 1)
            self.client = self._organization(work, "312400138", 2)
            self.audited = self._organization(work, "312500019", 3)
            self.giver = self._organization(work, "312700018", 4)
            self.manager = parties.add_person(
                work, NewPerson(PersonNumber("22889219487"), "Blid", "Disk", uuid4(), 9, 9)
            )
            for role, giver, holder in (
                ("regnskapsforer", self.client, self.accountant),
                ("revisor", self.audited, self.accountant),
                ("daglig-leder", self.giver, self.manager),
            ):
                parties.begin_role(work, role=role, giver=giver, holder=holder)
            agent = SystemUserVariant.AGENT
            self.agent = parties.add_system_user(
                work, uuid=uuid4(), owner=self.accountant, variant=agent, name="Maestro"
            )
            text = LocalizedText("a", "b", "c")
            resource = resources.add_resource(
                work,
                NewResource(
                    identifier=SERVICE,
                    resource_type=ResourceType.GENERIC_ACCESS_RESOURCE,
                    owner=OrganizationNumber("212000019"),
                    owner_code="skd",
                    title=text,
                    description=text,
                    right_description=text,
                ),
            )
            policy = resources.default_policy(
                SERVICE,
                roles=("dagl",),
                packages=(*SIGNING, *TAX_BASIS),
                actions=("write",),
                minimum_level=3,
            )
            resources.set_policy(work, resource, policy)
        shelf = PolicyShelf(self.database)
        self.decisions = DecisionPoint(self.database, self.catalog, shelf, clock=TestClock())

    def _organization(self, work: Work, digits: str, party_id: int) -> Party:
        number = OrganizationNumber(digits)
        return parties.add_organization(
            work, NewOrganization(number, f"ENHET {digits}", "AS", uuid4(), party_id)
        )

    def work(self) -> AbstractContextManager[Work]:
        return self.database.authority(actor="test", correlation="test")

    def link(self, client: Party, packages: frozenset[str] = SIGNING) -> None:
        with self.work() as work:
            linking.link_client(
                work,
                self.catalog,
                agent=self.agent,
                facilitator=self.accountant,
                client=client,
                wanted=Wanted(packages),
                opened=self.decisions.opened_actions,
            )

    def question(self, client: Party) -> Question:
        assert client.number is not None
        party = ByOrganizationNumber(client.number)
        return Question(BySystemUser(self.agent.uuid), "write", SERVICE, party)

    def outcome(self, client: Party) -> Outcome:
        return self.decisions.decide(self.question(client)).outcome

    def broken(self, client: Party) -> str:
        reasons = self.decisions.explain(self.question(client)).reasons
        return next(reason.check.value for reason in reasons if not reason.held)


@pytest.fixture
def firm(place_url: str) -> Iterator[Firm]:
    found = Firm(place_url)
    yield found
    found.database.close()


def test_a_role_that_ended_and_was_registered_again_leaves_the_old_link_dead(firm: Firm) -> None:
    firm.link(firm.client)
    assert firm.outcome(firm.client) is Outcome.PERMIT

    with firm.work() as work:
        parties.end_role(work, role="regnskapsforer", giver=firm.client, holder=firm.accountant)
    assert firm.outcome(firm.client) is Outcome.NOT_APPLICABLE
    with firm.work() as work:
        parties.begin_role(work, role="regnskapsforer", giver=firm.client, holder=firm.accountant)

    assert firm.outcome(firm.client) is Outcome.NOT_APPLICABLE
    assert firm.broken(firm.client) == "basis"


def test_linking_anew_after_the_role_was_registered_again_works(firm: Firm) -> None:
    firm.link(firm.client)
    with firm.work() as work:
        parties.end_role(work, role="regnskapsforer", giver=firm.client, holder=firm.accountant)
        parties.begin_role(work, role="regnskapsforer", giver=firm.client, holder=firm.accountant)

    firm.link(firm.client)

    assert firm.outcome(firm.client) is Outcome.PERMIT


def test_a_given_package_that_was_withdrawn_and_given_again_leaves_the_old_link_dead(
    firm: Firm,
) -> None:
    def give() -> None:
        with firm.work() as work:
            delegations.give_packages(
                work,
                firm.catalog,
                giver=firm.giver,
                receiver=firm.accountant,
                packages=TAX_BASIS,
                given_by=firm.manager,
            )

    give()
    firm.link(firm.giver, TAX_BASIS)
    assert firm.outcome(firm.giver) is Outcome.PERMIT
    with firm.work() as work:
        delegations.withdraw(
            work,
            giver=firm.giver,
            receiver=firm.accountant,
            packages=TAX_BASIS,
            rights=frozenset(),
            withdrawn_by=firm.manager,
        )
    assert firm.broken(firm.giver) == "basis"

    give()

    assert firm.outcome(firm.giver) is Outcome.NOT_APPLICABLE
    firm.link(firm.giver, TAX_BASIS)
    assert firm.outcome(firm.giver) is Outcome.PERMIT


def test_an_unlinked_client_is_not_reached(firm: Firm) -> None:
    firm.link(firm.client)
    with firm.work() as work:
        linking.unlink_client(work, agent=firm.agent, client=firm.client)

    assert firm.outcome(firm.client) is Outcome.NOT_APPLICABLE
    assert firm.broken(firm.client) == "client-link"


def test_an_audited_company_cannot_be_linked_with_an_accountants_package(firm: Firm) -> None:
    with pytest.raises(ClientLacksPackages, match="as revisor, which does not give"):
        firm.link(firm.audited)


def test_a_stranger_cannot_be_linked(firm: Firm) -> None:
    with pytest.raises(ClientNotFound, match="is not a client of"):
        firm.link(firm.giver)


def test_a_closed_system_user_reaches_nobody(firm: Firm) -> None:
    firm.link(firm.client)
    with firm.work() as work:
        parties.close_system_user(work, firm.agent)

    assert firm.outcome(firm.client) is Outcome.NOT_APPLICABLE
    assert firm.broken(firm.client) == "subject"
