"""What can be filed: each length of period and category, changes, late and nil returns, claims.

Over HTTP, on both engines; the rules one by one are in `tests/cases/vat`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from xml.etree import ElementTree as ET

import httpx
import pytest

from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.services.tax.model import TaxpayerDuty, VatRegistration
from fullmakt.services.tax.service import (
    list_vat_filings,
    set_vat_obligations,
    set_vat_registrations,
)
from fullmakt.services.tax.submission import FEEDBACK_AFTER
from fullmakt.services.tax.vat.model import Remark, VatLine, VatReturn
from fullmakt.services.tax.vat.obligations import VatObligation
from fullmakt.services.tax.vat.periods import Category, Period, PeriodKind
from fullmakt.vendor import (
    Attachment,
    Environment,
    GivenToken,
    Transport,
    VatCategory,
    VatPeriod,
    VatReturnRefused,
    VatReturns,
)
from fullmakt.vendor import VatLine as WrittenLine
from fullmakt.vendor import VatReturn as WrittenReturn
from tests.api.vat_calls import (
    PAYMENT,
    RESULT,
    a_vat_world,
    address_of,
    an_instance,
    attach,
    call,
    content_of,
    filed,
    read,
    start,
    step,
)
from tests.unit.apps.app_world import BAKERY, PLUMBER, AppWorld, a_token
from tests.unit.tax.vat_builders import a_return, an_envelope

NIL = replace(a_return(()), total=Decimal(0))
CLAIM = replace(
    a_return([VatLine("1", Decimal(-2500), base=Decimal(-10000), rate="25")]),
    category=Category.COMPENSATION,
)


@pytest.fixture
def world(place_url: str) -> Iterator[AppWorld]:
    with a_vat_world(place_url) as made:
        yield made


def has_duty(
    world: AppWorld,
    kind: PeriodKind = PeriodKind.TWO_MONTHS,
    category: Category = Category.ORDINARY,
    *,
    filed_until: date = date(2026, 6, 30),
    organization: OrganizationNumber = BAKERY,
) -> None:
    duty = VatObligation(category, kind, date(2022, 1, 1), filed_until)
    with world.database.journal() as journal:
        set_vat_obligations(journal, [TaxpayerDuty(organization, duty)])


def registered(world: AppWorld, registration: VatRegistration) -> None:
    with world.database.journal() as journal:
        set_vat_registrations(journal, [registration])


def instance_with(world: AppWorld, vat_return: VatReturn) -> str:
    envelope = replace(an_envelope(), period=vat_return.period, category=vat_return.category)
    return an_instance(world, vat_return=vat_return, envelope=envelope)


def file(world: AppWorld, vat_return: VatReturn) -> str:
    address = instance_with(world, vat_return)
    for _ in range(2):
        answer = step(world, address)
        assert answer.status_code == 200, rules_at(world, address)
    return address


def document(world: AppWorld, address: str, data_type: str) -> ET.Element:
    return ET.fromstring(content_of(world, read(world, address), data_type))


def rules_at(world: AppWorld, address: str) -> list[str]:
    result = document(world, address, "valideringsresultat")
    return [rule.text or "" for rule in result.iter(f"{RESULT}regelDefinisjon")]


def refused_rules(world: AppWorld, vat_return: VatReturn) -> list[str]:
    address = instance_with(world, vat_return)
    answer = step(world, address)
    assert (answer.status_code, answer.text) == (409, "Valideringsfeil: Ugyldig mva-melding")
    return rules_at(world, address)


@pytest.mark.parametrize(
    "kind, number, filed_until, due",
    [
        (PeriodKind.WEEK, 35, date(2026, 8, 23), "2026-09-09"),
        (PeriodKind.HALF_MONTH, 16, date(2026, 8, 15), "2026-09-10"),
        (PeriodKind.MONTH, 8, date(2026, 7, 31), "2026-10-12"),
        (PeriodKind.TWO_MONTHS, 4, date(2026, 6, 30), "2026-10-12"),
        (PeriodKind.THREE_MONTHS, 2, date(2026, 3, 31), "2026-08-31"),
        (PeriodKind.SIX_MONTHS, 1, date(2025, 12, 31), "2026-08-31"),
    ],
)
def test_a_period_of_the_duties_length_is_filed_and_due_in_its_time(
    world: AppWorld, kind: PeriodKind, number: int, filed_until: date, due: str
) -> None:
    has_duty(world, kind, filed_until=filed_until)

    address = file(world, replace(a_return(), period=Period(kind, number, 2026)))

    payment = document(world, address, "betalingsinformasjon")
    assert rules_at(world, address) == []
    assert payment.findtext(f"{PAYMENT}betalingsfrist") == due


@pytest.mark.parametrize(
    "category, due",
    [(Category.ORDINARY, "2026-03-10"), (Category.PRIMARY_INDUSTRY, "2026-04-10")],
)
def test_a_year_is_due_in_spring_and_a_month_later_in_the_primary_industries(
    world: AppWorld, category: Category, due: str
) -> None:
    has_duty(world, PeriodKind.YEAR, category, filed_until=date(2024, 12, 31))
    year = replace(a_return(), period=Period(PeriodKind.YEAR, 1, 2025), category=category)

    address = file(world, year)

    payment = document(world, address, "betalingsinformasjon")
    assert payment.findtext(f"{PAYMENT}betalingsfrist") == due


def test_a_period_of_another_length_than_the_duties_is_refused(world: AppWorld) -> None:
    month = replace(a_return(), period=Period(PeriodKind.MONTH, 8, 2026))

    assert refused_rules(world, month) == ["R049"]


def test_a_nil_return_is_filed_and_costs_nothing(world: AppWorld) -> None:
    address = file(world, NIL)

    payment = document(world, address, "betalingsinformasjon")
    assert rules_at(world, address) == []
    assert payment.findtext(f"{PAYMENT}beloep") == "0"
    assert payment.find(f"{PAYMENT}informasjon") is None


def test_a_late_first_return_deviates_from_nothing_and_is_due_when_it_was(world: AppWorld) -> None:
    world.clock.advance(datetime(2031, 1, 7, tzinfo=UTC) - world.clock.now())

    address = file(world, a_return())

    payment = document(world, address, "betalingsinformasjon")
    assert rules_at(world, address) == []
    assert payment.findtext(f"{PAYMENT}betalingsfrist") == "2026-10-12"


@pytest.mark.parametrize(
    "moment, rules",
    [
        (datetime(2029, 10, 12, 9, tzinfo=UTC), []),
        (datetime(2029, 10, 13, 9, tzinfo=UTC), ["R132"]),
        (datetime(2031, 10, 13, 9, tzinfo=UTC), ["R133"]),
    ],
)
def test_a_change_long_after_the_deadline_goes_through_as_deviating(
    world: AppWorld, moment: datetime, rules: list[str]
) -> None:
    filed(world)
    world.clock.advance(moment - world.clock.now())

    address = file(world, replace(a_return(), reference="endring"))

    assert rules_at(world, address) == rules
    with world.database.reading() as reading:
        assert len(list_vat_filings(reading, BAKERY)) == 2


def test_a_change_is_a_whole_return_and_the_last_one_counts(world: AppWorld) -> None:
    filed(world)
    file(world, NIL)
    address = file(world, replace(a_return(), total=Decimal(35000)))
    world.clock.advance(FEEDBACK_AFTER)

    with world.database.reading() as reading:
        totals = [filing.total for filing in list_vat_filings(reading, BAKERY)]
    assert totals == [35500, 0, 35000]
    assert "nummer 3" in read(world, address)["status"]["substatus"]["description"]


def test_a_claim_for_compensation_is_filed_and_paid_out(world: AppWorld) -> None:
    remark = Remark(chosen="forholdsmessig kompensasjon")
    address = file(world, replace(CLAIM, remark=remark))

    payment = document(world, address, "betalingsinformasjon")
    assert rules_at(world, address) == []
    assert payment.findtext(f"{PAYMENT}beloep") == "-2500"
    assert payment.findtext(f"{PAYMENT}informasjon") == "Beløpet er til gode og skal ikke betales."


def test_a_first_claim_of_nothing_is_refused_and_a_later_one_takes_the_claim_back(
    world: AppWorld,
) -> None:
    has_duty(world, category=Category.COMPENSATION)
    nothing = replace(NIL, category=Category.COMPENSATION)

    assert refused_rules(world, nothing) == ["R098"]

    file(world, CLAIM)
    file(world, nothing)


def test_a_claim_is_for_two_months_and_for_purchases(world: AppWorld) -> None:
    sale = VatLine("3", Decimal(25), base=Decimal(100), rate="25", remark=Remark("salg"))
    quarter = Period(PeriodKind.THREE_MONTHS, 2, 2026)
    claim = replace(CLAIM, lines=(*CLAIM.lines, sale), total=Decimal(-2475), period=quarter)

    assert refused_rules(world, claim) == ["R095", "R088"]


def test_in_a_joint_registration_the_reporting_unit_alone_files(world: AppWorld) -> None:
    registered(world, VatRegistration(BAKERY, reporting_unit=PLUMBER))

    assert refused_rules(world, a_return()) == ["R051"]

    registered(world, VatRegistration(BAKERY, reporting_unit=BAKERY))
    file(world, a_return())


def test_the_account_number_is_no_payment_reference(world: AppWorld) -> None:
    registered(world, VatRegistration(BAKERY, account_number="12345678903"))
    stated = replace(a_return(), payment_reference="12345678903")

    assert refused_rules(world, stated) == ["R079"]

    registered(world, VatRegistration(BAKERY, account_number="98765432103"))
    file(world, stated)


def test_57_attachments_fit_and_the_next_is_refused(world: AppWorld) -> None:
    address = address_of(start(world).json())
    for number in range(57):
        assert attach(world, address, f"bilag-{number}.png", content_type="image/png").is_success

    answer = attach(world, address, "bilag-57.png", content_type="image/png")

    assert answer.status_code == 409
    assert "has `57` of data type `binaerVedlegg`, at most 57 fit" in answer.json()["detail"]
    element = read(world, address)["data"][-1]["id"]
    assert call(world, "DELETE", f"{address}/data/{element}").status_code == 200
    assert attach(world, address, "bilag-57.png", content_type="image/png").status_code == 201


@pytest.fixture
def returns(world: AppWorld) -> VatReturns:
    def carry(request: httpx.Request) -> httpx.Response:
        answer = world.client.request(
            request.method,
            request.url.raw_path.decode(),
            headers=request.headers.raw,
            content=request.read(),
        )
        if request.url.path.endswith("/process/next"):
            world.clock.advance(FEEDBACK_AFTER)
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    http = httpx.Client(transport=httpx.MockTransport(carry))
    token = GivenToken.of(a_token(world.clock))
    return VatReturns(Transport(Environment.local("http://127.0.0.1:8080"), token, http=http))


def a_claim(line: WrittenLine) -> WrittenReturn:
    return WrittenReturn(
        organization=BAKERY,
        period=VatPeriod(2026, 4),
        reference="kompensasjon-2026-t4",
        created_by="RETT REVISJON AS",
        category=VatCategory.COMPENSATION,
        lines=(line,),
        attachments=(
            Attachment("fordelingsnøkkel.pdf", "application/pdf", b"%PDF-1.4"),
            Attachment("bilag.ods", "application/vnd.oasis.opendocument.spreadsheet", b"PK"),
        ),
    )


def test_the_sdk_files_a_claim_with_its_attachments(returns: VatReturns) -> None:
    receipt = returns.file(a_claim(WrittenLine(code="1", base=-10000, rate="25", vat=-2500)))

    assert receipt.payment is not None
    assert receipt.payment.amount == -2500
    sent = receipt.instance.documents_of("binaerVedlegg")
    assert [one.content_type for one in sent] == [
        "application/pdf",
        "application/vnd.oasis.opendocument.spreadsheet",
    ]
    assert returns.document(receipt.instance, sent[0]) == b"%PDF-1.4"


def test_the_sdk_tells_which_rule_a_claim_breaks(returns: VatReturns) -> None:
    with pytest.raises(VatReturnRefused) as refused:
        returns.file(a_claim(WrittenLine(code="1", vat=-2500)))

    assert refused.value.result is not None
    assert [deviation.rule for deviation in refused.value.result.deviations] == ["R093"]
