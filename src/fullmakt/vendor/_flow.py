"""Flows: what is said to a server and what its answers mean, without sending anything.

A flow is a generator. It yields a `Request`, is sent the answer, and returns its result. Whoever
drives it decides how requests travel, so the same flow serves threads and event loops.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar, cast

import httpx

_T = TypeVar("_T")
Flow = Generator["Request", httpx.Response, _T]

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `scopes` are what the token must have that its sender puts on it."""

    method: str
    url: str
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    json: object = field(default=None, repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)
    content: bytes | None = field(default=None, repr=False)
    scopes: tuple[str, ...] = ()
    timeout_s: float | None = None


def drive(flow: Flow[_T], send: Callable[[Request], httpx.Response]) -> _T:
    """The result of `flow`, with `send` as its way to the servers."""
    answer: httpx.Response | None = None
    while True:
        try:
            request = next(flow) if answer is None else flow.send(answer)
        except StopIteration as end:
            # What a generator returns stands in an untyped attribute of StopIteration.
            return cast(_T, end.value)
        answer = send(request)
