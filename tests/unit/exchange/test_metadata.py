"""What the two token servers publish of themselves."""

from __future__ import annotations

import pytest

from fullmakt.foundation.jose.keys import PublicKey
from fullmakt.foundation.jose.tokens import read_token
from tests.unit.exchange.conftest import BASE, ExchangeHouse

OPENID = "/authentication/api/v1/openid/.well-known/openid-configuration"
pytestmark = pytest.mark.parametrize("place_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    "path",
    [
        "/maskinporten/.well-known/oauth-authorization-server",
        "/.well-known/oauth-authorization-server/maskinporten",
    ],
)
def test_maskinporten_publishes_its_metadata_at_both_addresses(
    house: ExchangeHouse, path: str
) -> None:
    assert house.client.get(path).json() == {
        "issuer": f"{BASE}/maskinporten/",
        "token_endpoint": f"{BASE}/maskinporten/token",
        "jwks_uri": f"{BASE}/maskinporten/jwk",
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256", "RS384", "RS512"],
        "grant_types_supported": ["urn:ietf:params:oauth:grant-type:jwt-bearer"],
        "authorization_details_types_supported": ["urn:altinn:systemuser", "urn:altinn:consent"],
    }


def test_a_token_is_verified_with_the_key_maskinporten_publishes(house: ExchangeHouse) -> None:
    (jwk,) = house.client.get("/maskinporten/jwk").json()["keys"]
    token = read_token(house.token())

    assert sorted(jwk) == ["alg", "e", "kid", "kty", "n", "use"]
    assert token.verify(PublicKey.from_jwk(jwk))["token_type"] == "Bearer"


def test_the_platform_publishes_its_metadata(house: ExchangeHouse) -> None:
    platform = f"{BASE}/authentication/api/v1"

    assert house.client.get(OPENID).json() == {
        "issuer": f"{platform}/openid/",
        "jwks_uri": f"{platform}/openid/.well-known/openid-configuration/jwks",
        "authorization_endpoint": f"{platform}/authorize/",
        "token_endpoint": f"{platform}/token/",
        "end_session_endpoint": f"{platform}/openid/logout/",
        "response_types_supported": ["token"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
    }


def test_an_exchanged_token_is_verified_with_the_key_the_platform_publishes(
    house: ExchangeHouse,
) -> None:
    (jwk,) = house.client.get(f"{OPENID}/jwks").json()["keys"]
    token = read_token(house.exchange(house.token()).text)

    assert sorted(jwk) == ["e", "kid", "kty", "n", "use"]
    assert token.verify(PublicKey.from_jwk(jwk))["urn:altinn:authlevel"] == 3
