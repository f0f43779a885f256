"""Every function both ways, and what makes it fail: XACML 3.0 core appendix A.3."""

from __future__ import annotations

from typing import Any

import pytest

from fullmakt.access.policy import names
from fullmakt.access.policy.compile import compile_policy
from fullmakt.access.policy.functions import FUNCTIONS
from fullmakt.access.policy.interpret import interpret
from fullmakt.access.policy.outcome import Decision, Evaluation, Verdict
from fullmakt.access.policy.parse import parse_policy
from fullmakt.access.policy.request import RequestAttributes
from fullmakt.access.policy.signatures import BOOLEAN, V1
from tests.unit.policy.documents import document_of, function_id, policy_from

# For each data type: two values that differ (the first smaller where there is an order), and
# another way to write the first. Rows of functions that give no boolean are whole conditions.
SAMPLES = {
    "string": ("Bil", "bil", "Bil"),
    "boolean": ("false", "true", "0"),
    "integer": ("9", "10", "+09"),
    "double": ("-1.5", "2e3", "-15.0E-1"),
    "anyURI": ("urn:a", "urn:b", " urn:a "),
    "date": ("2031-01-02+01:00", "2031-01-02", "2031-01-02+01:00"),
    "time": ("12:00:00+02:00", "11:00:00", "10:00:00Z"),
    "dateTime": ("2031-01-01T24:00:00", "2031-01-02T00:00:00.5Z", "2031-01-02T01:00:00+01:00"),
    "hexBinary": ("0a", "0A0A", " 0A "),
    "base64Binary": ("Cg==", "Cgo=", " C g = = "),
    "dayTimeDuration": ("P1D", "PT24H1S", "PT24H"),
    "yearMonthDuration": ("P1Y", "P1Y1M", "P12M"),
    "x500Name": ("cn=Ola,c=NO", "cn=Kari,c=NO", "CN = ola ; C=no"),
    "rfc822Name": ("Ola@fjord.no", "ola@fjord.no", "Ola@FJORD.no"),
    "ipAddress": ("10.0.0.1:80", "10.0.0.1:81", " 10.0.0.1:80-80 "),
    "dnsName": ("fjord.no", "*.fjord.no", "FJORD.no:"),
}
NO_EQUALITY = {"ipAddress", "dnsName"}
ORDERED = ("string", "integer", "double", "date", "time", "dateTime")


def of_every_type() -> dict[str, list[tuple[list[Any], bool]]]:
    rows: dict[str, list[tuple[list[Any], bool]]] = {}
    for name, samples in SAMPLES.items():
        rows |= of_type(name, name, samples)
        if name.endswith("Duration"):
            rows |= of_type(name, V1 + name, samples)
    return rows


def of_type(
    name: str, prefix: str, samples: tuple[str, str, str]
) -> dict[str, list[tuple[list[Any], bool]]]:
    a, b, c = ({name: text} for text in samples)
    bag, one, size = f"{prefix}-bag", f"{prefix}-one-and-only", f"{prefix}-bag-size"
    found: dict[str, list[tuple[list[Any], bool]]] = {
        one: [
            ([f"{prefix}-is-in", [one, [bag, a]], [bag, c]], True),
            ([f"{prefix}-is-in", [one, [bag, b]], [bag, a]], False),
        ],
        size: [
            (["integer-equal", [size, [bag, a, b, c]], {"integer": "3"}], True),
            (["integer-equal", [size, [bag]], {"integer": "3"}], False),
        ],
        f"{prefix}-is-in": [([c, [bag, b, a]], True), ([a, [bag, b]], False)],
        bag: [([f"{prefix}-is-in", a, [bag, a]], True), ([f"{prefix}-is-in", a, [bag]], False)],
        f"{prefix}-intersection": [
            (
                [
                    f"{prefix}-set-equals",
                    [f"{prefix}-intersection", [bag, a, b, a], [bag, c]],
                    [bag, a],
                ],
                True,
            ),
            (
                [f"{prefix}-set-equals", [f"{prefix}-intersection", [bag, a], [bag, b]], [bag, a]],
                False,
            ),
        ],
        f"{prefix}-union": [
            (
                [
                    "integer-equal",
                    [size, [f"{prefix}-union", [bag, a, c], [bag, b], [bag, a]]],
                    {"integer": "2"},
                ],
                True,
            ),
            ([f"{prefix}-set-equals", [f"{prefix}-union", [bag, a], [bag, b]], [bag, a]], False),
        ],
        f"{prefix}-at-least-one-member-of": [
            ([[bag, a, b], [bag, c]], True),
            ([[bag, a], [bag, b]], False),
        ],
        f"{prefix}-subset": [
            ([[bag, a, c], [bag, a, b]], True),
            ([[bag, a, b], [bag, a]], False),
        ],
        f"{prefix}-set-equals": [
            ([[bag, a, b, a], [bag, b, c]], True),
            ([[bag, a], [bag, a, b]], False),
        ],
    }
    if name not in NO_EQUALITY:
        found[f"{prefix}-equal"] = [([a, c], True), ([a, b], False)]
    return found


def of_ordered_types() -> dict[str, list[tuple[list[Any], bool]]]:
    rows: dict[str, list[tuple[list[Any], bool]]] = {}
    for name in ORDERED:
        first, second, same = SAMPLES[name]
        a, b, c = {name: first}, {name: second}, {name: same}
        rows |= {
            f"{name}-greater-than": [([b, a], True), ([a, c], False)],
            f"{name}-greater-than-or-equal": [([a, c], True), ([a, b], False)],
            f"{name}-less-than": [([a, b], True), ([a, c], False)],
            f"{name}-less-than-or-equal": [([a, c], True), ([b, a], False)],
        }
    return rows


T, F = {"boolean": "true"}, {"boolean": "false"}
FAILS = ["boolean-one-and-only", ["boolean-bag"]]
ABC = ["string-bag", "a", "b", "c"]
MANY = ["string-bag", *(str(number) for number in range(200))]
MANY_OTHERS = ["string-bag", *(f"x{number}" for number in range(200))]
LARGE_PRODUCT = ["integer-multiply", {"integer": "9" * 600}, {"integer": "-" + "9" * 600}]
LONG_TEXT = ["string-concatenate", "x" * 600_000, "y" * 600_000]
MANY_LONG_TEXTS = ["map", {"function": "string-concatenate"}, "x" * 10_000, MANY]
MATCHES = {"function": "string-regexp-match"}
EQUAL, LESS = {"function": "string-equal"}, {"function": "string-less-than"}
OTHERS: dict[str, list[tuple[list[Any], bool]]] = {
    "string-equal-ignore-case": [(["ÅSE", "åse"], True), (["ß", "ss"], False)],
    "string-regexp-match": [(["b+", "abbc"], True), (["^b+$", "abbc"], False)],
    "string-normalize-space": [
        (["string-equal", ["string-normalize-space", "\t a  b\n"], "a  b"], True),
        (["string-equal", ["string-normalize-space", "a  b"], "a b"], False),
    ],
    "string-normalize-to-lower-case": [
        (["string-equal", ["string-normalize-to-lower-case", "ÆØÅ"], "æøå"], True),
        (["string-equal", ["string-normalize-to-lower-case", "A"], "A"], False),
    ],
    "not": [([F], True), ([T], False)],
    "or": [([F, FAILS, T], True), ([F, F], False), ([], False)],
    "and": [([T, T], True), ([FAILS, F, T], False), ([], True)],
    "n-of": [
        ([{"integer": "2"}, T, FAILS, T], True),
        ([{"integer": "2"}, T, F, F], False),
        ([{"integer": "0"}, FAILS], True),
        ([{"integer": "-1"}], True),
        ([{"integer": "2"}, F, FAILS, F], False),
        ([{"integer": "1"}, T, FAILS], True),
    ],
    "any-of": [
        ([EQUAL, "b", ABC], True),
        ([EQUAL, "d", ABC], False),
        ([EQUAL, "a", ["string-bag"]], False),
    ],
    "all-of": [
        ([LESS, "A", ABC], True),
        ([LESS, "a", ABC], False),
        ([EQUAL, "a", ["string-bag"]], True),
    ],
    "any-of-any": [
        ([EQUAL, ABC, ["string-bag", "x", "c"]], True),
        ([EQUAL, ABC, ["string-bag", "x"]], False),
        ([LESS, "b", "c"], True),
    ],
    V1 + "any-of": [([EQUAL, "b", ABC], True), ([EQUAL, "d", ABC], False)],
    V1 + "all-of": [([LESS, "A", ABC], True), ([LESS, "a", ABC], False)],
    V1 + "any-of-any": [
        ([EQUAL, ABC, ["string-bag", "c"]], True),
        ([EQUAL, ABC, ["string-bag", "x"]], False),
    ],
}  # fmt: skip
ROWS = of_every_type() | of_ordered_types() | OTHERS


def answer_of(condition: list[Any]) -> Evaluation:
    """What a Permit rule with the condition says; compiled and interpreted say the same."""
    rule = {"effect": "Permit", "condition": condition}
    parsed = parse_policy(
        document_of(policy_from({"combining": "deny-overrides", "rules": [rule]}))
    )
    answer = compile_policy(parsed).evaluate(RequestAttributes({}))
    assert interpret(parsed, RequestAttributes({})) == answer
    return answer


@pytest.mark.parametrize(
    "name, arguments, holds",
    [(name, arguments, holds) for name, rows in ROWS.items() for arguments, holds in rows],
)
def test_a_function_holds_or_not(name: str, arguments: list[Any], holds: bool) -> None:  # noqa: FBT001
    is_boolean = (
        function_id(name) not in FUNCTIONS or FUNCTIONS[function_id(name)].result == BOOLEAN
    )
    is_whole = not is_boolean or name == "boolean-one-and-only"

    answer = answer_of(arguments if is_whole else [name, *arguments])

    assert answer.decision is (Decision.PERMIT if holds else Decision.NOT_APPLICABLE)


def test_every_row_is_tried_both_ways() -> None:
    assert all({holds for _, holds in rows} == {True, False} for rows in ROWS.values())


@pytest.mark.parametrize(
    "condition, message",
    [
        (["string-equal", ["string-one-and-only", ["string-bag"]], "a"], "there are 0"),
        (["string-equal", ["string-one-and-only", ABC], "a"], "there are 3"),
        (["or", F, FAILS, F], "one value is needed, and there are 0"),
        (["and", T, FAILS, T], "one value is needed, and there are 0"),
        (["n-of", {"integer": "2"}, T, FAILS, F], "one value is needed, and there are 0"),
        (["n-of", {"integer": "3"}, T, T], "3 true arguments are needed, and there are only 2"),
        (["any-of-any", EQUAL, MANY, MANY_OTHERS], "more than 10000 combinations of values"),
        (["any-of", MATCHES, ["string-bag", "("], "x"], "the regular expression cannot be matched"),
        (["string-regexp-match", "x", "y" * 2049], "a text of 2049 characters, more than 2048"),
        (["integer-equal", LARGE_PRODUCT, {"integer": "0"}], "an integer of more than 1000 digits"),
        (["string-is-in", "x", MANY_LONG_TEXTS], "strings of more than 1000000 characters in all"),
        (["string-equal", LONG_TEXT, "x"], "a string of more than 1000000 characters"),
    ],
)
def test_a_function_that_cannot_answer_says_why(condition: list[Any], message: str) -> None:
    answer = answer_of(condition)

    assert answer.verdict is Verdict.INDETERMINATE_P
    assert answer.status.code == names.STATUS_PROCESSING_ERROR
    assert message in answer.status.message


def test_not_a_number_is_in_no_bag_and_equals_nothing() -> None:
    nan = {"double": "NaN"}

    assert answer_of(["double-equal", nan, nan]).decision is Decision.NOT_APPLICABLE
    assert answer_of(["double-is-in", nan, ["double-bag", nan]]).decision is Decision.NOT_APPLICABLE
    subset = ["double-subset", ["double-bag", nan], ["double-bag", nan]]
    assert answer_of(subset).decision is Decision.NOT_APPLICABLE


@pytest.mark.parametrize("day", [({"date": "0001-01-01+14:00"}, {"date": "9999-12-31-14:00"})])
def test_the_ends_of_the_calendar_compare(day: tuple[dict[str, str], dict[str, str]]) -> None:
    assert answer_of(["date-less-than", *day]).decision is Decision.PERMIT
