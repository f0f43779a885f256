"""What it takes to suppose that a register role begins or ends between two parties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fullmakt.access.delegations import service as delegations
from fullmakt.access.delegations.standings import Via
from fullmakt.access.parties import service as parties
from fullmakt.access.parties.errors import RoleAlreadyHeld, RoleNotHeld
from fullmakt.access.parties.model import OWNER
from fullmakt.access.reach.beginning import ENTERPRISE, BegunRole
from fullmakt.access.reach.supposing import EndedRole

if TYPE_CHECKING:
    from fullmakt.access.catalog.model import Catalog
    from fullmakt.access.parties.model import Party
    from fullmakt.foundation.storage.database import Reading


def role_ended(
    reading: Reading, catalog: Catalog, *, role: str, giver: Party, holder: Party
) -> EndedRole:
    """A role that is held has ended. Raises: RoleNotHeld."""
    held = parties.find_assignment(reading, giver, holder, role)
    if held is None:
        message = f"`{holder.name}` is not `{role}` of `{giver.name}`"
        raise RoleNotHeld(message)
    units = frozenset(each.id for each in parties.list_sub_units(reading, giver))
    return EndedRole(
        held.id,
        role,
        giver.id,
        holder.id,
        units,
        is_key_role=role in catalog.key_roles,
        ends_an_owner=role == OWNER and giver.form == ENTERPRISE,
    )


def role_begun(
    reading: Reading, catalog: Catalog, *, role: str, giver: Party, holder: Party
) -> BegunRole:
    """A role that is not held has begun. Raises: RoleAlreadyHeld."""
    if parties.find_assignment(reading, giver, holder, role) is not None:
        message = f"`{holder.name}` is `{role}` of `{giver.name}` already"
        raise RoleAlreadyHeld(message)
    units = [each.id for each in parties.list_sub_units(reading, giver)]
    actors = {
        each.party.id: each.party
        for first in range(0, len(units) + 2, _AT_ONCE)
        for each in delegations.list_own(
            reading, catalog, [giver.id, holder.id, *units][first : first + _AT_ONCE]
        )
    }
    through: dict[int, tuple[Via, ...]] = {}
    acting = actors[holder.id]
    for each in parties.list_roles_given(reading, holder):
        if each.assignment.role in catalog.key_roles:
            via = Via(
                id=acting.id,
                name=acting.name,
                form=acting.form,
                role=each.assignment.role,
                deleted_at=acting.deleted_at,
                is_bankrupt=acting.is_bankrupt,
            )
            through[each.holder.id] = (*through.get(each.holder.id, ()), via)
    return BegunRole(
        role,
        actors[giver.id],
        acting,
        {each: actors[each] for each in units},
        through,
        is_key_role=role in catalog.key_roles,
    )


_AT_ONCE = 400
