"""The assertion of a grant: read, then verified against the client's key, our names and the time.

RFC 7523 section 3 and Maskinporten's public documentation of the JWT grant, for registered keys.
Whether the grant was used before, and what it asks for, is asked afterwards.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fullmakt.foundation.jose.tokens import (
    InvalidSignatureError,
    MalformedTokenError,
    UnacceptableAlgorithmError,
    read_token,
)
from fullmakt.identity.maskinporten.errors import (
    ClientNotFound,
    ExpiredGrant,
    ExpiredKey,
    GrantFromTheFuture,
    GrantNotYetValid,
    InvalidAssertion,
    InvalidSignature,
    MalformedCertificateHeader,
    MissingKeyId,
    TooLongGrant,
    UnacceptableAlgorithm,
    UnknownKeyId,
    UntrustedCertificate,
    WrongAudience,
)
from fullmakt.identity.maskinporten.model import Grant, UnverifiedGrant

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from fullmakt.credentials.clients.model import ClientKey, RegisteredClient
    from fullmakt.foundation.jose.tokens import UnverifiedToken
    from fullmakt.identity.maskinporten.model import GrantLimits

_LAST_SECOND = 253402300799
_LONGEST_JTI = 1024
_SHOWN = 120


def read_assertion(compact: str) -> UnverifiedGrant:
    """Read an assertion without trusting it. Raises: InvalidAssertion, UnacceptableAlgorithm."""
    try:
        token = read_token(compact)
    except MalformedTokenError as fault:
        raise InvalidAssertion(what=str(fault)) from None
    except UnacceptableAlgorithmError as fault:
        raise UnacceptableAlgorithm(what=str(fault)[:_SHOWN]) from None
    client_id = _text(token.claims, "iss")
    if client_id is None:
        raise InvalidAssertion(what="claim `iss` is missing")
    return UnverifiedGrant(token, client_id, compact)


def verify_grant(
    unverified: UnverifiedGrant,
    registered: RegisteredClient | None,
    *,
    audiences: AbstractSet[str],
    at: datetime,
    limits: GrantLimits,
) -> Grant:
    """The grant, once client, key, signature, audience and times hold, asked in this order.

    Raises: a GrantRefused.
    """
    if registered is None:
        detail = f"no active client has id `{unverified.client_id[:_SHOWN]}`"
        raise ClientNotFound(detail)
    key = _key(unverified.token, registered, at=at)
    try:
        claims = unverified.token.verify(key.public)
    except InvalidSignatureError as fault:
        raise InvalidSignature(str(fault)) from None
    _check_audience(claims, audiences)
    expires_at = _check_times(claims, at=at, limits=limits)
    jti = _text(claims, "jti")
    if jti is not None and len(jti) > _LONGEST_JTI:
        raise InvalidAssertion(what=f"claim `jti` has more than {_LONGEST_JTI} characters")
    return Grant(
        registered=registered,
        claims=claims,
        replay_key=f"assertion:{unverified.digest}" if jti is None else f"jti:{jti}",
        usable_until=datetime.fromtimestamp(expires_at, UTC) + limits.skew,
    )


def _key(token: UnverifiedToken, registered: RegisteredClient, *, at: datetime) -> ClientKey:
    certificates = token.header.get("x5c")
    if "x5c" in token.header and not (
        isinstance(certificates, list)
        and certificates
        and all(isinstance(each, str) for each in certificates)
    ):
        detail = "header `x5c` must be a list of texts"
        raise MalformedCertificateHeader(detail)
    kid = token.kid
    if kid is None:
        if token.header.get("kid") not in {None, ""}:
            raise InvalidAssertion(what="header `kid` must be text")
        if certificates and not registered.keys:
            detail = "enterprise certificates are not accepted here; register a key on the client"
            raise UntrustedCertificate(detail)
        detail = f"name one of the client's keys in header `kid`; it has {len(registered.keys)}"
        raise MissingKeyId(detail)
    key = registered.keys.get(kid)
    if key is None:
        detail = f"the client has no key `{kid[:_SHOWN]}`"
        raise UnknownKeyId(detail)
    if at > key.expires_at:
        detail = f"key `{kid}` expired at {key.expires_at:%Y-%m-%dT%H:%M:%SZ}; register it again"
        raise ExpiredKey(detail)
    return key


def _check_audience(claims: Mapping[str, object], audiences: AbstractSet[str]) -> None:
    named = claims.get("aud")
    only = named[0] if isinstance(named, list) and len(named) == 1 else named
    if not isinstance(only, str) or only not in audiences:
        detail = f"`aud` must be one of {', '.join(sorted(audiences))}: `{_shown(named)}`"
        raise WrongAudience(detail)


def _check_times(claims: Mapping[str, object], *, at: datetime, limits: GrantLimits) -> int:
    """`exp`, once the three checks and `nbf` hold."""
    issued_at, expires_at = _required_second(claims, "iat"), _required_second(claims, "exp")
    now, skew_s = at.timestamp(), limits.skew.total_seconds()
    longest_s = limits.longest.total_seconds()
    if expires_at - issued_at > longest_s:
        detail = f"`exp` is {expires_at - issued_at} s after `iat`; at most {longest_s:.0f} s"
        raise TooLongGrant(detail)
    if now + skew_s < issued_at:
        detail = f"`iat` is {issued_at - now:.0f} s ahead of our clock"
        raise GrantFromTheFuture(detail)
    if now - skew_s > expires_at:
        detail = f"`exp` was {now - expires_at:.0f} s ago"
        raise ExpiredGrant(detail)
    not_before = _second(claims, "nbf")
    if not_before is not None and now + skew_s < not_before:
        detail = f"`nbf` is {not_before - now:.0f} s ahead of our clock"
        raise GrantNotYetValid(detail)
    return expires_at


def _required_second(claims: Mapping[str, object], name: str) -> int:
    value = _second(claims, name)
    if value is None:
        raise InvalidAssertion(what=f"claim `{name}` is missing")
    return value


def _second(claims: Mapping[str, object], name: str) -> int | None:
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _LAST_SECOND:
        raise InvalidAssertion(what=f"claim `{name}` must be whole seconds: `{_shown(value)}`")
    return value


def _text(claims: Mapping[str, object], name: str) -> str | None:
    value = claims.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or not value:
        raise InvalidAssertion(what=f"claim `{name}` must be text: `{_shown(value)}`")
    return value


def _shown(value: object) -> str:
    return str(value)[:_SHOWN]
