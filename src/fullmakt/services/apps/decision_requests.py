"""One question to the decision point, and its answer: JSON profile of XACML 3.0, as bytes.

Pure: who carries the bytes, and with which token, is not said here. Member names are written as
Altinn's public documentation has them, and read whatever their letter case.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import msgspec

from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.http.bodies import read_body, write_body
from fullmakt.foundation.terms import urns
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.foundation.terms.problem import InvalidInput, NotAuthorized, TooLarge

_ACTION_ID: Final = "urn:oasis:names:tc:xacml:1.0:action:action-id"


class Verdict(StrEnum):
    """What a decision point can answer. All but `PERMIT` are a no."""

    PERMIT = "Permit"
    DENY = "Deny"
    NOT_APPLICABLE = "NotApplicable"
    INDETERMINATE = "Indeterminate"


@dataclass(frozen=True, slots=True)
class Subject:
    """Who wants to act: one attribute, and the words that messages name it by."""

    attribute: str
    value: str
    words: str

    def __str__(self) -> str:
        return f"{self.words} `{self.value}`"


@dataclass(frozen=True, slots=True)
class AuthorizationQuestion:
    """May `subject` do `action` on `resource` for `party`?"""

    subject: Subject
    action: str
    resource: str
    party: OrganizationNumber


@dataclass(frozen=True, slots=True)
class AuthorizationAnswer:
    """The verdict, its status code, and what a Permit is bound to.

    `unknown_obligation` is one that nobody here can fulfil.
    """

    verdict: Verdict
    status: str = ""
    minimum_level: int = 0
    unknown_obligation: str | None = None


class UnreadableAnswerError(ValueError):
    """The bytes are not the decision point's answer to one question."""


class _Attribute(msgspec.Struct, rename="pascal"):
    attribute_id: str
    value: str


class _Category(msgspec.Struct, rename="pascal"):
    attribute: list[_Attribute]


class _Request(msgspec.Struct, rename="pascal"):
    access_subject: list[_Category]
    action: list[_Category]
    resource: list[_Category]


class _RequestRoot(msgspec.Struct, rename="pascal"):
    request: _Request


class _StatusCode(msgspec.Struct, rename="camel"):
    value: str = ""


class _Status(msgspec.Struct, rename="camel"):
    status_code: _StatusCode | None = None


class _Assignment(msgspec.Struct, rename="camel"):
    value: str | int
    category: str | None = None


class _Obligation(msgspec.Struct, rename="camel"):
    id: str
    attribute_assignment: list[_Assignment] | None = None


class _Result(msgspec.Struct, rename="camel"):
    decision: Verdict
    status: _Status | None = None
    obligations: list[_Obligation] | None = None


class _ResponseRoot(msgspec.Struct, rename="camel"):
    response: list[_Result]


def subject_of(caller: Caller) -> Subject:
    """The subject a token stands for: system user, person or organisation. Raises: NotAuthorized.

    A system user's token names the vendor as its organisation; the vendor is never the subject.
    """
    if caller.system_user is not None:
        return Subject(urns.SYSTEM_USER_UUID, str(caller.system_user.id), "system user")
    if caller.person is not None:
        return Subject(urns.USER_ID, str(caller.person.user_id), "user")
    if caller.organization is not None:
        return Subject(urns.ORGANIZATION_NUMBER, caller.organization.digits, "organisation")
    message = "the token names no system user, person or organisation to decide about"
    raise NotAuthorized(message)


def write_question(question: AuthorizationQuestion) -> bytes:
    """The question as the decision point reads it."""
    subject = question.subject
    return write_body(
        _RequestRoot(
            _Request(
                access_subject=[_category((subject.attribute, subject.value))],
                action=[_category((_ACTION_ID, question.action))],
                resource=[
                    _category(
                        (urns.RESOURCE, question.resource),
                        (urns.ORGANIZATION_NUMBER, question.party.digits),
                    )
                ],
            )
        )
    )


def _category(*attributes: tuple[str, str]) -> _Category:
    return _Category([_Attribute(name, value) for name, value in attributes])


def read_answer(body: bytes) -> AuthorizationAnswer:
    """The answer to one question. Raises: UnreadableAnswerError."""
    try:
        results = read_body(body, _ResponseRoot).response
    except (InvalidInput, TooLarge) as fault:
        raise UnreadableAnswerError(str(fault)) from None
    if len(results) != 1:
        raise UnreadableAnswerError(f"one question has one result, not `{len(results)}`")
    result = results[0]
    code = result.status.status_code if result.status else None
    answer = AuthorizationAnswer(result.decision, code.value if code else "")
    for obligation in result.obligations or ():
        answer = _bound_by(answer, obligation)
    return answer


def _bound_by(answer: AuthorizationAnswer, obligation: _Obligation) -> AuthorizationAnswer:
    levels = [
        str(assignment.value)
        for assignment in obligation.attribute_assignment or ()
        if assignment.category == urns.MINIMUM_AUTHENTICATION_LEVEL
    ]
    if not levels or not all(level.isascii() and level.isdigit() for level in levels):
        return replace(answer, unknown_obligation=obligation.id)
    level = max(answer.minimum_level, *map(int, levels))
    return replace(answer, minimum_level=level)
