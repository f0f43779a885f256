"""Ids, numbers and paging tokens in addresses.

Each is read from text, and refused as the framework of the original refuses it.
"""

from __future__ import annotations

import base64
import binascii
import json
from uuid import UUID

from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.foundation.terms.problem import InvalidInput

PAGE_SIZE = 50
_NOBODY = UUID(int=0)
_LARGEST_PARTY_ID = 2**31 - 1


def read_id(name: str, text: str) -> UUID:
    """The UUID in the parameter `name`. Raises: InvalidInput."""
    try:
        return UUID(text)
    except ValueError:
        raise _not_valid(name, text) from None


def read_optional_id(name: str, text: str | None) -> UUID | None:
    """As `read_id`; None when it is missing, empty, or all zeros."""
    found = read_id(name, text) if text else None
    return None if found == _NOBODY else found


def read_party_id(text: str) -> int:
    """The party id in a path. Raises: InvalidInput."""
    if text.isascii() and text.removeprefix("-").isdigit() and int(text) <= _LARGEST_PARTY_ID:
        return int(text)
    raise _not_valid("party", text)


def read_organization(name: str, text: str | None) -> OrganizationNumber:
    """The organisation number in a query parameter that must be there. Raises: InvalidInput."""
    try:
        return OrganizationNumber(read_text(name, text))
    except ValueError:
        raise _not_valid(name, text or "") from None


def read_text(name: str, text: str | None) -> str:
    """A query parameter that must be there. Raises: InvalidInput."""
    if not text:
        raise InvalidInput({name: (f"The {name} field is required.",)})
    return text


def read_size(name: str, text: str | None, *, most: int, default: int = 100) -> int:
    """How many a page holds, from 1 to `most`. Raises: InvalidInput."""
    if not text:
        return default
    if text.isascii() and text.isdigit() and len(text) < 6 and 0 < int(text) <= most:
        return int(text)
    raise InvalidInput({name: (f"The value '{text}' is not a number from 1 to {most}.",)})


def read_flag(name: str, text: str | None) -> bool | None:
    """True or false, or None where nothing is said. Raises: InvalidInput."""
    if not text:
        return None
    if text.lower() in {"true", "false"}:
        return text.lower() == "true"
    raise InvalidInput({name: (f"The value '{text}' is not `true` or `false`.",)})


def read_number_token(text: str | None) -> int:
    """The number that a page begins at, from a paging token. Raises: InvalidInput."""
    value = _read_token(text)
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int):
        raise _not_valid("token", text or "")
    return value


def read_id_token(text: str | None) -> UUID:
    """The id that a page begins at, from a paging token. Raises: InvalidInput."""
    value = _read_token(text)
    if value is None:
        return _NOBODY
    if not isinstance(value, str):
        raise _not_valid("token", text or "")
    try:
        return UUID(value)
    except ValueError:
        raise _not_valid("token", text or "") from None


def write_token(cursor: int | UUID) -> str:
    """The paging token: base64url without padding of the cursor as JSON."""
    value = str(cursor) if isinstance(cursor, UUID) else cursor
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _read_token(text: str | None) -> object:
    if not text:
        return None
    try:
        padded = text + "=" * (-len(text) % 4)
        return json.loads(base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        raise _not_valid("token", text) from None


def _not_valid(name: str, text: str) -> InvalidInput:
    return InvalidInput({name: (f"The value '{text}' is not valid.",)})
