"""Systems that vendors have registered: what they may ask customers for, and how they are known.

A system's id is taken for ever, also after it is retired. What customers have given is not known
here (see `systems/system_users`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from fullmakt.foundation.terms import urns
from fullmakt.foundation.terms.numbers import OrganizationNumber


@dataclass(frozen=True, slots=True)
class AttributePair:
    """One part of what names a resource: `urn:altinn:resource` and the resource's id."""

    id: str
    value: str


@dataclass(frozen=True, slots=True)
class ServiceRight:
    """A single service that a system can ask for. `action` is echoed and decides nothing."""

    pairs: tuple[AttributePair, ...]
    action: str | None = None

    @property
    def resource(self) -> str | None:
        """The resource that is delegated: that of the first pair with a resource id."""
        return next((pair.value for pair in self.pairs if pair.id == urns.RESOURCE), None)


@dataclass(frozen=True, slots=True)
class SystemFacts:
    """A system as its vendor describes it, at creation and at every replacement.

    `packages` are URNs. `redirect_urls` are as they are answered: normalised.
    """

    id: str
    name: Mapping[str, str]
    description: Mapping[str, str]
    rights: tuple[ServiceRight, ...] = ()
    packages: tuple[str, ...] = ()
    client_ids: tuple[str, ...] = ()
    is_visible: bool = True
    redirect_urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RegisteredSystem:
    """A system in the register. `key` is the inner id and never leaves the house."""

    key: int
    internal_id: UUID
    vendor: OrganizationNumber
    facts: SystemFacts
    is_deleted: bool = False

    @property
    def id(self) -> str:
        """The id that the vendor chose."""
        return self.facts.id

    @property
    def title(self) -> str | None:
        """The name in bokmål, which requests and system users are named by."""
        return self.facts.name.get("nb") or None


class ChangeType(StrEnum):
    """What a change of a system was, as the change log has it."""

    CREATE = "create"
    UPDATE = "update"
    RIGHTS = "rightsupdate"
    PACKAGES = "accesspackageupdate"
    DELETE = "delete"


ChangedFacts: TypeAlias = SystemFacts | tuple[ServiceRight, ...] | tuple[str, ...] | None
"""What the vendor sent: all of it, the rights, the package URNs, or nothing."""


@dataclass(frozen=True, slots=True)
class SystemChange:
    """One line of a system's change log. `client_id` is that of the caller's token."""

    kind: ChangeType
    facts: ChangedFacts
    changed_by: OrganizationNumber
    client_id: str | None
    at: datetime
