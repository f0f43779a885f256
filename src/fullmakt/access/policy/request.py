"""The attributes a decision is asked about, in the shape that is cheapest to read.

Most bags are strings: one string (resource, action), or a set that lives longer than the request
(the packages and roles of a standing). Those two have forms of their own; everything else is a
tuple of typed values. Reading a request from the wire, and finding what a subject holds, is
`decisions`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from fullmakt.access.policy import names
from fullmakt.access.policy.data_types import (
    DATE,
    DATE_TIME,
    STRING,
    TIME,
    Bag,
    Value,
    current_value,
    known_data_type,
    read_value,
)


@dataclass(frozen=True, slots=True)
class TypedValue:
    """One value of a bag of any data type."""

    data_type: str
    value: Value
    issuer: str | None = None


def typed_value(data_type: str, text: str, issuer: str | None = None) -> TypedValue:
    """The value that a literal of a request stands for. Raises BadLiteral.

    Names of data types that the standard has given up count as the ones that took their place.
    """
    value = read_value(data_type, text)
    return TypedValue(known_data_type(data_type).uri, value, issuer)


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


def texts_of(entry: Entry | None) -> tuple[str, ...]:
    """The values of a bag as texts, whatever their data types."""
    if isinstance(entry, str):
        return (entry,)
    if isinstance(entry, StringBag):
        return entry.values
    return () if entry is None else tuple(str(each.value) for each in entry)


_CURRENT: Final[Mapping[AttributeName, str]] = MappingProxyType(
    {
        (names.ENVIRONMENT, names.CURRENT_TIME): TIME,
        (names.ENVIRONMENT, names.CURRENT_DATE): DATE,
        (names.ENVIRONMENT, names.CURRENT_DATE_TIME): DATE_TIME,
    }
)


class RequestAttributes:
    """Every bag of a request by category and attribute id; one that is not there is empty.

    `now`, with a time zone, is what the environment's current time, date and dateTime are where
    the request does not give them (XACML 3.0 core section 10.2.5).
    """

    __slots__ = ("entries", "now")

    def __init__(self, entries: Mapping[AttributeName, Entry], now: datetime | None = None) -> None:
        self.entries = entries
        self.now = now

    def bag(self, name: AttributeName, data_type: str, issuer: str | None = None) -> Bag:
        """The values of exactly that data type and, if one is named, that issuer."""
        entry = self.entries.get(name)
        if entry is None:
            return self._current(name, data_type, issuer)
        if isinstance(entry, tuple):
            return tuple(
                held.value
                for held in entry
                if held.data_type == data_type and issuer in {None, held.issuer}
            )
        if data_type != STRING or issuer is not None:
            return ()
        return (entry,) if isinstance(entry, str) else entry.values

    def _current(self, name: AttributeName, data_type: str, issuer: str | None) -> Bag:
        is_given = self.now is not None and issuer is None and _CURRENT.get(name) == data_type
        return (current_value(data_type, self.now),) if is_given and self.now else ()
