"""Positions and sizes in addresses."""

from __future__ import annotations

from fullmakt.foundation.terms.problem import InvalidInput
from fullmakt.services.notices import rules
from fullmakt.services.notices.model import Position
from fullmakt.services.notices.service import LARGEST_PAGE


def read_position(text: str | None) -> Position:
    """The position to go on after; without one, the beginning. Raises: InvalidInput."""
    if not text:
        return Position()
    found = rules.read_position(text)
    if found is None:
        raise InvalidInput({"position": (f"The value '{text}' is not valid.",)})
    return found


def read_size(text: str | None) -> int:
    """How many events a page looks at. Raises: InvalidInput."""
    if not text:
        return 100
    if text.isascii() and text.isdigit() and len(text) < 6 and 0 < int(text) <= LARGEST_PAGE:
        return int(text)
    message = f"The value '{text}' is not a number from 1 to {LARGEST_PAGE}."
    raise InvalidInput({"size": (message,)})
