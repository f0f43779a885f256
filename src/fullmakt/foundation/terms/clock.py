"""The clock as a value.

Whoever needs the time is given one. Reading the machine's clock is done in `run`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime


class Clock(Protocol):
    """Tells the time, UTC-aware."""

    def now(self) -> datetime:
        """The time now, in UTC."""
        ...
