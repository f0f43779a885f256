"""Systems and system users of a world file, and the clients their agents are linked to."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

from fullmakt.access.delegations import linking
from fullmakt.access.delegations.model import Wanted
from fullmakt.access.parties import service as parties
from fullmakt.access.resources import service as resources
from fullmakt.run.testworld import store
from fullmakt.run.testworld.worldfile.giving import opened_in, rights_of
from fullmakt.systems.system_register import rules
from fullmakt.systems.system_register import service as system_register
from fullmakt.systems.system_users import service as system_users
from fullmakt.systems.system_users.model import SystemUserKind

if TYPE_CHECKING:
    from fullmakt.access.delegations.model import Right
    from fullmakt.access.parties.model import Party
    from fullmakt.foundation.terms.problem import Fault
    from fullmakt.run.testworld.worldfile.applying import Applying
    from fullmakt.run.testworld.worldfile.entries import SystemEntry, SystemUserEntry


def register(applying: Applying, entries: Iterable[SystemEntry]) -> None:
    """Register the systems, held to what a vendor's own registration is held to."""
    for path, entry in applying.each_new(
        "systems", entries, applying.before.systems, key=lambda entry: entry.facts.id
    ):
        faults = _faults_of(applying, entry)
        for fault in faults:
            applying.fault(path, entry.facts.id, f"is refused: {fault.detail or fault.title}")
        if applying.organization(f"{path}.vendor", entry.vendor) is not None and not faults:
            system_register.add_system(
                applying.work, entry.facts, vendor=entry.vendor, internal_id=uuid4()
            )


def _faults_of(applying: Applying, entry: SystemEntry) -> list[Fault]:
    work, facts = applying.work, entry.facts
    named = [pair.value for right in facts.rights for pair in right.pairs]
    found = {each: resources.find_resource(work, each) for each in named}
    types = {each: None if one is None else one.resource_type.value for each, one in found.items()}
    is_taken = system_register.find_system(work, facts.id) is not None
    return [
        *rules.id_faults(facts.id, entry.vendor, is_taken=is_taken),
        *rules.redirect_faults(facts.redirect_urls),
        *rules.repeated_client_faults(facts.client_ids),
        *rules.taken_client_faults(_taken_clients(applying, entry)),
        *rules.right_faults(facts.rights, types),
        *rules.package_faults(facts.packages, applying.catalog, is_visible=facts.is_visible),
    ]


def _taken_clients(applying: Applying, entry: SystemEntry) -> list[str]:
    others = system_register.list_all_systems(applying.work)
    taken = {client for other in others for client in other.facts.client_ids}
    return [client for client in entry.facts.client_ids if client in taken]


def create_users(applying: Applying, entries: Iterable[SystemUserEntry]) -> None:
    """Make the system users, give standard ones their access, and link agents to their clients."""

    def key(entry: SystemUserEntry) -> Hashable:
        reference = entry.external_ref or entry.owner.digits
        return (entry.owner.digits, entry.system_id, reference)

    def is_same(old: SystemUserEntry, new: SystemUserEntry) -> bool:
        known = replace(
            new,
            id=new.id or old.id,
            key=new.key or old.key,
            external_ref=new.external_ref or old.external_ref,
        )
        return _settled(known) == _settled(old)

    for path, entry in applying.each_new(
        "systemUsers", entries, applying.before.system_users, key=key, is_same=is_same
    ):
        owner = applying.organization(f"{path}.reportee", entry.owner)
        rights: set[Right] = set()
        for resource in sorted(entry.resources):
            found = rights_of(applying.work, resource)
            rights |= found
            if not found:
                applying.fault(f"{path}.rights", resource, "is not a resource with a policy")
        if owner is not None:
            _create_user(applying, path, entry, owner, frozenset(rights))


def _settled(entry: SystemUserEntry) -> SystemUserEntry:
    return replace(entry, packages=tuple(sorted(entry.packages)))


def _create_user(
    applying: Applying, path: str, entry: SystemUserEntry, owner: Party, rights: frozenset[Right]
) -> None:
    work = applying.work
    system = system_register.find_system(work, entry.system_id)
    if system is None:
        applying.fault(f"{path}.systemId", entry.system_id, "is not a registered system")
        return
    with applying.at(path, entry.key or entry.title):
        user = system_users.create_system_user(
            work,
            uuid=entry.id or uuid4(),
            system=system,
            owner=owner,
            kind=entry.kind,
            external_ref=entry.external_ref,
            title=entry.title,
            packages=entry.packages,
            rights=rights,
            given_by=owner,
            resources=sorted(entry.resources) if entry.kind is SystemUserKind.AGENT else (),
        )
        if entry.key:
            store.add_facts(work, "systemUserKeys", [{"id": str(user.uuid), "key": entry.key}])
        if entry.kind is SystemUserKind.AGENT:
            agent = parties.find_party(work, user.uuid)
            assert agent is not None, "a system user is a party"
            _link_clients(applying, path, entry, agent=agent, owner=owner)


def _link_clients(
    applying: Applying, path: str, entry: SystemUserEntry, *, agent: Party, owner: Party
) -> None:
    for number in sorted(entry.clients):
        client = applying.organization(f"{path}.clients", number)
        if client is None:
            continue
        with applying.at(f"{path}.clients", number.digits):
            linking.link_client(
                applying.work,
                applying.catalog,
                agent=agent,
                facilitator=owner,
                client=client,
                wanted=Wanted(frozenset(entry.packages), frozenset(entry.resources)),
                opened=opened_in(applying.work, applying.catalog),
            )
