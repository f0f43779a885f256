"""The databases that tests are given: both engines, new and empty each time."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy

from tests.engines import NoPostgresError, PostgresServer, wheel_programs


@contextmanager
def connected(url: str) -> Iterator[sqlalchemy.Connection]:
    engine = sqlalchemy.create_engine(url)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def process_of(data: Path) -> str:
    return (data / "postmaster.pid").read_text().split()[0]


def test_both_engines_answer(database_url: str) -> None:
    with connected(database_url) as connection:
        answer = connection.execute(sqlalchemy.text("SELECT 1")).scalar_one()

    assert answer == 1


@pytest.mark.parametrize("turn", [1, 2])
def test_a_database_has_nothing_left_from_another_test(database_url: str, turn: int) -> None:
    with connected(database_url) as connection:
        left = sqlalchemy.inspect(connection).get_table_names()
        connection.execute(sqlalchemy.text("CREATE TABLE left_behind (turn INTEGER)"))

    assert left == [], f"turn {turn} found tables"


def test_two_databases_of_one_server_are_apart(postgres: PostgresServer) -> None:
    with postgres.database() as first, postgres.database() as second:
        with connected(postgres.url(first)) as connection:
            connection.execute(sqlalchemy.text("CREATE TABLE mine (id INTEGER)"))
        with connected(postgres.url(second)) as connection:
            tables = sqlalchemy.inspect(connection).get_table_names()

    assert tables == []


def test_the_server_never_runs_as_root(postgres: PostgresServer) -> None:
    with postgres.database() as name, connected(postgres.url(name)) as connection:
        data = connection.execute(sqlalchemy.text("SHOW data_directory")).scalar_one()

    assert Path(f"/proc/{process_of(Path(data))}").stat().st_uid != 0


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a name short enough for a socket, and open to the server's account."""
    with tempfile.TemporaryDirectory(prefix="fullmakt-tests-") as name:
        yield Path(name)


def test_the_wheel_serves_where_the_system_has_no_postgresql(folder: Path) -> None:
    server = PostgresServer(folder, folders=wheel_programs())

    server.start()
    with server.database() as name, connected(server.url(name)) as connection:
        answer = connection.execute(sqlalchemy.text("SELECT 1")).scalar_one()
    server.stop()

    assert answer == 1


def test_a_stopped_server_answers_nobody(folder: Path) -> None:
    server = PostgresServer(folder)
    server.start()

    server.stop()

    with pytest.raises(sqlalchemy.exc.OperationalError), connected(server.url("postgres")):
        pass
    assert not list(folder.glob("postgresql/data/postmaster.pid"))


def test_without_any_postgresql_the_reason_says_where_it_was_looked_for(folder: Path) -> None:
    server = PostgresServer(folder, folders=[folder / "nowhere"])

    with pytest.raises(NoPostgresError, match=r"looked in .*nowhere\. Install one"):
        server.start()
