"""What is read off a policy without a request is never too narrow, whatever the policy."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from fullmakt.access.policy import names
from fullmakt.access.policy.compile import compile_policy
from fullmakt.access.policy.data_types import STRING
from fullmakt.access.policy.model import Policy, Rule, Target
from fullmakt.access.policy.outcome import Decision, Evaluation
from fullmakt.access.policy.request import RequestAttributes, StringBag
from fullmakt.access.policy.whom import (
    choices_of,
    concerned_by_change,
    values_compared,
)
from tests.unit.policy.documents import SHORT_NAMES
from tests.unit.policy.strategies import GRID, policies, requests

RESOURCE, ACTION = SHORT_NAMES["resource"], SHORT_NAMES["action"]
APP = (SHORT_NAMES["org"], SHORT_NAMES["app"])


def is_about(request: RequestAttributes) -> tuple[str, str] | None:
    """The one resource and action of a request; None where it is about several, or none."""
    held = request.entries
    resource, action = held.get(RESOURCE), held.get(ACTION)
    app = [held.get(name) for name in APP]
    if not isinstance(action, str):
        return None
    if isinstance(resource, str) and app == [None, None]:
        return resource, action
    if resource is None and all(isinstance(each, str) for each in app):
        return f"app_{app[0]}_{app[1]}", action
    return None


ASKED = [(request, about) for request in GRID if (about := is_about(request)) is not None]


def meets(rule: Rule, request: RequestAttributes) -> bool:
    """Whether a request has one subject attribute of each set that the rule asks for."""
    return all(
        any(
            choice.value in {str(value).lower() for value in bag}
            for choice in choices
            for bag in (request.bag((names.SUBJECT, choice.attribute_id), STRING),)
        )
        for choices in choices_of(rule)
    )


def test_there_is_something_to_ask() -> None:
    assert {about for _, about in ASKED} >= {("SKE-A", "read"), ("app_skd_mva", "read")}


@given(policies())
def test_wherever_a_policy_permits_a_permitting_rule_is_met(policy: Policy) -> None:
    compiled = compile_policy(policy)
    for request, (resource, action) in ASKED:
        if compiled.evaluate(request).decision is Decision.PERMIT:
            rules = compiled.permitting_rules(resource, action)
            event("by default" if rules is None else "by a rule")
            assert rules is None or any(meets(rule, request) for rule in rules)


@st.composite
def changed(draw: st.DrawFn) -> tuple[Policy, Policy]:
    """A policy before and after: rules left out, put in, in another order; or more than that."""
    before, other = draw(policies()), draw(policies())
    kept = draw(st.lists(st.sampled_from(before.rules), unique_by=id))
    added = draw(st.lists(st.sampled_from(other.rules), unique_by=id))
    rules = draw(st.permutations([*kept, *added])) or [before.rules[0]]
    after = replace(before, rules=tuple(rules))
    match draw(st.sampled_from(["", "", "", "", "combining", "target", "directives", "variables"])):
        case "combining":
            after = replace(after, combining=other.combining)
        case "target":
            after = replace(after, target=other.target)
        case "directives":
            after = replace(after, directives=other.directives)
        case "variables":
            after = replace(after, variables=other.variables)
        case _:
            pass
    return before, after


def told(answer: Evaluation) -> Decision | None:
    """What counts of an answer: permitted, left to single rights, or neither."""
    counts = {Decision.PERMIT, Decision.NOT_APPLICABLE}
    return answer.decision if answer.decision in counts else None


@given(changed())
def test_whoever_is_answered_otherwise_is_concerned_by_the_change(
    pair: tuple[Policy, Policy],
) -> None:
    before, after = (compile_policy(each) for each in pair)
    for request, (resource, _) in ASKED:
        was, became = told(before.evaluate(request)), told(after.evaluate(request))
        if was is became:
            continue
        found = concerned_by_change(*pair, resource)
        is_met = found.is_anybody or any(meets(rule, request) for rule in found.rules)
        event("met" if is_met else "has rights")
        has_rights = found.has_rights and Decision.NOT_APPLICABLE in {was, became}
        is_permit = Decision.PERMIT in {was, became}
        assert is_met or (has_rights and not is_permit)


@given(policies(), requests(), st.sampled_from([SHORT_NAMES["package"], SHORT_NAMES["role"]]))
def test_a_value_that_is_compared_with_nothing_is_as_good_as_none(
    policy: Policy, request: RequestAttributes, name: tuple[str, str]
) -> None:
    values = values_compared(policy, name[1])
    if values is None:
        event("looked at otherwise")
        return
    compiled = compile_policy(policy)
    without = {key: entry for key, entry in request.entries.items() if key != name}
    other = {**without, name: StringBag(["never-named"])}
    assert "never-named" not in values

    answers = [compiled.evaluate(RequestAttributes(each)) for each in (without, other)]

    assert answers[0] == answers[1]


@given(policies(), st.sampled_from(["post", "skatt", "DAGL"]))
def test_where_only_gains_count_a_permit_stays_with_one_attribute_more(
    policy: Policy, value: str
) -> None:
    compiled = compile_policy(policy)
    name = SHORT_NAMES["role" if value == "DAGL" else "package"]
    for request, _ in ASKED if compiled.only_gains else ():
        if compiled.evaluate(request).decision is Decision.PERMIT:
            event("permitted")
            values = [*request.bag(name, STRING), value]
            more = {**request.entries, name: StringBag(map(str, values))}
            answer = compiled.evaluate(RequestAttributes(more))
            assert answer.decision is Decision.PERMIT


@pytest.mark.parametrize("algorithm", ["permit-unless-deny", "deny-unless-permit"])
def test_no_rule_need_permit_where_all_is_permitted_by_default(algorithm: str) -> None:
    combining = f"urn:oasis:names:tc:xacml:3.0:rule-combining-algorithm:{algorithm}"
    policy = Policy("urn:test:policy", "1.0", combining, Target(), ())

    found = compile_policy(policy).permitting_rules("ske-a", "read")

    assert found == (None if algorithm == "permit-unless-deny" else ())
