"""Organisation and identity numbers with their check digits.

A number is checked once, when it is made; inside the house the type is the proof. Which numbers
exist is not known here (see `access/parties`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

_ORGANIZATION_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2, 1)
_PERSON_FIRST_WEIGHTS = (3, 7, 6, 1, 8, 9, 4, 5, 2)
_PERSON_SECOND_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_ISO6523_NORWAY = "0192"
_FIRST_REMAINDERS = range(4)
_SYNTHETIC_MONTHS = range(81, 93)


_LONGEST_SHOWN = 20


def _shown(text: str) -> str:
    """`text` as a message shows it: an identity number in the wrong place is masked there too."""
    if any(len(found) == 11 for found in re.findall("[0-9]+", text)):
        text = text[:6] + "*" * (len(text) - 6)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _all_digits(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdigit()


def _weighted(digits: str, weights: tuple[int, ...]) -> int:
    return sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=False))


@dataclass(frozen=True, slots=True, order=True)
class OrganizationNumber:
    """Nine digits with a valid mod-11 check digit; any first digit, since test series use 2 and 3.

    Raises: ValueError.
    """

    digits: str

    def __post_init__(self) -> None:
        if not _all_digits(self.digits, 9):
            message = f"organisation number must be 9 digits: `{_shown(self.digits)}`"
            raise ValueError(message)
        if _weighted(self.digits, _ORGANIZATION_WEIGHTS) % 11:
            message = f"organisation number fails its check digit: `{self.digits}`"
            raise ValueError(message)

    def __str__(self) -> str:
        return self.digits

    @classmethod
    def from_iso6523(cls, identifier: str) -> Self:
        """Read `0192:312300028`. Raises: ValueError."""
        prefix, separator, digits = identifier.partition(":")
        if prefix != _ISO6523_NORWAY or not separator:
            message = (
                f"organisation identifier must be `{_ISO6523_NORWAY}:` and 9 digits: "
                f"`{_shown(identifier)}`"
            )
            raise ValueError(message)
        return cls(digits)

    @property
    def iso6523(self) -> str:
        """The number as `0192:312300028`."""
        return f"{_ISO6523_NORWAY}:{self.digits}"


@dataclass(frozen=True, slots=True, order=True)
class PersonNumber:
    """Eleven digits with two valid check digits: national identity number or D-number.

    The first check digit may leave remainder 0 to 3, as the register accepts from 2032. Synthetic
    numbers have 80 added to the month. The date itself is not checked.

    Raises: ValueError.
    """

    digits: str

    def __post_init__(self) -> None:
        if not _all_digits(self.digits, 11):
            message = f"identity number must be 11 digits: `{_shown(self.masked)}`"
            raise ValueError(message)
        first = 11 - _weighted(self.digits, _PERSON_FIRST_WEIGHTS) % 11
        second = (11 - _weighted(self.digits, _PERSON_SECOND_WEIGHTS) % 11) % 11
        accepted = {(first + remainder) % 11 for remainder in _FIRST_REMAINDERS}
        if int(self.digits[9]) not in accepted or int(self.digits[10]) != second:
            message = f"identity number fails its check digits: `{self.masked}`"
            raise ValueError(message)

    def __str__(self) -> str:
        return self.digits

    def __repr__(self) -> str:
        return f"PersonNumber({self.masked})"

    @property
    def masked(self) -> str:
        """The first six characters; the rest is starred, since errors and logs are read by many."""
        return self.digits[:6] + "*" * max(0, len(self.digits) - 6)

    @property
    def is_synthetic(self) -> bool:
        """True when the month has 80 added, as in the synthetic population."""
        return int(self.digits[2:4]) in _SYNTHETIC_MONTHS
