"""Who may use Altinn Register: components of the platform, and those trusted with every party.

A platform access token stands in a header of its own and has the issuer `platform`; the house that
trusts no such issuer admits nobody by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from litestar.handlers import BaseRouteHandler

from fullmakt.foundation.http.doors import (
    AnyConnection,
    Doorkeeper,
    Guard,
    caller_of,
    check_scope,
)
from fullmakt.foundation.terms.problem import NotAuthenticated

SCOPE = "altinn:register/partylookup.admin"
PLATFORM_ISSUER = "platform"
_HEADER = "platformaccesstoken"


@dataclass(frozen=True, slots=True)
class PlatformGuard:
    """A guard that wants a platform access token, or a token with one of the `accepted` scopes."""

    accepted: tuple[str, ...]

    def __call__(self, connection: AnyConnection, _handler: BaseRouteHandler) -> None:
        """Refuse the caller with neither. Raises: NotAuthenticated, NotAuthorized."""
        compact = connection.headers.get(_HEADER)
        if not compact:
            check_scope(caller_of(connection), *self.accepted)
            return
        try:
            _check_platform_token(connection, compact)
        except NotAuthenticated:
            # Components send both tokens; either is enough.
            if not connection.headers.get("authorization"):
                raise
            check_scope(caller_of(connection), *self.accepted)


def platform_or(*accepted: str) -> Guard:
    """A guard that wants a platform access token, or a token with one of the `accepted` scopes."""
    return PlatformGuard(accepted)


admitted = platform_or(SCOPE)


def _check_platform_token(connection: AnyConnection, compact: str) -> None:
    house = cast(Doorkeeper, cast(dict[str, Any], connection.scope)["fullmakt.house"])
    issuer = house.bearer.caller(compact).issuer
    if issuer != PLATFORM_ISSUER:
        message = f"a platform access token has issuer `{PLATFORM_ISSUER}`, not `{issuer}`"
        raise NotAuthenticated(message)


def is_service_owner(connection: AnyConnection) -> bool:
    """Whether the bearer token, if there is one, is a service owner's."""
    try:
        return caller_of(connection).service_owner is not None
    except NotAuthenticated:
        return False
