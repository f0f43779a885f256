"""What was given on top of roles: grants on assignments, and agents' links to clients.

A link rests on a *basis*: the assignment that makes somebody a client (a register role, or being a
right holder) and, for a given package, the grant as well. Links are stored with their basis;
whether it still stands is walked at every decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fullmakt.access.catalog.rules import Basis
    from fullmakt.access.parties.model import Party


@dataclass(frozen=True, slots=True, order=True)
class Right:
    """The right to one action on one resource."""

    resource: str
    action: str


@dataclass(frozen=True, slots=True)
class Grant:
    """A package, or a single right, given on an assignment."""

    id: int
    assignment: int
    package: str | None
    right: Right | None
    began: int
    ended: int | None


@dataclass(frozen=True, slots=True)
class Link:
    """An agent system user may act for a client with one package, on the basis named."""

    id: int
    agent: int
    client: int
    package: str
    basis_assignment: int
    basis_grant: int | None
    began: int
    ended: int | None


@dataclass(frozen=True, slots=True)
class ClientAccess:
    """One relation that makes a party a client, and the packages an agent can be given on it."""

    role: str
    assignment: int
    packages: frozenset[str]
    grants: tuple[tuple[str, int], ...] = ()
    """For given packages: each package and the grant it rests on."""


@dataclass(frozen=True, slots=True)
class Client:
    """A party that a facilitator may act for, with every relation it has to the facilitator."""

    party: Party
    access: tuple[ClientAccess, ...]

    @property
    def packages(self) -> frozenset[str]:
        """Every package an agent can be given for this client."""
        return frozenset().union(*(access.packages for access in self.access))


@dataclass(frozen=True, slots=True)
class PackageCheck:
    """Whether somebody may pass a package on, the reason, and everything it rests on.

    `reason` is Altinn's word for the first basis, as `KeyRole-RolePackage-MainUnit`; without one it
    says what is missing. The parties of `bases` are inner ids.
    """

    package: str
    may_delegate: bool
    reason: str
    bases: tuple[Basis, ...] = ()


@dataclass(frozen=True, slots=True)
class RightCheck:
    """Whether somebody may pass a single right on, and the reason code, as `MissingRoleAccess`."""

    right: Right
    may_delegate: bool
    reason: str
