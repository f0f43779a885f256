"""What a verified grant asks for: the shapes of its claims.

Maskinporten's public documentation of the JWT grant and of system users; RFC 8707 for `resource`,
RFC 9396 for `authorization_details`. Claims nobody asked for are passed over; `sub` and `nbf` are
not documented, and several clients send them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fullmakt.foundation.terms import urns
from fullmakt.foundation.terms.numbers import OrganizationNumber, PersonNumber
from fullmakt.identity.maskinporten.errors import (
    InvalidAssertion,
    InvalidDetailsValues,
    InvalidTarget,
    UnknownDetailsFields,
    UnknownDetailsType,
)
from fullmakt.identity.maskinporten.model import SystemUserQuestion, Wish

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fullmakt.identity.maskinporten.model import Grant

_SHOWN = 120
_DETAIL_MEMBERS = frozenset({"type", "systemuser_org", "externalRef"})
_ORGANIZATION_MEMBERS = frozenset({"authority", "ID"})
# RFC 3986 section 4.3: a scheme, and something after it; no fragment, no space.
_ABSOLUTE_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!$-;=?-\[\]_a-z~]+")


def read_wish(grant: Grant) -> Wish:
    """What the grant asks for.

    Raises: InvalidAssertion, InvalidTarget, UnknownDetailsType, UnknownDetailsFields,
    InvalidDetailsValues.
    """
    claims = grant.claims
    scopes = _scopes(claims.get("scope"))
    _check_subject(claims, client_id=grant.registered.client.client_id)
    return Wish(
        scopes=scopes,
        resource=_resource(claims.get("resource")),
        person=_person(claims.get("pid")),
        consumer=_consumer(claims),
        system_user=_system_user(claims.get("authorization_details")),
    )


def _scopes(value: object) -> tuple[str, ...]:
    if not isinstance(value, str):
        raise InvalidAssertion(what=f"claim `scope` must be text: `{_shown(value)}`")
    scopes = tuple(dict.fromkeys(value.split()))
    if not scopes:
        raise InvalidAssertion(what="claim `scope` must name at least one scope")
    return scopes


def _check_subject(claims: Mapping[str, object], *, client_id: str) -> None:
    subject = claims.get("sub")
    if subject is not None and subject != client_id:
        raise InvalidAssertion(
            what=f"claim `sub` must be the client id or left out: `{_shown(subject)}`"
        )


def _resource(value: object) -> str | tuple[str, ...] | None:
    # QUIRK: documented as a list only; most clients send text. Both are taken, and `aud` is alike.
    if value is None:
        return None
    named = value if isinstance(value, list) else [value]
    if not named:
        raise InvalidTarget(what="`resource` must name at least one")
    for each in named:
        if not isinstance(each, str) or not _ABSOLUTE_URI.fullmatch(each):
            raise InvalidTarget(what=f"not an absolute URI without fragment: `{_shown(each)}`")
    return value if isinstance(value, str) else tuple(str(each) for each in named)


def _person(value: object) -> PersonNumber | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise InvalidAssertion(what="claim `pid` must be text")
    try:
        return PersonNumber(value)
    except ValueError as fault:
        raise InvalidAssertion(what=f"claim `pid`: {fault}") from None


def _consumer(claims: Mapping[str, object]) -> OrganizationNumber | None:
    value = claims.get("consumer_org")
    if value is None:
        return None
    if claims.get("iss_onbehalfof") is not None:
        raise InvalidAssertion(what="claims `consumer_org` and `iss_onbehalfof` exclude each other")
    try:
        return OrganizationNumber(_as_text(value))
    except ValueError as fault:
        raise InvalidAssertion(what=f"claim `consumer_org`: {fault}") from None


def _system_user(value: object) -> SystemUserQuestion | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 1 or not isinstance(value[0], dict):
        raise InvalidDetailsValues(what="`authorization_details` must be a list of one object")
    detail = value[0]
    if detail.get("type") != urns.SYSTEM_USER_DETAILS:
        message = f"the only type served is `{urns.SYSTEM_USER_DETAILS}`"
        raise UnknownDetailsType(message, type=f"`{_shown(detail.get('type'))}`")
    _check_members(detail, _DETAIL_MEMBERS)
    owner = _owner(detail.get("systemuser_org"))
    reference = detail.get("externalRef")
    if reference is not None and not isinstance(reference, str):
        raise InvalidDetailsValues(what=f"`externalRef` must be text: `{_shown(reference)}`")
    return SystemUserQuestion(owner, reference or None)


def _owner(value: object) -> OrganizationNumber:
    if not isinstance(value, dict):
        raise InvalidDetailsValues(what=f"`systemuser_org` must be an object: `{_shown(value)}`")
    _check_members(value, _ORGANIZATION_MEMBERS)
    authority = value.get("authority")
    if authority != urns.ORGANIZATION_AUTHORITY:
        raise InvalidDetailsValues(
            what=f"`authority` must be {urns.ORGANIZATION_AUTHORITY}: `{_shown(authority)}`"
        )
    try:
        return OrganizationNumber.from_iso6523(_as_text(value.get("ID")))
    except ValueError as fault:
        raise InvalidDetailsValues(what=f"`ID`: {fault}") from None


def _check_members(value: Mapping[str, object], known: frozenset[str]) -> None:
    unknown = sorted(set(value) - known)
    if unknown:
        message = f"the members are {', '.join(sorted(known))}"
        raise UnknownDetailsFields(message, fields=_shown(", ".join(unknown)))


def _as_text(value: object) -> str:
    if not isinstance(value, str):
        message = f"must be text: `{_shown(value)}`"
        raise ValueError(message)  # noqa: TRY004  read by the callers as any other bad value
    return value


def _shown(value: object) -> str:
    return str(value)[:_SHOWN]
