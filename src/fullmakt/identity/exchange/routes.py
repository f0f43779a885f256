"""The exchange, and the platform's OpenID metadata and keys, over HTTP."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from fullmakt.credentials.keys.model import KeyUse
from fullmakt.credentials.keys.service import SigningKeys
from fullmakt.foundation.http.addresses import Addresses
from fullmakt.foundation.http.doors import json_answer
from fullmakt.foundation.http.given import Given
from fullmakt.identity.exchange import wire
from fullmakt.identity.exchange.service import Exchange, ExchangeRequest

_OPENID = "/authentication/api/v1/openid/.well-known/openid-configuration"


@get("/authentication/api/v1/exchange/{token_provider:str}", sync_to_thread=True)
def exchange_token(
    request: Request[Any, Any, Any],
    exchange: Given[Exchange],
    addresses: Given[Addresses],
    token_provider: FromPath[str],
) -> Response[bytes]:
    """A new token for the one in `Authorization`: plain text, or a JSON string when asked for."""
    compact = exchange.exchange(
        token_provider,
        ExchangeRequest(
            authorization=request.headers.get("authorization"),
            issuer=addresses.altinn_issuer,
            is_test=request.query_params.get("test", "").lower() == "true",
            asks_for_enterprise_user="x-altinn-enterpriseuser-authentication" in request.headers,
        ),
    )
    if "application/json" in request.headers.get("accept", ""):
        return json_answer(compact)
    return Response(compact.encode(), media_type="text/plain")


@get(_OPENID, sync_to_thread=False)
def get_metadata(addresses: Given[Addresses]) -> Response[bytes]:
    """The platform's OpenID metadata."""
    return json_answer(wire.write_metadata(addresses))


@get(f"{_OPENID}/jwks", sync_to_thread=False)
def get_keys(signing_keys: Given[SigningKeys]) -> Response[bytes]:
    """The public keys that the platform's tokens are verified with."""
    return json_answer(wire.write_keys(signing_keys.jwks(KeyUse.ALTINN)))


ROUTES = [exchange_token, get_metadata, get_keys]
