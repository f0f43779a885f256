"""The question to the decision point, and what its answer is read as."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest

from fullmakt.foundation.bearer.model import Caller, CallingPerson, CallingSystemUser
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.foundation.terms.problem import NotAuthorized
from fullmakt.services.apps.decision_requests import (
    AuthorizationQuestion,
    UnreadableAnswerError,
    Verdict,
    read_answer,
    subject_of,
    write_question,
)
from tests.unit.apps.app_world import (
    ACCOUNTANT,
    BAKERY,
    SYSTEM_USER,
    VENDOR,
    an_answer,
    obligation,
)

_PERSON = CallingPerson(20000008, 52000008, UUID(int=1))
_SYSTEM_USER = CallingSystemUser(SYSTEM_USER, ACCOUNTANT, "312300109_maestro")


def _caller(
    *,
    organization: OrganizationNumber | None = None,
    system_user: CallingSystemUser | None = None,
    person: CallingPerson | None = None,
) -> Caller:
    return Caller(
        issuer="https://issuer.test/",
        scopes=frozenset(),
        expires_at=datetime(2026, 11, 23, 10, tzinfo=UTC),
        claims={},
        organization=organization,
        system_user=system_user,
        person=person,
    )


def test_a_question_names_subject_action_resource_and_party_and_nothing_else() -> None:
    subject = subject_of(_caller(organization=VENDOR, system_user=_SYSTEM_USER))

    asked = json.loads(
        write_question(AuthorizationQuestion(subject, "write", "app_skd_demo", BAKERY))
    )

    assert asked == {
        "Request": {
            "AccessSubject": [
                {
                    "Attribute": [
                        {"AttributeId": "urn:altinn:systemuser:uuid", "Value": str(SYSTEM_USER)}
                    ]
                }
            ],
            "Action": [
                {
                    "Attribute": [
                        {
                            "AttributeId": "urn:oasis:names:tc:xacml:1.0:action:action-id",
                            "Value": "write",
                        }
                    ]
                }
            ],
            "Resource": [
                {
                    "Attribute": [
                        {"AttributeId": "urn:altinn:resource", "Value": "app_skd_demo"},
                        {
                            "AttributeId": "urn:altinn:organization:identifier-no",
                            "Value": "312400014",
                        },
                    ]
                }
            ],
        }
    }


def test_a_person_is_named_by_user_id() -> None:
    assert str(subject_of(_caller(person=_PERSON))) == "user `20000008`"


def test_an_organisation_is_the_subject_only_when_no_system_user_or_person_is_named() -> None:
    assert str(subject_of(_caller(organization=VENDOR))) == f"organisation `{VENDOR}`"


def test_a_token_that_names_nobody_has_no_subject() -> None:
    with pytest.raises(NotAuthorized, match="names no system user, person or organisation"):
        subject_of(_caller())


@pytest.mark.parametrize("verdict", Verdict)
def test_each_decision_is_read_as_itself(verdict: Verdict) -> None:
    assert read_answer(an_answer(verdict)).verdict is verdict


def test_member_names_are_read_whatever_their_letter_case() -> None:
    body = json.dumps(
        {"Response": [{"Decision": "Deny", "Status": {"StatusCode": {"Value": "urn:x:ok"}}}]}
    )

    answer = read_answer(body.encode())

    assert (answer.verdict, answer.status) == (Verdict.DENY, "urn:x:ok")


def test_the_highest_of_several_minimum_levels_holds() -> None:
    obligations = [obligation("2"), obligation("4"), obligation("3")]

    assert read_answer(an_answer("Permit", obligations=obligations)).minimum_level == 4


@pytest.mark.parametrize(
    "unknown",
    [
        {"id": "urn:other", "attributeAssignment": None},
        {"id": "urn:other", "attributeAssignment": [{"value": "3", "category": "urn:else"}]},
        {**obligation("three"), "id": "urn:other"},
    ],
    ids=["without assignments", "of another category", "with a level that is no number"],
)
def test_an_obligation_that_is_not_understood_is_named(unknown: dict) -> None:
    answer = read_answer(an_answer("Permit", obligations=[obligation("2"), unknown]))

    assert answer.unknown_obligation == "urn:other"


@pytest.mark.parametrize(
    "body, reason",
    [
        (b"<html>bad gateway</html>", "not JSON"),
        (b"{}", "missing required field"),
        (b'{"response":[]}', "not `0`"),
        (b'{"response":[{"decision":"Permit"},{"decision":"Permit"}]}', "not `2`"),
        (b'{"response":[{"decision":"Yes"}]}', "Invalid enum value"),
        (b'{"response":[{"decision":"Deny","Decision":"Permit"}]}', "stands twice"),
    ],
)
def test_an_answer_that_is_not_one_decision_is_never_a_permit(body: bytes, reason: str) -> None:
    with pytest.raises(UnreadableAnswerError, match=reason):
        read_answer(body)
