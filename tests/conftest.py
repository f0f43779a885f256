"""What every test may ask for: a database on each engine, and how thoroughly properties are tried.

Fixtures of one room stand in that room's folder.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.compiled_once import share_compiled_statements
from tests.engines import ENGINES, NoPostgresError, PostgresServer
from tests.room_coverage import RoomCoverage

if TYPE_CHECKING:
    from tests.worlds import PostgresPlaces

# The folder all workers of a run share; they inherit it from the process that starts them.
_SHARED = "FULLMAKT_TESTS_SHARED"
_WANTED_ROOM = 4 * 2**30

settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=200, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


def is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def pytest_addoption(parser: pytest.Parser) -> None:
    told = "fail when some branch of the rooms that decide is taken by no test about them"
    parser.addoption("--hold-coverage", action="store_true", help=told)


def quickest_folder() -> str:
    """Where temporary files go: in memory, where there is room. Tests make and drop thousands."""
    memory = Path("/dev/shm")
    if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _WANTED_ROOM:
        return str(memory)
    return tempfile.gettempdir()


def pytest_configure(config: pytest.Config) -> None:
    if not is_worker(config):
        # For pytest itself, the workers and the servers that tests start.
        os.environ["TMPDIR"] = tempfile.tempdir = quickest_folder()
        os.environ[_SHARED] = tempfile.mkdtemp(prefix="fullmakt-tests-")
    share_compiled_statements()
    if config.getoption("--hold-coverage"):
        measured = RoomCoverage(config, Path(os.environ[_SHARED]), is_worker=is_worker(config))
        config.pluginmanager.register(measured, "room-coverage")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, whatever the random order, so no worker waits for another's last."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not is_worker(config):
        shared = Path(os.environ.pop(_SHARED))
        PostgresServer(shared).stop()
        shutil.rmtree(shared, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres() -> PostgresServer:
    """The run's PostgreSQL server, started by the first test that asks for it."""
    server = PostgresServer(Path(os.environ[_SHARED]))
    try:
        server.start()
    except NoPostgresError as reason:
        pytest.fail(str(reason), pytrace=False)
    return server


@pytest.fixture(scope="session")
def postgres_places(postgres: PostgresServer) -> Iterator[PostgresPlaces]:
    """Databases of this worker that have their tables already."""
    # Imported here, for the rooms that are measured must not be imported before.
    from tests.worlds import PostgresPlaces  # noqa: PLC0415

    places = PostgresPlaces(postgres)
    yield places
    places.close()


@pytest.fixture(scope="session")
def sqlite_place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file that has its tables already."""
    from tests.worlds import make_sqlite_place  # noqa: PLC0415

    file = tmp_path_factory.mktemp("place") / "test.sqlite"
    make_sqlite_place(file)
    return file


@pytest.fixture(params=ENGINES)
def place_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with every table and no row, for `new_database`, once on each engine."""
    if request.param == "sqlite":
        made = shutil.copy(request.getfixturevalue("sqlite_place"), tmp_path / "test.sqlite")
        yield f"sqlite:///{made}"
    else:
        places: PostgresPlaces = request.getfixturevalue("postgres_places")
        with places.lease() as url:
            yield url


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database, once on each engine.

    For one engine only: `@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)`.
    """
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.sqlite'}"
    else:
        server: PostgresServer = request.getfixturevalue("postgres")
        with server.database() as name:
            yield server.url(name)
