"""What is supposed when somebody asks what if: another policy, another package map, a role begun
or ended.

Pure: what a standing is worth under what is supposed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias, assert_never

from fullmakt.access.catalog.model import Catalog, RolePackage
from fullmakt.access.parties.model import AGENT
from fullmakt.access.reach.beginning import BegunRole, with_role
from fullmakt.access.resources.shelf import ShelvedPolicy

if TYPE_CHECKING:
    from fullmakt.access.delegations.standings import RoleRow, Standing
    from fullmakt.access.reach.beginning import Beside


@dataclass(frozen=True, slots=True)
class OtherPolicy:
    """A resource has another policy."""

    policy: ShelvedPolicy


@dataclass(frozen=True, slots=True)
class OtherPackages:
    """`role` gives other packages for givers of `form` (None: any): the catalog as it would be."""

    catalog: Catalog
    role: str
    form: str | None


@dataclass(frozen=True, slots=True)
class EndedRole:
    """An open assignment has ended. Ids are inner ids; `units` are the giver's sub-units."""

    assignment: int
    role: str
    giver: int
    holder: int
    units: frozenset[int]
    is_key_role: bool
    ends_an_owner: bool
    """Whether the holder no longer owns a sole proprietorship."""


Supposed: TypeAlias = OtherPolicy | OtherPackages | EndedRole | BegunRole


def with_package(
    catalog: Catalog, role: str, package: str, *, form: str | None, has_access: bool
) -> Catalog:
    """The catalog where a role gives a package, or does not, to givers of a form (any if None).

    A row that is not there yet gives access alone, and no right to pass it on.
    """
    rows = catalog.facts.role_packages
    key = (role, package, form)
    changed = tuple(
        replace(row, has_access=has_access)
        if (row.role, row.package, row.entity_variant) == key
        else row
        for row in rows
    )
    if has_access and all((row.role, row.package, row.entity_variant) != key for row in rows):
        new = RolePackage(
            role,
            package,
            has_access=True,
            can_delegate=False,
            can_assign=False,
            entity_variant=form,
        )
        changed = (*changed, new)
    return Catalog(replace(catalog.facts, role_packages=changed), sha256="")


def supposing(standing: Standing, supposed: Supposed, beside: Beside) -> Standing:
    """The standing as it would be. `beside` are those that a role begun adds to it, by pair."""
    match supposed:
        case OtherPolicy() | OtherPackages():
            return standing
        case EndedRole():
            return _without(standing, supposed)
        case BegunRole():
            return with_role(standing, supposed, beside)
        case _:
            assert_never(supposed)


def _without(standing: Standing, ended: EndedRole) -> Standing:
    links = tuple(
        replace(link, basis_ended=0) if link.basis_assignment == ended.assignment else link
        for link in standing.links
        if not (
            ended.role == AGENT
            and (link.facilitator, standing.subject.id) == (ended.giver, ended.holder)
        )
    )
    enterprises = standing.enterprises
    gone: frozenset[int] = frozenset()
    if ended.ends_an_owner and standing.party.id == ended.holder:
        gone = frozenset({ended.giver})
        enterprises = tuple(each for each in enterprises if each.id not in gone)
    return replace(
        standing,
        roles=tuple(
            role
            for role in standing.roles
            if role.assignment != ended.assignment
            and role.giver not in gone
            and not _is_through(role, standing, ended)
        ),
        links=tuple(link for link in links if link.client not in gone),
        enterprises=enterprises,
    )


def _is_through(role: RoleRow, standing: Standing, ended: EndedRole) -> bool:
    """Whether a role is held through the key role that ended."""
    via = role.via
    return (
        via is not None
        and standing.subject.id == ended.holder
        and via.role == ended.role
        and (via.id in ended.units if via.is_sub_unit else via.id == ended.giver)
    )
