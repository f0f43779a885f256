"""Files VAT returns through the tax administration's Altinn app.

Skatteetaten, "mva-melding", submission API: instantiate, envelope, return, attachments, two steps
of the process, feedback. Tokens are Altinn tokens for the system user. A token is sent to
addresses made from the environment alone, never to a link from an answer.
"""

from __future__ import annotations

from urllib.parse import quote

import httpx

from fullmakt.foundation.terms.members import read_json
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.vendor._answers import read_object
from fullmakt.vendor._environment import Environment
from fullmakt.vendor._exceptions import FeedbackPending, UnexpectedAnswer, VatReturnRefused
from fullmakt.vendor._flow import Flow, Request
from fullmakt.vendor._problems import check
from fullmakt.vendor._transport import Transport
from fullmakt.vendor._vat_answers import (
    ENVELOPE_TYPE,
    PAYMENT_TYPE,
    RECEIPT_TYPE,
    RESULT_TYPE,
    DataElement,
    VatInstance,
    VatReceipt,
    VatResult,
    find_result,
    read_element,
    read_instance,
    read_payment,
    read_result,
)
from fullmakt.vendor._vat_return import Attachment, VatReturn
from fullmakt.vendor._vat_xml import write_envelope, write_return

INSTANCES = ("altinn:instances.read", "altinn:instances.write")
VALIDATION = ("skatteetaten:mvameldingvalidering",)
LONG_POLL_S = 90.0
_ANY = {"Accept": "*/*"}
_INVALID_RETURN = "ugyldig mva-melding"
_LONGEST_MESSAGE = 500


def validate(environment: Environment, xml: bytes) -> Flow[VatResult]:
    """What the service would say of the return."""
    answer = yield Request(
        "POST",
        environment.vat_validation,
        headers={"Content-Type": "application/xml", "Accept": "application/xml"},
        content=xml,
        scopes=VALIDATION,
    )
    return read_result(check(answer).content)


def instantiate(environment: Environment, organization: OrganizationNumber) -> Flow[VatInstance]:
    """Begin a filing for the organisation."""
    answer = yield Request(
        "POST",
        f"{_app(environment)}/instances",
        json={"instanceOwner": {"organisationNumber": str(organization)}},
        scopes=INSTANCES,
    )
    return read_instance(read_object(_check(answer)))


def upload_envelope(environment: Environment, instance: VatInstance, xml: bytes) -> Flow[None]:
    """Put the envelope in the place the instance was made with."""
    places = instance.documents_of(ENVELOPE_TYPE)
    if not places:
        raise UnexpectedAnswer(f"instance `{instance.id}` has no place for an envelope")
    answer = yield Request(
        "PUT",
        f"{_address(environment, instance)}/data/{places[0].id}",
        headers={"Content-Type": "application/xml"},
        content=xml,
        scopes=INSTANCES,
    )
    _check(answer)


def upload_return(environment: Environment, instance: VatInstance, xml: bytes) -> Flow[DataElement]:
    """Add the return itself."""
    file = Attachment("mvaMelding.xml", "text/xml", xml)
    return (yield from _upload(environment, instance, "mvamelding", file))


def attach(
    environment: Environment, instance: VatInstance, attachment: Attachment
) -> Flow[DataElement]:
    """Add a file that goes with the return."""
    return (yield from _upload(environment, instance, "binaerVedlegg", attachment))


def _upload(
    environment: Environment, instance: VatInstance, data_type: str, file: Attachment
) -> Flow[DataElement]:
    answer = yield Request(
        "POST",
        f"{_address(environment, instance)}/data",
        params={"datatype": data_type},
        headers={
            "Content-Type": file.content_type,
            "Content-Disposition": _disposition(file.name),
        },
        content=file.content,
        scopes=INSTANCES,
    )
    return read_element(read_object(_check(answer)))


def _disposition(name: str) -> str:
    """The header with a file's name (RFC 6266): as it is, in quotes, or encoded."""
    if not name.isascii():
        return f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    is_word = name.replace(".", "").replace("-", "").isalnum()
    return f"attachment; filename={name}" if is_word else f'attachment; filename="{name}"'


def advance(environment: Environment, instance: VatInstance) -> Flow[None]:
    """Take the next step of the process: first the checks, then the confirmation."""
    answer = yield Request(
        "PUT",
        f"{_address(environment, instance)}/process/next",
        headers={"Content-Type": "application/json"},
        scopes=INSTANCES,
    )
    try:
        _check(answer)
    except VatReturnRefused as refused:
        if refused.result is not None or _INVALID_RETURN not in refused.message.lower():
            raise
        found = yield from _result_of(environment, instance)
        raise VatReturnRefused(refused.message, result=found) from None


def _result_of(environment: Environment, instance: VatInstance) -> Flow[VatResult | None]:
    """The validation result that the service has put on the instance, if it has."""
    current = yield from fetch_instance(environment, instance)
    found = current.documents_of(RESULT_TYPE)
    if not found:
        return None
    document = yield from fetch_document(environment, instance, found[-1])
    return read_result(document)


def fetch_instance(environment: Environment, instance: VatInstance) -> Flow[VatInstance]:
    """The instance as it is now."""
    answer = yield Request("GET", _address(environment, instance), scopes=INSTANCES)
    return read_instance(read_object(_check(answer)))


def is_feedback_provided(environment: Environment, instance: VatInstance) -> Flow[bool]:
    """Whether the feedback is there."""
    answer = yield Request(
        "GET", f"{_address(environment, instance)}/feedback/status", scopes=INSTANCES
    )
    return read_object(_check(answer)).flag("isFeedbackProvided")


def fetch_feedback(environment: Environment, instance: VatInstance) -> Flow[VatInstance]:
    """The instance with its feedback; the service holds its answer back until it is there."""
    answer = yield Request(
        "GET",
        f"{_address(environment, instance)}/feedback",
        scopes=INSTANCES,
        timeout_s=LONG_POLL_S,
    )
    return read_instance(read_object(_check(answer)))


def fetch_document(
    environment: Environment, instance: VatInstance, document: DataElement
) -> Flow[bytes]:
    """A document of the instance."""
    answer = yield Request(
        "GET",
        f"{_address(environment, instance)}/data/{document.id}",
        headers=_ANY,
        scopes=INSTANCES,
    )
    return _check(answer).content


def fetch_receipt(environment: Environment, instance: VatInstance) -> Flow[VatReceipt]:
    """The feedback, with its documents read. Raises: FeedbackPending."""
    current = yield from fetch_feedback(environment, instance)
    if not current.is_ended and not current.documents_of(RECEIPT_TYPE):
        raise FeedbackPending(current)
    documents: dict[str, bytes] = {}
    for data_type in (PAYMENT_TYPE, RESULT_TYPE, RECEIPT_TYPE):
        for element in current.documents_of(data_type)[-1:]:
            documents[data_type] = yield from fetch_document(environment, current, element)
    return VatReceipt(
        instance=current,
        payment=read_payment(documents[PAYMENT_TYPE]) if PAYMENT_TYPE in documents else None,
        result=read_result(documents[RESULT_TYPE]) if RESULT_TYPE in documents else None,
        documents=documents,
    )


def submit(environment: Environment, vat_return: VatReturn) -> Flow[VatReceipt]:
    """The whole filing, from instantiation to receipt."""
    instance = yield from instantiate(environment, vat_return.organization)
    yield from upload_envelope(environment, instance, write_envelope(vat_return))
    yield from upload_return(environment, instance, write_return(vat_return))
    for attachment in vat_return.attachments:
        yield from attach(environment, instance, attachment)
    yield from advance(environment, instance)
    yield from advance(environment, instance)
    return (yield from fetch_receipt(environment, instance))


def _app(environment: Environment) -> str:
    return environment.app("skd", environment.vat_app)


def _address(environment: Environment, instance: VatInstance) -> str:
    return f"{_app(environment)}/instances/{instance.id}"


def _check(answer: httpx.Response) -> httpx.Response:
    """`answer` if it is a success. Raises: VatReturnRefused, NotPermitted, PlatformProblem."""
    if answer.status_code != httpx.codes.CONFLICT:
        return check(answer)
    said = _said(answer)
    raise VatReturnRefused(
        said.partition("<")[0].strip()[:_LONGEST_MESSAGE] or "the step was refused",
        result=find_result(said),
    )


def _said(answer: httpx.Response) -> str:
    """What a refusal says: as text, as JSON text, or as the detail of a problem."""
    try:
        value = read_json(answer.content)
    except ValueError:
        return answer.text
    if isinstance(value, dict):
        value = next((value[name] for name in ("detail", "message", "title") if name in value), "")
    return value if isinstance(value, str) else answer.text


class VatReturns:
    """VAT returns filed by a system user.

    The transport's tokens must be exchanged tokens of the system user. Every call raises:
    NotPermitted where the system user may not act for the organisation, NotAuthorized where the
    token lacks a scope, NotAuthenticated, VendorError.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def file(self, vat_return: VatReturn) -> VatReceipt:
        """File a return: everything from the first step to the receipt.

        Raises: VatReturnRefused, FeedbackPending (it is filed then; take `receipt` later).
        """
        return self._transport.run(submit(self._transport.environment, vat_return))

    def validate(self, vat_return: VatReturn | bytes) -> VatResult:
        """What the service would say of a return, without filing it. Scope
        `skatteetaten:mvameldingvalidering`.
        """
        xml = vat_return if isinstance(vat_return, bytes) else write_return(vat_return)
        return self._transport.run(validate(self._transport.environment, xml))

    def instantiate(self, organization: OrganizationNumber) -> VatInstance:
        """Step 1: begin a filing for the organisation."""
        return self._transport.run(instantiate(self._transport.environment, organization))

    def upload_envelope(self, instance: VatInstance, xml: bytes) -> None:
        """Step 2: the envelope, as `write_envelope` or you write it."""
        self._transport.run(upload_envelope(self._transport.environment, instance, xml))

    def upload_return(self, instance: VatInstance, xml: bytes) -> DataElement:
        """Step 3: the return, as `write_return` or you write it."""
        return self._transport.run(upload_return(self._transport.environment, instance, xml))

    def attach(self, instance: VatInstance, attachment: Attachment) -> DataElement:
        """Step 4, as often as needed: a file that goes with the return."""
        return self._transport.run(attach(self._transport.environment, instance, attachment))

    def advance(self, instance: VatInstance) -> None:
        """Steps 5 and 6: the checks, then the confirmation. Raises: VatReturnRefused."""
        self._transport.run(advance(self._transport.environment, instance))

    def is_feedback_provided(self, instance: VatInstance) -> bool:
        """Step 7: whether the receipt is there; never waits."""
        return self._transport.run(is_feedback_provided(self._transport.environment, instance))

    def receipt(self, instance: VatInstance) -> VatReceipt:
        """Step 8: the receipt; waits while the service does. Raises: FeedbackPending."""
        return self._transport.run(fetch_receipt(self._transport.environment, instance))

    def read(self, instance: VatInstance) -> VatInstance:
        """The instance as it is now."""
        return self._transport.run(fetch_instance(self._transport.environment, instance))

    def document(self, instance: VatInstance, document: DataElement) -> bytes:
        """A document of the instance."""
        return self._transport.run(fetch_document(self._transport.environment, instance, document))
