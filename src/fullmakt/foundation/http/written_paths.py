"""Slashes inside the values of a path: written `%2F`, they divide nothing.

ASGI hands a path over decoded, where such a slash is like any other. Source: RFC 3986, 2.2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

if TYPE_CHECKING:
    from litestar.types import ASGIApp, Receive, Scope, Send

HELD_APART = "fullmakt.held_apart"
"""Stands in the scope of a request whose path `held_apart` has written."""


def has_inner_slash(raw_path: bytes) -> bool:
    """Whether a value of the path holds a slash."""
    return b"%2f" in raw_path.lower()


def held_apart(raw_path: bytes) -> str:
    """The path decoded, but for slashes inside values (`%2F`) and percent signs (`%25`)."""
    parts = raw_path.decode("latin-1").split("/")
    return "/".join(unquote(part).replace("%", "%25").replace("/", "%2F") for part in parts)


def given_back(app: ASGIApp) -> ASGIApp:
    """Middleware that hands values out as they were meant, behind a path that was held apart."""

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        if HELD_APART in scope:
            values: dict[str, Any] = scope["path_params"]
            scope["path_params"] = {
                name: value.replace("%2F", "/").replace("%25", "%")
                if isinstance(value, str)
                else value
                for name, value in values.items()
            }
        await app(scope, receive, send)

    return handle
