"""`POST /authorization/api/v1/authorize` answered directly: the usual question, many at once.

One barrier, passed after all of them arrived, serves them all. What is not usual (a new token, a
scope that is missing, a question that needs care, a primary that is away) is left to
`endpoint.py`, which tells what is wrong; what is answered here is answered there the same.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from fullmakt.access.decisions.answering import AnswerWriter
from fullmakt.access.decisions.endpoint import (
    ADMIN_SCOPE,
    JSON,
    LONGEST_KEPT_TYPE,
    SCOPE,
    is_own,
    media_type_of,
)
from fullmakt.access.decisions.freshness import PrimaryUnreachable
from fullmakt.access.decisions.plain_asking import read_plainly
from fullmakt.foundation.http.direct import DirectAnswer
from fullmakt.foundation.http.traces import HEADER, TRACEPARENT, continued, new_trace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from fullmakt.access.decisions.service import DecisionPoint
    from fullmakt.foundation.bearer.service import BearerCheck
    from fullmakt.foundation.http.direct import DirectRequest

_SCOPES = frozenset({SCOPE, ADMIN_SCOPE})
_TRACED = b"%b: %%b\r\n" % HEADER


class DirectAuthorize:
    """Answers those who are known and ask plainly."""

    def __init__(self, decisions: DecisionPoint, bearer: BearerCheck) -> None:
        self._decisions = decisions
        self._bearer = bearer
        self._writer = AnswerWriter()

    def answer_together(self, requests: Sequence[DirectRequest]) -> Sequence[DirectAnswer | None]:
        """The answer to each; None for one that is to be answered the ordinary way."""
        now = self._bearer.now()
        try:
            # INVARIANT: read after the last of these requests arrived, and for these alone.
            self._decisions.catch_up()
        except PrimaryUnreachable:
            return [None] * len(requests)
        at = self._decisions.now()
        return [self._answer(request, now, at) for request in requests]

    def _answer(self, request: DirectRequest, now: datetime, at: datetime) -> DirectAnswer | None:
        """`now` is the machine's time, which tokens go by, `at` the world's."""
        headers = request.headers
        authorization = headers.get(b"authorization")
        content_type = headers.get(b"content-type", b"")
        if (
            authorization is None
            or b"cookie" in headers
            or len(content_type) > LONGEST_KEPT_TYPE
            or not _is_json(content_type)
        ):
            return None
        caller = self._bearer.find_known(authorization.decode("latin-1"), at=now)
        if caller is None or caller.scopes.isdisjoint(_SCOPES):
            return None
        traceparent = headers.get(TRACEPARENT)
        trace = new_trace() if traceparent is None else continued(traceparent)
        asked = read_plainly(request.body)
        if asked is None or trace is None:
            return None
        decisions = self._decisions
        try:
            answer = decisions.answer_caught_up(asked)
            if ADMIN_SCOPE not in caller.scopes:
                shelved = decisions.find_policy(asked.resource)
                if shelved is not None and not is_own(shelved, caller):
                    return None
        except Exception:  # noqa: BLE001  the ordinary way meets it again, and tells it
            return None
        written = self._writer.write_plain((answer,))
        decisions.remember_plain(trace.correlation, request.body, asked, answer, at=at)
        return DirectAnswer(written.head + _TRACED % trace.correlation.encode(), written.body)


@lru_cache(maxsize=64)
def _is_json(content_type: bytes) -> bool:
    return media_type_of(content_type.decode("latin-1")) == JSON
