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
from fullmakt.access.delegations.model import (
    Client,
    ClientAccess,
    ClientSearch,
    PackageCheck,
    Right,
)
from fullmakt.access.delegations.standings import Standing, owner_reach_ends
from fullmakt.access.parties.model import AGENT, RIGHT_HOLDER, TRUSTEE, PartyKind
from fullmakt.access.parties.rules import run_together

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from fullmakt.access.catalog.model import Catalog
    from fullmakt.access.delegations.model import Carried, Grant, Openings, Wanted
    from fullmakt.access.delegations.standings import RoleRow, Unregistered, Via
    from fullmakt.access.parties.model import Party, RoleHeld


ENTITY_TYPES = {
    PartyKind.ORGANIZATION: EntityType.ORGANISATION,
    PartyKind.PERSON: EntityType.PERSON,
    PartyKind.SYSTEM_USER: EntityType.SYSTEM_USER,
}
"""The catalog's word for each kind of party."""

PRIVATE_PERSON = "privatperson"
"""The role that everybody has for themselves; nobody registers it."""


OWNER_REACH = frozenset({"regnskapsforer", "revisor"})
"""The roles in a sole proprietorship whose holders reach its owner as a person, too."""


def clients_of(
    catalog: Catalog, roles: Sequence[RoleHeld], grants: Iterable[Grant], *, at: datetime
) -> list[Client]:
    """The clients that `roles`, all held by one facilitator, and `grants` on them make, by name."""
    given: dict[int, list[Grant]] = defaultdict(list)
    for grant in grants:
        given[grant.assignment].append(grant)
    access: dict[int, list[ClientAccess]] = defaultdict(list)
    parties: dict[int, Party] = {}
    for held in roles:
        if held.giver.is_gone(at=at):
            continue
        found = _client_access(catalog, held, given[held.assignment.id])
        if found is not None:
            parties[held.giver.id] = held.giver
            access[held.giver.id].append(found)
    clients = [Client(party, tuple(access[inner])) for inner, party in parties.items()]
    return sorted(clients, key=lambda client: (client.party.name, client.party.id))


def _client_access(
    catalog: Catalog, held: RoleHeld, grants: Sequence[Grant]
) -> ClientAccess | None:
    if held.giver.kind is not PartyKind.ORGANIZATION:
        return None
    assignment = held.assignment
    if assignment.role != RIGHT_HOLDER:
        packages = catalog.client_packages(assignment.role, held.giver.form)
        return ClientAccess(assignment.role, assignment.id, packages) if packages else None
    rests_on: tuple[tuple[Carried, int], ...] = tuple(
        (given, grant.id)
        for grant in grants
        if (given := grant.right or grant.package) is not None
        and (isinstance(given, Right) or catalog.package(given).is_delegable)
    )
    packages = frozenset(given for given, _ in rests_on if isinstance(given, str))
    return ClientAccess(RIGHT_HOLDER, assignment.id, packages, rests_on) if rests_on else None


def read_search(text: str) -> ClientSearch:
    """What is searched for: a number, however it is grouped, or words in any order."""
    digits = "".join(letter for letter in text if letter.isdigit())
    signs = [letter for letter in text if not letter.isdigit()]
    if digits and all(sign.isspace() or sign in _BETWEEN_DIGITS for sign in signs):
        return ClientSearch(digits=run_together(digits))
    return ClientSearch(words=tuple(word for part in text.split() if (word := run_together(part))))


_BETWEEN_DIGITS = "-.\u2013"

Basis = tuple[int, int | None]
"""The assignment and, where something was given, the grant that a link rests on."""


def bases_for(
    client: Client | None,
    wanted: Wanted,
    *,
    opened: Openings,
    facilitator: Party,
    named: Party,
) -> dict[Carried, Basis]:
    """What a link with each package, and with each right to the services, will rest on.

    A register role is preferred to what was given. The client must give every package, and
    something on every service. Raises: ClientNotFound, ClientLacksPackages.
    """
    if client is None:
        message = f"`{named.name}` is not a client of `{facilitator.name}`"
        raise ClientNotFound(message)
    bases = _bases(client, wanted, opened)
    missing = _missing(wanted, bases)
    if missing:
        names = ", ".join(f"`{name}`" for name in missing)
        roles = ", ".join(sorted({access.role for access in client.access}))
        message = (
            f"`{named.name}` is a client of `{facilitator.name}` as {roles}, which does not give "
            f"{names}; link it to a system user with what it gives, or have it give the rest"
        )
        raise ClientLacksPackages(message)
    return bases


def missing_for(client: Client, wanted: Wanted, *, opened: Openings) -> list[str]:
    """What a client would have to give before it can be linked: packages, then services."""
    return _missing(wanted, _bases(client, wanted, opened))


def _bases(client: Client, wanted: Wanted, opened: Openings) -> dict[Carried, Basis]:
    bases: dict[Carried, Basis] = {}
    by_role_first = sorted(client.access, key=lambda access: access.role == RIGHT_HOLDER)
    for access in by_role_first:
        rests_on = dict(access.grants)
        for package in wanted.packages & access.packages:
            bases.setdefault(package, (access.assignment, rests_on.get(package)))
        for resource in sorted(wanted.resources):
            for action, grant in _rights_on(resource, access, opened):
                bases.setdefault(Right(resource, action), (access.assignment, grant))
    return bases


def _missing(wanted: Wanted, bases: Iterable[Carried]) -> list[str]:
    has = list(bases)
    reached = {each.resource for each in has if isinstance(each, Right)}
    return [*sorted(wanted.packages - set(has)), *sorted(wanted.resources - reached)]


def gives_something(client: Client, wanted: Wanted, *, opened: Openings) -> bool:
    """Whether a client gives at least one of the packages, or a right to one of the services."""
    if client.packages & wanted.packages:
        return True
    return any(
        True
        for access in client.access
        for resource in wanted.resources
        for _ in _rights_on(resource, access, opened)
    )


def _rights_on(
    resource: str, access: ClientAccess, opened: Openings
) -> Iterator[tuple[str, int | None]]:
    """The actions on a resource that a relation gives, each with the grant it rests on."""
    if access.role != RIGHT_HOLDER:
        for action in sorted(opened(resource, role=access.role, packages=access.packages)):
            yield action, None
        return
    for given, grant in access.grants:
        if isinstance(given, Right) and given.resource == resource:
            yield given.action, grant
    for given, grant in access.grants:
        if isinstance(given, str):
            for action in sorted(opened(resource, role=None, packages=frozenset({given}))):
                yield action, grant


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
    """The roles of a standing that count: each link of the chain is there, and may carry."""
    return [role for role in _counted(catalog, standing) if role.via is None or _is_own(role.via)]


def roles_with_rights(catalog: Catalog, standing: Standing) -> list[RoleRow]:
    """As `usable_roles`, with those whose single rights alone count.

    SPEC: single rights given to a sub-unit are held by those with a key role in its main unit.
    """
    return list(_counted(catalog, standing))


def _is_own(via: Via) -> bool:
    return not via.is_sub_unit


def _counted(catalog: Catalog, standing: Standing) -> Iterator[RoleRow]:
    if standing.is_closed:
        return
    for role in standing.roles:
        if (
            role.role != AGENT
            and gives(catalog, standing, role.giver, role.role)
            and (role.via is None or _carries(catalog, standing, role, role.via))
        ):
            yield role


def gives(catalog: Catalog, standing: Standing, giver: int, role: str) -> bool:
    """Whether what the party, its main unit or its enterprise gave with `role` counts.

    SPEC: a sole proprietorship's accountants and auditors reach its owner, until two years after
    it was deleted; nothing else of it does.
    """
    actor = standing.giver(giver)
    if actor in standing.enterprises:
        ended = actor.deleted_at
        return role in OWNER_REACH and (ended is None or standing.now < owner_reach_ends(ended))
    return not standing.is_gone(actor) and not is_displaced(
        catalog, role, is_bankrupt=actor.is_bankrupt
    )


def is_displaced(catalog: Catalog, role: str, *, is_bankrupt: bool) -> bool:
    """Whether bankruptcy took the role's power: those who ran the organisation no longer do."""
    return is_bankrupt and role in catalog.key_roles and role != TRUSTEE


def _carries(catalog: Catalog, standing: Standing, role: RoleRow, via: Via) -> bool:
    """Whether a role reached through a key role counts.

    SPEC: a share in an inter-municipal company carries nothing, at either step of the chain.
    """
    is_owners_share = role.role in catalog.key_roles and not catalog.is_key_role(
        role.role, standing.giver(role.giver).form
    )
    return (
        catalog.is_key_role(via.role, via.form)
        and not is_owners_share
        and not standing.is_gone(via)
        and not is_displaced(catalog, via.role, is_bankrupt=via.is_bankrupt)
    )


def is_own_person(standing: Standing) -> bool:
    """Whether a living person is asked about towards themselves."""
    is_same = standing.subject.kind is PartyKind.PERSON and standing.subject.id == standing.party.id
    return is_same and not standing.is_closed
