"""Asking the decision point: only a Permit whose obligations are met lets a caller through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from fullmakt.foundation.bearer.model import Caller, CallingSystemUser
from fullmakt.foundation.http.traces import RequestTrace
from fullmakt.services.apps.errors import (
    DecisionPointUnreachable,
    LevelTooLow,
    NotPermitted,
    ObligationNotUnderstood,
)
from fullmakt.services.apps.permission import Permissions
from tests.unit.apps.app_world import (
    ACCOUNTANT,
    BAKERY,
    SYSTEM_USER,
    VENDOR,
    an_answer,
    obligation,
)

TRACE = RequestTrace("c" * 32, "5" * 16)


@dataclass(frozen=True, slots=True)
class Answering:
    """A decision point that has one answer."""

    answer: bytes

    def __call__(self, question: bytes, trace: RequestTrace) -> bytes:
        return self.answer


def check(answer: bytes, *, level: int = 3) -> None:
    caller = Caller(
        issuer="https://issuer.test/",
        scopes=frozenset(),
        expires_at=datetime(2026, 11, 23, 10, tzinfo=UTC),
        claims={},
        organization=VENDOR,
        system_user=CallingSystemUser(SYSTEM_USER, ACCOUNTANT, "312300109_maestro"),
        authentication_level=level,
    )
    permissions = Permissions(caller, Answering(answer), TRACE)
    permissions.check("write", resource="app_skd_demo", party=BAKERY)


def test_a_permit_lets_the_caller_through() -> None:
    check(an_answer("Permit"))


@pytest.mark.parametrize("decision", ["Deny", "NotApplicable", "Indeterminate"])
def test_any_other_decision_is_a_no_that_names_who_what_where_and_the_decision(
    decision: str,
) -> None:
    with pytest.raises(NotPermitted) as refused:
        check(an_answer(decision))

    assert refused.value.detail == (
        f"system user `{SYSTEM_USER}` may not `write` on `app_skd_demo` for organisation"
        f" `{BAKERY}`: the decision point answered {decision}"
    )
    assert refused.value.extensions == {"correlation": TRACE.correlation}


def test_a_status_other_than_ok_is_told_with_the_decision() -> None:
    with pytest.raises(NotPermitted, match=r"answered Indeterminate \(missing-attribute\)"):
        check(an_answer("Indeterminate", status="urn:oasis:1.0:status:missing-attribute"))


def test_a_permit_for_a_higher_level_than_the_tokens_is_a_no() -> None:
    with pytest.raises(LevelTooLow, match="`4` or higher; the token has `3`") as refused:
        check(an_answer("Permit", obligations=[obligation("4")]), level=3)

    assert refused.value.extensions["requiredAuthenticationLevel"] == "4"


def test_a_permit_for_the_tokens_own_level_holds() -> None:
    check(an_answer("Permit", obligations=[obligation("3")]), level=3)


def test_a_permit_with_an_obligation_nobody_understands_is_a_no() -> None:
    unknown = {"id": "urn:log-it", "attributeAssignment": None}

    with pytest.raises(ObligationNotUnderstood, match="`urn:log-it`, which is not understood"):
        check(an_answer("Permit", obligations=[unknown]))


def test_an_answer_that_cannot_be_read_is_no_answer() -> None:
    with pytest.raises(DecisionPointUnreachable, match="answer cannot be read"):
        check(b"upstream timed out")
