"""What the cookie of a log-out says."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fullmakt.identity.logout.rules import Answered, LogoutNote, Subject, read_note, write_note

ID, OTHER = UUID("505f8488-3d48-4c15-8e21-35cb9432f815"), UUID(int=7)


@given(st.sampled_from(Subject), st.uuids())
def test_what_was_noted_is_read(subject: Subject, uuid: UUID) -> None:
    answered = Answered(subject, uuid)

    assert read_note(write_note(answered)) == LogoutNote(answered=answered)


@pytest.mark.parametrize(
    "cookie, subject",
    [
        (f"SystemuserAgentRequestId={OTHER}?SystemuserRequestId={ID}", Subject.REQUEST),
        (
            f"SystemuserAgentRequestId={OTHER}?SystemuserChangeRequestId={ID}",
            Subject.CHANGE_REQUEST,
        ),
        (f"more=x?SystemuserAgentRequestId={ID}", Subject.AGENT_REQUEST),
    ],
)
def test_of_several_ids_the_first_in_order_counts(cookie: str, subject: Subject) -> None:
    assert read_note(cookie).answered == Answered(subject, ID)


def test_where_the_portal_knows_the_way_it_is_left_to_it() -> None:
    cookie = f"SystemuserRequestId={ID}?amSafeRedirectUrl=https://x.example"

    assert read_note(cookie) == LogoutNote(is_safe_redirect=True)


@given(st.none() | st.text(alphabet="=?aSystemuserRequestId-0123"))
def test_any_cookie_is_read_as_something(cookie: str | None) -> None:
    assert isinstance(read_note(cookie), LogoutNote)
