"""The app that VAT returns are filed through: its data types, and what is checked at each step.

That a system user's token is taken is a stand-in; see docs/reference/services.md.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from fullmakt.access.parties.service import get_organization
from fullmakt.foundation.storage.database import Journal
from fullmakt.services.apps.definition import App
from fullmakt.services.apps.model import (
    Case,
    DataType,
    FeedbackToCome,
    NewElement,
    Outcome,
    Passed,
    Stage,
    Stopped,
    Submission,
    Substatus,
)
from fullmakt.services.tax.model import VatFiling
from fullmakt.services.tax.service import file_return, get_taxpayer_facts
from fullmakt.services.tax.vat.envelope import (
    INVALID_RETURN_REFUSAL,
    REFUSAL_PREFIX,
    check_envelope,
    refusal_text,
)
from fullmakt.services.tax.vat.model import Envelope, VatReturn
from fullmakt.services.tax.vat.payment import payment_for, write_payment_information
from fullmakt.services.tax.vat.reading import Unreadable, read_envelope
from fullmakt.services.tax.vat.receipt import receipt_for, write_receipt
from fullmakt.services.tax.vat.result import write_validation_result
from fullmakt.services.tax.vat.rules.table import Validation, validate

ENVELOPE: Final = "no.skatteetaten.fastsetting.avgift.mva.mvameldinginnsending.v1.0"
RETURN: Final = "mvamelding"
ATTACHMENT: Final = "binaerVedlegg"
PAYMENT: Final = "betalingsinformasjon"
RESULT: Final = "valideringsresultat"
RECEIPT: Final = "kvittering"

FEEDBACK_AFTER: Final = timedelta(milliseconds=250)
"""Long enough that a sender who does not wait for the feedback finds out."""

_XML: Final = "application/xml"
_XML_TYPES: Final = frozenset({_XML, "text/xml"})
_MOST_ATTACHMENTS: Final = 57
_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_OPEN_DOCUMENT: Final = "application/vnd.oasis.opendocument"
_ATTACHMENT_TYPES: Final = _XML_TYPES | {
    "application/pdf",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    f"{_OFFICE}.wordprocessingml.document",
    f"{_OFFICE}.spreadsheetml.sheet",
    f"{_OFFICE}.presentationml.presentation",
    f"{_OPEN_DOCUMENT}.text",
    f"{_OPEN_DOCUMENT}.spreadsheet",
    f"{_OPEN_DOCUMENT}.presentation",
    "image/jpeg",
    "image/png",
}
_NO_RETURN: Final = f"{REFUSAL_PREFIX}mva-meldingen mangler; legg den ved som `{RETURN}`"


def leave_filling(journal: Journal, submission: Submission) -> Outcome:
    """The checks before confirmation: the envelope against instance and return, then the rules."""
    outcome, _ = _checked(journal, submission)
    return outcome


def leave_confirmation(journal: Journal, submission: Submission) -> Outcome:
    """Filing: the checks again, since the register may have changed, and the answer made ready."""
    outcome, validation = _checked(journal, submission)
    if isinstance(outcome, Stopped) or validation is None or validation.vat_return is None:
        return outcome
    vat_return = validation.vat_return
    instance = submission.case.instance
    payment = payment_for(vat_return, str(instance.reference))
    version = file_return(
        journal,
        VatFiling(
            organization=instance.owner,
            category=vat_return.category,
            period=vat_return.period,
            submission=str(instance.reference),
            total=vat_return.total,
            filed_at=submission.at,
            filed_by=submission.actor,
        ),
    )
    receipt = receipt_for(
        vat_return,
        payment,
        taxpayer_name=get_organization(journal, instance.owner).name,
        received_at=submission.at,
        outcome=validation.outcome,
    )
    feedback = FeedbackToCome(
        FEEDBACK_AFTER,
        _substatus(vat_return, version),
        (NewElement(RECEIPT, "application/pdf", write_receipt(receipt), "kvittering.pdf"),),
    )
    paid = NewElement(PAYMENT, _XML, write_payment_information(payment), f"{PAYMENT}.xml")
    return Passed((*outcome.elements, paid), feedback)


def _checked(journal: Journal, submission: Submission) -> tuple[Outcome, Validation | None]:
    case = submission.case
    returns = case.elements_of(RETURN)
    if not returns:
        return Stopped(_NO_RETURN), None
    envelope = read_envelope(submission.content_of(case.elements_of(ENVELOPE)[0]))
    facts = get_taxpayer_facts(journal, case.instance.owner, to_file=True)
    validation = validate(submission.content_of(returns[0]), facts)
    failures = check_envelope(
        envelope,
        validation.vat_return,
        case.instance.owner,
        file_names=_unlisted_names(case, envelope),
    )
    if failures:
        return Stopped(refusal_text(failures)), None
    result = NewElement(RESULT, _XML, write_validation_result(validation), f"{RESULT}.xml")
    if not validation.may_be_filed:
        return Stopped(INVALID_RETURN_REFUSAL, (result,)), validation
    return Passed((result,)), validation


def _unlisted_names(case: Case, envelope: Envelope | Unreadable) -> tuple[str, ...]:
    """The names of uploaded attachments, without one that the envelope lists too."""
    names = [element.file_name or "" for element in case.elements_of(ATTACHMENT)]
    if isinstance(envelope, Envelope):
        for attachment in envelope.attachments:
            if attachment.full_name in names:
                names.remove(attachment.full_name)
    return tuple(names)


def _substatus(vat_return: VatReturn, version: int) -> Substatus:
    text = f"Mva-meldingen for {vat_return.period.title} er mottatt."
    if version > 1:
        text += f" Den er melding nummer {version} for perioden og erstatter den forrige."
    return Substatus("Mottatt", text)


VAT_APP: Final = App(
    org="skd",
    name="mva-melding-innsending-v1",
    also_called=("mva-melding-innsending-etm2",),
    data_types=(
        DataType(ENVELOPE, _XML_TYPES),
        DataType(RETURN, _XML_TYPES),
        DataType(
            ATTACHMENT, frozenset(_ATTACHMENT_TYPES), most=_MOST_ATTACHMENTS, needs_file_name=True
        ),
        DataType(PAYMENT, _XML_TYPES, is_apps_own=True),
        DataType(RESULT, _XML_TYPES, is_apps_own=True),
        DataType(RECEIPT, frozenset({"application/pdf"}), is_apps_own=True),
    ),
    first=ENVELOPE,
    steps={Stage.FILLING: leave_filling, Stage.CONFIRMATION: leave_confirmation},
)
