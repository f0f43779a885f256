"""JSON read strictly: no member stands twice, nor two that differ only in letter case.

Reading either as "the last one wins" would let a request say one thing to a gateway and another to
us (RFC 8259 section 4 leaves it open; RFC 7519 section 4 asks for refusal in tokens).
"""

from __future__ import annotations

import json


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


def read_json(body: bytes | str) -> object:
    """The JSON value in `body`. Raises: ValueError, DuplicateMemberError."""
    try:
        return json.loads(body, object_pairs_hook=_strict_object, parse_constant=_no_constant)
    except RecursionError:
        message = "nested too deep"
        raise ValueError(message) from None
