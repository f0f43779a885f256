"""Carries the calls of `SystemRegister`, `Requests` and the others, with a token on each.

What is said in the calls is in each one's flows, so a transport for event loops needs no copy of
it.
"""

from __future__ import annotations

from types import TracebackType
from typing import Self, TypeVar

import httpx

from fullmakt.vendor._environment import Environment
from fullmakt.vendor._flow import Flow, Request, drive
from fullmakt.vendor._sending import new_http, send
from fullmakt.vendor._tokens import TokenSource

_T = TypeVar("_T")


class Transport:
    """One environment, the tokens to use in it, and the connections. Threads may share it.

    An `http` that was given is not closed here.
    """

    def __init__(
        self, environment: Environment, tokens: TokenSource, *, http: httpx.Client | None = None
    ) -> None:
        self.environment = environment
        self._tokens = tokens
        self._http = new_http() if http is None else http
        self._is_http_ours = http is None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections made here."""
        if self._is_http_ours:
            self._http.close()

    def run(self, flow: Flow[_T]) -> _T:
        """The result of `flow`. Raises: VendorError."""
        return drive(flow, self._send)

    def _send(self, request: Request) -> httpx.Response:
        token = self._tokens.token(request.scopes)
        return send(self._http, request, authorization=token.authorization)
