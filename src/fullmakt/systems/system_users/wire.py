"""System users and their clients as JSON.

Three shapes of a system user: for its owner, for its vendor, and for the token server.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from fullmakt.access.catalog.model import Catalog
from fullmakt.access.delegations.model import Client, ClientAccess, Link, Right
from fullmakt.access.parties.model import Party
from fullmakt.foundation.terms import urns
from fullmakt.foundation.terms.moments import write_moment
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.systems.system_users.clients import AgentOfOwner
from fullmakt.systems.system_users.model import (
    FoundSystemUser,
    OwnWish,
    Renaming,
    SystemUser,
)
from fullmakt.systems.system_users.parameters import read_party_id
from fullmakt.systems.system_users.service import Access, SystemUserPage

_NO_ASSIGNMENT = UUID(int=0)

Short = Annotated[str, msgspec.Meta(max_length=255)]


class PairShape(msgspec.Struct, rename="camel"):
    """One part of a resource's name."""

    id: str
    value: str


class RightShape(msgspec.Struct, rename="camel"):
    """A single service."""

    resource: list[PairShape]


class PackageShape(msgspec.Struct, rename="camel"):
    """An access package."""

    urn: str


class OwnedSystemUser(msgspec.Struct, rename="camel"):
    """A system user as its owner reads it."""

    id: UUID
    integration_title: str
    system_id: str
    product_name: str
    system_internal_id: UUID
    party_id: str
    party_uu_id: str
    reportee_org_no: str
    created: str
    is_deleted: bool
    supplier_name: str
    supplier_orgno: str
    external_ref: str
    user_type: str
    access_packages: list[PackageShape]
    rights: list[RightShape] | UnsetType = UNSET


class ExternalSystemUser(msgspec.Struct, rename="camel"):
    """A system user as its vendor and the token server read it."""

    id: UUID
    integration_title: str
    system_id: str
    product_name: str
    reportee_org_no: str
    created: str
    is_deleted: bool
    supplier_name: str
    supplier_orgno: str
    external_ref: str
    user_type: str


class AccessAnswer(msgspec.Struct, rename="camel"):
    """What a system user has now."""

    system_user_id: UUID
    rights: list[RightShape]
    access_packages: list[PackageShape]


class OwnWishBody(msgspec.Struct, rename="camel"):
    """A system user to make on the customer's own initiative."""

    system_id: Short
    integration_title: Short | None = None


class RenamingBody(msgspec.Struct, rename="camel"):
    """A system user with the title it is to have. The party id may come as text."""

    id: UUID
    party_id: str | int
    reportee_org_no: Short
    integration_title: Short
    system_id: Short


class Links(msgspec.Struct, rename="camel"):
    """Where the next page is, unless this is the last."""

    next: str | UnsetType = UNSET


class ExternalPage(msgspec.Struct, rename="camel"):
    """A page of a system's users."""

    links: Links
    data: list[ExternalSystemUser]


class AgentInformation(msgspec.Struct, rename="camel"):
    """The agent that a list of clients is about."""

    system_user_id: UUID
    system_user_owner_org: str


class AgentClient(msgspec.Struct, rename="camel", kw_only=True):
    """A client in such a list."""

    client_id: UUID
    client_organization_number: str | UnsetType = UNSET
    client_organization_name: str


class AgentClients(msgspec.Struct, rename="camel"):
    """The clients that an agent has, or can have."""

    links: Links
    system_user_information: AgentInformation
    data: list[AgentClient]


class AgentAndClient(msgspec.Struct, rename="camel"):
    """What was linked, or is no longer."""

    agent: UUID
    client: UUID


class RelationShape(msgspec.Struct, rename="camel"):
    """One relation that makes somebody a client, and the packages that follow.

    `resources` are the services it gives single rights on, where there are any.
    """

    role: str
    packages: list[str]
    resources: list[str] | UnsetType = UNSET


class ClientShape(msgspec.Struct, rename="camel", kw_only=True):
    """A client as the portal lists it."""

    party_uuid: UUID
    display_name: str
    organization_identifier: str | UnsetType = UNSET
    access: list[RelationShape]


class ClientDelegation(msgspec.Struct, rename="camel"):
    """A client link as the portal reads it.

    QUIRK: `delegationId` is the client's party uuid, and linking answers one of these for each
    package (test_linking_answers_one_entry_for_each_package).
    """

    agent_system_user_id: UUID
    delegation_id: UUID
    customer_id: UUID
    assignment_id: UUID
    customer_name: str | UnsetType = UNSET
    customer_organization_number: str | UnsetType = UNSET


def write_owned(user: SystemUser, access: Access | None = None) -> OwnedSystemUser:
    """The system user as its owner reads it; with `access`, what it has now."""
    packages = user.packages if access is None else access.packages
    return OwnedSystemUser(
        id=user.uuid,
        integration_title=user.title,
        system_id=user.system_id,
        product_name="",
        system_internal_id=user.system_internal_id,
        party_id=str(user.owner_party_id),
        party_uu_id="",
        reportee_org_no=user.owner.digits,
        created=write_moment(user.created),
        is_deleted=False,
        supplier_name="",
        supplier_orgno=user.vendor.digits,
        external_ref=user.external_ref,
        user_type=user.kind.value,
        access_packages=[PackageShape(urns.package_urn(name)) for name in packages],
        rights=_rights_of(user, access),
    )


def _rights_of(user: SystemUser, access: Access | None) -> list[RightShape] | UnsetType:
    if access is not None:
        return _write_rights(access.rights)
    shapes = [RightShape([PairShape(urns.RESOURCE, resource)]) for resource in user.resources]
    return shapes or UNSET


def _write_rights(rights: Iterable[Right]) -> list[RightShape]:
    resources = dict.fromkeys(right.resource for right in rights)
    return [RightShape([PairShape(urns.RESOURCE, resource)]) for resource in resources]


def write_external(user: SystemUser) -> ExternalSystemUser:
    """The system user as its vendor reads it."""
    return ExternalSystemUser(
        id=user.uuid,
        integration_title=user.title,
        system_id=user.system_id,
        product_name="",
        reportee_org_no=user.owner.digits,
        created=write_moment(user.created),
        is_deleted=False,
        supplier_name="",
        supplier_orgno=user.vendor.digits,
        external_ref=user.external_ref,
        user_type=user.kind.value,
    )


def write_found(
    found: FoundSystemUser,
    *,
    vendor: OrganizationNumber,
    owner: OrganizationNumber,
    external_ref: str | None,
) -> ExternalSystemUser:
    """The system user as the token server reads it: the product is named by the system's id."""
    return ExternalSystemUser(
        id=found.uuid,
        integration_title=found.title,
        system_id=found.system_id,
        product_name=found.system_id,
        reportee_org_no=owner.digits,
        created=write_moment(found.created),
        is_deleted=False,
        supplier_name="",
        supplier_orgno=vendor.digits,
        external_ref=external_ref or owner.digits,
        user_type=found.kind.value,
    )


def read_own_wish(body: OwnWishBody) -> OwnWish:
    """What the customer wants to make."""
    title = body.integration_title
    return OwnWish(body.system_id.strip(), None if title is None else title.strip())


def read_renaming(body: RenamingBody) -> Renaming:
    """The system user and its new title. Raises: InvalidInput."""
    return Renaming(
        uuid=body.id,
        party_id=read_party_id(str(body.party_id)),
        owner=body.reportee_org_no.strip(),
        system_id=body.system_id.strip(),
        title=body.integration_title.strip(),
    )


def write_access(uuid: UUID, access: Access) -> AccessAnswer:
    """What a system user has now."""
    packages = [PackageShape(urns.package_urn(name)) for name in access.packages]
    return AccessAnswer(uuid, _write_rights(access.rights), packages)


def write_page(page: SystemUserPage, *, next_page: str | None) -> ExternalPage:
    """A page of a system's users."""
    return ExternalPage(Links(next_page or UNSET), [write_external(user) for user in page.users])


def write_agent_clients(agent: AgentOfOwner, clients: Sequence[Party]) -> AgentClients:
    """The clients of an agent; the list is never cut into pages."""
    return AgentClients(
        Links(),
        AgentInformation(agent.user.uuid, agent.user.owner.digits),
        [
            AgentClient(
                client_id=client.uuid,
                client_organization_number=_number_of(client),
                client_organization_name=client.name,
            )
            for client in clients
        ],
    )


def write_clients(
    clients: Iterable[Client], catalog: Catalog, *, only: frozenset[str] | None
) -> list[ClientShape]:
    """The clients with the packages of each relation; those in `only`, when that is given."""
    shapes = []
    for client in clients:
        access = [
            RelationShape(catalog.role(relation.role).urn, packages, services or UNSET)
            for relation in client.access
            if (packages := _packages_of(relation, only))
            + (services := _services_of(relation) if only is None else [])
        ]
        if access:
            party = client.party
            shapes.append(
                ClientShape(
                    party_uuid=party.uuid,
                    display_name=party.name,
                    organization_identifier=_number_of(party),
                    access=access,
                )
            )
    return shapes


def _services_of(relation: ClientAccess) -> list[str]:
    return sorted({right.resource for right in relation.rights})


def _packages_of(relation: ClientAccess, only: frozenset[str] | None) -> list[str]:
    names = relation.packages if only is None else relation.packages & only
    return [urns.package_urn(name) for name in sorted(names)]


def _number_of(party: Party) -> str | UnsetType:
    return UNSET if party.number is None else party.number.digits


def write_delegations(agent: UUID, client: UUID, links: Sequence[Link]) -> list[ClientDelegation]:
    """What was linked: one entry for each package."""
    return [ClientDelegation(agent, client, client, _NO_ASSIGNMENT) for _ in links]


def write_linked(agent: UUID, clients: Iterable[Party]) -> list[ClientDelegation]:
    """The clients of an agent as the portal lists them."""
    return [
        ClientDelegation(
            agent, client.uuid, client.uuid, _NO_ASSIGNMENT, client.name, _number_of(client)
        )
        for client in clients
    ]
