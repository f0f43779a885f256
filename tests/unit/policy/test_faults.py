"""Every fault of a document is told, each with the line it stands on."""

from __future__ import annotations

from typing import Any

import pytest

from fullmakt.access.policy import names
from fullmakt.access.policy.errors import PolicyRefused
from fullmakt.access.policy.faults import MOST_FAULTS, faults_of
from fullmakt.access.policy.parse_sets import parse_policies
from tests.unit.policy.documents import document_of, policy_from

SOUND = {"effect": "Permit", "role": "dagl"}
UNKNOWN = {"effect": "Permit", "condition": ["no-such-function", {"boolean": "true"}]}
WRONG = {"effect": "Deny", "condition": ["not", "text"]}


def document(*rules: dict[str, Any], **more: object) -> bytes:
    return document_of(
        policy_from({"combining": "deny-overrides", "rules": list(rules)} | dict(more))
    )


def told(text: bytes) -> list[str]:
    """Each fault's reason, after the line it names is seen to hold a part of a rule."""
    lines = text.decode().splitlines()
    faults = faults_of(text)
    assert all("Condition" in lines[fault.line - 1] for fault in faults)
    return [fault.why for fault in faults]


def test_a_sound_document_has_none() -> None:
    assert faults_of(document(SOUND, SOUND)) == []


def test_each_faulty_rule_is_told_and_no_other() -> None:
    first, second, third = told(document(UNKNOWN, SOUND, WRONG, SOUND, UNKNOWN))

    assert "no-such-function" in first
    assert "takes" in second
    assert first == third


def test_the_first_is_the_one_that_the_document_is_refused_for() -> None:
    text = document(SOUND, WRONG, UNKNOWN)

    with pytest.raises(PolicyRefused) as refused:
        parse_policies(text)

    first, _ = faults_of(text)
    assert (first.line, first.why) == (refused.value.line, refused.value.why)


def test_a_fault_is_told_once_when_a_sound_rule_shares_its_line() -> None:
    text = document(SOUND, variables={"x": ["no-such-function", {"boolean": "true"}]})

    (fault,) = faults_of(text.replace(b"\n", b" "))

    assert (fault.line, "no-such-function" in fault.why) == (1, True)


def test_a_fault_outside_rules_is_told_once() -> None:
    text = document(SOUND, variables={"x": ["no-such-function", {"boolean": "true"}]})

    (fault,) = faults_of(text)

    assert "no-such-function" in fault.why


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"<Policy",
        document(SOUND).replace(b"Rule", b"Rul"),
        b'<!DOCTYPE a [<!ENTITY b "c">]>' + document(UNKNOWN),
        document(UNKNOWN, WRONG).replace(b"\n", b""),
    ],
)
def test_where_rules_cannot_be_told_apart_the_first_fault_is_told_alone(text: bytes) -> None:
    assert len(faults_of(text)) == 1


@pytest.mark.parametrize("mark", ["", ">"])
def test_a_rule_of_one_tag_is_looked_away_from(mark: str) -> None:
    bare = f'<Rule RuleId="r{mark}" Effect="Maybe"/>'
    text = document(SOUND, WRONG).decode().replace("<Rule ", f"{bare}\n<Rule ", 1)

    first, second = faults_of(text.encode())

    assert "Maybe" in first.why
    assert "takes" in second.why


def test_letters_of_several_bytes_move_nothing() -> None:
    described = document(UNKNOWN, SOUND, WRONG).replace(
        b"<Description></Description>", "<Description>Gnagsår på ÆØÅ</Description>".encode()
    )

    assert len(told(described)) == 2


def test_faulty_rules_inside_a_set_are_told() -> None:
    member = document(UNKNOWN, WRONG).decode()
    text = f"""<PolicySet xmlns="{names.NAMESPACE}" PolicySetId="urn:s" Version="1.0"
     PolicyCombiningAlgId="urn:oasis:names:tc:xacml:3.0:policy-combining-algorithm:deny-overrides">
     <Target/>{member}</PolicySet>"""

    assert len(told(text.encode())) == 2


def test_what_a_document_refers_to_is_no_fault() -> None:
    wanted = policy_from({"combining": "deny-overrides", "rules": []}).policy_id
    text = f"""<PolicySet xmlns="{names.NAMESPACE}" PolicySetId="urn:s" Version="1.0"
     PolicyCombiningAlgId="urn:oasis:names:tc:xacml:3.0:policy-combining-algorithm:deny-overrides">
     <Target/><PolicyIdReference>{wanted}</PolicyIdReference></PolicySet>""".encode()

    (alone,) = faults_of(text)

    assert "no such document" in alone.why
    assert faults_of(text, document(SOUND)) == []


def test_no_more_than_the_limit_is_told() -> None:
    assert len(faults_of(document(*[UNKNOWN] * (MOST_FAULTS + 5)))) == MOST_FAULTS
