"""A world file becomes facts of a world: all of it in one unit of work, or nothing.

An entry that stands already, and is equal, is kept; one that differs is a fault. Whatever a room
refuses is told as a fault at the entry's path, so a file learns all of its faults at once.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, TypeVar
from uuid import uuid4

from fullmakt.access.parties import service as parties
from fullmakt.access.parties.model import NewOrganization, NewPerson
from fullmakt.access.resources import service as resources
from fullmakt.credentials.clients import service as clients
from fullmakt.foundation.storage.model import Change
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.foundation.terms.problem import InvalidInput, Problem, ValidationProblem
from fullmakt.run.testworld import store
from fullmakt.run.testworld.worldfile import access_lists, giving, systems
from fullmakt.run.testworld.worldfile.entries import PolicyTerms, World
from fullmakt.run.testworld.worldfile.members import WorldFault, WorldRefused
from fullmakt.run.testworld.worldfile.reading import VAT_DUTIES, VAT_REGISTRATIONS
from fullmakt.services.tax import service as tax

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fullmakt.access.catalog.model import Catalog
    from fullmakt.access.parties.model import Party
    from fullmakt.access.resources.model import Resource
    from fullmakt.credentials.clients.model import Scope
    from fullmakt.foundation.storage.database import Work
    from fullmakt.run.testworld.worldfile.entries import (
        ClientEntry,
        Number,
        OrganizationEntry,
        PersonEntry,
        ResourceEntry,
        RoleEntry,
    )
    from fullmakt.services.tax.model import TaxpayerDuty, VatRegistration

Entry = TypeVar("Entry")
_FIRST_ORGANIZATION, _FIRST_PERSON, _FIRST_USER = 51_000_000, 52_000_000, 20_000_000
_IDS_EACH = 999_983


@dataclass(slots=True)
class Applying:
    """One load: the work it is done in, what stood before, and the faults so far."""

    work: Work
    catalog: Catalog
    before: World
    faults: list[WorldFault] = field(default_factory=list)
    added: int = 0
    registered: dict[Number, Party] = field(default_factory=dict)
    """Those that entries named so far. INVARIANT: applying a file changes no party that stands."""

    def fault(self, path: str, value: object, expected: str) -> None:
        """Note a fault."""
        self.faults.append(WorldFault(path, value, expected))

    @contextmanager
    def at(self, path: str, value: object) -> Iterator[None]:
        """Note what a room refuses as a fault at `path`."""
        try:
            yield
        except (ValidationProblem, InvalidInput) as refused:
            self.fault(path, value, f"is refused: {refused}")
        except Problem as refused:
            self.fault(path, value, f"is refused: {refused.detail or refused.title}")

    def each_new(
        self,
        section: str,
        entries: Iterable[Entry],
        before: Iterable[Entry],
        *,
        key: Callable[[Entry], Hashable],
        is_same: Callable[[Entry, Entry], bool] = lambda old, new: old == new,
    ) -> Iterator[tuple[str, Entry]]:
        """The entries that do not stand yet, with their paths."""
        known = {key(entry): entry for entry in before}
        for n, entry in enumerate(entries):
            path = f"{section}[{n}]" if section else ""
            old = known.get(key(entry))
            if old is None:
                self.added += 1
                yield path, entry
            elif not is_same(old, entry):
                self.fault(path, _told(key(entry)), f"stands already, and differs: {_told(old)}")

    def organization(self, path: str, number: OrganizationNumber) -> Party | None:
        """The organisation that an entry names; a fault where it is not registered."""
        return self.party(path, number)

    def party(self, path: str, number: Number) -> Party | None:
        """The organisation or person that an entry names; a fault where it is not registered."""
        # SPEED: a world names the same few again and again (benchmarks/start.py).
        party = self.registered.get(number)
        if party is None:
            party = (
                parties.find_organization(self.work, number)
                if isinstance(number, OrganizationNumber)
                else parties.find_person(self.work, number)
            )
            if party is None:
                self.fault(path, number.digits, "is not registered, and not in the file")
            else:
                self.registered[number] = party
        return party

    def free_party_id(self, first: int, digits: str) -> int:
        """A party id that nobody has, found from a number so that it is the same every time."""
        candidate = first + int(digits) % _IDS_EACH
        while parties.find_party_by_id(self.work, candidate) is not None:
            candidate += 1
        return candidate

    def free_user_id(self, digits: str) -> int:
        """A user id that nobody has."""
        candidate = _FIRST_USER + int(digits) % _IDS_EACH
        while parties.find_user(self.work, candidate) is not None:
            candidate += 1
        return candidate


def _told(value: object) -> str:
    parts = value if isinstance(value, tuple) else (value,)
    return " ".join(str(part) for part in parts)


def apply_world(work: Work, catalog: Catalog, world: World, *, before: World) -> int:
    """Bring everything in `world` that is not there into the world; how many entries were new.

    Raises: WorldRefused, with every fault; the work must then be given up.
    """
    applying = Applying(work, catalog, before)
    _add_organizations(applying, world)
    _add_people(applying, world)
    _begin_roles(applying, world)
    _add_scopes(applying, world.scopes)
    _add_clients(applying, world.clients)
    _add_resources(applying, world.resources)
    access_lists.keep(applying, world.access_lists)
    giving.give(applying, world.delegations)
    systems.register(applying, world.systems)
    systems.create_users(applying, world.system_users)
    _add_vat_duties(applying, world.vat_duties)
    _add_vat_registrations(applying, world.vat_registrations)
    _add_domain(applying, world.domain)
    if applying.faults:
        raise WorldRefused(applying.faults)
    if not before.meta and world.meta:
        store.add_facts(work, "meta", [world.meta])
        applying.added += 1
    if applying.added:
        work.record(Change("world-loaded", {"entries": applying.added}))
    return applying.added


def _add_organizations(applying: Applying, world: World) -> None:
    def is_same(old: OrganizationEntry, new: OrganizationEntry) -> bool:
        known = replace(new, uuid=new.uuid or old.uuid, party_id=new.party_id or old.party_id)
        return known == old

    new = applying.each_new(
        "organisations",
        world.organizations,
        applying.before.organizations,
        key=lambda entry: entry.number,
        is_same=is_same,
    )
    # A main unit may stand below its sub-unit in the file; ids that are given are taken first.
    for path, entry in sorted(
        new, key=lambda each: (each[1].parent is not None, each[1].party_id is None)
    ):
        if entry.parent is not None and not applying.organization(
            f"{path}.overordnetEnhet", entry.parent
        ):
            continue
        with applying.at(f"{path}.organisasjonsnummer", entry.number.digits):
            parties.add_organization(
                applying.work,
                NewOrganization(
                    number=entry.number,
                    name=entry.name,
                    form=entry.form,
                    uuid=entry.uuid or uuid4(),
                    party_id=entry.party_id
                    or applying.free_party_id(_FIRST_ORGANIZATION, entry.number.digits),
                    parent=entry.parent,
                    deleted_at=_midnight(entry.deleted_on),
                    bankrupt_at=applying.work.now if entry.is_bankrupt else None,
                    details=entry.details,
                ),
            )


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), tzinfo=UTC)


def _add_people(applying: Applying, world: World) -> None:
    def is_same(old: PersonEntry, new: PersonEntry) -> bool:
        known = replace(
            new,
            uuid=new.uuid or old.uuid,
            party_id=new.party_id or old.party_id,
            user_id=new.user_id or old.user_id,
        )
        return known == old

    new = applying.each_new(
        "persons",
        world.people,
        applying.before.people,
        key=lambda entry: entry.number,
        is_same=is_same,
    )
    for path, entry in sorted(new, key=lambda each: each[1].party_id is None):
        with applying.at(f"{path}.personidentifikator", entry.number.digits):
            parties.add_person(
                applying.work,
                NewPerson(
                    number=entry.number,
                    first_name=entry.first_name,
                    last_name=entry.last_name,
                    uuid=entry.uuid or uuid4(),
                    party_id=entry.party_id
                    or applying.free_party_id(_FIRST_PERSON, entry.number.digits),
                    user_id=entry.user_id or applying.free_user_id(entry.number.digits),
                    details=entry.details,
                ),
            )


def _begin_roles(applying: Applying, world: World) -> None:
    def key(entry: RoleEntry) -> Hashable:
        return (entry.role, entry.giver.digits, entry.holder.digits)

    for path, entry in applying.each_new("roles", world.roles, applying.before.roles, key=key):
        giver = applying.party(f"{path}.enhet", entry.giver)
        holder = applying.party(path, entry.holder)
        if giver is not None and holder is not None:
            with applying.at(path, entry.role):
                parties.begin_role(applying.work, role=entry.role, giver=giver, holder=holder)


def _add_scopes(applying: Applying, scopes: Iterable[Scope]) -> None:
    for path, scope in applying.each_new(
        "maskinportenScopes", scopes, applying.before.scopes, key=lambda scope: scope.name
    ):
        for number in (scope.owner, *sorted(scope.granted_to)):
            applying.organization(path, number)
        with applying.at(f"{path}.scope", scope.name):
            clients.add_scope(applying.work, scope)


def _add_clients(applying: Applying, entries: Iterable[ClientEntry]) -> None:
    def name_of(entry: ClientEntry) -> tuple[str, str]:
        return (entry.organization.digits, entry.name)

    # One whose id is left out is the one that the organisation calls by that name.
    ids = {name_of(entry): entry.client_id for entry in applying.before.clients}
    named = [replace(each, client_id=each.client_id or ids.get(name_of(each))) for each in entries]
    nameless: set[tuple[str, str]] = set()
    for path, entry in applying.each_new(
        "maskinportenClients",
        named,
        applying.before.clients,
        key=lambda entry: entry.client_id or name_of(entry),
    ):
        if entry.client_id is None and name_of(entry) in nameless:
            applying.fault(f"{path}.name", entry.name, "stands twice; give the clients their ids")
        nameless.add(name_of(entry))
        applying.organization(f"{path}.organisation", entry.organization)
        with applying.at(path, entry.client_id or entry.name):
            clients.add_client(
                applying.work,
                organization=entry.organization,
                name=entry.name,
                scopes=entry.scopes,
                token_lifetime_s=entry.token_lifetime_s,
                client_id=entry.client_id,
            )


def _add_resources(applying: Applying, entries: Iterable[ResourceEntry]) -> None:
    for path, entry in applying.each_new(
        "resources",
        entries,
        applying.before.resources,
        key=lambda entry: entry.resource.identifier,
        is_same=lambda old, new: old.written == new.written,
    ):
        owner = applying.organization(f"{path}.owner", entry.resource.owner)
        if owner is None:
            continue
        with applying.at(path, entry.resource.identifier):
            code = str(owner.details.get("orgcode") or "")
            added = resources.add_resource(applying.work, replace(entry.resource, owner_code=code))
            _publish(applying, added, entry)


def _publish(applying: Applying, resource: Resource, entry: ResourceEntry) -> None:
    document = policy_document(entry)
    if document:
        resources.set_policy(applying.work, resource, document)
    store.add_facts(applying.work, "resources", [entry.written])


def policy_document(entry: ResourceEntry) -> bytes:
    """The policy of a resource's entry, as a document."""
    terms = entry.policy
    if not isinstance(terms, PolicyTerms):
        return terms
    return resources.default_policy(
        entry.resource.identifier,
        roles=terms.roles,
        packages=terms.packages,
        actions=terms.actions,
        minimum_level=terms.minimum_level,
    )


def _add_vat_duties(applying: Applying, duties: Iterable[TaxpayerDuty]) -> None:
    def key(duty: TaxpayerDuty) -> Hashable:
        return (duty.organization.digits, duty.obligation.category, duty.obligation.valid_from)

    # The tax service takes all the duties of an organisation at once.
    held = [*applying.before.vat_duties]
    changed: set[OrganizationNumber] = set()
    for path, duty in applying.each_new(
        f"domain.{VAT_DUTIES}", duties, applying.before.vat_duties, key=key
    ):
        applying.organization(f"{path}.org", duty.organization)
        held.append(duty)
        changed.add(duty.organization)
    tax.set_vat_obligations(applying.work, [duty for duty in held if duty.organization in changed])


def _add_vat_registrations(applying: Applying, registrations: Iterable[VatRegistration]) -> None:
    new = []
    for path, registration in applying.each_new(
        f"domain.{VAT_REGISTRATIONS}",
        registrations,
        applying.before.vat_registrations,
        key=lambda each: each.organization.digits,
    ):
        applying.organization(f"{path}.org", registration.organization)
        if registration.reporting_unit is not None:
            applying.organization(f"{path}.reportingUnit", registration.reporting_unit)
        new.append(registration)
    tax.set_vat_registrations(applying.work, new)


def _add_domain(applying: Applying, domain: Mapping[str, tuple[Mapping[str, object], ...]]) -> None:
    for section, facts in domain.items():
        held = applying.before.domain.get(section, ())
        new = [fact for fact in facts if fact not in held]
        store.add_facts(applying.work, section, new)
        applying.added += len(new)
