"""Whom a change of what was given bears on: found from the index, in order of whoever gave.

What a party gave its sub-units have given too, and what a sole proprietorship gave reaches its
owner; so both are told with it, and each once.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fullmakt.access.delegations import touching_store as store
from fullmakt.access.delegations.pages import Page, Paged

if TYPE_CHECKING:
    from collections.abc import Collection

    from fullmakt.foundation.storage.database import Reading


@dataclass(frozen=True, slots=True)
class GivenWhat:
    """Parties of a form (None: of any) that gave one of the roles, or singly what is listed."""

    roles: frozenset[str] = frozenset()
    packages: frozenset[str] = frozenset()
    resource: str | None = None
    form: str | None = None


@dataclass(frozen=True, slots=True)
class GivenTo:
    """Parties that gave anything to `holder`, or singly to one of its sub-units. By inner ids."""

    holder: int
    units: frozenset[int]


@dataclass(frozen=True, slots=True)
class LinkedTo:
    """Parties that `agent`, an inner id, has as clients."""

    agent: int


@dataclass(frozen=True, slots=True)
class Those:
    """The parties with these inner ids, and nobody with them."""

    parties: frozenset[int]


Giving = GivenWhat | GivenTo | LinkedTo


def list_touched(reading: Reading, giving: Giving | Those, page: Page) -> Paged[int]:
    """The inner ids of a page of givers, each with those that its giving reaches."""
    if isinstance(giving, Those):
        ordered = sorted(each for each in giving.parties if each > page.after)[: page.most]
        return Paged(ordered, ordered[-1] if len(ordered) == page.most else None)
    givers = _givers(reading, giving, page)
    behind = store.list_behind(reading, givers)
    firsts = _first_givers(reading, giving, {party for _, party in behind})
    told = [*givers, *(party for giver, party in behind if firsts[party] == giver)]
    return Paged(told, givers[-1] if len(givers) == page.most else None)


def list_behind(reading: Reading, giver: int) -> list[tuple[int, int]]:
    """Those that a party's giving reaches, each after it: sub-units, the owner of an enterprise."""
    return store.list_behind(reading, [giver])


def touched_among(reading: Reading, giving: Giving, parties: Collection[int]) -> frozenset[int]:
    """Those of some parties that `list_touched` tells."""
    return frozenset(_first_givers(reading, giving, parties))


def _first_givers(reading: Reading, giving: Giving, parties: Collection[int]) -> dict[int, int]:
    """For each party that is reached, the giver with which it is told: itself, or the first."""
    before: dict[int, set[int]] = defaultdict(set)
    for giver, party in store.list_in_front(reading, sorted(parties)):
        before[party].add(giver)
    asked = {*parties, *(giver for givers in before.values() for giver in givers)}
    touched = _givers_among(reading, giving, sorted(asked))
    found: dict[int, int] = {}
    for party in parties:
        if party in touched:
            found[party] = party
        elif before[party] & touched:
            found[party] = min(before[party] & touched)
    return found


def _givers(
    reading: Reading, giving: Giving, page: Page, among: list[int] | None = None
) -> list[int]:
    match giving:
        case GivenWhat() if not (giving.roles or giving.packages or giving.resource):
            return []
        case GivenWhat():
            return store.list_givers_of(
                reading,
                roles=giving.roles,
                packages=giving.packages,
                resource=giving.resource,
                form=giving.form,
                page=page,
                among=among,
            )
        case GivenTo():
            units = sorted(giving.units)
            return store.list_givers_to(reading, giving.holder, units, page=page, among=among)
        case LinkedTo():
            return store.list_clients_of(reading, giving.agent, page=page, among=among)


def _givers_among(reading: Reading, giving: Giving, parties: list[int]) -> set[int]:
    found: set[int] = set()
    for start in range(0, len(parties), store.AT_ONCE):
        asked = parties[start : start + store.AT_ONCE]
        found.update(_givers(reading, giving, Page(most=len(asked)), asked))
    return found
