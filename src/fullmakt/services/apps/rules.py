"""What may be done with an instance at each stage, and which data elements it takes. Pure.

Whether the caller may do it is the decision point's to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

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
    Action,
    Case,
    DataElement,
    DataType,
    Feedback,
    FeedbackToCome,
    Instance,
    NewElement,
    Stage,
)

_LONGEST_FILE_NAME: Final = 200

# What the sender can move an instance on to, and the action it takes. From FEEDBACK on nothing is
# the sender's to move: the service owner's feedback ends the instance.
_MOVES: Final = {
    Stage.FILLING: (Action.WRITE, Stage.CONFIRMATION),
    Stage.CONFIRMATION: (Action.CONFIRM, Stage.FEEDBACK),
}

_WHY_NOT_MOVED: Final = {
    Stage.FEEDBACK: "the instance waits for the service owner's feedback",
    Stage.ENDED: "the instance has ended",
}

_WHY_LOCKED: Final = {
    Stage.CONFIRMATION: "its data has been checked and waits for confirmation",
    Stage.FEEDBACK: "it has been sent in",
    Stage.ENDED: "it has been sent in and archived",
}


def action_to_move_on(stage: Stage) -> Action:
    """The action a caller must be permitted to be told anything about moving on."""
    return _MOVES[stage][0] if stage in _MOVES else Action.COMPLETE


def next_stage(stage: Stage) -> Stage:
    """The stage after. Raises: NoSuchMove."""
    if stage not in _MOVES:
        message = f"the sender cannot move the process on: {_WHY_NOT_MOVED[stage]}"
        raise NoSuchMove(message)
    return _MOVES[stage][1]


def moved_on(instance: Instance, feedback: FeedbackToCome | None, *, at: datetime) -> Instance:
    """The instance at its next stage. Raises: NoSuchMove."""
    given = None
    if feedback is not None:
        given = Feedback(at + feedback.after, feedback.substatus)
    return replace(
        instance,
        stage=next_stage(instance.stage),
        stage_began_at=at,
        changed_at=at,
        feedback=given,
    )


def case_at(instance: Instance, elements: Sequence[DataElement], *, at: datetime) -> Case:
    """The case as it stands at one moment.

    The feedback, once its time has come, ends the instance: nobody has to do anything then. What
    belongs to it is not seen before.
    """
    seen = tuple(element for element in elements if element.created_at <= at)
    feedback = instance.feedback
    if feedback is None or not has_come(feedback.comes_at, at=at):
        return Case(replace(instance, feedback=None), seen)
    ended = replace(
        instance,
        stage=Stage.ENDED,
        stage_began_at=feedback.comes_at,
        changed_at=feedback.comes_at,
    )
    return Case(ended, seen)


def has_come(feedback_at: datetime | None, *, at: datetime) -> bool:
    """Whether the feedback is there by now, which ends the instance."""
    return feedback_at is not None and feedback_at <= at


def is_locked(instance: Instance) -> bool:
    """Whether the data can no longer be changed by the sender."""
    return instance.stage is not Stage.FILLING


def check_unlocked(instance: Instance) -> None:
    """Refuse a change of data outside the stage of filling in. Raises: InstanceLocked."""
    if is_locked(instance):
        message = (
            f"the data of instance `{instance.reference}` is locked: {_WHY_LOCKED[instance.stage]}"
        )
        raise InstanceLocked(message)


def check_content(data_type: DataType, new: NewElement) -> None:
    """Refuse content that the data type does not take.

    Raises: AppsOwnElement, UnacceptableContentType, EmptyElement, ElementTooLarge,
    UnacceptableFileName.
    """
    if data_type.is_apps_own:
        message = f"data type `{data_type.name}` is written by the app and cannot be sent in"
        raise AppsOwnElement(message)
    if new.content_type not in data_type.content_types:
        accepted = ", ".join(sorted(data_type.content_types))
        message = (
            f"data type `{data_type.name}` does not take `{new.content_type}`; it takes {accepted}"
        )
        raise UnacceptableContentType(message)
    if not new.content:
        message = f"the body is empty; send the content of data type `{data_type.name}`"
        raise EmptyElement(message)
    if len(new.content) > data_type.largest:
        message = (
            f"the content has `{len(new.content)}` bytes;"
            f" data type `{data_type.name}` takes at most {data_type.largest}"
        )
        raise ElementTooLarge(message)
    _check_file_name(data_type, new.file_name)


def _check_file_name(data_type: DataType, file_name: str | None) -> None:
    if file_name is None:
        if data_type.needs_file_name:
            message = (
                f"data type `{data_type.name}` needs a file name: send the header"
                " `Content-Disposition: attachment; filename=...`"
            )
            raise UnacceptableFileName(message)
        return
    is_plain = file_name.isprintable() and not set(file_name) & set('/\\"')
    if not (is_plain and file_name.strip(". ") and len(file_name) <= _LONGEST_FILE_NAME):
        shown = "".join(letter if letter.isprintable() else "?" for letter in file_name)
        message = (
            "a file name is one name without folders, quotes or control characters, at most"
            f" {_LONGEST_FILE_NAME} characters: `{shown[:_LONGEST_FILE_NAME]}`"
        )
        raise UnacceptableFileName(message)


def check_room(data_type: DataType, case: Case) -> None:
    """Refuse one element more than fits. Raises: TooManyElements."""
    present = len(case.elements_of(data_type.name))
    if present >= data_type.most:
        way_out = "replace it with PUT" if data_type.most == 1 else "remove one first"
        message = (
            f"the instance has `{present}` of data type `{data_type.name}`,"
            f" at most {data_type.most} fit; {way_out}"
        )
        raise TooManyElements(message)


def check_removable(data_type: DataType, *, first: str) -> None:
    """Refuse to remove what the sender did not add. Raises: AppsOwnElement, ElementNeeded."""
    if data_type.is_apps_own:
        message = f"data type `{data_type.name}` is written by the app and cannot be removed"
        raise AppsOwnElement(message)
    if data_type.name == first:
        message = f"data type `{first}` was made with the instance; replace it with PUT"
        raise ElementNeeded(message)
