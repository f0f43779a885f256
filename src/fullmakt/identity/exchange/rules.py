"""The claims of an exchanged token, from those of the Maskinporten token it is made from.

Altinn's public documentation of the token exchange.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fullmakt.foundation.terms import urns
from fullmakt.identity.exchange.errors import NotExchanged, UnknownProvider
from fullmakt.identity.exchange.model import Provider

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from fullmakt.foundation.bearer.model import Caller
    from fullmakt.foundation.terms.numbers import OrganizationNumber
    from fullmakt.identity.exchange.model import ExchangeLimits

_SHOWN = 80
_LEVEL = 3
_LEFT_OUT = frozenset({"aud", "iss", "client_amr", "sid", "exp", "iat", "nbf"})
_SERVICE_OWNER_SCOPE = "altinn:serviceowner"
_DIGDIR, _TEST_DEPARTMENT = "digdir", "ttd"


def read_provider(name: str) -> Provider:
    """The provider called `name`, whatever its letter case. Raises: UnknownProvider."""
    try:
        return Provider(name.lower())
    except ValueError:
        raise UnknownProvider(name[:_SHOWN]) from None


def consumer_of(caller: Caller) -> OrganizationNumber:
    """The organisation a Maskinporten token was issued to. Raises: NotExchanged."""
    if caller.organization is None or "consumer" not in caller.claims:
        message = "the token has no `consumer`"
        raise NotExchanged(message)
    return caller.organization


def asks_as_service_owner(caller: Caller) -> bool:
    """Whether a scope of the token is a service owner's."""
    return any(
        scope == _SERVICE_OWNER_SCOPE or scope.startswith(f"{_SERVICE_OWNER_SCOPE}/")
        for scope in caller.scopes
    )


def exchanged_claims(
    caller: Caller,
    *,
    service_owner: str | None,
    issuer: str,
    session: UUID,
    at: datetime,
    limits: ExchangeLimits,
) -> dict[str, object]:
    """The claims of the new token. `service_owner` is the code of one, None when it is none."""
    issued_at = int(at.timestamp())
    claims = {name: value for name, value in caller.claims.items() if name not in _LEFT_OUT}
    # QUIRK: the original flattens claims on reading, so a list of one detail becomes an object.
    details = claims.get("authorization_details")
    if isinstance(details, list) and len(details) == 1:
        claims["authorization_details"] = details[0]
    if service_owner is not None:
        claims[urns.SERVICE_OWNER] = service_owner
    return {
        **claims,
        "urn:altinn:orgNumber": consumer_of(caller).digits,
        "urn:altinn:authenticatemethod": "maskinporten",
        urns.AUTHENTICATION_LEVEL: _LEVEL,
        "iss": issuer,
        "sid": str(session),
        "nbf": issued_at,
        "iat": issued_at,
        "exp": issued_at + int(limits.lifetime.total_seconds()),
    }


def service_owner_code(code: str, *, is_test: bool) -> str:
    """The code a service owner goes by; the directorate is its test department when asked to be."""
    return _TEST_DEPARTMENT if is_test and code == _DIGDIR else code
