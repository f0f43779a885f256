"""Reverse questions, a page at a time, beside a bare prepared read of one row.

Of accountants with 10, 1 000 and 10 000 clients, in worlds of 1 k to 1 M relations: a page of 100
of what the system user has, and who has something of a client.
"""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from benchmarks.worlds import SIZES, built, open_database
from fullmakt.access.catalog.service import load_catalog
from fullmakt.access.delegations import service as delegations
from fullmakt.access.delegations.pages import Page
from fullmakt.access.parties import service as parties
from fullmakt.foundation.terms.numbers import OrganizationNumber

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fullmakt.access.parties.model import Party
    from fullmakt.foundation.storage.database import Database

_LARGEST = 1_000_000
_TIMES = 50


def main(sizes: Sequence[int]) -> None:
    """Measure at each number of relations up to a million."""
    for relations in sizes:
        if relations <= _LARGEST:
            _measure(relations)


def _measure(relations: int) -> None:
    world = built(relations)
    database = open_database(world.url)
    bare = _bare(database)
    for size in sorted(set(SIZES)):
        clients = world.clients.of_size(size)
        if not clients:
            continue
        with database.reading() as reading:
            agent = parties.find_party(reading, UUID(clients[0].system_user))
            client = parties.find_organization(reading, OrganizationNumber(clients[0].client))
        assert agent is not None and client is not None  # noqa: PT018
        reached = _timed(partial(_page, database, agent, is_subject=True))
        holders = _timed(partial(_page, database, client, is_subject=False))
        print(
            f"{relations:>10,} relations, {size:>6,} clients: "
            f"a page of parties {reached:8.0f} µs, of holders {holders:7.0f} µs; "
            f"a bare read {bare:4.0f} µs"
        )
    database.close()


def _page(database: Database, party: Party, *, is_subject: bool) -> int:
    ask = delegations.list_reached if is_subject else delegations.list_holders
    with database.reading() as reading:
        return len(ask(reading, load_catalog(), party, Page(most=100)).items)


def _bare(database: Database) -> float:
    text = "SELECT id, name FROM entities WHERE id = :id"
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
