"""The two versions of client delegation: their paths, and what they call client and agent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from litestar import Request
from litestar.handlers import HTTPRouteHandler

from fullmakt.access.connections import clients
from fullmakt.foundation.http.doors import Guard

PORTAL = "altinn:portal/enduser"
V1 = "/accessmanagement/api/v1/enduser/clientdelegations"
V2 = "/accessmanagement/api/v2/enduser/clientdelegations"

AnyRequest = Request[Any, Any, Any]


def both(path: str) -> list[str]:
    """The path in both versions."""
    return [f"{V1}/{path}", f"{V2}/{path}"]


def at_each(
    method: Callable[..., Any],
    paths: Sequence[str],
    *,
    guards: Sequence[Guard],
    status_code: int = 200,
) -> Callable[[Callable[..., Any]], list[HTTPRouteHandler]]:
    """A handler for each of these paths.

    One handler with several paths would be made to run in a thread once for each of them.
    """

    def handlers(handle: Callable[..., Any]) -> list[HTTPRouteHandler]:
        return [
            method(path, guards=list(guards), status_code=status_code, sync_to_thread=True)(handle)
            for path in paths
        ]

    return handlers


def names_of(request: AnyRequest) -> clients.Names:
    """What client and agent are called in the version that is called."""
    return clients.V2 if request.url.path.startswith(V2) else clients.V1


def has_resources(request: AnyRequest) -> bool:
    """Whether the version that is called shows single services."""
    return names_of(request) is clients.V2
