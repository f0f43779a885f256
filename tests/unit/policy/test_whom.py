"""Whom a policy can let in and whom a change of it concerns, by small policies told outright."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from fullmakt.access.policy import names
from fullmakt.access.policy.compile import compile_policy
from fullmakt.access.policy.model import Policy
from fullmakt.access.policy.whom import concerned_by_change, values_compared
from tests.unit.policy.documents import Short, policy_from

OURS, OTHERS = "ske-demo", "ske-other"
READ = {"effect": "Permit", "resource": OURS, "action": "read", "role": "dagl"}
WRITE = {**READ, "action": "write"}
ELSEWHERE = {**READ, "resource": OTHERS}
TO_ALL = {"effect": "Permit", "action": "read", "role": "lede"}
DENY = {**READ, "effect": "Deny", "role": "priv"}
SEASON = ["string-equal", "summer", {"bag": "environment/urn:test:season"}]


def policy_of(*rules: Short, combining: str = "deny-overrides", **more: Short) -> Policy:
    """Rules by what they say; one that stands in two policies has one id in both."""
    policy = policy_from({"combining": combining, "rules": list(rules), **more})
    named = zip(policy.rules, ids(*rules), strict=True)
    return replace(policy, rules=tuple(replace(rule, rule_id=each) for rule, each in named))


def concerned(before: Policy, after: Policy) -> list[str]:
    """What the rules that a change is told by open for, in order."""
    found = concerned_by_change(before, after, OURS)
    return [rule.rule_id for rule in found.rules]


def ids(*rules: Short) -> list[str]:
    return [str(rule) for rule in rules]


def test_a_permit_needs_a_permitting_rule_about_what_is_asked() -> None:
    policy = policy_of(READ, WRITE, ELSEWHERE, TO_ALL, DENY)

    found = compile_policy(policy).permitting_rules(OURS, "read")

    assert found is not None
    assert [rule.rule_id for rule in found] == ids(READ, TO_ALL)


def test_a_policy_that_permits_unless_it_denies_needs_no_rule() -> None:
    policy = policy_of(DENY, combining="permit-unless-deny")

    assert compile_policy(policy).permitting_rules(OURS, "read") is None


def test_a_rule_that_comes_or_goes_concerns_whom_it_is_about() -> None:
    before, after = policy_of(READ, WRITE, ELSEWHERE), policy_of(READ, TO_ALL)

    found = concerned_by_change(before, after, OURS)

    assert concerned(before, after) == ids(WRITE, TO_ALL)
    assert not found.has_rights
    assert not found.is_anybody


def test_a_policy_that_stays_concerns_nobody() -> None:
    assert concerned(policy_of(READ, DENY), policy_of(READ, DENY)) == []


def test_rules_in_another_order_concern_whom_any_of_them_is_about() -> None:
    before, after = policy_of(READ, ELSEWHERE, DENY), policy_of(DENY, ELSEWHERE, READ)

    assert concerned(before, after) == ids(READ, DENY, DENY, READ)
    assert concerned_by_change(before, after, OURS).has_rights


@pytest.mark.parametrize(
    "change",
    [
        {"combining": "permit-overrides"},
        {"target": [[[SEASON]]]},
        {"variables": {"v": SEASON}},
        {
            "obligations": [
                {"id": "o", "with": "Permit", "assign": {"a": {"bag": "subject/urn:test:x"}}}
            ]
        },
    ],
    ids=["how rules are combined", "the target", "a variable", "an obligation that can fail"],
)
def test_a_change_beside_the_rules_concerns_all_whom_they_are_about_and_who_has_rights(
    change: dict[str, Any],
) -> None:
    before, after = policy_of(READ, ELSEWHERE), policy_of(READ, ELSEWHERE, **change)

    found = concerned_by_change(before, after, OURS)

    assert concerned(before, after) == ids(READ, READ)
    assert found.has_rights
    assert not found.is_anybody


def test_an_obligation_that_cannot_fail_concerns_nobody() -> None:
    constant = {"id": "o", "with": "Permit", "assign": {"a": {"integer": "3"}}}

    assert concerned(policy_of(READ), policy_of(READ, obligations=[constant])) == []


def test_to_begin_to_permit_by_default_concerns_anybody() -> None:
    before, after = policy_of(DENY), policy_of(DENY, combining="permit-unless-deny")

    assert concerned_by_change(before, after, OURS).is_anybody
    assert concerned_by_change(after, before, OURS).is_anybody


def test_values_that_an_attribute_is_compared_with_are_told_in_lower_case() -> None:
    policy = policy_of({**READ, "role": ["DAGL", "lede"]}, {**WRITE, "role": "priv"})

    assert values_compared(policy, names.ROLE_CODE) == frozenset({"dagl", "lede", "priv"})
    assert values_compared(policy, names.ACCESS_PACKAGE) == frozenset()


@pytest.mark.parametrize(
    "looks",
    [
        {"target": [[[["string-regexp-match", "d.*", {"bag": "role"}]]]]},
        {"condition": ["string-is-in", {"string": "dagl"}, {"bag": "role"}]},
    ],
    ids=["by a pattern", "in a condition"],
)
def test_what_is_looked_at_in_another_way_may_have_any_value(looks: dict[str, Any]) -> None:
    policy = policy_of(READ, {"effect": "Permit", "resource": OURS, **looks})

    assert values_compared(policy, names.ROLE_CODE) is None
    assert values_compared(policy, names.ACCESS_PACKAGE) == frozenset()
