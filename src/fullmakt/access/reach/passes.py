"""Where to look for those whom a supposition bears on: pages of standings, from the index.

Each pass tells pairs that no other does, so what is found is told once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from fullmakt.access.delegations import service as delegations
from fullmakt.access.delegations.pages import Page, every
from fullmakt.access.delegations.touching import list_touched, touched_among
from fullmakt.access.parties import service as parties
from fullmakt.access.parties.model import PartyKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fullmakt.access.catalog.model import Catalog
    from fullmakt.access.delegations.standings import Standing
    from fullmakt.access.delegations.touching import GivenWhat, Giving, Those
    from fullmakt.access.parties.model import Party
    from fullmakt.foundation.storage.database import Reading

_AT_A_TIME = 50
_SUBJECTS_AT_A_TIME = 400
Place: TypeAlias = tuple[int, int]
"""Where a pass is: past a party, and a subject, by inner id."""
START: Place = (0, 0)
Told: TypeAlias = "tuple[list[Standing], Place | None]"
"""Standings, and the place after them; None at the end."""


class Pass(Protocol):
    """One way through the world."""

    def page(self, reading: Reading, catalog: Catalog, place: Place) -> Told:
        """The standings past a place."""
        ...


@dataclass(frozen=True, slots=True)
class Around:
    """Towards the parties that a giving touches, of all who hold something of them.

    `and_subjects` are asked about too, `but_subjects` are not. By inner ids.
    """

    giving: Giving | Those
    and_subjects: frozenset[int] = frozenset()
    but_subjects: frozenset[int] = frozenset()

    def page(self, reading: Reading, catalog: Catalog, place: Place) -> Told:
        """The standings past a place."""
        told = list_touched(reading, self.giving, Page(place[0], _AT_A_TIME))
        known = parties.get_by_inner_ids(reading, set(told.items))
        found: list[Standing] = []
        for party in told.items:
            found += self._towards(reading, catalog, known[party])
        return found, None if told.next_after is None else (told.next_after, 0)

    def _towards(self, reading: Reading, catalog: Catalog, party: Party) -> Iterator[Standing]:
        has: set[int] = set()
        for each in every(lambda page: delegations.list_holders(reading, catalog, party, page)):
            has.add(each.subject.id)
            if each.subject.id not in self.but_subjects:
                yield each
        beside = sorted(self.and_subjects - has)
        yield from delegations.list_between(reading, catalog, beside, [party.id])


@dataclass(frozen=True, slots=True)
class OfOne:
    """Of one subject towards the parties that a giving touches, but for some. By inner ids."""

    subject: int
    giving: Giving
    but_parties: frozenset[int]

    def page(self, reading: Reading, catalog: Catalog, place: Place) -> Told:
        """The standings past a place."""
        told = list_touched(reading, self.giving, Page(place[0], _AT_A_TIME))
        wanted = sorted(set(told.items) - self.but_parties)
        found = delegations.list_between(reading, catalog, [self.subject], wanted)
        return found, None if told.next_after is None else (told.next_after, 0)


@dataclass(frozen=True, slots=True)
class OfSome:
    """Of some subjects, by inner ids, towards every party there is."""

    subjects: frozenset[int]

    def page(self, reading: Reading, catalog: Catalog, place: Place) -> Told:
        """The standings past a place."""
        batch = [each.id for each in parties.list_after(reading, place[0], most=_AT_A_TIME)]
        found = delegations.list_between(reading, catalog, sorted(self.subjects), batch)
        return found, (batch[-1], 0) if batch else None


@dataclass(frozen=True, slots=True)
class OfOneself:
    """Of people towards themselves, but for those told elsewhere."""

    but_touched: GivenWhat
    but_subjects: frozenset[int] = frozenset()

    def page(self, reading: Reading, catalog: Catalog, place: Place) -> Told:
        """The standings past a place."""
        people = parties.list_after(reading, place[0], most=_AT_A_TIME, kind=PartyKind.PERSON)
        batch = [each.id for each in people]
        left = {*batch} - touched_among(reading, self.but_touched, batch) - self.but_subjects
        found = delegations.list_own(reading, catalog, sorted(left))
        return found, (batch[-1], 0) if batch else None


@dataclass(frozen=True, slots=True)
class OfEverybody:
    """Of every subject towards every party."""

    def page(self, reading: Reading, catalog: Catalog, place: Place) -> Told:
        """The standings past a place."""
        party = place[0]
        if party == 0:
            first = parties.list_after(reading, 0, most=1)
            return [], (first[0].id, 0) if first else None
        batch = parties.list_after(reading, place[1], most=_SUBJECTS_AT_A_TIME)
        if batch:
            inner_ids = [each.id for each in batch]
            found = delegations.list_between(reading, catalog, inner_ids, [party])
            return found, (party, inner_ids[-1])
        following = parties.list_after(reading, party, most=1)
        return [], (following[0].id, 0) if following else None
