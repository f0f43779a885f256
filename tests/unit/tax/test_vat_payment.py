"""What is to be paid, the reference to pay by, and the receipt."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fullmakt.services.tax.vat.payment import (
    PAYEE_ACCOUNT,
    PAYMENT_NAMESPACE,
    Payment,
    payment_for,
    write_payment_information,
)
from fullmakt.services.tax.vat.payment_reference import (
    is_valid_account_number,
    is_valid_payment_reference,
    mod10_check_digit,
    mod11_check_digit,
    payment_reference_for,
)
from fullmakt.services.tax.vat.receipt import Receipt, receipt_for, write_receipt
from fullmakt.services.tax.vat.rules.rule import Severity
from tests.unit.tax.vat_builders import BAKERY, JULY_AUGUST, a_return

_REFERENCE = "51000005/7b0c6d3e-1f57-4a8e-9a55-1f0d3c2b4a10"
_IN = f"{{{PAYMENT_NAMESPACE}}}"
_digits = st.from_regex(r"[0-9]{1,24}", fullmatch=True)


def _a_payment() -> Payment:
    return payment_for(a_return(), _REFERENCE)


def _leaves(xml: bytes) -> list[tuple[str, str]]:
    return [
        (element.tag.removeprefix(_IN), element.text or "")
        for element in ET.fromstring(xml).iter()
        if not len(element)
    ]


def test_the_payment_information_is_the_published_example() -> None:
    assert _leaves(write_payment_information(_a_payment())) == [
        ("innsendingsreferanse", _REFERENCE),
        ("organisasjonsnummer", BAKERY),
        ("skattleggingsperiodeToMaaneder", "juli-august"),
        ("aar", "2026"),
        ("kundeidentifikasjonsnummer", "3124000142026041"),
        ("beloep", "35500"),
        ("betaleTil", "Syntetisk skatteetat"),
        ("betalingsfrist", "2026-10-12"),
        ("norskKontonummer", "12345678903"),
    ]


def test_a_refund_says_that_nothing_is_to_be_paid() -> None:
    refund = payment_for(a_return(total=-500), _REFERENCE)

    assert _leaves(write_payment_information(refund))[-1] == (
        "informasjon",
        "Beløpet er til gode og skal ikke betales.",
    )


def test_the_payee_has_an_account_that_passes_its_check() -> None:
    assert is_valid_account_number(PAYEE_ACCOUNT)


@pytest.mark.parametrize("account", ["12345678904", "1234567890", "1234567890a", "²2345678903", ""])
def test_an_account_that_fails_its_check_is_refused(account: str) -> None:
    assert not is_valid_account_number(account)


def test_a_reference_is_made_for_the_taxpayer_and_period_and_passes() -> None:
    reference = payment_reference_for(BAKERY, JULY_AUGUST)

    assert reference == "3124000142026041"
    assert is_valid_payment_reference(reference)


@given(_digits)
def test_either_check_digit_makes_a_valid_reference(digits: str) -> None:
    assert is_valid_payment_reference(digits + mod10_check_digit(digits))
    assert is_valid_payment_reference(digits + mod11_check_digit(digits))


@given(_digits, st.data())
def test_a_reference_with_one_digit_changed_fails_that_check(
    digits: str, data: st.DataObject
) -> None:
    where = data.draw(st.integers(0, len(digits) - 1))
    other = data.draw(st.sampled_from("0123456789").filter(lambda new: new != digits[where]))
    changed = digits[:where] + other + digits[where + 1 :]

    assert mod10_check_digit(changed) != mod10_check_digit(digits)
    assert mod11_check_digit(changed) != mod11_check_digit(digits)


def _a_receipt() -> Receipt:
    return receipt_for(
        a_return(),
        _a_payment(),
        taxpayer_name="FJORDGLØTT BAKERI AS",
        received_at=datetime(2026, 9, 15, 10, 0, tzinfo=UTC),
        outcome=Severity.NONE,
    )


def test_the_receipt_says_what_was_filed() -> None:
    lines = _a_receipt().lines

    assert "Skattepliktig: FJORDGLØTT BAKERI AS (312400014)" in lines
    assert "Fastsatt merverdiavgift: 35500 kroner" in lines
    assert "Mottatt: 2026-09-15 10:00:00+00:00" in lines
    assert "Betalingsfrist: 2026-10-12" in lines


def test_the_receipt_is_the_same_each_time() -> None:
    assert write_receipt(_a_receipt()) == write_receipt(_a_receipt())


def test_the_receipt_is_a_pdf_whose_table_points_at_its_objects() -> None:
    pdf = write_receipt(_a_receipt())
    table = int(pdf.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    offsets = [int(entry) for entry in re.findall(rb"(\d{10}) 00000 n ", pdf[table:])]

    assert pdf.startswith(b"%PDF-1.4\n")
    assert pdf.endswith(b"%%EOF\n")
    assert [pdf[at:].split(b"\n")[0] for at in offsets] == [
        b"%d 0 obj" % number for number in range(1, 6)
    ]


def test_the_page_is_as_long_as_it_says() -> None:
    pdf = write_receipt(_a_receipt())
    stated = re.search(rb"/Length (\d+) >>\nstream\n", pdf)

    assert stated is not None
    assert pdf[stated.end() + int(stated[1]) :].startswith(b"\nendstream")


@given(st.lists(st.text(max_size=400), max_size=60))
def test_no_text_breaks_out_of_the_page(lines: list[str]) -> None:
    pdf = write_receipt(Receipt("Kvittering", tuple(lines)))

    page = pdf.split(b"stream\n")[1]
    for shown in re.findall(rb"\((.*)\) Tj T\*", page):
        assert not re.search(rb"(?<!\\)(?:\\\\)*[()]", shown)
    assert pdf.count(b" 0 obj\n") == 5


def test_letters_of_norwegian_are_kept_on_the_page() -> None:
    assert "FJORDGLØTT".encode("latin-1") in write_receipt(_a_receipt())


def test_a_return_by_simplified_registration_is_paid_by_its_own_number() -> None:
    voec = replace(a_return(), organization=None, simplified_registration="2000123")

    payment = payment_for(voec, _REFERENCE)

    assert payment.organization == "2000123"
    assert payment.amount == Decimal(35500)
    assert payment.due == date(2026, 10, 12)
