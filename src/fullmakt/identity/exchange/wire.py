"""The platform's OpenID metadata and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fullmakt.foundation.http.addresses import Addresses


class Metadata(msgspec.Struct):
    """The platform's OpenID metadata, with the members the original publishes."""

    issuer: str
    jwks_uri: str
    authorization_endpoint: str
    token_endpoint: str
    end_session_endpoint: str
    response_types_supported: tuple[str, ...] = ("token",)
    subject_types_supported: tuple[str, ...] = ("pairwise",)
    id_token_signing_alg_values_supported: tuple[str, ...] = ("RS256",)


class PublishedKey(msgspec.Struct):
    """A public key in a JWKS.

    QUIRK: the original writes `n` as plain base64, which some libraries cannot read; this is
    base64url, as RFC 7518 section 6.3.1 has it.
    """

    kty: str
    use: str
    kid: str
    e: str
    n: str


class PublishedKeys(msgspec.Struct):
    """A JWKS (RFC 7517 section 5)."""

    keys: list[PublishedKey]


def write_metadata(addresses: Addresses) -> Metadata:
    """The metadata of the platform at `addresses`."""
    platform = f"{addresses.platform}/authentication/api/v1"
    return Metadata(
        issuer=addresses.altinn_issuer,
        jwks_uri=f"{platform}/openid/.well-known/openid-configuration/jwks",
        authorization_endpoint=f"{platform}/authorize/",
        token_endpoint=f"{platform}/token/",
        end_session_endpoint=f"{platform}/openid/logout/",
    )


def write_keys(jwks: Sequence[dict[str, str]]) -> PublishedKeys:
    """The public keys."""
    return PublishedKeys(
        [
            PublishedKey(kty=jwk["kty"], use=jwk["use"], kid=jwk["kid"], e=jwk["e"], n=jwk["n"])
            for jwk in jwks
        ]
    )
