"""A world as the entries of a world file: what loading them gives back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING

from fullmakt.access.delegations import service as delegations
from fullmakt.access.parties import service as parties
from fullmakt.access.parties.model import RIGHT_HOLDER, PartyKind
from fullmakt.access.resources import service as resources
from fullmakt.credentials.clients import service as clients
from fullmakt.run.testworld import store
from fullmakt.run.testworld.worldfile import words
from fullmakt.run.testworld.worldfile.access_lists import export_access_lists
from fullmakt.run.testworld.worldfile.applying import policy_document
from fullmakt.run.testworld.worldfile.entries import (
    ClientEntry,
    DelegationEntry,
    OrganizationEntry,
    PersonEntry,
    ResourceEntry,
    RoleEntry,
    SystemEntry,
    SystemUserEntry,
    World,
)
from fullmakt.run.testworld.worldfile.reading import DOMAIN
from fullmakt.run.testworld.worldfile.service_members import is_as_loaded
from fullmakt.run.testworld.worldfile.shapes import PERSON_DETAILS, RESOURCE_POLICY, Shapes
from fullmakt.run.testworld.worldfile.writing import write_new_resource
from fullmakt.services.tax import service as tax
from fullmakt.systems.system_register import service as system_register
from fullmakt.systems.system_users import service as system_users
from fullmakt.systems.system_users.model import SystemUserKind

if TYPE_CHECKING:
    from datetime import datetime

    from fullmakt.access.catalog.model import Catalog
    from fullmakt.access.parties.model import Party
    from fullmakt.access.resources.model import Resource
    from fullmakt.foundation.storage.database import Reading
    from fullmakt.foundation.terms.numbers import OrganizationNumber
    from fullmakt.run.testworld.worldfile.entries import Number
    from fullmakt.systems.system_users.model import SystemUser


def export_world(
    reading: Reading, catalog: Catalog, *, domain_time: datetime | None = None
) -> World:
    """Everything that stands in the world now."""
    meta = store.list_facts(reading, "meta")
    domain = {name: tuple(store.list_facts(reading, name)) for name in DOMAIN}
    everybody = {
        party.id: party
        for party in (*parties.list_organizations(reading), *parties.list_people(reading))
    }
    return World(
        organizations=tuple(
            _organization(party, everybody)
            for party in everybody.values()
            if party.kind is PartyKind.ORGANIZATION
        ),
        people=tuple(
            _person(party) for party in everybody.values() if party.kind is PartyKind.PERSON
        ),
        roles=tuple(_roles(reading, everybody)),
        delegations=tuple(_delegations(reading, everybody)),
        resources=tuple(_resources(reading, catalog)),
        access_lists=export_access_lists(reading),
        systems=tuple(
            SystemEntry(system.vendor, system.facts)
            for system in system_register.list_all_systems(reading)
        ),
        system_users=tuple(_system_users(reading)),
        scopes=tuple(clients.list_scopes(reading)),
        clients=tuple(
            ClientEntry(
                client.client_id,
                client.organization,
                client.name,
                frozenset(client.scopes),
                client.token_lifetime_s,
            )
            for client in clients.list_clients(reading)
            if client.is_active
        ),
        vat_duties=tuple(tax.list_vat_obligations(reading)),
        vat_registrations=tuple(tax.list_vat_registrations(reading)),
        domain={name: facts for name, facts in domain.items() if facts},
        meta=meta[0] if meta else {},
        domain_time=domain_time,
    )


def _organization(party: Party, everybody: Mapping[int, Party]) -> OrganizationEntry:
    assert party.number is not None
    parent = None if party.parent_id is None else everybody[party.parent_id].number
    return OrganizationEntry(
        number=party.number,
        name=party.name,
        form=party.form,
        parent=parent,
        deleted_on=party.deleted_at and party.deleted_at.date(),
        is_bankrupt=party.bankrupt_at is not None,
        uuid=party.uuid,
        party_id=party.party_id,
        details=party.details,
    )


def _person(party: Party) -> PersonEntry:
    assert party.person_number is not None
    return PersonEntry(
        number=party.person_number,
        first_name=str(party.details["firstName"]),
        last_name=str(party.details["lastName"]),
        uuid=party.uuid,
        party_id=party.party_id,
        user_id=party.user_id,
        details={name: party.details[name] for name in PERSON_DETAILS if name in party.details},
    )


def _number(party: Party) -> Number:
    number = party.number or party.person_number
    assert number is not None, "system users are told apart from parties with a number"
    return number


def _roles(reading: Reading, everybody: Mapping[int, Party]) -> list[RoleEntry]:
    return [
        RoleEntry(held.assignment.role, held.giver.number, _number(held.holder))
        for held in parties.list_all_roles(reading)
        if held.holder.id in everybody
        and held.giver.number is not None
        and held.assignment.role != RIGHT_HOLDER
    ]


def _delegations(reading: Reading, everybody: Mapping[int, Party]) -> list[DelegationEntry]:
    assignments = {
        held.assignment.id: held
        for held in parties.list_all_roles(reading)
        if held.holder.id in everybody
    }
    given: dict[tuple[int, int], tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for grant, given_by in delegations.list_all_given(reading):
        if grant.assignment in assignments:
            packages, named = given[grant.assignment, given_by]
            if grant.package is not None:
                packages.add(grant.package)
            if grant.right is not None:
                named.add(grant.right.resource)
    entries = []
    for (assignment, by), (packages, named) in given.items():
        held, giver = assignments[assignment], everybody[by]
        if held.giver.number is not None and giver.person_number is not None:
            entries.append(
                DelegationEntry(
                    held.giver.number,
                    _number(held.holder),
                    frozenset(packages),
                    frozenset(named),
                    giver.person_number,
                )
            )
    return entries


def _resources(reading: Reading, catalog: Catalog) -> list[ResourceEntry]:
    loaded = {str(each["identifier"]): each for each in store.list_facts(reading, "resources")}
    return [
        _resource(reading, catalog, resource, loaded.get(resource.identifier))
        for resource in resources.list_resources(reading)
    ]


def _resource(
    reading: Reading,
    catalog: Catalog,
    resource: Resource,
    loaded: Mapping[str, object] | None,
) -> ResourceEntry:
    """The entry as it was loaded, unless the resource or its policy is another by now."""
    policy = resources.find_policy(reading, resource.identifier)
    document = b"" if policy is None else policy.document
    if loaded is not None:
        entry = _read_resource(catalog, loaded)
        if is_as_loaded(entry.resource, resource):
            if sha256(policy_document(entry)).digest() == sha256(document).digest():
                return entry
            return _read_resource(catalog, _with_policy(loaded, document))
    return _read_resource(catalog, _with_policy(write_new_resource(resource), document))


def _with_policy(written: Mapping[str, object], document: bytes) -> dict[str, object]:
    without = {*RESOURCE_POLICY, "policy"}
    plain = {name: value for name, value in written.items() if name not in without}
    return {**plain, "policy": document.decode()} if document else plain


def _read_resource(catalog: Catalog, written: Mapping[str, object]) -> ResourceEntry:
    entry = Shapes(words.CatalogWords(catalog), []).resource(dict(written), "")
    assert entry is not None, "what was loaded can be read"
    return entry


def _system_users(reading: Reading) -> list[SystemUserEntry]:
    keys = {each["id"]: str(each["key"]) for each in store.list_facts(reading, "systemUserKeys")}
    return [
        _system_user(reading, user, keys.get(str(user.uuid)))
        for user in system_users.list_all_system_users(reading)
    ]


def _system_user(reading: Reading, user: SystemUser, key: str | None) -> SystemUserEntry:
    party = parties.find_party(reading, user.uuid)
    owner = parties.find_organization(reading, user.owner)
    assert party is not None, "a system user is a party"
    assert owner is not None, "a system user has an owner"
    linked: list[OrganizationNumber] = []
    named = set(user.resources)
    if user.kind is SystemUserKind.AGENT:
        found = delegations.list_linked_clients(reading, party)
        linked = [client.number for client in found if client.number is not None]
    else:
        assignment = parties.find_assignment(reading, owner, party, RIGHT_HOLDER)
        grants = [] if assignment is None else delegations.list_given(reading, assignment)
        named = {grant.right.resource for grant in grants if grant.right is not None}
    return SystemUserEntry(
        id=user.uuid,
        key=key,
        owner=user.owner,
        system_id=user.system_id,
        kind=user.kind,
        packages=user.packages,
        resources=frozenset(named),
        clients=frozenset(linked),
        external_ref=user.external_ref,
        title=user.title,
    )
