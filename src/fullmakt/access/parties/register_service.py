"""Altinn Register: parties by number, id and URN, and who has which role in whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from fullmakt.access.catalog.model import RoleProvider
from fullmakt.access.parties import register_store, store
from fullmakt.access.parties.model import PartyKind
from fullmakt.access.parties.register_errors import (
    MOST_ITEMS,
    LookupIsAmbiguous,
    NoCustomerRole,
    OrganizationNotFound,
    OrganizationNumberRefused,
    PartyNotFound,
    PartyNotRegistered,
    PersonNumberRefused,
    TooManyItems,
    UrnsRefused,
)
from fullmakt.foundation.terms import urns
from fullmakt.foundation.terms.numbers import OrganizationNumber, PersonNumber

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fullmakt.access.catalog.model import Catalog, Role
    from fullmakt.access.parties.model import Party
    from fullmakt.foundation.storage.database import Reading

CUSTOMER_ROLES = frozenset({"revisor", "regnskapsforer", "forretningsforer"})
_LARGEST_ID = 2**31 - 1


@dataclass(frozen=True, slots=True)
class ListedParty:
    """One party with its owner, which only a system user has."""

    party: Party
    owner: UUID | None


@dataclass(frozen=True, slots=True)
class ExternalRole:
    """A role from a register of the state, that `giver` gave `holder`."""

    role: Role
    giver: Party
    holder: Party


def look_up(reading: Reading, *, number: str | None, person_number: str | None) -> Party:
    """The party with the organisation number, or with the identity number.

    Raises: LookupIsAmbiguous, OrganizationNumberRefused, PersonNumberRefused, PartyNotFound.
    """
    if number and not person_number:
        party = store.find_by_number(reading, _organization_number(number, path="/orgNo"))
    elif person_number and not number:
        party = store.find_by_person_number(reading, _person_number(person_number))
    else:
        raise LookupIsAmbiguous("both are given" if number else "neither is given")
    if party is None:
        raise PartyNotFound("no party has the number that was looked up")
    return party


def get_organization(reading: Reading, digits: str) -> Party:
    """The organisation with this number.

    Raises: OrganizationNumberRefused, OrganizationNotFound.
    """
    party = store.find_by_number(reading, _organization_number(digits, path="/orgNr"))
    if party is None:
        raise OrganizationNotFound(f"no organisation has number `{digits}`")
    return party


def _organization_number(digits: str, *, path: str) -> OrganizationNumber:
    try:
        return OrganizationNumber(digits)
    except ValueError as fault:
        raise OrganizationNumberRefused(str(fault), path=path) from None


def _person_number(digits: str) -> PersonNumber:
    try:
        return PersonNumber(digits)
    except ValueError as fault:
        raise PersonNumberRefused(str(fault), path="/ssn") from None


def get_listed(reading: Reading, uuid: UUID) -> ListedParty:
    """The party with this UUID. Raises: PartyNotRegistered."""
    party = store.find_by_uuid(reading, uuid)
    if party is None:
        raise PartyNotRegistered(uuid)
    return _listed(reading, [party])[0]


def list_by_urns(reading: Reading, wanted: Sequence[str]) -> tuple[list[ListedParty], bool]:
    """The parties that the URNs name, each once, and whether all of them were found.

    Raises: TooManyItems, UrnsRefused.
    """
    if len(wanted) > MOST_ITEMS:
        raise TooManyItems(len(wanted))
    refused: dict[int, str] = {}
    found: dict[int, Party] = {}
    is_complete = True
    for place, urn in enumerate(wanted):
        try:
            party = _find_by_urn(reading, urn)
        except ValueError as fault:
            refused[place] = str(fault)
            continue
        if party is None:
            is_complete = False
        else:
            found[party.id] = party
    if refused:
        raise UrnsRefused(refused)
    return _listed(reading, list(found.values())), is_complete


def _find_by_urn(reading: Reading, urn: str) -> Party | None:
    prefix, _, value = urn.rpartition(":")
    find = _FINDERS.get(prefix.lower())
    if find is None or not value:
        message = f"not a URN that names a party: `{_without_number(prefix, urn)}`"
        raise ValueError(message)
    return find(reading, value)


def _without_number(prefix: str, urn: str) -> str:
    return prefix if prefix.lower() == urns.PERSON_NUMBER else urn[:120]


def _by_uuid(reading: Reading, value: str) -> Party | None:
    return store.find_by_uuid(reading, UUID(value))


def _by_party_id(reading: Reading, value: str) -> Party | None:
    return store.find_by_party_id(reading, _id(value))


def _by_user_id(reading: Reading, value: str) -> Party | None:
    return store.find_by_user_id(reading, _id(value))


def _by_number(reading: Reading, value: str) -> Party | None:
    return store.find_by_number(reading, OrganizationNumber(value))


def _by_person_number(reading: Reading, value: str) -> Party | None:
    return store.find_by_person_number(reading, PersonNumber(value))


def _by_name(_reading: Reading, _value: str) -> None:
    """No party here has a name that one logs in with."""


def _id(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 10):
        message = f"not an id: `{value[:80]}`"
        raise ValueError(message)
    return min(int(value), _LARGEST_ID)


_FINDERS: dict[str, Callable[[Reading, str], Party | None]] = {
    urns.PARTY_UUID: _by_uuid,
    urns.PERSON_UUID: _by_uuid,
    urns.ORGANIZATION_UUID: _by_uuid,
    urns.SYSTEM_USER_UUID: _by_uuid,
    "urn:altinn:party:id": _by_party_id,
    urns.ORGANIZATION_NUMBER: _by_number,
    urns.PERSON_NUMBER: _by_person_number,
    "urn:altinn:user:id": _by_user_id,
    "urn:altinn:party:username": _by_name,
    "urn:altinn:person:idporten-email": _by_name,
}


def find_by_party_id(reading: Reading, digits: str) -> Party | None:
    """The person or organisation with this party id; None for what is no id, too."""
    try:
        return _by_party_id(reading, digits)
    except ValueError:
        return None


def find_by_uuid(reading: Reading, uuid: UUID) -> Party | None:
    """The person or organisation with this UUID."""
    party = store.find_by_uuid(reading, uuid)
    # Version 1 is older than system users and has no form for them.
    return None if party is None or party.kind is PartyKind.SYSTEM_USER else party


def list_customers(reading: Reading, uuid: UUID, role: str) -> list[ListedParty]:
    """The parties that gave `role` (by its code) to the one with this UUID.

    Raises: NoCustomerRole.
    """
    if role not in CUSTOMER_ROLES:
        raise NoCustomerRole(role, known=CUSTOMER_ROLES)
    return _listed(reading, register_store.list_givers(reading, uuid, role))


def list_holders(reading: Reading, uuid: UUID, role: str) -> list[ListedParty]:
    """The parties that have `role` (by its code) in the one with this UUID."""
    return _listed(reading, register_store.list_holders(reading, uuid, role))


def list_external_roles(reading: Reading, catalog: Catalog, uuid: UUID) -> list[ExternalRole]:
    """The roles from registers of the state that the party has given.

    Raises: PartyNotRegistered.
    """
    giver = get_listed(reading, uuid).party
    found = []
    for held in store.list_roles(reading, giver=giver):
        role = catalog.find_role(held.assignment.role)
        if role is not None and role.provider is RoleProvider.REGISTER:
            found.append(ExternalRole(role, held.giver, held.holder))
    return found


def _listed(reading: Reading, parties: list[Party]) -> list[ListedParty]:
    wanted = {party.owner_id for party in parties if party.owner_id is not None}
    owners = store.list_by_inner_ids(reading, wanted)
    return [
        ListedParty(party, None if party.owner_id is None else owners[party.owner_id].uuid)
        for party in parties
    ]
