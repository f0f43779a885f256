"""What a caller can do with the instances of an app.

The decision point is asked before any transaction begins, so no lock waits for the network; what
the answer was about is looked at again inside.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from fullmakt.access.parties.model import Party, PartyKind
from fullmakt.access.parties.service import find_organization, find_party_by_id
from fullmakt.foundation.storage.database import Database, Journal, Reading
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.services.apps import store
from fullmakt.services.apps.definition import App
from fullmakt.services.apps.errors import (
    NoSuchMove,
    StepRefused,
    UnknownDataType,
    UnknownElement,
    UnknownInstance,
    UnknownInstanceOwner,
)
from fullmakt.services.apps.model import (
    Action,
    Case,
    DataElement,
    DataType,
    InstanceReference,
    NewElement,
    Outcome,
    Passed,
    Stage,
    Stopped,
    Submission,
)
from fullmakt.services.apps.permission import Permissions
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

LONGEST_WAIT: Final = timedelta(seconds=10)

_MARGIN: Final = timedelta(milliseconds=10)

NewId = Callable[[], UUID]


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of one caller to one app."""

    app: App
    database: Database
    permissions: Permissions

    def check(self, action: Action, owner: OrganizationNumber) -> None:
        """Ask the decision point. Raises: NotPermitted and the others of `Permissions.check`."""
        self.permissions.check(action, resource=self.app.resource, party=owner)


@dataclass(frozen=True, slots=True)
class StatedOwner:
    """The instance owner as a request names it: by organisation number, or by party id."""

    number: OrganizationNumber | None = None
    party_id: int | None = None

    def __str__(self) -> str:
        return str(self.party_id if self.number is None else self.number)


def start_instance(visit: Visit, stated: StatedOwner, *, new_id: NewId) -> Case:
    """A new instance for an organisation, with its first element.

    Raises: UnknownInstanceOwner, and those of `Visit.check`.
    """
    with visit.database.reading() as reading:
        party = _find_owner(reading, stated)
    if party is None or party.number is None:
        raise UnknownInstanceOwner(str(stated))
    visit.check(Action.INSTANTIATE, party.number)
    with visit.database.journal() as journal:
        instance = store.add_instance(
            journal,
            app=visit.app.resource,
            reference=InstanceReference(party.party_id, new_id()),
            owner=party.number,
        )
        first = NewElement(visit.app.first, visit.app.first_content_type, b"")
        element = store.add_element(journal, instance, first, guid=new_id(), at=journal.now)
    return Case(instance, (element,))


def _find_owner(reading: Reading, stated: StatedOwner) -> Party | None:
    if stated.number is not None:
        return find_organization(reading, stated.number)
    if stated.party_id is None:
        return None
    party = find_party_by_id(reading, stated.party_id)
    return party if party is not None and party.kind is PartyKind.ORGANIZATION else None


def get_case(visit: Visit, reference: InstanceReference) -> Case:
    """The instance as it stands. Raises: UnknownInstance, and those of `Visit.check`."""
    return _permitted_case(visit, reference, Action.READ)


def get_case_with_feedback(
    visit: Visit, reference: InstanceReference, *, pause: Callable[[float], None]
) -> Case:
    """As `get_case`, but waits for feedback that is about to come. Raises: as `get_case`.

    `pause` is told how many seconds. Feedback that takes longer than `LONGEST_WAIT`, or that
    nothing has been done to get, is not waited for.
    """
    case = get_case(visit, reference)
    with visit.database.reading() as reading:
        left = _time_to_feedback(reading, visit.app, reference)
    if left is None or not timedelta() < left <= LONGEST_WAIT:
        return case
    pause((left + _MARGIN).total_seconds())
    return get_case(visit, reference)


def _time_to_feedback(reading: Reading, app: App, reference: InstanceReference) -> timedelta | None:
    instance = store.find_instance(reading, app=app.resource, reference=reference)
    if instance is None or instance.feedback is None:
        return None
    return instance.feedback.comes_at - reading.now


def get_content(
    visit: Visit, reference: InstanceReference, guid: UUID
) -> tuple[DataElement, bytes]:
    """A data element and its content. Raises: UnknownInstance, UnknownElement, as `Visit.check`."""
    case = _permitted_case(visit, reference, Action.READ)
    element = _element(case, guid)
    with visit.database.reading() as reading:
        return element, store.get_content(reading, element)


def add_element(
    visit: Visit, reference: InstanceReference, new: NewElement, *, new_id: NewId
) -> tuple[Case, DataElement]:
    """Add a data element that the sender made.

    Raises: UnknownInstance, UnknownDataType, InstanceLocked, TooManyElements, those of
    `check_content` and of `Visit.check`.
    """
    _permitted_case(visit, reference, Action.WRITE)
    data_type = _data_type(visit.app, new.data_type)
    new = replace(new, data_type=data_type.name)
    with visit.database.journal() as journal:
        case = _case_to_change(journal, visit.app, reference)
        check_unlocked(case.instance)
        check_content(data_type, new)
        check_room(data_type, case)
        element = store.add_element(journal, case.instance, new, guid=new_id(), at=journal.now)
        return _touched(journal, case), element


def replace_element(
    visit: Visit, reference: InstanceReference, guid: UUID, new: NewElement
) -> tuple[Case, DataElement]:
    """Give a data element new content; its data type stays.

    Raises: UnknownInstance, UnknownElement, InstanceLocked, those of `check_content` and of
    `Visit.check`.
    """
    _permitted_case(visit, reference, Action.WRITE)
    with visit.database.journal() as journal:
        case = _case_to_change(journal, visit.app, reference)
        element = _element(case, guid)
        check_unlocked(case.instance)
        kept = replace(
            new, data_type=element.data_type, file_name=new.file_name or element.file_name
        )
        check_content(_data_type(visit.app, element.data_type), kept)
        element = store.replace_element(journal, element, kept)
        return _touched(journal, case), element


def remove_element(visit: Visit, reference: InstanceReference, guid: UUID) -> None:
    """Remove a data element that the sender added.

    Raises: UnknownInstance, UnknownElement, InstanceLocked, AppsOwnElement, ElementNeeded, and
    those of `Visit.check`.
    """
    _permitted_case(visit, reference, Action.DELETE)
    with visit.database.journal() as journal:
        case = _case_to_change(journal, visit.app, reference)
        element = _element(case, guid)
        check_unlocked(case.instance)
        check_removable(_data_type(visit.app, element.data_type), first=visit.app.first)
        store.remove_element(journal, element)
        _touched(journal, case)


def move_on(visit: Visit, reference: InstanceReference, *, new_id: NewId) -> Case:
    """Leave the stage the instance is at, if the app's step lets it.

    Raises: UnknownInstance, NoSuchMove, StepRefused, and those of `Visit.check`.
    """
    with visit.database.reading() as reading:
        seen = _case(reading, visit.app, reference).instance
    visit.check(action_to_move_on(seen.stage), seen.owner)
    with visit.database.journal() as journal:
        case = _case_to_change(journal, visit.app, reference)
        if case.instance.stage is not seen.stage:
            message = (
                f"the instance was at `{seen.stage}` when this request came,"
                f" and has moved on to `{case.instance.stage}`"
            )
            raise NoSuchMove(message)
        next_stage(seen.stage)
        outcome = _take_step(journal, visit, case)
        case = _kept(journal, case, outcome, new_id=new_id)
    # INVARIANT: raised after the commit, since what the app wrote about the refusal is kept.
    if isinstance(outcome, Stopped):
        raise StepRefused(outcome.text)
    return case


def _take_step(journal: Journal, visit: Visit, case: Case) -> Outcome:
    step = visit.app.steps.get(case.instance.stage)
    if step is None:
        return Passed()

    def content_of(element: DataElement) -> bytes:
        return store.get_content(journal, element)

    actor = visit.permissions.caller.actor
    return step(journal, Submission(case, content_of, actor, journal.now))


def _kept(journal: Journal, case: Case, outcome: Outcome, *, new_id: NewId) -> Case:
    for new in outcome.elements:
        present = case.elements_of(new.data_type)
        if present:
            store.replace_element(journal, present[0], new)
        else:
            store.add_element(journal, case.instance, new, guid=new_id(), at=journal.now)
    if isinstance(outcome, Stopped):
        return _touched(journal, case)
    instance = moved_on(case.instance, outcome.feedback, at=journal.now)
    store.replace_instance(journal, instance)
    if outcome.feedback is not None and instance.feedback is not None:
        for new in outcome.feedback.elements:
            comes_at = instance.feedback.comes_at
            store.add_element(journal, instance, new, guid=new_id(), at=comes_at)
    return case_at(instance, store.list_elements(journal, instance), at=journal.now)


def _permitted_case(visit: Visit, reference: InstanceReference, action: Action) -> Case:
    with visit.database.reading() as reading:
        case = _case(reading, visit.app, reference)
    visit.check(action, case.instance.owner)
    return case


def _case_to_change(journal: Journal, app: App, reference: InstanceReference) -> Case:
    return _case(journal, app, reference, to_change=True)


def _case(
    reading: Reading, app: App, reference: InstanceReference, *, to_change: bool = False
) -> Case:
    instance = store.find_instance(
        reading, app=app.resource, reference=reference, to_change=to_change
    )
    if instance is None:
        raise UnknownInstance(f"app `{app.id}` has no instance `{reference}`")
    return case_at(instance, store.list_elements(reading, instance), at=reading.now)


def _element(case: Case, guid: UUID) -> DataElement:
    element = case.find_element(guid)
    if element is None:
        raise UnknownElement(f"instance `{case.instance.reference}` has no data element `{guid}`")
    return element


def _data_type(app: App, name: str) -> DataType:
    data_type = app.find_data_type(name)
    if data_type is None:
        known = ", ".join(one.name for one in app.data_types if not one.is_apps_own)
        stated = f"`{name}` is no data type of" if name else "name the data type for"
        raise UnknownDataType(f"{stated} app `{app.id}`; those that can be sent in: {known}")
    return data_type


def _touched(journal: Journal, case: Case) -> Case:
    # INVARIANT: data and steps are the sender's only before the feedback, so nothing is lost here.
    assert case.instance.stage in {Stage.FILLING, Stage.CONFIRMATION}
    instance = replace(case.instance, changed_at=journal.now)
    store.replace_instance(journal, instance)
    return replace(case, instance=instance)
