"""Our own signing keys: made once, published, and never another profile's."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from sqlalchemy import update

from fullmakt.credentials.keys.model import KeyState, KeyUse, SigningKey
from fullmakt.credentials.keys.service import (
    ForeignProfileError,
    MissingSigningKeyError,
    SigningKeys,
    open_signing_keys,
)
from fullmakt.credentials.keys.tables import signing_keys
from fullmakt.foundation.events.ledger import list_events
from fullmakt.foundation.jose.keys import PrivateKey
from fullmakt.foundation.jose.tokens import read_token, sign
from fullmakt.foundation.storage.database import Database
from tests.unit.keys.rsa_keys import rsa_key
from tests.worlds import START, new_database


def make(use: KeyUse) -> PrivateKey:
    return rsa_key(use.value)


def make_no_more(use: KeyUse) -> PrivateKey:
    pytest.fail(f"made a key for {use}")


@pytest.fixture
def database(place_url: str) -> Iterator[Database]:
    database = new_database(place_url)
    yield database
    database.close()


def test_a_new_world_gets_a_key_for_each_use(database: Database) -> None:
    keys = open_signing_keys(database, profile="test", make=make)

    assert {use: keys.current(use).kid for use in KeyUse} == {
        KeyUse.MASKINPORTEN: "maskinporten",
        KeyUse.ALTINN: "altinn",
    }


def test_keys_are_made_once_and_read_ever_after(database: Database) -> None:
    made = open_signing_keys(database, profile="test", make=make)

    read = open_signing_keys(database, profile="test", make=make_no_more)

    assert read.jwks("altinn") == made.jwks("altinn")
    assert read.current("maskinporten").as_pem() == made.current("maskinporten").as_pem()


def test_of_keys_at_hand_only_those_that_are_kept_are_taken(database: Database) -> None:
    made = open_signing_keys(database, profile="test", make=make)
    other = PrivateKey.generate(kid="altinn")

    read = open_signing_keys(
        database, profile="test", at_hand=[other, made.current("maskinporten")]
    )

    assert read.current("maskinporten") is made.current("maskinporten")
    assert read.current("altinn").as_pem() == made.current("altinn").as_pem()


def test_each_key_made_is_an_event_without_its_private_half(database: Database) -> None:
    open_signing_keys(database, profile="test", make=make)

    with database.reading() as reading:
        events = list_events(reading, after=0, most=10)

    assert [(event.kind, dict(event.payload)) for event in events] == [
        ("signing-key.made", {"use": use, "kid": use, "profile": "test"})
        for use in ("maskinporten", "altinn")
    ]


def test_a_token_signed_with_a_key_is_verified_with_what_is_published(database: Database) -> None:
    keys = open_signing_keys(database, profile="test", make=make)
    token = read_token(sign(b'{"a":1}', keys.current("altinn")))

    published = keys.source("altinn").find(str(token.kid))

    assert published is not None
    assert token.verify(published) == {"a": 1}


def test_a_use_does_not_publish_the_keys_of_another(database: Database) -> None:
    keys = open_signing_keys(database, profile="test", make=make)

    assert keys.source("altinn").find("maskinporten") is None


def test_what_is_published_has_no_private_member(database: Database) -> None:
    keys = open_signing_keys(database, profile="test", make=make)

    assert [sorted(jwk) for jwk in keys.jwks("maskinporten")] == [
        ["alg", "e", "kid", "kty", "n", "use"]
    ]


def test_a_world_of_another_profile_is_refused_by_name(database: Database) -> None:
    with pytest.raises(ForeignProfileError, match=r"the world was made by .* profile `test`"):
        open_signing_keys(database, profile="production", make=make_no_more)


def test_a_key_of_another_profile_is_refused_by_name(database: Database) -> None:
    open_signing_keys(database, profile="test", make=make)
    with database.engine.begin() as connection:
        connection.execute(
            update(signing_keys).where(signing_keys.c.use == "altinn").values(profile="production")
        )

    with pytest.raises(ForeignProfileError, match=r"key `altinn` was made by .* `production`"):
        open_signing_keys(database, profile="test", make=make_no_more)


def held(use: KeyUse, state: KeyState, name: str) -> SigningKey:
    return SigningKey(use, state, "test", START, rsa_key(name))


def test_keys_to_come_and_keys_gone_by_are_published_and_not_signed_with() -> None:
    keys = SigningKeys(
        [
            held(KeyUse.ALTINN, KeyState.RETIRED, "client"),
            held(KeyUse.ALTINN, KeyState.SIGNING, "altinn"),
            held(KeyUse.ALTINN, KeyState.PUBLISHED, "maskinporten"),
        ]
    )

    assert keys.current(KeyUse.ALTINN).kid == "altinn"
    assert [jwk["kid"] for jwk in keys.jwks(KeyUse.ALTINN)] == ["client", "altinn", "maskinporten"]


def test_a_use_without_a_key_says_so() -> None:
    with pytest.raises(MissingSigningKeyError, match="no signing key for `altinn`"):
        SigningKeys([]).current("altinn")


def test_no_representation_shows_a_private_half(caplog: pytest.LogCaptureFixture) -> None:
    key = held(KeyUse.ALTINN, KeyState.SIGNING, "altinn")
    secret = key.private.as_private_jwk()["d"]

    with caplog.at_level(logging.DEBUG):
        logging.getLogger("test").info("%r %s %r", key, key, SigningKeys([key]))

    assert secret not in caplog.text
    assert "PRIVATE" not in caplog.text
    assert "altinn" in caplog.text
