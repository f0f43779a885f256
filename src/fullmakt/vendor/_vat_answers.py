"""What the VAT service answers: instance, validation result, payment details and receipt."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element

from fullmakt.vendor._answers import Members
from fullmakt.vendor._exceptions import UnexpectedAnswer

ENVELOPE_TYPE = "no.skatteetaten.fastsetting.avgift.mva.mvameldinginnsending.v1.0"
RESULT_TYPE = "valideringsresultat"
PAYMENT_TYPE = "betalingsinformasjon"
RECEIPT_TYPE = "kvittering"
_RESULT_ELEMENT = re.compile(
    r"<(?P<prefix>[\w.-]+:)?valideringsresultat\b.*</(?P=prefix)?valideringsresultat\s*>"
    r"|<valideringsresultat\b.*</valideringsresultat\s*>",
    re.DOTALL,
)
_INSTANCE_ID = re.compile(r"[0-9]+/[0-9A-Fa-f-]{36}")
_ELEMENT_ID = re.compile(r"[0-9A-Fa-f-]{36}")


@dataclass(frozen=True, slots=True)
class DataElement:
    """One document of an instance."""

    id: str
    data_type: str
    content_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VatInstance:
    """One filing under way. `id` is the party's number, `/` and the instance's own id."""

    id: str
    task: str = ""
    is_ended: bool = False
    is_archived: bool = False
    substatus: str = ""
    documents: tuple[DataElement, ...] = ()

    def documents_of(self, data_type: str) -> tuple[DataElement, ...]:
        """The documents of this type, oldest first."""
        return tuple(one for one in self.documents if one.data_type == data_type)


class VatOutcome(StrEnum):
    """What a validation came to: the worst of its deviations."""

    NO_DEVIATION = "ingen avvik"
    DEVIATING = "avvikende skattemelding"
    INCOMPLETE = "mangelfull skattemelding"
    INVALID = "ugyldig skattemelding"


@dataclass(frozen=True, slots=True, kw_only=True)
class VatDeviation:
    """One rule that does not hold, and where. `kind` is what this one alone makes the return."""

    rule: str
    code: str
    kind: VatOutcome
    reason: str
    path: str
    vat_code: str = ""
    details: str = ""


@dataclass(frozen=True, slots=True)
class VatResult:
    """A validation result."""

    outcome: VatOutcome
    deviations: tuple[VatDeviation, ...] = ()

    @property
    def may_be_filed(self) -> bool:
        """Whether the service takes the return: deviations are no hindrance, faults are."""
        return self.outcome in {VatOutcome.NO_DEVIATION, VatOutcome.DEVIATING}


@dataclass(frozen=True, slots=True, kw_only=True)
class VatPayment:
    """What to pay, to whom, by when. Negative amounts are refunds."""

    reference: str
    amount: Decimal
    payee: str = ""
    due: date | None = None
    account: str = ""
    payment_reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VatReceipt:
    """A filed return. `documents` are the service's own, by type, as they were given."""

    instance: VatInstance
    payment: VatPayment | None = None
    result: VatResult | None = None
    documents: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    @property
    def pdf(self) -> bytes | None:
        """The receipt for people, as PDF."""
        return self.documents.get(RECEIPT_TYPE)


def read_instance(members: Members) -> VatInstance:
    """The instance as it is answered. Raises: UnexpectedAnswer."""
    process, status = members.object("process"), members.object("status")
    identifier = members.text("id")
    # INVARIANT: ids become parts of addresses that a token is sent to.
    if not _INSTANCE_ID.fullmatch(identifier):
        raise UnexpectedAnswer(f"not an instance id: `{identifier}`")
    return VatInstance(
        id=identifier,
        task=process.object("currentTask").text_or("name", ""),
        is_ended=process.values.get("ended") is not None,
        is_archived=status.flag("isArchived"),
        substatus=status.object("substatus").text_or("label", ""),
        documents=tuple(read_element(one) for one in members.objects("data")),
    )


def read_element(members: Members) -> DataElement:
    """A document's entry as it is answered. Raises: UnexpectedAnswer."""
    identifier = members.text("id")
    if not _ELEMENT_ID.fullmatch(identifier):
        raise UnexpectedAnswer(f"not a data element id: `{identifier}`")
    return DataElement(identifier, members.text("dataType"), members.text_or("contentType", ""))


def find_result(text: str) -> VatResult | None:
    """The validation result inside an answer that may have a sentence in front of it."""
    found = _RESULT_ELEMENT.search(text)
    return read_result(found.group().encode()) if found else None


def read_result(xml: bytes) -> VatResult:
    """A `valideringsresultat`. Raises: UnexpectedAnswer."""
    root = _parse(xml)
    deviations = tuple(
        _deviation(place, information)
        for place in _children(root, "avvik")
        for information in _children(place, "avviksinformasjon")
    )
    return VatResult(_outcome(_text(root, "avvikVedMeldingslevering")), deviations)


def _deviation(place: Element, information: Element) -> VatDeviation:
    return VatDeviation(
        rule=_text(information, "regelDefinisjon"),
        code=_text(information, "avvikKode"),
        kind=_outcome(_text(information, "avvikstype")),
        reason=_text(information, "begrunnelse"),
        path=_text(place, "stiTilAvvik"),
        vat_code=_text(place, "mvaKode"),
        details=_text(information, "detaljer"),
    )


def _outcome(word: str) -> VatOutcome:
    try:
        return VatOutcome(word)
    except ValueError:
        raise UnexpectedAnswer(f"not an outcome of a validation: `{word}`") from None


def read_payment(xml: bytes) -> VatPayment:
    """A `betalingsinformasjon`. Raises: UnexpectedAnswer."""
    root = _parse(xml)
    accounts = _children(root, "betalesTilKonto")
    due = _text(root, "betalingsfrist")
    try:
        return VatPayment(
            reference=_text(root, "innsendingsreferanse"),
            amount=Decimal(_text(root, "beloep")),
            payee=_text(root, "betaleTil"),
            due=date.fromisoformat(due) if due else None,
            account=_text(accounts[0], "norskKontonummer") if accounts else "",
            payment_reference=_text(root, "kundeidentifikasjonsnummer"),
        )
    except (ValueError, InvalidOperation):
        raise UnexpectedAnswer("the payment details cannot be read") from None


def _parse(xml: bytes) -> Element:
    try:
        text = xml.decode("utf-8-sig")
        if "<!DOCTYPE" in text:
            raise UnexpectedAnswer("an XML document of the answer has a DOCTYPE")
        # Without a DOCTYPE there are no entities to expand.
        return ET.fromstring(text)  # noqa: S314
    except (UnicodeDecodeError, ET.ParseError):
        raise UnexpectedAnswer("an XML document of the answer cannot be read") from None


def _children(parent: Element, name: str) -> list[Element]:
    return [child for child in parent if child.tag.rpartition("}")[2] == name]


def _text(parent: Element, name: str) -> str:
    found = _children(parent, name)
    return (found[0].text or "").strip() if found else ""
