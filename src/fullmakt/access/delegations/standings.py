"""Standings: everything a decision needs to know of one subject towards one party.

A standing is read in one statement, so it is one snapshot. It says what is held and by which rows;
what it is worth is worked out in `access/decisions`. Keeping standings, and knowing when one is
stale, is done there too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from fullmakt.access.parties.model import PartyKind
from fullmakt.foundation.storage.model import Aspect, Touch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from uuid import UUID

    from fullmakt.access.delegations.model import Right


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
    deleted_at: datetime | None
    is_bankrupt: bool
    label: str
    """How the party is named to people: name and organisation number, never an identity number."""


@dataclass(frozen=True, slots=True)
class Via:
    """The organisation that a role is held through, by the subject's key role in it.

    `is_sub_unit`: what is held through is a sub-unit, and the key role is in its main unit. `form`
    is that of the organisation with the key role; `deleted_at` is of whichever is deleted first.
    """

    id: int
    name: str
    form: str
    role: str
    deleted_at: datetime | None = None
    is_bankrupt: bool = False
    is_sub_unit: bool = False


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
    """An open client link, and the state of what it rests on: the revision where that ended.

    It carries a package or a single right. `grant_package` is the package of the grant it rests on;
    None where it rests on no grant, or on that of a single right.
    """

    link: int
    package: str | None
    right: Right | None
    client: int
    facilitator: int
    """Who passed it on to the agent: the holder of what it rests on."""
    facilitator_deleted_at: datetime | None
    basis_role: str
    basis_assignment: int
    basis_ended: int | None
    grant: int | None
    grant_ended: int | None
    grant_package: str | None


def owner_reach_ends(deleted_at: datetime) -> datetime:
    """When accountants of a sole proprietorship that was deleted no longer reach its owner."""
    try:
        return deleted_at.replace(year=deleted_at.year + 2)
    except ValueError:
        return deleted_at.replace(year=deleted_at.year + 2, month=3, day=1)


@dataclass(frozen=True, slots=True)
class Unregistered:
    """There is no standing: the subject, the party or both are not registered."""

    is_subject_registered: bool
    is_party_registered: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """What `subject` holds towards `party`, as it was at one revision and one moment.

    `enterprises` are the sole proprietorships that the party, a person, is the owner of.
    """

    subject: Actor
    party: Actor
    main_unit: Actor | None
    owner: Actor | None
    enterprises: tuple[Actor, ...]
    roles: tuple[RoleRow, ...]
    grants: tuple[GrantRow, ...]
    links: tuple[LinkRow, ...]
    now: datetime

    def giver(self, inner_id: int) -> Actor:
        """The giver of a row: the party itself, its main unit, or an enterprise it owns."""
        if self.main_unit is not None and inner_id == self.main_unit.id:
            return self.main_unit
        return next((each for each in self.enterprises if each.id == inner_id), self.party)

    def is_gone(self, actor: Actor | Via) -> bool:
        """Whether somebody is deleted by now."""
        return self.is_past(actor.deleted_at)

    def is_past(self, moment: datetime | None) -> bool:
        """Whether a moment is set, and has come."""
        return moment is not None and moment <= self.now

    @property
    def is_closed(self) -> bool:
        """Whether subject, party, or the owner of a system user is deleted: nothing is held."""
        owner = self.owner
        return (
            self.is_gone(self.subject)
            or self.is_gone(self.party)
            or (owner is not None and self.is_gone(owner))
        )

    @property
    def good_until(self) -> datetime | None:
        """When time alone changes what is held; None when it does not."""
        return min((end for end in self._ends() if end > self.now), default=None)

    @property
    def good_since(self) -> datetime | None:
        """When time alone last changed what is held; None when it has not.

        The clock of a test world can be turned back past it.
        """
        return max((end for end in self._ends() if end <= self.now), default=None)

    def _ends(self) -> Iterator[datetime]:
        vias = (role.via for role in self.roles)
        for each in (self.subject, self.party, self.main_unit, self.owner, *vias):
            if each is not None and each.deleted_at is not None:
                yield each.deleted_at
        for link in self.links:
            if link.facilitator_deleted_at is not None:
                yield link.facilitator_deleted_at
        for enterprise in self.enterprises:
            if enterprise.deleted_at is not None:
                yield owner_reach_ends(enterprise.deleted_at)

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
        if self.party.kind is PartyKind.PERSON:
            yield Touch(self.party.id, Aspect.KEYS)
        for enterprise in self.enterprises:
            yield Touch(enterprise.id, Aspect.SELF)
            yield Touch(enterprise.id, Aspect.GIVEN)
        yield from {Touch(role.via.id, Aspect.SELF): None for role in self.roles if role.via}
        yield from {Touch(link.facilitator, Aspect.SELF): None for link in self.links}
