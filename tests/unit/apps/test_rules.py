"""What may be done with an instance at each stage, and which elements it takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.foundation.terms.problem import Problem
from fullmakt.services.apps.errors import (
    AppsOwnElement,
    ElementNeeded,
    ElementTooLarge,
    EmptyElement,
    InstanceLocked,
    NoSuchMove,
    TooManyElements,
    UnacceptableContentType,
    UnacceptableFileName,
)
from fullmakt.services.apps.model import (
    Case,
    DataElement,
    DataType,
    FeedbackToCome,
    Instance,
    InstanceReference,
    NewElement,
    Stage,
    Substatus,
)
from fullmakt.services.apps.rules import (
    action_to_move_on,
    case_at,
    check_content,
    check_removable,
    check_room,
    check_unlocked,
    moved_on,
    next_stage,
)

BEGAN = datetime(2026, 11, 23, 9, tzinfo=UTC)
LATER = BEGAN + timedelta(minutes=5)
FILE = DataType("attachment", frozenset({"application/pdf"}), most=2, needs_file_name=True)
FORM = DataType("form", frozenset({"application/xml"}), largest=10)
OWN = DataType("receipt", frozenset({"application/pdf"}), is_apps_own=True)
FEEDBACK = FeedbackToCome(timedelta(seconds=1), Substatus("Mottatt", "Takk."))


def an_instance(stage: Stage = Stage.FILLING) -> Instance:
    return Instance(
        id=1,
        reference=InstanceReference(51000005, UUID(int=7)),
        app="app_skd_demo",
        owner=OrganizationNumber("312400014"),
        stage=stage,
        began_at=BEGAN,
        stage_began_at=BEGAN,
        changed_at=BEGAN,
    )


def an_element(data_type: str, *, created_at: datetime = BEGAN) -> DataElement:
    return DataElement(1, UUID(int=8), data_type, "text/plain", None, 3, created_at, created_at)


def a_file(**changes: object) -> NewElement:
    new = NewElement("attachment", "application/pdf", b"%PDF", "bilag.pdf")
    return replace(new, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "stage, action, after",
    [
        (Stage.FILLING, "write", Stage.CONFIRMATION),
        (Stage.CONFIRMATION, "confirm", Stage.FEEDBACK),
    ],
)
def test_the_sender_moves_an_instance_from_filling_to_feedback(
    stage: Stage, action: str, after: Stage
) -> None:
    assert (action_to_move_on(stage), next_stage(stage)) == (action, after)


@pytest.mark.parametrize(
    "stage, reason",
    [
        (Stage.FEEDBACK, "waits for the service owner's feedback"),
        (Stage.ENDED, "has ended"),
    ],
)
def test_the_sender_cannot_move_what_waits_for_feedback_or_has_ended(
    stage: Stage, reason: str
) -> None:
    with pytest.raises(NoSuchMove, match=reason):
        next_stage(stage)


def test_feedback_ends_the_instance_when_its_time_has_come_and_not_before() -> None:
    sent = moved_on(an_instance(Stage.CONFIRMATION), FEEDBACK, at=LATER)

    before = case_at(sent, [], at=LATER + timedelta(milliseconds=999)).instance
    after = case_at(sent, [], at=LATER + timedelta(seconds=1)).instance

    assert (before.stage, before.feedback) == (Stage.FEEDBACK, None)
    assert (after.stage, after.stage_began_at) == (Stage.ENDED, LATER + timedelta(seconds=1))
    assert after.feedback is not None
    assert after.feedback.substatus.label == "Mottatt"


def test_elements_of_the_feedback_are_not_seen_before_it_comes() -> None:
    receipt = an_element("receipt", created_at=LATER)

    assert case_at(an_instance(), [receipt], at=BEGAN).elements == ()
    assert case_at(an_instance(), [receipt], at=LATER).elements == (receipt,)


@pytest.mark.parametrize(
    "stage, reason",
    [
        (Stage.CONFIRMATION, "waits for confirmation"),
        (Stage.FEEDBACK, "has been sent in"),
        (Stage.ENDED, "archived"),
    ],
)
def test_data_is_locked_from_confirmation_on(stage: Stage, reason: str) -> None:
    with pytest.raises(InstanceLocked, match=reason):
        check_unlocked(an_instance(stage))


def test_data_is_open_while_filling_in() -> None:
    check_unlocked(an_instance(Stage.FILLING))


def test_content_as_the_data_type_wants_it_is_taken() -> None:
    check_content(FILE, a_file())


@pytest.mark.parametrize(
    "data_type, new, situation, reason",
    [
        (OWN, a_file(), AppsOwnElement, "`receipt` is written by the app"),
        (
            FILE,
            a_file(content_type="text/html"),
            UnacceptableContentType,
            "does not take `text/html`; it takes application/pdf",
        ),
        (FILE, a_file(content_type=""), UnacceptableContentType, "does not take ``"),
        (FILE, a_file(content=b""), EmptyElement, "the body is empty"),
        (
            FORM,
            NewElement("form", "application/xml", b"<a>1234567</a>"),
            ElementTooLarge,
            "has `14` bytes; data type `form` takes at most 10",
        ),
        (FILE, a_file(file_name=None), UnacceptableFileName, "needs a file name"),
        (FILE, a_file(file_name="../etc/passwd"), UnacceptableFileName, "without folders"),
        (FILE, a_file(file_name="a\r\nSet-Cookie: b"), UnacceptableFileName, "control characters"),
        (FILE, a_file(file_name="x" * 201), UnacceptableFileName, "at most 200 characters"),
        (FILE, a_file(file_name=".."), UnacceptableFileName, "one name"),
    ],
)
def test_other_content_is_refused_for_its_own_reason(
    data_type: DataType, new: NewElement, situation: type[Problem], reason: str
) -> None:
    with pytest.raises(situation, match=reason):
        check_content(data_type, new)


def test_a_data_type_that_is_full_takes_no_more() -> None:
    full = Case(an_instance(), (an_element("attachment"), an_element("attachment")))

    with pytest.raises(TooManyElements, match="has `2` of data type `attachment`, at most 2 fit"):
        check_room(FILE, full)


def test_a_second_element_where_one_fits_is_told_to_replace_it() -> None:
    with pytest.raises(TooManyElements, match="replace it with PUT"):
        check_room(FORM, Case(an_instance(), (an_element("form"),)))


def test_the_first_element_and_the_apps_own_cannot_be_removed() -> None:
    with pytest.raises(ElementNeeded, match="was made with the instance"):
        check_removable(FORM, first="form")
    with pytest.raises(AppsOwnElement, match="cannot be removed"):
        check_removable(OWN, first="form")
