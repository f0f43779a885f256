"""Organisation and identity numbers: which hold, and how they are shown."""

from __future__ import annotations

import pytest

from fullmakt.foundation.terms.numbers import OrganizationNumber, PersonNumber

ORGANIZATION = "312300028"
SYNTHETIC = "17912099997"
NO_DATE_AT_ALL = "99990000014"


@pytest.mark.parametrize(
    "digits",
    [
        "",
        "31230002",
        "3123000280",
        "31230002a",
        " 312300028",
        "312300028\n",
        "\N{FULLWIDTH DIGIT THREE}12300028",
    ],
)
def test_an_organisation_number_is_nine_plain_digits(digits: str) -> None:
    with pytest.raises(ValueError, match=r"^organisation number must be 9 digits: `"):
        OrganizationNumber(digits)


def test_a_wrong_check_digit_is_told_with_the_number() -> None:
    with pytest.raises(ValueError, match=r"fails its check digit: `312300029`$"):
        OrganizationNumber("312300029")


@pytest.mark.parametrize("text", ["0192:312300028"])
def test_the_international_form_is_read_and_written(text: str) -> None:
    assert OrganizationNumber.from_iso6523(text).iso6523 == text


@pytest.mark.parametrize("text", ["312300028", "0193:312300028", "192:312300028", ":312300028", ""])
def test_another_identifier_is_no_organisation_number(text: str) -> None:
    with pytest.raises(ValueError, match=f"must be `0192:` and 9 digits: `{text}`$"):
        OrganizationNumber.from_iso6523(text)


def test_an_organisation_number_is_shown_as_its_digits() -> None:
    number = OrganizationNumber(ORGANIZATION)

    assert (str(number), repr(number)) == (ORGANIZATION, "OrganizationNumber(digits='312300028')")


@pytest.mark.parametrize("digits", [SYNTHETIC, "26900799232"])
def test_a_synthetic_number_says_so(digits: str) -> None:
    assert PersonNumber(digits).is_synthetic


def test_another_month_is_not_synthetic() -> None:
    assert not PersonNumber(NO_DATE_AT_ALL).is_synthetic


@pytest.mark.parametrize("digits", ["", "1791209999", "179120999977", "1791209999x"])
def test_an_identity_number_is_eleven_plain_digits(digits: str) -> None:
    with pytest.raises(ValueError, match=r"^identity number must be 11 digits: `"):
        PersonNumber(digits)


@pytest.mark.parametrize("wrong", ["17912099998", "17912099987"])
def test_a_wrong_identity_number_is_told_without_its_end(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"fails its check digits: `179120\*{5}`$"):
        PersonNumber(wrong)


def test_an_identity_number_is_masked_where_it_is_shown() -> None:
    number = PersonNumber(SYNTHETIC)

    assert (number.masked, repr(number)) == ("179120*****", "PersonNumber(179120*****)")


def test_an_identity_number_in_the_place_of_an_organisations_is_masked_too() -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011  the message is compared
        OrganizationNumber(SYNTHETIC)

    assert str(refused.value) == "organisation number must be 9 digits: `179120*****`"


def test_an_identity_number_in_an_identifier_is_masked_too() -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011  the message is looked into
        OrganizationNumber.from_iso6523(f"0193:{SYNTHETIC}")

    assert "99997" not in str(refused.value)


@pytest.mark.parametrize("number", [OrganizationNumber, PersonNumber])
def test_a_long_text_is_not_told_back(number: type) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011  the message is measured
        number("9" * 10_000)

    assert len(str(refused.value)) < 80
