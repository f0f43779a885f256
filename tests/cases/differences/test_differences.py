"""Runs the cases beside it: as the standard has each, as the original, and switch by switch.

A file is one switch of `Semantics`; it alone, turned, gives what the original gives.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
import yaml

from fullmakt.access.policy.compile import compile_policy
from fullmakt.access.policy.original import as_judged
from fullmakt.access.policy.parse import parse_policy
from fullmakt.access.policy.request import RequestAttributes
from fullmakt.access.policy.semantics import ORIGINAL, STANDARD, Semantics
from tests.unit.policy.documents import document_of, name_from, policy_from

HERE = Path(__file__).parent
REFERENCE = HERE.parents[2] / "docs" / "reference" / "differences.md"
IDEAS = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in sorted(HERE.glob("*.yaml"))}
SWITCHES = [field.name for field in dataclasses.fields(Semantics)]


def cases() -> list[Any]:
    return [
        pytest.param(idea["switch"], idea["policy"], case, id=f"{stem}::{case['when']}")
        for stem, idea in IDEAS.items()
        for case in idea["cases"]
    ]


def answered(policy: dict[str, Any], ask: dict[str, str], semantics: Semantics) -> str:
    parsed = as_judged(parse_policy(document_of(policy_from(policy))), semantics)
    request = RequestAttributes({name_from(name): value for name, value in ask.items()})
    answer = compile_policy(parsed).evaluate(request)
    given = [each.directive_id for each in (*answer.obligations, *answer.advice)]
    return " ".join([answer.decision.value, *given])


@pytest.mark.parametrize("switch, policy, case", cases())
def test_a_switch_turns_the_standard_into_the_original(
    switch: str, policy: dict[str, Any], case: dict[str, Any]
) -> None:
    turned = dataclasses.replace(STANDARD, **{switch: False})

    assert answered(policy, case["ask"], STANDARD) == case["standard"]
    assert answered(policy, case["ask"], turned) == case["original"]
    assert answered(policy, case["ask"], ORIGINAL) == case["original"]


def test_every_file_is_an_idea_with_cases_that_differ() -> None:
    for stem, idea in IDEAS.items():
        assert set(idea) == {"about", "source", "switch", "policy", "cases"}, stem
        assert any(case["standard"] != case["original"] for case in idea["cases"]), stem


@pytest.mark.parametrize("switch", SWITCHES)
def test_every_switch_stands_in_the_reference_and_is_turned_by_strict_altinn(switch: str) -> None:
    assert f"`{switch}`" in REFERENCE.read_text(encoding="utf-8")
    assert getattr(STANDARD, switch) is True
    assert getattr(ORIGINAL, switch) is False
