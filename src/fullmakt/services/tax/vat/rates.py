"""The rates of VAT as a return writes them, and the years each was valid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from fullmakt.services.tax.vat.periods import Period


class RateLevel(StrEnum):
    """The kinds of rate; the percentage of a kind has changed over the years."""

    STANDARD = "standard"
    MEDIUM = "medium"
    LOW = "low"
    RAW_FISH = "raw fish"
    ZERO = "zero"


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate as written in a return (`11,11` with a comma), valid for some years."""

    word: str
    level: RateLevel
    valid_from: date
    valid_until: date | None = None

    @property
    def percent(self) -> Decimal:
        """The rate as a number."""
        return Decimal(self.word.replace(",", "."))

    def is_valid_in(self, period: Period) -> bool:
        """Whether the rate held on any day of `period`."""
        return self.valid_from <= period.last_day and (
            self.valid_until is None or period.first_day <= self.valid_until
        )


RATES: Final = (
    Rate("25", RateLevel.STANDARD, date(2005, 1, 1)),
    Rate("15", RateLevel.MEDIUM, date(2012, 1, 1)),
    Rate("12", RateLevel.LOW, date(2018, 1, 1), date(2020, 3, 31)),
    Rate("6", RateLevel.LOW, date(2020, 4, 1), date(2021, 9, 30)),
    Rate("12", RateLevel.LOW, date(2021, 10, 1)),
    Rate("11,11", RateLevel.RAW_FISH, date(1970, 1, 1)),
    Rate("0", RateLevel.ZERO, date(1970, 1, 1)),
)

_PERCENT: Final = {rate.word: rate.percent for rate in RATES}


def percent_of(word: str) -> Decimal | None:
    """The percentage a rate stands for; None when no rate was ever written so."""
    return _PERCENT.get(word)


def rates_for(level: RateLevel, period: Period) -> tuple[str, ...]:
    """The rates of one kind that a line may state in `period`."""
    return tuple(rate.word for rate in RATES if rate.level is level and rate.is_valid_in(period))
