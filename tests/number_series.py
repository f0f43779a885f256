"""Valid numbers in endless series, for tests that need many."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)


def organization_numbers(start: int) -> Iterator[str]:
    """Organisation numbers whose first eight digits begin at `start`."""
    base = start
    while True:
        digits = f"{base:08d}"
        base += 1
        total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=True))
        check = (11 - total) % 11
        if check < 10:
            yield f"{digits}{check}"
