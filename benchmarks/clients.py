"""Clients at scale: pages, searches and bulk changes of one facilitator's clients, both engines.

Over the use cases that the routes call, JSON written; a page is to be answered within 200 ms. The
vendor's list of a system's users stands beside it.
"""

from __future__ import annotations

import tempfile
import time
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.one_accountant import one_accountant
from benchmarks.targets import Target, note
from benchmarks.worlds import PACKAGE, open_database
from fullmakt.access.catalog.service import load_catalog
from fullmakt.access.delegations import client_pages, linking
from fullmakt.access.delegations.model import Wanted
from fullmakt.access.delegations.rules import read_search
from fullmakt.access.parties import service as parties
from fullmakt.foundation.http.bodies import write_body
from fullmakt.systems.system_users import bulk_wire, store, wire
from fullmakt.systems.system_users.service import SystemUserPage
from tests.engines import PostgresServer

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.one_accountant import OneAccountant
    from fullmakt.access.delegations.model import ClientPage
    from fullmakt.access.parties.model import Party
    from fullmakt.foundation.storage.database import Database

_SIZES = (10_000, 100_000)
_PAGE, _CHUNK, _BULK, _ROUNDS = 100, 500, 10_000, 7
_WANTED = Wanted(frozenset({PACKAGE}))
_SEARCHES = ("", "client 3000 0123", "300 001 23", "nobody at all", "qq")


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        server = PostgresServer(Path(folder))
        server.start()
        try:
            for size in _SIZES:
                _measure(f"sqlite:///{Path(folder) / f'{size}.db'}", "SQLite", size)
                with server.database() as name:
                    _measure(server.url(name), "PostgreSQL", size)
        finally:
            server.stop()


def _measure(url: str, engine: str, size: int) -> None:
    database = open_database(url)
    world = one_accountant(database, size)
    _keep_up(database)
    print(f"{engine}, {size:,} clients")
    for text in _SEARCHES:
        taken = [_timed(partial(_page, database, world, text)) for _ in range(_ROUNDS)]
        print(f"  page of {_PAGE}, search `{text}`: {median(taken):7.1f} ms")
        note(Target.CLIENT_PAGE, median(taken))
    begun = time.perf_counter()
    pages = _walk(database, world)
    print(f"  every page, {pages} of them: {time.perf_counter() - begun:7.2f} s")
    taken = [_timed(lambda: _vendor_page(database, world)) for _ in range(_ROUNDS)]
    print(f"  vendor's page of 50 system users: {median(taken):7.1f} ms")
    note(Target.VENDOR_PAGE, median(taken))
    if size == _BULK:
        for told in ("bulk add", "again, nothing to do"):
            print(f"  {told}: {_timed(lambda: _add_all(database, world)) / 1000:7.2f} s")
    database.close()


def _keep_up(database: Database) -> None:
    """Do what PostgreSQL does by itself soon after rows were written, and the tests' never does."""
    with database.engine.connect() as connection:
        alone = connection.execution_options(isolation_level="AUTOCOMMIT")
        alone.exec_driver_sql("ANALYZE" if database.is_inline else "VACUUM ANALYZE")


def _timed(do: Callable[[], object]) -> float:
    begun = time.perf_counter()
    do()
    return (time.perf_counter() - begun) * 1000


def _opened(resource: str, *, role: str | None, packages: frozenset[str]) -> frozenset[str]:
    del resource, role, packages
    return frozenset()


def _read_page(
    database: Database, world: OneAccountant, text: str, after: Party | None
) -> ClientPage:
    catalog = load_catalog()
    with database.reading() as reading:
        agent, facilitator = (parties.find_party(reading, each) for each in world.sides)
        assert agent is not None and facilitator is not None  # noqa: PT018
        page = client_pages.list_page(
            reading,
            catalog,
            agent=agent,
            facilitator=facilitator,
            wanted=_WANTED,
            opened=_opened,
            search=read_search(text),
            is_linked=None,
            after=after,
            size=_PAGE,
        )
    write_body([bulk_wire.write_client(client, catalog, (PACKAGE,)) for client in page.clients])
    return page


def _page(database: Database, world: OneAccountant, text: str) -> None:
    _read_page(database, world, text, None)


def _walk(database: Database, world: OneAccountant) -> int:
    pages, after = 0, None
    while pages == 0 or after is not None:
        after = _read_page(database, world, "", after).next_after
        pages += 1
    return pages


def _vendor_page(database: Database, world: OneAccountant) -> None:
    with database.reading() as reading:
        users = store.list_by_system(reading, world.system, first=0, most=50)
    assert len(users) == 50
    write_body(wire.write_page(SystemUserPage(tuple(users), None), next_page=None))


def _add_all(database: Database, world: OneAccountant) -> None:
    catalog = load_catalog()
    with database.reading() as reading:
        agent, facilitator = (parties.find_party(reading, each) for each in world.sides)
    assert agent is not None and facilitator is not None  # noqa: PT018
    for start in range(0, len(world.clients), _CHUNK):
        chunk = world.clients[start : start + _CHUNK]
        with database.authority(actor="benchmark", correlation="benchmark") as work:
            found = parties.list_by_names(work, uuids=chunk, numbers=[])
            linked = linking.link_clients(
                work,
                catalog,
                agent=agent,
                facilitator=facilitator,
                clients=found,
                wanted=_WANTED,
                opened=_opened,
            )
        assert all(each.links for each in linked)


if __name__ == "__main__":
    main()
