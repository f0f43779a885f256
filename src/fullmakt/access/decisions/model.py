"""Questions and reasoned answers.

May this subject do this action on this resource for this party?
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NoReturn

from fullmakt.foundation.terms.urns import MINIMUM_AUTHENTICATION_LEVEL

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from fullmakt.foundation.terms.numbers import OrganizationNumber, PersonNumber


class Outcome(StrEnum):
    """The four answers of XACML 3.0."""

    PERMIT = "Permit"
    DENY = "Deny"
    NOT_APPLICABLE = "NotApplicable"
    INDETERMINATE = "Indeterminate"


class Check(StrEnum):
    """What was looked at, in the order of the walk."""

    RESOURCE = "resource"
    SUBJECT = "subject"
    PARTY = "party"
    OWNER = "owner"
    CLIENT_LINK = "client-link"
    BASIS = "basis"
    ROLE = "role"
    PACKAGE = "package"
    SINGLE_RIGHT = "single-right"
    POLICY_RULE = "policy-rule"
    ACCESS_LIST = "access-list"
    AUTHENTICATION_LEVEL = "authentication-level"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that was looked at.

    What was found, where it is written and since when, what would have to change. `revision` is
    the one that wrote it.
    """

    check: Check
    held: bool
    found: str
    written: str | None = None
    remedy: str | None = None
    revision: int | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """The revision that wrote a fact, and when that was."""

    revision: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Instead:
    """Another system user of the same owner that would be permitted."""

    uuid: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Obligation:
    """The authentication level that a permit asks for."""

    id: str
    attribute_id: str
    value: str
    category: str
    data_type: str


@dataclass(frozen=True, slots=True)
class Question:
    """May `subject` do `action` on `resource` for `party`?

    `subject` and `party` are typed values; `resource` is a registry id, apps as
    `app_{owner}_{app}`. Without a party the question is about the subject alone.
    """

    subject: Subject
    action: str
    resource: str
    party: PartyReference | None


@dataclass(frozen=True, slots=True)
class ByUuid:
    """A party by its UUID; as a subject also a system user's."""

    uuid: UUID


@dataclass(frozen=True, slots=True)
class ByPartyId:
    """A party by its party id."""

    party_id: int


@dataclass(frozen=True, slots=True)
class ByUserId:
    """A person by user id."""

    user_id: int


@dataclass(frozen=True, slots=True)
class ByOrganizationNumber:
    """An organisation by its number."""

    number: OrganizationNumber


@dataclass(frozen=True, slots=True)
class ByPersonNumber:
    """A person by identity number."""

    number: PersonNumber


@dataclass(frozen=True, slots=True)
class BySystemUser:
    """A system user by its id."""

    uuid: UUID


@dataclass(frozen=True, slots=True)
class ByServiceOwner:
    """A service owner by its short name, as its own systems are named in policies."""

    code: str


PartyReference = ByUuid | ByPartyId | ByOrganizationNumber | ByPersonNumber
Subject = PartyReference | ByUserId | BySystemUser | ByServiceOwner


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer, with the reasons in the order they were checked (empty unless asked for)."""

    outcome: Outcome
    reasons: tuple[Reason, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    status: str = "ok"
    message: str | None = None
    revision: int = 0
    instead: tuple[Instead, ...] = ()
    """Other system users that would be permitted; looked for when a refusal is explained."""
    has_more_instead: bool = False
    """Whether there are others that would be, and are not told."""

    @property
    def stops_at(self) -> Check | None:
        """The first check that did not hold, of a refusal."""
        broken = (reason.check for reason in self.reasons if not reason.held)
        return None if self.permitted else next(broken, None)

    @property
    def permitted(self) -> bool:
        """True for Permit and nothing else."""
        return self.outcome is Outcome.PERMIT

    @property
    def authentication_level(self) -> int:
        """The lowest authentication level the permit asks for; 0 when it asks for none."""
        levels = [
            int(each.value)
            for each in self.obligations
            if each.category == MINIMUM_AUTHENTICATION_LEVEL and each.value.isdigit()
        ]
        return max(levels, default=0)

    def __bool__(self) -> NoReturn:
        message = "ask .permitted, or look at .outcome"
        raise TypeError(message)
