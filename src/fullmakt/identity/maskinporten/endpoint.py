"""`POST /token` as a plain ASGI handler on the event loop; whatever is wrong is told as JSON."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from fullmakt.foundation.http.plain import ClientLeftError, header, read_plain_body
from fullmakt.foundation.http.traces import HEADER, RequestTrace, read_trace
from fullmakt.foundation.terms.problem import TooLarge
from fullmakt.identity.maskinporten.errors import (
    GrantRefused,
    MethodNotAllowed,
    TemporarilyUnavailable,
    UnreadableRequest,
)
from fullmakt.identity.maskinporten.model import LARGEST_REQUEST
from fullmakt.identity.maskinporten.wire import readable, write_refusal, write_token

if TYPE_CHECKING:
    from fullmakt.foundation.http.plain import Receive, Scope, Send
    from fullmakt.identity.maskinporten.service import TokenServer

_SHOWN = 40
_logger = logging.getLogger(__name__)
_HEADERS = (
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
    (b"pragma", b"no-cache"),
)
_MORE_HEADERS: dict[type[GrantRefused], tuple[tuple[bytes, bytes], ...]] = {
    TemporarilyUnavailable: ((b"retry-after", b"1"),),
    MethodNotAllowed: ((b"allow", b"POST"),),
}


class TokenEndpoint:
    """Reads a request, has it answered, writes the answer.

    What is refused is told as documented; our own explanation is the header `fullmakt-reason`.
    """

    def __init__(self, server: TokenServer) -> None:
        self._server = server

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        trace = scope.get("fullmakt.trace") or read_trace(scope["headers"])
        issuer = self._server.issuers.for_host(header(scope, b"host") or "")
        try:
            _check_method(scope["method"])
            body = await _read(receive)
            content_type = header(scope, b"content-type") or ""
            token = await self._server.issue(content_type, body, issuer=issuer)
        except ClientLeftError:
            return
        except GrantRefused as refused:
            await _refuse(send, refused, issuer=issuer, trace=trace)
        except Exception:
            _logger.exception("no answer to a grant, trace %s", trace.correlation)
            await _refuse(send, TemporarilyUnavailable(), issuer=issuer, trace=trace)
        else:
            await _answer(send, 200, write_token(token), list(_HEADERS), trace=trace)


def _check_method(method: str) -> None:
    if method != "POST":
        raise MethodNotAllowed(method=method[:_SHOWN])


async def _read(receive: Receive) -> bytes:
    try:
        return await read_plain_body(receive, largest=LARGEST_REQUEST)
    except TooLarge:
        raise UnreadableRequest(what=f"it has more than {LARGEST_REQUEST} bytes") from None


async def _refuse(send: Send, refused: GrantRefused, *, issuer: str, trace: RequestTrace) -> None:
    headers = list(_HEADERS)
    if refused.detail:
        headers.append((b"fullmakt-reason", readable(refused.detail).encode()))
    headers.extend(_MORE_HEADERS.get(type(refused), ()))
    body = write_refusal(refused, issuer=issuer, trace_id=trace.correlation)
    await _answer(send, refused.status, body, headers, trace=trace)


async def _answer(
    send: Send,
    status: int,
    body: bytes,
    headers: list[tuple[bytes, bytes]],
    *,
    trace: RequestTrace,
) -> None:
    headers.append((b"content-length", str(len(body)).encode()))
    headers.append((HEADER, trace.correlation.encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
