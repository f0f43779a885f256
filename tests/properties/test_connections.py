"""What connections list is what decisions count: no more, no less, whatever happened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from hypothesis.stateful import invariant

from fullmakt.access.connections import records
from fullmakt.access.connections.model import Reach, Record
from fullmakt.access.decisions.rules import linked_rights, packages_held, rights_held
from fullmakt.access.delegations import service as delegations
from fullmakt.access.delegations.model import Right
from fullmakt.access.delegations.rules import is_own_person
from fullmakt.access.delegations.standings import Standing
from fullmakt.access.parties.model import Party
from fullmakt.foundation.storage.database import Reading
from tests.engines import PostgresServer
from tests.properties.test_standings import Living, run

Pair = tuple[int, int]


class Listing(Living):
    """A town where each thing that happens is looked up in the lists of both sides."""

    @invariant()
    def everybody_answers_alike(self) -> None:
        if not hasattr(self, "town"):
            return
        everybody = list(self.town.parties.values())
        with self.database.reading() as reading:
            given = {
                (giver.id, receiver.id): self._between(reading, giver, receiver)
                for giver in everybody
                for receiver in everybody
            }
            for giver in everybody:
                listed = records.list_given(reading, self.town.catalog, giver)
                assert by_receiver(listed) == told_by(
                    {pair[1]: found for pair, found in given.items() if pair[0] == giver.id}
                )
            for receiver in everybody:
                listed = records.list_held(reading, self.town.catalog, receiver)
                by_giver = {
                    pair[0]: [record for record in found if record.giver.id == pair[0]]
                    for pair, found in given.items()
                    if pair[1] == receiver.id
                }
                assert told_by(grouped(listed)) == told_by(by_giver)

    def _between(self, reading: Reading, giver: Party, receiver: Party) -> list[Record]:
        catalog = self.town.catalog
        listed = records.list_given(reading, catalog, giver, receiver=receiver)
        standing = delegations.get_standing(reading, catalog, subject=receiver, party=giver)
        assert isinstance(standing, Standing)
        between = f"{receiver.name} for {giver.name}"
        packages = {name for record in listed for name in record.packages}
        counted = packages_held(catalog, standing)
        if is_own_person(standing):
            assert packages <= counted, between
        else:
            assert packages == counted, between
        rights = {right for record in listed for right in record.rights}
        assert rights == rights_that_count(self, standing), between
        assert all((Reach.KEY_ROLE in each.reach) <= (each.via is not None) for each in listed)
        return listed


def rights_that_count(machine: Listing, standing: Standing) -> set[Right]:
    """Single rights, those on links too that a policy must still open."""
    catalog = machine.town.catalog
    linked, conditional = linked_rights(catalog, standing)
    return {*rights_held(catalog, standing), *linked, *(each.right for each in conditional)}


def grouped(listed: Iterable[Record]) -> dict[int, list[Record]]:
    found: dict[int, list[Record]] = defaultdict(list)
    for record in listed:
        found[record.giver.id].append(record)
    return found


def by_receiver(listed: Iterable[Record]) -> dict[int, list[str]]:
    found: dict[int, list[Record]] = defaultdict(list)
    for record in listed:
        found[record.receiver.id].append(record)
    return told_by(found)


def told_by(found: dict[int, list[Record]]) -> dict[int, list[str]]:
    """Records in one order, without those who have none."""
    return {inner: sorted(map(repr, listed)) for inner, listed in found.items() if listed}


def test_what_is_listed_is_what_counts_on_sqlite(tmp_path: Path) -> None:
    numbers = count()

    @contextmanager
    def place() -> Iterator[str]:
        path = tmp_path / f"{next(numbers)}.sqlite"
        yield f"sqlite:///{path}"
        path.unlink(missing_ok=True)

    run(place, examples=3, steps=10, machine=Listing)


def test_what_is_listed_is_what_counts_on_postgresql(postgres: PostgresServer) -> None:
    @contextmanager
    def place() -> Iterator[str]:
        with postgres.database() as name:
            yield postgres.url(name)

    run(place, examples=1, steps=8, machine=Listing)
