"""The token server's metadata and keys over HTTP. Tokens themselves: `endpoint.py`."""

from __future__ import annotations

from litestar import Response, get

from fullmakt.credentials.keys.model import KeyUse
from fullmakt.credentials.keys.service import SigningKeys
from fullmakt.foundation.http.addresses import Addresses
from fullmakt.foundation.http.doors import json_answer
from fullmakt.foundation.http.given import Given
from fullmakt.identity.maskinporten import wire


@get("/.well-known/oauth-authorization-server/maskinporten", sync_to_thread=False)
def get_metadata(addresses: Given[Addresses]) -> Response[bytes]:
    """The token server's metadata, where RFC 8414 3.1 puts it."""
    return _metadata(addresses)


@get("/maskinporten/.well-known/oauth-authorization-server", sync_to_thread=False)
def get_metadata_below_issuer(addresses: Given[Addresses]) -> Response[bytes]:
    """The token server's metadata, where Maskinporten documents it."""
    return _metadata(addresses)


def _metadata(addresses: Addresses) -> Response[bytes]:
    metadata = wire.write_metadata(addresses.maskinporten_issuer, address=addresses.maskinporten)
    return json_answer(metadata)


@get("/maskinporten/jwk", sync_to_thread=False)
def get_keys(signing_keys: Given[SigningKeys]) -> Response[bytes]:
    """The public keys that access tokens are verified with."""
    return json_answer(wire.write_keys(signing_keys.jwks(KeyUse.MASKINPORTEN)))


ROUTES = [get_metadata, get_metadata_below_issuer, get_keys]
