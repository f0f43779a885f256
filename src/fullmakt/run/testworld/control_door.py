"""The door of the control surface: this machine alone, no web page, and a secret for changes."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from fullmakt.foundation.terms.problem import NotAuthenticated, PlainProblem

if TYPE_CHECKING:
    from litestar.handlers import BaseRouteHandler

    from fullmakt.foundation.http.doors import AnyConnection

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class ForeignHost(PlainProblem):
    """The request names a host that is neither this machine nor the address of this world."""

    def __init__(self, host: str) -> None:
        message = f"the control surface answers to this machine's own names, not to `{host[:80]}`"
        super().__init__(403, "Forbidden", message)


class ForeignOrigin(PlainProblem):
    """A page of another site sent the request."""

    def __init__(self, origin: str, base: str) -> None:
        message = f"a page of `{origin[:80]}` may not use the control surface of `{base}`"
        super().__init__(403, "Forbidden", message)


@dataclass(frozen=True, slots=True)
class ControlDoor:
    """Who may use the control surface of one run."""

    base: str
    _secret: str = field(repr=False)

    def check_neighbour(self, *, host: str | None, origin: str | None) -> None:
        """Refuse a rebound name and another site's page. Raises: ForeignHost, ForeignOrigin."""
        if _host_name(host or "") not in _LOOPBACK | {urlsplit(self.base).hostname}:
            raise ForeignHost(host or "")
        if origin is not None and origin != self.base:
            raise ForeignOrigin(origin, self.base)

    def check_secret(self, authorization: str | None) -> None:
        """Refuse whoever does not know the run's secret. Raises: NotAuthenticated."""
        scheme, _, given = (authorization or "").partition(" ")
        if scheme.lower() != "bearer":
            message = "the run's secret is needed as a bearer token; it stands in the run file"
            raise NotAuthenticated(message)
        if not secrets.compare_digest(given.strip().encode(), self._secret.encode()):
            message = "the secret is not that of this run; it stands in the run file"
            raise NotAuthenticated(message)


def _host_name(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _door_of(connection: AnyConnection) -> ControlDoor:
    return cast("ControlDoor", connection.app.state["door"])


def neighbour(connection: AnyConnection, _handler: BaseRouteHandler) -> None:
    """A guard that lets programs of this machine in."""
    headers = connection.headers
    _door_of(connection).check_neighbour(host=headers.get("host"), origin=headers.get("origin"))


def secret_holder(connection: AnyConnection, handler: BaseRouteHandler) -> None:
    """A guard that also wants the run's secret."""
    neighbour(connection, handler)
    _door_of(connection).check_secret(connection.headers.get("authorization"))
