"""RSA keys and their JWK and PEM forms (RFC 7517). Reading, making and naming keys; no storage."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

if TYPE_CHECKING:
    from collections.abc import Mapping

LEAST_BITS = 2048
MOST_BITS = 8192
_PADDING = padding.PKCS1v15()
_HASHES = {"RS256": hashes.SHA256(), "RS384": hashes.SHA384(), "RS512": hashes.SHA512()}
PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})


class UnusableKeyError(ValueError):
    """A key that is not RSA, is too short, or cannot be read. The message never holds the key."""


def thumbprint(key: RSAKey) -> str:
    """The key's RFC 7638 thumbprint, used as its `kid` where none is given."""
    return key.thumbprint()


@dataclass(frozen=True, slots=True)
class PublicKey:
    """An RSA public key and its id."""

    kid: str
    _key: RSAKey = field(repr=False)

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, object]) -> Self:
        """Read a public JWK. Raises: UnusableKeyError, also for one with private members."""
        if jwk.get("kty") != "RSA":
            message = f"key type must be `RSA`: `{jwk.get('kty')}`"
            raise UnusableKeyError(message)
        private = sorted(PRIVATE_MEMBERS & set(jwk))
        if private:
            message = f"a public key must not have private members: `{', '.join(private)}`"
            raise UnusableKeyError(message)
        key = _import(dict(jwk))
        return cls(_checked_kid(jwk.get("kid")) or thumbprint(key), key)

    @classmethod
    def from_pem(cls, pem: str, *, kid: str | None = None) -> Self:
        """Read a PEM public key. Raises: UnusableKeyError."""
        try:
            loaded = serialization.load_pem_public_key(pem.encode())
        except (ValueError, UnsupportedAlgorithm):
            message = "not a PEM public key"
            raise UnusableKeyError(message) from None
        if not isinstance(loaded, rsa.RSAPublicKey):
            message = "key type must be `RSA`"
            raise UnusableKeyError(message)
        _check_bits(loaded.key_size)
        key = RSAKey(loaded, loaded)
        return cls(_checked_kid(kid) or thumbprint(key), key)

    @property
    def jose_key(self) -> RSAKey:
        """The key as joserfc holds it."""
        return self._key

    def verify(self, signature: bytes, data: bytes, *, algorithm: str) -> None:
        """Check a signature of `data`; `algorithm` is RS256, RS384 or RS512 (RFC 7518 section 3.3).

        Raises: InvalidSignature of cryptography.
        """
        self._key.public_key.verify(signature, data, _PADDING, _HASHES[algorithm])

    def as_jwk(self) -> dict[str, str]:
        """The public JWK as a JWKS publishes it."""
        members = self._key.as_dict(private=False)
        return {
            "kty": "RSA",
            "use": "sig",
            "alg": "RS256",
            "kid": self.kid,
            "n": str(members["n"]),
            "e": str(members["e"]),
        }


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """An RSA private key and its id. Never shown: its representation is the id alone."""

    kid: str
    _key: RSAKey = field(repr=False)

    @classmethod
    def generate(cls, *, kid: str | None = None) -> Self:
        """Make a new 2048-bit key."""
        made = rsa.generate_private_key(public_exponent=65537, key_size=LEAST_BITS)
        return cls._of(made, kid)

    @classmethod
    def from_pem(cls, pem: str, *, kid: str | None = None) -> Self:
        """Read an unencrypted PEM private key. Raises: UnusableKeyError."""
        try:
            loaded = serialization.load_pem_private_key(pem.encode(), password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            message = "not an unencrypted PEM private key"
            raise UnusableKeyError(message) from None
        if not isinstance(loaded, rsa.RSAPrivateKey):
            message = "key type must be `RSA`"
            raise UnusableKeyError(message)
        _check_bits(loaded.key_size)
        return cls._of(loaded, kid)

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, object]) -> Self:
        """Read a private JWK. Raises: UnusableKeyError."""
        if jwk.get("kty") != "RSA" or "d" not in jwk:
            message = "not a private RSA key"
            raise UnusableKeyError(message)
        key = _import(dict(jwk))
        return cls(_checked_kid(jwk.get("kid")) or thumbprint(key), key)

    @classmethod
    def _of(cls, loaded: rsa.RSAPrivateKey, kid: str | None) -> Self:
        key = RSAKey(loaded, loaded)
        return cls(kid or thumbprint(key), key)

    @property
    def jose_key(self) -> RSAKey:
        """The key as joserfc holds it."""
        return self._key

    @property
    def public(self) -> PublicKey:
        """The public half, with the same id."""
        public = _native(self._key).public_key()
        return PublicKey(self.kid, RSAKey(public, public))

    def sign(self, data: bytes) -> bytes:
        """The RS256 signature of `data` (RFC 7518 section 3.3)."""
        return _native(self._key).sign(data, _PADDING, _HASHES["RS256"])

    def as_pem(self) -> str:
        """The key as unencrypted PKCS 8 PEM, for the one who owns it."""
        return self._key.as_pem(private=True).decode()

    def as_private_jwk(self) -> dict[str, str]:
        """The private JWK with its `kid`, for the one who owns it."""
        members = {name: str(value) for name, value in self._key.as_dict(private=True).items()}
        return {**members, "kid": self.kid, "use": "sig", "alg": "RS256"}


def _native(key: RSAKey) -> rsa.RSAPrivateKey:
    private = key.private_key
    assert private is not None
    return private


def _check_bits(bits: int) -> None:
    if not LEAST_BITS <= bits <= MOST_BITS:
        message = f"an RSA key must have {LEAST_BITS} to {MOST_BITS} bits: `{bits}`"
        raise UnusableKeyError(message)


def _checked_kid(kid: object) -> str | None:
    if kid is None or (isinstance(kid, str) and kid):
        return kid
    message = "`kid` must be text"
    raise UnusableKeyError(message)


def _bits_of(modulus: object) -> int:
    """How many bits a JWK's `n` has; asked first, since a huge number takes long to read."""
    try:
        octets = base64.urlsafe_b64decode(f"{modulus}==")
    except ValueError:
        return 0
    return int.from_bytes(octets[: MOST_BITS // 4], "big").bit_length()


def _import(jwk: dict[str, object]) -> RSAKey:
    _check_bits(_bits_of(jwk.get("n")))
    try:
        wanted = {
            name: value
            for name, value in jwk.items()
            if name in {"kty", "n", "e"} | PRIVATE_MEMBERS
        }
        key = RSAKey.import_key(json.loads(json.dumps(wanted)))
        key.public_key  # noqa: B018  the numbers are read here
    except (JoseError, ValueError, TypeError, KeyError, OverflowError):
        message = "the key's numbers cannot be read"
        raise UnusableKeyError(message) from None
    return key
