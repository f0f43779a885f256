"""Payment references (KID) and account numbers, with their check digits.

MOD10 is Luhn's algorithm. MOD11 weighs 2 to 7 from the right; where the check digit would be 10, a
reference ends with `-` and an account number does not exist.
"""

from __future__ import annotations

from typing import Final

from fullmakt.services.tax.vat.periods import Period

_LENGTHS: Final = range(2, 26)
_MOD11_WEIGHTS: Final = (2, 3, 4, 5, 6, 7)
_NO_DIGIT: Final = "-"


def mod10_check_digit(digits: str) -> str:
    """The digit that makes `digits` followed by it pass MOD10."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        weighted = int(digit) * (2 if position % 2 == 0 else 1)
        total += weighted - 9 if weighted > 9 else weighted
    return str(-total % 10)


def mod11_check_digit(digits: str) -> str:
    """The digit that makes `digits` followed by it pass MOD11; `-` where no digit can."""
    total = sum(
        int(digit) * _MOD11_WEIGHTS[position % len(_MOD11_WEIGHTS)]
        for position, digit in enumerate(reversed(digits))
    )
    remainder = -total % 11
    return _NO_DIGIT if remainder == 10 else str(remainder)


def is_valid_payment_reference(reference: str) -> bool:
    """Whether `reference` is 2 to 25 characters, digits but for a last `-`, and passes either
    check.
    """
    body, check = reference[:-1], reference[-1:]
    if len(reference) not in _LENGTHS or not (body.isascii() and body.isdigit()):
        return False
    return check in {mod10_check_digit(body), mod11_check_digit(body)}


def is_valid_account_number(account: str) -> bool:
    """Whether `account` is eleven digits that pass MOD11."""
    if len(account) != 11 or not (account.isascii() and account.isdigit()):
        return False
    return account[-1] == mod11_check_digit(account[:-1])


def payment_reference_for(organization: str, period: Period) -> str:
    """The reference to pay by: organisation number, year, period number and a MOD10 digit."""
    body = f"{organization}{period.year:04}{period.number:02}"
    return body + mod10_check_digit(body)
