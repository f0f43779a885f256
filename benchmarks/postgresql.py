"""One decision on PostgreSQL, cold and warm, beside a bare prepared read on the same event loop.

The bare read is the same statement with the same parameters, on a connection held open, with
nothing around it. Cold, a decision costs that read, which brings the barrier with it; warm, the
barrier.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from benchmarks.decide import quantile, question_about, skewed, told
from benchmarks.targets import Target, note
from benchmarks.worlds import RESOURCES, filled, open_database
from fullmakt.access.catalog.service import load_catalog
from fullmakt.access.decisions.model import Outcome
from fullmakt.access.decisions.questions import read_question
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.access.delegations.standing_store import standing_statement
from fullmakt.access.delegations.standings import Key
from fullmakt.access.resources.shelf import PolicyShelf
from fullmakt.foundation.storage.engines import PLANNED_ONCE
from fullmakt.run.server.clocks import MachineClock
from tests.engines import PostgresServer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from fullmakt.access.catalog.model import Catalog
    from fullmakt.access.decisions.asking import Asked
    from fullmakt.foundation.storage.database import Database

_RELATIONS = 100_000
_QUESTIONS = 1_000
_TOGETHER = 32


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        server = PostgresServer(Path(folder))
        server.start()
        try:
            with server.database() as name:
                asyncio.run(_measure(server.url(name)))
        finally:
            server.stop()


async def _measure(url: str) -> None:
    database, catalog = open_database(url), load_catalog()
    world = filled(database, url, _RELATIONS)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
    decisions = DecisionPoint(database, catalog, PolicyShelf(database), clock=MachineClock())
    chosen = skewed(world.clients, _QUESTIONS, seed=3)
    asked = [
        read_question(question_about(relation, RESOURCES[n % len(RESOURCES)]))
        for n, relation in enumerate(chosen)
    ]
    for relation, question in zip(chosen, asked, strict=True):
        (found,) = await decisions.answer_on_loop([question])
        if found.outcome is not (Outcome.PERMIT if relation.is_linked else Outcome.NOT_APPLICABLE):
            message = f"answered {found.outcome} against the facts"
            raise AssertionError(message)
    read = await _bare_read(url, database, catalog)

    async def cold(question: Asked) -> None:
        decisions.standings.clear()
        await decisions.answer_on_loop([question])

    async def warm(question: Asked) -> None:
        await decisions.answer_on_loop([question])

    bare_taken, cold_taken = await _interleaved(read, cold, asked)
    for question in asked:
        await warm(question)
    warm_taken = await _times(warm, asked)
    begun = time.perf_counter()
    for n in range(0, len(asked), _TOGETHER):
        await asyncio.gather(*[warm(question) for question in asked[n : n + _TOGETHER]])
    together_us = (time.perf_counter() - begun) / len(asked) * 1e6
    print(f"{world.relations:>8,} relations on PostgreSQL")
    print(told("bare", bare_taken, "the same statement, prepared"))
    print(told("cold", cold_taken, "statement and barrier in one"))
    ratio = quantile(cold_taken, 0.5) / quantile(bare_taken, 0.5)
    print(f"  cold / bare {ratio:.2f}")
    note(Target.COLD_POSTGRESQL, ratio)
    print(told("warm", warm_taken, "the barrier alone"))
    print(f"  warm, {_TOGETHER} at once {together_us:6.1f} µs a decision (one barrier for all)")
    database.close()


async def _bare_read(
    url: str, database: Database, catalog: Catalog
) -> Callable[[Asked], Awaitable[None]]:
    keys = (Key.UUID, Key.ORGANIZATION_NUMBER)
    text = database.text_of(standing_statement(*keys, key_roles=frozenset(catalog.key_roles)))
    connection = await psycopg.AsyncConnection.connect(
        url.replace("postgresql+psycopg", "postgresql"), autocommit=True, prepare_threshold=0
    )
    await connection.execute(PLANNED_ONCE)

    async def read(asked: Asked) -> None:
        assert asked.subject is not None and asked.party is not None  # noqa: PT018
        parameters = {"subject": asked.subject.reference.value, "party": asked.party.value}
        await (await connection.execute(text, parameters)).fetchall()

    return read


async def _times(
    function: Callable[[Asked], Awaitable[None]], asked: Sequence[Asked]
) -> list[float]:
    taken = []
    for question in asked:
        begun = time.perf_counter_ns()
        await function(question)
        taken.append((time.perf_counter_ns() - begun) / 1000)
    return taken


async def _interleaved(
    first: Callable[[Asked], Awaitable[None]],
    second: Callable[[Asked], Awaitable[None]],
    asked: Sequence[Asked],
) -> tuple[list[float], list[float]]:
    taken: tuple[list[float], list[float]] = ([], [])
    for question in asked:
        for place, function in enumerate((first, second)):
            taken[place].extend(await _times(function, [question]))
    return taken


if __name__ == "__main__":
    main()
