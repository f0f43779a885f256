"""What a standing is worth: the attributes and rights a subject holds towards a party.

Pure functions of the standing and the catalog. Source: Altinn's public documentation of packages,
roles and client delegation; the basis of a link is walked here, at every decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fullmakt.access.decisions.asking import Kind
from fullmakt.access.delegations.rules import (
    PRIVATE_PERSON,
    gives,
    is_own_person,
    roles_with_rights,
    usable_roles,
)
from fullmakt.access.parties.model import RIGHT_HOLDER, SystemUserVariant
from fullmakt.access.policy import names
from fullmakt.access.policy.request import StringBag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fullmakt.access.catalog.model import Catalog
    from fullmakt.access.delegations.model import Right
    from fullmakt.access.delegations.standings import LinkRow, Standing
    from fullmakt.access.policy.request import AttributeName, Entry


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a subject holds towards a party, ready to be asked, and the facts it rests on.

    `conditional` are single rights held while the policy opens them to the attributes beside.
    """

    standing: Standing
    entries: Mapping[AttributeName, Entry]
    packages: frozenset[str]
    rights: frozenset[Right]
    conditional: tuple[ConditionalRight, ...]


@dataclass(frozen=True, slots=True)
class ConditionalRight:
    """A single right on a client link whose relation gives it by a role or a package.

    It is held while the resource's policy opens it to `entries`, what the relation gives.
    """

    right: Right
    entries: Mapping[AttributeName, StringBag]


def is_agent(standing: Standing) -> bool:
    """Whether the subject is a system user for clients."""
    return standing.subject.form == SystemUserVariant.AGENT


def holds_up(catalog: Catalog, standing: Standing, link: LinkRow) -> bool:
    """Whether a link's basis stands: the relation, the grant, and the package for that relation.

    Whether a relation gives a single right is asked of the policy, when the right is.
    """
    if link.basis_ended is not None or link.grant_ended is not None:
        return False
    if standing.is_past(link.facilitator_deleted_at):
        return False
    if not gives(catalog, standing, link.client, link.basis_role):
        return False
    if link.package is None:
        return True
    if link.basis_role == RIGHT_HOLDER:
        return _is_delegable(catalog, link.package)
    form = standing.giver(link.client).form
    return link.package in catalog.client_packages(link.basis_role, form)


def _is_delegable(catalog: Catalog, name: str) -> bool:
    package = catalog.find_package(name)
    return package is not None and package.is_delegable


def standing_links(catalog: Catalog, standing: Standing) -> Iterator[LinkRow]:
    """The links that stand, their basis walked."""
    if not standing.is_closed:
        yield from (link for link in standing.links if holds_up(catalog, standing, link))


def packages_held(catalog: Catalog, standing: Standing) -> frozenset[str]:
    """The access packages of the subject towards the party, each from one kind of source."""
    # SPEC: a person who is an agent has what clients' links give beside what else is held.
    links = standing_links(catalog, standing)
    found = {link.package for link in links if link.package is not None}
    given = _given_packages(standing)
    # SPEC: an agent may have its own firm as a client ("self"): what the firm gave it stands as
    # grants, not as links.
    for role in usable_roles(catalog, standing):
        if role.role == RIGHT_HOLDER:
            found |= given.get(role.assignment, set())
        else:
            form = standing.giver(role.giver).form
            found |= catalog.packages_with_access(role.role, form)
    if is_own_person(standing):
        found |= catalog.packages_with_access(PRIVATE_PERSON, standing.party.form)
    return frozenset(found)


def _given_packages(standing: Standing) -> Mapping[int, set[str]]:
    given: dict[int, set[str]] = {}
    for grant in standing.grants:
        if grant.package is not None:
            given.setdefault(grant.assignment, set()).add(grant.package)
    return given


def roles_held(catalog: Catalog, standing: Standing) -> Mapping[str, frozenset[str]]:
    """The role attributes of the subject towards the party: attribute id to codes."""
    codes = [role.role for role in usable_roles(catalog, standing)]
    if is_own_person(standing):
        codes.append(PRIVATE_PERSON)
    return merged_roles(catalog, codes)


def merged_roles(catalog: Catalog, codes: Iterable[str]) -> Mapping[str, frozenset[str]]:
    """The attributes that a holder of all these roles is known by: attribute id to codes."""
    merged: dict[str, frozenset[str]] = {}
    for code in codes:
        for attribute, values in catalog.role_identifiers(code).items():
            merged[attribute] = merged.get(attribute, frozenset()) | values
    return merged


def role_entries(roles: Mapping[str, frozenset[str]]) -> dict[AttributeName, StringBag]:
    """Role attributes as a policy is asked with them."""
    return {(names.SUBJECT, attribute): _bag(values) for attribute, values in roles.items()}


def rights_held(catalog: Catalog, standing: Standing) -> frozenset[Right]:
    """The single rights given to the subject, or to an organisation it has a key role in."""
    usable = {role.assignment for role in roles_with_rights(catalog, standing)}
    return frozenset(
        grant.right
        for grant in standing.grants
        if grant.right is not None and grant.assignment in usable
    )


def linked_rights(
    catalog: Catalog, standing: Standing
) -> tuple[frozenset[Right], tuple[ConditionalRight, ...]]:
    """The single rights on client links that stand: those the client gave, and the others."""
    given: set[Right] = set()
    conditional: list[ConditionalRight] = []
    for link in standing_links(catalog, standing):
        if link.right is None:
            continue
        if link.grant is not None and link.grant_package is None:
            given.add(link.right)
        else:
            entries = basis_entries(
                catalog,
                role=None if link.grant is not None else link.basis_role,
                packages=basis_packages(catalog, standing, link),
            )
            conditional.append(ConditionalRight(link.right, entries))
    return frozenset(given), tuple(conditional)


def basis_packages(catalog: Catalog, standing: Standing, link: LinkRow) -> frozenset[str]:
    """The packages that the basis of a link gives an agent."""
    if link.grant_package is not None:
        is_delegable = _is_delegable(catalog, link.grant_package)
        return frozenset({link.grant_package} if is_delegable else ())
    return catalog.client_packages(link.basis_role, standing.giver(link.client).form)


def basis_entries(
    catalog: Catalog, *, role: str | None, packages: Iterable[str]
) -> Mapping[AttributeName, StringBag]:
    """What a relation is to a policy: the attributes of a role, and of packages."""
    attributes = {} if role is None else catalog.role_identifiers(role)
    entries = {(names.SUBJECT, attribute): _bag(codes) for attribute, codes in attributes.items()}
    entries[names.SUBJECT, names.ACCESS_PACKAGE] = _bag(packages)
    return entries


def holdings(
    catalog: Catalog,
    standing: Standing,
    *,
    kind: Kind,
    has_single_services: bool = True,
) -> Holdings:
    """What a subject named as `kind` holds.

    `has_single_services`: whether agents can have single rights for clients.
    SPEC: roles are looked up for persons named by number or user id; packages for all but
    organisations named by number; single rights for all.
    """
    packages = packages_held(catalog, standing) if kind is not Kind.ORGANIZATION else frozenset()
    entries: dict[AttributeName, Entry] = {
        **role_entries(roles_held(catalog, standing) if kind is Kind.PERSON else {}),
        (names.SUBJECT, names.ACCESS_PACKAGE): _bag(packages),
    }
    rights = rights_held(catalog, standing)
    conditional: tuple[ConditionalRight, ...] = ()
    if has_single_services:
        linked, conditional = linked_rights(catalog, standing)
        rights |= linked
    return Holdings(
        standing=standing,
        entries=entries,
        packages=packages,
        rights=rights,
        conditional=conditional,
    )


def _bag(values: Iterable[str]) -> StringBag:
    return StringBag(sorted(values))
