"""The machine's clock, which tokens and grants always go by."""

from __future__ import annotations

from datetime import UTC, datetime


class MachineClock:
    """Tells the machine's time. There is no way to move it."""

    def now(self) -> datetime:
        """The time now, in UTC."""
        return datetime.now(UTC)
