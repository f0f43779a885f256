"""Domain time: the machine's time, moved by as much as somebody asked for."""

from __future__ import annotations

from datetime import datetime, timedelta

from fullmakt.foundation.terms.clock import Clock


class WorldClock:
    """Runs on with the machine's clock, at an offset from it."""

    def __init__(self, machine_clock: Clock) -> None:
        self._machine_clock = machine_clock
        self.offset: timedelta | None = None
        """How far it is ahead of the machine's clock; None while nobody has set it."""

    def now(self) -> datetime:
        """Domain time now, in UTC."""
        now = self._machine_clock.now()
        return now if self.offset is None else now + self.offset

    def offset_to(self, at: datetime) -> timedelta:
        """The offset that makes it `at` now."""
        return at - self._machine_clock.now()
