"""Runs the function cases beside it: what each function gives, or why it cannot answer.

A file is one subject. Its rows are, for each function, what it is applied `of` and what that `is`
(an expression in the short form, or true or false), or the message it `fails` with and its status.
Functions that every data type has are in `tests/unit/policy/test_functions.py`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from fullmakt.access.policy.functions import FUNCTIONS
from fullmakt.access.policy.outcome import Decision, Verdict
from fullmakt.access.policy.special_functions import HIGHER_ORDER_FUNCTIONS, LOGICAL_FUNCTIONS
from tests.unit.policy.documents import function_id
from tests.unit.policy.test_functions import NO_EQUALITY, ROWS, answer_of

_IDEAS = [
    (path.stem, yaml.safe_load(path.read_text(encoding="utf-8")))
    for path in sorted(Path(__file__).parent.glob("*.yaml"))
]
_CASES = [
    (stem, name, case)
    for stem, idea in _IDEAS
    for name, cases in idea["rows"].items()
    for case in cases
]


@pytest.mark.parametrize(
    "name, case",
    [
        pytest.param(name, case, id=f"{stem}::{name}-{number}")
        for number, (stem, name, case) in enumerate(_CASES)
    ],
)
def test_function_case(name: str, case: dict[str, Any]) -> None:
    applied = [name, *case["of"]]
    if "fails" in case:
        assert set(case) <= {"of", "fails", "status"}
        answer = answer_of(_asked_for_its_value(applied))
        assert answer.verdict is Verdict.INDETERMINATE_P
        assert case["fails"] in answer.status.message
        assert answer.status.code.rpartition(":")[2] == case.get("status", "processing-error")
    else:
        assert set(case) == {"of", "is"}
        answer = answer_of(_compared(applied, case["is"]))
        holds = case["is"] is not False
        assert answer.decision is (Decision.PERMIT if holds else Decision.NOT_APPLICABLE)


def _compared(
    applied: list[Any],
    expected: bool | str | list[Any] | dict[str, str],  # noqa: FBT001  as the case has it
) -> list[Any]:
    """The condition that an application gives what is expected."""
    if isinstance(expected, bool):
        return applied
    if isinstance(expected, str):
        return ["string-equal", applied, expected]
    if isinstance(expected, list):
        kind = expected[0].removesuffix("-bag")
        size = f"{kind}-bag-size"
        return [
            "and",
            [f"{kind}-set-equals", applied, expected],
            ["integer-equal", [size, applied], [size, expected]],
        ]
    ((kind, _),) = expected.items()
    if kind in NO_EQUALITY:
        return [f"{kind}-is-in", applied, [f"{kind}-bag", expected]]
    return [f"{kind}-equal", applied, expected]


def _asked_for_its_value(applied: list[Any]) -> list[Any]:
    """A condition that needs the value of an application and says nothing of it."""
    function = FUNCTIONS.get(function_id(applied[0]))
    kind = "boolean" if function is None else str(function.result)
    if kind == "boolean":
        return applied
    return ["integer-equal", [f"{kind}-bag-size", [f"{kind}-bag", applied]], {"integer": "1"}]


def test_every_file_says_what_it_is_about() -> None:
    for stem, idea in _IDEAS:
        assert set(idea) == {"about", "source", "rows"}, stem


def test_every_function_has_a_case() -> None:
    known = {**FUNCTIONS, **LOGICAL_FUNCTIONS, **HIGHER_ORDER_FUNCTIONS}
    tried = {function_id(name) for name in ROWS} | {function_id(name) for _, name, _ in _CASES}

    assert tried == set(known)


def test_every_boolean_function_is_tried_both_ways() -> None:
    for _, name, _ in _CASES:
        answers = [case.get("is") for _, other, case in _CASES if other == name]
        assert {answer for answer in answers if isinstance(answer, bool)} in ({True, False}, set())
