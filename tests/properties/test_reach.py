"""Asked from the other side, the tables tell the same: nobody is left out, and nobody added."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path

from hypothesis.stateful import invariant

from fullmakt.access.decisions.asking import Kind
from fullmakt.access.decisions.model import Question
from fullmakt.access.decisions.rules import holdings, roles_held
from fullmakt.access.delegations import service as delegations
from fullmakt.access.delegations.model import Right
from fullmakt.access.delegations.pages import Page, Paged
from fullmakt.access.delegations.standing_reader import StandingReader
from fullmakt.access.delegations.standings import Key, Reference, Standing
from fullmakt.access.parties.model import Party
from fullmakt.access.reach.naming import party_of, subject_of
from fullmakt.access.reach.service import Reach
from tests.engines import PostgresServer
from tests.properties.test_standings import SERVICE, Living, run


class Reaching(Living):
    """A town where each thing that happens is looked at from both sides."""

    @invariant()
    def everybody_answers_alike(self) -> None:
        if not hasattr(self, "town"):
            return
        self.reader = StandingReader(
            self.database, key_roles=self.town.catalog.key_roles, clock=self.town.clock
        )
        everybody = list(self.town.parties.values())
        one_by_one = {
            (subject.id, party.id): self._plain(subject, party)
            for subject in everybody
            for party in everybody
        }
        for each in everybody:
            reached = self._pages(each, is_subject=True)
            holders = self._pages(each, is_subject=False)
            for pair, found in {**reached, **holders}.items():
                assert sorted_rows(found) == sorted_rows(one_by_one[pair])
            for pair, plain in one_by_one.items():
                if self._is_something(plain):
                    assert pair[0] != each.id or pair in reached, pair
                    assert pair[1] != each.id or pair in holders, pair

        self._asks_who_can(everybody)

    def _asks_who_can(self, everybody: list[Party]) -> None:
        """Who may read, for each: those whom a decision permits to."""
        decisions = self.town.decision_point()
        reach = Reach(self.town.catalog, decisions)
        right = Right(SERVICE, "read")
        for party in everybody:
            permitted = {
                subject.id
                for subject in everybody
                if decisions.decide(
                    Question(subject_of(subject), right.action, SERVICE, party_of(party))
                ).permitted
            }
            with self.database.reading() as reading:
                who = reach.list_who_can(reading, right, party, Page(most=1000)).items
                may = {
                    subject.id
                    for subject in everybody
                    for opened in reach.list_what_can(
                        reading, subject, frozenset({SERVICE}), Page(most=1000)
                    ).items
                    if opened.party.id == party.id and "read" in opened.actions[SERVICE]
                }
            assert {each.id for each in who} == may == permitted, party.name

    def _plain(self, subject: Party, party: Party) -> Standing:
        named = (Reference(Key.UUID, str(each.uuid)) for each in (subject, party))
        found = self.reader.read(*named)
        assert isinstance(found, Standing)
        return found

    def _pages(self, party: Party, *, is_subject: bool) -> dict[tuple[int, int], Standing]:
        ask = delegations.list_reached if is_subject else delegations.list_holders
        found: dict[tuple[int, int], Standing] = {}
        with self.database.reading() as reading:
            page = Page(most=2)
            while True:
                told: Paged[Standing] = ask(reading, self.town.catalog, party, page)
                for each in told.items:
                    assert (each.subject.id, each.party.id) not in found, "told twice"
                    found[each.subject.id, each.party.id] = each
                if told.next_after is None:
                    return found
                page = replace(page, after=told.next_after)

    def _is_something(self, standing: Standing) -> bool:
        held = holdings(self.town.catalog, standing, kind=Kind.PERSON)
        has_role = bool(roles_held(self.town.catalog, standing))
        return bool(has_role or held.packages or held.rights or held.conditional)


def sorted_rows(standing: Standing) -> Standing:
    """The same standing with its rows in one order."""
    return replace(
        standing,
        roles=tuple(sorted(standing.roles, key=repr)),
        grants=tuple(sorted(set(standing.grants), key=repr)),
        links=tuple(sorted(standing.links, key=repr)),
        enterprises=tuple(sorted(standing.enterprises, key=repr)),
    )


def test_what_is_found_from_either_side_is_what_is_found_one_by_one_on_sqlite(
    tmp_path: Path,
) -> None:
    numbers = count()

    @contextmanager
    def place() -> Iterator[str]:
        path = tmp_path / f"{next(numbers)}.sqlite"
        yield f"sqlite:///{path}"
        path.unlink(missing_ok=True)

    run(place, examples=2, steps=10, machine=Reaching)


def test_what_is_found_from_either_side_is_what_is_found_one_by_one_on_postgresql(
    postgres: PostgresServer,
) -> None:
    @contextmanager
    def place() -> Iterator[str]:
        with postgres.database() as name:
            yield postgres.url(name)

    run(place, examples=1, steps=6, machine=Reaching)
