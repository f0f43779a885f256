"""The register's changes, one at a time: what the control surface lets a test do to the world.

Entries are those of a world file and are held to the same; a fault is told at its path.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from fullmakt.access.delegations import agents
from fullmakt.access.delegations import service as delegations
from fullmakt.access.parties import service as parties
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.run.testworld.worldfile.applying import apply_world
from fullmakt.run.testworld.worldfile.entries import World
from fullmakt.run.testworld.worldfile.giving import rights_of
from fullmakt.run.testworld.worldfile.members import WorldFault, WorldRefused

if TYPE_CHECKING:
    from fullmakt.access.catalog.model import Catalog
    from fullmakt.access.delegations.model import Delegated
    from fullmakt.access.parties.model import Assignment, Party
    from fullmakt.credentials.clients.model import Scope
    from fullmakt.foundation.storage.database import Work
    from fullmakt.run.testworld.control_wire import RoleBody, StatusBody
    from fullmakt.run.testworld.worldfile.entries import (
        DelegationEntry,
        Number,
        OrganizationEntry,
        PersonEntry,
    )


def _add(work: Work, catalog: Catalog, entry: World, section: str) -> None:
    try:
        apply_world(work, catalog, entry, before=World())
    except WorldRefused as refused:
        alone = f"{section}[0]"
        raise WorldRefused(
            [
                WorldFault(fault.path.removeprefix(alone).lstrip("."), fault.value, fault.expected)
                for fault in refused.world_faults
            ]
        ) from None


def add_organization(work: Work, catalog: Catalog, entry: OrganizationEntry) -> Party:
    """Register an organisation. Raises: WorldRefused."""
    _add(work, catalog, World(organizations=(entry,)), "organisations")
    return parties.get_organization(work, entry.number)


def add_person(work: Work, catalog: Catalog, entry: PersonEntry) -> Party:
    """Register a person. Raises: WorldRefused."""
    _add(work, catalog, World(people=(entry,)), "persons")
    person = parties.find_person(work, entry.number)
    assert person is not None, "registered just now"
    return person


def add_scope(work: Work, catalog: Catalog, scope: Scope) -> None:
    """Register a scope. Raises: WorldRefused."""
    _add(work, catalog, World(scopes=(scope,)), "maskinportenScopes")


def change_status(work: Work, wish: StatusBody) -> list[Delegated]:
    """Let the register say that somebody is deleted or bankrupt, or no longer.

    What agents had of an organisation, or through it, and lose now that it is deleted.
    Raises: WorldRefused.
    """
    party = _party(work, "party", wish.party)
    deleted_at = None
    if wish.deleted_on is not None:
        deleted_at = datetime.combine(wish.deleted_on, time(), tzinfo=UTC)
    bankrupt_at = party.bankrupt_at or work.now
    changed = parties.change_status(
        work,
        party,
        deleted_at=deleted_at,
        bankrupt_at=bankrupt_at if wish.is_bankrupt else None,
    )
    if not changed.is_gone(at=work.now) or party.is_gone(at=work.now):
        return []
    as_client = agents.list_delegated(work, client=party)
    return [*as_client, *agents.list_delegated(work, facilitator=party)]


def begin_role(work: Work, wish: RoleBody) -> Assignment:
    """Begin a register role. Raises: WorldRefused, RoleAlreadyHeld."""
    giver, holder = _party(work, "from", wish.giver), _party(work, "to", wish.holder)
    return parties.begin_role(work, role=wish.role, giver=giver, holder=holder)


def end_role(work: Work, wish: RoleBody) -> Assignment:
    """End a register role; what rests on it falls. Raises: WorldRefused, RoleNotHeld."""
    giver, holder = _party(work, "from", wish.giver), _party(work, "to", wish.holder)
    return parties.end_role(work, role=wish.role, giver=giver, holder=holder)


def give(work: Work, catalog: Catalog, entry: DelegationEntry) -> None:
    """Give packages and single services, as a person who may. Raises: WorldRefused."""
    _add(work, catalog, World(delegations=(entry,)), "delegations")


def withdraw(work: Work, entry: DelegationEntry) -> None:
    """Take back packages and single services. Raises: WorldRefused, NotGiven."""
    giver, by = _party(work, "from", entry.giver), _party(work, "givenBy", entry.given_by)
    receiver = _party(work, "to", entry.receiver)
    rights = frozenset(right for resource in entry.resources for right in rights_of(work, resource))
    delegations.withdraw(
        work,
        giver=giver,
        receiver=receiver,
        packages=entry.packages,
        rights=rights,
        withdrawn_by=by,
    )


def _party(work: Work, path: str, number: Number) -> Party:
    found = (
        parties.find_organization(work, number)
        if isinstance(number, OrganizationNumber)
        else parties.find_person(work, number)
    )
    if found is None:
        raise WorldRefused([WorldFault(path, number.digits, "is not registered")])
    return found
