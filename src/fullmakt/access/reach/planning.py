"""Which passes through the world find everybody that a supposition bears on, and few others."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from fullmakt.access.delegations import service as delegations
from fullmakt.access.delegations.pages import every
from fullmakt.access.delegations.rules import PRIVATE_PERSON
from fullmakt.access.delegations.touching import (
    GivenTo,
    GivenWhat,
    LinkedTo,
    Those,
    list_behind,
)
from fullmakt.access.parties import service as parties
from fullmakt.access.parties.model import AGENT
from fullmakt.access.policy import names
from fullmakt.access.policy.whom import concerned_by_change
from fullmakt.access.reach.beginning import BegunRole
from fullmakt.access.reach.naming import find_named_outright, narrowest
from fullmakt.access.reach.passes import Around, OfEverybody, OfOne, OfOneself, OfSome
from fullmakt.access.reach.supposing import EndedRole, OtherPackages, OtherPolicy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fullmakt.access.catalog.model import Catalog
    from fullmakt.access.policy.outline import SubjectChoice
    from fullmakt.access.policy.whom import Concerned
    from fullmakt.access.reach.passes import Pass
    from fullmakt.access.reach.supposing import Supposed
    from fullmakt.access.resources.shelf import ShelvedPolicy
    from fullmakt.foundation.storage.database import Reading


def passes_for(
    reading: Reading, catalog: Catalog, supposed: Supposed, *, standing_policy: ShelvedPolicy | None
) -> list[Pass]:
    """The passes to make. `standing_policy` is the one that another is supposed for."""
    match supposed:
        case OtherPolicy():
            if standing_policy is None:
                return []
            before, after = standing_policy.compiled.policy, supposed.policy.compiled.policy
            identifier = supposed.policy.identifier
            concerned = concerned_by_change(before, after, identifier)
            return list(_for_policy(reading, catalog, concerned, identifier))
        case OtherPackages():
            return list(_for_packages(supposed))
        case EndedRole() | BegunRole():
            return list(_for_role(reading, catalog, supposed))
        case _:
            assert_never(supposed)


def _for_policy(
    reading: Reading, catalog: Catalog, concerned: Concerned, resource: str
) -> Iterator[Pass]:
    """Whoever a changed rule lets in or keeps out: by what parties gave, by name, or everybody."""
    rules = None if concerned.is_anybody else concerned.rules
    named = find_named_outright(reading, rules)
    if named is None:
        yield OfEverybody()
        return
    choices = {choice for rule in concerned.rules for choice in narrowest(rule) or ()}
    roles, packages = _roles_with(catalog, choices), _packages_in(choices)
    giving = GivenWhat(roles, packages, resource if concerned.has_rights else None)
    subjects = frozenset(named)
    yield Around(giving, but_subjects=subjects)
    if PRIVATE_PERSON in roles:
        yield OfOneself(giving, but_subjects=subjects)
    if subjects:
        yield OfSome(subjects)


def _packages_in(choices: Iterable[SubjectChoice]) -> frozenset[str]:
    return frozenset(each.value for each in choices if each.attribute_id == names.ACCESS_PACKAGE)


def _roles_with(catalog: Catalog, choices: set[SubjectChoice]) -> frozenset[str]:
    """The roles whose holders have one of the attributes: a package it gives, or a code."""
    packages = _packages_in(choices)
    wanted = {(each.attribute_id, each.value) for each in choices}
    by_package = {
        row.role
        for row in catalog.facts.role_packages
        if row.has_access and row.package.lower() in packages
    }
    by_code = {
        role.code
        for role in catalog.facts.roles
        for attribute, codes in catalog.role_identifiers(role.code).items()
        if any((attribute, code.lower()) in wanted for code in codes)
    }
    return frozenset(by_package | by_code)


def _for_packages(supposed: OtherPackages) -> Iterator[Pass]:
    if supposed.role == PRIVATE_PERSON:
        yield OfOneself(GivenWhat())
    else:
        yield Around(GivenWhat(frozenset({supposed.role}), form=supposed.form))


def _for_role(
    reading: Reading, catalog: Catalog, supposed: BegunRole | EndedRole
) -> Iterator[Pass]:
    """Around the giver and what it reaches, and of the holder where that acts as the giver.

    A new owner of an enterprise is met by whoever holds something of that.
    """
    giver, holder = _ends(supposed)
    near = {giver, *(party for _, party in list_behind(reading, giver))}
    beside: set[int] = set()
    if isinstance(supposed, BegunRole):
        beside = {holder, *supposed.through}
        if supposed.makes_an_owner:
            near.add(holder)
            beside |= _holders(reading, catalog, giver)
    yield Around(Those(frozenset(near)), and_subjects=frozenset(beside))
    if supposed.is_key_role:
        to_giver = GivenTo(giver, frozenset(supposed.units))
        yield OfOne(holder, to_giver, but_parties=frozenset(near))
    if supposed.role == AGENT:
        yield OfOne(holder, LinkedTo(holder), but_parties=frozenset(near))


def _ends(supposed: BegunRole | EndedRole) -> tuple[int, int]:
    """The giver and the holder, by inner ids."""
    if isinstance(supposed, BegunRole):
        return supposed.giver.id, supposed.holder.id
    return supposed.giver, supposed.holder


def _holders(reading: Reading, catalog: Catalog, inner_id: int) -> set[int]:
    party = parties.get_by_inner_id(reading, inner_id)
    holders = every(lambda page: delegations.list_holders(reading, catalog, party, page))
    return {each.subject.id for each in holders}
