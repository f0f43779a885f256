"""Compact signed tokens (RFC 7515, RFC 7519): read, verified and signed.

What the claims mean is for the rooms above. Nothing is ever fetched from a header (`jku`, `x5u`,
`jwk`), and the algorithm is never chosen by the token alone (RFC 8725).
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature

from fullmakt.foundation.terms.members import read_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fullmakt.foundation.jose.keys import PrivateKey, PublicKey

ALGORITHMS = ("RS256", "RS384", "RS512")
LONGEST = 64 * 1024
_FORM = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_TEXT_MEMBERS = ("typ", "cty")
_LONGEST_KEPT_HEADER = 512
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_STANDARD = str.maketrans("-_", "+/")
_LEFT_OVER = {2: 0b1111, 3: 0b11}
"""The bits of the last letter that stand for nothing, by how many letters there are past a four."""


class MalformedTokenError(ValueError):
    """Not a compact JWS with a JSON header and JSON claims. The message never holds the token."""


class UnacceptableAlgorithmError(ValueError):
    """The header names an algorithm off the fixed list, or extensions to be understood."""


class InvalidSignatureError(ValueError):
    """The signature does not hold for the key."""


@dataclass(frozen=True, slots=True)
class UnverifiedToken:
    """A token that has been read and not verified: good for choosing the key, and nothing else."""

    header: Mapping[str, object]
    claims: Mapping[str, object]
    _signed: bytes = field(repr=False)
    _signature: bytes = field(repr=False)

    @property
    def kid(self) -> str | None:
        """The key id in the header."""
        kid = self.header.get("kid")
        return kid if isinstance(kid, str) and kid else None

    def verify(self, key: PublicKey) -> Mapping[str, object]:
        """The claims, once the signature holds. Raises: InvalidSignatureError."""
        try:
            key.verify(self._signature, self._signed, algorithm=str(self.header["alg"]))
        except InvalidSignature:
            message = f"the signature does not hold for key `{key.kid}`"
            raise InvalidSignatureError(message) from None
        return self.claims


def read_token(compact: str) -> UnverifiedToken:
    """Read a compact token without verifying it.

    Raises: MalformedTokenError, UnacceptableAlgorithmError.
    """
    if len(compact) > LONGEST or not _FORM.fullmatch(compact):
        message = "not three base64url parts"
        raise MalformedTokenError(message)
    encoded_header, encoded_claims, encoded_signature = compact.split(".")
    signature = _decode(encoded_signature, "signature")
    is_short = len(encoded_header) <= _LONGEST_KEPT_HEADER
    header = _read_header(encoded_header) if is_short else _checked_header(encoded_header)
    claims = _read_part(encoded_claims, "claims")
    signed = compact[: -len(encoded_signature) - 1].encode()
    return UnverifiedToken(header, claims, signed, signature)


def _checked_header(encoded: str) -> Mapping[str, object]:
    header = _read_part(encoded, "header")
    for name in _TEXT_MEMBERS:
        if not isinstance(header.get(name, ""), str):
            message = f"header member `{name}` must be text: `{header[name]}`"
            raise MalformedTokenError(message)
    if header.get("alg") not in ALGORITHMS:
        message = f"algorithm must be one of {', '.join(ALGORITHMS)}: `{header.get('alg')}`"
        raise UnacceptableAlgorithmError(message)
    for name in ("crit", "b64"):
        if name in header:
            message = f"header member `{name}` is not understood"
            raise UnacceptableAlgorithmError(message)
    return MappingProxyType(header)


@lru_cache(maxsize=1024)
def _read_header(encoded: str) -> Mapping[str, object]:
    # SPEED: all tokens signed with one key begin alike (benchmarks/token.py).
    return _checked_header(encoded)


def _read_part(encoded: str, name: str) -> dict[str, object]:
    try:
        value = read_json(_decode(encoded, name))
    except MalformedTokenError:
        raise
    except ValueError as fault:
        message = (
            f"the {name} cannot be read: {fault}"
            if str(fault).startswith("member")
            else f"the {name} cannot be read"
        )
        raise MalformedTokenError(message) from None
    if not isinstance(value, dict):
        message = f"the {name} is not a JSON object"
        raise MalformedTokenError(message)
    return value


def _decode(encoded: str, name: str) -> bytes:
    """The octets of one part.

    A part has one spelling only (RFC 4648 section 3.5): otherwise a used grant, known by the hash
    of its text, could be sent again with other bits at the end of its signature.
    """
    # INVARIANT: the letters are base64url's, so only the bits that are left over at the end can
    # make two spellings of the same octets.
    past = len(encoded) % 4
    if past == 1 or (past and _LETTERS.index(encoded[-1]) & _LEFT_OVER[past]):
        message = f"the {name} cannot be read: not base64url"
        raise MalformedTokenError(message)
    return binascii.a2b_base64(encoded.translate(_STANDARD) + "=" * (-past % 4))


def sign(claims: bytes, key: PrivateKey, *, kind: str | None = None) -> str:
    """A compact RS256 token over `claims` (JSON bytes).

    `kind` is the header's `typ`, left out when None.
    """
    data = f"{_encoded_header(key.kid, kind)}.{_encode(claims)}"
    return f"{data}.{_encode(key.sign(data.encode()))}"


@lru_cache(maxsize=64)
def _encoded_header(kid: str, kind: str | None) -> str:
    header = {"kid": kid, "alg": "RS256", **({} if kind is None else {"typ": kind})}
    return _encode(json.dumps(header, separators=(",", ":")).encode())


def _encode(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
