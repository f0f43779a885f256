"""Norwegian working days: which days are public holidays, and the first working day from a date on.

Saturdays are not working days here: a deadline on a Saturday moves (skatteforvaltningsloven § 5-5).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

_FIXED_HOLIDAYS: Final = frozenset({(1, 1), (5, 1), (5, 17), (12, 25), (12, 26)})
# Maundy Thursday, Good Friday, Easter Sunday and Monday, Ascension Day, Whit Sunday and Monday.
_DAYS_FROM_EASTER: Final = frozenset({-3, -2, 0, 1, 39, 49, 50})
_SATURDAY: Final = 5


def working_day_from(day: date) -> date:
    """`day` itself when it is a working day, else the first one after it."""
    while day.weekday() >= _SATURDAY or is_public_holiday(day):
        day += timedelta(days=1)
    return day


def is_public_holiday(day: date) -> bool:
    """Whether `day` is a Norwegian public holiday (ordinary Sundays are not counted)."""
    if (day.month, day.day) in _FIXED_HOLIDAYS:
        return True
    return (day - easter_sunday(day.year)).days in _DAYS_FROM_EASTER


def easter_sunday(year: int) -> date:
    """Easter Sunday by the Gregorian computus (Meeus, Jones and Butcher)."""
    golden = year % 19
    century, of_century = divmod(year, 100)
    leaps, century_rest = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leaps - correction + 15) % 30
    quarter, quarter_rest = divmod(of_century, 4)
    weekday = (32 + 2 * century_rest + 2 * quarter - epact - quarter_rest) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
