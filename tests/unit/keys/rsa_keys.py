"""RSA keys for tests: real ones, made once in each process and known by name."""

from __future__ import annotations

from functools import cache

from fullmakt.foundation.jose.keys import PrivateKey


@cache
def rsa_key(name: str) -> PrivateKey:
    return PrivateKey.generate(kid=name)
