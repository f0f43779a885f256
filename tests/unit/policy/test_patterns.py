"""Regular expressions: what matches, what is refused, and that time stays linear."""

from __future__ import annotations

import time

import pytest

from fullmakt.access.policy.patterns import BadPattern, TextTooLong, compile_pattern


@pytest.mark.parametrize(
    "pattern, text",
    [
        ("", ""),
        ("", "x"),
        ("b", "abc"),
        ("^abc$", "abc"),
        ("^$", ""),
        ("a.c", "abc"),
        ("a|b|", "zzz"),
        ("^(a|bc)+$", "abcbca"),
        ("^a?b*c+$", "ccc"),
        ("^a{2}$", "aa"),
        ("^a{2,}$", "aaaa"),
        ("^a{0,2}b$", "aab"),
        ("^a{0}b$", "b"),
        ("^a*?b+?c??$", "aab"),
        ("^[a-c]+$", "abc"),
        ("^[^a-c]$", "d"),
        ("^[a-z-[aeiou]]+$", "bcd"),
        ("^[-a]+$", "-a"),
        ("^[a-]+$", "a-"),
        (r"^[\-\]\\]+$", r"-]" + "\\"),
        (r"^[\[-\]]$", "]"),
        (r"^[\d.]+$", "1.2"),
        (r"^[^\s]+$", "abc"),
        (r"^\d{3}$", "1٢3"),
        (r"^\D\w\W\s\S$", "xy- z"),
        (r"^\i\c*$", "_a-1.b·"),
        (r"^\I\C$", "1 "),
        (r"^\p{Lu}\p{L}\P{L}$", "Åb1"),
        (r"^\p{Sc}$", "€"),
        (r"^\p{IsGreek}\P{IsGreek}$", "λa"),
        (r"^[\p{IsLatin-1Supplement}]$", "å"),
        (r"^\p{IsPrivateUse}{2}$", "\ue000\U000f0000"),
        (r"\n\r\t", "\n\r\t"),
        (r"^\.\?\*\+\(\)\{\}\[\]\|\\\^\$$", r".?*+(){}[]|" + "\\" + "^$"),
        ("(a^b|c)", "c"),
        ("^(^a)$", "a"),
        ("ø", "bjørn"),
        ("^[à-å]$", "ä"),
    ],
)
def test_a_pattern_is_found(pattern: str, text: str) -> None:
    assert compile_pattern(pattern).is_found_in(text)


@pytest.mark.parametrize(
    "pattern, text",
    [
        ("^b", "ab"),
        (r"^\p{IsBasicLatin}+$", "bjørn"),
        ("a$", "ab"),
        ("a^b", "ab"),
        ("a.c", "a\nc"),
        ("^a{2}$", "aaa"),
        ("^a{2,3}$", "aaaa"),
        ("^[^a-c]$", "b"),
        ("^[a-z-[aeiou]]+$", "bad"),
        ("^[^a-z-[0]]$", "0"),
        (r"^\p{Lu}$", "å"),
        (r"^\d$", "x"),
        (r"^\w$", "-"),
        ("A", "a"),
        ("$^", "x"),
    ],
)
def test_a_pattern_is_not_found(pattern: str, text: str) -> None:
    assert not compile_pattern(pattern).is_found_in(text)


@pytest.mark.parametrize(
    "pattern, why",
    [
        ("(", "a `(` that is not closed"),
        ("(a", "a `(` that is not closed"),
        ("a)", "a `)` that closes nothing at character 2 of `a)`"),
        ("(?i)a", "a group with a flag or a look-around"),
        ("*a", "a `*` that must be escaped at character 1 of `*a`"),
        ("a**", "a `*` that must be escaped"),
        ("]", "a `]` that must be escaped"),
        ("a{", "a repetition without a number"),
        ("a{,2}", "a repetition without a number"),
        ("a{2", "a malformed repetition"),
        ("a{3,2}", "a malformed repetition"),
        ("a{1000}", "a repetition without a number of at most 3 digits"),
        ("^*", "a repeated anchor"),
        ("[", "the pattern ends too early"),
        ("[a", "the pattern ends too early"),
        ("[]", "an empty class"),
        ("[^]", "an empty class"),
        ("[a[b]", "a `[` that must be escaped"),
        ("[z-a]", "a range that runs backwards"),
        (r"[a-\d]", "a range that runs backwards"),
        ("[a-[b]c]", "a class that goes on after its subtraction"),
        ("\\", "the pattern ends too early"),
        (r"(a)\1", r"an unknown escape `\1`"),
        (r"\p{IsElvish}", "an unknown category `IsElvish`"),
        (r"\p{Greek}", "an unknown category `Greek`"),
        (r"\pL", r"a `\p` without a category in braces"),
        (r"\p{L", r"a `\p` without a category in braces"),
        ("a" * 257, "a pattern of 257 characters, more than 256"),
        ("(a{50}){50}", "a pattern that needs more than 1000 states"),
        ("(" * 30 + ")" * 30, "groups nested deeper than 20"),
        ("[a-" * 30 + "[b" + "]" * 31, "classes nested deeper than 20"),
    ],
)
def test_a_pattern_that_is_not_read_says_why(pattern: str, why: str) -> None:
    with pytest.raises(BadPattern) as refused:
        compile_pattern(pattern)

    assert why in str(refused.value)


def test_a_text_too_long_is_not_matched() -> None:
    with pytest.raises(TextTooLong, match="a text of 2049 characters, more than 2048"):
        compile_pattern("a").is_found_in("b" * 2049)


@pytest.mark.parametrize(
    "pattern", ["^(a+)+$", "^(a|aa)+$", "^(a*)*b$", "(x+x+)+y", "^(a?){60}a{60}$"]
)
def test_a_pattern_that_would_explode_takes_linear_time(pattern: str) -> None:
    before = time.process_time()

    found = compile_pattern(pattern).is_found_in("a" * 500 + "!")

    assert not found
    assert time.process_time() - before < 5
