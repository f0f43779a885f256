"""Change requests: a vendor asks to widen or narrow what a standard system user has.

The vendor names it by an id of its own, the correlation id. Statuses and moves are as for requests.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.systems.requests.model import Answered, Status
from fullmakt.systems.system_register.model import ServiceRight


@dataclass(frozen=True, slots=True)
class Difference:
    """What is to be added and taken away. Packages are URNs."""

    required_rights: tuple[ServiceRight, ...] = ()
    unwanted_rights: tuple[ServiceRight, ...] = ()
    required_packages: tuple[str, ...] = ()
    unwanted_packages: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to change."""
        return not (
            self.required_rights
            or self.unwanted_rights
            or self.required_packages
            or self.unwanted_packages
        )


@dataclass(frozen=True, slots=True)
class ChangeWish:
    """A change as the vendor sends it. `system_user` is None when it was left out."""

    uuid: UUID
    system_user: UUID | None
    difference: Difference
    redirect_url: str | None


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """A stored change request; what its system user is called is copied from it."""

    uuid: UUID
    system_user: UUID
    external_ref: str
    system_id: str
    vendor: OrganizationNumber
    party: OrganizationNumber
    difference: Difference
    redirect_url: str | None
    status: Status
    created: datetime
    version: int = 1
    answered: Answered | None = None


@dataclass(frozen=True, slots=True)
class ChangePage:
    """One page of a system's change requests; `next_first` is where the next one begins."""

    changes: tuple[ChangeRequest, ...]
    next_first: UUID | None
