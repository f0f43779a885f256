"""Enhetsregisteret: looking up units, their roles, and searching.

A unit's number is looked for where units are, a sub-unit's where sub-units are, and not elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fullmakt.access.catalog.model import RoleProvider
from fullmakt.access.parties import store, units_store
from fullmakt.access.parties.units_errors import UnitNotFound
from fullmakt.foundation.terms.numbers import OrganizationNumber

if TYPE_CHECKING:
    from datetime import datetime

    from fullmakt.access.catalog.model import Catalog, Role
    from fullmakt.access.parties.model import Party
    from fullmakt.access.parties.units_search import UnitSearch
    from fullmakt.foundation.storage.database import Reading


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit with the unit above it."""

    party: Party
    parent: OrganizationNumber | None


@dataclass(frozen=True, slots=True)
class UnitRole:
    """A role that somebody has in a unit, in the register's terms."""

    role: Role
    holder: Party
    began: datetime


@dataclass(frozen=True, slots=True)
class Hits:
    """One page of hits, and how many there are on all pages."""

    units: tuple[Unit, ...]
    count: int


def get_unit(reading: Reading, digits: str, *, is_sub_unit: bool) -> Unit:
    """The unit, or the sub-unit, with this number; deleted ones too. Raises: UnitNotFound."""
    try:
        party = store.find_by_number(reading, OrganizationNumber(digits))
    except ValueError:
        raise UnitNotFound from None
    if party is None or party.is_sub_unit is not is_sub_unit:
        raise UnitNotFound
    return _with_parents(reading, [party])[0]


def list_unit_roles(
    reading: Reading, catalog: Catalog, digits: str
) -> tuple[Party, list[UnitRole]]:
    """The unit, and the roles in it that the register knows. Raises: UnitNotFound.

    A deleted unit has no roles to show, and a sub-unit none of its own.
    """
    unit = get_unit(reading, digits, is_sub_unit=False).party
    if unit.is_deleted:
        raise UnitNotFound
    held = store.list_roles(reading, giver=unit)
    moments = units_store.list_moments(reading, {each.assignment.began for each in held})
    found = []
    for each in held:
        role = catalog.find_role(each.assignment.role)
        if role is not None and role.provider is RoleProvider.REGISTER:
            began = moments.get(each.assignment.began, reading.now)
            found.append(UnitRole(role, each.holder, began))
    return unit, found


def search_units(reading: Reading, search: UnitSearch, *, are_sub_units: bool) -> Hits:
    """The units, or the sub-units, that `search` finds; deleted ones are not among them."""
    parties, count = units_store.list_units(reading, search, are_sub_units=are_sub_units)
    return Hits(tuple(_with_parents(reading, parties)), count)


def _with_parents(reading: Reading, parties: list[Party]) -> list[Unit]:
    wanted = {party.parent_id for party in parties if party.parent_id is not None}
    parents = store.list_by_inner_ids(reading, wanted)
    return [
        Unit(party, None if party.parent_id is None else parents[party.parent_id].number)
        for party in parties
    ]


def list_register_roles(catalog: Catalog) -> list[Role]:
    """The roles that Enhetsregisteret hands out."""
    return [role for role in catalog.facts.roles if role.register_code is not None]
