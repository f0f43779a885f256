"""Policies and a request in, a response out: the worked questions of the standard, told anew.

The shape of the first ones is that of XACML 3.0 core section 4 (a record, its owner, those who may
read it), with people and rules of our own.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from fullmakt.access.policy import data_types as types
from fullmakt.access.policy import names
from fullmakt.access.policy.context.cases import answer_case
from fullmakt.access.policy.context.errors import ContextRefused
from fullmakt.access.policy.context.evaluation import Evaluator, Question, evaluate
from fullmakt.access.policy.context.json_requests import read_json_request
from fullmakt.access.policy.context.model import Response
from fullmakt.access.policy.context.xml_requests import write_xml_request
from fullmakt.access.policy.errors import PolicyRefused
from fullmakt.access.policy.outcome import Decision, PolicyIdentifier
from fullmakt.access.policy.semantics import ORIGINAL, STANDARD, Semantics
from fullmakt.foundation.terms.members import read_json
from tests.unit.policy.documents import document_of, policy_from
from tests.unit.policy.examples import DENY_OVERRIDES

AT = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
AGE = {"bag": "subject/urn:test:age", "type": "integer"}
RECORD = policy_from(
    {
        "combining": "deny-overrides",
        "rules": [
            {
                "effect": "Permit",
                "action": "read",
                "condition": [
                    "string-equal",
                    ["string-one-and-only", {"bag": "subject/urn:test:patient", "must": True}],
                    ["string-one-and-only", {"bag": "resource/urn:test:patient"}],
                ],
            },
            {
                "effect": "Permit",
                "action": "read",
                "target": [
                    [[["string-equal", "nurse", {"bag": "subject/urn:test:role"}]]],
                    [[["integer-less-than-or-equal", {"integer": "18"}, AGE]]],
                ],
                "obligations": [
                    {"id": "urn:test:tell", "with": "Permit", "assign": {"urn:test:how": "letter"}}
                ],
            },
        ],
    }
)
POLICY = document_of(RECORD)


def category(name: str, *attributes: dict[str, Any], **more: object) -> dict[str, Any]:
    return {"CategoryId": name, "Attribute": list(attributes), **more}


def held(name: str, value: object, **more: object) -> dict[str, Any]:
    return {"AttributeId": name, "Value": value, **more}


READ = category("Action", held(names.ACTION_ID, "read"))


def asked(*subject: dict[str, Any], patient: str = "p1", **more: object) -> dict[str, Any]:
    resource = category("Resource", held("urn:test:patient", patient))
    categories = [category("AccessSubject", *subject), READ, resource]
    return {"Request": {"Category": categories, **more}}


def answered(
    question: Question, policy: bytes = POLICY, semantics: Semantics = STANDARD
) -> Response:
    return evaluate([policy], question, at=AT, semantics=semantics)


PATIENT = held("urn:test:patient", "p1")
NURSE = (held("urn:test:role", ["clerk", "nurse"]), held("urn:test:age", 30))


@pytest.mark.parametrize(
    "subject, patient, decision",
    [
        ([PATIENT], "p1", Decision.PERMIT),
        ([PATIENT], "p2", Decision.NOT_APPLICABLE),
        ([*NURSE, PATIENT], "p2", Decision.PERMIT),
        ([held("urn:test:role", "nurse"), held("urn:test:age", 17), PATIENT], "p2", "NA"),
        ([held("urn:test:role", "nurse"), held("urn:test:age", "30"), PATIENT], "p2", "NA"),
    ],
)
def test_a_record_is_read_by_its_patient_and_by_grown_nurses(
    subject: list[dict[str, Any]], patient: str, decision: Decision | str
) -> None:
    (result,) = answered(asked(*subject, patient=patient)).results

    assert result.decision == (Decision.NOT_APPLICABLE if decision == "NA" else decision)


def test_both_notations_are_answered_alike() -> None:
    as_json = asked(*NURSE, PATIENT, ReturnPolicyIdList=True)
    as_xml = write_xml_request(read_json_request(json.dumps(as_json)))

    assert answered(as_json) == answered(json.dumps(as_json)) == answered(as_xml)
    assert answered(as_json["Request"]) == answered(as_json)
    assert answered(read_json_request(json.dumps(as_json))) == answered(as_json)


def test_duties_and_policies_go_with_a_permit() -> None:
    (result,) = answered(asked(*NURSE, PATIENT, patient="p2", ReturnPolicyIdList=True)).results

    assert [each.directive_id for each in result.obligations] == ["urn:test:tell"]
    assert result.policies == (PolicyIdentifier(RECORD.policy_id, RECORD.version),)


def test_policies_are_named_only_when_asked_for() -> None:
    (result,) = answered(asked(PATIENT)).results

    assert result.policies == ()


def test_what_is_missing_is_told_with_its_detail() -> None:
    (result,) = answered(asked(held("urn:test:other", "x"))).results

    assert result.decision is Decision.INDETERMINATE
    assert result.status is not None
    assert result.status.codes == (names.STATUS_MISSING_ATTRIBUTE,)
    (missing,) = result.status.missing
    assert (missing.category, missing.attribute_id) == (names.SUBJECT, "urn:test:patient")
    assert missing.data_type == types.STRING


def test_strict_altinn_does_not_tell_what_of_the_subject_is_missing() -> None:
    (result,) = answered(asked(held("urn:test:other", "x")), semantics=ORIGINAL).results

    assert result.decision is Decision.INDETERMINATE
    assert result.status is not None
    assert (result.status.codes, result.status.missing) == ((names.STATUS_OK,), ())


def test_attributes_come_back_when_asked_for() -> None:
    echo = held("urn:test:nr", [1, 2], IncludeInResult=True, Issuer="urn:test:i")
    (result,) = answered(asked(PATIENT, echo)).results

    (sent_back,) = result.categories
    (attribute,) = sent_back.attributes
    assert sent_back.category == names.SUBJECT
    assert [value.value for value in attribute.values] == [1, 2]
    assert attribute.issuer == "urn:test:i"


def test_an_empty_bag_does_not_come_back() -> None:
    empty = held("urn:test:nr", [], IncludeInResult=True)

    (result,) = answered(asked(PATIENT, empty)).results

    assert (result.decision, result.categories) == (Decision.PERMIT, ())


def test_repeated_categories_get_a_decision_each() -> None:
    question = asked(PATIENT)
    question["Request"]["Category"].append(category("Action", held(names.ACTION_ID, "burn")))

    decisions = [result.decision for result in answered(question).results]

    assert decisions == [Decision.PERMIT, Decision.NOT_APPLICABLE]


def test_a_reference_that_leads_nowhere_is_answered_in_its_place() -> None:
    question = asked(PATIENT)
    for number, each in enumerate(question["Request"]["Category"]):
        each["Id"] = f"c{number}"
    everything = [each["Id"] for each in question["Request"]["Category"]]
    lists = [["c0", "nobody's"], everything]
    question["Request"]["MultiRequests"] = {
        "RequestReference": [{"ReferenceId": ids} for ids in lists]
    }

    dangling, sound = answered(question).results

    assert sound.decision is Decision.PERMIT
    assert dangling.decision is Decision.INDETERMINATE
    assert dangling.status is not None
    assert dangling.status.codes == (names.STATUS_SYNTAX_ERROR,)
    assert dangling.status.message == "the reference `nobody's` leads to no category"


def test_a_combined_decision_is_one() -> None:
    question = asked(PATIENT, CombinedDecision=True)
    question["Request"]["Category"].append(category("Action", held(names.ACTION_ID, "burn")))

    (result,) = answered(question).results

    assert result.decision is Decision.INDETERMINATE


@pytest.mark.parametrize(
    "attribute, told",
    [
        (held("urn:test:age", "old", DataType="integer"), "`old` is not a literal"),
        (held("urn:test:age", "1", DataType="urn:test:none"), "unknown data type"),
    ],
)
def test_a_value_that_is_none_is_answered_with_a_syntax_error(
    attribute: dict[str, Any], told: str
) -> None:
    (result,) = answered(asked(PATIENT, attribute)).results

    assert result.decision is Decision.INDETERMINATE
    assert result.status is not None
    assert result.status.codes == (names.STATUS_SYNTAX_ERROR,)
    assert told in result.status.message
    assert "Request.Category[0].Attribute[1]" in result.status.message


def test_the_time_of_the_question_is_the_environments() -> None:
    in_the_morning = policy_from(
        {
            "combining": "deny-overrides",
            "rules": [
                {
                    "effect": "Permit",
                    "condition": [
                        "time-in-range",
                        [
                            "time-one-and-only",
                            {
                                "bag": f"environment/{names.CURRENT_TIME}",
                                "type": "time",
                                "must": True,
                            },
                        ],
                        {"time": "08:00:00Z"},
                        {"time": "09:00:00Z"},
                    ],
                }
            ],
        }
    )
    document = document_of(in_the_morning)
    evening = category("Environment", held(names.CURRENT_TIME, "20:00:00Z", DataType="time"))
    question = asked(PATIENT)

    by_the_clock = answered(question, document).results[0].decision
    question["Request"]["Category"].append(evening)
    as_it_says = answered(question, document).results[0].decision

    assert (by_the_clock, as_it_says) == (Decision.PERMIT, Decision.NOT_APPLICABLE)


ROOT = f"""<PolicySet xmlns="{names.NAMESPACE}" PolicySetId="urn:test:root" Version="1.0"
 PolicyCombiningAlgId="{DENY_OVERRIDES.replace("rule-c", "policy-c")}"><Target/>
 <PolicyIdReference>{RECORD.policy_id}</PolicyIdReference></PolicySet>"""


def test_the_first_policy_is_the_root_and_others_are_referred_to() -> None:
    question = asked(PATIENT, ReturnPolicyIdList=True)

    (result,) = evaluate([ROOT, POLICY], question, at=AT).results

    assert result.decision is Decision.PERMIT
    assert [each.policy_id for each in result.policies] == ["urn:test:root", RECORD.policy_id]


def test_strict_altinn_refuses_a_policy_set() -> None:
    with pytest.raises(PolicyRefused, match="Altinn reads no `PolicySet`"):
        evaluate([ROOT, POLICY], asked(PATIENT), at=AT, semantics=ORIGINAL)


def test_the_switches_reach_policies_inside_a_set() -> None:
    narrow = document_of(
        policy_from(
            {
                "combining": "deny-overrides",
                "target": [[[["string-equal", "x", {"bag": "subject/urn:test:other"}]]]],
                "rules": [{"effect": "Permit"}],
            }
        )
    )
    loose = Semantics(evaluates_policy_target=False)

    decisions = [
        evaluate([ROOT, narrow], asked(PATIENT), at=AT, semantics=each).results[0].decision
        for each in (STANDARD, loose)
    ]

    assert decisions == [Decision.NOT_APPLICABLE, Decision.PERMIT]


def test_without_a_policy_nothing_is_answered() -> None:
    with pytest.raises(ContextRefused, match="no policy is given"):
        evaluate([], asked(PATIENT), at=AT)


def test_policies_are_compiled_once_and_not_kept_for_ever() -> None:
    evaluator = Evaluator()

    first = evaluator.compile([POLICY])
    again = evaluator.compile([POLICY])
    for number in range(1000):
        evaluator.compile([POLICY.replace(b'Version="1.0"', b'Version="%d"' % number)])
    after_many = evaluator.compile([POLICY])
    for length in range(9):
        evaluator.compile([POLICY + b"\n" * (1024 * 1024 + length)])
    later = evaluator.compile([POLICY])

    assert first is again
    assert first is after_many
    assert later is not first


def line(**members: object) -> bytes:
    return json.dumps(members).encode()


GOOD = {"policies": [POLICY.decode()], "request": asked(PATIENT)}


def test_a_case_is_answered_under_its_id() -> None:
    evaluator = Evaluator()

    first = json.loads(answer_case(evaluator, line(id=1, **GOOD), at=AT))
    again = json.loads(answer_case(evaluator, line(id=["x"], **GOOD), at=AT))

    assert first["response"]["Response"][0]["Decision"] == "Permit"
    assert again == {**first, "id": ["x"]}


@pytest.mark.parametrize(
    "text, case_id, error",
    [
        (b"{", None, "not JSON"),
        (b"\xff", None, "not JSON"),
        (b'{"id": 1, "id": 2}', None, "stands twice"),
        (b"[]", None, "must be an object"),
        (line(id=1), 1, "needs the member `policies`"),
        (b'{"id": {"a": [-1e999]}}', None, "id: a number is larger than any double"),
        (line(id="a", **GOOD, more=1), "a", "case.more: is not a member known here"),
        (line(**{**GOOD, "policies": POLICY.decode()}), None, "must be an array"),
        (line(id=2, **{**GOOD, "policies": [1]}), 2, "case.policies[0]: must be a text"),
        (line(id=3, **{**GOOD, "policies": []}), 3, "no policy is given"),
        (line(id=4, **{**GOOD, "policies": ["<a/>"]}), 4, "line 1: element `a`"),
        (line(id=5, **{**GOOD, "policies": [ROOT, "<a/>"]}), 5, "document 2, line 1"),
        (line(id=6, **{**GOOD, "policies": [ROOT]}), 6, "no such document"),
        (line(id=7, **{**GOOD, "request": 7}), 7, "must be a request"),
        (line(id=8, **{**GOOD, "request": {}}), 8, "nothing is asked"),
        (line(id=9, **{**GOOD, "request": "<Request"}), 9, "not well-formed"),
        (line(id=10, **{**GOOD, "request": "Request"}), 10, "not JSON"),
    ],
)
def test_a_broken_case_is_answered_with_what_is_wrong(
    text: bytes, case_id: object, error: str
) -> None:
    answer = read_json(answer_case(Evaluator(), text, at=AT))

    assert isinstance(answer, dict)
    assert set(answer) == {"id", "error"}
    assert answer["id"] == case_id
    assert error in answer["error"]
