"""Runs the policy cases beside it: each through the compiled and the interpreted policy.

A file is one idea: a policy in the short form of `tests/unit/policy/documents.py`, or a set and the
`others` it may refer to, and its answers, perhaps `at` a time. A case is strict: an unknown key
fails, and what it leaves out is not looked at.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from fullmakt.access.policy.compile import compile_policy
from fullmakt.access.policy.compile_sets import compile_tree
from fullmakt.access.policy.data_types import read_value
from fullmakt.access.policy.interpret import interpret, interpret_tree
from fullmakt.access.policy.outcome import Directive, Evaluation
from fullmakt.access.policy.parse import parse_policy
from fullmakt.access.policy.request import Entry, RequestAttributes, StringBag, TypedValue
from tests.unit.policy.documents import (
    data_type_named,
    document_of,
    name_from,
    policy_from,
    tree_from,
)

_FILES = sorted(Path(__file__).parent.glob("*.yaml"))


def _cases() -> list[Any]:
    found = []
    for path in _FILES:
        idea = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert {"about", "source", "cases"} <= set(idea), path.name
        assert set(idea) <= {"about", "source", "policy", "set", "others", "cases"}, path.name
        found += [
            pytest.param(idea, case, id=f"{path.stem}::{case['when']}") for case in idea["cases"]
        ]
    return found


@pytest.mark.parametrize("evaluator", ["compiled", "interpreted"])
@pytest.mark.parametrize("idea, case", _cases())
def test_policy_case(idea: dict[str, Any], case: dict[str, Any], evaluator: str) -> None:
    request = RequestAttributes(
        {name_from(name): _entry(held) for name, held in case["ask"].items()},
        now=case.get("at"),
    )

    seen = _seen(_answer(idea, request, evaluator))

    expected = {key: held for key, held in case.items() if key not in {"when", "ask", "at"}}
    assert {key: seen[key] for key in expected} == expected


def _answer(idea: dict[str, Any], request: RequestAttributes, evaluator: str) -> Evaluation:
    is_compiled = evaluator == "compiled"
    if "set" in idea:
        tree = tree_from({"id": "root", "set": idea["set"]}, *idea.get("others", []))
        return (
            compile_tree(tree).evaluate(request) if is_compiled else interpret_tree(tree, request)
        )
    policy = parse_policy(document_of(policy_from(idea["policy"])))
    return compile_policy(policy).evaluate(request) if is_compiled else interpret(policy, request)


def _entry(held: str | list[Any]) -> Entry:
    if isinstance(held, str):
        return held
    if all(isinstance(value, str) for value in held):
        return StringBag(held)
    return tuple(_typed(value) for value in held)


def _typed(held: dict[str, str]) -> TypedValue:
    issuer = held.get("issuer")
    ((name, text),) = ((key, value) for key, value in held.items() if key != "issuer")
    data_type = data_type_named(name)
    return TypedValue(data_type, read_value(data_type, text), issuer)


def _seen(answer: Evaluation) -> dict[str, Any]:
    return {
        "expect": answer.verdict.value,
        "matched": list(answer.matched_rules),
        "known": answer.resource_and_action_known,
        "status": answer.status.code.rpartition(":")[2],
        "message": answer.status.message,
        "missing": [held.attribute_id for held in answer.status.missing],
        "detail": [
            {
                "category": held.category.rpartition(":")[2],
                "id": held.attribute_id,
                "type": held.data_type.rpartition("#")[2],
                "issuer": held.issuer,
            }
            for held in answer.status.missing
        ],
        "applicable": [
            f"{'set ' if held.is_set else ''}{held.policy_id} {held.version}"
            for held in answer.applicable
        ],
        "obligations": [_words(held) for held in answer.obligations],
        "advice": [_words(held) for held in answer.advice],
    }


def _words(directive: Directive) -> str:
    assigned = (f"{held.attribute_id}={held.text}" for held in directive.assignments)
    return " ".join((directive.directive_id, *assigned))
