"""Reverse questions and what if, beside a bare prepared read of one row, on both engines.

Of accountants with 10, 1 000 and 10 000 clients, in worlds of 1 k to 1 M relations: a page of 100
of what the system user has, who has something of a client, who may do something for it, and what
would fall if its accountant were struck. Of the whole world: how fast a changed policy is told that
bears on every client, and how long it takes to find that one bears on nobody.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import bindparam, select

from benchmarks.worlds import PACKAGE, RESOURCES, SIZES, built, filled, open_database
from fullmakt.access.catalog.service import load_catalog
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.access.delegations import service as delegations
from fullmakt.access.delegations.model import Right
from fullmakt.access.delegations.pages import Page
from fullmakt.access.parties import service as parties
from fullmakt.access.parties.tables import entities
from fullmakt.access.policy.write import PlainRule, write_policy
from fullmakt.access.reach.service import Reach
from fullmakt.access.reach.supposing import OtherPolicy
from fullmakt.access.reach.turning import role_ended
from fullmakt.access.reach.what_if import what_if
from fullmakt.access.resources.shelf import PolicyShelf
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.run.server.clocks import MachineClock
from tests.engines import PostgresServer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.worlds import BenchmarkWorld
    from fullmakt.access.parties.model import Party
    from fullmakt.access.reach.model import Difference
    from fullmakt.access.reach.supposing import Supposed
    from fullmakt.foundation.storage.database import Database

_LARGEST = 1_000_000
_TIMES = 50
_BATCHES = 20
"""How many batches are waited for of what is told of the whole world."""
_ACCOUNTANT = "regnskapsforer"
_SERVICE = RESOURCES[0]


def main(sizes: Sequence[int]) -> None:
    """Measure at each number of relations up to a million."""
    wanted = [each for each in sizes if each <= _LARGEST]
    for relations in wanted:
        world = built(relations)
        database = open_database(world.url)
        _measure(world, database, "SQLite")
        database.close()
    if not wanted:
        return
    with tempfile.TemporaryDirectory() as folder:
        server = PostgresServer(Path(folder))
        server.start()
        try:
            for relations in wanted:
                with server.database() as name:
                    _on_postgresql(server.url(name), relations)
        finally:
            server.stop()


def _on_postgresql(url: str, relations: int) -> None:
    database = open_database(url)
    world = filled(database, url, relations)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
    _measure(world, database, "PostgreSQL")
    database.close()


@dataclass(frozen=True, slots=True)
class _Asking:
    """What questions are asked of."""

    database: Database
    decisions: DecisionPoint
    reach: Reach
    shelf: PolicyShelf

    def page(self, party: Party, *, is_subject: bool) -> int:
        """The standings on a page of what somebody has, or of who has something of it."""
        ask = delegations.list_reached if is_subject else delegations.list_holders
        with self.database.reading() as reading:
            return len(ask(reading, self.reach.catalog, party, Page(most=100)).items)

    def who_can(self, party: Party) -> int:
        """Those who may write for somebody."""
        with self.database.reading() as reading:
            found = self.reach.list_who_can(reading, Right(_SERVICE, "write"), party, Page())
        return len(found.items)

    def what_can(self, subject: Party) -> int:
        """The parties on a page of what somebody may do, for all services."""
        with self.database.reading() as reading:
            return len(self.reach.list_what_can(reading, subject, frozenset(), Page()).items)

    def struck(self, client: Party, accountant: Party) -> int:
        """The lines of what would fall with an accountant's role."""
        with self.database.reading() as reading:
            ended = role_ended(
                reading, self.reach.catalog, role=_ACCOUNTANT, giver=client, holder=accountant
            )
        return sum(map(len, self.what_if(ended)))

    def what_if(self, supposed: Supposed) -> islice[list[Difference]]:
        """The first batches of what would differ."""
        return islice(what_if(self.database, self.decisions, self.reach, supposed), _BATCHES)

    def other_policy(self, *rules: PlainRule) -> OtherPolicy:
        """The service's own policy, and these rules besides."""
        standing = self.shelf.get(_SERVICE)
        assert standing is not None
        mine = ("dagl", "lede", "innh")
        packages = (PACKAGE, "ansvarlig-revisor", "skattegrunnlag")
        own = PlainRule(("read", "write"), roles=mine, packages=packages)
        xml = write_policy(_SERVICE, [own, *rules], minimum_level=3)
        return OtherPolicy(self.shelf.judged(_SERVICE, xml))


def _measure(world: BenchmarkWorld, database: Database, engine: str) -> None:
    catalog, shelf = load_catalog(), PolicyShelf(database)
    decisions = DecisionPoint(database, catalog, shelf, clock=MachineClock())
    asking = _Asking(database, decisions, Reach(catalog, decisions), shelf)
    bare = _bare(database)
    print(f"{world.relations:>10,} relations on {engine}, a bare read {bare:4.0f} µs")
    for size in sorted(set(SIZES)):
        clients = world.clients.of_size(size)
        if not clients:
            continue
        with database.reading() as reading:
            agent = parties.find_party(reading, UUID(clients[0].system_user))
            client = parties.find_organization(reading, OrganizationNumber(clients[0].client))
            assert agent is not None and client is not None  # noqa: PT018
            assert agent.owner_id is not None
            accountant = parties.get_by_inner_id(reading, agent.owner_id)
        told = {
            "page of parties": _timed(partial(asking.page, agent, is_subject=True)),
            "page of holders": _timed(partial(asking.page, client, is_subject=False)),
            "who can": _timed(partial(asking.who_can, client)),
            "what can": _timed(partial(asking.what_can, agent)),
            "what if struck": _timed(partial(asking.struck, client, accountant)),
        }
        figures = ", ".join(f"{what} {us:7.0f} µs" for what, us in told.items())
        print(f"  {size:>6,} clients: {figures}")
    _whole_world(asking)


def _whole_world(asking: _Asking) -> None:
    every_client = asking.other_policy(PlainRule(("archive",), packages=(PACKAGE,)))
    nobody = asking.other_policy(PlainRule(("archive",), roles=("dagl",)))
    begun = time.perf_counter()
    lines = sum(map(len, asking.what_if(every_client)))
    taken = time.perf_counter() - begun
    begun = time.perf_counter()
    none = sum(map(len, asking.what_if(nobody)))
    searched = time.perf_counter() - begun
    assert none == 0
    print(
        f"  what if a policy lets every accountant archive: {lines:,} lines, {lines / taken:,.0f} "
        f"a second; if it lets managing directors: none, found in {searched * 1e3:.1f} ms"
    )


def _bare(database: Database) -> float:
    text = database.text_of(
        select(entities.c.id, entities.c.name).where(entities.c.id == bindparam("id"))
    )
    return _timed(lambda: database.ask(text, {"id": 1}))


def _timed(run: Callable[[], object]) -> float:
    """The median of some runs, in µs, after a few to warm up."""
    for _ in range(3):
        run()
    taken = []
    for _ in range(_TIMES):
        begun = time.perf_counter()
        run()
        taken.append((time.perf_counter() - begun) * 1e6)
    return sorted(taken)[len(taken) // 2]
