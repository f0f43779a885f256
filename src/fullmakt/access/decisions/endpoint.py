"""`POST /authorization/api/v1/authorize`: the decision point for services, as a plain ASGI handler.

One of the hot endpoints, in front of the web toolkit; it answers through the same bearer check,
problem writer and limits. Source: Altinn's public documentation of the decision point.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import msgspec

from fullmakt.access.decisions import wire
from fullmakt.access.decisions.answering import AnswerWriter
from fullmakt.access.decisions.asking import UndecidableError
from fullmakt.access.decisions.model import Outcome
from fullmakt.access.decisions.multiple import read_questions
from fullmakt.access.decisions.walk import STATUS_PROCESSING_ERROR, STATUS_SYNTAX_ERROR, Answer
from fullmakt.foundation.http.bodies import LARGEST_BODY, read_body_swiftly
from fullmakt.foundation.http.doors import caller_from_headers, check_scope
from fullmakt.foundation.http.plain import (
    ClientLeftError,
    answer_plainly,
    header,
    read_plain_body,
)
from fullmakt.foundation.http.traces import read_trace
from fullmakt.foundation.terms.problem import NotAuthorized, PlainProblem, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fullmakt.access.decisions.asking import Asked
    from fullmakt.access.decisions.service import DecisionPoint
    from fullmakt.foundation.bearer.model import Caller
    from fullmakt.foundation.bearer.service import BearerCheck
    from fullmakt.foundation.http.plain import Receive, Scope, Send
    from fullmakt.foundation.http.traces import RequestTrace

_logger = logging.getLogger(__name__)
SCOPE = "altinn:authorization/authorize"
ADMIN_SCOPE = "altinn:authorization/authorize.admin"
_ALLOW = (("allow", "POST"),)
_JSON = (("content-type", "application/json; charset=utf-8"),)

Questions = list[tuple["Asked", "Sequence[wire.Category]"]]


class AuthorizeEndpoint:
    """Reads a decision request, has it decided, writes the answer.

    SPEC: whatever is wrong with the question is told in an answer of 200, as Indeterminate.
    """

    def __init__(self, decisions: DecisionPoint, bearer: BearerCheck) -> None:
        self._decisions = decisions
        self._bearer = bearer
        self._decoder = msgspec.json.Decoder(wire.DecisionRequest)
        self._writer = AnswerWriter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        trace = scope.get("fullmakt.trace") or read_trace(scope["headers"])
        if scope["method"] != "POST":
            message = f"`{scope['method']}` is not answered here; use POST"
            refused = PlainProblem(405, "Method Not Allowed", message)
            await answer_plainly(send, refused, trace=trace, headers=_ALLOW)
            return
        try:
            body = await self._answer(scope, receive, trace)
        except ClientLeftError:
            return
        except Problem as problem:
            await answer_plainly(send, problem, trace=trace)
        except Exception:
            _logger.exception("no answer to a decision request, trace %s", trace.correlation)
            fault = PlainProblem(500, "Internal Server Error")
            await answer_plainly(send, fault, trace=trace)
        else:
            await answer_plainly(send, body, trace=trace, headers=_JSON)

    async def _answer(self, scope: Scope, receive: Receive, trace: RequestTrace) -> bytes:
        caller = caller_from_headers(
            self._bearer,
            authorization=header(scope, b"authorization"),
            cookie=header(scope, b"cookie"),
        )
        check_scope(caller, SCOPE, ADMIN_SCOPE)
        _check_is_json(header(scope, b"content-type"))
        body = await read_plain_body(receive, largest=LARGEST_BODY)
        request = read_body_swiftly(body, self._decoder).request
        try:
            questions = read_questions(request)
        except UndecidableError as fault:
            status = STATUS_SYNTAX_ERROR if fault.is_syntax else STATUS_PROCESSING_ERROR
            answer = Answer(Outcome.INDETERMINATE, status, str(fault))
            return self._writer.write([(answer, ())])
        answers = await self._decide(caller, [asked for asked, _ in questions])
        for (asked, _), answer in zip(questions, answers, strict=True):
            self._decisions.remember(trace.correlation, asked, answer)
        asked_by = [categories for _, categories in questions]
        return self._writer.write(list(zip(answers, asked_by, strict=True)))

    async def _decide(self, caller: Caller, questions: list[Asked]) -> list[Answer]:
        # SPEED: on SQLite a decision takes microseconds, less than handing it to a thread.
        if self._decisions.is_inline:
            return self._decide_now(caller, questions)
        return await asyncio.to_thread(self._decide_now, caller, questions)

    def _decide_now(self, caller: Caller, questions: list[Asked]) -> list[Answer]:
        answers = self._decisions.answer_all(questions)
        if ADMIN_SCOPE not in caller.scopes:
            for asked in questions:
                self._check_owner(caller, asked.resource)
        return answers

    def _check_owner(self, caller: Caller, resource: str) -> None:
        """The plain scope answers for the caller's own resources."""
        shelved = self._decisions.find_policy(resource)
        if shelved is not None and shelved.owner != caller.organization:
            message = (
                f"scope {SCOPE} answers for the resources of {caller.organization}; "
                f"`{resource}` belongs to {shelved.owner}, and needs {ADMIN_SCOPE}"
            )
            raise NotAuthorized(message)


def _check_is_json(content_type: str | None) -> None:
    media_type = (content_type or "").partition(";")[0].strip().lower()
    if media_type not in {"application/json", "application/xacml+json"}:
        message = f"the body must be `application/json`, not `{media_type[:100]}`"
        raise PlainProblem(415, "Unsupported Media Type", message)
