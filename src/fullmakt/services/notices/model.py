"""Notices: one change of one system user each, as those it concerns are told of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from fullmakt.foundation.terms.numbers import OrganizationNumber


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in the order of all events: a revision, and the number of an event within it."""

    revision: int = 0
    n: int = 0


@dataclass(frozen=True, slots=True)
class ConcernedUser:
    """The system user that a notice is about, deleted or not, and what it ever held.

    `packages` and `resources` are names.
    """

    uuid: UUID
    kind: str
    system_id: str
    vendor: OrganizationNumber
    owner: OrganizationNumber
    external_ref: str
    packages: frozenset[str]
    resources: frozenset[str]


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is told, and what of: its own systems, or system users that hold what opens its services.

    The names are None where the audience does not ask as a vendor, or as a service owner.
    """

    vendor: OrganizationNumber | None
    resources: frozenset[str] = frozenset()
    opening_packages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Notice:
    """One change of a system user. `data` has JSON values."""

    position: Position
    at: datetime
    type: str
    user: ConcernedUser
    data: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class NoticePage:
    """Notices in order, and the position to go on from, whether or not there are any."""

    notices: tuple[Notice, ...]
    position: Position
    is_last: bool


@dataclass(frozen=True, slots=True)
class Subscription:
    """Whose notices go to which endpoint, and how far they have come.

    `attempts` are those that failed in a row; until `next_at` none is made.
    """

    id: int
    uuid: UUID
    organization: OrganizationNumber
    is_vendor: bool
    is_owner: bool
    endpoint: str
    secret: str = field(repr=False)
    created: datetime
    position: Position
    attempts: int = 0
    next_at: datetime | None = None
    last_error: str = ""


@dataclass(frozen=True, slots=True)
class DeadNotice:
    """A notice that was given up. `body` is what would have been delivered."""

    id: int
    position: Position
    body: bytes
    attempts: int
    last_error: str
    at: datetime
