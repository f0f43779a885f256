"""What the API tests of this folder may ask for.

The systems' world is filled once on each engine. For each test the SQLite file is copied; the
PostgreSQL database gets its rows back, since making one takes longer than the test.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine, text

from fullmakt.run.tables import schema
from tests.api.systems_world import World, fill_world, open_world
from tests.engines import ENGINES, PostgresServer

_TABLES = [table.name for table in schema.sorted_tables]
_COUNTED = [
    (table.name, column.name)
    for table in schema.sorted_tables
    for column in table.columns
    if column is table.autoincrement_column
]
_PUTS_BACK = "; ".join(
    (
        *(f"DELETE FROM {table}" for table in reversed(_TABLES)),
        *(f"INSERT INTO {table} SELECT * FROM kept.{table}" for table in _TABLES),
        *(
            f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'),"
            f" (SELECT coalesce(max({column}), 0) + 1 FROM {table}), false)"
            for table, column in _COUNTED
        ),
    )
)


@pytest.fixture(scope="session")
def systems_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The systems' world as a SQLite file."""
    file = tmp_path_factory.mktemp("systems") / "world.sqlite"
    fill_world(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def systems_database(postgres: PostgresServer) -> Iterator[Engine]:
    """The systems' world in PostgreSQL, with a second copy of its rows in the schema `kept`."""
    with postgres.database() as name:
        fill_world(postgres.url(name))
        engine = create_engine(postgres.url(name))
        with engine.begin() as connection:
            connection.execute(text("CREATE SCHEMA kept"))
            for table in _TABLES:
                connection.execute(text(f"CREATE TABLE kept.{table} AS TABLE {table}"))
        yield engine
        engine.dispose()


def put_back(connection: Connection) -> None:
    """Make the rows those that were kept."""
    # All in one call: each of its own takes longer than what it does.
    connection.exec_driver_sql(_PUTS_BACK)


@pytest.fixture(params=ENGINES)
def systems_place(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Gives the URL of the systems' world as it was filled, as often as it is asked for."""
    if request.param == "sqlite":
        filled = request.getfixturevalue("systems_file")
        return lambda: f"sqlite:///{shutil.copy(filled, tmp_path / 'world.sqlite')}"
    engine: Engine = request.getfixturevalue("systems_database")

    def put_all_back() -> str:
        with engine.begin() as connection:
            put_back(connection)
        return engine.url.render_as_string(hide_password=False)

    return put_all_back


@pytest.fixture
def systems_url(systems_place: Callable[[], str]) -> str:
    """The systems' world as it was filled, once on each engine."""
    return systems_place()


@pytest.fixture
def world(systems_url: str) -> Iterator[World]:
    """A small world for the systems' endpoints."""
    with open_world(systems_url) as opened:
        yield opened
