"""Arithmetic of dates and times, and time-in-range: XACML 3.0 core A.3.7, A.3.8 and A.4."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from fullmakt.access.policy.moments import is_in_range, plus_months
from fullmakt.access.policy.outcome import Fault
from fullmakt.access.policy.signatures import (
    BOOLEAN,
    DATE,
    DATE_TIME,
    DAY_TIME_DURATION,
    TIME,
    V1,
    V2,
    V3,
    YEAR_MONTH_DURATION,
    Function,
)


def _shifted(moment: datetime, length: timedelta | int) -> datetime:
    try:
        return moment + length if isinstance(length, timedelta) else plus_months(moment, length)
    except OverflowError as fault:
        raise Fault("a date outside the years 0001 to 9999") from fault


def _shifted_back(moment: datetime, length: timedelta | int) -> datetime:
    return _shifted(moment, -length)


def time_functions() -> Iterator[Function]:
    """The rows of these functions; the ids of 1.0 are deprecated and kept."""
    signs: tuple[tuple[str, Callable[..., datetime]], ...] = (
        ("add", _shifted),
        ("subtract", _shifted_back),
    )
    shapes = (
        ("dateTime", DATE_TIME, "dayTimeDuration", DAY_TIME_DURATION),
        ("dateTime", DATE_TIME, "yearMonthDuration", YEAR_MONTH_DURATION),
        ("date", DATE, "yearMonthDuration", YEAR_MONTH_DURATION),
    )
    for version in (V3, V1):
        for sign, apply in signs:
            for name, moment, length_name, length in shapes:
                function_id = f"{version}{name}-{sign}-{length_name}"
                yield Function(function_id, (moment, length), moment, apply)
    yield Function(V2 + "time-in-range", (TIME, TIME, TIME), BOOLEAN, is_in_range)
