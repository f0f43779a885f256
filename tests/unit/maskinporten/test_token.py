"""What the token endpoint answers: the token, its headers, its refusals, and what changes bite."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, MutableMapping
from datetime import timedelta

import pytest
from sqlalchemy import text

from fullmakt.credentials.clients import service as clients
from fullmakt.credentials.clients.model import AccessState
from fullmakt.foundation.jose.tokens import read_token
from fullmakt.foundation.storage.database import Work
from fullmakt.identity.maskinporten.model import LARGEST_REQUEST
from tests.unit.keys.rsa_keys import rsa_key
from tests.unit.maskinporten.token_house import (
    CLIENT,
    ISSUER,
    OWNER,
    REAL_ISSUER,
    SYSTEM,
    SYSTEM_USER,
    VENDOR,
    TokenHouse,
    a_grant,
    form,
    grant_claims,
    signed,
    system_user_details,
)
from tests.worlds import START

CONSUMER = {"authority": "iso6523-actorid-upis", "ID": VENDOR.iso6523}


def test_a_token_has_the_documented_claims_and_no_others(house: TokenHouse) -> None:
    answer = house.ask(a_grant(authorization_details=system_user_details()))

    claims = dict(answer.claims)
    assert len(claims.pop("jti")) == 43
    assert claims == {
        "authorization_details": [
            {
                "type": "urn:altinn:systemuser",
                "systemuser_id": [str(SYSTEM_USER)],
                "systemuser_org": {"authority": "iso6523-actorid-upis", "ID": OWNER.iso6523},
                "system_id": SYSTEM,
            }
        ],
        "scope": "altinn:instances.read altinn:instances.write",
        "iss": ISSUER,
        "client_amr": "private_key_jwt",
        "token_type": "Bearer",
        "exp": int(START.timestamp()) + 120,
        "iat": int(START.timestamp()),
        "client_id": CLIENT,
        "consumer": CONSUMER,
    }


def test_a_token_without_a_system_user_says_nothing_of_one(house: TokenHouse) -> None:
    claims = house.ask(a_grant()).claims

    assert sorted(claims) == sorted(
        ["scope", "iss", "client_amr", "token_type", "exp", "iat", "client_id", "jti", "consumer"]
    )


def test_the_reference_asked_for_is_not_told(house: TokenHouse) -> None:
    details = system_user_details(externalRef="department-2")

    answer = house.ask(a_grant(authorization_details=details))

    assert sorted(answer.claims["authorization_details"][0]) == [
        "system_id",
        "systemuser_id",
        "systemuser_org",
        "type",
    ]


def test_a_token_is_signed_with_the_published_key_and_has_no_type(house: TokenHouse) -> None:
    token = read_token(house.ask(a_grant()).body["access_token"])
    key = house.keys.source("maskinporten").find(str(token.kid))

    assert token.header == {"kid": "maskinporten", "alg": "RS256"}
    assert key is not None
    assert token.verify(key)["client_id"] == CLIENT


def test_an_answer_has_four_members_and_is_not_stored(house: TokenHouse) -> None:
    answer = house.ask(a_grant())

    assert sorted(answer.body) == ["access_token", "expires_in", "scope", "token_type"]
    assert (answer.body["token_type"], answer.body["expires_in"]) == ("Bearer", 120)
    assert answer.body["scope"] == "altinn:instances.read altinn:instances.write"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["pragma"] == "no-cache"
    assert answer.headers["content-type"] == "application/json"


def test_a_token_lasts_as_long_as_its_client_says(own_house: TokenHouse) -> None:
    made: list[str] = []

    def add(work: Work) -> None:
        client = clients.add_client(
            work,
            organization=VENDOR,
            name="Slow",
            scopes=["altinn:instances.read"],
            token_lifetime_s=900,
        )
        clients.add_key(work, client.client_id, rsa_key("client").public, at=START)
        made.append(client.client_id)

    own_house.change(add)

    answer = own_house.ask(a_grant(iss=made[0], scope="altinn:instances.read"))

    assert answer.body["expires_in"] == 900
    assert answer.claims["exp"] - answer.claims["iat"] == 900


@pytest.mark.parametrize(
    "headers, issuer",
    [
        ({"host": "test.maskinporten.no"}, REAL_ISSUER),
        ({"host": "TEST.maskinporten.no"}, REAL_ISSUER),
        ({"host": "evil.example"}, ISSUER),
        ({}, ISSUER),
    ],
)
def test_a_token_is_issued_by_the_configured_host_and_never_by_an_unknown_one(
    house: TokenHouse, headers: Mapping[str, str], issuer: str
) -> None:
    answer = house.post(form(a_grant()), headers=headers)

    assert answer.claims["iss"] == issuer


def test_a_refusal_has_the_documented_body_with_the_callers_trace(house: TokenHouse) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    headers = {"traceparent": f"00-{trace}-b7ad6b7169203331-01", "host": "test.maskinporten.no"}

    answer = house.post(form(a_grant(scope="a:b")), headers=headers)

    assert answer.body == {
        "error": "invalid_scope",
        "error_description": (
            f"Token request contains invalid scopes for client, a:b (trace_id: {trace})"
        ),
        "error_uri": "https://test.maskinporten.no/errors/MP-200",
    }
    assert answer.headers["cache-control"] == "no-store"


def test_a_refusal_without_a_code_names_no_address(house: TokenHouse) -> None:
    answer = house.ask(signed(grant_claims(), header={"kid": "nobody"}))

    assert sorted(answer.body) == ["error", "error_description"]


def test_a_refusal_is_written_in_the_characters_of_an_error_description(house: TokenHouse) -> None:
    answer = house.ask(a_grant(scope='søk:"a\\b'))

    assert answer.description == "Token request contains invalid scopes for client, s?k:'a/b"


def test_another_method_than_post_is_refused(house: TokenHouse) -> None:
    answer = house.post(form(a_grant()), method="GET")

    assert (answer.status, answer.body["error"]) == (405, "invalid_request")
    assert answer.description == "The token endpoint takes POST, not GET"
    assert answer.headers["allow"] == "POST"


def test_a_request_that_is_too_large_is_refused(house: TokenHouse) -> None:
    answer = house.post(b"a" * (LARGEST_REQUEST + 1))

    assert (answer.status, answer.body["error"]) == (400, "invalid_request")
    assert answer.description == "The request cannot be read: it has more than 65536 bytes"


def test_a_fault_of_ours_is_told_as_try_again_and_nothing_of_the_fault(
    own_house: TokenHouse, caplog: pytest.LogCaptureFixture
) -> None:
    with own_house.database.engine.begin() as connection:
        connection.execute(text("DROP TABLE credential_version"))

    answer = own_house.ask(a_grant())

    assert (answer.status, answer.body["error"]) == (503, "temporarily_unavailable")
    assert answer.description == "Try again in a moment"
    assert answer.headers["retry-after"] == "1"
    assert "no answer to a grant" in caplog.text


def test_a_grant_is_used_once(house: TokenHouse) -> None:
    grant = a_grant()
    first = house.ask(grant)

    second = house.ask(grant)

    assert first.status == 200
    assert (second.status, second.body["error"], second.code, second.description) == (
        400,
        "invalid_grant",
        "MP-012",
        "Grant is used before",
    )


def test_another_grant_with_the_same_id_is_a_second_use(house: TokenHouse) -> None:
    house.ask(a_grant(jti="one"))

    assert house.ask(a_grant(jti="one", scope="altinn:instances.read")).code == "MP-012"


def test_a_grant_without_an_id_is_used_once_too(house: TokenHouse) -> None:
    claims = {name: value for name, value in grant_claims().items() if name != "jti"}
    grant = signed({**claims, "nonce": "a grant like no other"})
    first = house.ask(grant)

    assert (first.status, house.ask(grant).code) == (200, "MP-012")


def test_a_grant_refused_for_what_it_asks_is_used_all_the_same(house: TokenHouse) -> None:
    grant = a_grant(scope="a:b")
    house.ask(grant)

    assert house.ask(grant).code == "MP-012"


def test_a_grant_with_a_wrong_signature_uses_nothing_up(house: TokenHouse) -> None:
    claims = grant_claims()
    house.ask(signed(claims, key=rsa_key("stranger"), header={"kid": "client"}))

    assert house.ask(signed(claims)).status == 200


@pytest.mark.parametrize("changes", [{"aud": "https://other.example/"}, {"exp": 1}])
def test_a_grant_for_another_or_out_of_time_uses_nothing_up(
    house: TokenHouse, changes: Mapping[str, object]
) -> None:
    claims = grant_claims()
    house.ask(signed({**claims, **changes}))

    assert house.ask(signed(claims)).status == 200


def test_two_spellings_of_one_signature_are_not_two_grants(house: TokenHouse) -> None:
    claims = {name: value for name, value in grant_claims().items() if name != "jti"}
    grant = signed({**claims, "nonce": "spelled twice"})
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    respelled = grant[:-1] + alphabet[alphabet.index(grant[-1]) + 1]

    answer = house.ask(respelled)

    assert (answer.status, answer.code) == (400, "MP-011")
    assert answer.description.endswith("the signature cannot be read: not base64url")


def test_of_many_uses_at_once_one_wins(house: TokenHouse) -> None:
    grant = form(a_grant()).encode()
    headers = {"content-type": "application/x-www-form-urlencoded"}

    async def all_at_once() -> list[int]:
        answers = await asyncio.gather(*(house.call(grant, headers) for _ in range(20)))
        return sorted(answer.status for answer in answers)

    assert asyncio.run(all_at_once()) == [200] + [400] * 19


def test_a_key_removed_is_refused_on_the_next_request(own_house: TokenHouse) -> None:
    before = own_house.ask(a_grant())

    own_house.change(lambda work: clients.end_key(work, CLIENT, "client"))

    after = own_house.ask(a_grant())
    assert (before.status, after.status) == (200, 400)
    assert after.description.endswith("Unknown key identifier (kid) for client.")


def test_an_access_revoked_is_refused_on_the_next_request(own_house: TokenHouse) -> None:
    before = own_house.ask(a_grant())

    own_house.change(
        lambda work: clients.set_scope_access(
            work, "altinn:instances.write", VENDOR, AccessState.DENIED
        )
    )

    after = own_house.ask(a_grant())
    assert (before.status, after.code) == (200, "MP-250")


def test_a_client_deactivated_is_refused_on_the_next_request(own_house: TokenHouse) -> None:
    before = own_house.ask(a_grant())

    own_house.change(lambda work: clients.deactivate_client(work, CLIENT))

    assert (before.status, own_house.ask(a_grant()).code) == (200, "MP-100")


def test_a_client_that_is_not_of_the_system_finds_no_system_user(own_house: TokenHouse) -> None:
    made: list[str] = []

    def add(work: Work) -> None:
        client = clients.add_client(
            work, organization=VENDOR, name="Other", scopes=["altinn:instances.read"]
        )
        clients.add_key(work, client.client_id, rsa_key("client").public, at=START)
        made.append(client.client_id)

    own_house.change(add)
    grant = a_grant(
        iss=made[0], scope="altinn:instances.read", authorization_details=system_user_details()
    )

    answer = own_house.ask(grant)

    assert (answer.code, answer.body["error"]) == (
        "MP-303",
        "invalid_altinn_customer_configuration",
    )
    assert f"lists client `{made[0]}`" in answer.headers["fullmakt-reason"]


def test_a_key_at_its_last_moment_is_taken_and_a_second_later_not(own_house: TokenHouse) -> None:
    end = START + timedelta(days=365)
    own_house.clock.at = end
    before = own_house.ask(signed(grant_claims(end)))

    own_house.clock.at = end + timedelta(seconds=1)

    after = own_house.ask(signed(grant_claims(own_house.clock.at)))
    assert (before.status, after.code) == (200, "MP-121")


def test_a_grant_whose_use_cannot_be_kept_gives_no_token(own_house: TokenHouse) -> None:
    own_house.replay.close()

    answer = own_house.ask(a_grant())

    assert (answer.status, answer.body["error"]) == (503, "temporarily_unavailable")
    assert answer.headers["fullmakt-reason"] == "the writer is closed"


def test_an_id_of_a_grant_has_an_end(house: TokenHouse) -> None:
    answers = [house.ask(a_grant(jti="x" * length)) for length in (1024, 1025)]

    assert [answer.status for answer in answers] == [200, 400]
    assert answers[1].description.endswith("claim `jti` has more than 1024 characters")


def test_a_client_that_leaves_before_its_request_is_read_is_not_answered(
    house: TokenHouse,
) -> None:
    told: list[object] = []

    async def receive() -> MutableMapping[str, object]:
        return {"type": "http.disconnect"}

    async def send(message: object) -> None:
        told.append(message)

    scope = {"type": "http", "method": "POST", "headers": []}
    asyncio.run(house.endpoint(scope, receive, send))

    assert told == []
