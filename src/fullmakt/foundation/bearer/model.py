"""Who is calling: what a verified token says of its bearer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from fullmakt.foundation.terms.numbers import OrganizationNumber


@dataclass(frozen=True, slots=True)
class CallingSystemUser:
    """The system user that a token was issued for, and the organisation that owns it."""

    id: UUID
    owner: OrganizationNumber
    system_id: str


@dataclass(frozen=True, slots=True)
class CallingPerson:
    """The person logged in, as the portal's tokens name them."""

    user_id: int
    party_id: int
    party_uuid: UUID


@dataclass(frozen=True, slots=True)
class Caller:
    """The bearer of a verified token.

    `organization` is the consumer: for a vendor's system the vendor, never its customer. `claims`
    are the token's own, for the exchange; a room decides on the typed members.
    """

    issuer: str
    scopes: frozenset[str]
    expires_at: datetime
    claims: Mapping[str, object]
    organization: OrganizationNumber | None = None
    service_owner: str | None = None
    client_id: str | None = None
    system_user: CallingSystemUser | None = None
    person: CallingPerson | None = None
    authentication_level: int = 0

    @property
    def actor(self) -> str:
        """The caller as events name it."""
        if self.person is not None:
            return f"person:{self.person.party_uuid}"
        if self.system_user is not None:
            return f"system-user:{self.system_user.id}"
        if self.organization is not None:
            return f"organization:{self.organization}"
        return f"issuer:{self.issuer}"
