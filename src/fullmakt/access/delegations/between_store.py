"""The standings between parties that are named, whether or not they have anything of each other."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, bindparam, select

from fullmakt.access.delegations.pages import Paged
from fullmakt.access.delegations.pairs_store import (
    AFTER,
    MOST,
    ONE,
    pairs_statement,
    read_reached,
    read_standings,
    with_sub_units,
)
from fullmakt.access.parties.tables import entities

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import CompoundSelect

    from fullmakt.access.delegations.pages import Page
    from fullmakt.access.delegations.standings import Standing
    from fullmakt.foundation.storage.database import Reading

_AT_ONCE = 400
"""How many of each are named in one statement."""


def list_between(
    reading: Reading,
    subjects: Sequence[int],
    parties: Sequence[int],
    *,
    key_roles: Iterable[str],
) -> list[Standing]:
    """The standing of each subject towards each party, in order of party and subject."""
    statement = _between_statement(tuple(sorted(key_roles)))
    found: list[Standing] = []
    for first in range(0, len(subjects), _AT_ONCE):
        for start in range(0, len(parties), _AT_ONCE):
            parameters = {
                "subjects": list(subjects[first : first + _AT_ONCE]),
                "parties": list(parties[start : start + _AT_ONCE]),
            }
            found += read_standings(reading, statement, parameters)
    return sorted(found, key=lambda each: (each.party.id, each.subject.id))


def list_own(
    reading: Reading, parties: Sequence[int], *, key_roles: Iterable[str]
) -> list[Standing]:
    """The standing of each party (at most 400) towards itself."""
    statement = _own_statement(tuple(sorted(key_roles)))
    found = read_standings(reading, statement, {"parties": list(parties)})
    return sorted(found, key=lambda each: each.party.id)


def list_everywhere(
    reading: Reading, subject: int, *, key_roles: Iterable[str], page: Page
) -> Paged[Standing]:
    """The standings of one subject towards a page of all main parties, each with its sub-units."""
    return read_reached(reading, _everywhere_statement(tuple(sorted(key_roles))), subject, page)


_SUBJECTS, _PARTIES = (
    bindparam(name, type_=Integer(), expanding=True) for name in ("subjects", "parties")
)


@cache
def _between_statement(key_roles: tuple[str, ...]) -> CompoundSelect[Any]:
    subject, party = entities.alias("pair_subject"), entities.alias("pair_party")
    pairs = (
        select(subject.c.id.label("subject_id"), party.c.id.label("party_id"))
        .select_from(subject.join(party, party.c.id.in_(_PARTIES)))
        .where(subject.c.id.in_(_SUBJECTS))
    )
    return pairs_statement(pairs.cte("pairs"), key_roles)


@cache
def _own_statement(key_roles: tuple[str, ...]) -> CompoundSelect[Any]:
    own = entities.alias("pair_own")
    pairs = select(own.c.id.label("subject_id"), own.c.id.label("party_id"))
    return pairs_statement(pairs.where(own.c.id.in_(_PARTIES)).cte("pairs"), key_roles)


@cache
def _everywhere_statement(key_roles: tuple[str, ...]) -> CompoundSelect[Any]:
    root = entities.alias("every_root")
    roots = (
        select(root.c.id)
        .where(root.c.parent_id.is_(None), root.c.id > AFTER)
        .order_by(root.c.id)
        .limit(MOST)
    )
    towards = with_sub_units(roots.cte("roots"))
    pairs = select(ONE.label("subject_id"), towards.c.id.label("party_id"))
    return pairs_statement(pairs.cte("pairs"), key_roles)
