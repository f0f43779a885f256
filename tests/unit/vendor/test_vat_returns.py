"""Filing a VAT return: the steps, the receipt, and each way it can be refused."""

from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal

import httpx
import pytest

from fullmakt.vendor import (
    Attachment,
    FeedbackPending,
    NotAuthorized,
    NotFound,
    NotPermitted,
    UnexpectedAnswer,
    VatOutcome,
    VatReturnRefused,
    VatReturns,
    write_envelope,
    write_return,
)
from tests.unit.vendor.remote import Remote, plain_problem, refused
from tests.unit.vendor.vat_remote import (
    APP,
    BAKERY,
    ENVELOPE_ID,
    INSTANCE,
    INSTANCE_ID,
    PAYMENT_ID,
    RESULT_ID,
    RETURN,
    instance,
    prepare,
    result,
)

VALIDATION = "/api/mva/grensesnittstoette/mva-melding/valider"


@pytest.fixture
def returns(remote: Remote) -> VatReturns:
    return VatReturns(remote.transport("altinn-token"))


def asked(remote: Remote) -> list[str]:
    return [f"{request.method} {request.url.path}" for request in remote.asked]


def test_a_return_is_filed_step_by_step(returns: VatReturns, remote: Remote) -> None:
    prepare(remote)

    returns.file(RETURN)

    assert asked(remote)[:6] == [
        f"POST {APP}/instances",
        f"PUT {INSTANCE}/data/{ENVELOPE_ID}",
        f"POST {INSTANCE}/data",
        f"PUT {INSTANCE}/process/next",
        f"PUT {INSTANCE}/process/next",
        f"GET {INSTANCE}/feedback",
    ]


def test_a_filed_return_has_a_receipt(returns: VatReturns, remote: Remote) -> None:
    prepare(remote)

    receipt = returns.file(RETURN)

    assert receipt.instance.id == INSTANCE_ID
    assert receipt.instance.is_archived
    assert receipt.instance.substatus == "Mottatt"
    assert receipt.pdf == b"%PDF-1.7"
    assert receipt.result is not None
    assert receipt.result.outcome is VatOutcome.NO_DEVIATION


def test_a_receipt_says_what_to_pay_and_when(returns: VatReturns, remote: Remote) -> None:
    prepare(remote)

    payment = returns.file(RETURN).payment

    assert payment is not None
    assert payment.reference == INSTANCE_ID
    assert payment.amount == Decimal(35500)
    assert payment.due == date(2026, 10, 12)
    assert payment.account == "12345678903"
    assert payment.payment_reference == "3124000142026041"


def test_the_instance_is_made_for_the_organisation(returns: VatReturns, remote: Remote) -> None:
    prepare(remote)

    returns.instantiate(BAKERY)

    assert remote.last_json == {"instanceOwner": {"organisationNumber": "312400014"}}
    assert remote.last.headers["Authorization"] == "Bearer altinn-token"


def test_the_return_is_uploaded_as_a_named_file(returns: VatReturns, remote: Remote) -> None:
    prepare(remote)

    returns.upload_return(returns.instantiate(BAKERY), write_return(RETURN))

    assert remote.last.headers["Content-Type"] == "text/xml"
    assert remote.last.headers["Content-Disposition"] == "attachment; filename=mvaMelding.xml"
    assert dict(remote.last.url.params) == {"datatype": "mvamelding"}


def test_attachments_are_uploaded_before_the_checks(returns: VatReturns, remote: Remote) -> None:
    prepare(remote)
    invoice = Attachment("faktura åtte.pdf", "application/pdf", b"%PDF")

    returns.file(dataclasses.replace(RETURN, attachments=(invoice,)))

    uploads = [request for request in remote.asked if request.url.path == f"{INSTANCE}/data"]
    assert [request.url.params["datatype"] for request in uploads] == [
        "mvamelding",
        "binaerVedlegg",
    ]
    assert asked(remote).index(f"PUT {INSTANCE}/process/next") > 3


@pytest.mark.parametrize(
    "name, header",
    [
        ("faktura-8.pdf", "filename=faktura-8.pdf"),
        ("faktura 8.pdf", 'filename="faktura 8.pdf"'),
        ("faktura åtte.pdf", "filename*=UTF-8''faktura%20%C3%A5tte.pdf"),
    ],
)
def test_an_attachment_keeps_its_name(
    name: str, header: str, returns: VatReturns, remote: Remote
) -> None:
    prepare(remote)

    returns.attach(returns.instantiate(BAKERY), Attachment(name, "application/pdf", b"%PDF"))

    assert remote.last.headers["Content-Disposition"] == f"attachment; {header}"


def test_the_token_is_not_sent_to_links_from_an_answer(returns: VatReturns, remote: Remote) -> None:
    prepare(remote)

    returns.file(RETURN)

    assert {request.url.host for request in remote.asked} == {"127.0.0.1"}


@pytest.mark.parametrize("identifier", ["../../x", "51000005", "51000005/x?y", ""])
def test_an_instance_id_that_is_not_one_is_not_made_an_address(
    identifier: str, returns: VatReturns, remote: Remote
) -> None:
    remote.on("POST", f"{APP}/instances", httpx.Response(201, json={"id": identifier}))

    with pytest.raises(UnexpectedAnswer, match="not an instance id"):
        returns.instantiate(BAKERY)


def test_the_steps_can_be_taken_one_by_one(returns: VatReturns, remote: Remote) -> None:
    prepare(remote)

    begun = returns.instantiate(BAKERY)
    returns.upload_envelope(begun, write_envelope(RETURN))
    uploaded = returns.upload_return(begun, write_return(RETURN))
    returns.attach(begun, Attachment("faktura.pdf", "application/pdf", b"%PDF"))
    returns.advance(begun)
    returns.advance(begun)
    current = returns.read(begun)

    (document,) = current.documents_of("valideringsresultat")
    assert begun.task == "Utfylling"
    assert uploaded.data_type == "mvamelding"
    assert returns.document(current, document) == result("ingen avvik").encode()


def test_an_instance_without_a_place_for_the_envelope_is_unexpected(
    returns: VatReturns, remote: Remote
) -> None:
    remote.on("POST", f"{APP}/instances", httpx.Response(201, json={"id": INSTANCE_ID}))

    with pytest.raises(UnexpectedAnswer, match="has no place for an envelope"):
        returns.upload_envelope(returns.instantiate(BAKERY), b"")


# --- refusals ---------------------------------------------------------------------------------


def test_no_permit_is_told_with_what_the_service_says(returns: VatReturns, remote: Remote) -> None:
    reply = plain_problem(403, "Forbidden", detail="the client is not linked", check="client-link")
    remote.on("POST", f"{APP}/instances", reply)

    with pytest.raises(NotPermitted) as not_permitted:
        returns.file(RETURN)

    assert not_permitted.value.detail == "the client is not linked"
    assert not_permitted.value.extensions == {"check": "client-link"}


def test_a_permit_lost_between_steps_is_told_at_that_step(
    returns: VatReturns, remote: Remote
) -> None:
    prepare(remote, steps=(plain_problem(403, "Forbidden", detail="the link is removed"),))

    with pytest.raises(NotPermitted, match="the link is removed"):
        returns.file(RETURN)


def test_a_missing_scope_is_told_apart_from_a_decision(returns: VatReturns, remote: Remote) -> None:
    reason = "the token lacks scope altinn:instances.write"
    remote.on("POST", f"{APP}/instances", refused(403, "insufficient_scope", reason))

    with pytest.raises(NotAuthorized, match=reason) as refusal:
        returns.file(RETURN)

    assert not isinstance(refusal.value, NotPermitted)


def test_an_unknown_organisation_is_not_found(returns: VatReturns, remote: Remote) -> None:
    remote.on("POST", f"{APP}/instances", httpx.Response(404, text="Cannot lookup party"))

    with pytest.raises(NotFound, match="Cannot lookup party"):
        returns.file(RETURN)


@pytest.mark.parametrize(
    "reply",
    [
        httpx.Response(409, text="Valideringsfeil: Organisasjonsnummer er ulikt"),
        httpx.Response(409, json="Valideringsfeil: Organisasjonsnummer er ulikt"),
        plain_problem(409, "Conflict", detail="Valideringsfeil: Organisasjonsnummer er ulikt"),
    ],
)
def test_a_fault_in_the_envelope_is_told_in_the_services_words(
    reply: httpx.Response, returns: VatReturns, remote: Remote
) -> None:
    prepare(remote, steps=(reply,))

    with pytest.raises(VatReturnRefused) as refusal:
        returns.file(RETURN)

    assert refusal.value.message == "Valideringsfeil: Organisasjonsnummer er ulikt"
    assert refusal.value.result is None


def test_an_invalid_return_is_told_with_the_rules_in_the_answer(
    returns: VatReturns, remote: Remote
) -> None:
    invalid = result("ugyldig skattemelding", rule="R082", reason="Beløp har desimaler")
    reply = httpx.Response(409, text=f"Valideringsfeil: Ugyldig mva-melding\n{invalid}")
    prepare(remote, steps=(reply,))

    with pytest.raises(VatReturnRefused, match="R082 Beløp har desimaler") as refusal:
        returns.file(RETURN)

    assert refusal.value.result is not None
    assert refusal.value.result.outcome is VatOutcome.INVALID
    assert not refusal.value.result.may_be_filed


def test_an_invalid_return_is_told_with_the_rules_on_the_instance(
    returns: VatReturns, remote: Remote
) -> None:
    invalid = result("ugyldig skattemelding", rule="R082", reason="Beløp har desimaler")
    remote.on("GET", f"{INSTANCE}/data/{RESULT_ID}", httpx.Response(200, text=invalid))
    prepare(remote, steps=(httpx.Response(409, text="Valideringsfeil: Ugyldig mva-melding"),))

    with pytest.raises(VatReturnRefused) as refusal:
        returns.file(RETURN)

    assert refusal.value.result is not None
    (deviation,) = refusal.value.result.deviations
    assert (deviation.rule, deviation.vat_code, deviation.kind) == (
        "R082",
        "31",
        VatOutcome.INVALID,
    )


def test_an_invalid_return_without_a_result_is_told_in_the_services_words(
    returns: VatReturns, remote: Remote
) -> None:
    remote.on("GET", INSTANCE, instance())
    prepare(remote, steps=(httpx.Response(409, text="Valideringsfeil: Ugyldig mva-melding"),))

    with pytest.raises(VatReturnRefused, match=r"^Valideringsfeil: Ugyldig mva-melding$"):
        returns.file(RETURN)


def test_payment_details_that_cannot_be_read_say_so(returns: VatReturns, remote: Remote) -> None:
    remote.on("GET", f"{INSTANCE}/data/{PAYMENT_ID}", httpx.Response(200, text="<a><beloep/></a>"))
    prepare(remote)

    with pytest.raises(UnexpectedAnswer, match="payment details"):
        returns.file(RETURN)


def test_a_filed_return_without_feedback_can_be_asked_for_again(
    returns: VatReturns, remote: Remote
) -> None:
    remote.on("GET", f"{INSTANCE}/feedback", instance(task="Tilbakemelding"))
    prepare(remote)

    with pytest.raises(FeedbackPending) as pending:
        returns.file(RETURN)

    assert returns.receipt(pending.value.instance).pdf == b"%PDF-1.7"


@pytest.mark.parametrize("is_provided", [True, False])
def test_whether_the_feedback_is_there_can_be_asked_without_waiting(
    *, is_provided: bool, returns: VatReturns, remote: Remote
) -> None:
    prepare(remote)
    reply = httpx.Response(200, json={"isFeedbackProvided": is_provided})
    remote.on("GET", f"{INSTANCE}/feedback/status", reply)

    begun = returns.instantiate(BAKERY)

    assert returns.is_feedback_provided(begun) is is_provided


# --- validation -------------------------------------------------------------------------------


def test_a_deviating_return_may_be_filed(returns: VatReturns, remote: Remote) -> None:
    deviating = result("avvikende skattemelding", rule="R018", reason="Summen er 35500")
    remote.on("POST", VALIDATION, httpx.Response(200, text=deviating))

    found = returns.validate(RETURN)

    assert found.may_be_filed
    assert [deviation.rule for deviation in found.deviations] == ["R018"]
    assert remote.last.headers["Content-Type"] == "application/xml"


def test_a_return_written_by_others_can_be_validated(returns: VatReturns, remote: Remote) -> None:
    remote.on("POST", VALIDATION, httpx.Response(200, text=result("ingen avvik")))

    returns.validate(b"<mvaMeldingDto/>")

    assert remote.last.content == b"<mvaMeldingDto/>"


@pytest.mark.parametrize(
    "xml, said",
    [
        ("hei", "cannot be read"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "has a DOCTYPE"),
        (result("helt greit"), "`helt greit`"),
    ],
)
def test_a_result_that_cannot_be_read_says_why(
    xml: str, said: str, returns: VatReturns, remote: Remote
) -> None:
    remote.on("POST", VALIDATION, httpx.Response(200, text=xml))

    with pytest.raises(UnexpectedAnswer, match=said):
        returns.validate(RETURN)
