"""What Altinn Register reads and writes: parties in version 1, with every member, and roles.

Parties in version 2 are `register_wire_v2.py`.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from fullmakt.access.parties.model import Party, PartyKind
from fullmakt.access.parties.register_facts import (
    address_of,
    business_address,
    digits_of,
    external_urn,
    told,
    unit_status,
)
from fullmakt.access.parties.register_service import ExternalRole
from fullmakt.foundation.terms import urns

_ESTATE: Final = "KBO"
_PERSON_TYPE, _ORGANIZATION_TYPE, _SUB_UNIT_TYPE, _ESTATE_TYPE = 1, 2, 4, 5


class PartyLookup(msgspec.Struct, rename="camel"):
    """A look-up by one of two numbers."""

    org_no: str | None = None
    ssn: str | None = None


class PartyQuery(msgspec.Struct):
    """The parties that are asked for, as URNs."""

    data: list[str]


class Organization(msgspec.Struct, rename="camel"):
    """An organisation, version 1."""

    org_number: str
    name: str
    unit_type: str
    telephone_number: str | None
    mobile_number: str | None
    fax_number: str | None
    e_mail_address: str | None
    internet_address: str | None
    mailing_address: str | None
    mailing_postal_code: str | None
    mailing_postal_city: str | None
    business_address: str | None
    business_postal_code: str | None
    business_postal_city: str | None
    unit_status: str


class Person(msgspec.Struct, rename="camel"):
    """A person, version 1."""

    ssn: str
    name: str
    first_name: str | None
    middle_name: str | None
    last_name: str | None
    telephone_number: str | None = None
    mobile_number: str | None = None
    mailing_address: str | None = None
    mailing_postal_code: str | None = None
    mailing_postal_city: str | None = None
    address_municipal_number: str | None = None
    address_municipal_name: str | None = None
    address_street_name: str | None = None
    address_house_number: str | None = None
    address_house_letter: str | None = None
    address_postal_code: str | None = None
    address_city: str | None = None
    date_of_death: str | None = None


class PartyV1(msgspec.Struct, rename="camel"):
    """A party, version 1. `party_type_name` is a number."""

    party_id: int
    party_uuid: str
    external_urn: str
    party_type_name: int
    org_number: str | None
    ssn: str | None
    unit_type: str | None
    name: str
    is_deleted: bool
    only_hierarchy_element_with_no_access: bool
    person: Person | None
    organization: Organization | None
    child_parties: list[Any] | None = None
    last_changed_in_altinn: str | None = None
    last_changed_in_external_register: str | None = None


class PartyReference(msgspec.Struct, rename="camel"):
    """One end of a role."""

    party_uuid: str
    urn: str


class RoleReference(msgspec.Struct):
    """A role by its source and name."""

    source: str
    identifier: str
    urn: str


class RoleAssignment(msgspec.Struct):
    """A role that one party gave another."""

    role: RoleReference
    to: PartyReference
    from_: PartyReference = msgspec.field(name="from")


class Listing(msgspec.Struct):
    """Everything that was found."""

    data: list[Any]


def write_party_v1(party: Party) -> PartyV1:
    """A person or an organisation as version 1 has it."""
    is_person = party.kind is PartyKind.PERSON
    return PartyV1(
        party_id=party.party_id,
        party_uuid=str(party.uuid),
        external_urn=external_urn(party),
        party_type_name=_type_number(party),
        org_number=digits_of(party.number),
        ssn=digits_of(party.person_number),
        unit_type=None if is_person else party.form,
        name=party.name,
        is_deleted=party.is_deleted,
        only_hierarchy_element_with_no_access=False,
        person=_person_v1(party) if is_person else None,
        organization=None if is_person else write_organization_v1(party),
    )


def _type_number(party: Party) -> int:
    if party.kind is PartyKind.PERSON:
        return _PERSON_TYPE
    if party.form == _ESTATE:
        return _ESTATE_TYPE
    return _SUB_UNIT_TYPE if party.is_sub_unit else _ORGANIZATION_TYPE


def write_organization_v1(party: Party) -> Organization:
    """An organisation as version 1 has it."""
    mailing, business = address_of(party, "postadresse"), business_address(party)
    return Organization(
        org_number=str(party.number),
        name=party.name,
        unit_type=party.form,
        telephone_number=told(party, "telefon"),
        mobile_number=told(party, "mobil"),
        fax_number=None,
        e_mail_address=told(party, "epostadresse"),
        internet_address=told(party, "hjemmeside"),
        mailing_address=mailing["address"],
        mailing_postal_code=mailing["postalCode"],
        mailing_postal_city=mailing["city"],
        business_address=business["address"],
        business_postal_code=business["postalCode"],
        business_postal_city=business["city"],
        unit_status=unit_status(party),
    )


def _person_v1(party: Party) -> Person:
    return Person(
        ssn=str(party.person_number),
        name=party.name,
        first_name=told(party, "firstName"),
        middle_name=told(party, "mellomnavn"),
        last_name=told(party, "lastName"),
    )


def write_external_role(found: ExternalRole) -> RoleAssignment:
    """A role from the register, with both ends."""
    return RoleAssignment(
        role=RoleReference("ccr", found.role.code, found.role.urn),
        to=_reference(found.holder),
        from_=_reference(found.giver),
    )


def _reference(party: Party) -> PartyReference:
    return PartyReference(str(party.uuid), f"{urns.PARTY_UUID}:{party.uuid}")
