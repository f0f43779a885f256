"""How questions are written and answered, by endpoint and media type (docs/adr/0018).

A dialect reads a body into questions, and writes their answers as that body wants them. Altinn's
dialect is JSON, and XML at the endpoint for its own platform; the standard's is either.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, Protocol

import msgspec

from fullmakt.access.decisions import wire
from fullmakt.access.decisions.answering import AnswerWriter, Written, written_as
from fullmakt.access.decisions.asking import Asked, UndecidableError
from fullmakt.access.decisions.model import Outcome
from fullmakt.access.decisions.multiple import read_questions
from fullmakt.access.decisions.plain_asking import read_plainly
from fullmakt.access.decisions.standard import read_individual, result_of, undecidable
from fullmakt.access.decisions.walk import STATUS_PROCESSING_ERROR, STATUS_SYNTAX_ERROR, Answer
from fullmakt.access.policy import names
from fullmakt.access.policy.context.errors import ValueRefused
from fullmakt.access.policy.context.json_requests import read_json_request
from fullmakt.access.policy.context.json_responses import write_json_response
from fullmakt.access.policy.context.model import (
    ContextAttribute,
    ContextStatus,
    Response,
    Result,
)
from fullmakt.access.policy.context.multiple import (
    DanglingReference,
    Individual,
    combined,
    individual_requests,
)
from fullmakt.access.policy.context.xml_requests import read_xml_request
from fullmakt.access.policy.context.xml_responses import write_xml_response
from fullmakt.access.policy.data_types import STRING
from fullmakt.access.policy.model import AttributeValue
from fullmakt.access.policy.outcome import Decision
from fullmakt.foundation.http.bodies import read_body_swiftly
from fullmakt.foundation.terms import urns

if TYPE_CHECKING:
    from fullmakt.access.policy.context.model import ContextCategory, ContextRequest

_XML = "application/xml; charset=utf-8"
XACML_JSON, XACML_XML = "application/xacml+json", "application/xacml+xml"


class Asking(NamedTuple):
    """What a body asks, and how its answers are written. No question: the answer is known."""

    questions: Sequence[Asked]
    write: Callable[[Sequence[Answer]], Written]
    is_about_instances: bool = False
    """Whether a question names an instance of an app, which is looked up first."""


def _asking(questions: Sequence[Asked], write: Callable[[Sequence[Answer]], Written]) -> Asking:
    """What is asked by `questions`, about instances or not."""
    # SPEED: a generator would take longer than the loop (benchmarks/authorize.py).
    for each in questions:
        if each.instance is not None:
            return Asking(questions, write, is_about_instances=True)
    return Asking(questions, write)


class Dialect(Protocol):
    """One way of writing questions and answers."""

    def read(self, body: bytes) -> Asking:
        """What `body` asks. Raises: InvalidInput, ContextRefused, TooLarge."""
        ...


class AltinnJson:
    """Altinn's own JSON, for services; the platform's own callers have `is_internal`."""

    def __init__(self, *, is_internal: bool = False) -> None:
        self._is_internal = is_internal
        self._decoder = msgspec.json.Decoder(wire.DecisionRequest)
        self._writer = AnswerWriter()

    def read(self, body: bytes) -> Asking:
        """What `body` asks. SPEC: whatever is wrong with the question is told in the answer."""
        plain = None if self._is_internal else read_plainly(body)
        if plain is not None:
            return Asking((plain,), self._writer.write_plain)
        request = read_body_swiftly(body, self._decoder).request
        try:
            questions, asked_by = read_questions(request)
            if self._is_internal:
                check_without_person_numbers(questions)
        except UndecidableError as fault:
            answer = answer_to(fault, is_internal=self._is_internal)
            return Asking((), lambda _answers: self._writer.write([answer], [((), (), (), ())]))
        if not self._is_internal:
            return _asking(questions, lambda answers: self._writer.write(answers, asked_by))
        return _asking(
            questions,
            lambda answers: self._writer.write(as_internal(answers), asked_by),
        )


class AltinnXml:
    """Altinn's XML, for the platform's own callers: one question, whatever stands twice."""

    def read(self, body: bytes) -> Asking:
        """What `body` asks. SPEC: several questions by reference are refused in the answer."""
        try:
            request = read_xml_request(body)
            asked = _read_whole(request)
        except ValueRefused as refused:
            return _known_xml(answer_to(UndecidableError(str(refused)), is_internal=True))
        except UndecidableError as fault:
            return _known_xml(answer_to(fault, is_internal=True))

        def write(answers: Sequence[Answer]) -> Written:
            (answer,) = as_internal(answers)
            return _written_xml(_plain_result(answer, request.categories))

        return _asking([asked], write)


def _read_whole(request: ContextRequest) -> Asked:
    if request.references:
        message = "several questions in one request are not read as XML"
        raise UndecidableError(message)
    asked = read_individual(request.categories)
    check_without_person_numbers([asked])
    return asked


def _known_xml(answer: Answer) -> Asking:
    return Asking((), lambda _answers: _written_xml(_plain_result(answer, ())))


def _plain_result(answer: Answer, categories: Sequence[ContextCategory]) -> Result:
    """SPEC: obligations with Permit alone, attributes back where a rule is about what is asked."""
    if answer.added_party is not None:
        categories = _with_party(categories, answer.added_party)
    result = result_of(answer, categories, names_policies=False)
    is_echoed = answer.is_known and answer.outcome is not Outcome.INDETERMINATE
    return Result(
        decision=result.decision,
        status=result.status,
        obligations=result.obligations if answer.outcome is Outcome.PERMIT else (),
        categories=result.categories if is_echoed else (),
    )


def _with_party(categories: Sequence[ContextCategory], party_id: int) -> list[ContextCategory]:
    """SPEC: a party that was not named, but is that of an instance, is told unasked."""
    value = AttributeValue(STRING, str(party_id))
    added = ContextAttribute(urns.PARTY_ID, (value,), include_in_result=True)
    first = next(each for each in categories if each.category == names.RESOURCE)
    return [
        replace(each, attributes=(*each.attributes, added)) if each is first else each
        for each in categories
    ]


def _written_xml(result: Result) -> Written:
    return written_as(write_xml_response(Response((result,))), _XML)


class StandardContext:
    """The standard's requests and responses, in one notation."""

    def __init__(
        self,
        media_type: str,
        read: Callable[[bytes], ContextRequest],
        write: Callable[[Response], bytes],
    ) -> None:
        self._media_type = media_type
        self._read = read
        self._write = write

    def read(self, body: bytes) -> Asking:
        """What `body` asks, a question for each decision. Raises: ContextRefused."""
        try:
            request = self._read(body)
        except ValueRefused as refused:
            status = ContextStatus((names.STATUS_SYNTAX_ERROR,), str(refused))
            return self._known(Result(Decision.INDETERMINATE, status))
        asked = [_read_individual(each) for each in individual_requests(request)]
        questions = [each for each, _ in asked if isinstance(each, Asked)]

        def write(answers: Sequence[Answer]) -> Written:
            left = iter(answers)
            results = [
                each
                if isinstance(each, Result)
                else result_of(next(left), categories, names_policies=request.returns_policy_ids)
                for each, categories in asked
            ]
            is_one = request.wants_combined_decision
            return self._written([combined(results)] if is_one else results)

        return _asking(questions, write)

    def _known(self, result: Result) -> Asking:
        return Asking((), lambda _answers: self._written([result]))

    def _written(self, results: Sequence[Result]) -> Written:
        return written_as(self._write(Response(tuple(results))), self._media_type)


def _read_individual(asked: Individual | DanglingReference) -> tuple[Asked | Result, Individual]:
    """One question with its categories, or what is answered in its place."""
    if isinstance(asked, DanglingReference):
        return asked.result, ()
    try:
        return read_individual(asked), asked
    except UndecidableError as fault:
        return undecidable(fault, asked), asked


STANDARD_JSON = StandardContext(XACML_JSON, read_json_request, write_json_response)
STANDARD_XML = StandardContext(XACML_XML, read_xml_request, write_xml_response)


def answer_to(fault: UndecidableError, *, is_internal: bool = False) -> Answer:
    """The answer to what cannot be read. SPEC: to the platform every fault is one of syntax."""
    is_syntax = fault.is_syntax or is_internal
    status = STATUS_SYNTAX_ERROR if is_syntax else STATUS_PROCESSING_ERROR
    return Answer(Outcome.INDETERMINATE, status, str(fault), spoils=True)


def as_internal(answers: Sequence[Answer]) -> list[Answer]:
    """SPEC: what cannot be looked up is to the platform a fault of syntax."""
    return [each._replace(status=STATUS_SYNTAX_ERROR) if each.spoils else each for each in answers]


def check_without_person_numbers(questions: Sequence[Asked]) -> None:
    """Refuse persons named by number: the platform's own callers have other names for them.

    Raises: UndecidableError.
    """
    for asked in questions:
        if any(attribute_id == urns.PERSON_NUMBER for _, attribute_id in asked.entries):
            message = f"`{urns.PERSON_NUMBER}` is not read here"
            raise UndecidableError(message)
