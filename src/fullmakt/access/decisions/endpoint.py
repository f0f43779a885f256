"""`POST /authorization/api/v1/authorize`: the decision point for services, as a plain ASGI handler.

One of the hot endpoints, in front of the web toolkit; it answers through the same bearer check,
problem writer and limits. Source: Altinn's public documentation of the decision point.
"""

from __future__ import annotations

import asyncio
import logging
from functools import lru_cache
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
    first_of_each,
    read_plain_body,
)
from fullmakt.foundation.http.traces import HEADER, read_trace
from fullmakt.foundation.terms.problem import NotAuthorized, PlainProblem, Problem

if TYPE_CHECKING:
    from fullmakt.access.decisions.answering import Written
    from fullmakt.access.decisions.asking import Asked
    from fullmakt.access.decisions.service import DecisionPoint
    from fullmakt.access.resources.service import ShelvedPolicy
    from fullmakt.foundation.bearer.model import Caller
    from fullmakt.foundation.bearer.service import BearerCheck
    from fullmakt.foundation.http.plain import Receive, Scope, Send
    from fullmakt.foundation.http.traces import RequestTrace

_logger = logging.getLogger(__name__)
SCOPE = "altinn:authorization/authorize"
ADMIN_SCOPE = "altinn:authorization/authorize.admin"
_ALLOW = (("allow", "POST"),)


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
        trace: RequestTrace = scope.get("fullmakt.trace") or read_trace(scope["headers"])
        if scope["method"] != "POST":
            message = f"`{scope['method']}` is not answered here; use POST"
            refused = PlainProblem(405, "Method Not Allowed", message)
            await answer_plainly(send, refused, trace=trace, headers=_ALLOW)
            return
        try:
            caller = self._admitted(scope)
            body = await read_plain_body(receive, largest=LARGEST_BODY)
            written = await self._answer(caller, body, trace)
        except ClientLeftError:
            return
        except Problem as problem:
            await answer_plainly(send, problem, trace=trace)
        except Exception:
            _logger.exception("no answer to a decision request, trace %s", trace.correlation)
            fault = PlainProblem(500, "Internal Server Error")
            await answer_plainly(send, fault, trace=trace)
        else:
            # SPEED: these headers are made once for an answer that is written once
            # (benchmarks/authorize.py).
            headers = [*written.headers, (HEADER, trace.correlation.encode())]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": written.body})

    def _admitted(self, scope: Scope) -> Caller:
        sent = first_of_each(scope)
        caller = caller_from_headers(
            self._bearer, authorization=sent.get(b"authorization"), cookie=sent.get(b"cookie")
        )
        check_scope(caller, SCOPE, ADMIN_SCOPE)
        _check_is_json(sent.get(b"content-type"))
        return caller

    async def _answer(self, caller: Caller, body: bytes, trace: RequestTrace) -> Written:
        request = read_body_swiftly(body, self._decoder).request
        try:
            questions, asked_by = read_questions(request)
        except UndecidableError as fault:
            status = STATUS_SYNTAX_ERROR if fault.is_syntax else STATUS_PROCESSING_ERROR
            answer = Answer(Outcome.INDETERMINATE, status, str(fault))
            return self._writer.write([answer], [()])
        # SPEED: on SQLite a decision takes microseconds, less than handing it to a thread.
        if self._decisions.is_inline:
            answers = self._decisions.answer_in_turn(questions)
        else:
            answers = await asyncio.to_thread(self._decisions.answer_all, questions)
        if ADMIN_SCOPE not in caller.scopes:
            self._check_owners(caller, questions)
        self._decisions.remember(trace.correlation, questions, answers)
        return self._writer.write(answers, asked_by)

    def _check_owners(self, caller: Caller, questions: list[Asked]) -> None:
        for asked in questions:
            shelved = self._decisions.find_policy(asked.resource)
            if shelved is not None:
                _check_owner(caller, shelved)


def _check_owner(caller: Caller, shelved: ShelvedPolicy) -> None:
    """The plain scope answers for the caller's own resources."""
    if caller.organization is None or shelved.owner.digits != caller.organization.digits:
        message = (
            f"scope {SCOPE} answers for the resources of {caller.organization}; "
            f"`{shelved.identifier}` belongs to {shelved.owner}, and needs {ADMIN_SCOPE}"
        )
        raise NotAuthorized(message)


@lru_cache(maxsize=64)
def _check_is_json(content_type: str | None) -> None:
    media_type = (content_type or "").partition(";")[0].strip().lower()
    if media_type not in {"application/json", "application/xacml+json"}:
        message = f"the body must be `application/json`, not `{media_type[:100]}`"
        raise PlainProblem(415, "Unsupported Media Type", message)
