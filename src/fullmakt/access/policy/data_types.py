"""Data types of attribute values: which there are, how a literal is read and written.

A table: a further data type is one more row. Values are plain Python values; which data type a
value has is known from the expression or the bag that holds it, never guessed from the value. XACML
3.0 core appendix A.2, all but xpathExpression.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Final

from fullmakt.access.policy import moments
from fullmakt.access.policy.names_and_addresses import (
    NetworkName,
    Rfc822Name,
    X500Name,
    read_dns_name,
    read_ip_address,
    read_rfc822,
    read_x500,
)

Value = (
    str | bool | int | float | bytes | datetime | timedelta | X500Name | Rfc822Name | NetworkName
)
Bag = tuple[Value, ...]

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_XACML: Final = "urn:oasis:names:tc:xacml:"
STRING: Final = _XSD + "string"
BOOLEAN: Final = _XSD + "boolean"
INTEGER: Final = _XSD + "integer"
DOUBLE: Final = _XSD + "double"
ANY_URI: Final = _XSD + "anyURI"
DATE: Final = _XSD + "date"
TIME: Final = _XSD + "time"
DATE_TIME: Final = _XSD + "dateTime"
HEX_BINARY: Final = _XSD + "hexBinary"
BASE64_BINARY: Final = _XSD + "base64Binary"
DAY_TIME_DURATION: Final = _XSD + "dayTimeDuration"
YEAR_MONTH_DURATION: Final = _XSD + "yearMonthDuration"
X500_NAME: Final = _XACML + "1.0:data-type:x500Name"
RFC822_NAME: Final = _XACML + "1.0:data-type:rfc822Name"
IP_ADDRESS: Final = _XACML + "2.0:data-type:ipAddress"
DNS_NAME: Final = _XACML + "2.0:data-type:dnsName"

XPATH_EXPRESSION: Final = _XACML + "3.0:data-type:xpathExpression"
# SPEC: appendix A.4, names that are kept for policies written before.
_DEPRECATED: Final = {
    f"http://www.w3.org/TR/2002/WD-xquery-operators-20020816#{name}": _XSD + name
    for name in ("dayTimeDuration", "yearMonthDuration")
}

LONGEST_INTEGER_DIGITS: Final = 1000
_LONGEST_NUMBER_TEXT: Final = LONGEST_INTEGER_DIGITS + 1

_INTEGER_FORM: Final = re.compile(r"[+-]?[0-9]+")
_DOUBLE_FORM: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_HEX_FORM: Final = re.compile(r"(?:[0-9a-fA-F]{2})*")
_BAD_ESCAPE: Final = re.compile(r"%(?![0-9a-fA-F]{2})|#.*#|^:")
_XML_SPACE: Final = " \t\r\n"


class BadLiteral(ValueError):
    """A text is not a literal of the data type it claims."""


@dataclass(frozen=True, slots=True)
class DataType:
    """One data type: its name in function ids, and how its values are read and written.

    `write` gives a literal as near to the one that was read as the value remembers; `canonical`,
    what string-from-… gives, is the same unless said.
    """

    uri: str
    name: str
    read: Callable[[str], Value]
    write: Callable[[Value], str]
    canonical: Callable[[Value], str]


def known_data_type(uri: str) -> DataType:
    """The data type of that URI, or of one that took its place. Raises BadLiteral."""
    known = DATA_TYPES.get(_DEPRECATED.get(uri, uri))
    if known is None:
        left_out = ": XPath is not evaluated here" if uri == XPATH_EXPRESSION else ""
        raise BadLiteral(f"unknown data type `{uri[:200]}`{left_out}")
    return known


def read_value(data_type: str, text: str) -> Value:
    """The value a literal stands for. Raises BadLiteral, also for a data type that is not known."""
    known = known_data_type(data_type)
    try:
        return known.read(text)
    except ValueError as fault:
        raise BadLiteral(f"`{text[:80]}` is not a literal of `{data_type}`") from fault


def write_value(data_type: str, value: Value) -> str:
    """A literal that reads back as the value."""
    return DATA_TYPES[data_type].write(value)


def current_value(data_type: str, now: datetime) -> Value:
    """What an instant is as a date, a time or a dateTime: in UTC."""
    return _CURRENT[data_type](now)


def _collapsed(text: str) -> str:
    return text.strip(_XML_SPACE)


def _read_string(text: str) -> str:
    return text


def _read_boolean(text: str) -> bool:
    if text not in _BOOLEANS:
        raise ValueError(text)
    return _BOOLEANS[text]


def _read_integer(text: str) -> int:
    if len(text) > _LONGEST_NUMBER_TEXT or not _INTEGER_FORM.fullmatch(text):
        raise ValueError(text)
    return int(text)


def _read_double(text: str) -> float:
    if text in _SPECIAL_DOUBLES:
        return _SPECIAL_DOUBLES[text]
    if len(text) > _LONGEST_NUMBER_TEXT or not _DOUBLE_FORM.fullmatch(text):
        raise ValueError(text)
    return float(text)


def _read_any_uri(text: str) -> str:
    # SPEC: XML Schema part 2 section 3.2.17, what is not allowed in a URI counts as escaped.
    if _BAD_ESCAPE.search(text):
        raise ValueError(text)
    return text


def _read_hex(text: str) -> bytes:
    if not _HEX_FORM.fullmatch(text):
        raise ValueError(text)
    return bytes.fromhex(text)


def _read_base64(text: str) -> bytes:
    digits = "".join(text.split())
    value = b64decode(digits, validate=True)
    if b64encode(value).decode() != digits:
        raise ValueError(text)
    return value


def _write_text(value: Value) -> str:
    return str(value)


def _write_boolean(value: Value) -> str:
    return "true" if value else "false"


def _write_double(value: Value) -> str:
    return _special_text(value) or repr(value).upper()


def _canonical_double(value: Value) -> str:
    """SPEC: XML Schema part 2 section 3.2.5.2, one digit, a point, more digits, and an exponent."""
    special = _special_text(value)
    if special:
        return special
    assert isinstance(value, float)
    if not value:
        return "-0.0E0" if repr(value)[0] == "-" else "0.0E0"
    digits = len(repr(value).partition("e")[0].strip("-0.").replace(".", "")) - 1
    mantissa, _, exponent = f"{value:.{max(digits, 1)}E}".partition("E")
    return f"{mantissa}E{int(exponent)}"


def _special_text(value: Value) -> str:
    return next(
        (text for text, special in _SPECIAL_DOUBLES.items() if repr(special) == repr(value)), ""
    )


def _write_hex(value: Value) -> str:
    assert isinstance(value, bytes)
    return value.hex().upper()


def _write_base64(value: Value) -> str:
    assert isinstance(value, bytes)
    return b64encode(value).decode()


def _write_named(value: Value) -> str:
    assert isinstance(value, X500Name | Rfc822Name | NetworkName)
    return value.text


def _of_moment(write: Callable[[datetime], str]) -> Callable[[Value], str]:
    def written(value: Value) -> str:
        assert isinstance(value, datetime)
        return write(value)

    return written


def _write_day_time(value: Value) -> str:
    assert isinstance(value, timedelta)
    return moments.write_day_time(value)


def _write_year_month(value: Value) -> str:
    assert isinstance(value, int)
    return moments.write_year_month(value)


_CURRENT: Final[Mapping[str, Callable[[datetime], datetime]]] = {
    DATE: moments.date_of,
    TIME: moments.time_of,
    DATE_TIME: lambda now: now.astimezone(UTC),
}
_BOOLEANS: Final = {"true": True, "1": True, "false": False, "0": False}
_SPECIAL_DOUBLES: Final = {"INF": float("inf"), "-INF": float("-inf"), "NaN": float("nan")}


def _data_type(
    uri: str,
    read: Callable[[str], Value],
    write: Callable[[Value], str],
    canonical: Callable[[Value], str] | None = None,
) -> DataType:
    """A row whose literals may have white space around them."""
    name = re.split("[#:]", uri)[-1]
    return DataType(uri, name, lambda text: read(_collapsed(text)), write, canonical or write)


def _of_time(uri: str, read: Callable[[str], Value], write: Callable[[datetime], str]) -> DataType:
    return _data_type(
        uri, read, _of_moment(write), _of_moment(lambda value: write(moments.in_utc(value)))
    )


DATA_TYPES: Final[Mapping[str, DataType]] = MappingProxyType(
    {
        row.uri: row
        for row in (
            DataType(STRING, "string", _read_string, _write_text, _write_text),
            _data_type(BOOLEAN, _read_boolean, _write_boolean),
            _data_type(INTEGER, _read_integer, _write_text),
            _data_type(DOUBLE, _read_double, _write_double, _canonical_double),
            _data_type(ANY_URI, _read_any_uri, _write_text),
            _data_type(DATE, moments.read_date, _of_moment(moments.write_date)),
            _of_time(TIME, moments.read_time, moments.write_time),
            _of_time(DATE_TIME, moments.read_date_time, moments.write_date_time),
            _data_type(HEX_BINARY, _read_hex, _write_hex),
            _data_type(BASE64_BINARY, _read_base64, _write_base64),
            _data_type(DAY_TIME_DURATION, moments.read_day_time, _write_day_time),
            _data_type(YEAR_MONTH_DURATION, moments.read_year_month, _write_year_month),
            _data_type(X500_NAME, read_x500, _write_named),
            _data_type(RFC822_NAME, read_rfc822, _write_named),
            _data_type(IP_ADDRESS, read_ip_address, _write_named),
            _data_type(DNS_NAME, read_dns_name, _write_named),
        )
    }
)
