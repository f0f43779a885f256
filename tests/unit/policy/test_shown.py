"""A policy told to people: every part of a rule has a cell, and says what the document says."""

from __future__ import annotations

from typing import Any

from fullmakt.access.policy import names
from fullmakt.access.policy.model import Effect
from fullmakt.access.policy.parse_sets import parse_policies
from fullmakt.access.policy.shown import ShownRule, shown
from tests.unit.policy.documents import document_of, policy_from

AGE = {"bag": "subject/urn:test:age", "type": "integer"}


def told(*rules: dict[str, Any], **more: object) -> list[ShownRule]:
    short = {"combining": "deny-overrides", "rules": list(rules)} | more
    return shown(parse_policies(document_of(policy_from(short))))


def test_a_rule_without_parts_asks_for_nothing() -> None:
    (rule,) = told({"effect": "Deny"})

    assert (rule.who, rule.may, rule.on, rule.when, rule.duties) == ((), (), (), (), ())
    assert rule.effect is Effect.DENY


def test_alternatives_stand_in_the_column_of_their_category() -> None:
    (rule,) = told(
        {
            "effect": "Permit",
            "role": ["dagl", "lede"],
            "action": ["read", "sign"],
            "target": [
                [
                    [
                        ["string-equal", "skd", {"bag": "org"}],
                        ["string-equal", "mva", {"bag": "app"}],
                    ],
                    [["string-equal", "ske-a", {"bag": "resource"}]],
                ]
            ],
        }
    )

    assert rule.who == ("rolecode dagl", "rolecode lede")
    assert rule.may == ("read", "sign")
    assert rule.on == ("org skd and app mva", "ske-a")


def test_what_mixes_categories_or_comes_second_is_a_condition() -> None:
    (rule,) = told(
        {
            "effect": "Permit",
            "role": "dagl",
            "target": [
                [[["string-equal", "post", {"bag": "package"}]]],
                [
                    [
                        ["string-equal", "ske-a", {"bag": "resource"}],
                        ["string-equal", "post", {"bag": "package"}],
                    ],
                    [["string-equal", "open", {"bag": "environment/urn:test:state"}]],
                ],
                [[["string-equal", "night", {"bag": "environment/urn:test:state"}]]],
            ],
        }
    )

    assert rule.who == ("rolecode dagl",)
    assert rule.when == (
        "accesspackage post",
        "ske-a and accesspackage post or state open",
        "state night",
    )


def test_a_comparison_is_told_from_the_attributes_side() -> None:
    comparisons = [
        "integer-greater-than",
        "integer-greater-than-or-equal",
        "integer-less-than",
        "integer-less-than-or-equal",
        "integer-equal",
    ]

    rules = told(
        *(
            {"effect": "Permit", "target": [[[[name, {"integer": "18"}, AGE]]]]}
            for name in comparisons
        )
    )

    assert [rule.who for rule in rules] == [
        ("age < 18",),
        ("age <= 18",),
        ("age > 18",),
        ("age >= 18",),
        ("age 18",),
    ]


def test_another_function_is_told_as_it_is_called() -> None:
    pattern = ["string-regexp-match", "a.*", {"bag": "subject/urn:test:name"}]

    (rule,) = told({"effect": "Permit", "target": [[[pattern]]]})

    assert rule.who == ("string-regexp-match(a.*, name)",)


def test_a_condition_is_told_with_the_variables_it_leads_to_once_each() -> None:
    (rule,) = told(
        {
            "effect": "Permit",
            "condition": ["and", {"variable": "grown"}, {"variable": "known"}],
        },
        variables={
            "grown": ["any-of", {"function": "integer-less-than"}, {"integer": "18"}, AGE],
            "known": ["or", {"variable": "grown"}, {"boolean": "true"}],
            "unused": ["not", {"boolean": "true"}],
        },
    )

    assert rule.when == (
        "and(grown, known)",
        "grown = any-of(integer-less-than, 18, age)",
        "known = or(grown, true)",
    )


def test_duties_are_those_of_the_rules_own_effect() -> None:
    permit, deny = told(
        {
            "effect": "Permit",
            "advice": [{"id": "urn:a:mail", "with": "Permit", "assign": {}}],
        },
        {"effect": "Deny"},
        obligations=[
            {"id": "urn:o:level", "with": "Permit", "assign": {"urn:o:1": {"integer": "3"}}},
            {"id": "urn:o:tell", "with": "Deny", "assign": {}},
        ],
    )

    assert permit.duties == ("must level 1 3", "may mail")
    assert deny.duties == ("must tell",)


def test_a_set_shows_its_members_with_its_own_target() -> None:
    member = policy_from(
        {"combining": "deny-overrides", "rules": [{"effect": "Permit", "role": "dagl"}]}
    )
    document = f"""<PolicySet xmlns="{names.NAMESPACE}" PolicySetId="urn:s" Version="1.0"
     PolicyCombiningAlgId="urn:oasis:names:tc:xacml:3.0:policy-combining-algorithm:deny-overrides">
     <Target><AnyOf><AllOf>
     <Match MatchId="urn:oasis:names:tc:xacml:1.0:function:string-equal">
     <AttributeValue DataType="http://www.w3.org/2001/XMLSchema#string">read</AttributeValue>
     <AttributeDesignator AttributeId="{names.ACTION_ID}" Category="{names.ACTION}"
      DataType="http://www.w3.org/2001/XMLSchema#string" MustBePresent="false"/></Match>
     </AllOf></AnyOf></Target>
     <PolicyIdReference>{member.policy_id}</PolicyIdReference></PolicySet>"""

    (rule,) = shown(parse_policies(document.encode(), document_of(member)))

    assert (rule.policy, rule.who, rule.may) == (member.policy_id, ("rolecode dagl",), ("read",))
