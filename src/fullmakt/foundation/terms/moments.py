"""Moments in time: always UTC-aware, written as ISO 8601."""

from __future__ import annotations

from datetime import UTC, datetime


def utc(moment: datetime) -> datetime:
    """`moment` in UTC; one without a zone is taken as UTC, as the database may give it back."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def read_moment(value: datetime | str) -> datetime:
    """A moment from ISO 8601 text, or as it is. Raises: ValueError."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def write_moment(moment: datetime) -> str:
    """`2026-11-23T09:00:00.123456Z`, without trailing zeros in the fraction."""
    text = utc(moment).strftime("%Y-%m-%dT%H:%M:%S.%f").rstrip("0").rstrip(".")
    return f"{text}Z"
