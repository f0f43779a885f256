"""Literals of each data type: which are read, which are refused, and that they are written back."""

from __future__ import annotations

from math import copysign, inf, isnan

import pytest

from fullmakt.access.policy.data_types import (
    DATA_TYPES,
    STRING,
    BadLiteral,
    read_value,
    write_value,
)
from tests.unit.policy.documents import data_type_named


@pytest.mark.parametrize(
    "name, text, written",
    [
        ("string", " as it is\n", " as it is\n"),
        ("string", "", ""),
        ("boolean", "true", "true"),
        ("boolean", " 1 ", "true"),
        ("boolean", "false", "false"),
        ("boolean", "0", "false"),
        ("integer", "\t-007\n", "-7"),
        ("integer", "+1", "1"),
        ("integer", "9" * 1000, "9" * 1000),
        ("double", "1", "1.0"),
        ("double", ".5E1", "5.0"),
        ("double", "1e300", "1E+300"),
        ("double", "INF", "INF"),
        ("double", "-INF", "-INF"),
        ("double", "NaN", "NaN"),
        ("anyURI", " urn:a ", "urn:a"),
        ("date", "2032-02-29", "2032-02-29"),
        ("date", "2032-02-29Z", "2032-02-29Z"),
        ("date", "0001-01-01-14:00", "0001-01-01-14:00"),
        ("date", "2032-02-29-00:00", "2032-02-29Z"),
        ("time", "23:59:59.5+01:30", "23:59:59.5+01:30"),
        ("time", "24:00:00", "00:00:00"),
        ("dateTime", "2031-12-31T24:00:00.0Z", "2032-01-01T00:00:00Z"),
        ("dateTime", "2031-12-31T12:00:00", "2031-12-31T12:00:00"),
    ],
)
def test_a_literal_is_read_and_written(name: str, text: str, written: str) -> None:
    data_type = data_type_named(name)

    assert write_value(data_type, read_value(data_type, text)) == written


@pytest.mark.parametrize(
    "name, text",
    [
        ("boolean", "True"),
        ("boolean", "yes"),
        ("boolean", ""),
        ("integer", "1.0"),
        ("integer", "1_000"),
        ("integer", "٣"),
        ("integer", "9" * 1002),
        ("integer", ""),
        ("double", "inf"),
        ("double", "+INF"),
        ("double", "1_0.5"),
        ("double", "."),
        ("double", "1" * 1002),
        ("date", "2031-02-29"),
        ("date", "0000-01-01"),
        ("date", "-0001-01-01"),
        ("date", "12031-01-01"),
        ("date", "2031-1-1"),
        ("date", "2031-01-01+15:00"),
        ("date", "2031-01-01+14:30"),
        ("time", "24:00:01"),
        ("time", "24:00:00.1"),
        ("time", "25:00:00"),
        ("time", "12:00"),
        ("time", "12:00:60"),
        ("time", "12:00:00.1234567"),
        ("dateTime", "2031-01-01"),
        ("dateTime", "2031-01-01 12:00:00"),
        ("dateTime", "9999-12-31T24:00:00"),
    ],
)
def test_what_is_no_literal_is_refused_and_shown(name: str, text: str) -> None:
    with pytest.raises(BadLiteral) as refused:
        read_value(data_type_named(name), text)

    assert str(refused.value) == f"`{text[:80]}` is not a literal of `{data_type_named(name)}`"


def test_an_unknown_data_type_is_named() -> None:
    with pytest.raises(BadLiteral, match="unknown data type `urn:test:colour`"):
        read_value("urn:test:colour", "red")


def test_the_same_instant_in_two_zones_is_one_value() -> None:
    date_time = data_type_named("dateTime")

    here = read_value(date_time, "2031-06-01T14:00:00+02:00")
    there = read_value(date_time, "2031-06-01T12:00:00")

    assert here == there
    assert hash(here) == hash(there)


def test_special_doubles_are_the_numbers_they_name() -> None:
    double = data_type_named("double")
    minus_zero, nan = read_value(double, "-0.0"), read_value(double, "NaN")

    assert read_value(double, "-INF") == -inf
    assert isinstance(nan, float)
    assert isnan(nan)
    assert isinstance(minus_zero, float)
    assert copysign(1, minus_zero) == -1
    assert write_value(double, minus_zero) == "-0.0"


def test_data_types_are_found_by_their_uri() -> None:
    assert DATA_TYPES[STRING].name == "string"
    assert len(DATA_TYPES) == 16
