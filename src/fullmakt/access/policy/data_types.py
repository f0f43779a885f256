"""Data types of attribute values: which there are, how a literal is read and written.

A table: a further data type is one more row. Values are plain Python values; which data type a
value has is known from the expression or the bag that holds it, never guessed from the value. Dates
and times without a zone are UTC (XACML 3.0 core section 7.22 leaves the choice to us) and remember
that they had none. Years run from 0001 to 9999 and fractions of a second to six digits; a literal
outside that is refused, never rounded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from types import MappingProxyType
from typing import Final

Value = str | bool | int | float | datetime
Bag = tuple[Value, ...]

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
STRING: Final = _XSD + "string"
BOOLEAN: Final = _XSD + "boolean"
INTEGER: Final = _XSD + "integer"
DOUBLE: Final = _XSD + "double"
ANY_URI: Final = _XSD + "anyURI"
DATE: Final = _XSD + "date"
TIME: Final = _XSD + "time"
DATE_TIME: Final = _XSD + "dateTime"

LONGEST_INTEGER_DIGITS: Final = 1000
_LONGEST_NUMBER_TEXT: Final = LONGEST_INTEGER_DIGITS + 1
# Compares and computes as UTC; `write_value` leaves the zone out again.
_NO_ZONE: Final = timezone(timedelta(0), "none given")
# SPEC: XPath and XQuery functions, op:time-equal compares times on this reference day.
_TIME_REFERENCE_DAY: Final = "1972-12-31"

_INTEGER_FORM: Final = re.compile(r"[+-]?[0-9]+")
_DOUBLE_FORM: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_DAY_FORM: Final = r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
_CLOCK_FORM: Final = r"(?P<clock>[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.(?P<fraction>[0-9]{1,6}))?"
_ZONE_FORM: Final = r"(?P<zone>Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
_DATE_FORM: Final = re.compile(_DAY_FORM + _ZONE_FORM)
_TIME_FORM: Final = re.compile(_CLOCK_FORM + _ZONE_FORM)
_DATE_TIME_FORM: Final = re.compile(f"{_DAY_FORM}T{_CLOCK_FORM}{_ZONE_FORM}")
_XML_SPACE: Final = " \t\r\n"


class BadLiteral(ValueError):
    """A text is not a literal of the data type it claims."""


@dataclass(frozen=True, slots=True)
class DataType:
    """One data type: its name in function ids, and how its values are read and written."""

    uri: str
    name: str
    read: Callable[[str], Value]
    write: Callable[[Value], str]


def read_value(data_type: str, text: str) -> Value:
    """The value a literal stands for. Raises BadLiteral, also for a data type that is not known."""
    known = DATA_TYPES.get(data_type)
    if known is None:
        raise BadLiteral(f"unknown data type `{data_type}`")
    try:
        return known.read(text)
    except ValueError as fault:
        raise BadLiteral(f"`{text[:80]}` is not a literal of `{data_type}`") from fault


def write_value(data_type: str, value: Value) -> str:
    """A literal that reads back as the value."""
    return DATA_TYPES[data_type].write(value)


def _collapsed(text: str) -> str:
    return text.strip(_XML_SPACE)


def _read_string(text: str) -> str:
    return text


def _read_boolean(text: str) -> bool:
    collapsed = _collapsed(text)
    if collapsed not in _BOOLEANS:
        raise ValueError(collapsed)
    return _BOOLEANS[collapsed]


def _read_integer(text: str) -> int:
    collapsed = _collapsed(text)
    if len(collapsed) > _LONGEST_NUMBER_TEXT or not _INTEGER_FORM.fullmatch(collapsed):
        raise ValueError(collapsed)
    return int(collapsed)


def _read_double(text: str) -> float:
    collapsed = _collapsed(text)
    if collapsed in _SPECIAL_DOUBLES:
        return _SPECIAL_DOUBLES[collapsed]
    if len(collapsed) > _LONGEST_NUMBER_TEXT or not _DOUBLE_FORM.fullmatch(collapsed):
        raise ValueError(collapsed)
    return float(collapsed)


def _read_date(text: str) -> datetime:
    found = _matched(_DATE_FORM, text)
    return _moment(found["day"], "00:00:00", None, found["zone"])


def _read_time(text: str) -> datetime:
    found = _matched(_TIME_FORM, text)
    moment = _moment(_TIME_REFERENCE_DAY, found["clock"], found["fraction"], found["zone"])
    # SPEC: XML Schema, 24:00:00 is the same time of day as 00:00:00.
    return moment.replace(year=1972, month=12, day=31)


def _read_date_time(text: str) -> datetime:
    found = _matched(_DATE_TIME_FORM, text)
    return _moment(found["day"], found["clock"], found["fraction"], found["zone"])


def _matched(form: re.Pattern[str], text: str) -> re.Match[str]:
    found = form.fullmatch(_collapsed(text))
    if found is None:
        raise ValueError(text)
    return found


def _moment(day: str, clock: str, fraction: str | None, zone: str | None) -> datetime:
    is_end_of_day = clock == "24:00:00"
    if is_end_of_day and (fraction or "").strip("0"):
        raise ValueError(clock)
    moment = datetime.fromisoformat(f"{day}T{'00:00:00' if is_end_of_day else clock}")
    moment = moment.replace(tzinfo=_zone(zone), microsecond=int((fraction or "").ljust(6, "0")))
    try:
        return moment + timedelta(days=1) if is_end_of_day else moment
    except OverflowError as fault:
        raise ValueError(day) from fault


def _zone(text: str | None) -> tzinfo:
    if text is None:
        return _NO_ZONE
    if text == "Z":
        return UTC
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[4:6]))
    return timezone(-offset if text[0] == "-" else offset)


def _write_text(value: Value) -> str:
    return str(value)


def _write_boolean(value: Value) -> str:
    return "true" if value else "false"


def _write_double(value: Value) -> str:
    assert isinstance(value, float)
    for text, special in _SPECIAL_DOUBLES.items():
        if repr(special) == repr(value):
            return text
    return repr(value).upper()


def _write_date(value: Value) -> str:
    assert isinstance(value, datetime)
    return value.date().isoformat() + _written_zone(value)


def _write_time(value: Value) -> str:
    assert isinstance(value, datetime)
    return _written_clock(value) + _written_zone(value)


def _write_date_time(value: Value) -> str:
    assert isinstance(value, datetime)
    return f"{value.date().isoformat()}T{_written_clock(value)}{_written_zone(value)}"


def _written_clock(value: datetime) -> str:
    return value.time().isoformat()


def _written_zone(value: datetime) -> str:
    if value.tzinfo is _NO_ZONE:
        return ""
    text = value.isoformat()[-6:]
    return "Z" if text == "+00:00" else text


_BOOLEANS: Final = {"true": True, "1": True, "false": False, "0": False}
_SPECIAL_DOUBLES: Final = {"INF": float("inf"), "-INF": float("-inf"), "NaN": float("nan")}

DATA_TYPES: Final[Mapping[str, DataType]] = MappingProxyType(
    {
        row.uri: row
        for row in (
            DataType(STRING, "string", _read_string, _write_text),
            DataType(BOOLEAN, "boolean", _read_boolean, _write_boolean),
            DataType(INTEGER, "integer", _read_integer, _write_text),
            DataType(DOUBLE, "double", _read_double, _write_double),
            DataType(ANY_URI, "anyURI", _collapsed, _write_text),
            DataType(DATE, "date", _read_date, _write_date),
            DataType(TIME, "time", _read_time, _write_time),
            DataType(DATE_TIME, "dateTime", _read_date_time, _write_date_time),
        )
    }
)
