"""From claims to a `Caller`: which members are read, and what is refused in them.

Claims of Maskinporten and of Altinn's exchanged and portal tokens, as Altinn's public documentation
shows them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from fullmakt.foundation.bearer.model import Caller, CallingPerson, CallingSystemUser
from fullmakt.foundation.terms import urns
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.foundation.terms.problem import NotAuthenticated

if TYPE_CHECKING:
    from collections.abc import Mapping

SKEW = timedelta(seconds=10)
_LAST_SECOND = 253402300799


def check_times(claims: Mapping[str, object], *, at: datetime) -> datetime:
    """The time the token expires. RFC 7519 section 4.1; 10 s of skew at both ends.

    Raises: NotAuthenticated.
    """
    expires_at = _moment(claims, "exp")
    if expires_at is None:
        message = "the token has no `exp`"
        raise NotAuthenticated(message)
    if at - SKEW > expires_at:
        message = f"the token expired at {expires_at:%Y-%m-%dT%H:%M:%SZ}"
        raise NotAuthenticated(message)
    not_before = _moment(claims, "nbf")
    if not_before is not None and at + SKEW < not_before:
        message = f"the token is not valid before {not_before:%Y-%m-%dT%H:%M:%SZ}"
        raise NotAuthenticated(message)
    return expires_at


def _moment(claims: Mapping[str, object], name: str) -> datetime | None:
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _LAST_SECOND:
        message = f"claim `{name}` must be whole seconds: `{value}`"
        raise NotAuthenticated(message)
    return datetime.fromtimestamp(value, UTC)


def check_audience(claims: Mapping[str, object], *, own: frozenset[str]) -> None:
    """Refuse a token made for somebody else.

    One without `aud` is accepted. Raises: NotAuthenticated.
    """
    audience = claims.get("aud")
    if audience is None:
        return
    named = audience if isinstance(audience, list) else [audience]
    if not any(isinstance(name, str) and name in own for name in named):
        message = f"the token is for audience `{audience}`, not for this API"
        raise NotAuthenticated(message)


def read_caller(claims: Mapping[str, object], *, expires_at: datetime) -> Caller:
    """The caller that verified `claims` tell of. Raises: NotAuthenticated."""
    return Caller(
        issuer=str(claims.get("iss")),
        scopes=_scopes(claims),
        expires_at=expires_at,
        claims=claims,
        organization=_organization(claims),
        service_owner=_text(claims, urns.SERVICE_OWNER),
        client_id=_text(claims, "client_id"),
        system_user=_system_user(claims),
        person=_person(claims),
        authentication_level=_level(claims.get(urns.AUTHENTICATION_LEVEL)),
    )


def _level(value: object) -> int:
    text = str(value)
    is_one_digit = len(text) == 1 and text.isascii() and text.isdigit()
    return int(text) if is_one_digit and isinstance(value, int | str) else 0


def _scopes(claims: Mapping[str, object]) -> frozenset[str]:
    scope = claims.get("scope", claims.get("urn:altinn:scope", ""))
    if not isinstance(scope, str):
        message = "claim `scope` must be text"
        raise NotAuthenticated(message)
    return frozenset(scope.split())


def _text(claims: Mapping[str, object], name: str) -> str | None:
    value = claims.get(name)
    return value if isinstance(value, str) and value else None


def _organization(claims: Mapping[str, object]) -> OrganizationNumber | None:
    consumer = claims.get("consumer")
    if consumer is not None:
        return _authority_number(consumer, "consumer")
    number = claims.get("urn:altinn:orgNumber")
    return None if number is None else _number(str(number), "urn:altinn:orgNumber")


def _number(digits: str, claim: str) -> OrganizationNumber:
    try:
        return OrganizationNumber(digits)
    except ValueError as fault:
        message = f"claim `{claim}`: {fault}"
        raise NotAuthenticated(message) from None


def _authority_number(value: object, claim: str) -> OrganizationNumber:
    # QUIRK: one published sample spells the member `id`; both spellings are read.
    identifier = (value.get("ID") or value.get("id")) if isinstance(value, dict) else None
    if (
        not isinstance(value, dict)
        or value.get("authority") != urns.ORGANIZATION_AUTHORITY
        or not isinstance(identifier, str)
    ):
        message = f"claim `{claim}` must have authority `{urns.ORGANIZATION_AUTHORITY}` and an `ID`"
        raise NotAuthenticated(message)
    try:
        return OrganizationNumber.from_iso6523(identifier)
    except ValueError as fault:
        message = f"claim `{claim}`: {fault}"
        raise NotAuthenticated(message) from None


def _system_user(claims: Mapping[str, object]) -> CallingSystemUser | None:
    details = claims.get("authorization_details")
    # QUIRK: the exchange turns the array of one into a single object; both forms are read.
    found = details if isinstance(details, list) else [details]
    for detail in found:
        if isinstance(detail, dict) and detail.get("type") == urns.SYSTEM_USER_DETAILS:
            return _read_system_user(detail)
    return None


def _read_system_user(detail: Mapping[str, object]) -> CallingSystemUser:
    ids = detail.get("systemuser_id")
    if not isinstance(ids, list) or len(ids) != 1:
        message = "claim `authorization_details` must name one system user"
        raise NotAuthenticated(message)
    try:
        system_user = UUID(str(ids[0]))
    except ValueError:
        message = f"claim `authorization_details`: not a system user id: `{ids[0]}`"
        raise NotAuthenticated(message) from None
    owner = _authority_number(detail.get("systemuser_org"), "authorization_details")
    return CallingSystemUser(system_user, owner, str(detail.get("system_id", "")))


def _person(claims: Mapping[str, object]) -> CallingPerson | None:
    user_id, party_id = claims.get(urns.USER_ID), claims.get(urns.PARTY_ID)
    party_uuid = claims.get(urns.PARTY_UUID)
    if user_id is None or party_uuid is None:
        return None
    try:
        return CallingPerson(int(str(user_id)), int(str(party_id)), UUID(str(party_uuid)))
    except ValueError:
        message = f"claims do not name a person: `{user_id}`, `{party_id}`, `{party_uuid}`"
        raise NotAuthenticated(message) from None
