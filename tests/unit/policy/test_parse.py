"""Documents that are accepted: what is read of them, and what does not change the reading."""

from __future__ import annotations

import pytest

from fullmakt.access.policy import names
from fullmakt.access.policy.data_types import STRING
from fullmakt.access.policy.model import AttributeDesignator, AttributeValue, Effect
from fullmakt.access.policy.parse import parse_policy
from fullmakt.access.policy.write import PlainRule, write_policy
from tests.unit.policy.test_refusals import (
    BAG,
    HEAD,
    VALUE,
    XSD,
    policy_with,
    with_condition,
    with_match,
)

F1 = "urn:oasis:names:tc:xacml:1.0:function:"
MATCH = f'<Match MatchId="{F1}string-equal">{VALUE}{BAG}</Match>'


def test_a_policy_is_read_with_its_lines() -> None:
    document = policy_with(
        "<Description> what it is for </Description>",
        "<Target/>",
        '<Rule RuleId="first" Effect="Deny">',
        "<Description>why</Description></Rule>",
    )

    policy = parse_policy(document.encode())

    (rule,) = policy.rules
    assert (policy.policy_id, policy.version) == ("p", "1.0")
    assert policy.description == "what it is for"
    assert (rule.rule_id, rule.effect, rule.description) == ("first", Effect.DENY, "why")
    assert rule.line == 4


def test_a_match_is_read_as_function_literal_and_bag() -> None:
    ((match,),) = [
        all_of.matches
        for all_of in parse_policy(with_match(MATCH).encode()).target.any_ofs[0].all_ofs
    ]

    assert match.function_id == f"{F1}string-equal"
    assert match.literal == AttributeValue(STRING, "a")
    assert match.designator == AttributeDesignator("c", "a", STRING, must_be_present=False)


@pytest.mark.parametrize(
    "written, read",
    [
        ("a<!-- b -->c", "ac"),
        ("a<?b c?>d", "ad"),
        ("<![CDATA[<a>]]>", "<a>"),
        ("&lt;&amp;&#229;", "<&å"),
        (" a\n", " a\n"),
    ],
)
def test_a_literal_is_its_whole_text(written: str, read: str) -> None:
    document = with_match(MATCH.replace(">a<", f">{written}<"))

    (any_of,) = parse_policy(document.encode()).target.any_ofs

    assert any_of.all_ofs[0].matches[0].literal.value == read


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("<", "<x:").replace("<x:/", "</x:").replace("xmlns=", "xmlns:x="),
        lambda text: "\ufeff" + text,
        lambda text: "<?xml version='1.0' encoding='UTF-8'?>" + text,
        lambda text: text.replace("<Target>", "<!-- who --><Target>"),
        lambda text: text.replace(
            "<Policy ",
            '<Policy xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
            ' xsi:schemaLocation="urn:x x.xsd" ',
        ),
        lambda text: text.replace(
            f'"{F1}string-equal"', f'" {F1}string-equal "'
        ),
    ],
    ids=["prefix", "byte order mark", "declaration", "comment", "schema location", "spaces"],
)  # fmt: skip
def test_how_a_document_is_written_does_not_matter(change: object) -> None:
    assert callable(change)
    plain = with_match(MATCH)

    assert parse_policy(change(plain).encode()) == parse_policy(plain.encode())


def test_a_declared_encoding_does_not_change_what_is_read() -> None:
    document = "<?xml version='1.0' encoding='ISO-8859-1'?>" + with_match(
        MATCH.replace(">a<", ">å<")
    )

    (any_of,) = parse_policy(document.encode()).target.any_ofs

    assert any_of.all_ofs[0].matches[0].literal.value == "å"


def test_a_rule_without_target_or_condition_is_read() -> None:
    (rule,) = parse_policy(
        policy_with("<Target/>", '<Rule RuleId="r" Effect="Permit"/>').encode()
    ).rules

    assert rule.target.any_ofs == ()
    assert rule.condition is None


def test_what_is_written_for_this_domain_is_read() -> None:
    document = write_policy("ske-demo", [PlainRule(["read"], roles=["dagl"])], minimum_level=4)

    policy = parse_policy(document)

    assert policy.policy_id == "urn:altinn:resource:policyid:ske-demo"
    assert policy.directives.obligations[0].directive_id == names.MINIMUM_LEVEL_OBLIGATION
    assert HEAD.partition(" RuleCombiningAlgId=")[2].startswith(f'"{policy.combining}"')


def test_an_application_may_begin_with_a_description() -> None:
    true = f'<AttributeValue DataType="{XSD}boolean">true</AttributeValue>'
    plain = with_condition(f'<Apply FunctionId="{F1}not">{true}</Apply>')
    described = plain.replace('not">', 'not"><Description>why</Description>')

    assert described != plain
    assert parse_policy(described.encode()) == parse_policy(plain.encode())
