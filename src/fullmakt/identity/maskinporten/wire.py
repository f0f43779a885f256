"""The token server's JSON: access tokens, answers, errors, metadata and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from fullmakt.foundation.terms import urns

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from fullmakt.credentials.clients.model import MaskinportenClient
    from fullmakt.foundation.terms.numbers import OrganizationNumber
    from fullmakt.identity.maskinporten.errors import GrantRefused
    from fullmakt.identity.maskinporten.model import IssuedToken, NamedSystemUser, Wish

_LONGEST_DESCRIPTION = 600
_encoder = msgspec.json.Encoder()


class Organization(msgspec.Struct):
    """An organisation as tokens name it."""

    authority: str
    id: str = msgspec.field(name="ID")


class SystemUserDetail(msgspec.Struct):
    """The system user in a token. `externalRef` is not told."""

    type: str
    systemuser_id: list[str]
    systemuser_org: Organization
    system_id: str


class AccessToken(msgspec.Struct):
    """The claims of an access token."""

    authorization_details: list[SystemUserDetail] | msgspec.UnsetType
    scope: str
    iss: str
    client_amr: str
    token_type: str
    exp: int
    iat: int
    client_id: str
    jti: str
    consumer: Organization
    aud: str | tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET
    pid: str | msgspec.UnsetType = msgspec.UNSET


class TokenAnswer(msgspec.Struct):
    """A token, told to the client. These four members and no other: clients fail on more."""

    access_token: str
    token_type: str
    expires_in: int
    scope: str


class ErrorAnswer(msgspec.Struct):
    """Why there is no token (RFC 6749 section 5.2)."""

    error: str
    error_description: str
    error_uri: str | msgspec.UnsetType = msgspec.UNSET


class Metadata(msgspec.Struct):
    """The token server's metadata (RFC 8414), with the members the original publishes."""

    issuer: str
    token_endpoint: str
    jwks_uri: str
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("private_key_jwt",)
    token_endpoint_auth_signing_alg_values_supported: tuple[str, ...] = ("RS256", "RS384", "RS512")
    grant_types_supported: tuple[str, ...] = ("urn:ietf:params:oauth:grant-type:jwt-bearer",)
    authorization_details_types_supported: tuple[str, ...] = (
        urns.SYSTEM_USER_DETAILS,
        "urn:altinn:consent",
    )


class PublishedKey(msgspec.Struct):
    """A public key in a JWKS."""

    kty: str
    e: str
    use: str
    kid: str
    alg: str
    n: str


class PublishedKeys(msgspec.Struct):
    """A JWKS (RFC 7517 section 5)."""

    keys: list[PublishedKey]


def write_access_token(
    client: MaskinportenClient,
    wish: Wish,
    *,
    system_user: NamedSystemUser | None,
    issuer: str,
    jti: str,
    at: datetime,
) -> bytes:
    """The claims of the token that `wish` gives `client`, as JSON."""
    issued_at = int(at.timestamp())
    return _encoder.encode(
        AccessToken(
            authorization_details=_details(system_user),
            scope=" ".join(wish.scopes),
            iss=issuer,
            client_amr="private_key_jwt",
            token_type="Bearer",  # noqa: S106  no secret
            exp=issued_at + client.token_lifetime_s,
            iat=issued_at,
            client_id=client.client_id,
            jti=jti,
            consumer=_organization(client.organization),
            aud=msgspec.UNSET if wish.resource is None else wish.resource,
            pid=msgspec.UNSET if wish.person is None else wish.person.digits,
        )
    )


def _details(system_user: NamedSystemUser | None) -> list[SystemUserDetail] | msgspec.UnsetType:
    if system_user is None:
        return msgspec.UNSET
    owner = _organization(system_user.owner)
    ids = [str(system_user.id)]
    return [SystemUserDetail(urns.SYSTEM_USER_DETAILS, ids, owner, system_user.system_id)]


def _organization(number: OrganizationNumber) -> Organization:
    return Organization(urns.ORGANIZATION_AUTHORITY, number.iso6523)


def write_token(token: IssuedToken) -> bytes:
    """The answer with a token."""
    return _encoder.encode(
        TokenAnswer(
            access_token=token.compact,
            token_type="Bearer",  # noqa: S106  no secret
            expires_in=token.expires_in_s,
            scope=" ".join(token.scopes),
        )
    )


def write_refusal(refused: GrantRefused, *, issuer: str, trace_id: str) -> bytes:
    """The answer without one."""
    description = f"{readable(refused.description)} (trace_id: {trace_id})"
    uri = f"{issuer}errors/{refused.code}" if refused.code else msgspec.UNSET
    return _encoder.encode(ErrorAnswer(refused.error, description, uri))


def readable(text: str) -> str:
    """`text` in the characters of an error description (RFC 6749 section 5.2), cut to length."""
    plain = text[:_LONGEST_DESCRIPTION].replace('"', "'").replace("\\", "/")
    return "".join(
        character if character.isascii() and character.isprintable() else "?" for character in plain
    )


def write_metadata(issuer: str, *, address: str) -> Metadata:
    """The metadata of the server that issues as `issuer` and is reached at `address`."""
    return Metadata(issuer, token_endpoint=f"{address}/token", jwks_uri=f"{address}/jwk")


def write_keys(jwks: Sequence[dict[str, str]]) -> PublishedKeys:
    """The public keys."""
    return PublishedKeys(
        [
            PublishedKey(
                kty=jwk["kty"],
                e=jwk["e"],
                use=jwk["use"],
                kid=jwk["kid"],
                alg=jwk["alg"],
                n=jwk["n"],
            )
            for jwk in jwks
        ]
    )
