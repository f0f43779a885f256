"""Freshness: what is kept is used only while nothing it rests on has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from sqlalchemy import update

from fullmakt.access.catalog.service import load_catalog
from fullmakt.access.decisions import freshness as freshness_room
from fullmakt.access.decisions.asking import Asker, Kind
from fullmakt.access.decisions.freshness import Freshness, Mark, PrimaryUnreachable
from fullmakt.access.decisions.model import BySystemUser, ByUuid, Question
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.access.decisions.standings import StandingLimits, Standings
from fullmakt.access.delegations.standings import Key, Reference, Unregistered
from fullmakt.access.resources.shelf import PolicyShelf
from fullmakt.foundation.events.tables import events
from fullmakt.foundation.storage.database import Database
from fullmakt.foundation.storage.model import Aspect, Change, Touch
from fullmakt.foundation.storage.tables import metadata, world
from tests.cases.decisions.facts import uuid_of
from tests.cases.decisions.town import Town
from tests.worlds import TestClock, new_database

A_GIVEN, B_SELF = Touch(1, Aspect.GIVEN), Touch(2, Aspect.SELF)
BAKERY = Reference(Key.UUID, str(uuid_of("BAKERIET AS")))


class Notebook:
    """Policies that only write down what they are told to forget."""

    def __init__(self) -> None:
        self.told: list[object] = []
        self.when_cleared: Callable[[], object] = lambda: None

    def forget(self, resource_id: int) -> None:
        self.told.append(resource_id)

    def clear(self) -> None:
        self.told.append("everything")
        self.when_cleared()


@pytest.fixture
def database(place_url: str) -> Iterator[Database]:
    made = new_database(place_url)
    yield made
    made.close()


def missing(*, subject: bool, party: bool) -> Unregistered:
    return Unregistered(is_subject_registered=not subject, is_party_registered=not party)


def touch(database: Database, *touches: Touch) -> int:
    with database.authority(actor="x", correlation="") as work:
        work.record(Change("touched", touches=touches))
        return work.revision


def begin_again(database: Database, *, revision: int) -> None:
    """What a restore does: an older world, which counts in another incarnation."""
    with database.engine.begin() as connection:
        connection.execute(events.delete().where(events.c.revision > revision))
        values = {"revision": revision, "incarnation": str(uuid4())}
        connection.execute(update(world).values(values))


def test_a_fact_is_fresh_until_one_of_its_stamps_is_touched(database: Database) -> None:
    freshness = Freshness(database, Notebook())
    freshness.catch_up()
    read_at = freshness.mark

    touch(database, Touch(3, Aspect.GIVEN), Touch(1, Aspect.SELF))
    freshness.catch_up()
    assert freshness.is_fresh([A_GIVEN, B_SELF], since=read_at)
    touch(database, B_SELF)
    freshness.catch_up()

    assert not freshness.is_fresh([A_GIVEN, B_SELF], since=read_at)
    assert freshness.is_fresh([A_GIVEN, B_SELF], since=freshness.mark)
    assert freshness.is_fresh([A_GIVEN], since=read_at)
    assert freshness.is_fresh([], since=read_at)


def test_a_policy_that_was_touched_is_forgotten(database: Database) -> None:
    notebook = Notebook()
    freshness = Freshness(database, notebook)
    freshness.catch_up()

    touch(database, Touch(7, Aspect.POLICY), A_GIVEN)
    freshness.catch_up()
    freshness.catch_up()

    assert notebook.told == ["everything", 7]


def test_too_many_stamps_are_dropped_and_what_is_older_is_read_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freshness_room, "MOST_STAMPS", 2)
    freshness = Freshness(database, Notebook())
    freshness.catch_up()
    before = freshness.mark

    touch(database, A_GIVEN, B_SELF, Touch(3, Aspect.KEYS))
    freshness.catch_up()

    assert not freshness.is_fresh([Touch(9, Aspect.SELF)], since=before)
    assert freshness.is_fresh([A_GIVEN], since=freshness.mark)


def test_another_incarnation_makes_everything_stale_whatever_its_revision(
    database: Database,
) -> None:
    notebook = Notebook()
    freshness = Freshness(database, notebook)
    for _ in range(5):
        touch(database, A_GIVEN)
    freshness.catch_up()
    before = freshness.mark

    begin_again(database, revision=2)

    assert freshness.catch_up() == 2
    assert not freshness.is_fresh([], since=before)
    assert notebook.told == ["everything", "everything"]


def test_a_standing_of_another_incarnation_is_never_used(town: Town) -> None:
    question = Question(
        BySystemUser(uuid_of("sap")), "read", "ske-demo", ByUuid(uuid_of("BAKERIET AS"))
    )
    assert town.decisions.decide(question).permitted
    grants = metadata.tables["grants"]
    with town.database.engine.begin() as connection:
        connection.execute(update(grants).values(ended_rev=1))

    begin_again(town.database, revision=1)

    assert not town.decisions.decide(question).permitted


def test_an_older_revision_is_no_step_back(database: Database) -> None:
    freshness = Freshness(database, Notebook())
    touch(database, A_GIVEN)
    touch(database, A_GIVEN)
    freshness.catch_up()

    freshness._apply(1, freshness._incarnation, (), after=1)

    assert freshness.revision == 2


def test_touches_that_do_not_join_on_to_what_is_known_end_all_that_is_kept(
    database: Database,
) -> None:
    freshness = Freshness(database, Notebook())
    freshness.catch_up()
    before = freshness.mark

    freshness._apply(9, freshness._incarnation, [(9, (A_GIVEN,))], after=8)

    assert freshness.revision == 9
    assert not freshness.is_fresh([B_SELF], since=before)


def test_those_who_learn_of_another_incarnation_together_forget_once(database: Database) -> None:
    notebook = Notebook()
    freshness = Freshness(database, notebook)
    freshness.catch_up()
    epoch, incarnation = freshness.mark.epoch, str(uuid4())

    for revision in (4, 4, 3):
        freshness._apply(revision, incarnation, (), after=None)

    assert freshness.mark == Mark(epoch + 1, 4)
    assert notebook.told == ["everything", "everything"]


def test_a_stamp_never_becomes_older(database: Database) -> None:
    freshness = Freshness(database, Notebook())
    freshness.catch_up()
    incarnation = freshness._incarnation

    freshness._apply(1, incarnation, [(1, (A_GIVEN,)), (5, (A_GIVEN,))], after=0)
    freshness._apply(2, incarnation, [(2, (A_GIVEN,))], after=1)

    assert not freshness.is_fresh([A_GIVEN], since=Mark(freshness.mark.epoch, 4))


def test_without_the_world_nothing_is_known_to_be_fresh(database: Database) -> None:
    freshness = Freshness(database, Notebook())
    with database.engine.begin() as connection:
        connection.execute(world.delete())

    with pytest.raises(PrimaryUnreachable, match="could not be asked for the latest revision"):
        freshness.catch_up()


# --- standings -----------------------------------------------------------------------------------


@pytest.fixture
def town(database: Database) -> Town:
    made = Town(database)
    made.tell("organizations", {"name": "BAKERIET AS"})
    made.tell("people", {"name": "Snill Elg"})
    sap = {"name": "sap", "kind": "standard", "owner": "BAKERIET AS"}
    made.tell("system_users", {**sap, "packages": ["skattegrunnlag"]})
    opens = [{"actions": ["read"], "packages": ["skattegrunnlag"]}]
    made.tell("resources", {"id": "ske-demo", "opens": opens})
    return made


def asker(name: str, kind: Kind = Kind.SYSTEM_USER) -> Asker:
    return Asker(kind, Reference(Key.UUID, str(uuid_of(name))))


def standings_of(town: Town, *, most: int = 10) -> tuple[Standings, Freshness]:
    freshness = Freshness(town.database, Notebook())
    freshness.catch_up()
    limits = StandingLimits(most=most)
    standings = Standings(
        town.database, load_catalog(), freshness, clock=TestClock(), limits=limits
    )
    return standings, freshness


def test_a_standing_is_read_once_while_it_is_fresh(town: Town) -> None:
    standings, freshness = standings_of(town)

    first = standings.get(asker("sap"), BAKERY)
    touch(town.database, Touch(999, Aspect.SELF))
    freshness.catch_up()
    again = [standings.get(asker("sap"), BAKERY) for _ in range(2)]

    assert all(found is first for found in again)
    assert (standings.hits, standings.misses) == (2, 1)


def test_a_stale_standing_is_read_again(town: Town) -> None:
    standings, freshness = standings_of(town)
    first = standings.get(asker("sap"), BAKERY)

    touch(town.database, Touch(town.parties["BAKERIET AS"].id, Aspect.GIVEN))
    freshness.catch_up()

    assert standings.get(asker("sap"), BAKERY) is not first
    assert (standings.hits, standings.misses) == (0, 2)


def test_only_so_many_standings_are_kept_and_the_oldest_goes_first(town: Town) -> None:
    standings, _ = standings_of(town, most=1)
    person = Asker(Kind.PARTY, Reference(Key.UUID, str(uuid_of("Snill Elg"))))

    for subject in (asker("sap"), asker("sap"), person, asker("sap")):
        standings.get(subject, BAKERY)

    assert (standings.hits, standings.misses) == (1, 3)


def test_what_is_read_while_the_incarnation_changes_is_stale_once_touched(town: Town) -> None:
    """It must not count as read at the high revision of the incarnation before."""
    policies = Notebook()
    freshness = Freshness(town.database, policies)
    freshness.catch_up()
    standings = Standings(town.database, load_catalog(), freshness, clock=TestClock())
    for _ in range(5):
        touch(town.database, Touch(999, Aspect.SELF))
    freshness.catch_up()
    begin_again(town.database, revision=2)
    policies.when_cleared = lambda: standings.get(asker("sap"), BAKERY)
    freshness.catch_up()
    first = standings.get(asker("sap"), BAKERY)

    touch(town.database, Touch(town.parties["BAKERIET AS"].id, Aspect.GIVEN))
    freshness.catch_up()

    assert standings.get(asker("sap"), BAKERY) is not first


def test_nothing_is_kept_after_clearing(town: Town) -> None:
    standings, _ = standings_of(town)
    standings.get(asker("sap"), BAKERY)

    standings.clear()
    standings.get(asker("sap"), BAKERY)

    assert (standings.hits, standings.misses) == (0, 2)


@pytest.mark.parametrize(
    "subject, party, found",
    [
        (asker("nobody"), BAKERY, missing(subject=True, party=False)),
        (asker("sap"), Reference(Key.PARTY_ID, 1), missing(subject=False, party=True)),
        (asker("nobody"), Reference(Key.PARTY_ID, 1), missing(subject=True, party=True)),
        (asker("Snill Elg"), BAKERY, missing(subject=True, party=False)),
    ],
    ids=["no such subject", "no such party", "neither", "the id is a person's"],
)
def test_who_is_not_registered_is_told_and_not_kept(
    town: Town, subject: Asker, party: Reference, found: Unregistered
) -> None:
    standings, _ = standings_of(town)

    assert standings.get(subject, party) == found
    assert standings.get(subject, party) == found
    assert standings.misses == 2


def test_the_cache_of_a_decision_point_is_bounded_by_its_limits(town: Town) -> None:
    decisions = DecisionPoint(
        town.database,
        load_catalog(),
        PolicyShelf(town.database),
        clock=TestClock(),
        limits=StandingLimits(most=1),
    )
    sap, party = BySystemUser(uuid_of("sap")), ByUuid(uuid_of("BAKERIET AS"))

    answers = [decisions.decide(Question(sap, "read", "ske-demo", party)) for _ in range(3)]

    assert [answer.permitted for answer in answers] == [True] * 3
    assert (decisions.standings.hits, decisions.standings.misses) == (2, 1)
