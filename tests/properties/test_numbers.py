"""Laws of organisation and identity numbers."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fullmakt.foundation.terms.numbers import OrganizationNumber, PersonNumber

ORGANIZATION_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)
FIRST_WEIGHTS = (3, 7, 6, 1, 8, 9, 4, 5, 2)
SECOND_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def digits_of(length: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=length, max_size=length)


def weighted(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))


@st.composite
def organization_numbers(draw: st.DrawFn) -> str:
    first = draw(digits_of(8))
    check = -weighted(first, ORGANIZATION_WEIGHTS) % 11
    assume(check != 10)
    return f"{first}{check}"


@st.composite
def person_numbers(draw: st.DrawFn) -> str:
    """With the first check digit leaving remainder 0, as today, or 1 to 3, as from 2032."""
    first = draw(digits_of(9))
    check = (draw(st.integers(0, 3)) - weighted(first, FIRST_WEIGHTS)) % 11
    assume(check != 10)
    ten = f"{first}{check}"
    last = -weighted(ten, SECOND_WEIGHTS) % 11
    assume(last != 10)
    return f"{ten}{last}"


def with_another_digit(digits: str, place: int, by: int) -> str:
    changed = (int(digits[place]) + by) % 10
    return f"{digits[:place]}{changed}{digits[place + 1 :]}"


@given(organization_numbers())
def test_a_number_with_its_check_digit_holds(digits: str) -> None:
    assert OrganizationNumber.from_iso6523(OrganizationNumber(digits).iso6523).digits == digits


@given(organization_numbers(), st.integers(0, 8), st.integers(1, 9))
def test_every_organisation_number_one_digit_off_is_refused(
    digits: str, place: int, by: int
) -> None:
    with pytest.raises(ValueError, match="check digit"):
        OrganizationNumber(with_another_digit(digits, place, by))


@given(person_numbers())
def test_an_identity_number_with_its_check_digits_holds_and_is_masked(digits: str) -> None:
    number = PersonNumber(digits)

    assert str(number) == digits
    assert repr(number) == f"PersonNumber({digits[:6]}*****)"


@given(person_numbers(), st.integers(0, 10), st.integers(1, 9))
def test_every_identity_number_one_digit_off_is_refused(digits: str, place: int, by: int) -> None:
    wrong = with_another_digit(digits, place, by)

    with pytest.raises(ValueError, match="check digits") as refused:
        PersonNumber(wrong)

    assert wrong not in str(refused.value)


@given(st.text(max_size=30))
def test_any_other_text_is_refused_with_an_error_of_ours(text: str) -> None:
    assume(not (text.isascii() and text.isdigit() and len(text) in {9, 11}))

    for number in (OrganizationNumber, PersonNumber):
        with pytest.raises(ValueError, match="digits"):
            number(text)
