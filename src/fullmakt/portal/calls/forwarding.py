"""A call answered by the same application under another address, within the same request.

Nothing goes over the network: the caller's own cookie and headers come along, so the platform asks
who the person is and what they may do, as it would for anybody.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, cast

from litestar import Request

from fullmakt.foundation.http.plain import Scope
from fullmakt.foundation.http.written_paths import HELD_APART, held_apart

Message: TypeAlias = MutableMapping[str, Any]

_KEPT = ("type", "asgi", "http_version", "scheme", "client", "server")
_OURS = ("fullmakt.house", "fullmakt.trace", "fullmakt.caller", "fullmakt.addresses")


@dataclass(slots=True)
class Forwarded:
    """What the platform answered."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


async def forward(
    request: Request[Any, Any, Any], method: str, path: str, query: str = "", body: bytes = b""
) -> Forwarded:
    """The answer to a call of the platform, as the caller of `request`."""
    outer = cast("dict[str, Any]", request.scope)
    kept = [(name, value) for name, value in outer["headers"] if name != b"content-length"]
    scope: Scope = {
        **{name: outer[name] for name in (*_KEPT, *_OURS) if name in outer},
        "method": method,
        # A slash inside a value leads to no other path.
        "path": held_apart(path.encode()),
        HELD_APART: True,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [*kept, (b"content-length", str(len(body)).encode())],
    }
    answer = Forwarded()

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {
                name.decode().lower(): value.decode() for name, value in message["headers"]
            }
        elif message["type"] == "http.response.body":
            answer.body += message.get("body", b"")

    await cast("Any", request.app)(scope, receive, send)
    return answer
