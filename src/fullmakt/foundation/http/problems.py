"""Problems written to the wire, in the platform's shapes.

Altinn's problem and validation problem (with a code), the framework's validation problem and plain
problem, a line of text, and the empty 401/403 whose reason stands in `WWW-Authenticate` (RFC 6750
section 3). The two paths into the house, Litestar and the plain handlers, both answer through here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from fullmakt.foundation.terms.problem import (
    InvalidInput,
    NotAuthenticated,
    PlainProblem,
    Problem,
    Refusal,
    TextProblem,
    Unavailable,
    ValidationProblem,
)

if TYPE_CHECKING:
    from fullmakt.foundation.http.traces import RequestTrace

_SECTIONS = {
    400: "15.5.1",
    401: "15.5.2",
    403: "15.5.4",
    404: "15.5.5",
    405: "15.5.6",
    409: "15.5.10",
}
_MORE_SECTIONS = {410: "15.5.11", 413: "15.5.14", 415: "15.5.16", 500: "15.6.1", 503: "15.6.4"}
PROBLEM_JSON = "application/problem+json; charset=utf-8"
_TEXT = "text/plain; charset=utf-8"
_LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished answer: status, headers without length, body."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def write_problem(  # noqa: PLR0911  one return a shape
    problem: Problem, *, trace: RequestTrace
) -> Answer:
    """The answer that `problem` is."""
    match problem:
        case Refusal():
            return _refusal(problem)
        case ValidationProblem():
            return _json(problem.status, _validation_members(problem, trace))
        case InvalidInput():
            return _json(problem.status, _input_members(problem, trace))
        case TextProblem():
            return Answer(problem.text_status, (("content-type", _TEXT),), problem.text.encode())
        case PlainProblem():
            return _json(problem.plain_status, _plain_members(problem, trace))
        case Unavailable():
            members = _coded_members(problem, trace)
            return _json(problem.status, members, ("retry-after", str(problem.retry_after_s)))
        case _:
            return _json(problem.status, _coded_members(problem, trace))


def rfc_section(status: int) -> str:
    """The address of the section of RFC 9110 that defines `status`."""
    section = (_SECTIONS | _MORE_SECTIONS).get(status, "15")
    return f"https://tools.ietf.org/html/rfc9110#section-{section}"


def _refusal(problem: Refusal) -> Answer:
    reason = _quotable(problem.detail)
    challenge = f'Bearer error="{problem.error}", error_description="{reason}"'
    if isinstance(problem, NotAuthenticated) and not problem.detail:
        challenge = "Bearer"
    return Answer(problem.status, (("www-authenticate", challenge),), b"")


def _quotable(text: str) -> str:
    plain = text[:_LONGEST_REASON].encode("ascii", "replace").decode()
    plain = plain.replace("\\", "").replace('"', "'")
    return "".join(character if character.isprintable() else " " for character in plain)


def _coded_members(problem: Problem, trace: RequestTrace) -> dict[str, object]:
    members: dict[str, object] = {
        "type": f"urn:altinn:error:{problem.code}" if problem.code else rfc_section(problem.status),
        "title": problem.title,
        "status": problem.status,
    }
    # Clients written for the older library read `detail`; the title is repeated there.
    members["detail"] = problem.detail or problem.title
    if problem.code:
        members["code"] = problem.code
    members["traceId"] = trace.traceparent
    if problem.code:
        members["statusDescription"] = HTTPStatus(problem.status).phrase
    return {**members, **problem.extensions}


def _validation_members(problem: ValidationProblem, trace: RequestTrace) -> dict[str, object]:
    return {
        "type": f"urn:altinn:error:{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "code": problem.code,
        "traceId": trace.traceparent,
        "statusDescription": HTTPStatus(problem.status).phrase,
        "validationErrors": [
            {
                "code": fault.code,
                "title": fault.title,
                **({"detail": fault.detail} if fault.detail else {}),
                "paths": list(fault.paths),
                **fault.extensions,
            }
            for fault in problem.faults
        ],
    }


def _input_members(problem: InvalidInput, trace: RequestTrace) -> dict[str, object]:
    return {
        "type": rfc_section(problem.status),
        "title": problem.title,
        "status": problem.status,
        "errors": {name: list(texts) for name, texts in problem.errors.items()},
        "traceId": trace.traceparent,
    }


def _plain_members(problem: PlainProblem, trace: RequestTrace) -> dict[str, object]:
    members: dict[str, object] = {
        "type": problem.kind or rfc_section(problem.plain_status),
        "title": problem.plain_title,
        "status": problem.plain_status,
    }
    if problem.detail:
        members["detail"] = problem.detail
    return {**members, "traceId": trace.traceparent}


def _json(status: int, members: dict[str, object], *more: tuple[str, str]) -> Answer:
    body = json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(status, (("content-type", PROBLEM_JSON), *more), body)
