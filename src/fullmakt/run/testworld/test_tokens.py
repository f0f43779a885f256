"""Tokens made for tests: the claims that Altinn's own test-token generator gives them.

They are signed with this world's key and trusted by its APIs alone. Lifetimes are in seconds, as
the generator documents `ttl`. Source: Altinn's public documentation of the token generator.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from fullmakt.access.parties.register_door import PLATFORM_ISSUER
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
END_USER_SCOPE = "altinn:enduser"
_ASSURANCE = {3: "idporten-loa-substantial", 4: "idporten-loa-high"}


@dataclass(frozen=True, slots=True)
class TokenWish:
    """What every test token is made from."""

    scopes: str
    lifetime_s: int = DEFAULT_LIFETIME_S
    level: int = DEFAULT_LEVEL


@dataclass(frozen=True, slots=True)
class Login:
    """How a person has logged in: by which name, through whose client, authenticated how."""

    user_name: str = ""
    client_method: str = "virksomhetssertifikat"
    consumer: OrganizationNumber | None = None
    delegation_source: str | None = None


@dataclass(frozen=True, slots=True)
class Enterprise:
    """The organisation a token is for, registered or not; `supplier` is who acts for it."""

    number: OrganizationNumber
    service_owner: str | None = None
    supplier: OrganizationNumber | None = None
    client_id: str | None = None
    delegation_source: str | None = None


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


def person_token(
    house: House, person: Party, wish: TokenWish, *, login: Login | None = None
) -> str:
    """A token of a person who is logged in, by the name and the client that `login` tells."""
    login = login or Login()
    claims: dict[str, object] = {
        "nameid": str(person.user_id),
        "pid": str(person.person_number),
        urns.USER_ID: person.user_id,
        "urn:altinn:username": login.user_name,
        urns.PARTY_ID: person.party_id,
        urns.PARTY_UUID: str(person.uuid),
        "urn:altinn:authenticatemethod": "NotDefined",
        "client_amr": login.client_method,
        "acr": _ASSURANCE.get(wish.level, "idporten-loa-low"),
    }
    if login.consumer is not None:
        claims["consumer"] = _authority(login.consumer)
        claims["client_orgno"] = login.consumer.digits
    return _signed(house, wish, _with_source(claims, login.delegation_source))


def enterprise_token(house: House, wish: TokenWish, enterprise: Enterprise) -> str:
    """An exchanged token of an organisation."""
    return _signed(house, wish, _enterprise_claims(enterprise))


def enterprise_user_token(
    house: House,
    wish: TokenWish,
    enterprise: Enterprise,
    *,
    user_id: int,
    user_name: str,
    party_id: int,
) -> str:
    """An exchanged token of an organisation's own user. It names no person of the world."""
    claims = _enterprise_claims(enterprise) | {
        urns.USER_ID: user_id,
        "urn:altinn:username": user_name,
        urns.PARTY_ID: party_id,
        "urn:altinn:authenticatemethod": "virksomhetsbruker",
    }
    return _signed(house, wish, claims)


def platform_token(house: House, app: str, *, lifetime_s: int) -> str:
    """A token of a component of the platform, as it stands in the header `PlatformAccessToken`."""
    now = int(house.machine_clock.now().timestamp())
    claims = {
        "iss": PLATFORM_ISSUER,
        urns.APP: app,
        "jti": str(uuid4()),
        "nbf": now,
        "iat": now,
        "exp": now + lifetime_s,
    }
    return sign(write_body(claims), house.signing_keys.current(KeyUse.ALTINN), kind="JWT")


def _enterprise_claims(enterprise: Enterprise) -> dict[str, object]:
    claims: dict[str, object] = {
        "client_id": enterprise.client_id or str(uuid4()),
        "consumer": _authority(enterprise.number),
        "urn:altinn:orgNumber": enterprise.number.digits,
        "urn:altinn:authenticatemethod": "maskinporten",
    }
    if enterprise.service_owner is not None:
        claims[urns.SERVICE_OWNER] = enterprise.service_owner
    if enterprise.supplier is not None:
        claims["supplier"] = _authority(enterprise.supplier)
    return _with_source(claims, enterprise.delegation_source)


def _with_source(claims: dict[str, object], source: str | None) -> dict[str, object]:
    return claims if source is None else claims | {"delegation_source": source}


def system_user_token(
    house: House, user: SystemUser, wish: TokenWish, *, client_id: str | None = None
) -> str:
    """An exchanged token of a system user, in the hands of its vendor."""
    details = {
        "type": urns.SYSTEM_USER_DETAILS,
        "systemuser_id": [str(user.uuid)],
        "systemuser_org": _authority(user.owner),
        "system_id": user.system_id,
    }
    vendor = Enterprise(user.vendor, client_id=client_id)
    return _signed(house, wish, _enterprise_claims(vendor) | {"authorization_details": details})


def _authority(number: OrganizationNumber) -> dict[str, str]:
    return {"authority": urns.ORGANIZATION_AUTHORITY, "ID": number.iso6523}
