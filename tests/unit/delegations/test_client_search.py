"""A search among clients finds what reading every name finds, with an index and without."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from fullmakt.access.delegations import client_store
from fullmakt.access.delegations import store as links
from fullmakt.access.delegations.rules import read_search
from fullmakt.access.parties import service as parties
from fullmakt.access.parties import store
from fullmakt.access.parties.model import NewOrganization, Party, SystemUserVariant
from fullmakt.access.parties.rules import run_together
from fullmakt.access.parties.search_tables import NAMES_INDEX
from fullmakt.foundation.storage.database import Database, Work
from fullmakt.foundation.storage.engines import find_by_index
from fullmakt.foundation.storage.model import Change
from fullmakt.foundation.terms.numbers import OrganizationNumber
from tests.engines import ENGINES, PostgresServer
from tests.number_series import organization_numbers
from tests.worlds import new_database

SYLLABLES = (
    *("berg", "Ås", "øst", "vest", "nord", "lie", "Bjørn", "fjell", "vik", "Håkon", "Æra", "é"),
    *("4YOU", "24-7", "&", "«Sol»", "Søn", "Brødrene", "3000", "A", "s", "ﬁsk", "Öst"),
)
FORMS = ("AS", "ANS", "BA", "")
COUNT = 250


@dataclass(frozen=True, slots=True)
class Clients:
    """Everybody that gives the firm something, and the agent that some are linked to."""

    database: Database
    firm: Party
    agent: Party
    everybody: tuple[Party, ...]
    linked: frozenset[int]


def name(random: Random) -> str:
    words = ("".join(random.choices(SYLLABLES, k=random.randint(1, 3))) for _ in range(2))
    return " ".join((*words, random.choice(FORMS))).strip()


def unit(work: Work, number: str, called: str) -> Party:
    n = int(number)
    new = NewOrganization(OrganizationNumber(number), called, "AS", UUID(int=n), n % 100_000_000)
    return parties.add_organization(work, new)


def fill(database: Database, count: int) -> Clients:
    random, numbers = Random(7), organization_numbers(31700000)
    with database.authority(actor="test", correlation="") as work:
        work.record(Change("filled"))
        firm = unit(work, next(numbers), "Rett Revisjon")
        other = unit(work, next(numbers), "Bergen")
        found = [unit(work, number, name(random)) for number in islice(numbers, count)]
        strangers = [unit(work, number, name(random)) for number in islice(numbers, 20)]
        agent = parties.add_system_user(
            work, uuid=UUID(int=1), owner=firm, variant=SystemUserVariant.AGENT, name="Berg"
        )
        bases = {
            each.id: parties.begin_role(work, role="regnskapsforer", giver=each, holder=firm)
            for each in found
        }
        for each in strangers:
            parties.begin_role(work, role="regnskapsforer", giver=each, holder=other)
        for each in found[::50]:
            parties.begin_role(work, role="revisor", giver=each, holder=firm)
        gone, renamed, linked = found[5::40], found[7::40], found[::3]
        for each in gone:
            parties.end_role(work, role="regnskapsforer", giver=each, holder=firm)
        for n, each in enumerate(renamed):
            store.replace_name(work, each, f"Omdøpt {n} Strøm")
        for each in linked:
            links.add_link(
                work,
                agent=agent,
                client=each,
                carries="regnskapsforer-lonn",
                basis_assignment=bases[each.id].id,
                basis_grant=None,
            )
    with database.reading() as reading:
        now = parties.get_by_inner_ids(reading, [each.id for each in found])
    left = {each.id for each in gone} - {each.id for each in found[::50]}
    everybody = tuple(now[each.id] for each in found if each.id not in left)
    return Clients(database, firm, agent, everybody, frozenset(each.id for each in linked))


@pytest.fixture(scope="module", params=ENGINES)
def clients(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Clients]:
    if request.param == "sqlite":
        database = new_database(f"sqlite:///{tmp_path_factory.mktemp('clients') / 'world.sqlite'}")
        yield fill(database, COUNT)
        database.close()
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.database() as named:
        database = new_database(server.url(named))
        yield fill(database, COUNT)
        database.close()


def is_found(party: Party, text: str) -> bool:
    """Every name read, letter by letter."""
    search, searched = read_search(text), run_together(party.name)
    assert party.number is not None
    is_in_number = search.digits in party.number.digits or search.digits in searched
    return is_in_number and all(word in searched for word in search.words)


PARTS = st.sampled_from(
    [*SYLLABLES, *FORMS, "Omdøpt", "STRØM", "berg vik", "ostvest", "317", "17 00"]
)
TEXTS = st.one_of(
    st.lists(PARTS, max_size=3).map(" ".join),
    st.lists(PARTS, min_size=2, max_size=3).map("".join),
    st.from_regex(r"[0-9]{1,6}", fullmatch=True),
    st.text(st.sampled_from("abeøÅrs 3\"*%_'-^:()"), max_size=6),
)


@pytest.mark.parametrize("clients", ["postgresql"], indirect=True)
@pytest.mark.parametrize("text", ["berg", "é", "317", "nobody at all"])
def test_names_are_read_through_beside_each_other_on_postgresql(
    clients: Clients, text: str
) -> None:
    with clients.database.engine.connect() as upkeep:
        upkeep.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("VACUUM ANALYZE")
    asked: list[tuple[str, Any]] = []

    def keep(_: object, __: object, statement: str, given: Any, *___: object) -> None:  # noqa: ANN401  as the toolkit gives it
        asked.append((statement, given))

    with clients.database.reading() as reading:
        find_by_index(reading.connection)
        event.listen(reading.connection, "before_cursor_execute", keep)
        client_store.list_givers(reading, clients.firm, read_search(text), after=0, most=5_000)
        event.remove(reading.connection, "before_cursor_execute", keep)
        (question,) = asked
        plan = "\n".join(
            reading.connection.exec_driver_sql(f"EXPLAIN {question[0]}", question[1]).scalars()
        )

    assert f"Index Only Scan using {NAMES_INDEX} on entities" in plan


@given(
    text=TEXTS,
    place=st.floats(0, 1),
    most=st.sampled_from([1, 7, 5_000]),
    is_linked=st.booleans(),
)
@example(text="", place=0, most=5_000, is_linked=False)
@example(text="berg AS", place=0, most=5_000, is_linked=False)
@example(text="AS", place=0, most=5_000, is_linked=False)
@example(text="317", place=0, most=5_000, is_linked=True)
@example(text="3000", place=0, most=5_000, is_linked=False)
@example(text="omdopt", place=0, most=5_000, is_linked=False)
@example(text="nobody at all", place=0, most=5_000, is_linked=False)
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_search_finds_what_reading_every_name_finds(
    clients: Clients, text: str, place: float, most: int, *, is_linked: bool
) -> None:
    after = int(place * clients.everybody[-1].id) if place else 0
    expected = [
        each.id
        for each in clients.everybody
        if each.id > after and is_found(each, text) and (not is_linked or each.id in clients.linked)
    ]

    with clients.database.reading() as reading:
        for few in (0, 1_000):
            found = client_store.list_givers(
                reading,
                clients.firm,
                read_search(text),
                after=after,
                most=most,
                linked_to=clients.agent if is_linked else None,
                few=few,
            )
            assert found == expected[:most], "looked up" if few == 0 else "read through"
