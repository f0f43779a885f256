"""Tax periods (skattleggingsperiode): their names, first and last day, what comes next, and when
they fall due.

A week is an ISO 8601 week. Which periods somebody owes is in `obligations.py`. Tax Administration
Regulations (skatteforvaltningsforskriften) chapter 8-3.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from fullmakt.services.tax.vat.working_days import working_day_from

_MONTHS: Final = (
    "januar",
    "februar",
    "mars",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "desember",
)
_HALVES: Final = ("foerste", "andre")
_FIRST_HALF_ENDS: Final = 15
_YEARS: Final = range(1000, 9999)
_LONGEST_YEAR_WEEKS: Final = 53


class PeriodKind(StrEnum):
    """How long a period is, in the words of the VAT register."""

    MONTH = "maaned"
    TWO_MONTHS = "toMaaned"
    THREE_MONTHS = "treMaaned"
    SIX_MONTHS = "seksMaaned"
    HALF_MONTH = "halvMaaned"
    WEEK = "uke"
    YEAR = "aar"


class Category(StrEnum):
    """What kind of return it is (meldingskategori)."""

    ORDINARY = "alminnelig"
    PRIMARY_INDUSTRY = "primaernaering"
    COMPENSATION = "kompensasjon"
    REVERSE_CHARGE = "omvendtAvgiftsplikt"
    E_COMMERCE = "eHandel"


_MONTHS_IN: Final = {
    PeriodKind.MONTH: 1,
    PeriodKind.TWO_MONTHS: 2,
    PeriodKind.THREE_MONTHS: 3,
    PeriodKind.SIX_MONTHS: 6,
    PeriodKind.YEAR: 12,
}


def _month_spans(months: int) -> tuple[str, ...]:
    return tuple(
        f"{_MONTHS[first]}-{_MONTHS[first + months - 1]}" for first in range(0, 12, months)
    )


PERIOD_NAMES: Final[dict[PeriodKind, tuple[str, ...]]] = {
    PeriodKind.MONTH: _MONTHS,
    PeriodKind.TWO_MONTHS: _month_spans(2),
    PeriodKind.THREE_MONTHS: _month_spans(3),
    PeriodKind.SIX_MONTHS: _month_spans(6),
    PeriodKind.HALF_MONTH: tuple(
        f"{half} halvdel {month}" for month in _MONTHS for half in _HALVES
    ),
    PeriodKind.WEEK: tuple(f"uke {number}" for number in range(1, _LONGEST_YEAR_WEEKS + 1)),
    PeriodKind.YEAR: ("aarlig",),
}

PERIOD_ELEMENTS: Final[dict[PeriodKind, str]] = {
    PeriodKind.MONTH: "skattleggingsperiodeMaaned",
    PeriodKind.TWO_MONTHS: "skattleggingsperiodeToMaaneder",
    PeriodKind.THREE_MONTHS: "skattleggingsperiodeTreMaaneder",
    PeriodKind.SIX_MONTHS: "skattleggingsperiodeSeksMaaneder",
    PeriodKind.HALF_MONTH: "skattleggingsperiodeHalvMaaned",
    PeriodKind.WEEK: "skattleggingsperiodeUke",
    PeriodKind.YEAR: "skattleggingsperiodeAar",
}


@dataclass(frozen=True, slots=True)
class Period:
    """One period of one year; `number` counts from 1 within the year. Raises: ValueError."""

    kind: PeriodKind
    number: int
    year: int

    def __post_init__(self) -> None:
        if self.year not in _YEARS:
            raise ValueError(
                f"year must be from {_YEARS.start} to {_YEARS.stop - 1}: `{self.year}`"
            )
        if not 1 <= self.number <= len(PERIOD_NAMES[self.kind]):
            raise ValueError(f"a year has no period `{self.number}` of kind `{self.kind}`")
        if self.kind is PeriodKind.WEEK and self.number > weeks_in(self.year):
            raise ValueError(f"year `{self.year}` has no week `{self.number}`")

    @classmethod
    def named(cls, kind: PeriodKind, name: str, year: int) -> Period:
        """Read `juli-august`, `uke 1`, `aarlig` … Raises: ValueError."""
        names = PERIOD_NAMES[kind]
        if name not in names:
            raise ValueError(f"no period of kind `{kind}` is called `{name}`")
        return cls(kind, names.index(name) + 1, year)

    @classmethod
    def titled(cls, kind: PeriodKind, title: str) -> Period:
        """Read a name with its year, as `title` has it: `juli-august 2026`. Raises: ValueError."""
        name, _, year = title.rpartition(" ")
        if not (len(year) == 4 and year.isascii() and year.isdigit()):
            raise ValueError(f"must end in a year of four digits: `{title}`")
        return cls.named(kind, name, int(year))

    @classmethod
    def containing(cls, kind: PeriodKind, day: date) -> Period:
        """The period of `kind` that `day` falls in."""
        if kind is PeriodKind.WEEK:
            calendar_day = day.isocalendar()
            return cls(kind, calendar_day.week, calendar_day.year)
        if kind is PeriodKind.HALF_MONTH:
            half = 1 if day.day <= _FIRST_HALF_ENDS else 2
            return cls(kind, (day.month - 1) * 2 + half, day.year)
        return cls(kind, (day.month - 1) // _MONTHS_IN[kind] + 1, day.year)

    @property
    def name(self) -> str:
        """The name the return uses, such as `juli-august`."""
        return PERIOD_NAMES[self.kind][self.number - 1]

    @property
    def title(self) -> str:
        """Name and year for people, such as `juli-august 2026`."""
        return f"{self.name} {self.year}"

    @property
    def first_day(self) -> date:
        """The day the period begins."""
        if self.kind is PeriodKind.WEEK:
            return date.fromisocalendar(self.year, self.number, 1)
        if self.kind is PeriodKind.HALF_MONTH:
            month, half = divmod(self.number - 1, 2)
            return date(self.year, month + 1, 1 + half * _FIRST_HALF_ENDS)
        return date(self.year, (self.number - 1) * _MONTHS_IN[self.kind] + 1, 1)

    @property
    def last_day(self) -> date:
        """The day the period ends, itself included."""
        if self.kind is PeriodKind.WEEK:
            return self.first_day + timedelta(days=6)
        if self.kind is PeriodKind.HALF_MONTH:
            month, half = divmod(self.number - 1, 2)
            if half == 0:
                return date(self.year, month + 1, _FIRST_HALF_ENDS)
            return _month_end(self.year, month + 1)
        return _month_end(self.year, self.number * _MONTHS_IN[self.kind])

    @property
    def following(self) -> Period:
        """The period of the same kind that begins the day after this one ends."""
        return Period.containing(self.kind, self.last_day + timedelta(days=1))


def weeks_in(year: int) -> int:
    """52 or 53, by ISO 8601."""
    return date(year, 12, 28).isocalendar().week


def due_date(period: Period, category: Category) -> date:
    """When the return is due and the amount payable: the same day for both.

    One month and ten days after a period of whole months; what ends with June waits until 31
    August; a year is due on 10 March, in the primary industries on 10 April. A day that is not a
    working day gives the next one.
    """
    return working_day_from(_day_due(period, category))


def _day_due(period: Period, category: Category) -> date:
    end = period.last_day
    if period.kind in {PeriodKind.WEEK, PeriodKind.HALF_MONTH}:
        return end + timedelta(days=10)
    if period.kind is PeriodKind.YEAR:
        month = 4 if category is Category.PRIMARY_INDUSTRY else 3
        return date(end.year + 1, month, 10)
    if end.month == 6:
        return date(end.year, 8, 31)
    years_on, month_index = divmod(end.month + 1, 12)
    return date(end.year + years_on, month_index + 1, 10)


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])
