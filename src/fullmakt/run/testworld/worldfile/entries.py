"""The entries of a world file as checked values: each is one thing that stands in a world.

An id that is None is for the world to give.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from fullmakt.access.resources.model import NewResource
from fullmakt.credentials.clients.model import Scope
from fullmakt.foundation.terms.numbers import OrganizationNumber, PersonNumber
from fullmakt.services.tax.model import TaxpayerDuty, VatRegistration
from fullmakt.systems.system_register.model import SystemFacts
from fullmakt.systems.system_users.model import SystemUserKind

Number: TypeAlias = OrganizationNumber | PersonNumber


@dataclass(frozen=True, slots=True)
class OrganizationEntry:
    """An organisation. `details` are the register's members that no rule rests on, as written."""

    number: OrganizationNumber
    name: str
    form: str
    parent: OrganizationNumber | None
    deleted_on: date | None
    is_bankrupt: bool
    uuid: UUID | None
    party_id: int | None
    details: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """A person."""

    number: PersonNumber
    first_name: str
    last_name: str
    uuid: UUID | None
    party_id: int | None
    user_id: int | None
    details: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class RoleEntry:
    """A role (by its code in the catalog) that `giver` has given `holder`."""

    role: str
    giver: OrganizationNumber
    holder: Number


@dataclass(frozen=True, slots=True)
class DelegationEntry:
    """Packages (by name) and resources that `giver` has given `receiver`, through a person."""

    giver: OrganizationNumber
    receiver: Number
    packages: frozenset[str]
    resources: frozenset[str]
    given_by: PersonNumber


@dataclass(frozen=True, slots=True)
class PolicyTerms:
    """What a plain policy is written from."""

    roles: tuple[str, ...]
    packages: tuple[str, ...]
    actions: tuple[str, ...]
    minimum_level: int


@dataclass(frozen=True, slots=True)
class ResourceEntry:
    """A resource and its policy, as terms or as a document. `written` is the entry as it stands."""

    resource: NewResource
    policy: PolicyTerms | bytes
    written: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class AccessListEntry:
    """An access list of a service owner's, and who is on it.

    `connections` are the resources it opens, each with the actions; none means all of them.
    """

    owner: OrganizationNumber
    identifier: str
    name: str
    description: str
    members: frozenset[OrganizationNumber]
    connections: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class SystemEntry:
    """A system in the register."""

    vendor: OrganizationNumber
    facts: SystemFacts


@dataclass(frozen=True, slots=True)
class SystemUserEntry:
    """A system user; an agent with the clients it is linked to."""

    id: UUID | None
    key: str | None
    owner: OrganizationNumber
    system_id: str
    kind: SystemUserKind
    packages: tuple[str, ...]
    resources: frozenset[str]
    clients: frozenset[OrganizationNumber]
    external_ref: str | None
    title: str


@dataclass(frozen=True, slots=True)
class ClientEntry:
    """A Maskinporten client, without keys."""

    client_id: str | None
    organization: OrganizationNumber
    name: str
    scopes: frozenset[str]
    token_lifetime_s: int


@dataclass(frozen=True, slots=True)
class World:
    """All that a world file says. `domain` and `meta` are kept as they are written."""

    organizations: tuple[OrganizationEntry, ...] = ()
    people: tuple[PersonEntry, ...] = ()
    roles: tuple[RoleEntry, ...] = ()
    delegations: tuple[DelegationEntry, ...] = ()
    resources: tuple[ResourceEntry, ...] = ()
    access_lists: tuple[AccessListEntry, ...] = ()
    systems: tuple[SystemEntry, ...] = ()
    system_users: tuple[SystemUserEntry, ...] = ()
    scopes: tuple[Scope, ...] = ()
    clients: tuple[ClientEntry, ...] = ()
    vat_duties: tuple[TaxpayerDuty, ...] = ()
    vat_registrations: tuple[VatRegistration, ...] = ()
    domain: Mapping[str, tuple[Mapping[str, object], ...]] = field(default_factory=dict)
    meta: Mapping[str, object] = field(default_factory=dict)
    domain_time: datetime | None = None
