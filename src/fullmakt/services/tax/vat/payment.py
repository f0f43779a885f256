"""Payment information (betalingsinformasjon): what is to be paid for a filed return, by when, to
whom.

The payee and its account are synthetic. Nothing is paid here, and nothing is remembered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from fullmakt.services.tax.vat.markup import document, group_element, text_element
from fullmakt.services.tax.vat.model import VatReturn
from fullmakt.services.tax.vat.payment_reference import payment_reference_for
from fullmakt.services.tax.vat.periods import PERIOD_ELEMENTS, Period, due_date
from fullmakt.services.tax.vat.rules.rule import kroner

PAYMENT_NAMESPACE: Final = (
    "no:skatteetaten:fastsetting:avgift:mva:skattemeldingformerverdiavgift:"
    "betalingsinformasjon:v1.0"
)
PAYEE: Final = "Syntetisk skatteetat"
# Passes MOD11; belongs to nobody.
PAYEE_ACCOUNT: Final = "12345678903"
_REFUND_NOTE: Final = "Beløpet er til gode og skal ikke betales."


@dataclass(frozen=True, slots=True)
class Payment:
    """What is to be paid for one filed return. A negative `amount` is a refund."""

    submission_reference: str
    organization: str
    period: Period
    payment_reference: str
    amount: Decimal
    due: date
    payee: str = PAYEE
    account: str = PAYEE_ACCOUNT


def payment_for(vat_return: VatReturn, submission_reference: str) -> Payment:
    """What the return makes its taxpayer pay. The reference is `{partyId}/{instanceGuid}`."""
    organization = vat_return.organization or vat_return.simplified_registration or ""
    return Payment(
        submission_reference=submission_reference,
        organization=organization,
        period=vat_return.period,
        payment_reference=payment_reference_for(organization, vat_return.period),
        amount=vat_return.total,
        due=due_date(vat_return.period, vat_return.category),
    )


def write_payment_information(payment: Payment) -> bytes:
    """The payment as a document."""
    return document("betalingsinformasjon", PAYMENT_NAMESPACE, _parts(payment))


def _parts(payment: Payment) -> Iterator[str]:
    period = text_element(PERIOD_ELEMENTS[payment.period.kind], payment.period.name)
    organization = text_element("organisasjonsnummer", payment.organization)
    yield text_element("innsendingsreferanse", payment.submission_reference)
    yield group_element("skattepliktig", [organization])
    yield group_element(
        "skattleggingsperiode",
        [group_element("periode", [period]), text_element("aar", str(payment.period.year))],
    )
    yield text_element("kundeidentifikasjonsnummer", payment.payment_reference)
    yield text_element("beloep", kroner(payment.amount))
    yield text_element("betaleTil", payment.payee)
    yield text_element("betalingsfrist", payment.due.isoformat())
    yield group_element("betalesTilKonto", [text_element("norskKontonummer", payment.account)])
    if payment.amount < 0:
        yield text_element("informasjon", _REFUND_NOTE)
