"""Authorized parties over the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from fullmakt.access.parties.model import PartyKind
from fullmakt.foundation.http.bodies import read_body

if TYPE_CHECKING:
    from fullmakt.access.parties.model import Party
    from fullmakt.access.reach.model import AuthorizedParty, Family
    from fullmakt.access.reach.parameters import Include


class Named(msgspec.Struct):
    """A party named by an attribute."""

    type: str
    value: str


class SubjectBody(Named, rename="camel"):
    """Whose parties are asked for, and which of them."""

    party_filter: list[Named] | None = None


class Links(msgspec.Struct):
    """Where the next page is; null on the last."""

    next: str | None = None


class InstanceShape(msgspec.Struct, rename="camel"):
    """An instance of an app. Nobody gives single instances here."""

    resource_id: str
    instance_id: str
    instance_ref: str


class PartyShape(msgspec.Struct, rename="camel"):
    """A party that somebody has something of, with its sub-units."""

    party_uuid: UUID
    name: str
    organization_number: str | None
    parent_id: UUID | None
    person_id: str | None
    date_of_birth: str | None
    party_id: int
    email_id: str | None
    type: str
    unit_type: str | None
    is_deleted: bool
    only_hierarchy_element_with_no_access: bool
    authorized_access_packages: list[str]
    authorized_resources: list[str]
    authorized_roles: list[str]
    authorized_instances: list[InstanceShape]
    subunits: list[PartyShape]


class PageShape(msgspec.Struct):
    """A page of parties."""

    data: list[PartyShape]
    links: Links


def read_subject(body: bytes) -> SubjectBody:
    """The subject in a body. Raises: InvalidInput, TooLarge."""
    return read_body(body, SubjectBody)


def write_family(family: Family, include: Include) -> PartyShape:
    """A main party with its sub-units."""
    main = family.main.party
    units = [_shape(each, include, parent=main) for each in family.units]
    return _shape(family.main, include, parent=None, units=units)


def _shape(
    each: AuthorizedParty,
    include: Include,
    *,
    parent: Party | None,
    units: list[PartyShape] | None = None,
) -> PartyShape:
    party = each.party
    is_organization = party.kind is PartyKind.ORGANIZATION
    born = party.details.get("fodselsdato")
    return PartyShape(
        party_uuid=party.uuid,
        name=party.name,
        organization_number=party.number.digits if party.number else None,
        parent_id=None if parent is None else parent.uuid,
        person_id=party.person_number.digits if party.person_number else None,
        date_of_birth=None if born is None else str(born),
        party_id=party.party_id,
        email_id=None,
        type="Organization" if is_organization else "Person",
        unit_type=party.form if is_organization else None,
        is_deleted=each.is_deleted,
        only_hierarchy_element_with_no_access=not each.has_access,
        authorized_access_packages=sorted(each.packages) if include.packages else [],
        authorized_resources=sorted(each.resources) if include.resources else [],
        authorized_roles=sorted(each.roles) if include.roles else [],
        authorized_instances=[],
        subunits=units or [],
    )
