"""App instances as JSON, and the headers that come with a file.

Member names and their order are those of Altinn's public documentation of app instances.
"""

from __future__ import annotations

from datetime import datetime
from email.message import Message
from typing import Final
from urllib.parse import quote
from uuid import UUID

import msgspec

from fullmakt.foundation.http.addresses import Addresses
from fullmakt.foundation.http.bodies import read_body
from fullmakt.foundation.terms.moments import write_moment
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.foundation.terms.problem import InvalidInput
from fullmakt.services.apps.definition import App
from fullmakt.services.apps.errors import UnknownElement, UnknownInstance
from fullmakt.services.apps.model import (
    END_EVENT,
    TASKS,
    Case,
    DataElement,
    Instance,
    InstanceReference,
    Stage,
)
from fullmakt.services.apps.rules import is_locked
from fullmakt.services.apps.service import StatedOwner

_LARGEST_PARTY_ID: Final = 2**31 - 1
_START_EVENT: Final = "StartEvent_1"


class NewInstanceJson(msgspec.Struct, rename="camel"):
    """What a request to make an instance says."""

    instance_owner: InstanceOwnerAskedJson


class InstanceOwnerAskedJson(msgspec.Struct, rename="camel"):
    """The instance owner a request names: one of the two members."""

    organisation_number: str | None = None
    party_id: str | int | None = None


class SelfLinksJson(msgspec.Struct):
    """Where an instance or element is reached."""

    apps: str
    platform: str


class InstanceOwnerJson(msgspec.Struct, rename="camel"):
    """The party an instance belongs to."""

    party_id: str
    organisation_number: str


class TaskJson(msgspec.Struct, rename="camel"):
    """The task an instance is at."""

    flow: int
    started: str
    element_id: str
    name: str
    altinn_task_type: str


class ProcessJson(msgspec.Struct, rename="camel"):
    """How far an instance has come. `current_task` is null when it has ended."""

    started: str
    start_event: str
    current_task: TaskJson | None
    ended: str | None
    end_event: str | None


class SubstatusJson(msgspec.Struct):
    """What the service owner says of the instance."""

    label: str
    description: str


class StatusJson(msgspec.Struct, rename="camel"):
    """Whether the instance is archived, and its substatus."""

    is_archived: bool
    archived: str | msgspec.UnsetType = msgspec.UNSET
    substatus: SubstatusJson | msgspec.UnsetType = msgspec.UNSET


class ConfirmationJson(msgspec.Struct, rename="camel"):
    """A stakeholder's word that it has got what it needs from the instance."""

    stakeholder_id: str
    confirmed_on: str


class ElementJson(msgspec.Struct, rename="camel"):
    """A data element."""

    id: str
    instance_guid: str
    data_type: str
    filename: str | None
    content_type: str
    size: int
    locked: bool
    created: str
    last_changed: str
    self_links: SelfLinksJson


class InstanceJson(msgspec.Struct, rename="camel"):
    """An instance."""

    id: str
    instance_owner: InstanceOwnerJson
    app_id: str
    org: str
    self_links: SelfLinksJson
    process: ProcessJson
    status: StatusJson
    data: list[ElementJson]
    created: str
    last_changed: str
    complete_confirmations: list[ConfirmationJson] | msgspec.UnsetType = msgspec.UNSET


class FeedbackStatusJson(msgspec.Struct, rename="camel"):
    """Whether the feedback has come."""

    is_feedback_provided: bool


def read_new_instance(body: bytes) -> StatedOwner:
    """The owner that an instance is asked for. Raises: InvalidInput."""
    asked = read_body(body, NewInstanceJson).instance_owner
    if (asked.organisation_number is None) == (asked.party_id is None):
        raise InvalidInput(
            {"instanceOwner": ("Name the owner by `organisationNumber` or by `partyId`.",)}
        )
    if asked.organisation_number is not None:
        try:
            return StatedOwner(number=OrganizationNumber(asked.organisation_number))
        except ValueError as fault:
            raise InvalidInput({"instanceOwner.organisationNumber": (f"{fault}.",)}) from None
    party_id = _party_id(str(asked.party_id))
    if party_id is None:
        text = f"The value '{asked.party_id}' is not a party id."
        raise InvalidInput({"instanceOwner.partyId": (text,)})
    return StatedOwner(party_id=party_id)


def _party_id(text: str) -> int | None:
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        return None
    number = int(text)
    return number if number <= _LARGEST_PARTY_ID else None


def read_reference(party_id: str, guid: str) -> InstanceReference:
    """The instance that an address names. Raises: UnknownInstance."""
    number, parsed = _party_id(party_id), _guid(guid)
    if number is None or parsed is None:
        raise UnknownInstance(f"not an instance id: `{party_id}/{guid}`")
    return InstanceReference(number, parsed)


def read_element_id(guid: str) -> UUID:
    """The data element that an address names. Raises: UnknownElement."""
    parsed = _guid(guid)
    if parsed is None:
        raise UnknownElement(f"not a data element id: `{guid}`")
    return parsed


def _guid(text: str) -> UUID | None:
    try:
        return UUID(text) if len(text) == 36 else None
    except ValueError:
        return None


def read_content_type(header: str | None) -> str:
    """The media type alone, in lower case: `text/xml; charset=utf-8` is `text/xml`."""
    return (header or "").partition(";")[0].strip().casefold()


def read_file_name(header: str | None) -> str | None:
    """The file name of a `Content-Disposition` header (RFC 6266), None when it has none."""
    if not header:
        return None
    message = Message()
    message["Content-Disposition"] = _as_utf8(header)
    return message.get_filename()


def _as_utf8(header: str) -> str:
    # QUIRK: clients send the bytes of UTF-8 as they are, which RFC 9110 section 5.5 has no name
    # for; a header's bytes come here as Latin-1.
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header


def write_disposition(element: DataElement) -> str:
    """The `Content-Disposition` header that an element is answered with."""
    name = element.file_name or str(element.guid)
    return f"attachment; filename*=UTF-8''{quote(name, safe='')}"


def write_instance(case: Case, app: App, addresses: Addresses) -> InstanceJson:
    """The instance as it stands."""
    instance = case.instance
    confirmations: list[ConfirmationJson] | msgspec.UnsetType = msgspec.UNSET
    if instance.stage is Stage.ENDED:
        confirmed_on = write_moment(instance.stage_began_at)
        confirmations = [ConfirmationJson(app.org, confirmed_on)]
    return InstanceJson(
        id=str(instance.reference),
        instance_owner=InstanceOwnerJson(str(instance.reference.party_id), instance.owner.digits),
        app_id=app.id,
        org=app.org,
        self_links=_links(instance, app, addresses),
        process=write_process(instance),
        status=_status(instance),
        data=[write_element(element, case.instance, app, addresses) for element in case.elements],
        created=write_moment(instance.began_at),
        last_changed=write_moment(instance.changed_at),
        complete_confirmations=confirmations,
    )


def write_process(instance: Instance) -> ProcessJson:
    """How far the instance has come."""
    has_ended = instance.stage is Stage.ENDED
    return ProcessJson(
        started=write_moment(instance.began_at),
        start_event=_START_EVENT,
        current_task=_task(instance.stage, instance.stage_began_at),
        ended=write_moment(instance.stage_began_at) if has_ended else None,
        end_event=END_EVENT if has_ended else None,
    )


def _task(stage: Stage, began_at: datetime) -> TaskJson | None:
    if stage not in TASKS:
        return None
    task = TASKS[stage]
    flow = list(TASKS).index(stage) + 2
    return TaskJson(flow, write_moment(began_at), task.element, task.name, task.kind)


def _status(instance: Instance) -> StatusJson:
    status = StatusJson(is_archived=instance.stage is Stage.ENDED)
    if status.is_archived:
        status.archived = write_moment(instance.stage_began_at)
    if instance.feedback is not None:
        substatus = instance.feedback.substatus
        status.substatus = SubstatusJson(substatus.label, substatus.description)
    return status


def write_element(
    element: DataElement, instance: Instance, app: App, addresses: Addresses
) -> ElementJson:
    """A data element of the instance."""
    return ElementJson(
        id=str(element.guid),
        instance_guid=str(instance.reference.guid),
        data_type=element.data_type,
        filename=element.file_name,
        content_type=element.content_type,
        size=element.size,
        locked=is_locked(instance),
        created=write_moment(element.created_at),
        last_changed=write_moment(element.changed_at),
        self_links=_links(instance, app, addresses, f"/data/{element.guid}"),
    )


def _links(instance: Instance, app: App, addresses: Addresses, rest: str = "") -> SelfLinksJson:
    path = f"instances/{instance.reference}{rest}"
    return SelfLinksJson(
        apps=f"{addresses.apps_of(app.org)}/{app.id}/{path}",
        platform=f"{addresses.platform}/storage/api/v1/{path}",
    )
