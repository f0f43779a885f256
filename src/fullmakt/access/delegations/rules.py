"""What a relation makes possible: who is a client on which basis, and what somebody may give on.

Pure functions over parties, roles and grants; reading and writing them is in `service.py`.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from fullmakt.access.catalog.model import EntityType
from fullmakt.access.catalog.rules import (
    HeldPackage,
    HeldRole,
    Reach,
    packages_assignable_by,
)
from fullmakt.access.delegations.errors import ClientLacksPackages, ClientNotFound
from fullmakt.access.delegations.model import Client, ClientAccess, PackageCheck
from fullmakt.access.delegations.standings import Standing
from fullmakt.access.parties.model import AGENT, RIGHT_HOLDER, PartyKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fullmakt.access.catalog.model import Catalog
    from fullmakt.access.delegations.model import Grant
    from fullmakt.access.delegations.standings import RoleRow, Unregistered
    from fullmakt.access.parties.model import Party, RoleHeld


ENTITY_TYPES = {
    PartyKind.ORGANIZATION: EntityType.ORGANISATION,
    PartyKind.PERSON: EntityType.PERSON,
    PartyKind.SYSTEM_USER: EntityType.SYSTEM_USER,
}
"""The catalog's word for each kind of party."""

PRIVATE_PERSON = "privatperson"
"""The role that everybody has for themselves; nobody registers it."""


def clients_of(
    catalog: Catalog, roles: Sequence[RoleHeld], grants: Iterable[Grant]
) -> list[Client]:
    """The clients that `roles`, all held by one facilitator, and `grants` on them make, by name."""
    given: dict[int, list[Grant]] = defaultdict(list)
    for grant in grants:
        given[grant.assignment].append(grant)
    access: dict[int, list[ClientAccess]] = defaultdict(list)
    parties: dict[int, Party] = {}
    for held in roles:
        found = _client_access(catalog, held, given[held.assignment.id])
        if found is not None:
            parties[held.giver.id] = held.giver
            access[held.giver.id].append(found)
    clients = [Client(party, tuple(access[inner])) for inner, party in parties.items()]
    return sorted(clients, key=lambda client: (client.party.name, client.party.id))


def _client_access(
    catalog: Catalog, held: RoleHeld, grants: Sequence[Grant]
) -> ClientAccess | None:
    if held.giver.kind is not PartyKind.ORGANIZATION or held.giver.is_deleted:
        return None
    assignment = held.assignment
    if assignment.role != RIGHT_HOLDER:
        packages = catalog.client_packages(assignment.role, held.giver.form)
        return ClientAccess(assignment.role, assignment.id, packages) if packages else None
    rests_on = tuple(
        (grant.package, grant.id)
        for grant in grants
        if grant.package is not None and catalog.package(grant.package).is_delegable
    )
    packages = frozenset(package for package, _ in rests_on)
    return ClientAccess(RIGHT_HOLDER, assignment.id, packages, rests_on) if packages else None


def bases_for(
    client: Client | None, packages: frozenset[str], *, facilitator: Party, named: Party
) -> dict[str, tuple[int, int | None]]:
    """For each package the assignment and, where it was given, the grant that a link will rest on.

    A register role is preferred to a given package. Raises: ClientNotFound, ClientLacksPackages.
    """
    if client is None:
        message = f"`{named.name}` is not a client of `{facilitator.name}`"
        raise ClientNotFound(message)
    bases: dict[str, tuple[int, int | None]] = {}
    for access in client.access:
        rests_on = dict(access.grants)
        for package in packages & access.packages:
            if package not in bases or bases[package][1] is not None:
                bases[package] = (access.assignment, rests_on.get(package))
    missing = packages - bases.keys()
    if missing:
        names = ", ".join(f"`{name}`" for name in sorted(missing))
        roles = ", ".join(sorted({access.role for access in client.access}))
        message = (
            f"`{named.name}` is a client of `{facilitator.name}` as {roles}, which does not give "
            f"{names}; link it to a system user with packages it gives, or have it give them"
        )
        raise ClientLacksPackages(message)
    return bases


def check_packages(
    catalog: Catalog,
    standing: Standing | Unregistered,
    packages: Iterable[str],
    *,
    giver_type: EntityType,
) -> list[PackageCheck]:
    """Whether the subject of `standing` may give each package on for its party, with the reason."""
    held = tuple(_held_facts(catalog, standing)) if isinstance(standing, Standing) else ()
    checks = packages_assignable_by(catalog, giver_type=giver_type, held=held)
    answers = []
    for name in packages:
        check = checks.get(name)
        if check is None:
            answers.append(PackageCheck(name, may_delegate=False, reason="NotForThisGiver"))
        elif check.permitted:
            reason = check.reasons[0]
            answers.append(PackageCheck(name, may_delegate=True, reason=reason, bases=check.bases))
        else:
            reason = check.outcome.value
            answers.append(PackageCheck(name, may_delegate=False, reason=reason))
    return answers


def packages_given_on(
    catalog: Catalog, standing: Standing, *, giver_type: EntityType
) -> frozenset[str]:
    """The packages whose rights the subject may give on, also where the package itself may not.

    SPEC: that is packages held with the right to delegate, and those of a main administrator.
    """
    held = tuple(_held_facts(catalog, standing))
    checks = packages_assignable_by(catalog, giver_type=giver_type, held=held)
    return frozenset(name for name, check in checks.items() if check.bases)


def roles_given_on(catalog: Catalog, standing: Standing) -> frozenset[str]:
    """The roles whose rights the subject may give on: those that let packages be given on.

    So a managing director's, and not an accountant's for its client or a board member's.
    """
    facts = (fact for fact in _held_facts(catalog, standing) if isinstance(fact, HeldRole))
    return frozenset(
        fact.role for fact in facts if catalog.packages_delegable_by(fact.role, fact.giver_form)
    )


def _held_facts(catalog: Catalog, standing: Standing) -> Iterator[HeldRole | HeldPackage]:
    if is_own_person(standing):
        yield HeldRole(PRIVATE_PERSON, standing.party.form, giver=standing.party.id)
    roles = {role.assignment: role for role in usable_roles(catalog, standing)}
    for role in roles.values():
        yield HeldRole(
            role.role,
            standing.giver(role.giver).form,
            Reach.DIRECT if role.via is None else Reach.KEY_ROLE,
            is_from_main_unit=role.giver != standing.party.id,
            giver=role.giver,
            via=None if role.via is None else role.via.id,
        )
    for grant in standing.grants:
        found = roles.get(grant.assignment)
        if found is not None and grant.package is not None:
            yield HeldPackage(
                grant.package,
                standing.giver(found.giver).form,
                Reach.DIRECT if found.via is None else Reach.KEY_ROLE,
                is_from_main_unit=found.giver != standing.party.id,
                giver=found.giver,
                via=None if found.via is None else found.via.id,
            )


def usable_roles(catalog: Catalog, standing: Standing) -> list[RoleRow]:
    """The roles of a standing that count: key roles checked against the form they are held in."""
    return [
        role
        for role in standing.roles
        if role.role != AGENT and (role.via is None or _carries(catalog, standing, role))
    ]


def _carries(catalog: Catalog, standing: Standing, role: RoleRow) -> bool:
    """Whether a role reached through a key role counts.

    SPEC: a share in an inter-municipal company carries nothing, at either step of the chain.
    """
    assert role.via is not None
    is_owners_share = role.role in catalog.key_roles and not catalog.is_key_role(
        role.role, standing.giver(role.giver).form
    )
    return catalog.is_key_role(role.via.role, role.via.form) and not is_owners_share


def is_own_person(standing: Standing) -> bool:
    """Whether a person is asked about towards themselves."""
    return standing.subject.kind is PartyKind.PERSON and standing.subject.id == standing.party.id
