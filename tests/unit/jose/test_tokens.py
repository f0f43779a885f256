"""Tokens: which are read, which signatures hold, and that a token is never shown."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from fullmakt.foundation.jose.tokens import (
    LONGEST,
    InvalidSignatureError,
    MalformedTokenError,
    UnacceptableAlgorithmError,
    read_token,
    sign,
)
from tests.unit.keys.rsa_keys import rsa_key

CLAIMS = {"iss": "https://issuer.example.invalid/", "sub": "somebody"}


def encoded(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def part(value: object) -> str:
    return encoded(json.dumps(value).encode())


def token(header: object, claims: object = CLAIMS, signature: bytes = b"not checked") -> str:
    return f"{part(header)}.{part(claims)}.{encoded(signature)}"


def signed() -> str:
    return sign(json.dumps(CLAIMS).encode(), rsa_key("ours"), kind="JWT")


def test_a_signed_token_is_read_and_holds_for_its_key() -> None:
    unverified = read_token(signed())

    claims = unverified.verify(rsa_key("ours").public)

    assert claims == CLAIMS
    assert unverified.header == {"kid": "ours", "alg": "RS256", "typ": "JWT"}
    assert unverified.kid == "ours"


def test_the_type_is_left_out_where_none_is_given() -> None:
    assert "typ" not in read_token(sign(b"{}", rsa_key("ours"))).header


def test_a_token_does_not_hold_for_another_key() -> None:
    with pytest.raises(InvalidSignatureError, match=r"does not hold for key `other`$"):
        read_token(signed()).verify(rsa_key("other").public)


@pytest.mark.parametrize("algorithm", ["RS384", "RS512"])
def test_longer_hashes_hold_too(algorithm: str) -> None:
    made = serialization.load_pem_private_key(rsa_key("ours").as_pem().encode(), password=None)
    assert isinstance(made, rsa.RSAPrivateKey)
    text = f"{part({'alg': algorithm, 'kid': 'ours'})}.{part(CLAIMS)}"
    hashed = {"RS384": hashes.SHA384(), "RS512": hashes.SHA512()}[algorithm]
    signature = made.sign(text.encode(), padding.PKCS1v15(), hashed)

    assert read_token(f"{text}.{encoded(signature)}").verify(rsa_key("ours").public) == CLAIMS


@pytest.mark.parametrize(
    "algorithm",
    ["none", "None", "NONE", "HS256", "ES256", "PS256", "EdDSA", "rs256", "RSA1_5", "", None, 1],
)
def test_an_algorithm_off_the_list_is_refused(algorithm: object) -> None:
    with pytest.raises(
        UnacceptableAlgorithmError, match="must be one of RS256, RS384, RS512: `"
    ) as refused:
        read_token(token({"alg": algorithm}))

    assert str(refused.value).endswith(f"`{algorithm}`")


@pytest.mark.parametrize("algorithm", [["RS256"], {"RS256": 1}])
def test_an_algorithm_that_is_no_text_is_refused(algorithm: object) -> None:
    with pytest.raises(UnacceptableAlgorithmError):
        read_token(token({"alg": algorithm}))


def test_a_token_without_a_signature_is_refused() -> None:
    unsigned = f"{part({'alg': 'none'})}.{part(CLAIMS)}."

    with pytest.raises(MalformedTokenError, match="not three base64url parts"):
        read_token(unsigned)


def test_the_public_key_is_no_secret_to_sign_with() -> None:
    public = rsa_key("ours").public.jose_key.as_pem(private=False)
    text = f"{part({'alg': 'HS256', 'kid': 'ours'})}.{part(CLAIMS)}"
    forged = f"{text}.{encoded(hmac.digest(public, text.encode(), hashlib.sha256))}"

    with pytest.raises(UnacceptableAlgorithmError):
        read_token(forged)


def test_an_elliptic_signature_does_not_pass_under_another_name() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    text = f"{part({'alg': 'RS256', 'kid': 'ours'})}.{part(CLAIMS)}"
    forged = f"{text}.{encoded(key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))}"

    with pytest.raises(InvalidSignatureError):
        read_token(forged).verify(rsa_key("ours").public)


def test_a_pss_signature_does_not_pass_as_the_other_padding() -> None:
    made = serialization.load_pem_private_key(rsa_key("ours").as_pem().encode(), password=None)
    assert isinstance(made, rsa.RSAPrivateKey)
    text = f"{part({'alg': 'RS256', 'kid': 'ours'})}.{part(CLAIMS)}"
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)
    forged = f"{text}.{encoded(made.sign(text.encode(), pss, hashes.SHA256()))}"

    with pytest.raises(InvalidSignatureError):
        read_token(forged).verify(rsa_key("ours").public)


@pytest.mark.parametrize(
    "extension", [{"crit": ["exp"]}, {"crit": []}, {"b64": False}, {"b64": True}]
)
def test_an_extension_to_be_understood_is_refused(extension: Mapping[str, object]) -> None:
    (name,) = extension

    with pytest.raises(UnacceptableAlgorithmError, match=f"member `{name}` is not understood"):
        read_token(token({"alg": "RS256", **extension}))


@pytest.mark.parametrize("name", ["jku", "x5u", "jwk", "x5c"])
def test_a_key_that_the_header_brings_is_not_used(name: str) -> None:
    stranger = rsa_key("other")
    header = {"alg": "RS256", "kid": "ours", name: stranger.public.as_jwk()}
    made = serialization.load_pem_private_key(stranger.as_pem().encode(), password=None)
    assert isinstance(made, rsa.RSAPrivateKey)
    text = f"{part(header)}.{part(CLAIMS)}"
    signature = made.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())

    with pytest.raises(InvalidSignatureError):
        read_token(f"{text}.{encoded(signature)}").verify(rsa_key("ours").public)


@pytest.mark.parametrize(
    "compact",
    [
        "",
        "a.b",
        "a.b.c.d",
        "..",
        "a..c",
        "a.b.c ",
        "a.b.c=",
        "ä.b.c",
        "a.b+.c",
        "{}",
        "a.b.c\n",
    ],
)
def test_what_is_not_three_parts_is_refused(compact: str) -> None:
    with pytest.raises(MalformedTokenError, match=r"^not three base64url parts$"):
        read_token(compact)


def test_a_token_that_is_too_long_is_refused() -> None:
    with pytest.raises(MalformedTokenError, match="not three base64url parts"):
        read_token("a" * LONGEST + ".b.c")


@pytest.mark.parametrize(
    "place, name", [(0, "header"), (1, "claims"), (2, "signature")], ids=["header", "claims", "end"]
)
@pytest.mark.parametrize("wrong", ["A", "AAAAA", "AB"])
def test_base64_that_does_not_come_out_even_is_refused(place: int, name: str, wrong: str) -> None:
    parts = token({"alg": "RS256"}).split(".")
    parts[place] = wrong

    with pytest.raises(MalformedTokenError, match=f"the {name} cannot be read: not base64url"):
        read_token(".".join(parts))


def test_a_signature_has_one_spelling_only() -> None:
    compact = signed()
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    respelled = compact[:-1] + letters[letters.index(compact[-1]) ^ 1]

    with pytest.raises(MalformedTokenError, match="the signature cannot be read"):
        read_token(respelled)


@pytest.mark.parametrize("value", [[], "text", 5, None, True])
def test_a_part_that_is_no_object_is_refused(value: object) -> None:
    with pytest.raises(MalformedTokenError, match="the header is not a JSON object"):
        read_token(token(value))
    with pytest.raises(MalformedTokenError, match="the claims is not a JSON object"):
        read_token(token({"alg": "RS256"}, value))


@pytest.mark.parametrize("text", ["{", "\xff", '{"a": NaN}', '{"a": "\\ud800"}', "[" * 40_000])
def test_a_part_that_is_no_json_is_refused_without_telling_it(text: str) -> None:
    wrong = encoded(text.encode("latin-1"))

    with pytest.raises(MalformedTokenError, match=r"^the claims cannot be read$"):
        read_token(f"{part({'alg': 'RS256'})}.{wrong}.{encoded(b'x')}")


@pytest.mark.parametrize("text", ['{"alg":"none","alg":"RS256"}', '{"alg":"RS256","ALG":"none"}'])
def test_a_header_with_a_member_twice_is_refused(text: str) -> None:
    with pytest.raises(MalformedTokenError, match=r"the header cannot be read: member `.*` stands"):
        read_token(f"{encoded(text.encode())}.{part(CLAIMS)}.{encoded(b'x')}")


def test_claims_with_a_member_twice_are_refused() -> None:
    claims = encoded(b'{"scope": "a", "scope": "b"}')

    with pytest.raises(MalformedTokenError, match="member `scope` stands twice"):
        read_token(f"{part({'alg': 'RS256'})}.{claims}.{encoded(b'x')}")


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_changed_token_does_not_hold(place: int) -> None:
    parts = signed().split(".")
    changes = {
        0: part({"alg": "RS256", "kid": "ours"}),
        1: part({**CLAIMS, "sub": "another"}),
        2: encoded(b"x" * 256),
    }
    parts[place] = changes[place]

    with pytest.raises(InvalidSignatureError):
        read_token(".".join(parts)).verify(rsa_key("ours").public)


@pytest.mark.parametrize("kid", [None, "", 5, ["ours"]])
def test_an_id_that_is_no_text_is_none(kid: object) -> None:
    assert read_token(token({"alg": "RS256", "kid": kid})).kid is None


def test_a_token_is_not_shown() -> None:
    compact = signed()
    unverified = read_token(compact)

    with pytest.raises(InvalidSignatureError) as refused:
        unverified.verify(rsa_key("other").public)

    for shown in (repr(unverified), str(refused.value), repr(refused.value)):
        assert compact.rpartition(".")[2] not in shown
    assert refused.value.__cause__ is None
