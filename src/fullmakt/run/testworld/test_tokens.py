"""Tokens made for tests: the claims that Altinn's own test-token generator gives them.

They are signed with this world's key and trusted by its APIs alone. Lifetimes are in seconds, as
the generator documents `ttl`. Source: Altinn's public documentation of the token generator.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from fullmakt.credentials.keys.model import KeyUse
from fullmakt.foundation.http.bodies import write_body
from fullmakt.foundation.jose.tokens import sign
from fullmakt.foundation.terms import urns

if TYPE_CHECKING:
    from fullmakt.access.parties.model import Party
    from fullmakt.foundation.terms.numbers import OrganizationNumber
    from fullmakt.run.server.house import House
    from fullmakt.systems.system_users.model import SystemUser

DEFAULT_LIFETIME_S = 1800
LONGEST_LIFETIME_S = 365 * 24 * 3600
DEFAULT_LEVEL = 3
PORTAL_SCOPE = "altinn:portal/enduser"


@dataclass(frozen=True, slots=True)
class TokenWish:
    """What every test token is made from."""

    scopes: str
    lifetime_s: int = DEFAULT_LIFETIME_S
    level: int = DEFAULT_LEVEL


def _signed(house: House, wish: TokenWish, claims: dict[str, object]) -> str:
    now = int(house.machine_clock.now().timestamp())
    times = {"nbf": now, "iat": now, "exp": now + wish.lifetime_s}
    common = {
        "token_type": "Bearer",
        "scope": wish.scopes,
        "jti": str(uuid4()),
        "sid": str(uuid4()),
        urns.AUTHENTICATION_LEVEL: wish.level,
        "iss": house.addresses.altinn_issuer,
    }
    key = house.signing_keys.current(KeyUse.ALTINN)
    return sign(write_body({**claims, **common, **times}), key, kind="JWT")


def person_token(house: House, person: Party, wish: TokenWish) -> str:
    """A token of a person who is logged in."""
    return _signed(
        house,
        wish,
        {
            "nameid": str(person.user_id),
            "pid": str(person.person_number),
            urns.USER_ID: person.user_id,
            "urn:altinn:username": "",
            urns.PARTY_ID: person.party_id,
            urns.PARTY_UUID: str(person.uuid),
            "urn:altinn:authenticatemethod": "NotDefined",
        },
    )


def enterprise_token(
    house: House,
    organization: OrganizationNumber,
    wish: TokenWish,
    *,
    service_owner: str | None = None,
    supplier: OrganizationNumber | None = None,
    more: dict[str, object] | None = None,
) -> str:
    """An exchanged token of an organisation; `supplier` is who acts for it."""
    claims: dict[str, object] = {
        "client_id": str(uuid4()),
        "consumer": _authority(organization),
        "urn:altinn:orgNumber": organization.digits,
        "urn:altinn:authenticatemethod": "maskinporten",
        **(more or {}),
    }
    if service_owner is not None:
        claims[urns.SERVICE_OWNER] = service_owner
    if supplier is not None:
        claims["supplier"] = _authority(supplier)
    return _signed(house, wish, claims)


def system_user_token(
    house: House, user: SystemUser, wish: TokenWish, *, client_id: str | None = None
) -> str:
    """An exchanged token of a system user, in the hands of its vendor."""
    return enterprise_token(
        house,
        user.vendor,
        wish,
        more={
            "client_id": client_id or str(uuid4()),
            "authorization_details": {
                "type": urns.SYSTEM_USER_DETAILS,
                "systemuser_id": [str(user.uuid)],
                "systemuser_org": _authority(user.owner),
                "system_id": user.system_id,
            },
        },
    )


def _authority(number: OrganizationNumber) -> dict[str, str]:
    return {"authority": urns.ORGANIZATION_AUTHORITY, "ID": number.iso6523}
