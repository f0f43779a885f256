"""Policies that hold and refer to each other: what is found, what is refused, what is answered."""

from __future__ import annotations

import pytest

from fullmakt.access.policy import names
from fullmakt.access.policy.compile_sets import compile_documents
from fullmakt.access.policy.data_types import BOOLEAN, INTEGER, STRING
from fullmakt.access.policy.errors import PolicyRefused
from fullmakt.access.policy.outcome import Decision, Evaluation, PolicyIdentifier
from fullmakt.access.policy.parse_sets import parse_policies
from fullmakt.access.policy.request import RequestAttributes, typed_value
from fullmakt.access.policy.trail import RecordedTrail

RULES = "urn:oasis:names:tc:xacml:3.0:rule-combining-algorithm:deny-overrides"
POLICIES = "urn:oasis:names:tc:xacml:3.0:policy-combining-algorithm:deny-overrides"
ONLY_ONE = "urn:oasis:names:tc:xacml:1.0:policy-combining-algorithm:only-one-applicable"
TARGET = (
    "<Target><AnyOf><AllOf>"
    '<Match MatchId="urn:oasis:names:tc:xacml:1.0:function:string-equal">'
    f'<AttributeValue DataType="{STRING}">a</AttributeValue>'
    f'<AttributeDesignator Category="c" AttributeId="i" DataType="{STRING}"'
    ' MustBePresent="true"/></Match></AllOf></AnyOf></Target>'
)


def a_policy(
    name: str = "p", *, version: str = "1.0", effect: str = "Permit", target: str = "<Target/>"
) -> str:
    return (
        f'<Policy xmlns="{names.NAMESPACE}" PolicyId="{name}" Version="{version}"'
        f' RuleCombiningAlgId="{RULES}">{target}<Rule RuleId="{name} {version}"'
        f' Effect="{effect}"/></Policy>'
    )


def a_set(
    *members: str,
    name: str = "s",
    version: str = "1.0",
    combining: str = POLICIES,
    target: str = "<Target/>",
) -> str:
    """A set whose own tag and target are on line 1, and each member on a line of its own."""
    head = (
        f'<PolicySet xmlns="{names.NAMESPACE}" PolicySetId="{name}" Version="{version}"'
        f' PolicyCombiningAlgId="{combining}">{target}'
    )
    return "\n".join([head, *members, "</PolicySet>"])


def to_policy(name: str = "p", **constraints: str) -> str:
    return _reference("PolicyIdReference", name, constraints)


def to_set(name: str = "s", **constraints: str) -> str:
    return _reference("PolicySetIdReference", name, constraints)


def _reference(kind: str, name: str, constraints: dict[str, str]) -> str:
    attributes = "".join(f' {key}="{pattern}"' for key, pattern in constraints.items())
    return f"<{kind}{attributes}>{name}</{kind}>"


def answer_of(root: str, *others: str, request: RequestAttributes | None = None) -> Evaluation:
    policy = compile_documents(root.encode(), *(other.encode() for other in others))
    return policy.evaluate(request or RequestAttributes({}))


def refused(root: str, *others: str) -> PolicyRefused:
    with pytest.raises(PolicyRefused) as refusal:
        parse_policies(root.encode(), *(other.encode() for other in others))
    return refusal.value


@pytest.mark.parametrize(
    "constraints, chosen",
    [
        ({}, "1.10"),
        ({"Version": "1.2"}, "1.2"),
        ({"Version": "1.*"}, "1.10"),
        ({"Version": "1.+"}, "1.10"),
        ({"Version": "+"}, "1.10"),
        ({"Version": "*.2"}, "1.2"),
        ({"Version": "*"}, "1"),
        ({"Version": "1.2.+"}, "1.2.1"),
        ({"LatestVersion": "1.2"}, "1.2"),
        ({"LatestVersion": "1.2.*"}, "1.2.1"),
        ({"LatestVersion": "1"}, "1"),
        ({"EarliestVersion": "1.3"}, "1.10"),
        ({"EarliestVersion": "1.*", "LatestVersion": "1.9"}, "1.2.1"),
        ({"EarliestVersion": "1.10.+"}, None),
        ({"EarliestVersion": "1.11"}, None),
        ({"Version": "2.+"}, None),
        ({"Version": "*.*.*.*"}, None),
        ({"LatestVersion": "0.+"}, None),
    ],
)
def test_a_reference_chooses_the_latest_version_it_accepts(
    constraints: dict[str, str], chosen: str | None
) -> None:
    versions = [a_policy(version=version) for version in ("1", "1.2", "1.10", "1.2.1")]
    root = a_set(to_policy(**constraints))

    if chosen is None:
        assert "no such document of that version" in refused(root, *versions).why
    else:
        assert answer_of(root, *versions).matched_rules == (f"p {chosen}",)


def test_sets_refer_to_sets_and_the_applicable_are_listed_outermost_first() -> None:
    root = a_set(to_set("inner"), a_policy("q", effect="Deny", target=TARGET), name="root")
    inner = a_set(to_policy(), to_policy(), name="inner", version="2")
    request = RequestAttributes({("c", "i"): (typed_value(STRING, "b"),)})

    answer = answer_of(root, a_policy(), inner, request=request)

    assert answer.decision is Decision.PERMIT
    assert answer.applicable == (
        PolicyIdentifier("root", "1.0", is_set=True),
        PolicyIdentifier("inner", "2", is_set=True),
        PolicyIdentifier("p", "1.0"),
        PolicyIdentifier("p", "1.0"),
    )


def test_a_policy_alone_is_a_root_too() -> None:
    answer = answer_of(a_policy())

    assert answer.applicable == (PolicyIdentifier("p", "1.0"),)
    assert answer_of(a_set()).decision is Decision.NOT_APPLICABLE


def test_what_is_given_under_a_name_of_before_is_found() -> None:
    older = "http://www.w3.org/TR/2002/WD-xquery-operators-20020816#dayTimeDuration"

    assert typed_value(older, "P1D") == typed_value(
        "http://www.w3.org/2001/XMLSchema#dayTimeDuration", "PT24H"
    )
    assert typed_value(BOOLEAN, "1", "urn:me").issuer == "urn:me"
    assert typed_value(INTEGER, "1") != typed_value(BOOLEAN, "1")


def test_a_tree_that_doubles_at_each_level_is_refused() -> None:
    sets = [a_set(name="s0")]
    sets += [
        a_set(to_set(f"s{level}"), to_set(f"s{level}"), name=f"s{level + 1}") for level in range(20)
    ]

    refusal = refused(*reversed(sets))

    assert refusal.why == "more than 10000 policies, references followed"


def test_a_tree_that_is_too_tall_is_refused() -> None:
    sets = [a_set(name="s0")]
    sets += [a_set(to_set(f"s{level}"), name=f"s{level + 1}") for level in range(70)]

    assert refused(*reversed(sets)).why == "policy sets are nested deeper than 64"
    assert answer_of(*reversed(sets[:64])).decision is Decision.NOT_APPLICABLE


def test_parameters_and_defaults_that_are_well_formed_change_nothing() -> None:
    parameter = (
        '<CombinerParameter ParameterName="n">'
        f'<AttributeValue DataType="{STRING}">a</AttributeValue></CombinerParameter>'
    )
    root = a_set(
        a_policy().replace(
            "</Policy>",
            f'<RuleCombinerParameters RuleIdRef="p 1.0">{parameter}'
            "</RuleCombinerParameters></Policy>",
        ),
        a_set(name="inner"),
        f"<CombinerParameters>{parameter}</CombinerParameters>",
        f'<PolicyCombinerParameters PolicyIdRef="p">{parameter}</PolicyCombinerParameters>',
        '<PolicySetCombinerParameters PolicySetIdRef="inner"/>',
        target="<PolicySetDefaults><XPathVersion>http://www.w3.org/TR/1999/REC-xpath-19991116"
        "</XPathVersion></PolicySetDefaults><Target/>",
    ).replace(' PolicySetId="s"', ' PolicySetId="s" MaxDelegationDepth="3"')

    assert answer_of(root).decision is Decision.PERMIT


def test_a_trail_tells_why_the_members_of_a_set_were_not_asked() -> None:
    compiled = compile_documents(a_set(a_policy(), target=TARGET).encode())
    trail = RecordedTrail()

    answer = compiled.evaluate(RequestAttributes({("c", "i"): "b"}), trail)

    (unmet,) = trail.target
    assert answer.decision is Decision.NOT_APPLICABLE
    assert unmet.openings == {("c", "i"): ("a",)}
    assert unmet.held == {("c", "i"): ("b",)}
    assert trail.rules == []
