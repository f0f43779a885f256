"""Attribute values in JSON: data types by name or inferred, single values and arrays.

JSON Profile of XACML 3.0 version 1.1 section 3.3. What JSON has no number for stands as text with
its data type: NaN, INF, -INF and whole numbers beyond what every JSON reader keeps exact.
"""

from __future__ import annotations

import math
from typing import Final

from fullmakt.access.policy.context.errors import ValueRefused
from fullmakt.access.policy.context.json_members import Node, kind_of
from fullmakt.access.policy.context.short_names import data_type_named, is_xpath
from fullmakt.access.policy.data_types import (
    BOOLEAN,
    DOUBLE,
    INTEGER,
    STRING,
    BadLiteral,
    Value,
    read_value,
    write_value,
)
from fullmakt.access.policy.model import AttributeValue

_LARGEST_EXACT: Final = 2**53 - 1
_INFERRED: Final = {str: STRING, bool: BOOLEAN, int: INTEGER, float: DOUBLE}


def read_values(value: Node, data_type: Node | None) -> tuple[AttributeValue, ...]:
    """The bag that a `Value` stands for.

    Raises ContextRefused: neither value nor array of them; ValueRefused: not of its data type.
    """
    if data_type is not None and isinstance(data_type.value, str) and is_xpath(data_type.value):
        raise data_type.refused("XPath is not evaluated here")
    items = list(value.items())
    for item in items:
        if type(item.value) not in _INFERRED:
            raise item.wrong("a text, a number, true, false, or an array of those")
    named = _inferred(value, items) if data_type is None else _named(data_type)
    return tuple(AttributeValue(named, _read(item, named)) for item in items)


def _named(data_type: Node) -> str:
    name = data_type.text()
    try:
        return data_type_named(name)
    except BadLiteral as fault:
        raise ValueRefused(data_type.path, str(fault)) from None


def _inferred(value: Node, items: list[Node]) -> str:
    """SPEC: a number without fraction is an integer, and beside others a double."""
    kinds = {type(item.value) for item in items}
    if kinds == {int, float}:
        return DOUBLE
    if len(kinds) > 1:
        raise value.refused("an array of several data types needs a `DataType`")
    return _INFERRED[kinds.pop()] if kinds else STRING


def _read(item: Node, data_type: str) -> Value:
    value = item.value
    if isinstance(value, str):
        try:
            return read_value(data_type, value)
        except BadLiteral as fault:
            raise ValueRefused(item.path, str(fault)) from None
    if isinstance(value, bool):
        if data_type == BOOLEAN:
            return value
    elif data_type == INTEGER and isinstance(value, int):
        return value
    elif data_type == DOUBLE and isinstance(value, int | float):
        return _double(item, value)
    raise ValueRefused(item.path, f"{kind_of(value)} is not a value of `{data_type}`")


def _double(item: Node, value: float) -> float:
    try:
        found = float(value)
    except OverflowError:
        found = math.inf
    if math.isinf(found):
        raise ValueRefused(item.path, "the number is larger than any double; write INF as text")
    return found


def write_json_value(data_type: str, value: Value) -> object:
    """The value as JSON that reads back as itself when its data type is named."""
    match value:
        case bool():
            return value
        case int() if data_type == INTEGER and abs(value) <= _LARGEST_EXACT:
            return value
        case float() if data_type == DOUBLE and math.isfinite(value):
            return value
        case _:
            return write_value(data_type, value)


def write_values(values: tuple[AttributeValue, ...]) -> object:
    """One value as itself, several of one data type as an array."""
    written = [write_json_value(each.data_type, each.value) for each in values]
    return written[0] if len(written) == 1 else written
