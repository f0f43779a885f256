"""App instances: one case that a sender fills in, confirms and gets feedback on.

An instance belongs to an organisation and holds data elements. It is kept by the service owner, and
is no authority: who may do what with it is asked of the decision point, each time. What a
particular app does at each step is in its `definition.App`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple
from uuid import UUID

from fullmakt.foundation.terms.numbers import OrganizationNumber

MEGABYTE = 1024 * 1024
LARGEST_ELEMENT = 25 * MEGABYTE


class Stage(StrEnum):
    """How far an instance has come."""

    FILLING = "filling"
    CONFIRMATION = "confirmation"
    FEEDBACK = "feedback"
    ENDED = "ended"


class Task(NamedTuple):
    """An element of the process that every app of the house has, as Altinn writes it."""

    element: str
    name: str
    kind: str


TASKS: Final[Mapping[Stage, Task]] = MappingProxyType(
    {
        Stage.FILLING: Task("Task_1", "Utfylling", "data"),
        Stage.CONFIRMATION: Task("Task_2", "Bekreftelse", "confirmation"),
        Stage.FEEDBACK: Task("Task_3", "Tilbakemelding", "feedback"),
    }
)
"""The task at each stage but the last."""
END_EVENT: Final = "EndEvent_1"


class Action(StrEnum):
    """What the decision point is asked about; the words are the policy's."""

    INSTANTIATE = "instantiate"
    READ = "read"
    WRITE = "write"
    CONFIRM = "confirm"
    COMPLETE = "complete"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class DataType:
    """A kind of data element that an app has room for.

    `most` elements of it fit in one instance. One that is the app's own is never sent in.
    """

    name: str
    content_types: frozenset[str]
    most: int = 1
    largest: int = LARGEST_ELEMENT
    needs_file_name: bool = False
    is_apps_own: bool = False


@dataclass(frozen=True, slots=True)
class Substatus:
    """What the service owner says of an instance: a word, and a sentence."""

    label: str
    description: str


@dataclass(frozen=True, slots=True)
class Feedback:
    """When the service owner's feedback comes, and what it says of the instance."""

    comes_at: datetime
    substatus: Substatus


@dataclass(frozen=True, slots=True)
class InstanceReference:
    """Owner and id of an instance, as addresses name it: `51000005/7b0c6d3e-…`."""

    party_id: int
    guid: UUID

    def __str__(self) -> str:
        return f"{self.party_id}/{self.guid}"


@dataclass(frozen=True, slots=True)
class Instance:
    """One instance of the app with the resource id `app`. `id` is the inner id.

    `feedback` stands from the moment the sender is done; until it comes, the stage is `FEEDBACK`.
    """

    id: int
    reference: InstanceReference
    app: str
    owner: OrganizationNumber
    stage: Stage
    began_at: datetime
    stage_began_at: datetime
    changed_at: datetime
    feedback: Feedback | None = None


@dataclass(frozen=True, slots=True)
class NewElement:
    """A data element that is about to be added."""

    data_type: str
    content_type: str
    content: bytes
    file_name: str | None = None


@dataclass(frozen=True, slots=True)
class DataElement:
    """A data element of an instance, without its content. `id` is the inner id."""

    id: int
    guid: UUID
    data_type: str
    content_type: str
    file_name: str | None
    size: int
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """An instance with its data elements, oldest first, as it stands at one moment."""

    instance: Instance
    elements: tuple[DataElement, ...]

    def elements_of(self, data_type: str) -> tuple[DataElement, ...]:
        """The elements of this data type, oldest first."""
        return tuple(one for one in self.elements if one.data_type == data_type)

    def find_element(self, guid: UUID) -> DataElement | None:
        """The element with this id."""
        return next((one for one in self.elements if one.guid == guid), None)


@dataclass(frozen=True, slots=True)
class Submission:
    """A case as an app's step sees it: with the content of its elements, and who asks for it."""

    case: Case
    content_of: Callable[[DataElement], bytes]
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FeedbackToCome:
    """The feedback a step has made ready: given to the sender `after` a while."""

    after: timedelta
    substatus: Substatus
    elements: tuple[NewElement, ...] = ()


@dataclass(frozen=True, slots=True)
class Passed:
    """A step's answer: the instance goes on, with these elements of the app's own."""

    elements: tuple[NewElement, ...] = ()
    feedback: FeedbackToCome | None = None


@dataclass(frozen=True, slots=True)
class Stopped:
    """A step's answer: the instance stays where it is, and `text` says why.

    The elements are kept all the same: what is wrong is told in them.
    """

    text: str
    elements: tuple[NewElement, ...] = ()


Outcome = Passed | Stopped
