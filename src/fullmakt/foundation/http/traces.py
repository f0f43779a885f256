"""The trace of a request.

One id that stands in the answer, the events and the log (W3C Trace Context).
"""

from __future__ import annotations

import random
import re
from itertools import count
from typing import NamedTuple

HEADER, TRACEPARENT = b"x-correlation-id", b"traceparent"
_TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")
_NO_TRACE = "0" * 32
# SPEED: these ids name requests and guard nothing, so they are not drawn from the system's own
# source each time (benchmarks/authorize.py): a process counts on from what it drew.
_drawn = f"{random.SystemRandom().getrandbits(64) or 1:016x}"
_next_id = count(1 + random.SystemRandom().getrandbits(62)).__next__


class RequestTrace(NamedTuple):
    """The ids of one request: `correlation` (32 hex digits) is shared with the caller's trace."""

    correlation: str
    span: str

    @property
    def traceparent(self) -> str:
        """The trace id as problems carry it: `00-…-…-01`."""
        return f"00-{self.correlation}-{self.span}-01"


def new_trace() -> RequestTrace:
    """A trace that begins here."""
    span = _new_span()
    return RequestTrace(_drawn + span, span)


def _new_span() -> str:
    return "%016x" % _next_id()  # noqa: UP031  SPEED: half the time (benchmarks/authorize.py)


def read_trace(headers: list[tuple[bytes, bytes]]) -> RequestTrace:
    """The trace a request continues, or a new one when it names none that can be read."""
    for name, value in headers:
        if name == TRACEPARENT:
            trace = continued(value)
            if trace is not None:
                return trace
    return new_trace()


def continued(traceparent: bytes) -> RequestTrace | None:
    """The trace that a `traceparent` header continues; None for one that cannot be read."""
    match = _TRACEPARENT.fullmatch(traceparent.decode("latin-1"))
    return RequestTrace(match[1], _new_span()) if match and match[1] != _NO_TRACE else None
