"""`POST /authorization/api/v1/authorize` and `/decision`: the decision point over plain ASGI.

Hot endpoints, in front of the web toolkit; they answer through the same bearer check, problem
writer and limits. The first is for services, the second for the platform's own callers. Source:
Altinn's public documentation of the decision point.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from fullmakt.access.decisions.dialects import (
    STANDARD_JSON,
    STANDARD_XML,
    XACML_JSON,
    XACML_XML,
    AltinnJson,
    AltinnXml,
    Dialect,
)
from fullmakt.foundation.http.bodies import LARGEST_BODY
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
    from collections.abc import Sequence

    from fullmakt.access.decisions.asking import Asked
    from fullmakt.access.decisions.service import DecisionPoint
    from fullmakt.access.resources.shelf import ShelvedPolicy
    from fullmakt.foundation.bearer.model import Caller
    from fullmakt.foundation.bearer.service import BearerCheck
    from fullmakt.foundation.http.plain import Receive, Scope, Send
    from fullmakt.foundation.http.traces import RequestTrace

_logger = logging.getLogger(__name__)
SCOPE = "altinn:authorization/authorize"
ADMIN_SCOPE = "altinn:authorization/authorize.admin"
JSON = "application/json"
PLATFORM_TOKEN = b"platformaccesstoken"
LONGEST_KEPT_TYPE = 256
"""Of content types that are longer, what they name is not kept: nothing limits a header."""
_READ = frozenset({b"authorization", b"cookie", b"content-type", PLATFORM_TOKEN})
_APP_CLAIM = "urn:altinn:app"
_ALLOW = (("allow", "POST"),)
_STANDARD: Mapping[str, Dialect] = {XACML_JSON: STANDARD_JSON, XACML_XML: STANDARD_XML}

Sent = Mapping[bytes, str]
"""The headers of a request that are read here, the first of each name."""
Admit = Callable[[Sent], "Caller | None"]
"""Lets a request in, or refuses it. Whom it gives is asked about its own resources alone."""


class DecisionEndpoint:
    """Reads a decision request, has it decided, writes the answer.

    SPEC: whatever is wrong with the question is told in an answer of 200, as Indeterminate.
    """

    def __init__(
        self, decisions: DecisionPoint, *, admit: Admit, dialects: Mapping[str, Dialect]
    ) -> None:
        self._decisions = decisions
        self._admit = admit
        self._choose = _Chooser(dialects)
        self._choose_kept = lru_cache(maxsize=64)(self._choose)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        trace: RequestTrace = scope.get("fullmakt.trace") or read_trace(scope["headers"])
        if scope["method"] != "POST":
            message = f"`{scope['method']}` is not answered here; use POST"
            refused = PlainProblem(405, "Method Not Allowed", message)
            await answer_plainly(send, refused, trace=trace, headers=_ALLOW)
            return
        try:
            sent = first_of_each(scope, _READ)
            caller = self._admit(sent)
            dialect = self._dialect_for(sent.get(b"content-type", ""))
            body = await read_plain_body(receive, largest=LARGEST_BODY)
            questions, write, is_about_instances = dialect.read(body)
            # SPEED: on SQLite a decision takes microseconds, less than waiting for it would.
            if is_about_instances:
                questions, answers = await self._decisions.answer_about_instances(questions)
            elif self._decisions.is_inline:
                answers = self._decisions.answer_in_turn(questions)
            else:
                answers = await self._decisions.answer_on_loop(questions)
            if caller is not None and ADMIN_SCOPE not in caller.scopes:
                await self._check_owners(caller, questions)
            self._decisions.remember(trace.correlation, questions, answers)
            written = write(answers)
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

    def _dialect_for(self, content_type: str) -> Dialect:
        is_short = len(content_type) <= LONGEST_KEPT_TYPE
        return self._choose_kept(content_type) if is_short else self._choose(content_type)

    async def _check_owners(self, caller: Caller, questions: Sequence[Asked]) -> None:
        for asked in questions:
            shelved = (
                self._decisions.find_policy(asked.resource)
                if self._decisions.is_inline
                else await self._decisions.find_policy_on_loop(asked.resource)
            )
            if shelved is not None:
                _check_owner(caller, shelved)


def media_type_of(content_type: str) -> str:
    """What a content type names, without its parameters."""
    return content_type.partition(";")[0].strip().lower()


class _Chooser:
    """Finds the dialect of a content type."""

    def __init__(self, dialects: Mapping[str, Dialect]) -> None:
        self._dialects = dialects

    def __call__(self, content_type: str) -> Dialect:
        """The dialect. Raises: PlainProblem."""
        media_type = media_type_of(content_type)
        dialect = self._dialects.get(media_type)
        if dialect is None:
            known = ", ".join(f"`{each}`" for each in self._dialects)
            message = f"the body must be one of {known}, not `{media_type[:100]}`"
            raise PlainProblem(415, "Unsupported Media Type", message)
        return dialect


def authorize_endpoint(decisions: DecisionPoint, bearer: BearerCheck) -> DecisionEndpoint:
    """The endpoint for services: a token with one of two scopes, Altinn's JSON or the standard."""

    def admit(sent: Sent) -> Caller:
        caller = caller_from_headers(
            bearer, authorization=sent.get(b"authorization"), cookie=sent.get(b"cookie")
        )
        check_scope(caller, SCOPE, ADMIN_SCOPE)
        return caller

    dialects: dict[str, Dialect] = {JSON: AltinnJson(), **_STANDARD}
    return DecisionEndpoint(decisions, admit=admit, dialects=dialects)


def platform_endpoint(
    decisions: DecisionPoint, bearer: BearerCheck, *, is_open: bool
) -> DecisionEndpoint:
    """The endpoint for the platform's own callers, who name nobody by person number.

    QUIRK: the original lets everybody in. Kept with `is_open`, for a test world; else a platform
    token is wanted. Held by test_a_caller_without_a_platform_token_is_refused.
    """

    def admit(sent: Sent) -> None:
        if not is_open:
            caller = bearer.caller_from_header(_as_bearer(sent.get(PLATFORM_TOKEN)))
            if not isinstance(caller.claims.get(_APP_CLAIM), str):
                message = f"a platform token names its app in `{_APP_CLAIM}`"
                raise NotAuthorized(message)

    in_xml = AltinnXml()
    dialects: dict[str, Dialect] = {
        JSON: AltinnJson(is_internal=True),
        "application/xml": in_xml,
        "text/xml": in_xml,
        **_STANDARD,
    }
    return DecisionEndpoint(decisions, admit=admit, dialects=dialects)


def _as_bearer(token: str | None) -> str | None:
    return None if token is None else f"Bearer {token}"


def is_own(shelved: ShelvedPolicy, caller: Caller) -> bool:
    """Whether the resource is the caller's, so that the plain scope answers for it."""
    organization = caller.organization
    return organization is not None and shelved.owner.digits == organization.digits


def _check_owner(caller: Caller, shelved: ShelvedPolicy) -> None:
    if not is_own(shelved, caller):
        message = (
            f"scope {SCOPE} answers for the resources of {caller.organization or 'nobody'}; "
            f"`{shelved.identifier}` belongs to {shelved.owner}, and needs {ADMIN_SCOPE}"
        )
        raise NotAuthorized(message)
