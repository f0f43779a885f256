"""The attributes a decision is asked about, in the shape that is cheapest to read.

Most bags are strings: one string (resource, action), or a set that lives longer than the request
(the packages and roles of a standing). Those two have forms of their own; everything else is a
tuple of typed values. Reading a request from the wire, and finding what a subject holds, is
`decisions`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fullmakt.access.policy.data_types import STRING, Bag, Value


@dataclass(frozen=True, slots=True)
class TypedValue:
    """One value of a bag of any data type."""

    data_type: str
    value: Value
    issuer: str | None = None


class StringBag:
    """A bag of strings without issuer, with its sets made once: build it once, ask it often."""

    __slots__ = ("exact", "lowered", "values")

    def __init__(self, values: Iterable[str]) -> None:
        self.values = tuple(values)
        self.exact = frozenset(self.values)
        self.lowered = frozenset(value.lower() for value in self.values)

    def __repr__(self) -> str:
        return f"StringBag({self.values!r})"


Entry = str | StringBag | tuple[TypedValue, ...]
AttributeName = tuple[str, str]
"""Category and attribute id."""


class RequestAttributes:
    """Every bag of a request by category and attribute id; one that is not there is empty."""

    __slots__ = ("entries",)

    def __init__(self, entries: Mapping[AttributeName, Entry]) -> None:
        self.entries = entries

    def bag(self, name: AttributeName, data_type: str, issuer: str | None = None) -> Bag:
        """The values of exactly that data type and, if one is named, that issuer."""
        entry = self.entries.get(name)
        if entry is None:
            return ()
        if isinstance(entry, tuple):
            return tuple(
                held.value
                for held in entry
                if held.data_type == data_type and issuer in {None, held.issuer}
            )
        if data_type != STRING or issuer is not None:
            return ()
        return (entry,) if isinstance(entry, str) else entry.values
