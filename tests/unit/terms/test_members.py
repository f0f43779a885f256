"""JSON read strictly: what is refused, and what is kept as it came."""

from __future__ import annotations

import json

import pytest

from fullmakt.foundation.terms.members import DuplicateMemberError, read_json


def test_json_is_read_as_it_stands() -> None:
    value = read_json(b'{"a": [1, -2.5, true, null, "\xc3\xa6\\u00e6 \\\\u0000"], "b": {"a": ""}}')

    assert value == {"a": [1, -2.5, True, None, "ææ \\u0000"], "b": {"a": ""}}


@pytest.mark.parametrize(
    "text, member",
    [
        ('{"a": 1, "a": 1}', "a"),
        ('{"a": 1, "A": 2}', "A"),
        ('{"x": [{"Straße": 1, "STRASSE": 2}]}', "STRASSE"),
        ('{"a": 1, "\\u0061": 2}', "a"),
        ('{"scope": 1, "\u017fcope": 2}', "\u017fcope"),
    ],
)
def test_a_member_stands_once_whatever_its_letter_case(text: str, member: str) -> None:
    with pytest.raises(DuplicateMemberError) as refused:
        read_json(text)

    assert str(refused.value) == f"member `{member}` stands twice"


def test_the_same_member_may_stand_in_two_objects() -> None:
    assert read_json('{"a": {"a": 1}, "b": [{"a": 1}, {"A": 2}]}') == {
        "a": {"a": 1},
        "b": [{"a": 1}, {"A": 2}],
    }


@pytest.mark.parametrize(
    "body, reason",
    [
        (b'"\\ud800"', "a text holds half of a surrogate pair"),
        (b'{"\\udc00x": 1}', "a text holds half of a surrogate pair"),
        (b'["\\u0000"]', r"a text holds the character U+0000"),
        (b'["\\\\\\u0000"]', r"a text holds the character U+0000"),
        (b'{"a\\u0000": 1}', r"a text holds the character U+0000"),
        (b"\xff\xfe1\x00", "not UTF-8"),
        ('"\ud800"'.encode("utf-8", "surrogatepass"), "not UTF-8"),
        ('{"a": 1}'.encode("utf-16"), "not UTF-8"),
        (b"NaN", "`NaN` is not JSON"),
        (b"[-Infinity]", "`-Infinity` is not JSON"),
        (b"1" * 1001, "a whole number has more than 1000 digits"),
        (b"[" * 200_000, "nested too deep"),
    ],
)
def test_what_could_not_be_kept_or_sent_on_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011  the reason is compared
        read_json(body)

    assert str(refused.value) == reason


@pytest.mark.parametrize("body", [b"", b"{", b'{"a": 1,}', b"{'a': 1}", b"1 2", b"{1: 2}"])
def test_what_is_not_json_is_refused(body: bytes) -> None:
    with pytest.raises(json.JSONDecodeError):
        read_json(body)


def test_a_pair_of_surrogates_is_one_character() -> None:
    assert read_json(b'"\\ud83d\\ude00"') == "\N{GRINNING FACE}"


def test_a_byte_order_mark_is_passed_over() -> None:
    assert read_json(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


def test_a_number_of_a_thousand_digits_is_read() -> None:
    assert read_json(b"9" * 1000) == 10**1000 - 1
