"""JSON read strictly: no member stands twice, nor two that differ only in letter case.

Reading either as "the last one wins" would let a request say one thing to a gateway and another to
us (RFC 8259 section 4 leaves it open; RFC 7519 section 4 asks for refusal in tokens). Text is
UTF-8 and holds only what can be kept and sent on: no half of a surrogate pair, no U+0000.
"""

from __future__ import annotations

import json
import re

_LONGEST_INTEGER = 1000
_ZERO = re.compile(r"(\\+)u0000")


class DuplicateMemberError(ValueError):
    """An object names the same member twice, exactly or but for letter case."""


def _strict_object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    folded = {name.casefold() for name in members}
    if len(folded) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name.casefold() in seen:
                message = f"member `{name}` stands twice"
                raise DuplicateMemberError(message)
            seen.add(name.casefold())
    return members


def _no_constant(name: str) -> object:
    message = f"`{name}` is not JSON"
    raise ValueError(message)


def _whole_number(digits: str) -> int:
    if len(digits) > _LONGEST_INTEGER:
        message = f"a whole number has more than {_LONGEST_INTEGER} digits"
        raise ValueError(message)
    return int(digits)


def _check_escapes(text: str, value: object) -> None:
    if "\\u" not in text:
        return
    shown = json.dumps(value, ensure_ascii=False)
    try:
        shown.encode()
    except UnicodeEncodeError:
        message = "a text holds half of a surrogate pair"
        raise ValueError(message) from None
    # A zero character is always written as an escape; the backslash before it may be one too.
    if any(len(found[1]) % 2 for found in _ZERO.finditer(shown)):
        message = "a text holds the character U+0000"
        raise ValueError(message)


# SPEED: made once; `json.loads` would make one for each text (benchmarks/token.py).
_decoder = json.JSONDecoder(
    object_pairs_hook=_strict_object, parse_constant=_no_constant, parse_int=_whole_number
)


def read_json(body: bytes | str) -> object:
    """The JSON value in `body`. Raises: ValueError, DuplicateMemberError."""
    try:
        text = body.decode("utf-8-sig") if isinstance(body, bytes) else body
    except UnicodeDecodeError:
        message = "not UTF-8"
        raise ValueError(message) from None
    try:
        value = _decoder.decode(text)
        _check_escapes(text, value)
    except RecursionError:
        message = "nested too deep"
        raise ValueError(message) from None
    return value
