"""What a client, a key and a scope must look like to be registered."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from uuid import UUID

from fullmakt.credentials.clients.errors import (
    KeyIdTaken,
    TooManyKeys,
    UnusableClient,
    UnusableKeyId,
    UnusableScopeName,
)
from fullmakt.credentials.clients.model import LIMITS, ClientKey

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from fullmakt.credentials.clients.model import ClientLimits
    from fullmakt.foundation.jose.keys import PublicKey

_LONGEST_NAME = 255
_KID = re.compile(r"[A-Za-z0-9._-]{1,128}")
# RFC 6749 section 3.3: printable ASCII but space, quote and backslash; the first colon splits.
_SCOPE = re.compile(r"[!#-9;-\[\]-~]+:[!#-\[\]-~]+")


def check_client(client_id: str, name: str) -> None:
    """The id is a UUID in lower case and the name is not empty. Raises: UnusableClient."""
    try:
        is_canonical = str(UUID(client_id)) == client_id
    except ValueError:
        is_canonical = False
    if not is_canonical:
        message = f"the client id must be a UUID in lower case: `{client_id}`"
        raise UnusableClient(message)
    if not 0 < len(name) <= _LONGEST_NAME:
        message = f"the client's name must have 1 to {_LONGEST_NAME} characters: `{name[:40]}`"
        raise UnusableClient(message)


def token_lifetime(wanted_s: int, *, limits: ClientLimits = LIMITS) -> int:
    """The lifetime of the client's tokens in seconds. Raises: UnusableClient."""
    if not 0 <= wanted_s <= limits.longest_token_lifetime_s:
        message = (
            f"the token lifetime must be 0 (for {limits.default_token_lifetime_s}) to"
            f" {limits.longest_token_lifetime_s} seconds: `{wanted_s}`"
        )
        raise UnusableClient(message)
    return wanted_s or limits.default_token_lifetime_s


def check_scope_name(name: str) -> None:
    """Refuse a name that is not `prefix:subscope`. Raises: UnusableScopeName."""
    if len(name) > _LONGEST_NAME or not _SCOPE.fullmatch(name):
        message = f"a scope must be `prefix:subscope` without spaces: `{name[:80]}`"
        raise UnusableScopeName(message)


def register_key(
    public: PublicKey,
    held: Mapping[str, ClientKey],
    *,
    at: datetime,
    limits: ClientLimits = LIMITS,
) -> ClientKey:
    """The key to keep on a client that has `held`, expiring a year from `at`.

    The same key under the same id is renewed. Raises: UnusableKeyId, KeyIdTaken, TooManyKeys.
    """
    if not _KID.fullmatch(public.kid):
        message = f"a key id must be 1 to 128 letters, digits and `._-`: `{public.kid[:40]}`"
        raise UnusableKeyId(message)
    same_id = held.get(public.kid)
    if same_id is not None and same_id.public.as_jwk() != public.as_jwk():
        message = f"key `{public.kid}` is another key; remove it first, or choose another id"
        raise KeyIdTaken(message)
    if same_id is None and len(held) >= limits.most_keys:
        message = f"the client has {limits.most_keys} keys; remove one of `{', '.join(held)}` first"
        raise TooManyKeys(message)
    return ClientKey(public, at + limits.key_lifetime)
