"""Many standings in one statement: those of a page of pairs, each a subject and a party.

The pages are found from the other side of the tables: from whoever holds something, what was given
to it; from whoever gave something, who holds it. Rows are those of `standing_statement`, each with
its pair, so that one reader and one set of rules serve both.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Integer,
    String,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    union,
    union_all,
)

from fullmakt.access.delegations.pages import Paged
from fullmakt.access.delegations.standing_parts_store import (
    ENTERPRISE,
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
from fullmakt.access.delegations.standing_store import read_standing
from fullmakt.access.delegations.standings import Standing
from fullmakt.access.delegations.tables import grants, links
from fullmakt.access.parties.model import OWNER, RIGHT_HOLDER
from fullmakt.access.parties.tables import assignments, entities
from fullmakt.foundation.storage.engines import find_by_index

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import CTE, ColumnElement, CompoundSelect, FromClause, Select, Subquery

    from fullmakt.access.delegations.pages import Page
    from fullmakt.foundation.storage.database import Reading


def list_reached(
    reading: Reading, subject: int, *, key_roles: Iterable[str], page: Page
) -> Paged[Standing]:
    """The standings of one subject towards a page of those it may have something of.

    The keys are those of main parties, in order, each followed by its sub-units.
    """
    return read_reached(reading, _reached_statement(tuple(sorted(key_roles))), subject, page)


def read_reached(
    reading: Reading, statement: CompoundSelect[Any], subject: int, page: Page
) -> Paged[Standing]:
    """A page of what a statement over one subject and many parties finds, by main party."""
    find_by_index(reading.connection)
    reached = _standings(reading, statement, subject, page)
    reached.sort(key=lambda each: (each.party.parent or each.party.id, each.party.id))
    found = {each.party.parent or each.party.id for each in reached}
    return Paged(reached, max(found) if len(found) == page.most else None)


def list_holders(
    reading: Reading, party: int, *, key_roles: Iterable[str], page: Page
) -> Paged[Standing]:
    """The standings towards one party of a page of those who may have something of it.

    The keys are those of subjects, in order.
    """
    statement = _holders_statement(tuple(sorted(key_roles)))
    holders = _standings(reading, statement, party, page)
    holders.sort(key=lambda each: each.subject.id)
    return Paged(holders, holders[-1].subject.id if len(holders) == page.most else None)


def _standings(
    reading: Reading, statement: CompoundSelect[Any], one: int, page: Page
) -> list[Standing]:
    parameters = {"one": one, "after": page.after, "most": page.most}
    return read_standings(reading, statement, parameters)


def read_standings(
    reading: Reading, statement: CompoundSelect[Any], parameters: Mapping[str, object]
) -> list[Standing]:
    """The standings that a statement over pairs finds, in no order."""
    rows: dict[tuple[int, int], list[Sequence[Any]]] = defaultdict(list)
    for subject, party, *rest in reading.connection.execute(statement, parameters):
        rows[subject, party].append(rest)
    found = (read_standing(each, now=reading.now) for each in rows.values())
    return [each for each in found if isinstance(each, Standing)]


ONE, AFTER, MOST = (bindparam(name, type_=Integer()) for name in ("one", "after", "most"))


@cache
def _reached_statement(key_roles: tuple[str, ...]) -> CompoundSelect[Any]:
    """Asks the standings of `:one`, a subject, towards the parties of a page."""
    roots = _reached_roots(key_roles).cte("roots")
    towards = with_sub_units(roots)
    pairs = select(ONE.label("subject_id"), towards.c.id.label("party_id"))
    return pairs_statement(pairs.cte("pairs"), key_roles)


def with_sub_units(roots: CTE) -> Subquery:
    """The parties of `roots`, and the sub-units of each."""
    child = entities.alias("child")
    return union_all(
        select(roots.c.id),
        select(child.c.id).join(roots, roots.c.id == child.c.parent_id),
    ).subquery("reached")


@cache
def _holders_statement(key_roles: tuple[str, ...]) -> CompoundSelect[Any]:
    """Asks the standings of the subjects of a page towards `:one`, a party."""
    held_by = _holders(key_roles).subquery("held_by")
    pairs = select(held_by.c.id.label("subject_id"), ONE.label("party_id"))
    return pairs_statement(pairs.cte("pairs"), key_roles)


def _is_key(role: ColumnElement[str], key_roles: tuple[str, ...]) -> ColumnElement[bool]:
    return role.in_([constant(each) for each in key_roles])


def _reached_roots(key_roles: tuple[str, ...]) -> Select[Any]:
    """The main parties that gave the subject anything, or one it acts through, or its clients."""
    key, unit = assignments.alias("reach_key"), entities.alias("reach_unit")
    direct, through = assignments.alias("reach_direct"), assignments.alias("reach_through")
    to_unit, owned = assignments.alias("reach_to_unit"), assignments.alias("reach_owned")
    myself = ONE
    keys = (
        select(key.c.from_id.label("id"))
        .where(key.c.to_id == myself, _is_key(key.c.role, key_roles), key.c.ended_rev.is_(None))
        .cte("reach_keys")
    )
    givers = union(
        select(myself.label("id")),
        select(direct.c.from_id).where(direct.c.to_id == myself, direct.c.ended_rev.is_(None)),
        select(through.c.from_id).where(
            through.c.to_id.in_(select(keys.c.id)), through.c.ended_rev.is_(None)
        ),
        select(to_unit.c.from_id)
        .join(unit, unit.c.id == to_unit.c.to_id)
        .where(
            unit.c.parent_id.in_(select(keys.c.id)),
            to_unit.c.role == constant(RIGHT_HOLDER),
            to_unit.c.ended_rev.is_(None),
        ),
        select(links.c.client_id).where(links.c.agent_id == myself, links.c.ended_rev.is_(None)),
    ).cte("reach_givers")
    enterprise, given = entities.alias("reach_enterprise"), entities.alias("reach_given")
    parties = union(
        select(func.coalesce(given.c.parent_id, given.c.id).label("id")).join(
            givers, givers.c.id == given.c.id
        ),
        select(owned.c.to_id)
        .join(givers, givers.c.id == owned.c.from_id)
        .join(enterprise, enterprise.c.id == owned.c.from_id)
        .where(
            owned.c.role == constant(OWNER),
            owned.c.ended_rev.is_(None),
            enterprise.c.form == constant(ENTERPRISE),
        ),
    ).subquery("reach_parties")
    return select(parties.c.id).where(parties.c.id > AFTER).order_by(parties.c.id).limit(MOST)


def _holders(key_roles: tuple[str, ...]) -> Select[Any]:
    """Whoever was given anything by the party, its main unit or its enterprises, acts for such a
    one, or has it as a client.
    """
    towards = entities.alias("hold_towards")
    named = ONE
    givers = union(
        select(named.label("id")),
        select(towards.c.parent_id).where(towards.c.id == named, towards.c.parent_id.is_not(None)),
        enterprises_of(named),
    ).cte("hold_givers")
    held = (
        select(assignments.c.to_id.label("id"), assignments.c.role)
        .where(assignments.c.from_id.in_(select(givers.c.id)), assignments.c.ended_rev.is_(None))
        .cte("hold_direct")
    )
    key, unit = assignments.alias("hold_key"), entities.alias("hold_unit")
    is_key = _is_key(key.c.role, key_roles)
    acts_for = union(
        select(held.c.id),
        select(unit.c.parent_id)
        .join(held, held.c.id == unit.c.id)
        .where(held.c.role == constant(RIGHT_HOLDER), unit.c.parent_id.is_not(None)),
    ).cte("hold_acts_for")
    subjects = union(
        select(named.label("id")),
        select(held.c.id),
        select(key.c.to_id).where(
            key.c.from_id.in_(select(acts_for.c.id)), is_key, key.c.ended_rev.is_(None)
        ),
        select(links.c.agent_id).where(
            links.c.client_id.in_(select(givers.c.id)), links.c.ended_rev.is_(None)
        ),
    ).subquery("hold_subjects")
    return select(subjects.c.id).where(subjects.c.id > AFTER).order_by(subjects.c.id).limit(MOST)


def pairs_statement(pairs: CTE, key_roles: tuple[str, ...]) -> CompoundSelect[Any]:
    """Asks the standing of each pair: rows as those of one, each after its pair."""
    givers = _givers(pairs).cte("givers")
    held = _held(pairs, givers, key_roles).cte("held")
    subject, party, owner = (entities.alias(name) for name in ("subject", "party", "owner"))
    main_unit, enterprise = entities.alias("main_unit"), entities.alias("enterprise")
    of_enterprise = givers.alias("of_enterprise")
    return union_all(
        _of(pairs, *actor_columns("subject", subject)).join(
            subject, subject.c.id == pairs.c.subject_id
        ),
        _of(pairs, *actor_columns("party", party)).join(party, party.c.id == pairs.c.party_id),
        _of(pairs, *actor_columns("owner", owner))
        .join(subject, subject.c.id == pairs.c.subject_id)
        .join(owner, owner.c.id == subject.c.owner_id),
        _of(pairs, *actor_columns("main-unit", main_unit))
        .join(party, party.c.id == pairs.c.party_id)
        .join(main_unit, main_unit.c.id == party.c.parent_id),
        _of(of_enterprise, *actor_columns("enterprise", enterprise))
        .join(enterprise, enterprise.c.id == of_enterprise.c.giver_id)
        .where(of_enterprise.c.is_enterprise == literal_column("1")),
        _of(held, *role_columns(held)),
        _grant_rows(held),
        _link_rows(givers),
    )


def _of(source: FromClause, *columns: ColumnElement[Any]) -> Select[Any]:
    """The columns of one row, after those of its pair."""
    return select(source.c.subject_id, source.c.party_id, *columns).select_from(source)


def _givers(pairs: CTE) -> CompoundSelect[Any]:
    """For each pair: the party itself, its main unit, and what it is the owner of."""
    party, owned = entities.alias("giver_party"), assignments.alias("giver_owned")
    enterprise = entities.alias("giver_enterprise")
    no: ColumnElement[int] = literal_column("0")
    yes: ColumnElement[int] = literal_column("1")
    return union_all(
        _of(pairs, pairs.c.party_id.label("giver_id"), no.label("is_enterprise")),
        _of(pairs, party.c.parent_id, no)
        .join(party, party.c.id == pairs.c.party_id)
        .where(party.c.parent_id.is_not(None)),
        _of(pairs, owned.c.from_id, yes)
        .join(owned, owned.c.to_id == pairs.c.party_id)
        .join(enterprise, enterprise.c.id == owned.c.from_id)
        .where(
            owned.c.role == constant(OWNER),
            owned.c.ended_rev.is_(None),
            enterprise.c.form == constant(ENTERPRISE),
        ),
    )


def _held(pairs: CTE, givers: CTE, key_roles: tuple[str, ...]) -> CompoundSelect[Any]:
    """The open roles of each pair, as `standing_statement` has them of one."""
    direct, key, through = (assignments.alias(name) for name in ("direct", "held_key", "through"))
    via, unit = entities.alias("via"), entities.alias("via_unit")
    subjects = select(pairs.c.subject_id).distinct().cte("subjects")
    keys = (
        select(
            subjects.c.subject_id,
            via.c.id.label("via_id"),
            flag(via.c.bankrupt_at).label("via_bankrupt"),
            via.c.name.label("via_name"),
            via.c.form.label("via_form"),
            key.c.role.label("via_role"),
            via.c.deleted_at.label("via_deleted"),
        )
        .select_from(subjects)
        .join(key, key.c.to_id == subjects.c.subject_id)
        .join(via, via.c.id == key.c.from_id)
        .where(_is_key(key.c.role, key_roles), key.c.ended_rev.is_(None))
        .cte("keys")
    )
    return union_all(
        _of(
            givers,
            *(direct.c.id, direct.c.from_id, direct.c.role),
            *(NO_NUMBER.label(name) for name in ("via_id", "via_bankrupt", "via_unit")),
            *(NO_TEXT.label(name) for name in ("via_name", "via_form", "via_role", "via_deleted")),
        )
        .join(
            direct,
            (direct.c.from_id == givers.c.giver_id) & (direct.c.to_id == givers.c.subject_id),
        )
        .where(direct.c.ended_rev.is_(None)),
        _of(
            givers,
            *(through.c.id, through.c.from_id, through.c.role),
            *(keys.c.via_id, keys.c.via_bankrupt, literal_column("0")),
            *(keys.c.via_name, keys.c.via_form, keys.c.via_role),
            cast(keys.c.via_deleted, String),
        )
        .join(keys, keys.c.subject_id == givers.c.subject_id)
        .join(
            through,
            (through.c.from_id == givers.c.giver_id) & (through.c.to_id == keys.c.via_id),
        )
        .where(through.c.ended_rev.is_(None)),
        _of(
            givers,
            *(through.c.id, through.c.from_id, through.c.role),
            *(unit.c.id, keys.c.via_bankrupt, literal_column("1")),
            *(unit.c.name, keys.c.via_form, keys.c.via_role),
            cast(earlier(unit.c.deleted_at, keys.c.via_deleted), String),
        )
        .join(through, through.c.from_id == givers.c.giver_id)
        .join(unit, unit.c.id == through.c.to_id)
        .join(
            keys,
            (keys.c.via_id == unit.c.parent_id) & (keys.c.subject_id == givers.c.subject_id),
        )
        .where(through.c.role == constant(RIGHT_HOLDER), through.c.ended_rev.is_(None)),
    )


def _grant_rows(held: CTE) -> Select[Any]:
    return (
        _of(held, *grant_columns())
        .join(grants, grants.c.assignment_id == held.c.id)
        .where(grants.c.ended_rev.is_(None))
    )


def _link_rows(givers: CTE) -> Select[Any]:
    basis, given, facilitator = (
        assignments.alias("basis"),
        grants.alias("given"),
        entities.alias("facilitator"),
    )
    return (
        _of(givers, *link_columns(basis, given, facilitator))
        .join(
            links,
            (links.c.client_id == givers.c.giver_id) & (links.c.agent_id == givers.c.subject_id),
        )
        .join(basis, basis.c.id == links.c.basis_assignment_id)
        .join(facilitator, facilitator.c.id == basis.c.to_id)
        .outerjoin(given, given.c.id == links.c.basis_grant_id)
        .where(links.c.ended_rev.is_(None), is_by_agent(basis))
    )
