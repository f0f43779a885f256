"""Maskinporten clients, their keys, scopes, and who may use which scope."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fullmakt.foundation.jose.keys import PublicKey
    from fullmakt.foundation.terms.numbers import OrganizationNumber

MASKINPORTEN = "maskinporten"
"""The integration type of the clients held here."""


@dataclass(frozen=True, slots=True)
class ClientLimits:
    """What a client may have. A token lifetime of 0 stands for the default."""

    most_keys: int = 5
    key_lifetime: timedelta = timedelta(days=365)
    default_token_lifetime_s: int = 120
    longest_token_lifetime_s: int = 7200


LIMITS = ClientLimits()


class AccessState(StrEnum):
    """Whether an organisation may use a scope."""

    REQUESTED = "REQUESTED"
    APPROVED = "APPROVED"
    DENIED = "DENIED"


@dataclass(frozen=True, slots=True)
class MaskinportenClient:
    """A client that asks for tokens on behalf of its organisation."""

    client_id: str
    organization: OrganizationNumber
    name: str
    scopes: tuple[str, ...]
    token_lifetime_s: int
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class ClientKey:
    """A key registered on a client, until it expires."""

    public: PublicKey
    expires_at: datetime

    @property
    def kid(self) -> str:
        """The key's id, unique within its client."""
        return self.public.kid


@dataclass(frozen=True, slots=True)
class Scope:
    """A scope: `prefix:subscope`. No integration types means any."""

    name: str
    owner: OrganizationNumber
    accessible_for_all: bool = False
    granted_to: frozenset[OrganizationNumber] = frozenset()
    integration_types: frozenset[str] = frozenset()

    @property
    def is_for_maskinporten(self) -> bool:
        """Whether clients of Maskinporten may use it."""
        return not self.integration_types or MASKINPORTEN in self.integration_types


@dataclass(frozen=True, slots=True)
class ScopeAccess:
    """That a scope is open to an organisation, asked for, or closed."""

    scope: str
    organization: OrganizationNumber
    state: AccessState


@dataclass(frozen=True, slots=True)
class UsableScope:
    """A scope as one client meets it."""

    name: str
    is_for_maskinporten: bool
    is_granted: bool
    """The client's organisation has been granted it, or it is accessible for all."""


@dataclass(frozen=True, slots=True)
class RegisteredClient:
    """All that the token server needs to know of a client."""

    client: MaskinportenClient
    keys: Mapping[str, ClientKey] = field(default_factory=dict)
    scopes: Mapping[str, UsableScope] = field(default_factory=dict)
    """The scopes registered on the client that exist."""
