"""The client's key: what signs its grants. Read, made and named; never shown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from fullmakt.foundation.jose.keys import PrivateKey, UnusableKeyError
from fullmakt.foundation.jose.tokens import sign
from fullmakt.foundation.terms.members import read_json


@dataclass(frozen=True, slots=True)
class ClientKey:
    """The RSA key registered on a Maskinporten client, and the id it is registered under.

    Its representation is the id alone. It cannot be pickled, so that it does not travel by mistake.
    """

    kid: str
    _private: PrivateKey = field(repr=False)

    @classmethod
    def generate(cls, *, kid: str | None = None) -> Self:
        """Make a new key. Without `kid` its id is its RFC 7638 thumbprint."""
        return cls._of(PrivateKey.generate(kid=kid))

    @classmethod
    def from_pem(cls, pem: str, *, kid: str | None = None) -> Self:
        """Read an unencrypted PEM private key; `kid` as it was registered.

        Raises: UnusableKeyError.
        """
        return cls._of(PrivateKey.from_pem(pem, kid=kid))

    @classmethod
    def from_jwk(cls, jwk: str | Mapping[str, object]) -> Self:
        """Read a private JWK, as JSON text or as its members. Raises: UnusableKeyError."""
        return cls._of(PrivateKey.from_jwk(_read(jwk) if isinstance(jwk, str) else jwk))

    @classmethod
    def _of(cls, private: PrivateKey) -> Self:
        return cls(private.kid, private)

    @property
    def public_jwk(self) -> Mapping[str, str]:
        """The public half, as it is registered with Maskinporten."""
        return self._private.public.as_jwk()

    def as_pem(self) -> str:
        """The private key itself, unencrypted, for the one who keeps it."""
        return self._private.as_pem()

    def as_private_jwk(self) -> Mapping[str, str]:
        """The private key itself as a JWK, for the one who keeps it."""
        return self._private.as_private_jwk()

    def sign(self, claims: Mapping[str, object]) -> str:
        """A compact RS256 token over `claims`."""
        return sign(json.dumps(claims, ensure_ascii=False).encode(), self._private)

    def __reduce__(self) -> str:
        message = "a client key cannot be pickled; keep it with `as_pem()`"
        raise TypeError(message)


def _read(text: str) -> Mapping[str, object]:
    try:
        value = read_json(text)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        message = "the key is not a JSON object"
        raise UnusableKeyError(message)
    return value
