"""Plain ASGI.

Reading a body and sending an answer without the web toolkit, for the hot endpoints.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any, TypeAlias

from fullmakt.foundation.http.problems import Answer, write_problem
from fullmakt.foundation.terms.problem import Problem, TooLarge

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from fullmakt.foundation.http.traces import RequestTrace

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class ClientLeftError(Exception):
    """The connection was closed before the request was read."""


def header(scope: Scope, name: bytes) -> str | None:
    """The first header called `name` (lower case), or None."""
    for key, value in scope["headers"]:
        if key == name:
            return str(value.decode("latin-1"))
    return None


def first_of_each(scope: Scope, wanted: Container[bytes]) -> Mapping[bytes, str]:
    """The first header of each name (lower case) that is `wanted`, read in one pass."""
    return {
        name: value.decode("latin-1")
        for name, value in reversed(scope["headers"])
        if name in wanted
    }


async def read_plain_body(receive: Receive, *, largest: int) -> bytes:
    """The whole body. Raises: TooLarge as soon as it is, ClientLeftError."""
    message = await receive()
    first: bytes = message.get("body", b"")
    # SPEED: most bodies come in one piece, and are not copied (benchmarks/authorize.py).
    if message["type"] == "http.request" and not message.get("more_body") and len(first) <= largest:
        return first
    body = bytearray(first)
    while message.get("more_body") and len(body) <= largest:
        message = await receive()
        body += message.get("body", b"")
    if message["type"] == "http.disconnect":
        raise ClientLeftError
    if len(body) > largest:
        text = f"the body is larger than {largest} bytes, which is the most that is read"
        raise TooLarge(text)
    return bytes(body)


async def answer_plainly(
    send: Send,
    answer: bytes | Problem,
    *,
    trace: RequestTrace,
    headers: Iterable[tuple[str, str]] = (),
) -> None:
    """Send a body with status 200, or the answer that a problem is, with `headers`."""
    finished = (
        write_problem(answer, trace=trace)
        if isinstance(answer, Problem)
        else Answer(200, (), answer)
    )
    sent = (*finished.headers, *headers)
    raw = [(name.encode(), value.encode("latin-1")) for name, value in sent]
    raw.append((b"content-length", str(len(finished.body)).encode()))
    raw.append((b"x-correlation-id", trace.correlation.encode()))
    await send({"type": "http.response.start", "status": finished.status, "headers": raw})
    await send({"type": "http.response.body", "body": finished.body})
