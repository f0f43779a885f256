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


_FIRST, _SECOND = (3, 7, 6, 1, 8, 9, 4, 5, 2), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def person_numbers(start: int) -> Iterator[str]:
    """Identity numbers of people born on 17 November 1979 in the synthetic series (month + 80)."""
    for serial in range(start, 1000):
        digits = f"179179{serial:03d}"
        first = _check_digit(digits, _FIRST)
        second = _check_digit(f"{digits}{first}", _SECOND)
        if first < 10 and second < 10:
            yield f"{digits}{first}{second}"


def _check_digit(digits: str, weights: tuple[int, ...]) -> int:
    return (11 - sum(w * int(digit) for w, digit in zip(weights, digits, strict=False)) % 11) % 11
