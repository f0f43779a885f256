"""System users: a customer's, made for one vendor's system.

A system user is also a party (`access/parties`), which is how decisions know it. Here is what the
party does not tell: the system, the vendor's reference, and the packages an agent carries.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from fullmakt.access.parties.model import SystemUserVariant
from fullmakt.foundation.terms.numbers import OrganizationNumber


class SystemUserKind(StrEnum):
    """Whom a system user acts for: its owner, or its owner's clients."""

    STANDARD = "standard"
    AGENT = "agent"

    @property
    def variant(self) -> SystemUserVariant:
        """The form of its party."""
        is_agent = self is SystemUserKind.AGENT
        return SystemUserVariant.AGENT if is_agent else SystemUserVariant.STANDARD


@dataclass(frozen=True, slots=True)
class SystemUser:
    """A system user that has not been deleted. `packages` are names, as it was made with.

    `resources` are the single services that an agent is linked with. `sequence_no` is a new and
    higher one at every change: lists are paged by it.
    """

    uuid: UUID
    kind: SystemUserKind
    title: str
    external_ref: str
    owner: OrganizationNumber
    owner_party_id: int
    system_id: str
    system_internal_id: UUID
    vendor: OrganizationNumber
    packages: tuple[str, ...]
    created: datetime
    sequence_no: int
    resources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewSystemUser:
    """What is stored of a system user, beside its party and its owner's."""

    uuid: UUID
    kind: SystemUserKind
    title: str
    external_ref: str
    packages: tuple[str, ...]
    resources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundSystemUser:
    """What a token server needs of a system user."""

    uuid: UUID
    system_id: str
    kind: SystemUserKind
    title: str
    created: datetime


@dataclass(frozen=True, slots=True)
class ChangedSystemUser:
    """A system user, deleted or not, as other parts of the platform keep a copy of it."""

    uuid: UUID
    kind: SystemUserKind
    title: str
    owner: OrganizationNumber
    owner_party_id: int
    is_deleted: bool
    created: datetime
    changed: datetime
    sequence_no: int


@dataclass(frozen=True, slots=True)
class ChangedPage:
    """A page of changes, in the order they were made; `last` is the number of the newest of all."""

    users: tuple[ChangedSystemUser, ...]
    last: int


@dataclass(frozen=True, slots=True)
class OwnWish:
    """A system user that a customer makes on its own initiative. Without a title: the system's."""

    system_id: str
    title: str | None


@dataclass(frozen=True, slots=True)
class Renaming:
    """A system user with the title it is to have; the rest says which one is meant."""

    uuid: UUID
    party_id: int
    owner: str
    system_id: str
    title: str
