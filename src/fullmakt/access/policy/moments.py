"""Dates, times and durations: how literals are read and written, and how they are added.

Dates and times without a zone are UTC (XACML 3.0 core section 7.22 leaves the choice to us) and
remember that they had none. Years run from 0001 to 9999 and fractions of a second to six digits; a
literal outside that is refused, never rounded. A date is its first instant, a time one on a fixed
day, a yearMonthDuration its number of months.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final

# Compares and computes as UTC; what is written leaves the zone out again.
NO_ZONE: Final = timezone(timedelta(0), "none given")
# SPEC: XPath and XQuery functions, op:time-equal compares times on this reference day.
_TIME_REFERENCE_DAY: Final = "1972-12-31"

_DAY_FORM: Final = r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
_CLOCK_FORM: Final = r"(?P<clock>[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.(?P<fraction>[0-9]{1,6}))?"
_ZONE_FORM: Final = r"(?P<zone>Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
_DATE_FORM: Final = re.compile(_DAY_FORM + _ZONE_FORM)
_TIME_FORM: Final = re.compile(_CLOCK_FORM + _ZONE_FORM)
_DATE_TIME_FORM: Final = re.compile(f"{_DAY_FORM}T{_CLOCK_FORM}{_ZONE_FORM}")
_DAY_TIME_FORM: Final = re.compile(
    r"(?P<sign>-?)P(?=[0-9T])(?:(?P<days>[0-9]{1,12})D)?"
    r"(?:T(?=[0-9])(?:(?P<hours>[0-9]{1,12})H)?(?:(?P<minutes>[0-9]{1,12})M)?"
    r"(?:(?P<seconds>[0-9]{1,12})(?:\.(?P<fraction>[0-9]{1,6}))?S)?)?"
)
_YEAR_MONTH_FORM: Final = re.compile(
    r"(?P<sign>-?)P(?=[0-9])(?:(?P<years>[0-9]{1,12})Y)?(?:(?P<months>[0-9]{1,12})M)?"
)


def read_date(text: str) -> datetime:
    """A date, as its first instant. Raises ValueError, as the readers below do."""
    found = _matched(_DATE_FORM, text)
    return _moment(found["day"], "00:00:00", None, found["zone"])


def read_time(text: str) -> datetime:
    """A time, on the reference day. SPEC: XML Schema, 24:00:00 is the same as 00:00:00."""
    found = _matched(_TIME_FORM, text)
    moment = _moment(_TIME_REFERENCE_DAY, found["clock"], found["fraction"], found["zone"])
    return _on_reference_day(moment)


def read_date_time(text: str) -> datetime:
    """A dateTime."""
    found = _matched(_DATE_TIME_FORM, text)
    return _moment(found["day"], found["clock"], found["fraction"], found["zone"])


def read_day_time(text: str) -> timedelta:
    """A dayTimeDuration."""
    found = _matched(_DAY_TIME_FORM, text)
    try:
        length = timedelta(
            days=int(found["days"] or 0),
            hours=int(found["hours"] or 0),
            minutes=int(found["minutes"] or 0),
            seconds=int(found["seconds"] or 0),
            microseconds=_microseconds(found["fraction"]),
        )
    except OverflowError as fault:
        raise ValueError(text) from fault
    return -length if found["sign"] else length


def read_year_month(text: str) -> int:
    """A yearMonthDuration, in months."""
    found = _matched(_YEAR_MONTH_FORM, text)
    months = int(found["years"] or 0) * 12 + int(found["months"] or 0)
    return -months if found["sign"] else months


def _matched(form: re.Pattern[str], text: str) -> re.Match[str]:
    found = form.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return found


def _microseconds(fraction: str | None) -> int:
    return int((fraction or "").ljust(6, "0"))


def _moment(day: str, clock: str, fraction: str | None, zone: str | None) -> datetime:
    is_end_of_day = clock == "24:00:00"
    if is_end_of_day and (fraction or "").strip("0"):
        raise ValueError(clock)
    moment = datetime.fromisoformat(f"{day}T{'00:00:00' if is_end_of_day else clock}")
    moment = moment.replace(tzinfo=_zone(zone), microsecond=_microseconds(fraction))
    try:
        return moment + timedelta(days=1) if is_end_of_day else moment
    except OverflowError as fault:
        raise ValueError(day) from fault


def _on_reference_day(moment: datetime) -> datetime:
    return moment.replace(year=1972, month=12, day=31)


def _zone(text: str | None) -> tzinfo:
    if text is None:
        return NO_ZONE
    if text == "Z":
        return UTC
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[4:6]))
    return timezone(-offset if text[0] == "-" else offset)


def write_date(value: datetime) -> str:
    """The date with the zone it was given in; also its canonical form."""
    return value.date().isoformat() + _written_zone(value)


def write_time(value: datetime) -> str:
    """The time with the zone it was given in."""
    return _written_clock(value) + _written_zone(value)


def write_date_time(value: datetime) -> str:
    """The dateTime with the zone it was given in."""
    return f"{value.date().isoformat()}T{_written_clock(value)}{_written_zone(value)}"


def write_day_time(value: timedelta) -> str:
    """The canonical form: no part that is zero, and the next larger where one would be full."""
    total = abs(value)
    minutes, seconds = divmod(total.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{total.microseconds:06}".rstrip("0").rstrip(".")
    clock = "".join(
        f"{amount}{unit}"
        for amount, unit in (
            (hours or "", "H"),
            (minutes or "", "M"),
            (f"{seconds}{fraction}" if seconds or fraction else "", "S"),
        )
        if amount
    )
    days = f"{total.days}D" if total.days else ""
    sign = "-" if value < timedelta(0) else ""
    return f"{sign}P{days}{'T' + clock if clock else ''}" if days or clock else "PT0S"


def write_year_month(months: int) -> str:
    """The canonical form: no part that is zero, and less than twelve months beside years."""
    years, rest = divmod(abs(months), 12)
    parts = (f"{years}Y" if years else "") + (f"{rest}M" if rest else "")
    return f"{'-' if months < 0 else ''}P{parts or '0M'}"


def in_utc(value: datetime) -> datetime:
    """The same instant in UTC, where it had a zone. Raises OverflowError at the calendar's ends."""
    return value if value.tzinfo is NO_ZONE else value.astimezone(UTC)


def _written_clock(value: datetime) -> str:
    return value.time().isoformat().rstrip("0") if value.microsecond else f"{value:%H:%M:%S}"


def _written_zone(value: datetime) -> str:
    if value.tzinfo is NO_ZONE:
        return ""
    text = value.isoformat()[-6:]
    return "Z" if text == "+00:00" else text


def time_of(now: datetime) -> datetime:
    """The time of day at an instant, in UTC."""
    return _on_reference_day(now.astimezone(UTC))


def date_of(now: datetime) -> datetime:
    """The day of an instant, in UTC."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def plus_months(moment: datetime, months: int) -> datetime:
    """The moment so many months later; on the last day of a month that is too short.

    SPEC: XML Schema part 2 appendix E. Raises OverflowError beyond the calendar.
    """
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError(f"year {year}")
    last = monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))


def is_in_range(time: datetime, earliest: datetime, latest: datetime) -> bool:
    """Whether a time is between two others, ends included; the range may pass midnight.

    SPEC: XACML 3.0 core A.3.8, time-in-range: ends without a zone have that of the first time.
    """
    zone = UTC if time.tzinfo is NO_ZONE else time.tzinfo
    first, last = (
        end.replace(tzinfo=zone) if end.tzinfo is NO_ZONE else end for end in (earliest, latest)
    )
    day = timedelta(days=1)
    return (time - first) % day <= (last - first) % day
