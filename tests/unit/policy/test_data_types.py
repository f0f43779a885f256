"""What holds of data types beyond the cases of `tests/cases/policy/data_types`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from math import copysign, inf, isnan

import pytest

from fullmakt.access.policy.data_types import (
    DATA_TYPES,
    DATE,
    DATE_TIME,
    INTEGER,
    STRING,
    TIME,
    XPATH_EXPRESSION,
    BadLiteral,
    current_value,
    read_value,
    write_value,
)
from tests.unit.policy.documents import data_type_named


def test_an_unknown_data_type_is_named() -> None:
    with pytest.raises(BadLiteral, match="unknown data type `urn:test:colour`"):
        read_value("urn:test:colour", "red")


def test_xpath_is_left_out_by_name() -> None:
    with pytest.raises(BadLiteral, match="xpathExpression`: XPath is not evaluated here"):
        read_value(XPATH_EXPRESSION, "//a")


@pytest.mark.parametrize("digits", [1000, 1001, 1002])
def test_an_integer_has_at_most_a_thousand_digits_and_a_sign(digits: int) -> None:
    text = "-" + "9" * digits
    if digits == 1000:
        assert write_value(INTEGER, read_value(INTEGER, text)) == text
    else:
        with pytest.raises(BadLiteral):
            read_value(INTEGER, text)


def test_special_doubles_are_the_numbers_they_name() -> None:
    double = data_type_named("double")
    minus_zero, nan = read_value(double, "-0.0"), read_value(double, "NaN")

    assert read_value(double, "-INF") == -inf
    assert isinstance(nan, float)
    assert isnan(nan)
    assert isinstance(minus_zero, float)
    assert copysign(1, minus_zero) == -1


def test_an_instant_is_a_date_and_a_time_in_utc() -> None:
    now = datetime(2031, 1, 1, 0, 30, 15, 500_000, timezone(timedelta(hours=2)))

    assert write_value(DATE, current_value(DATE, now)) == "2030-12-31Z"
    assert write_value(TIME, current_value(TIME, now)) == "22:30:15.5Z"
    assert write_value(DATE_TIME, current_value(DATE_TIME, now)) == "2030-12-31T22:30:15.5Z"
    assert current_value(DATE_TIME, now) == now.astimezone(UTC)


def test_data_types_are_found_by_their_uri() -> None:
    assert DATA_TYPES[STRING].name == "string"
    assert len(DATA_TYPES) == 16
