"""The one statement that reads a standing.

A handful of index ranges in one statement, so that what it gives is one snapshot: the two parties,
the roles (direct and through key roles), what was given on them, and the links with their basis.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import (
    Select,
    String,
    bindparam,
    cast,
    literal_column,
    select,
    true,
    union_all,
)

from fullmakt.access.delegations.model import Right
from fullmakt.access.delegations.standing_parts_store import (
    NO_NUMBER,
    NO_TEXT,
    actor_columns,
    constant,
    earlier,
    enterprises_of,
    flag,
    grant_columns,
    is_by_agent,
    link_columns,
    role_columns,
)
from fullmakt.access.delegations.standings import (
    Actor,
    GrantRow,
    LinkRow,
    RoleRow,
    Standing,
    Unregistered,
    Via,
)
from fullmakt.access.delegations.tables import grants, links
from fullmakt.access.parties.model import RIGHT_HOLDER, PartyKind
from fullmakt.access.parties.tables import assignments, entities
from fullmakt.foundation.storage.tables import world
from fullmakt.foundation.terms.moments import read_moment, utc

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import CTE, CompoundSelect, FromClause

    from fullmakt.access.delegations.standings import Key, Reference
    from fullmakt.foundation.storage.database import Reading


# SPEED: making a statement takes ten times as long as asking it (benchmarks/fresh.py).
@cache
def standing_statement(
    subject: Key, party: Key, *, key_roles: frozenset[str]
) -> CompoundSelect[Any]:
    """Asks the standing of `:subject` towards `:party`, each named by the key given."""
    asking = _named(subject, "subject").cte("asking")
    towards = _named(party, "party").cte("towards")
    givers = _givers(towards).cte("givers")
    held = _held(asking, givers, tuple(sorted(key_roles))).cte("held")
    owner, main_unit = entities.alias("owner"), entities.alias("main_unit")
    enterprise = entities.alias("enterprise")
    return union_all(
        _actor_rows("subject", asking),
        _actor_rows("party", towards),
        _actor_rows("owner", owner).where(owner.c.id.in_(select(asking.c.owner_id))),
        _actor_rows("main-unit", main_unit).where(main_unit.c.id.in_(select(towards.c.parent_id))),
        _actor_rows("enterprise", enterprise).where(enterprise.c.id.in_(_enterprises(towards))),
        _role_rows(held),
        _grant_rows(held),
        _link_rows(asking, givers),
    )


@cache
def standing_with_revision_statement(
    subject: Key, party: Key, *, key_roles: frozenset[str]
) -> Select[Any]:
    """Asks the standing, and in front of each row the world's revision and incarnation.

    Where there is no row, one is given that holds nothing else.
    """
    rows = standing_statement(subject, party, key_roles=key_roles).subquery()
    both = world.outerjoin(rows, true())
    return select(world.c.revision, world.c.incarnation, *rows.c).select_from(both)


def _named(key: Key, parameter: str) -> Select[Any]:
    column = entities.c[key.value]
    return select(entities).where(column == bindparam(parameter, type_=column.type))


def _actor_rows(tag: str, source: FromClause) -> Select[Any]:
    return select(*actor_columns(tag, source)).select_from(source)


def _enterprises(towards: CTE) -> Select[Any]:
    return enterprises_of(select(towards.c.id).scalar_subquery())


def _givers(towards: CTE) -> CompoundSelect[Any]:
    """The party itself, its main unit, and what it is the owner of.

    A sub-unit has what the main unit gave, and whoever keeps the books of a sole proprietorship
    reaches its owner.
    SPEED: givers and subject are put as values to look for, not joined, so that both engines use
    the index on both: an accountant has ten thousand clients (benchmarks/standing_cold.py).
    """
    return union_all(
        select(towards.c.id.label("id")), select(towards.c.parent_id), _enterprises(towards)
    )


def _held(asking: CTE, givers: CTE, key_roles: tuple[str, ...]) -> CompoundSelect[Any]:
    """The open roles: given to the subject, to organisations it has a key role in, and to their
    sub-units.
    """
    direct, key, through = (assignments.alias(name) for name in ("direct", "held_key", "through"))
    via, unit = entities.alias("via"), entities.alias("via_unit")
    is_key = key.c.role.in_([constant(role) for role in sorted(key_roles)])
    myself = select(asking.c.id).scalar_subquery()
    given = select(givers.c.id)
    return union_all(
        select(
            direct.c.id,
            direct.c.from_id,
            direct.c.role,
            NO_NUMBER.label("via_id"),
            NO_NUMBER.label("via_bankrupt"),
            NO_NUMBER.label("via_unit"),
            NO_TEXT.label("via_name"),
            NO_TEXT.label("via_form"),
            NO_TEXT.label("via_role"),
            NO_TEXT.label("via_deleted"),
        ).where(
            direct.c.from_id.in_(given),
            direct.c.to_id == myself,
            direct.c.ended_rev.is_(None),
        ),
        select(
            through.c.id,
            through.c.from_id,
            through.c.role,
            via.c.id,
            flag(via.c.bankrupt_at),
            literal_column("0"),
            via.c.name,
            via.c.form,
            key.c.role,
            cast(via.c.deleted_at, String),
        )
        .select_from(key)
        .join(via, via.c.id == key.c.from_id)
        .join(
            through,
            through.c.from_id.in_(given)
            & (through.c.to_id == key.c.from_id)
            & through.c.ended_rev.is_(None),
        )
        .where(key.c.to_id == myself, is_key, key.c.ended_rev.is_(None)),
        select(
            through.c.id,
            through.c.from_id,
            through.c.role,
            unit.c.id,
            flag(via.c.bankrupt_at),
            literal_column("1"),
            unit.c.name,
            via.c.form,
            key.c.role,
            cast(earlier(unit.c.deleted_at, via.c.deleted_at), String),
        )
        .select_from(key)
        .join(via, via.c.id == key.c.from_id)
        .join(unit, unit.c.parent_id == via.c.id)
        .join(
            through,
            through.c.from_id.in_(given)
            & (through.c.to_id == unit.c.id)
            & (through.c.role == constant(RIGHT_HOLDER))
            & through.c.ended_rev.is_(None),
        )
        .where(key.c.to_id == myself, is_key, key.c.ended_rev.is_(None)),
    )


def _role_rows(held: CTE) -> Select[Any]:
    return select(*role_columns(held))


def _grant_rows(held: CTE) -> Select[Any]:
    return select(*grant_columns()).where(
        grants.c.assignment_id.in_(select(held.c.id)), grants.c.ended_rev.is_(None)
    )


def _link_rows(asking: CTE, givers: CTE) -> Select[Any]:
    basis, given, facilitator = (
        assignments.alias("basis"),
        grants.alias("given"),
        entities.alias("facilitator"),
    )
    return (
        select(*link_columns(basis, given, facilitator))
        .select_from(links)
        .join(basis, basis.c.id == links.c.basis_assignment_id)
        .join(facilitator, facilitator.c.id == basis.c.to_id)
        .outerjoin(given, given.c.id == links.c.basis_grant_id)
        .where(
            links.c.agent_id == select(asking.c.id).scalar_subquery(),
            links.c.client_id.in_(select(givers.c.id)),
            links.c.ended_rev.is_(None),
            is_by_agent(basis),
        )
    )


def find_standing(
    reading: Reading, subject: Reference, party: Reference, *, key_roles: Iterable[str]
) -> Standing | Unregistered:
    """The standing as this unit of work sees it."""
    statement = standing_statement(subject.key, party.key, key_roles=frozenset(key_roles))
    parameters = {"subject": subject.value, "party": party.value}
    return read_standing(reading.connection.execute(statement, parameters), now=reading.now)


def read_standing(rows: Iterable[Sequence[Any]], *, now: datetime) -> Standing | Unregistered:
    """The standing in the rows of `standing_statement`, for the moment `now`."""
    actors: dict[str, Actor] = {}
    enterprises: list[Actor] = []
    roles: list[RoleRow] = []
    given: list[GrantRow] = []
    linked: list[LinkRow] = []
    for row in rows:
        match row[0]:
            case "role":
                roles.append(_read_role(row))
            case "grant":
                given.append(_read_grant(row))
            case "link":
                linked.append(_read_link(row))
            case "enterprise":
                enterprises.append(_read_actor(row))
            case tag:
                actors[tag] = _read_actor(row)
    if "subject" not in actors or "party" not in actors:
        return Unregistered("subject" in actors, "party" in actors)
    return Standing(
        subject=actors["subject"],
        party=actors["party"],
        main_unit=actors.get("main-unit"),
        owner=actors.get("owner"),
        enterprises=tuple(enterprises),
        roles=tuple(roles),
        grants=tuple(given),
        links=tuple(linked),
        now=now,
    )


def _read_actor(row: Sequence[Any]) -> Actor:
    _, inner, owner, parent, bankrupt, _, _, _, uuid, kind, form, name, number, deleted = row
    return Actor(
        id=inner,
        uuid=UUID(uuid),
        kind=PartyKind(kind),
        form=form,
        name=name,
        owner=owner,
        parent=parent,
        deleted_at=_read_moment(deleted),
        is_bankrupt=bool(bankrupt),
        label=f"{name} ({number})" if number else str(name),
    )


def _read_moment(text: str | None) -> datetime | None:
    return None if text is None else utc(read_moment(text))


def _read_role(row: Sequence[Any]) -> RoleRow:
    _, assignment, giver, via, bankrupt, unit, _, _, role, name, form, via_role, deleted, _ = row
    if via is None:
        return RoleRow(role, assignment, giver, None)
    moment = _read_moment(deleted)
    through = Via(via, name, form, via_role, moment, bool(bankrupt), is_sub_unit=bool(unit))
    return RoleRow(role, assignment, giver, through)


def _read_grant(row: Sequence[Any]) -> GrantRow:
    _, grant, assignment, _, _, _, _, _, package, resource, action, _, _, _ = row
    return GrantRow(grant, assignment, package, Right(resource, action) if resource else None)


def _read_link(row: Sequence[Any]) -> LinkRow:
    _, link, client, basis, basis_ended, grant, grant_ended, facilitator, *texts = row
    package, role, resource, action, grant_package, facilitator_deleted = texts
    return LinkRow(
        link=link,
        package=package,
        right=Right(resource, action) if resource else None,
        client=client,
        facilitator=facilitator,
        facilitator_deleted_at=_read_moment(facilitator_deleted),
        basis_role=role,
        basis_assignment=basis,
        basis_ended=basis_ended,
        grant=grant,
        grant_ended=grant_ended,
        grant_package=grant_package,
    )
