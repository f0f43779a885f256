"""What is asked from the other side, and what is found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fullmakt.access.delegations.model import Right
    from fullmakt.access.parties.model import Party


@dataclass(frozen=True, slots=True)
class Selection:
    """Which of the parties that a subject reaches are told.

    `owner` is a service owner's short name: only parties where one of its resources is opened.
    `resources`: only parties where one of these is. `parties`: only these, None for all.
    """

    via_key_roles: bool = True
    sub_units: bool = True
    inactive: bool = False
    owner: str | None = None
    resources: frozenset[str] = frozenset()
    parties: tuple[Party, ...] | None = None

    @property
    def asks_for_resources(self) -> bool:
        """Whether what is told depends on what policies open."""
        return self.owner is not None or bool(self.resources)


@dataclass(frozen=True, slots=True)
class AuthorizedParty:
    """A party, and what the subject has of it: packages, role codes, and single resources.

    Nothing of each where it only stands above a sub-unit, or is deleted.
    """

    party: Party
    is_deleted: bool
    has_access: bool = False
    packages: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    resources: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Family:
    """A main party with the sub-units that are told with it."""

    main: AuthorizedParty
    units: tuple[AuthorizedParty, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """What `subject` may do for `party`: the actions on each resource, by its identifier."""

    subject: Party
    party: Party
    packages: frozenset[str]
    roles: frozenset[str]
    actions: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Difference:
    """Somebody who would gain, or lose, the right to do something for a party."""

    subject: Party
    party: Party
    right: Right
    gains: bool
