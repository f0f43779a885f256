"""Direct answers: a connection that hands hot requests over whole and writes what they give.

Without a task, a scope and messages for each request, which take longer than a decision does
(docs/adr/0026). What arrives in one turn of the loop is answered together. Only the usual request
goes this way; everything else is as in uvicorn, whose connection this is.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, ClassVar, cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from fullmakt.foundation.http.direct import LARGEST_DIRECT_BODY, DirectRequest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

    from fullmakt.foundation.http.direct import DirectAnswer, DirectEndpoint
    from fullmakt.run.server.front import Front

_logger = logging.getLogger(__name__)
_DIGITS = len(str(LARGEST_DIRECT_BODY))
_CLOSE, _END = b"connection: close\r\n\r\n", b"\r\n"


def direct_protocol(front: Front) -> type[HttpToolsProtocol]:
    """The kind of connection that answers directly what `front` can; uvicorn takes it as `http`."""
    return type("DirectConnection", (DirectProtocol,), {"_desk": _Desk(front)})


class _Desk:
    """Where connections leave the requests of one turn of the loop."""

    def __init__(self, front: Front) -> None:
        self._waiting: list[DirectProtocol] = []
        self._headers: list[tuple[bytes, bytes]] = []
        self._begin = b""
        self.find = front.find_direct

    def take(self, connection: DirectProtocol) -> None:
        """Keep a connection with a whole request until the turn ends."""
        if not self._waiting:
            connection.loop.call_soon(self._answer)
        self._waiting.append(connection)

    def _answer(self) -> None:
        gathered, self._waiting = self._waiting, []
        by_endpoint: dict[DirectEndpoint, list[DirectProtocol]] = {}
        for connection in gathered:
            if connection.waits_at is not None:
                by_endpoint.setdefault(connection.waits_at, []).append(connection)
        for endpoint, connections in by_endpoint.items():
            answers = _answers(endpoint, [each.request for each in connections])
            for connection, answer in zip(connections, answers, strict=True):
                if answer is None:
                    connection.leave_desk()
                else:
                    connection.answer(answer, self._beginning_at(connection))

    def _beginning_at(self, connection: DirectProtocol) -> bytes:
        """The status line and what every answer has: new each second, with its date."""
        headers = connection.server_state.default_headers
        if headers is not self._headers:
            lines = [b"%b: %b\r\n" % each for each in headers]
            self._headers, self._begin = headers, STATUS_LINE[200] + b"".join(lines)
        return self._begin


def _answers(
    endpoint: DirectEndpoint, requests: Sequence[DirectRequest]
) -> Sequence[DirectAnswer | None]:
    try:
        return endpoint.answer_together(requests)
    except Exception:
        _logger.exception(
            "no direct answer to %s requests; they go the ordinary way", len(requests)
        )
        return [None] * len(requests)


class DirectProtocol(HttpToolsProtocol):
    """One connection."""

    _desk: ClassVar[_Desk]

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401  as uvicorn's
        super().__init__(*arguments, **named)
        self._is_able = not (self.root_path or self.config.access_log or self.limit_concurrency)
        self._endpoint: DirectEndpoint | None = None
        """Of the request that arrives or waits, if it can be answered directly."""
        self._pieces: list[bytes] = []
        self._first: dict[bytes, bytes] = {}
        self._is_last = False
        self._idle_since: float | None = None
        self._idle_timer: asyncio.TimerHandle | None = None
        self.waits_at: DirectEndpoint | None = None
        """The endpoint that a whole request waits for."""

    @property
    def request(self) -> DirectRequest:
        """The request that waits."""
        return DirectRequest(self._first, b"".join(self._pieces))

    def data_received(self, data: bytes) -> None:
        """More of a request."""
        self._idle_since = None
        super().data_received(data)

    def on_message_begin(self) -> None:
        """A request begins. The scope is made when it is known to be wanted."""
        if self.waits_at is not None:
            # It has come right behind one that waits: both are answered in order by the other way.
            self.leave_desk()
        self.url, self.headers, self.expect_100_continue = b"", [], False
        self._endpoint = None

    def on_headers_complete(self) -> None:
        """The head is there: which way the request goes."""
        self._endpoint = self._find_endpoint()
        if self._endpoint is None:
            self._begin_ordinary()
        else:
            self._pieces = []

    def _find_endpoint(self) -> DirectEndpoint | None:
        parser, cycle = self.parser, cast("RequestResponseCycle | None", self.cycle)
        if (
            not self._is_able
            or parser.get_method() != b"POST"
            or self.expect_100_continue
            or parser.should_upgrade()
            or not parser.should_keep_alive()
            or parser.get_http_version() != "1.1"
            or self.flow.write_paused
            or not (cycle is None or cycle.response_complete)
        ):
            return None
        first = self._first = dict(reversed(self.headers))
        length = first.get(b"content-length", b"")
        if not (length.isdigit() and len(length) <= _DIGITS and int(length) <= LARGEST_DIRECT_BODY):
            return None
        return self._desk.find(self.url, first.get(b"host", b""))

    def _begin_ordinary(self) -> None:
        url, headers, expects = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue = url, expects
        self.headers.extend(headers)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of the body."""
        if self._endpoint is None:
            super().on_body(body)
        else:
            self._pieces.append(body)

    def on_message_complete(self) -> None:
        """The request is there to its end."""
        if self._endpoint is None:
            super().on_message_complete()
        else:
            self.waits_at = self._endpoint
            self._desk.take(self)

    def leave_desk(self) -> None:
        """Have the request that waits answered the ordinary way."""
        self._endpoint = self.waits_at = None
        if self.transport.is_closing():
            return
        self._begin_ordinary()
        super().on_body(b"".join(self._pieces))
        super().on_message_complete()
        if self._is_last:
            self.cycle.keep_alive = False

    def answer(self, answer: DirectAnswer, beginning: bytes) -> None:
        """Write the answer to the request that waits."""
        self._endpoint = self.waits_at = None
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        end = _CLOSE if self._is_last else _END
        self.transport.write(b"".join((beginning, answer.head, end, answer.body)))
        if self._is_last:
            self.transport.close()
        else:
            self._wait_for_more()

    def _wait_for_more(self) -> None:
        # SPEED: one timer in its time, not one for each answer (benchmarks/authorize.py).
        self._idle_since = self.loop.time()
        if self._idle_timer is None:
            self._idle_timer = self.loop.call_later(self.timeout_keep_alive, self._end_wait)

    def _end_wait(self) -> None:
        self._idle_timer = None
        if self._idle_since is None:
            return
        left = self._idle_since + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self._idle_timer = self.loop.call_later(left, self._end_wait)
        else:
            self.timeout_keep_alive_handler()

    def shutdown(self) -> None:
        """Close the connection, once what is under way is answered."""
        if self._endpoint is None:
            super().shutdown()
        else:
            self._is_last = True

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone, and what waits is nobody's."""
        self._endpoint = self.waits_at = self._idle_since = None
        if self._idle_timer is not None:
            self._idle_timer.cancel()
        super().connection_lost(exc)
