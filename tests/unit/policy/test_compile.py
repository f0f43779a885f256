"""The compiled policy: what the index serves, what a trail tells, and what can be listed."""

from __future__ import annotations

from typing import Any

import pytest

from fullmakt.access.policy import compile as compile_module
from fullmakt.access.policy import names
from fullmakt.access.policy.compile import CompiledPolicy, compile_policy
from fullmakt.access.policy.data_types import INTEGER, STRING
from fullmakt.access.policy.interpret import interpret
from fullmakt.access.policy.model import Effect, Policy
from fullmakt.access.policy.outcome import Decision, Verdict
from fullmakt.access.policy.outline import Opening, RuleOutline, SubjectChoice
from fullmakt.access.policy.parse import parse_policy
from fullmakt.access.policy.request import (
    Entry,
    RequestAttributes,
    StringBag,
    TypedValue,
    texts_of,
)
from fullmakt.access.policy.signatures import V3
from fullmakt.access.policy.trail import NO_TRAIL, RecordedTrail, RuleReport, Wanted
from tests.unit.policy.documents import document_of, policy_from
from tests.unit.policy.examples import PACKAGE, RESOURCE, ROLE, asking

PERMIT = Effect.PERMIT
DEMO = {"resource": "ske-demo", "action": "read"}
LEVEL = {"bag": "subject/urn:test:level", "type": "integer"}


def parsed_of(*rules: dict[str, Any], **more: str | list[Any] | dict[str, Any]) -> Policy:
    short = {"combining": "deny-overrides", "rules": list(rules)} | more
    return parse_policy(document_of(policy_from(short)))


def policy_of(*rules: dict[str, Any], **more: str | list[Any] | dict[str, Any]) -> CompiledPolicy:
    return compile_policy(parsed_of(*rules, **more))


def with_level(level: int | None) -> RequestAttributes:
    """A request for the demo, with a level if one is given."""
    levels = () if level is None else (TypedValue(INTEGER, level),)
    name = (names.SUBJECT, "urn:test:level")
    return RequestAttributes({**asking(**DEMO).entries, name: levels})


PACKAGES = {"effect": "Permit", **DEMO, "package": ["skattegrunnlag", "Post"]}
LIST = {"bag": "subject/urn:altinn:access-list"}
APP_MATCH = [
    ["string-equal", "skd", {"bag": "org"}],
    ["string-equal", "mva", {"bag": "app"}],
]
ROLES = {"effect": "Permit", **DEMO, "role": "dagl"}


def test_a_trail_tells_what_would_have_opened_and_what_was_held() -> None:
    policy, trail = policy_of(PACKAGES, ROLES), RecordedTrail()

    answer = policy.evaluate(asking(**DEMO, package=StringBag(["revisor"]), role="DAGL"), trail)

    first, second = trail.rules
    (unmet,) = first.unmet
    assert answer.matched_rules == ("rule 2",)
    assert (first.rule_id, first.verdict) == ("rule 1", Verdict.NOT_APPLICABLE)
    assert unmet.openings == {PACKAGE: ("skattegrunnlag", "Post")}
    assert unmet.held == {PACKAGE: ("revisor",)}
    assert (second.rule_id, second.verdict, second.unmet) == ("rule 2", Verdict.PERMIT, ())


def test_a_trail_of_a_run_of_rules_ends_where_the_answer_was_settled() -> None:
    policy, trail = policy_of(PACKAGES, ROLES, combining="first-applicable"), RecordedTrail()

    policy.evaluate(asking(**DEMO, package="post", role="dagl"), trail)

    assert [report.rule_id for report in trail.rules] == ["rule 1"]


def test_a_trail_names_alternatives_that_need_several_attributes() -> None:
    wanted = [
        ["string-equal-ignore-case", "dagl", {"bag": "role"}],
        ["integer-less-than", {"integer": "2"}, LEVEL],
    ]
    policy = policy_of({"effect": "Permit", **DEMO, "target": [[wanted, wanted[1:]]]})
    trail = RecordedTrail()

    policy.evaluate(asking(**DEMO, role="priv"), trail)

    ((unmet,),) = [report.unmet for report in trail.rules]
    level = (names.SUBJECT, "urn:test:level")
    assert unmet.alternatives[0][0] == Wanted(*ROLE, V3 + "string-equal-ignore-case", "dagl")
    assert [len(alternative) for alternative in unmet.alternatives] == [2, 1]
    assert unmet.openings == {level: ("2",)}
    assert unmet.held == {ROLE: ("priv",), level: ()}


@pytest.mark.parametrize(
    "level, verdict, held, fault",
    [
        (4, Verdict.PERMIT, True, ""),
        (3, Verdict.NOT_APPLICABLE, False, ""),
        (None, Verdict.INDETERMINATE_P, None, "one value is needed, and there are 0"),
    ],
)
def test_a_trail_tells_of_conditions(
    level: int | None, verdict: Verdict, *, held: bool | None, fault: str
) -> None:
    ask_level = ["integer-one-and-only", LEVEL]
    condition = ["integer-greater-than", ask_level, {"integer": "3"}]
    policy = policy_of({"effect": "Permit", **DEMO, "condition": condition})
    trail = RecordedTrail()

    policy.evaluate(with_level(level), trail)

    (report,) = trail.rules
    assert (report.verdict, report.condition_held, report.fault) == (verdict, held, fault)


def test_a_trail_does_not_tell_of_rules_about_something_else() -> None:
    policy = policy_of(PACKAGES, {"effect": "Deny", "resource": "ske-demo", "action": "write"})
    trail = RecordedTrail()

    policy.evaluate(asking(resource=StringBag(["ske-demo", "x"]), action="read"), trail)

    assert [report.rule_id for report in trail.rules] == ["rule 1"]


def test_a_trail_does_not_tell_of_rules_that_name_another_resource_beside_a_subject() -> None:
    other = [["string-equal", "ske-other", {"bag": "resource"}], ["string-equal", "x", LIST]]
    policy = policy_of({"effect": "Permit", "action": "read", "target": [[other]]})
    trail = RecordedTrail()

    policy.evaluate(asking(resource=StringBag(["ske-demo"]), action="read"), trail)

    assert trail.rules == []


def test_a_trail_tells_when_the_policy_target_keeps_rules_from_being_asked() -> None:
    target = [[[["string-equal", "ske-demo", {"bag": "resource"}]]]]
    policy, trail = policy_of(ROLES, target=target), RecordedTrail()

    policy.evaluate(asking(resource="ske-other", action="read"), trail)

    (unmet,) = trail.target
    assert unmet.openings == {RESOURCE: ("ske-demo",)}
    assert unmet.held == {RESOURCE: ("ske-other",)}
    assert trail.rules == []


@pytest.mark.parametrize("asked", [{"role": "dagl"}, {"role": "priv"}, {"package": "post"}, {}])
def test_an_answer_is_the_same_with_and_without_a_listener(asked: dict[str, str]) -> None:
    policy = policy_of(PACKAGES, ROLES, {"effect": "Deny", **DEMO, "role": "priv"})

    request = asking(**DEMO, **asked)

    assert policy.evaluate(request, RecordedTrail()) == policy.evaluate(request)


def test_the_trail_nobody_follows_does_not_listen() -> None:
    NO_TRAIL.policy_target_unmet(())
    NO_TRAIL.rule_asked(RuleReport("r", "", PERMIT, Verdict.PERMIT))

    assert not NO_TRAIL.is_listening


def test_an_answer_is_not_a_yes_or_a_no() -> None:
    answer = policy_of(ROLES).evaluate(asking(**DEMO))

    with pytest.raises(TypeError, match=r"ask \.decision"):
        bool(answer)


def test_several_rules_that_permit_are_all_named() -> None:
    policy = policy_of(PACKAGES, ROLES)

    answer = policy.evaluate(asking(**DEMO, package="post", role="dagl"))

    assert answer.matched_rules == ("rule 1", "rule 2")


@pytest.mark.parametrize("largest", [0, 1, 3, 4])
def test_a_policy_too_wide_for_an_index_answers_without_one(
    monkeypatch: pytest.MonkeyPatch, largest: int
) -> None:
    monkeypatch.setattr(compile_module, "LARGEST_INDEX", largest)
    wide = {**ROLES, "action": ["read", "write"]}

    policy = policy_of(wide, {"effect": "Deny", "role": "priv"})

    assert policy.evaluate(asking(**DEMO, role="dagl")).decision is Decision.PERMIT
    assert policy.evaluate(asking(**DEMO, role="priv")).decision is Decision.DENY


def test_rules_are_listed_with_what_they_are_about() -> None:
    policy = policy_of(
        {**ROLES, "action": ["read", "write"]},
        {"effect": "Permit", "target": [[APP_MATCH]], "action": "read", "role": "lede"},
        {"effect": "Deny", "role": "priv"},
    )

    first, second, third = policy.outlines

    assert first == RuleOutline(
        rule_id="rule 1",
        effect=PERMIT,
        description="",
        resources=frozenset({"ske-demo"}),
        actions=frozenset({"read", "write"}),
        subjects=(SubjectChoice(names.ROLE_CODE, "dagl"),),
        is_plain=True,
    )
    assert (second.resources, second.is_plain) == (frozenset({"app_skd_mva"}), True)
    assert (third.resources, third.actions, third.is_plain) == (None, None, False)
    assert policy.resources == {"ske-demo", "app_skd_mva"}
    assert policy.rules_for("ske-demo", "write") == (first, third)
    assert policy.rules_for("app_skd_mva", "read") == (second, third)
    assert policy.rules_for("ske-other", "read") == (third,)


def test_what_needs_more_than_a_subject_is_not_listed_as_open() -> None:
    level = [[["integer-less-than", {"integer": "2"}, LEVEL]]]
    environment = [[["string-equal", "open", {"bag": "environment/urn:test:state"}]]]
    condition = ["integer-equal", ["integer-bag-size", LEVEL], {"integer": "1"}]
    policy = policy_of(
        ROLES,
        {**ROLES, "target": [level]},
        {**ROLES, "condition": condition},
        {"effect": "Permit", **DEMO, "target": [environment]},
        {"effect": "Permit", **DEMO, "target": [level]},
        {**ROLES, "effect": "Deny"},
    )

    assert policy.openings() == (Opening("ske-demo", "read", names.ROLE_CODE, "dagl", "rule 1"),)
    assert [outline.is_plain for outline in policy.outlines] == [
        True, False, False, False, False, True,
    ]  # fmt: skip


def test_subject_attributes_are_found_wherever_they_stand() -> None:
    def bag(name: str) -> dict[str, str]:
        return {"bag": f"subject/{name}"}

    policy = policy_of(
        {
            "effect": "Permit",
            "role": "dagl",
            "condition": ["any-of", {"function": "string-equal"}, "x", bag("in-condition")],
            "obligations": [{"id": "o", "with": "Permit", "assign": {"a": bag("in-obligation")}}],
        },
        target=[[[["string-equal", "x", bag("in-target")]]]],
        variables={"v": ["string-bag-size", bag("in-variable")]},
        advice=[{"id": "o", "with": "Deny", "assign": {"a": bag("in-advice")}}],
    )

    assert policy.subject_attributes == {
        names.ROLE_CODE, "in-condition", "in-obligation", "in-target", "in-variable", "in-advice",
    }  # fmt: skip


@pytest.mark.parametrize(
    "resource, expected",
    [
        ("ske-demo", Decision.PERMIT),
        ("SKE-DEMO", Decision.PERMIT),
        ("ske-other", Decision.NOT_APPLICABLE),
    ],
)
def test_a_resource_may_be_named_in_any_case_when_the_policy_says_so(
    resource: str, expected: Decision
) -> None:
    match = ["string-equal-ignore-case", "Ske-Demo", {"bag": "resource"}]
    policy = policy_of({"effect": "Permit", "action": "read", "target": [[[match]]]})

    assert policy.evaluate(asking(resource=resource, action="read")).decision is expected
    assert policy.resources == frozenset()


def test_a_string_bag_shows_what_it_holds() -> None:
    assert repr(StringBag(["dagl", "dagl"])) == "StringBag(('dagl', 'dagl'))"


@pytest.mark.parametrize(
    "entry, texts",
    [
        (None, ()),
        ("read", ("read",)),
        (StringBag(["dagl", "lede"]), ("dagl", "lede")),
        ((TypedValue(INTEGER, 7), TypedValue(STRING, "x")), ("7", "x")),
    ],
)
def test_a_bag_of_any_kind_has_its_values_as_texts(
    entry: Entry | None, texts: tuple[str, ...]
) -> None:
    assert texts_of(entry) == texts


def test_a_part_that_names_resource_and_action_together_is_asked_as_a_whole() -> None:
    pairs = [
        [
            ["string-equal", resource, {"bag": "resource"}],
            ["string-equal", action, {"bag": "action"}],
        ]
        for resource, action in (("ske-a", "read"), ("ske-b", "write"))
    ]
    policy = policy_of({"effect": "Permit", "target": [pairs]})

    assert policy.evaluate(asking(resource="ske-a", action="read")).decision is Decision.PERMIT
    crossed = policy.evaluate(asking(resource="ske-a", action="write"))
    assert crossed.decision is Decision.NOT_APPLICABLE
    assert not crossed.resource_and_action_known


@pytest.mark.parametrize("values", [["x" * 3000], ["y" * 3000, "no"]])
def test_a_match_that_fails_on_every_value_is_the_fault_of_its_rule(values: list[str]) -> None:
    pattern = ["string-regexp-match", "ske", {"bag": "role"}]
    parsed = parsed_of({"effect": "Deny", **DEMO, "target": [[[pattern]]]})
    policy = compile_policy(parsed)

    answer = policy.evaluate(asking(**DEMO, role=StringBag(values)))

    assert answer == interpret(parsed, asking(**DEMO, role=StringBag(values)))
    assert answer.verdict is Verdict.INDETERMINATE_D
    assert "a text of 3000 characters, more than 2048" in answer.status.message


def test_a_match_that_fails_on_one_value_may_hold_on_another() -> None:
    pattern = ["string-regexp-match", "ske", {"bag": "role"}]
    policy = policy_of({"effect": "Deny", **DEMO, "target": [[[pattern]]]})

    answer = policy.evaluate(asking(**DEMO, role=StringBag(["x" * 3000, "ske"])))

    assert answer.verdict is Verdict.DENY


def test_what_a_policy_asks_for_with_a_permit_can_be_had_without_asking_it() -> None:
    policy = policy_of(
        ROLES,
        obligations=[
            {"id": "urn:test:permit", "with": "Permit", "assign": {"urn:test:level": LEVEL}},
            {"id": "urn:test:deny", "with": "Deny"},
        ],
    )

    (obligation,) = policy.permit_obligations(with_level(4))

    assert obligation.directive_id == "urn:test:permit"
    assert [assignment.text for assignment in obligation.assignments] == ["4"]
