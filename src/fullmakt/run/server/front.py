"""The front of the house: a plain ASGI application that every request enters through.

It gives the request its house, its trace and the addresses that its links begin with, and hands it
to a hot endpoint or to the web toolkit. What each host serves is said in `hosts.py`; a path is read
as `paths.py` says. A fault of a hot endpoint is told as the toolkit's are.
"""

from __future__ import annotations

import asyncio
import logging
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from fullmakt.foundation.http.plain import answer_plainly, header
from fullmakt.foundation.http.traces import HEADER, read_trace
from fullmakt.foundation.http.written_paths import HELD_APART, has_inner_slash, held_apart
from fullmakt.foundation.terms.problem import PlainProblem
from fullmakt.run.server.house import HOT_OPERATIONS
from fullmakt.run.server.paths import DeclaredPaths

if TYPE_CHECKING:
    from litestar import Litestar

    from fullmakt.foundation.http.direct import DirectEndpoint
    from fullmakt.foundation.http.plain import Receive, Scope, Send
    from fullmakt.run.server.hosts import Hosts
    from fullmakt.run.server.house import House

_logger = logging.getLogger(__name__)
_LOOK_AGAIN_AFTER_S = 0.005
_EMPTY = (b"content-length", b"0")
_SHOWN = 200
_PLACES, _LONGEST_USUAL = 1024, 512


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
        declared = (route.path for route in application.routes)
        self._paths = DeclaredPaths([*HOT_OPERATIONS, *declared])
        self._places = _Places(None)

    def find_direct(self, url: bytes, host: bytes) -> DirectEndpoint | None:
        """What answers directly at a request's target and `Host`, written in the usual way."""
        house = self._source.house
        # INVARIANT: what is kept is short; the server sets no limit to a line of a request.
        if house is None or len(url) + len(host) > _LONGEST_USUAL:
            return None
        if house.hosts is not self._places.hosts:
            self._places = _Places(house.hosts)
        path = self._places.path_at(url, host)
        return None if path is None else house.direct_endpoints.get(path)

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
        _hold_apart(scope)
        if not _is_served(scope, house):
            await answer_plainly(send, _not_here(scope), trace=trace)
            return
        hot = house.hot_endpoints.get(scope["path"])
        if hot is None:
            path = self._paths.as_declared(scope["path"])
            scope["path"], scope["raw_path"] = path, quote(path).encode()
            hot = house.hot_endpoints.get(path)
        if hot is None:
            await self._application(scope, receive, _traced(send, trace.correlation.encode()))
            return
        # INVARIANT: hot endpoints tell the trace in their answers themselves.
        try:
            await hot(scope, receive, send)
        except Exception:
            # Nothing has been sent: these endpoints send an answer when they have all of it.
            _logger.exception(
                "no answer to %s %s, trace %s", scope["method"], scope["path"], trace.correlation
            )
            await answer_plainly(send, PlainProblem(500, "Internal Server Error"), trace=trace)


class _Places:
    """Where usual targets lead at each host; those asked for lately are kept."""

    def __init__(self, hosts: Hosts | None) -> None:
        self.hosts = hosts
        self.path_at = lru_cache(_PLACES)(self._path_at)

    def _path_at(self, url: bytes, host: bytes) -> str | None:
        """The path in the house; None where the host does not serve it."""
        path = url.decode("latin-1")
        found = None if self.hosts is None else self.hosts.find(host.decode("latin-1"))
        return path if found is None else found.path_within(path)


def _is_served(scope: Scope, house: House) -> bool:
    """Whether the host that was called serves the path, which becomes the house's own."""
    scope["fullmakt.addresses"] = house.addresses
    if house.hosts is None:
        return True
    host = house.hosts.find(header(scope, b"host") or "")
    if host is None:
        return True
    path = host.path_within(scope["path"])
    if path is None:
        return False
    scope["path"], scope["fullmakt.addresses"] = path, house.addresses.by_name()
    return True


def _not_here(scope: Scope) -> PlainProblem:
    host = (header(scope, b"host") or "")[:_SHOWN]
    message = f"`{scope['method']} {scope['path'][:_SHOWN]}` leads nowhere at `{host}`"
    return PlainProblem(404, "Not Found", message)


def _hold_apart(scope: Scope) -> None:
    raw_path = scope.get("raw_path") or b""
    if has_inner_slash(raw_path):
        scope["path"], scope[HELD_APART] = held_apart(raw_path), True


def _traced(send: Send, correlation: bytes) -> Send:
    async def send_traced(message: Any) -> None:  # noqa: ANN401  ASGI's own message
        if message["type"] == "http.response.start":
            headers = list(message["headers"])
            if not any(name == HEADER for name, _ in headers):
                headers.append((HEADER, correlation))
            if _EMPTY in headers:
                # SPEC: an answer without a body has no type; the toolkit names one all the same.
                headers = [each for each in headers if each[0] != b"content-type"]
            message = {**message, "headers": headers}
        await send(message)

    return send_traced
