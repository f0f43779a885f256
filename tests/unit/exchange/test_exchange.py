"""A Maskinporten token becomes the platform's, and nothing else does."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID

import pytest

from fullmakt.foundation.jose.tokens import read_token, sign
from tests.unit.exchange.conftest import ALTINN_ISSUER, BASE, ExchangeHouse
from tests.unit.keys.rsa_keys import rsa_key
from tests.unit.maskinporten.token_house import (
    CLIENT,
    DIRECTORATE_CLIENT,
    OWNER,
    SYSTEM,
    SYSTEM_USER,
    VENDOR,
    system_user_details,
)
from tests.worlds import START

NOW = int(START.timestamp())


def test_an_exchanged_token_has_the_documented_claims_and_no_others(house: ExchangeHouse) -> None:
    original = house.token(authorization_details=system_user_details())

    answer = house.exchange(original)

    claims = dict(read_token(answer.text).claims)
    assert UUID(str(claims.pop("sid"))).version == 4
    assert claims == {
        "authorization_details": {
            "type": "urn:altinn:systemuser",
            "systemuser_id": [str(SYSTEM_USER)],
            "systemuser_org": {"authority": "iso6523-actorid-upis", "ID": OWNER.iso6523},
            "system_id": SYSTEM,
        },
        "scope": "altinn:instances.read altinn:instances.write",
        "token_type": "Bearer",
        "client_id": CLIENT,
        "jti": read_token(original).claims["jti"],
        "consumer": {"authority": "iso6523-actorid-upis", "ID": VENDOR.iso6523},
        "urn:altinn:orgNumber": VENDOR.digits,
        "urn:altinn:authenticatemethod": "maskinporten",
        "urn:altinn:authlevel": 3,
        "iss": ALTINN_ISSUER,
        "nbf": NOW,
        "iat": NOW,
        "exp": NOW + 1800,
    }


def test_an_exchanged_token_is_verified_with_the_platforms_published_key(
    house: ExchangeHouse,
) -> None:
    token = read_token(house.exchange(house.token()).text)
    key = house.tokens.keys.source("altinn").find(str(token.kid))

    assert token.header == {"alg": "RS256", "kid": "altinn", "typ": "JWT"}
    assert key is not None
    assert token.verify(key)["urn:altinn:authlevel"] == 3


def test_the_answer_is_plain_text(house: ExchangeHouse) -> None:
    answer = house.exchange(house.token())

    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text.count(".") == 2


def test_the_answer_is_a_json_string_when_asked_for(house: ExchangeHouse) -> None:
    answer = house.exchange(house.token(), headers={"accept": "application/json"})

    assert answer.headers["content-type"].startswith("application/json")
    assert json.loads(answer.text).count(".") == 2


@pytest.mark.parametrize("provider", ["maskinporten", "Maskinporten", "MASKINPORTEN"])
def test_the_provider_is_read_in_any_letter_case(house: ExchangeHouse, provider: str) -> None:
    assert house.exchange(house.token(), provider=provider).status_code == 200


def test_the_exchanged_tokens_life_is_its_own(house: ExchangeHouse) -> None:
    original = house.token()
    house.tokens.clock.advance(timedelta(seconds=130))

    answer = house.exchange(original)

    assert read_token(answer.text).claims["exp"] == NOW + 130 + 1800


@pytest.mark.parametrize(
    "scope, query, code",
    [
        ("altinn:serviceowner", {}, "digdir"),
        ("altinn:instances.read altinn:serviceowner/instances.read", {}, "digdir"),
        ("altinn:serviceowner", {"test": "true"}, "ttd"),
        ("altinn:instances.read", {}, None),
        ("altinn:serviceowners", {}, None),
    ],
)
def test_a_service_owner_is_named_when_it_asks_as_one(
    house: ExchangeHouse, scope: str, query: dict, code: str | None
) -> None:
    answer = house.exchange(house.token(iss=DIRECTORATE_CLIENT, scope=scope), **query)

    assert read_token(answer.text).claims.get("urn:altinn:org") == code


def refused(answer: object, status: int, detail: str) -> bool:
    body = answer.json()  # type: ignore[attr-defined]
    return (answer.status_code, body["detail"]) == (status, detail)  # type: ignore[attr-defined]


def test_no_token_is_refused(house: ExchangeHouse) -> None:
    assert refused(house.exchange(None), 401, "a bearer token is needed")


def test_another_scheme_is_refused(house: ExchangeHouse) -> None:
    answer = house.exchange(None, headers={"authorization": "Basic abc"})

    assert refused(answer, 401, "a bearer token is needed")


def test_a_token_that_cannot_be_read_is_refused(house: ExchangeHouse) -> None:
    answer = house.exchange("nonsense")

    assert refused(answer, 401, "the token does not hold: not three base64url parts")


def test_an_exchanged_token_is_not_exchanged_again(house: ExchangeHouse) -> None:
    answer = house.exchange(house.exchange(house.token()).text)

    reason = f"only tokens from Maskinporten are exchanged: issuer is `{ALTINN_ISSUER}`"
    assert refused(answer, 401, reason)


def test_a_token_of_a_stranger_is_refused(house: ExchangeHouse) -> None:
    stranger = sign(b'{"iss":"https://evil.example/","exp":9999999999}', rsa_key("stranger"))

    answer = house.exchange(stranger)

    assert refused(answer, 401, "the issuer is not trusted here: `https://evil.example/`")


def test_a_token_in_our_name_signed_by_a_stranger_is_refused(house: ExchangeHouse) -> None:
    header, claims, _ = house.token().split(".")
    _, _, signature = sign(b"{}", rsa_key("stranger")).split(".")

    answer = house.exchange(f"{header}.{claims}.{signature}")

    reason = "the token does not hold: the signature does not hold for key `maskinporten`"
    assert refused(answer, 401, reason)


def test_a_token_expired_by_more_than_the_skew_is_refused(house: ExchangeHouse) -> None:
    original = house.token()
    house.tokens.clock.advance(timedelta(seconds=131))

    assert refused(house.exchange(original), 401, "the token expired at 2026-11-23T09:02:00Z")


def test_a_token_for_another_api_is_refused(house: ExchangeHouse) -> None:
    answer = house.exchange(house.token(resource="https://other.example"))

    reason = "the token is for audience `https://other.example`, not for this API"
    assert refused(answer, 401, reason)


def test_a_token_for_this_api_is_exchanged_and_loses_its_audience(house: ExchangeHouse) -> None:
    answer = house.exchange(house.token(resource=BASE))

    assert "aud" not in read_token(answer.text).claims


@pytest.mark.parametrize(
    "claims", [{}, {"consumer": {"authority": "x", "ID": "0192:310904473"}}, {"consumer": 7}]
)
def test_a_token_without_a_norwegian_consumer_is_refused(
    house: ExchangeHouse, claims: dict
) -> None:
    facts = {"iss": f"{BASE}/maskinporten/", "exp": NOW + 60, **claims}
    compact = sign(json.dumps(facts).encode(), house.tokens.keys.current("maskinporten"))

    answer = house.exchange(compact)

    assert answer.status_code == 401
    assert "`consumer`" in answer.json()["detail"]


def test_an_unknown_provider_is_refused_by_name(house: ExchangeHouse) -> None:
    answer = house.exchange(house.token(), provider="feide")

    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/plain; charset=utf-8")
    assert answer.text == (
        "Invalid token provider: feide. Trusted token providers are 'Maskinporten', 'Id-porten'"
        " and 'AltinnStudio'."
    )


def test_an_unknown_provider_is_told_only_to_those_with_a_token(house: ExchangeHouse) -> None:
    assert house.exchange(None, provider="feide").status_code == 401


@pytest.mark.parametrize(
    "provider, reason",
    [
        ("id-porten", "no ID-porten issuer is trusted here"),
        ("altinnstudio", "no Altinn Studio issuer is trusted here"),
    ],
)
def test_a_provider_that_is_not_served_is_refused_in_words(
    house: ExchangeHouse, provider: str, reason: str
) -> None:
    assert refused(house.exchange(house.token(), provider=provider), 401, reason)


def test_an_enterprise_user_is_gone(house: ExchangeHouse) -> None:
    headers = {"X-Altinn-EnterpriseUser-Authentication": "dTpw"}

    answer = house.exchange(house.token(), headers=headers)

    assert (answer.status_code, answer.json()["title"], answer.json()["type"]) == (
        410,
        "Virksomhetsbruker is no longer available",
        "https://docs.altinn.studio",
    )
