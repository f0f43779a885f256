"""Instances of apps that a question is about: how they are named, and what app storage adds.

A question may name an instance alone; which app it is of, how far it has come and whose it is are
then read where instances are kept, at every decision. What the question says of the instance
itself has to be so. Source: Altinn's public documentation of the decision point.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol
from uuid import UUID

from fullmakt.access.policy import names
from fullmakt.access.policy.request import StringBag, texts_of
from fullmakt.foundation.terms import urns

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fullmakt.access.policy.request import AttributeName, Entry

_URN = f"{urns.INSTANCE}:"
_LONGEST_PARTY_ID, _GUID = 9, 36


class InstanceId(NamedTuple):
    """An instance as a question names it: `51000005/7b0c6d3e-…`, its owner's party id first."""

    party_id: int
    guid: UUID

    def __str__(self) -> str:
        return f"{self.party_id}/{self.guid}"

    @property
    def as_resource(self) -> tuple[str, str]:
        """The two values it has as the instance of a resource."""
        return str(self.guid), f"{_URN}{self}"


@dataclass(frozen=True, slots=True)
class StoredInstance:
    """What app storage knows of an instance: its app, its owner, and how far it has come.

    `element` is of the app's process: the task that it is at, or the event that it ended with.
    """

    id: InstanceId
    service_owner: str
    app: str
    organization: str
    party_uuid: UUID
    element: str
    has_ended: bool

    @property
    def resource(self) -> str:
        """The registry's id of its app."""
        return urns.app_resource(self.service_owner, self.app)

    @property
    def label(self) -> str:
        """The instance, its app and how far it has come, in words."""
        stands = "ended at" if self.has_ended else "stands at"
        return f"instance `{self.id}` of `{self.resource}` {stands} `{self.element}`"

    @property
    def place(self) -> str:
        """The attribute that tells how far it has come."""
        return urns.END_EVENT if self.has_ended else urns.TASK


class InstanceStorage(Protocol):
    """Where instances of apps are kept."""

    def find(self, instance: InstanceId) -> StoredInstance | None:
        """The instance as it is now; None when that party has none with that id."""
        ...

    async def find_on_loop(self, instance: InstanceId) -> StoredInstance | None:
        """As `find`, waited for on the event loop."""
        ...


class InstanceAsked(NamedTuple):
    """The instance that a question names, and all that the question said itself."""

    id: InstanceId
    said: Mapping[AttributeName, Entry]


def read_instance_id(text: str) -> InstanceId:
    """The instance that `text` names. Raises: ValueError."""
    party_id, _, guid = text.partition("/")
    is_number = party_id.isascii() and party_id.isdigit() and len(party_id) <= _LONGEST_PARTY_ID
    try:
        if is_number and len(guid) == _GUID:
            return InstanceId(int(party_id), UUID(guid))
    except ValueError:
        pass
    message = f"not an instance id, which is a party id, `/` and a UUID: `{text[:100]}`"
    raise ValueError(message)


def instances_named(
    about: Mapping[str, str], entries: Mapping[AttributeName, Entry]
) -> frozenset[str]:
    """What the resource `about` names instances of apps by, in either form; its own `entries`."""
    named = {about[urns.INSTANCE]} if about.get(urns.INSTANCE) else set()
    if urns.RESOURCE_INSTANCE in about:
        texts = texts_of(entries.get((names.RESOURCE, urns.RESOURCE_INSTANCE)))
        named |= {text.removeprefix(_URN) for text in texts if text.startswith(_URN)}
    return frozenset(each.lower() for each in named)


def unlike(said: Mapping[AttributeName, Entry], stored: StoredInstance) -> str | None:
    """The first attribute in which what a question said is not what is stored."""
    number = (stored.organization,)
    known: dict[str, tuple[str, ...]] = {
        urns.TASK: (),
        urns.END_EVENT: (),
        stored.place: (stored.element,),
        urns.INSTANCE: (str(stored.id),),
        urns.RESOURCE_INSTANCE: stored.id.as_resource,
        urns.SERVICE_OWNER: (stored.service_owner,),
        urns.APP: (stored.app,),
        urns.RESOURCE: (stored.resource,),
        urns.PARTY_ID: (str(stored.id.party_id),),
        urns.PARTY_UUID: (str(stored.party_uuid),),
        urns.ORGANIZATION_NUMBER: number,
        urns.LEGACY_ORGANIZATION_NUMBER: number,
        urns.PERSON_NUMBER: (),
    }
    for attribute, values in known.items():
        texts = texts_of(said.get((names.RESOURCE, attribute)))
        if not {text.lower() for text in texts if text} <= {value.lower() for value in values}:
            return attribute
    return None


def names_a_party(said: Mapping[AttributeName, Entry]) -> bool:
    """Whether a question said itself whom it is for."""
    return any((names.RESOURCE, attribute) in said for attribute in urns.PARTY_NAMES)


def entries_with(
    said: Mapping[AttributeName, Entry], stored: StoredInstance
) -> dict[AttributeName, Entry]:
    """What a question is decided by: what it said, and what is stored."""
    return {
        **said,
        (names.RESOURCE, urns.SERVICE_OWNER): stored.service_owner,
        (names.RESOURCE, urns.APP): stored.app,
        (names.RESOURCE, urns.RESOURCE): stored.resource,
        (names.RESOURCE, stored.place): stored.element,
        (names.RESOURCE, urns.PARTY_ID): str(stored.id.party_id),
        (names.RESOURCE, urns.RESOURCE_INSTANCE): StringBag(stored.id.as_resource),
    }
