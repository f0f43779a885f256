"""The machine's clock, for programs that do not bring their own.

The house reads its clock in `run` alone. The SDK runs inside somebody else's program, so it has
this one place, used only when no clock is given.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Now = Callable[[], datetime]


def machine_now() -> datetime:
    """The machine's time, in UTC."""
    return datetime.now(UTC)  # noqa: TID251  the SDK's only reading of the machine's clock
