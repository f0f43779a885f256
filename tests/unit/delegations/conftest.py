"""A town for each delegation test: copied, since making one takes longer than the test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path

import pytest

from fullmakt.foundation.events.ledger import EventLedger
from fullmakt.foundation.storage.database import Database
from tests.cases.decisions.town import Town
from tests.engines import ENGINES, PostgresServer
from tests.unit.delegations.acts import (
    ACCOUNTANT,
    BAKERY,
    BRANCH,
    CLERK,
    DIRECTOR,
    OTHER,
)
from tests.worlds import TestClock, new_database


def furnish(town: Town) -> None:
    """What every test begins with."""
    for name in (ACCOUNTANT, BAKERY, OTHER):
        town.tell("organizations", {"name": name})
    town.tell("organizations", {"name": BRANCH, "parent": BAKERY})
    for name in (DIRECTOR, CLERK):
        town.tell("people", {"name": name})
    town.tell("roles", {"from": BAKERY, "role": "daglig-leder", "to": DIRECTOR})
    town.tell("roles", {"from": BAKERY, "role": "regnskapsforer", "to": ACCOUNTANT})
    town.tell("system_users", {"name": "maestro", "kind": "agent", "owner": ACCOUNTANT})


@pytest.fixture(scope="module", params=ENGINES)
def copies(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], AbstractContextManager[Town]]]:
    """Gives as many copies of the town as are wanted, on one engine."""
    if request.param == "sqlite":
        yield copies_of_a_file(tmp_path_factory.mktemp("towns"))
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.database() as template:
        first = a_town(server.url(template))

        @contextmanager
        def copied() -> Iterator[Town]:
            with server.database(template=template) as name:
                yield from lived_in(first, server.url(name))

        yield copied


def a_town(url: str) -> Town:
    database = new_database(url)
    made = Town(database)
    furnish(made)
    database.close()
    return made


def copies_of_a_file(folder: Path) -> Callable[[], AbstractContextManager[Town]]:
    first, numbers = a_town(f"sqlite:///{folder / 'first.sqlite'}"), count()

    @contextmanager
    def copied() -> Iterator[Town]:
        path = folder / f"{next(numbers)}.sqlite"
        shutil.copy(folder / "first.sqlite", path)
        yield from lived_in(first, f"sqlite:///{path}")

    return copied


def lived_in(first: Town, url: str) -> Iterator[Town]:
    database = Database(url, clock=TestClock(), ledger=EventLedger(), is_durable=False)
    yield first.moved(database)
    database.close()


@pytest.fixture
def town(copies: Callable[[], AbstractContextManager[Town]]) -> Iterator[Town]:
    with copies() as made:
        yield made
