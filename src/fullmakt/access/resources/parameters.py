"""Query parameters of the registry, each read from text and refused as the platform refuses it.

Names are told apart whatever their letter case, as the platform does.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from fullmakt.foundation.terms.moments import utc
from fullmakt.foundation.terms.problem import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Callable

    from litestar import Request

    from fullmakt.foundation.terms.problem import Problem

_LARGEST_NUMBER = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Parameters:
    """The query of one request."""

    values: dict[str, list[str]]

    @classmethod
    def of(cls, request: Request[Any, Any, Any]) -> Parameters:
        """The query of `request`."""
        values: dict[str, list[str]] = {}
        for name, value in request.query_params.multi_items():
            values.setdefault(name.lower(), []).append(value)
        return cls(values)

    def all(self, name: str) -> list[str]:
        """Every value of a parameter that may stand several times."""
        return self.values.get(name.lower(), [])

    def text(self, name: str) -> str | None:
        """The value, or None when it is missing or empty. Raises: InvalidInput."""
        given = self.all(name)
        if len(given) > 1:
            raise InvalidInput({name: (f"The parameter '{name}' stands {len(given)} times.",)})
        return given[0] if given and given[0] else None

    def flag(self, name: str, *, default: bool = False) -> bool:
        """True or false. Raises: InvalidInput."""
        value = self.text(name)
        if value is None:
            return default
        if value.lower() not in {"true", "false"}:
            raise not_valid(name, value)
        return value.lower() == "true"

    def number(self, name: str) -> int | None:
        """A whole number from 0. Raises: InvalidInput."""
        value = self.text(name)
        if value is None:
            return None
        is_number = value.isascii() and value.isdigit() and len(value) <= 10
        if not is_number or int(value) > _LARGEST_NUMBER:
            raise not_valid(name, value)
        return int(value)

    def limit(self, problem: Callable[[str], Problem], *, most: int = 1_000) -> int:
        """How many entries a page holds, from 1 to `most`. Raises: the problem."""
        value = self.text("limit")
        if value is None:
            return most
        digits = value.removeprefix("-")
        if not (digits.isascii() and digits.isdigit()):
            raise not_valid("limit", value)
        if len(digits) > 10 or not 1 <= int(value) <= most:
            raise problem(value)
        return int(value)

    def moment(self, name: str) -> datetime | None:
        """A moment in ISO 8601; UTC where it has no zone. Raises: InvalidInput."""
        value = self.text(name)
        if value is None:
            return None
        try:
            # A plus sign in a query that was not escaped arrives as a space.
            return utc(datetime.fromisoformat(value.replace(" ", "+")))
        except (ValueError, OverflowError):
            raise not_valid(name, value) from None

    def cursor(self, *kinds: type) -> tuple[Any, ...] | None:
        """The place that a page begins after: as many values as there are kinds, each of its kind.

        Raises: InvalidInput for a token that was not given out here.
        """
        text = self.text("token")
        if text is None:
            return None
        try:
            padded = text + "=" * (-len(text) % 4)
            decoded = base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True)
            values = json.loads(decoded)
        except (ValueError, binascii.Error, RecursionError):
            raise not_valid("token", text) from None
        is_ours = isinstance(values, list) and len(values) == len(kinds)
        if not is_ours or any(type(v) is not kind for v, kind in zip(values, kinds, strict=True)):
            raise not_valid("token", text)
        if any(isinstance(v, int) and not 0 <= v <= _LARGEST_NUMBER for v in values):
            raise not_valid("token", text)
        return tuple(values)


def write_cursor(*values: int | str) -> str:
    """The paging token: base64url without padding of the values as JSON."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).rstrip(b"=").decode()


def not_valid(name: str, value: str) -> InvalidInput:
    """What is told of a parameter whose value cannot be read."""
    return InvalidInput({name: (f"The value '{value}' is not valid.",)})
