"""The parts that statements over standings are put together from: rows, and what they rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, String, case, cast, exists, literal_column, select

from fullmakt.access.delegations.tables import grants, links
from fullmakt.access.parties.model import AGENT, OWNER
from fullmakt.access.parties.tables import assignments, entities

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import CTE, ColumnElement, FromClause, Select

_NUMBERS, _TEXTS = 7, 6
ENTERPRISE = "ENK"
NO_NUMBER: ColumnElement[int] = literal_column("CAST(NULL AS INTEGER)", Integer)
NO_TEXT: ColumnElement[str] = literal_column("CAST(NULL AS VARCHAR)", String)


def constant(text: str) -> ColumnElement[Any]:
    """A name of ours or of the catalog, written into the statement."""
    # INVARIANT: only names of ours and of the catalog come here, so quoting is enough.
    return literal_column("'" + text.replace("'", "''") + "'", String)


def row(
    tag: str,
    numbers: Sequence[ColumnElement[Any]],
    texts: Sequence[ColumnElement[Any]],
) -> list[ColumnElement[Any]]:
    """The columns of one row as `read_standing` takes it."""
    filled_numbers = [*numbers, *[NO_NUMBER] * (_NUMBERS - len(numbers))]
    filled_texts = [*texts, *[NO_TEXT] * (_TEXTS - len(texts))]
    columns: list[ColumnElement[Any]] = [constant(tag).label("tag")]
    columns += [column.label(f"n{place}") for place, column in enumerate(filled_numbers)]
    columns += [column.label(f"t{place}") for place, column in enumerate(filled_texts)]
    return columns


def actor_columns(tag: str, source: FromClause) -> list[ColumnElement[Any]]:
    """The row of a party that plays the part `tag`."""
    return row(
        tag,
        (source.c.id, source.c.owner_id, source.c.parent_id, flag(source.c.bankrupt_at)),
        (
            *(source.c.uuid, source.c.kind, source.c.form, source.c.name, source.c.orgno),
            cast(source.c.deleted_at, String),
        ),
    )


def flag(moment: ColumnElement[Any]) -> ColumnElement[Any]:
    """1 when `moment` is set, else 0."""
    return case((moment.is_(None), literal_column("0")), else_=literal_column("1"))


def earlier(one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[Any]:
    """The earlier of two moments; the one that is set where only one is."""
    return case((one.is_(None), other), (other.is_(None), one), (one < other, one), else_=other)


def enterprises_of(party: ColumnElement[int]) -> Select[Any]:
    """The sole proprietorships that a party is registered as the owner of."""
    owned, enterprise = assignments.alias("owned"), entities.alias("owned_by")
    return (
        select(owned.c.from_id)
        .join(enterprise, enterprise.c.id == owned.c.from_id)
        .where(
            owned.c.to_id == party,
            owned.c.role == constant(OWNER),
            owned.c.ended_rev.is_(None),
            enterprise.c.form == constant(ENTERPRISE),
        )
    )


def role_columns(held: CTE) -> list[ColumnElement[Any]]:
    """The row of a role in `held`."""
    return row(
        "role",
        (held.c.id, held.c.from_id, held.c.via_id, held.c.via_bankrupt, held.c.via_unit),
        (held.c.role, held.c.via_name, held.c.via_form, held.c.via_role, held.c.via_deleted),
    )


def grant_columns() -> list[ColumnElement[Any]]:
    """The row of what was given."""
    return row(
        "grant",
        (grants.c.id, grants.c.assignment_id),
        (grants.c.package, grants.c.resource, grants.c.action),
    )


def link_columns(
    basis: FromClause, given: FromClause, facilitator: FromClause
) -> list[ColumnElement[Any]]:
    """The row of a link, with what it rests on."""
    return row(
        "link",
        (
            links.c.id,
            links.c.client_id,
            links.c.basis_assignment_id,
            basis.c.ended_rev,
            links.c.basis_grant_id,
            given.c.ended_rev,
            facilitator.c.id,
        ),
        (
            *(links.c.package, basis.c.role, links.c.resource, links.c.action),
            given.c.package,
            cast(facilitator.c.deleted_at, String),
        ),
    )


def is_by_agent(basis: FromClause) -> ColumnElement[bool]:
    """Whether a link's agent still is one of whoever holds `basis`.

    INVARIANT: a link counts on the agent relation it was made under. One that ended and began anew
    is younger than the link, so nothing wakes.
    """
    agency = assignments.alias("agency")
    return exists().where(
        agency.c.from_id == basis.c.to_id,
        agency.c.to_id == links.c.agent_id,
        agency.c.role == constant(AGENT),
        agency.c.ended_rev.is_(None),
        agency.c.began_rev <= links.c.began_rev,
    )
