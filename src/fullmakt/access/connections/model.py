"""Connections between two parties, seen from one of them: what is asked, and what is found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uuid import UUID

    from fullmakt.access.delegations.model import Right
    from fullmakt.access.parties.model import Party


class Direction(StrEnum):
    """Which way a party looks: at what it gave, or at what it was given. The word of the scopes."""

    TO_OTHERS = "toothers"
    FROM_OTHERS = "fromothers"


@dataclass(frozen=True, slots=True)
class Named:
    """The parties that a call names, by their ids; `party` is the one that is acted for."""

    party: UUID
    giver: UUID | None
    receiver: UUID | None


@dataclass(frozen=True, slots=True)
class Sides:
    """The two sides of a call: the party acted for, and the other one where it is named."""

    party: Party
    direction: Direction
    giver: Party | None
    receiver: Party | None


class Reach(StrEnum):
    """How what one party gave comes to another."""

    DIRECT = "Direct"
    KEY_ROLE = "KeyRole"
    """Through a key role in the organisation it was given to."""
    MAIN_UNIT = "MainUnit"
    """The main unit of the party gave it."""
    ENTERPRISE = "Enterprise"
    """A sole proprietorship that the party, a person, is the owner of gave it."""
    CLIENT_DELEGATION = "ClientDelegation"
    """Through somebody whose client the giver is."""


@dataclass(frozen=True, slots=True)
class Record:
    """One way in which `receiver` has something for `giver`: a role, and what comes with it.

    `giver` is who gave: for a sub-unit it may be the main unit, for a person an enterprise. `via`
    and `via_role` say through whom. `packages` are names.
    """

    giver: Party
    receiver: Party
    role: str
    reach: tuple[Reach, ...] = (Reach.DIRECT,)
    via: Party | None = None
    via_role: str | None = None
    packages: tuple[str, ...] = ()
    rights: tuple[Right, ...] = ()


@dataclass(frozen=True, slots=True)
class Include:
    """Which ways are asked for."""

    client_delegations: bool = True
    agents: bool = True
