"""Parties: organisations, persons and system users, and the assignments between them.

An assignment says that one party gave another a role. It is opened by one revision and closed by
another, never deleted and never opened again. What a role is worth is `access/catalog`'s; what was
given on it is `access/delegations`'.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from fullmakt.foundation.terms.numbers import OrganizationNumber, PersonNumber

RIGHT_HOLDER = "rettighetshaver"
AGENT = "agent"
OWNER = "innehaver"
"""The role of whoever owns a sole proprietorship."""
TRUSTEE = "bostyrer"
"""The role of whoever administers a bankruptcy estate."""
SUB_UNIT_FORMS = frozenset({"BEDR", "AAFY"})


class PartyKind(StrEnum):
    """What a party is."""

    ORGANIZATION = "organization"
    PERSON = "person"
    SYSTEM_USER = "system-user"


class SystemUserVariant(StrEnum):
    """The two kinds of system user, as the form of their party."""

    STANDARD = "StandardSystem"
    AGENT = "AgentSystem"


@dataclass(frozen=True, slots=True)
class Party:
    """One party.

    `id` is the inner id and never leaves the house; `uuid` and `party_id` are known outside.
    """

    id: int
    uuid: UUID
    party_id: int
    kind: PartyKind
    name: str
    form: str
    number: OrganizationNumber | None = None
    person_number: PersonNumber | None = None
    user_id: int | None = None
    parent_id: int | None = None
    owner_id: int | None = None
    deleted_at: datetime | None = None
    bankrupt_at: datetime | None = None
    details: Mapping[str, object] = field(default_factory=dict)
    """What the register tells of a unit or person and no decision rests on, as JSON values."""

    @property
    def is_deleted(self) -> bool:
        """Whether the party is deleted, or a day is set for it."""
        return self.deleted_at is not None

    def is_gone(self, *, at: datetime) -> bool:
        """Whether the party is deleted at that moment."""
        return self.deleted_at is not None and self.deleted_at <= at

    @property
    def is_sub_unit(self) -> bool:
        """Whether the party is a sub-unit of another organisation."""
        return self.form in SUB_UNIT_FORMS


@dataclass(frozen=True, slots=True)
class NewOrganization:
    """An organisation to register. `details` are the register's own members of the unit."""

    number: OrganizationNumber
    name: str
    form: str
    uuid: UUID
    party_id: int
    parent: OrganizationNumber | None = None
    deleted_at: datetime | None = None
    bankrupt_at: datetime | None = None
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def service_owner_code(self) -> str | None:
        """The short name of a service owner, as `skd`; its services and lists are named by it."""
        code = self.details.get("orgcode")
        return str(code) if code else None


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person to register."""

    number: PersonNumber
    first_name: str
    last_name: str
    uuid: UUID
    party_id: int
    user_id: int
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True, slots=True)
class Assignment:
    """`giver` gave `holder` the role (by its code).

    Open while `ended` is None. Ids are inner ids.
    """

    id: int
    giver: int
    holder: int
    role: str
    began: int
    ended: int | None


@dataclass(frozen=True, slots=True)
class RoleHeld:
    """A role one party holds in another, both in full: what the registers show."""

    assignment: Assignment
    giver: Party
    holder: Party
