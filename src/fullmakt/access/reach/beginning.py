"""What a standing would be if a register role began: rows that are not there are put beside those.

Pure: what the new role reaches is read before, and given.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from fullmakt.access.delegations.standings import RoleRow, Via
from fullmakt.access.parties.model import OWNER, RIGHT_HOLDER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fullmakt.access.delegations.standings import Actor, GrantRow, Standing

    Beside: TypeAlias = Mapping[tuple[int, int], Standing]

ENTERPRISE = "ENK"
_NEW = 0
"""The inner id of an assignment that is not there; nothing rests on it."""


@dataclass(frozen=True, slots=True)
class BegunRole:
    """`giver` has given `holder` a register role by its code.

    `units` are the giver's sub-units by inner id. `through`: for each subject, by inner id, the key
    roles through which it acts as the holder.
    """

    role: str
    giver: Actor
    holder: Actor
    units: Mapping[int, Actor]
    through: Mapping[int, tuple[Via, ...]]
    is_key_role: bool

    @property
    def makes_an_owner(self) -> bool:
        """Whether the holder becomes the owner of a sole proprietorship."""
        return self.role == OWNER and self.giver.form == ENTERPRISE

    def pairs_beside(self, subject: int, party: int) -> Iterable[tuple[int, int]]:
        """The pairs whose standings the role adds to those of one pair."""
        if self.is_key_role and subject == self.holder.id:
            yield from ((each, party) for each in (self.giver.id, *self.units))
        if self.makes_an_owner and party == self.holder.id:
            yield subject, self.giver.id


def with_role(standing: Standing, begun: BegunRole, beside: Beside) -> Standing:
    """The standing as if the role had begun. `beside` has what `pairs_beside` asks for."""
    if begun.makes_an_owner and standing.party.id == begun.holder.id:
        towards = beside[standing.subject.id, begun.giver.id]
        standing = _with_enterprise(standing, begun.giver, towards)
    standing = _with_rows(standing, _given_rows(standing, begun))
    if begun.is_key_role and standing.subject.id == begun.holder.id:
        for each in (begun.giver, *begun.units.values()):
            standing = _with_through(standing, begun, each, beside[each.id, standing.party.id])
    return standing


def _given_rows(standing: Standing, begun: BegunRole) -> list[RoleRow]:
    """The role itself: held directly, and by those who act as the holder."""
    main_unit = standing.main_unit
    givers = {standing.party.id, *(each.id for each in standing.enterprises)}
    if begun.giver.id not in givers and (main_unit is None or main_unit.id != begun.giver.id):
        return []
    vias: list[Via | None] = list(begun.through.get(standing.subject.id, ()))
    if standing.subject.id == begun.holder.id:
        vias.append(None)
    return [RoleRow(begun.role, _NEW, begun.giver.id, via) for via in vias]


def _with_enterprise(standing: Standing, enterprise: Actor, towards: Standing) -> Standing:
    """With what the subject has of an enterprise that the party would own."""
    held = [each for each in towards.roles if each.giver == enterprise.id]
    links = tuple(each for each in towards.links if each.client == enterprise.id)
    owning = replace(
        standing,
        enterprises=(*standing.enterprises, enterprise),
        links=(*standing.links, *links),
    )
    return _with_rows(owning, held, towards.grants)


def _with_through(
    standing: Standing, begun: BegunRole, through: Actor, other: Standing
) -> Standing:
    """With what the giver, or a sub-unit of it, was given: the holder would act as it."""
    is_sub_unit = through.id != begun.giver.id
    via = Via(
        id=through.id,
        name=through.name,
        form=begun.giver.form,
        role=begun.role,
        deleted_at=through.deleted_at or begun.giver.deleted_at,
        is_bankrupt=begun.giver.is_bankrupt,
        is_sub_unit=is_sub_unit,
    )
    held = [
        replace(each, via=via)
        for each in other.roles
        if each.via is None and (each.role == RIGHT_HOLDER or not is_sub_unit)
    ]
    return _with_rows(standing, held, other.grants)


def _with_rows(
    standing: Standing, roles: Iterable[RoleRow], grants: Iterable[GrantRow] = ()
) -> Standing:
    added = tuple(roles)
    assignments = {each.assignment for each in added}
    given = tuple(each for each in grants if each.assignment in assignments)
    return replace(standing, roles=(*standing.roles, *added), grants=(*standing.grants, *given))
