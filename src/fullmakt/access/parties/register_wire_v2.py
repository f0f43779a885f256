"""Parties as version 2 of Altinn Register writes them: the fields asked for and no others.

A field that was not asked for is absent; one that was and is not known is null.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from fullmakt.access.parties.model import Party, PartyKind, SystemUserVariant
from fullmakt.access.parties.register_facts import (
    Address,
    address_of,
    business_address,
    digits_of,
    external_urn,
    short_name,
    told,
    unit_status,
)
from fullmakt.access.parties.register_service import ListedParty
from fullmakt.foundation.terms import urns
from fullmakt.foundation.terms.moments import write_moment

_WIRE_VARIANTS: Final = {
    SystemUserVariant.STANDARD.value: "first-party-system-user",
    SystemUserVariant.AGENT.value: "client-party-system-user",
}


def _moment(party: Party) -> str | None:
    return None if party.deleted_at is None else write_moment(party.deleted_at)


def _known(address: Address) -> Address | None:
    return address if any(address.values()) else None


Member = tuple[str, Callable[[Party], object]]

# Field -> member and its value. What is not known here is told as null.
_OF_ANY: Final[Mapping[str, Member]] = {
    "id": ("partyId", lambda party: party.party_id or None),
    "ext-urn": ("externalUrn", external_urn),
    "display-name": ("displayName", lambda party: party.name),
    "created": ("createdAt", lambda _: None),
    "modified": ("modifiedAt", lambda _: None),
    "deleted": ("isDeleted", lambda party: party.is_deleted),
    "deleted-at": ("deletedAt", _moment),
    "version": ("versionId", lambda _: None),
}
_OF_ORGANIZATIONS: Final[Mapping[str, Member]] = {
    "org-id": ("organizationIdentifier", lambda party: digits_of(party.number)),
    "org.status": ("unitStatus", unit_status),
    "org.type": ("unitType", lambda party: party.form),
    "org.telephone": ("telephoneNumber", lambda party: told(party, "telefon")),
    "org.mobile": ("mobileNumber", lambda party: told(party, "mobil")),
    "org.fax": ("faxNumber", lambda _: None),
    "org.email": ("emailAddress", lambda party: told(party, "epostadresse")),
    "org.internet": ("internetAddress", lambda party: told(party, "hjemmeside")),
    "org.mailing-address": (
        "mailingAddress",
        lambda party: _known(address_of(party, "postadresse")),
    ),
    "org.business-address": ("businessAddress", lambda party: _known(business_address(party))),
}
_OF_PEOPLE: Final[Mapping[str, Member]] = {
    "person-id": ("personIdentifier", lambda party: digits_of(party.person_number)),
    "person.first-name": ("firstName", lambda party: told(party, "firstName")),
    "person.middle-name": ("middleName", lambda party: told(party, "mellomnavn")),
    "person.last-name": ("lastName", lambda party: told(party, "lastName")),
    "person.short-name": ("shortName", short_name),
    "person.address": ("address", lambda _: None),
    "person.mailing-address": ("mailingAddress", lambda _: None),
    "person.date-of-birth": ("dateOfBirth", lambda party: told(party, "fodselsdato")),
    "person.date-of-death": ("dateOfDeath", lambda _: None),
}
_OF_SYSTEM_USERS: Final[Mapping[str, Member]] = {
    "sysuser.type": ("systemUserType", lambda party: _WIRE_VARIANTS.get(party.form)),
}
_KINDS: Final[Mapping[PartyKind, tuple[str, str | None, Mapping[str, Member]]]] = {
    PartyKind.ORGANIZATION: ("organization", "ccr", _OF_ORGANIZATIONS),
    PartyKind.PERSON: ("person", "npr", _OF_PEOPLE),
    PartyKind.SYSTEM_USER: ("system-user", None, _OF_SYSTEM_USERS),
}


def write_party_v2(listed: ListedParty, fields: frozenset[str]) -> dict[str, object]:
    """A party with the fields asked for: one not asked for is absent, one not known is null."""
    party = listed.party
    kind, source, own = _KINDS[party.kind]
    written: dict[str, object] = {
        "partyType": kind,
        "partyUuid": str(party.uuid),
        "urn": f"{urns.PARTY_UUID}:{party.uuid}",
    }
    if source is not None:
        written["source"] = source
    for name, (member, value_of) in {**_OF_ANY, **own}.items():
        if name in fields:
            written[member] = value_of(party)
    if "owner-uuid" in fields and party.kind is PartyKind.SYSTEM_USER:
        written["owner"] = _owner(listed)
    if fields & {"user.id", "user.name"}:
        written["user"] = _user(party, fields)
    return written


def _user(party: Party, fields: frozenset[str]) -> dict[str, object] | None:
    if party.user_id is None:
        return None
    user: dict[str, object] = {}
    if "user.id" in fields:
        user |= {"userId": party.user_id, "userIds": [party.user_id]}
    if "user.name" in fields:
        user |= {"username": None, "usernames": []}
    return user


def _owner(listed: ListedParty) -> dict[str, str] | None:
    if listed.owner is None:
        return None
    return {"partyUuid": str(listed.owner), "urn": f"{urns.PARTY_UUID}:{listed.owner}"}
