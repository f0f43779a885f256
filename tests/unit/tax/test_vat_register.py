"""The VAT register: duties as stated, and as they stand after what has been filed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from fullmakt.access.parties.model import NewOrganization, Party, PartyKind
from fullmakt.access.parties.service import add_organization
from fullmakt.foundation.events.ledger import list_events
from fullmakt.foundation.storage.database import Database
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.services.tax.model import TaxpayerDuty, VatFiling, VatRegistration
from fullmakt.services.tax.rules import facts_of, norwegian_day, with_filings
from fullmakt.services.tax.service import (
    file_return,
    get_taxpayer_facts,
    list_vat_obligations,
    list_vat_registrations,
    set_vat_obligations,
    set_vat_registrations,
)
from fullmakt.services.tax.vat.periods import Category, Period, PeriodKind
from tests.unit.tax.vat_builders import an_obligation
from tests.worlds import new_database

BAKERY = OrganizationNumber("312400014")
PLUMBER = OrganizationNumber("312400138")
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def database(place_url: str) -> Iterator[Database]:
    made = new_database(place_url)
    yield made
    made.close()


def a_filing(number: int = 4, *, category: Category = Category.ORDINARY) -> VatFiling:
    return VatFiling(
        organization=BAKERY,
        category=category,
        period=Period(PeriodKind.TWO_MONTHS, number, 2026),
        submission=f"51000005/{UUID(int=number)}",
        total=Decimal(35500),
        filed_at=NOW,
        filed_by="system-user:1",
    )


def a_party(*, deleted_at: datetime | None = None, bankrupt_at: datetime | None = None) -> Party:
    return Party(
        id=1,
        uuid=UUID(int=1),
        party_id=51000005,
        kind=PartyKind.ORGANIZATION,
        name="FJORDGLØTT BAKERI AS",
        form="AS",
        number=BAKERY,
        deleted_at=deleted_at,
        bankrupt_at=bankrupt_at,
    )


def test_duties_come_back_as_they_were_set(database: Database) -> None:
    duties = [
        TaxpayerDuty(BAKERY, an_obligation()),
        TaxpayerDuty(
            PLUMBER,
            replace(an_obligation(period_kind=PeriodKind.YEAR), valid_until=date(2026, 12, 31)),
        ),
        TaxpayerDuty(PLUMBER, an_obligation(Category.COMPENSATION, filed_until=None)),
    ]

    with database.journal() as journal:
        set_vat_obligations(journal, duties)

    with database.reading() as reading:
        assert list_vat_obligations(reading) == duties


def test_duties_set_again_replace_those_of_the_organisations_named_alone(
    database: Database,
) -> None:
    yearly = TaxpayerDuty(BAKERY, an_obligation(period_kind=PeriodKind.YEAR))
    with database.journal() as journal:
        set_vat_obligations(
            journal, [TaxpayerDuty(BAKERY, an_obligation()), TaxpayerDuty(PLUMBER, an_obligation())]
        )

    with database.journal() as journal:
        set_vat_obligations(journal, [yearly])

    with database.reading() as reading:
        assert list_vat_obligations(reading) == [TaxpayerDuty(PLUMBER, an_obligation()), yearly]


def test_duties_set_in_a_change_of_authority_stand_in_its_events(database: Database) -> None:
    with database.authority(actor="world", correlation="c") as work:
        set_vat_obligations(work, [TaxpayerDuty(BAKERY, an_obligation())])

    with database.reading() as reading:
        event = list_events(reading, after=0, most=10)[0]
    assert (event.kind, event.payload) == (
        "vat-obligations-set",
        {"organizations": [BAKERY.digits]},
    )


def test_what_the_register_says_besides_duties_comes_back_and_is_known_to_the_rules(
    database: Database,
) -> None:
    first = VatRegistration(BAKERY, account_number="12345678903")
    joint = VatRegistration(BAKERY, PLUMBER, "12345678903")
    with database.authority(actor="test", correlation="c") as work:
        add_organization(work, NewOrganization(BAKERY, "X", "AS", UUID(int=1), 51000005))
        set_vat_registrations(work, [first])
        set_vat_registrations(work, [joint, VatRegistration(PLUMBER)])

    with database.reading() as reading:
        facts = get_taxpayer_facts(reading, BAKERY)
        assert list_vat_registrations(reading) == [joint, VatRegistration(PLUMBER)]
        events = [(event.kind, event.payload) for event in list_events(reading, after=0, most=10)]
    assert (facts.reporting_unit, facts.account_number) == (PLUMBER.digits, "12345678903")
    organizations = [BAKERY.digits, PLUMBER.digits]
    assert events[-1] == ("vat-registrations-set", {"organizations": organizations})


def test_a_deceaseds_estate_is_known_by_its_form() -> None:
    estate = replace(a_party(), form="BO")

    assert facts_of(estate, [], [], VatRegistration(BAKERY), at=NOW).may_file_early
    assert not facts_of(a_party(), [], [], VatRegistration(BAKERY), at=NOW).may_file_early


def test_what_is_filed_moves_the_duty_on_and_is_kept_when_duties_are_set_again(
    database: Database,
) -> None:
    duty = TaxpayerDuty(BAKERY, an_obligation(filed_until=date(2026, 6, 30)))
    with database.journal() as journal:
        set_vat_obligations(journal, [duty])
        file_return(journal, a_filing(4))
        set_vat_obligations(journal, [duty])

    with database.reading() as reading:
        stands = list_vat_obligations(reading)[0].obligation
    assert stands.filed_until == date(2026, 8, 31)


def test_each_return_for_a_period_is_a_version_of_its_own(database: Database) -> None:
    with database.journal() as journal:
        versions = [
            file_return(journal, filing)
            for filing in (
                a_filing(4),
                a_filing(5),
                a_filing(4, category=Category.COMPENSATION),
                a_filing(4),
            )
        ]

    assert versions == [1, 1, 1, 2]


def test_of_an_organisation_nobody_knows_only_that_is_known(database: Database) -> None:
    with database.reading() as reading:
        facts = get_taxpayer_facts(reading, OrganizationNumber("312700018"))

    assert not facts.is_in_entity_register
    assert facts.obligations == ()


def test_a_filing_moves_on_only_the_duty_it_is_under() -> None:
    ordinary = an_obligation()
    yearly = an_obligation(period_kind=PeriodKind.YEAR)
    later = replace(an_obligation(), valid_from=date(2026, 9, 1))
    compensation = an_obligation(Category.COMPENSATION)

    after = with_filings([ordinary, yearly, later, compensation], [a_filing(4)])

    assert after[0].filed_until == date(2026, 8, 31)
    assert after[1:] == (yearly, later, compensation)


@pytest.mark.parametrize(
    "party, deleted, bankrupt",
    [
        (a_party(), False, False),
        (a_party(deleted_at=NOW), True, False),
        (a_party(bankrupt_at=NOW), False, True),
        (a_party(deleted_at=datetime(2026, 11, 24, tzinfo=UTC)), False, False),
    ],
    ids=["stands", "deleted", "bankrupt", "deleted tomorrow"],
)
def test_the_standing_of_a_taxpayer_is_that_of_the_moment(
    party: Party, *, deleted: bool, bankrupt: bool
) -> None:
    facts = facts_of(party, [], [], VatRegistration(BAKERY), at=NOW)

    assert (facts.is_deleted, facts.is_bankrupt) == (deleted, bankrupt)
    assert facts.organization_form == "AS"


@pytest.mark.parametrize(
    "at, day",
    [
        ("2026-08-31T21:59:59+00:00", date(2026, 8, 31)),
        ("2026-08-31T22:00:00+00:00", date(2026, 9, 1)),
        ("2026-12-31T22:59:59+00:00", date(2026, 12, 31)),
        ("2026-12-31T23:00:00+00:00", date(2027, 1, 1)),
        ("2026-03-29T00:59:59+00:00", date(2026, 3, 29)),
        ("2026-03-28T22:30:00+00:00", date(2026, 3, 28)),
        ("2026-10-24T22:30:00+00:00", date(2026, 10, 25)),
        ("2026-10-25T22:30:00+00:00", date(2026, 10, 25)),
    ],
)
def test_the_day_turns_at_norwegian_midnight_summer_and_winter(at: str, day: date) -> None:
    assert norwegian_day(datetime.fromisoformat(at)) == day
