"""Query parameters read by name whatever their letter case, with every fault told."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from fullmakt.foundation.terms.problem import InvalidInput

if TYPE_CHECKING:
    from litestar import Request

Value = TypeVar("Value")


class Query:
    """The parameters of one request; one that is not known is a fault, since it does nothing."""

    def __init__(self, request: Request[Any, Any, Any], *known: str) -> None:
        self._names = {name.lower(): name for name in known}
        self._values: dict[str, str] = {}
        self._faults: dict[str, tuple[str, ...]] = {}
        for name, value in request.query_params.multi_items():
            folded = name.lower()
            if folded not in self._names:
                self.fault(name, f"`{name}` is not a parameter here; known are {', '.join(known)}.")
            elif folded in self._values:
                self.fault(name, f"`{name}` stands twice.")
            else:
                self._values[folded] = str(value)

    def fault(self, name: str, text: str) -> None:
        """Note a fault of one parameter."""
        self._faults[name] = (*self._faults.get(name, ()), text)

    def get(self, name: str, parse: Callable[[object], Value]) -> Value | None:
        """The value of a parameter; None where it is missing, empty or faulty."""
        value = self._values.get(name.lower())
        if not value:
            return None
        try:
            return parse(value)
        except ValueError as fault:
            self.fault(name, f"{fault}.")
            return None

    def check(self) -> None:
        """Refuse the request if anything is wrong with it. Raises: InvalidInput."""
        if self._faults:
            raise InvalidInput(self._faults)


def whole(least: int, most: int) -> Callable[[object], int]:
    """A whole number between two others."""

    def parse(value: object) -> int:
        text = str(value)
        if not (text.isascii() and text.isdigit()) or not least <= int(text) <= most:
            raise ValueError(f"`{text[:40]}` must be a whole number from {least} to {most}")
        return int(text)

    return parse


def naming(parse: Callable[[object], Value]) -> Callable[[object], Value]:
    """`parse`, with the value in the message, as parameters have no other place for it."""

    def parse_named(value: object) -> Value:
        try:
            return parse(value)
        except ValueError as fault:
            raise ValueError(f"`{str(value)[:80]}` {fault}") from None

    return parse_named
