"""Grants on their way to an access token, from unverified to granted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from fullmakt.credentials.clients.model import RegisteredClient
    from fullmakt.foundation.jose.tokens import UnverifiedToken
    from fullmakt.foundation.terms.numbers import OrganizationNumber, PersonNumber

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
LARGEST_REQUEST = 64 * 1024


@dataclass(frozen=True, slots=True)
class GrantLimits:
    """How long a grant may last, and how far clocks may differ. Equality passes."""

    longest: timedelta = timedelta(seconds=120)
    skew: timedelta = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Issuers:
    """The names the token server goes by: one for each configured host, and one for any other.

    A grant may be made for any of them. `more_audiences` are accepted too and never issued under.
    """

    default: str
    by_host: Mapping[str, str] = field(default_factory=dict)
    more_audiences: frozenset[str] = frozenset()

    def for_host(self, host: str) -> str:
        """The issuer for a `Host` header; an unknown host gets the default, never itself."""
        name = host.lower().partition(":")[0].removesuffix(".")
        return self.by_host.get(name, self.default)

    @property
    def audiences(self) -> frozenset[str]:
        """What a grant's `aud` may be."""
        return self.more_audiences | {self.default, *self.by_host.values()}


@dataclass(frozen=True, slots=True)
class UnverifiedGrant:
    """An assertion that has been read: good for finding the client and its key, nothing else."""

    token: UnverifiedToken
    client_id: str
    compact: str = field(repr=False)

    @property
    def digest(self) -> str:
        """SHA-256 of the assertion, in hex. A token that can be read has one spelling."""
        return sha256(self.compact.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Grant:
    """A grant whose signature, audience and times hold."""

    registered: RegisteredClient
    claims: Mapping[str, object]
    replay_key: str
    """The `jti`, or the hash of the assertion that has none."""
    usable_until: datetime


@dataclass(frozen=True, slots=True)
class SystemUserQuestion:
    """The system user a grant asks to act as: who owns it, and which of several."""

    owner: OrganizationNumber
    external_ref: str | None


@dataclass(frozen=True, slots=True)
class Wish:
    """What a grant asks for. `resource` is as it was written, text or list."""

    scopes: tuple[str, ...]
    resource: str | tuple[str, ...] | None = None
    person: PersonNumber | None = None
    consumer: OrganizationNumber | None = None
    system_user: SystemUserQuestion | None = None


@dataclass(frozen=True, slots=True)
class NamedSystemUser:
    """The system user that a token names."""

    id: UUID
    owner: OrganizationNumber
    system_id: str


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """An access token and what the answer tells of it. Its representation leaves the token out."""

    compact: str = field(repr=False)
    expires_in_s: int
    scopes: tuple[str, ...]
