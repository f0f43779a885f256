"""The front of the house: a plain ASGI application that every request enters through.

It gives the request its house and its trace, and hands it to a hot endpoint or to the web toolkit.
A slash at the end of a path is passed over, and the fixed parts of a path are read whatever their
letter case, as the platform does.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Protocol

from fullmakt.foundation.http.traces import HEADER, read_trace

if TYPE_CHECKING:
    from litestar import Litestar

    from fullmakt.foundation.http.plain import Receive, Scope, Send
    from fullmakt.run.server.house import House

_LOOK_AGAIN_AFTER_S = 0.005


class HouseSource(Protocol):
    """Where the front gets the house that a request is for."""

    @property
    def house(self) -> House | None:
        """The house that stands now; None while one takes another's place."""
        ...


class Front:
    """Every request's way in."""

    def __init__(
        self,
        source: HouseSource,
        application: Litestar,
    ) -> None:
        self._source = source
        self._application: Any = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or start and stop with the server."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        house = self._source.house
        while house is None:
            await asyncio.sleep(_LOOK_AGAIN_AFTER_S)
            house = self._source.house
        trace = read_trace(scope["headers"])
        scope["fullmakt.house"], scope["fullmakt.trace"] = house, trace
        path = scope["path"]
        if len(path) > 1 and path.endswith("/"):
            path = scope["path"] = path.rstrip("/") or "/"
            scope["raw_path"] = path.encode()
        hot = house.hot_endpoints.get(path.lower())
        if hot is not None:
            await hot(scope, receive, _traced(send, trace.correlation.encode()))
        else:
            await self._application(scope, receive, _traced(send, trace.correlation.encode()))


def _traced(send: Send, correlation: bytes) -> Send:
    async def send_traced(message: Any) -> None:  # noqa: ANN401  ASGI's own message
        if message["type"] == "http.response.start":
            headers = message["headers"]
            if not any(name == HEADER for name, _ in headers):
                message = {**message, "headers": [*headers, (HEADER, correlation)]}
        await send(message)

    return send_traced
