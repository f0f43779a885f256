"""The JWT grant and its answer: what Maskinporten is told, and what it says back.

Maskinporten, "token endpoint" and "JWT grant"; RFC 7523; system users by RFC 9396 as Altinn
documents them. Exchange to an Altinn token: `/authentication/api/v1/exchange/maskinporten`.
Nothing is sent here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from fullmakt.foundation.jose.tokens import read_token
from fullmakt.foundation.terms import urns
from fullmakt.vendor._answers import read_object, read_text
from fullmakt.vendor._environment import Environment
from fullmakt.vendor._exceptions import UnexpectedAnswer
from fullmakt.vendor._flow import Flow, Request
from fullmakt.vendor._key import ClientKey
from fullmakt.vendor._problems import check
from fullmakt.vendor._refusals import check_grant_answer
from fullmakt.vendor._tokens import AccessToken, SystemUserReference

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"
# SPEC: a grant may last 120 s. A little less leaves room for clocks that are apart.
GRANT_LASTS = timedelta(seconds=100)
_LONGEST_TOKEN_S = 24 * 3600


@dataclass(frozen=True, slots=True)
class Wish:
    """Which token is wanted: also what tokens are kept by."""

    scopes: tuple[str, ...]
    system_user: SystemUserReference | None = None
    resource: str | None = None
    is_exchanged: bool = False


def grant_claims(
    environment: Environment, client_id: str, wish: Wish, *, at: datetime, jti: UUID
) -> Mapping[str, object]:
    """The claims of a grant made at `at`."""
    issued = int(at.timestamp())
    claims: dict[str, object] = {
        "aud": environment.maskinporten_issuer,
        "iss": client_id,
        "scope": " ".join(wish.scopes),
        "iat": issued,
        "exp": issued + int(GRANT_LASTS.total_seconds()),
        "jti": str(jti),
    }
    if wish.resource is not None:
        claims["resource"] = wish.resource
    if wish.system_user is not None:
        claims["authorization_details"] = [_details(wish.system_user)]
    return claims


def _details(system_user: SystemUserReference) -> dict[str, object]:
    details: dict[str, object] = {
        "type": urns.SYSTEM_USER_DETAILS,
        "systemuser_org": {
            "authority": urns.ORGANIZATION_AUTHORITY,
            "ID": system_user.owner.iso6523,
        },
    }
    if system_user.external_ref is not None:
        details["externalRef"] = system_user.external_ref
    return details


def fetch_token(
    environment: Environment,
    client_id: str,
    key: ClientKey,
    wish: Wish,
    *,
    at: datetime,
    jti: UUID,
) -> Flow[AccessToken]:
    """Ask for the token; exchange it where the wish says so. `at` is when asking begins.

    Raises: MaskinportenError, PlatformProblem, UnexpectedAnswer.
    """
    grant = key.sign(grant_claims(environment, client_id, wish, at=at, jti=jti))
    answer = yield Request(
        "POST",
        environment.maskinporten_token,
        form={"grant_type": GRANT_TYPE, "assertion": grant},
    )
    check_grant_answer(answer)
    members = read_object(answer)
    if members.text("token_type").lower() != "bearer":
        raise UnexpectedAnswer("the token is not of type `Bearer`")
    expires_at = at + _bounded(members.whole("expires_in"))
    token = _token(members.text("access_token"), wish.scopes, expires_at)
    if not wish.is_exchanged:
        return token
    exchanged = yield from exchange(environment, token, at=at)
    return exchanged


def exchange(environment: Environment, token: AccessToken, *, at: datetime) -> Flow[AccessToken]:
    """The Altinn token for a Maskinporten token. Raises: PlatformProblem, UnexpectedAnswer."""
    answer = yield Request(
        "GET",
        f"{environment.authentication}/exchange/maskinporten",
        headers={"Authorization": token.authorization},
    )
    compact = read_text(check(answer))
    return _token(compact, token.scopes, at + _lifetime(compact))


def _token(compact: str, scopes: tuple[str, ...], expires_at: datetime) -> AccessToken:
    try:
        return AccessToken(compact, scopes, expires_at)
    except ValueError as fault:
        raise UnexpectedAnswer(f"the answer's token is {fault}") from None


def _lifetime(compact: str) -> timedelta:
    """How long the token says it lasts: of its own times, so that our clock may be apart."""
    try:
        claims = read_token(compact).claims
    except ValueError:
        raise UnexpectedAnswer("the exchange did not answer with a token") from None
    issued, expires = claims.get("iat"), claims.get("exp")
    if not isinstance(issued, int) or not isinstance(expires, int):
        raise UnexpectedAnswer("the exchanged token does not say how long it lasts")
    return _bounded(expires - issued)


def _bounded(seconds: int) -> timedelta:
    return timedelta(seconds=max(0, min(seconds, _LONGEST_TOKEN_S)))


def utc_now(at: datetime) -> datetime:
    """`at` in UTC. Raises: ValueError for a clock that tells no zone."""
    if at.tzinfo is None:
        message = f"the clock must tell its zone: `{at.isoformat()}`"
        raise ValueError(message)
    return at.astimezone(UTC)
