"""Keys: which are taken, and that none is ever shown."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from fullmakt.foundation.jose.keys import PrivateKey, PublicKey, UnusableKeyError
from tests.unit.keys.rsa_keys import rsa_key

PEM = serialization.Encoding.PEM
PUBLIC, PRIVATE = serialization.PublicFormat.SubjectPublicKeyInfo, serialization.PrivateFormat.PKCS8
OPEN = serialization.NoEncryption()


@pytest.fixture(scope="module")
def short() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=1024)


@pytest.fixture(scope="module")
def elliptic() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def public_pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    return key.public_key().public_bytes(PEM, PUBLIC).decode()


def private_pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(PEM, PRIVATE, OPEN).decode()


def short_jwk(short: rsa.RSAPrivateKey) -> dict[str, object]:
    """A private JWK of 1024 bits: everything but `n` is of another key, and never looked at."""
    octets = short.public_key().public_numbers().n.to_bytes(128, "big")
    return {**rsa_key("ours").as_private_jwk(), "n": _base64url(octets)}


def _base64url(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def test_a_public_key_goes_out_and_comes_in_by_both_forms() -> None:
    key = rsa_key("ours")
    pem = key.public.jose_key.as_pem(private=False).decode()

    assert PublicKey.from_jwk(key.public.as_jwk()).as_jwk() == key.public.as_jwk()
    assert PublicKey.from_pem(pem, kid="ours").as_jwk() == key.public.as_jwk()


def test_a_private_key_goes_out_and_comes_in_by_both_forms() -> None:
    key = rsa_key("ours")

    from_jwk = PrivateKey.from_jwk(key.as_private_jwk())
    from_pem = PrivateKey.from_pem(key.as_pem(), kid="ours")

    assert from_jwk.as_private_jwk() == from_pem.as_private_jwk() == key.as_private_jwk()


def test_a_key_without_an_id_is_named_by_its_thumbprint() -> None:
    jwk = rsa_key("ours").public.as_jwk()
    del jwk["kid"]

    thumbprint = PublicKey.from_jwk(jwk).kid

    assert len(thumbprint) == 43
    assert PrivateKey.from_pem(rsa_key("ours").as_pem()).kid == thumbprint


@pytest.mark.parametrize("member", ["d", "p", "q", "dp", "dq", "qi", "oth", "k"])
def test_a_public_key_with_private_members_is_refused(member: str) -> None:
    jwk: dict[str, object] = {**rsa_key("ours").public.as_jwk(), member: "AQAB"}

    with pytest.raises(UnusableKeyError, match=f"must not have private members: `{member}`$"):
        PublicKey.from_jwk(jwk)


@pytest.mark.parametrize("kind", ["EC", "oct", "OKP", None, ["RSA"]])
def test_a_key_of_another_type_is_refused(kind: object) -> None:
    jwk = {**rsa_key("ours").as_private_jwk(), "kty": kind}

    with pytest.raises(UnusableKeyError, match="must be `RSA`"):
        PublicKey.from_jwk(jwk)
    with pytest.raises(UnusableKeyError, match="not a private RSA key"):
        PrivateKey.from_jwk(jwk)


def test_an_elliptic_key_is_refused(elliptic: ec.EllipticCurvePrivateKey) -> None:
    with pytest.raises(UnusableKeyError, match="must be `RSA`"):
        PublicKey.from_pem(public_pem(elliptic))
    with pytest.raises(UnusableKeyError, match="must be `RSA`"):
        PrivateKey.from_pem(private_pem(elliptic))


def test_a_short_key_is_refused_in_every_form(short: rsa.RSAPrivateKey) -> None:
    wrong = "must have 2048 to 8192 bits: `1024`"
    public = {name: short_jwk(short)[name] for name in ("kty", "n", "e")}

    with pytest.raises(UnusableKeyError, match=wrong):
        PublicKey.from_pem(public_pem(short))
    with pytest.raises(UnusableKeyError, match=wrong):
        PrivateKey.from_pem(private_pem(short))
    with pytest.raises(UnusableKeyError, match=wrong):
        PublicKey.from_jwk(public)
    with pytest.raises(UnusableKeyError, match=wrong):
        PrivateKey.from_jwk(short_jwk(short))


@pytest.mark.parametrize("value", [5, None, [], {}, "", "AA", "!!", True, "ø", "A" * 100_000])
@pytest.mark.parametrize("member", ["n", "e"])
def test_numbers_that_are_none_are_refused(member: str, value: object) -> None:
    with pytest.raises(UnusableKeyError):
        PublicKey.from_jwk({**rsa_key("ours").public.as_jwk(), member: value})


@pytest.mark.parametrize("value", [5, None, [], "", "AA", "!!"])
def test_private_numbers_that_do_not_fit_are_refused(value: object) -> None:
    with pytest.raises(UnusableKeyError, match="numbers cannot be read"):
        PrivateKey.from_jwk({**rsa_key("ours").as_private_jwk(), "d": value})


@pytest.mark.parametrize("kid", [5, "", [], {}])
def test_an_id_that_is_no_text_is_refused(kid: object) -> None:
    with pytest.raises(UnusableKeyError, match="`kid` must be text"):
        PublicKey.from_jwk({**rsa_key("ours").public.as_jwk(), "kid": kid})
    with pytest.raises(UnusableKeyError, match="`kid` must be text"):
        PrivateKey.from_jwk({**rsa_key("ours").as_private_jwk(), "kid": kid})


@pytest.mark.parametrize("text", ["", "x", "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----"])
def test_what_is_no_pem_is_refused(text: str) -> None:
    with pytest.raises(UnusableKeyError, match="not a PEM public key"):
        PublicKey.from_pem(text)
    with pytest.raises(UnusableKeyError, match="not an unencrypted PEM private key"):
        PrivateKey.from_pem(text)


def test_an_encrypted_private_key_is_refused() -> None:
    made = serialization.load_pem_private_key(rsa_key("ours").as_pem().encode(), password=None)
    locked = made.private_bytes(PEM, PRIVATE, serialization.BestAvailableEncryption(b"secret"))

    with pytest.raises(UnusableKeyError, match="not an unencrypted PEM private key"):
        PrivateKey.from_pem(locked.decode())


def test_a_key_shows_its_id_and_no_number() -> None:
    key = rsa_key("ours")

    assert repr(key) == str(key) == "PrivateKey(kid='ours')"
    assert repr(key.public) == str(key.public) == "PublicKey(kid='ours')"


def test_the_public_half_has_no_private_members() -> None:
    assert set(rsa_key("ours").public.as_jwk()) == {"kty", "use", "alg", "kid", "n", "e"}


def test_a_refused_private_key_is_not_told_back() -> None:
    jwk = {**rsa_key("ours").as_private_jwk(), "p": "AA"}

    with pytest.raises(UnusableKeyError) as refused:
        PrivateKey.from_jwk(jwk)

    assert str(jwk["d"]) not in str(refused.value)
    assert refused.value.__cause__ is None
