"""What a standing is worth: the attributes and rights a subject holds towards a party.

Pure functions of the standing and the catalog. Source: Altinn's public documentation of packages,
roles and client delegation; the basis of a link is walked here, at every decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fullmakt.access.decisions.asking import Kind
from fullmakt.access.delegations.rules import PRIVATE_PERSON, is_own_person, usable_roles
from fullmakt.access.parties.model import RIGHT_HOLDER, SystemUserVariant
from fullmakt.access.policy import names
from fullmakt.access.policy.request import StringBag

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fullmakt.access.catalog.model import Catalog
    from fullmakt.access.delegations.model import Right
    from fullmakt.access.delegations.standings import LinkRow, Standing
    from fullmakt.access.policy.request import AttributeName
    from fullmakt.foundation.storage.model import Touch


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a subject holds towards a party, ready to be asked, and the facts it rests on."""

    standing: Standing
    entries: Mapping[AttributeName, StringBag]
    packages: frozenset[str]
    rights: frozenset[Right]
    stamps: tuple[Touch, ...]
    since: int


def is_agent(standing: Standing) -> bool:
    """Whether the subject is a system user for clients."""
    return standing.subject.form == SystemUserVariant.AGENT


def is_closed(standing: Standing) -> bool:
    """Whether the subject, or the organisation that owns it, is deleted."""
    owner = standing.owner
    return standing.subject.is_deleted or (owner is not None and owner.is_deleted)


def holds_up(catalog: Catalog, standing: Standing, link: LinkRow) -> bool:
    """Whether a link's basis stands: the relation, the grant, and the package for that relation."""
    if link.basis_ended is not None or link.grant_ended is not None:
        return False
    if link.basis_role == RIGHT_HOLDER:
        package = catalog.find_package(link.package)
        return package is not None and package.is_delegable
    form = standing.giver(link.client).form
    return link.package in catalog.client_packages(link.basis_role, form)


def packages_held(catalog: Catalog, standing: Standing) -> frozenset[str]:
    """The access packages of the subject towards the party, each from one kind of source."""
    if is_closed(standing):
        return frozenset()
    # SPEC: a person who is an agent has what clients' links give beside what else is held.
    found = {link.package for link in standing.links if holds_up(catalog, standing, link)}
    if is_agent(standing):
        return frozenset(found)
    given = _given_packages(standing)
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
    if is_closed(standing):
        return {}
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
    if is_closed(standing):
        return frozenset()
    usable = {role.assignment for role in usable_roles(catalog, standing)}
    return frozenset(
        grant.right
        for grant in standing.grants
        if grant.right is not None and grant.assignment in usable
    )


def holdings(catalog: Catalog, standing: Standing, *, kind: Kind, since: int) -> Holdings:
    """What a subject named as `kind` holds.

    SPEC: roles are looked up for persons named by number or user id; packages for all but
    organisations named by number; single rights for all.
    """
    packages = packages_held(catalog, standing) if kind is not Kind.ORGANIZATION else frozenset()
    entries = role_entries(roles_held(catalog, standing) if kind is Kind.PERSON else {})
    entries[(names.SUBJECT, names.ACCESS_PACKAGE)] = _bag(packages)
    return Holdings(
        standing=standing,
        entries=entries,
        packages=packages,
        rights=rights_held(catalog, standing),
        stamps=standing.stamps,
        since=since,
    )


def _bag(values: Iterable[str]) -> StringBag:
    return StringBag(sorted(values))
