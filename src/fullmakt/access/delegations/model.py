"""What was given on top of roles: grants on assignments, and agents' links to clients.

A link rests on a *basis*: the assignment that makes somebody a client (a register role, or being a
right holder) and, for a given package, the grant as well. Links are stored with their basis;
whether it still stands is walked at every decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from fullmakt.access.catalog.rules import Basis
    from fullmakt.access.parties.model import Party


class Fact(StrEnum):
    """What access rests on: each is a row that one revision opened."""

    ASSIGNMENT = "assignment"
    GRANT = "grant"
    LINK = "link"


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


Carried = str | Right
"""What a link carries: a package by its name, or a single right."""


@dataclass(frozen=True, slots=True)
class Link:
    """An agent system user may act for a client with one package or right, on the basis named."""

    id: int
    agent: int
    client: int
    carries: Carried
    basis_assignment: int
    basis_grant: int | None
    began: int
    ended: int | None


@dataclass(frozen=True, slots=True)
class StandingLink:
    """A link with what it stands between: whose client it is about, as what, and the agent's part.

    `facilitator` and `agency` are inner ids: of the party, and of the agent relation.
    """

    link: Link
    facilitator: int
    role: str
    agency: int


@dataclass(frozen=True, slots=True)
class Delegated:
    """One thing that an agent has of a client through a facilitator."""

    link: Link
    facilitator: Party
    agent: Party
    client: Party
    role: str
    agency: int


@dataclass(frozen=True, slots=True)
class ClientAccess:
    """One relation that makes a party a client, and what an agent can be given on it."""

    role: str
    assignment: int
    packages: frozenset[str]
    grants: tuple[tuple[Carried, int], ...] = ()
    """For what was given: each package and single right, and the grant it rests on."""

    @property
    def rights(self) -> frozenset[Right]:
        """The single rights that were given."""
        return frozenset(given for given, _ in self.grants if isinstance(given, Right))


@dataclass(frozen=True, slots=True)
class Client:
    """A party that a facilitator may act for, with every relation it has to the facilitator."""

    party: Party
    access: tuple[ClientAccess, ...]

    @property
    def packages(self) -> frozenset[str]:
        """Every package an agent can be given for this client."""
        return frozenset().union(*(access.packages for access in self.access))

    @property
    def rights(self) -> frozenset[Right]:
        """Every single right the client gave."""
        return frozenset().union(*(access.rights for access in self.access))


class Openings(Protocol):
    """Knows which actions on a resource its policy opens to a relation."""

    def __call__(
        self, resource: str, *, role: str | None, packages: frozenset[str]
    ) -> frozenset[str]:
        """The actions for whoever has `role` (a code) and all of `packages`."""
        ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a client is to be linked with: all of the packages, and all of the services."""

    packages: frozenset[str]
    resources: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ClientSearch:
    """What a client's name or number must hold: every word, run together, and the digits."""

    words: tuple[str, ...] = ()
    digits: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """One relation that makes somebody a client, since when, and since when each thing given."""

    access: ClientAccess
    since: datetime
    given_since: Mapping[Carried, datetime]


@dataclass(frozen=True, slots=True)
class ListedClient:
    """A client in a list for one agent.

    `missing` are the packages and services it would have to give before it can be linked.
    """

    party: Party
    relations: tuple[Relation, ...]
    linked_since: datetime | None
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClientPage:
    """A page of clients. `next_after` is the party that the next one begins after, if any."""

    clients: tuple[ListedClient, ...]
    next_after: Party | None


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
