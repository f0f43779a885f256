"""Registering, replacing and retiring systems, and reading the register.

Who asks is checked here: a vendor may touch its own systems, and whoever has the register's
administrator scope all of them. Whether a vendor's token carries the scope of the endpoint has been
checked at the door.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from fullmakt.access.catalog.model import Catalog
from fullmakt.access.resources.service import find_resource
from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.storage.database import Reading, Work
from fullmakt.foundation.storage.model import Change
from fullmakt.foundation.terms import urns
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.foundation.terms.problem import (
    Fault,
    InvalidInput,
    NotAuthorized,
    PlainProblem,
    TextProblem,
    ValidationProblem,
)
from fullmakt.systems.system_register import errors, rules, store
from fullmakt.systems.system_register.model import (
    ChangedFacts,
    ChangeType,
    RegisteredSystem,
    ServiceRight,
    SystemChange,
    SystemFacts,
)

ADMIN_SCOPE = "altinn:authentication/systemregister.admin"


def find_system(reading: Reading, system_id: str) -> RegisteredSystem | None:
    """The system with the id its vendor chose, retired ones too."""
    return store.find_system(reading, system_id)


def get_system(reading: Reading, system_id: str) -> RegisteredSystem:
    """As `find_system`. Raises: PlainProblem (404)."""
    system = store.find_system(reading, system_id)
    if system is None:
        raise PlainProblem(404, "Not Found", f"no system has id `{system_id}`")
    return system


def get_system_by_key(reading: Reading, key: int) -> RegisteredSystem:
    """The system that a row of another room refers to."""
    return store.get_system_by_key(reading, key)


def list_all_systems(reading: Reading) -> list[RegisteredSystem]:
    """Every system that is not retired, in the order they were registered."""
    return store.list_all_systems(reading)


def list_visible_systems(reading: Reading) -> list[RegisteredSystem]:
    """The systems that customers may choose among."""
    return store.list_visible_systems(reading)


def list_systems_of_caller(reading: Reading, caller: Caller) -> list[RegisteredSystem]:
    """The caller's own systems, hidden ones too. Raises: NotAuthorized."""
    if caller.organization is None:
        message = "the token names no organisation (claim `consumer`)"
        raise NotAuthorized(message)
    return store.list_systems_of(reading, caller.organization)


def get_system_for(reading: Reading, system_id: str, caller: Caller) -> RegisteredSystem:
    """A system that the caller may see as its vendor, retired ones too.

    Raises: PlainProblem (404), NotAuthorized.
    """
    system = get_system(reading, system_id)
    check_owner(system.vendor, caller)
    return system


def check_owner(vendor: OrganizationNumber, caller: Caller) -> None:
    """Refuse whoever is neither `vendor` nor administrator of the register. Raises: NotAuthorized.

    QUIRK: the original looks for the administrator's scope as a part of the scope text, in any
    letter case. Mended: the scope must be there exactly
    (test_a_scope_that_only_contains_the_administrators_does_not_help).
    """
    if caller.organization != vendor and ADMIN_SCOPE not in caller.scopes:
        whose = f"that of `{caller.organization}`" if caller.organization else "no organisation's"
        message = f"the system belongs to `{vendor}`; the token is {whose}"
        raise NotAuthorized(message)


def register_system(
    work: Work,
    catalog: Catalog,
    facts: SystemFacts,
    *,
    vendor: OrganizationNumber,
    caller: Caller,
    internal_id: UUID,
) -> RegisteredSystem:
    """Register a new system. Raises: NotAuthorized, ValidationProblem with every fault found."""
    faults = [
        *rules.id_faults(facts.id, vendor, is_taken=store.find_system(work, facts.id) is not None),
        *rules.redirect_faults(facts.redirect_urls),
        *rules.taken_client_faults(store.list_client_ids_in_use(work, facts.client_ids)),
        *_right_faults(work, facts.rights),
        *rules.package_faults(facts.packages, catalog, is_visible=facts.is_visible),
    ]
    check_owner(vendor, caller)
    _refuse_on(faults)
    return add_system(
        work, facts, vendor=vendor, internal_id=internal_id, client_id=caller.client_id
    )


def add_system(
    work: Work,
    facts: SystemFacts,
    *,
    vendor: OrganizationNumber,
    internal_id: UUID,
    client_id: str | None = None,
) -> RegisteredSystem:
    """Put a system that holds into the register, with the first line of its change log."""
    system = store.add_system(work, facts, vendor=vendor, internal_id=internal_id)
    change = SystemChange(ChangeType.CREATE, facts, vendor, client_id, work.now)
    _record(work, system, change)
    return system


def replace_system(
    work: Work,
    catalog: Catalog,
    system_id: str,
    facts: SystemFacts,
    *,
    vendor_id: str,
    caller: Caller,
) -> None:
    """Replace all that is registered of a system.

    QUIRK: the original checks neither addresses nor client ids' form here. Mended: the addresses
    must hold as they must at creation (test_a_replacement_checks_redirect_urls_like_a_creation).
    Raises: TextProblem (404, 400), NotAuthorized, ValidationProblem.
    """
    system = store.find_system(work, system_id)
    if system is None:
        raise _unknown_in_text(system_id)
    check_owner(system.vendor, caller)
    if vendor_id != system.vendor.iso6523:
        raise _unknown_in_text(system_id)
    if facts.id != system_id:
        detail = f"the body is about `{facts.id}`, the address about `{system_id}`"
        raise ValidationProblem(errors.ID_CHANGED.fault(detail))
    _check_not_deleted(system)
    taken = store.list_client_ids_in_use(work, facts.client_ids, but_by=system.key)
    _refuse_on(
        [
            *rules.redirect_faults(facts.redirect_urls),
            *_right_faults(work, facts.rights),
            *rules.package_faults(facts.packages, catalog, is_visible=facts.is_visible),
            *rules.repeated_client_faults(facts.client_ids),
            *rules.taken_client_faults(taken),
        ]
    )
    _store_change(work, replace(system, facts=facts), ChangeType.UPDATE, facts, caller)


def replace_rights(
    work: Work, system_id: str, rights: Sequence[ServiceRight], *, caller: Caller
) -> None:
    """Replace the single services of a system. Raises: as `replace_system`."""
    system = _get_own(work, system_id, caller)
    _check_not_deleted(system)
    _refuse_on(_right_faults(work, rights))
    facts = replace(system.facts, rights=tuple(rights))
    _store_change(work, replace(system, facts=facts), ChangeType.RIGHTS, facts.rights, caller)


def replace_packages(
    work: Work, catalog: Catalog, system_id: str, packages: Sequence[str], *, caller: Caller
) -> None:
    """Replace the packages of a system. Raises: as `replace_system`."""
    system = _get_own(work, system_id, caller)
    _check_not_deleted(system)
    _refuse_on(rules.package_faults(packages, catalog, is_visible=system.facts.is_visible))
    facts = replace(system.facts, packages=tuple(packages))
    _store_change(work, replace(system, facts=facts), ChangeType.PACKAGES, facts.packages, caller)


def retire_system(work: Work, system_id: str, *, caller: Caller) -> None:
    """Retire a system: its id stays taken, its clients are let go, its system users get no token.

    QUIRK: the original answers 400 for a system without clients, having retired it. Mended: 200
    (test_a_system_without_clients_is_retired_like_any_other).
    Raises: InvalidInput (unknown), NotAuthorized, PlainProblem (400, retired before).
    """
    system = store.find_system(work, system_id)
    if system is None:
        raise InvalidInput({"return": ("System not found",)})
    check_owner(system.vendor, caller)
    if system.is_deleted:
        raise PlainProblem(400, "Bad Request", f"system `{system_id}` is deleted already")
    store.end_system(work, system)
    _record(work, system, _change(work, system, ChangeType.DELETE, None, caller))


def list_changes(
    reading: Reading, system_id: str, caller: Caller
) -> tuple[RegisteredSystem, list[SystemChange]]:
    """A system and its change log, newest first. Raises: TextProblem (404), NotAuthorized."""
    system = store.find_system(reading, system_id)
    if system is None:
        raise TextProblem(404, f"System with ID {system_id} not found.")
    check_owner(system.vendor, caller)
    return system, store.list_changes(reading, system)


def _get_own(work: Work, system_id: str, caller: Caller) -> RegisteredSystem:
    """The system, for the two partial replacements.

    QUIRK: the original fails with 500 when there is none. Mended: 404
    (test_rights_of_an_unknown_system_cannot_be_replaced).
    """
    system = store.find_system(work, system_id)
    if system is None:
        raise _unknown_in_text(system_id)
    check_owner(system.vendor, caller)
    return system


def _unknown_in_text(system_id: str) -> TextProblem:
    return TextProblem(404, f"System with ID '{system_id}' not found.")


def _check_not_deleted(system: RegisteredSystem) -> None:
    if system.is_deleted:
        raise TextProblem(400, "Cannot update a system marked as deleted.")


def _right_faults(reading: Reading, rights: Sequence[ServiceRight]) -> list[Fault]:
    named = {pair.value for right in rights for pair in right.pairs if pair.id == urns.RESOURCE}
    return rules.right_faults(rights, {value: _type_of(reading, value) for value in sorted(named)})


def _type_of(reading: Reading, identifier: str) -> str | None:
    resource = find_resource(reading, identifier)
    return None if resource is None else resource.resource_type.value


def _refuse_on(faults: Iterable[Fault]) -> None:
    found = list(faults)
    if found:
        raise ValidationProblem(*found)


def _store_change(
    work: Work, system: RegisteredSystem, kind: ChangeType, facts: ChangedFacts, caller: Caller
) -> None:
    store.replace_system(work, system)
    _record(work, system, _change(work, system, kind, facts, caller))


def _change(
    work: Work, system: RegisteredSystem, kind: ChangeType, facts: ChangedFacts, caller: Caller
) -> SystemChange:
    return SystemChange(
        kind, facts, caller.organization or system.vendor, caller.client_id, work.now
    )


def _record(work: Work, system: RegisteredSystem, change: SystemChange) -> None:
    store.add_change(work, system, change)
    facts = {"system": system.id, "vendor": system.vendor.digits, "change": change.kind.value}
    work.record(Change("system-changed", facts))
