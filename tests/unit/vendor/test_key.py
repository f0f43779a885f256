"""The client's key: read in its forms, and never given away by mistake."""

from __future__ import annotations

import json
import pickle

import pytest

from fullmakt.foundation.jose.keys import PublicKey
from fullmakt.foundation.jose.tokens import read_token
from fullmakt.vendor import ClientKey, UnusableKeyError
from tests.unit.vendor.remote import KEY


def test_a_key_read_back_from_pem_signs_as_before() -> None:
    read_back = ClientKey.from_pem(KEY.as_pem(), kid=KEY.kid)

    signed = read_token(read_back.sign({"iss": "me"}))

    assert signed.verify(PublicKey.from_jwk(KEY.public_jwk)) == {"iss": "me"}
    assert signed.kid == KEY.kid


@pytest.mark.parametrize("form", [dict, json.dumps])
def test_a_key_read_back_from_a_jwk_has_the_same_public_half(form: type) -> None:
    read_back = ClientKey.from_jwk(form(KEY.as_private_jwk()))

    assert read_back.public_jwk == KEY.public_jwk


def test_a_new_key_is_named_by_its_thumbprint() -> None:
    key = ClientKey.generate()

    assert key.kid == ClientKey.from_pem(key.as_pem()).kid


def test_the_public_half_has_no_private_member() -> None:
    assert set(KEY.public_jwk) == {"kty", "use", "alg", "kid", "n", "e"}


@pytest.mark.parametrize("text", ["", "{", "[]", '"key"', '{"kty":"RSA"}', '{"kty":"EC","d":"x"}'])
def test_what_is_not_a_private_jwk_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(UnusableKeyError) as refusal:
        ClientKey.from_jwk(text)

    assert "private" in str(refusal.value) or "JSON object" in str(refusal.value)


def test_a_key_cannot_be_pickled() -> None:
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(KEY)
