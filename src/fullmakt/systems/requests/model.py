"""Requests: a vendor asks a customer for a system user, and the customer answers once.

Statuses change by the table `MOVES` in `rules.py` and nowhere else. Whether a request has timed
out, or is free again because its system user was deleted, follows from other facts and is never
written back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.systems.system_register.model import ServiceRight
from fullmakt.systems.system_users.model import SystemUserKind


class Status(StrEnum):
    """Where a request is.

    QUIRK: `Denied` and `Timedout` are words of the original that nothing leads to; time shows in a
    flag of its own (test_time_never_changes_the_status).
    """

    NEW = "New"
    ACCEPTED = "Accepted"
    REJECTED = "Rejected"
    DENIED = "Denied"
    TIMED_OUT = "Timedout"
    NO_CHANGE_NEEDED = "NoChangeNeeded"
    """Of a change request that changes nothing; it is answered, and not stored."""


class Answer(StrEnum):
    """What the customer says."""

    APPROVE = "approve"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Reference:
    """What tells a vendor's requests apart: the system, the customer, the vendor's reference."""

    kind: SystemUserKind
    system_id: str
    party: str
    external_ref: str


@dataclass(frozen=True, slots=True)
class Wish:
    """A request as the vendor sends it. `packages` are URNs; None is what was left out."""

    reference: Reference
    title: str | None
    rights: tuple[ServiceRight, ...] | None
    packages: tuple[str, ...] | None
    redirect_url: str | None


@dataclass(frozen=True, slots=True)
class Answered:
    """Who answered, and when."""

    by: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Request:
    """A stored request. `version` grows with each change of it; `party` is the customer."""

    uuid: UUID
    kind: SystemUserKind
    system_id: str
    vendor: OrganizationNumber
    party: OrganizationNumber
    external_ref: str
    title: str
    rights: tuple[ServiceRight, ...]
    packages: tuple[str, ...]
    redirect_url: str | None
    status: Status
    created: datetime
    is_escalated: bool = False
    version: int = 1
    answered: Answered | None = None


@dataclass(frozen=True, slots=True)
class AtParty:
    """A request as the portal names it: by its id, kind, and the customer's party id."""

    party_id: int
    uuid: UUID
    kind: SystemUserKind


@dataclass(frozen=True, slots=True)
class RequestPage:
    """One page of a system's requests; `next_first` is where the next one begins."""

    requests: tuple[Request, ...]
    next_first: UUID | None
