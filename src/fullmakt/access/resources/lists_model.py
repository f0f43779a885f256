"""Access lists: the organisations that a service owner lets use some of its resources.

Source: Altinn's public documentation, resource registry.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fullmakt.foundation.terms.numbers import OrganizationNumber


@dataclass(frozen=True, slots=True)
class AccessList:
    """One list. `version` is the revision of its latest change, of whatever part of it."""

    id: int
    owner_code: str
    identifier: str
    name: str
    description: str
    created_at: datetime
    updated_at: datetime
    version: int

    @property
    def urn(self) -> str:
        """`urn:altinn:access-list:{owner}:{identifier}`."""
        return f"urn:altinn:access-list:{self.owner_code}:{self.identifier}"

    @property
    def etag(self) -> str:
        """The entity tag of this version."""
        return f'"{self.version}"'


@dataclass(frozen=True, slots=True)
class ListMember:
    """An organisation on a list. `id` orders members, and never leaves the house."""

    id: int
    party: int
    uuid: UUID
    party_id: int
    number: OrganizationNumber
    since: datetime


@dataclass(frozen=True, slots=True)
class ListConnection:
    """A resource that a list opens: for some actions, or for all when there is no filter."""

    id: int
    list: int
    resource_id: int
    resource: str
    actions: frozenset[str] | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Membership:
    """What one party may use by being on a list."""

    party: UUID
    resource: str
    since: datetime
    actions: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class ListedOn:
    """A list of the resource that the party is on. `urn` names it to people."""

    urn: str
    actions: frozenset[str] | None

    def opens(self, action: str) -> bool:
        """Whether the list opens the action."""
        return self.actions is None or action in self.actions


@dataclass(frozen=True, slots=True)
class Admission:
    """How a party stands to the access lists of one resource."""

    is_organization: bool
    lists: tuple[ListedOn, ...] = ()

    def opens(self, actions: tuple[str, ...]) -> bool:
        """Whether each of the actions is open to the party; without any, whether all are."""
        if not actions:
            return any(each.actions is None for each in self.lists)
        return all(any(each.opens(action) for each in self.lists) for action in actions)
