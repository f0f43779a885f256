"""Periods, deadlines, working days and what a taxpayer owes next."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fullmakt.services.tax.vat.periods import (
    PERIOD_NAMES,
    Category,
    Period,
    PeriodKind,
    due_date,
)
from fullmakt.services.tax.vat.working_days import (
    easter_sunday,
    is_public_holiday,
    working_day_from,
)
from tests.unit.tax.vat_builders import an_obligation

_TWO, _HALF, _WEEK = PeriodKind.TWO_MONTHS, PeriodKind.HALF_MONTH, PeriodKind.WEEK
_days = st.dates(date(1900, 1, 1), date(2900, 1, 1))
_kinds = st.sampled_from(PeriodKind)


@pytest.mark.parametrize(
    "kind, name, year, first, last",
    [
        (_TWO, "juli-august", 2026, date(2026, 7, 1), date(2026, 8, 31)),
        (_TWO, "januar-februar", 2024, date(2024, 1, 1), date(2024, 2, 29)),
        (PeriodKind.MONTH, "desember", 2026, date(2026, 12, 1), date(2026, 12, 31)),
        (PeriodKind.THREE_MONTHS, "april-juni", 2026, date(2026, 4, 1), date(2026, 6, 30)),
        (PeriodKind.SIX_MONTHS, "juli-desember", 2026, date(2026, 7, 1), date(2026, 12, 31)),
        (_HALF, "foerste halvdel januar", 2026, date(2026, 1, 1), date(2026, 1, 15)),
        (_HALF, "andre halvdel februar", 2026, date(2026, 2, 16), date(2026, 2, 28)),
        (_WEEK, "uke 1", 2026, date(2025, 12, 29), date(2026, 1, 4)),
        (_WEEK, "uke 53", 2026, date(2026, 12, 28), date(2027, 1, 3)),
        (PeriodKind.YEAR, "aarlig", 2026, date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_is_from_its_first_day_to_its_last(
    kind: PeriodKind, name: str, year: int, first: date, last: date
) -> None:
    period = Period.named(kind, name, year)

    assert (period.first_day, period.last_day) == (first, last)
    assert period.title == f"{name} {year}"


@pytest.mark.parametrize(
    "kind, count",
    [
        (PeriodKind.MONTH, 12),
        (_TWO, 6),
        (PeriodKind.THREE_MONTHS, 4),
        (PeriodKind.SIX_MONTHS, 2),
        (_HALF, 24),
        (_WEEK, 53),
        (PeriodKind.YEAR, 1),
    ],
)
def test_a_year_has_as_many_names_as_periods(kind: PeriodKind, count: int) -> None:
    assert len(set(PERIOD_NAMES[kind])) == count


@given(_kinds, _days)
def test_every_day_is_in_the_period_that_contains_it(kind: PeriodKind, day: date) -> None:
    period = Period.containing(kind, day)

    assert period.first_day <= day <= period.last_day
    assert Period.named(kind, period.name, period.year) == period


@given(_kinds, _days)
def test_periods_follow_without_gap_or_overlap(kind: PeriodKind, day: date) -> None:
    period = Period.containing(kind, day)

    assert period.following.first_day == period.last_day + timedelta(days=1)


@pytest.mark.parametrize(
    "kind, number, year, told",
    [
        (_TWO, 7, 2026, "`7`"),
        (_TWO, 0, 2026, "`0`"),
        (_WEEK, 53, 2025, "`53`"),
        (_TWO, 1, 999, "`999`"),
        (_TWO, 1, 9999, "`9999`"),
    ],
)
def test_a_period_that_does_not_exist_cannot_be_made(
    kind: PeriodKind, number: int, year: int, told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        Period(kind, number, year)


def test_a_name_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="`juli`"):
        Period.named(_TWO, "juli", 2026)


@pytest.mark.parametrize(
    "kind, number, year, category, due",
    [
        (_TWO, 1, 2026, Category.ORDINARY, date(2026, 4, 10)),
        (_TWO, 3, 2026, Category.ORDINARY, date(2026, 8, 31)),
        (_TWO, 4, 2026, Category.ORDINARY, date(2026, 10, 12)),
        (_TWO, 5, 2026, Category.ORDINARY, date(2026, 12, 10)),
        (_TWO, 6, 2026, Category.ORDINARY, date(2027, 2, 10)),
        (_TWO, 1, 2022, Category.COMPENSATION, date(2022, 4, 11)),
        (PeriodKind.YEAR, 1, 2025, Category.ORDINARY, date(2026, 3, 10)),
        (PeriodKind.YEAR, 1, 2025, Category.PRIMARY_INDUSTRY, date(2026, 4, 10)),
        (PeriodKind.THREE_MONTHS, 1, 2026, Category.REVERSE_CHARGE, date(2026, 5, 11)),
        (PeriodKind.SIX_MONTHS, 1, 2026, Category.ORDINARY, date(2026, 8, 31)),
        (PeriodKind.MONTH, 11, 2026, Category.ORDINARY, date(2027, 1, 11)),
        (PeriodKind.MONTH, 12, 2026, Category.ORDINARY, date(2027, 2, 10)),
        (_HALF, 1, 2026, Category.ORDINARY, date(2026, 1, 26)),
        (_WEEK, 13, 2026, Category.ORDINARY, date(2026, 4, 8)),
    ],
)
def test_a_return_falls_due_on_a_working_day(
    kind: PeriodKind, number: int, year: int, category: Category, due: date
) -> None:
    assert due_date(Period(kind, number, year), category) == due


@pytest.mark.parametrize(
    "year, easter",
    [(2024, date(2024, 3, 31)), (2026, date(2026, 4, 5)), (2038, date(2038, 4, 25))],
)
def test_easter_is_where_the_calendar_has_it(year: int, easter: date) -> None:
    assert easter_sunday(year) == easter


@pytest.mark.parametrize(
    "day, is_holiday",
    [
        (date(2026, 4, 2), True),
        (date(2026, 4, 3), True),
        (date(2026, 4, 4), False),
        (date(2026, 4, 6), True),
        (date(2026, 5, 1), True),
        (date(2026, 5, 14), True),
        (date(2026, 5, 17), True),
        (date(2026, 5, 25), True),
        (date(2026, 12, 24), False),
        (date(2026, 12, 26), True),
    ],
)
def test_public_holidays_are_those_of_norway(day: date, is_holiday: bool) -> None:  # noqa: FBT001
    assert is_public_holiday(day) is is_holiday


@given(_days)
def test_a_working_day_is_never_on_a_weekend_and_never_far_off(day: date) -> None:
    working = working_day_from(day)

    assert working.weekday() < 5
    assert timedelta(0) <= working - day <= timedelta(days=6)


def test_the_next_period_is_the_first_that_is_not_filed() -> None:
    obligation = an_obligation(filed_until=date(2026, 6, 30))

    assert obligation.next_period == Period(_TWO, 4, 2026)


def test_the_first_period_is_the_one_the_duty_begins_in() -> None:
    obligation = an_obligation(valid_from=date(2026, 2, 20), filed_until=None)

    assert obligation.next_period == Period(_TWO, 1, 2026)


def test_filing_out_of_order_leaves_the_missing_period_next() -> None:
    obligation = an_obligation(filed_until=date(2026, 4, 30))
    ahead = obligation.with_filed(Period(_TWO, 4, 2026))

    assert ahead.next_period == Period(_TWO, 3, 2026)
    assert ahead.filed_until == date(2026, 4, 30)
    assert ahead.has_filed(Period(_TWO, 4, 2026))

    filled = ahead.with_filed(Period(_TWO, 3, 2026))

    assert filled.filed_until == date(2026, 8, 31)
    assert filled.filed_ahead == frozenset()


def test_filing_a_period_again_changes_nothing() -> None:
    obligation = an_obligation(filed_until=date(2026, 6, 30))

    assert obligation.with_filed(Period(_TWO, 1, 2026)) == obligation


def test_the_next_period_is_not_one_that_was_filed_ahead() -> None:
    obligation = an_obligation(valid_from=date(2026, 1, 1), filed_until=None)
    ahead = replace(obligation, filed_ahead=frozenset({Period(_TWO, 1, 2026)}))

    assert ahead.next_period == Period(_TWO, 2, 2026)


def test_missing_periods_are_told_oldest_first() -> None:
    obligation = an_obligation(filed_until=date(2026, 2, 28))

    missing = obligation.missing_before(Period(_TWO, 4, 2026))

    assert [period.name for period in missing] == ["mars-april", "mai-juni"]


def test_asking_for_what_is_missing_in_a_distant_year_ends() -> None:
    missing = an_obligation().missing_before(Period(_TWO, 6, 9998))

    assert len(list(islice(missing, 5))) == 5


@given(st.permutations(range(1, 7)))
def test_the_order_of_filing_does_not_matter_in_the_end(order: list[int]) -> None:
    obligation = an_obligation(valid_from=date(2026, 1, 1), filed_until=None)

    for number in order:
        obligation = obligation.with_filed(Period(_TWO, number, 2026))

    assert obligation.filed_until == date(2026, 12, 31)
    assert obligation.filed_ahead == frozenset()


def test_deadlines_of_a_year_come_in_the_order_of_its_periods() -> None:
    deadlines = [due_date(Period(_TWO, number, 2026), Category.ORDINARY) for number in range(1, 7)]

    assert all(earlier < later for earlier, later in pairwise(deadlines))
