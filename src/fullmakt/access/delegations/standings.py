"""Standings: everything a decision needs to know of one subject towards one party.

A standing is read in one statement, so it is one snapshot. It says what is held and by which rows;
what it is worth is worked out in `access/decisions`. Keeping standings, and knowing when one is
stale, is done there too.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from fullmakt.foundation.storage.model import Aspect, Touch

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from fullmakt.access.delegations.model import Right
    from fullmakt.access.parties.model import PartyKind


class Key(StrEnum):
    """What a party is named by in a question; the value is the column that holds it."""

    UUID = "uuid"
    PARTY_ID = "party_id"
    USER_ID = "user_id"
    ORGANIZATION_NUMBER = "orgno"
    PERSON_NUMBER = "personno"


@dataclass(frozen=True, slots=True)
class Reference:
    """A party named in a question. `value` is text, or a number for `PARTY_ID` and `USER_ID`."""

    key: Key
    value: str | int


@dataclass(frozen=True, slots=True)
class Actor:
    """The part of a party that decisions use."""

    id: int
    uuid: UUID
    kind: PartyKind
    form: str
    name: str
    owner: int | None
    parent: int | None
    is_deleted: bool
    label: str
    """How the party is named to people: name and organisation number, never an identity number."""


@dataclass(frozen=True, slots=True)
class Via:
    """The organisation that a role is held through, by the subject's key role in it."""

    id: int
    name: str
    form: str
    role: str


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role that the party, or its main unit, gave the subject or one it acts through."""

    role: str
    assignment: int
    giver: int
    via: Via | None


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A package or a single right given on one of the standing's roles."""

    grant: int
    assignment: int
    package: str | None
    right: Right | None


@dataclass(frozen=True, slots=True)
class LinkRow:
    """An open client link, and the state of what it rests on: the revision where that ended."""

    link: int
    package: str
    client: int
    basis_role: str
    basis_assignment: int
    basis_ended: int | None
    grant: int | None
    grant_ended: int | None


@dataclass(frozen=True, slots=True)
class Unregistered:
    """There is no standing: the subject, the party or both are not registered."""

    is_subject_registered: bool
    is_party_registered: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """What `subject` holds towards `party`, as it was at one revision."""

    subject: Actor
    party: Actor
    main_unit: Actor | None
    owner: Actor | None
    roles: tuple[RoleRow, ...]
    grants: tuple[GrantRow, ...]
    links: tuple[LinkRow, ...]

    def giver(self, inner_id: int) -> Actor:
        """The giver of a row: the party itself or its main unit."""
        if self.main_unit is not None and inner_id == self.main_unit.id:
            return self.main_unit
        return self.party

    @property
    def stamps(self) -> tuple[Touch, ...]:
        """The facts this rests on, found or absent: a later touch of any of them makes it stale."""
        return tuple(self._stamps())

    def _stamps(self) -> Iterable[Touch]:
        yield Touch(self.subject.id, Aspect.SELF)
        yield Touch(self.subject.id, Aspect.KEYS)
        yield Touch(self.party.id, Aspect.SELF)
        yield Touch(self.party.id, Aspect.GIVEN)
        if self.party.parent is not None:
            yield Touch(self.party.parent, Aspect.SELF)
            yield Touch(self.party.parent, Aspect.GIVEN)
        if self.owner is not None:
            yield Touch(self.owner.id, Aspect.SELF)
        yield from {Touch(role.via.id, Aspect.SELF): None for role in self.roles if role.via}
