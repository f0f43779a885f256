"""The migrations lead to the schema that the rooms declare, on both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from fullmakt.access.parties.search_tables import NAMES_INDEX, STATEMENTS
from fullmakt.foundation.events.ledger import EventLedger
from fullmakt.foundation.storage.database import Database
from fullmakt.run.migrations.head import HEAD, find_revision
from fullmakt.run.migrations.upgrade import configuration, upgrade
from fullmakt.run.server.schema import open_schema
from fullmakt.run.tables import schema
from tests.worlds import TestClock

if TYPE_CHECKING:
    from typing import Any


def differences(url: str) -> list[Any]:
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_name": lambda name, kind, _: kind != "table" or name in schema.tables,
                # alembic takes what is declared for one engine to be declared for both.
                "include_object": lambda _, name, _kind, is_found, _of: (
                    is_found or name != NAMES_INDEX or engine.dialect.name == "postgresql"
                ),
            },
        )
        found = compare_metadata(context, schema)
    engine.dispose()
    return list(found)


def search_index_of(url: str) -> set[str]:
    """How SQLite's search of names was made, of which no table tells."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.scalars(
            text(
                "SELECT sql FROM sqlite_master WHERE name = 'entities_search'"
                " OR (type = 'trigger' AND tbl_name = 'entities')"
            )
        )
        made = set(found)
    engine.dispose()
    return made


def test_migrating_an_empty_database_gives_the_declared_schema(database_url: str) -> None:
    engine = create_engine(database_url)

    upgrade(engine)

    engine.dispose()
    assert differences(database_url) == []
    if database_url.startswith("sqlite"):
        assert search_index_of(database_url) == set(STATEMENTS)


def test_making_the_schema_whole_gives_the_same(database_url: str) -> None:
    database = Database(database_url, clock=TestClock(), ledger=EventLedger(), is_durable=False)

    open_schema(database, profile="test", catalog_version="test")

    with database.engine.connect() as connection:
        assert find_revision(connection) == HEAD
    database.close()
    assert differences(database_url) == []


def test_the_newest_revision_is_the_one_known_without_alembic() -> None:
    assert ScriptDirectory.from_config(configuration()).get_heads() == [HEAD]


def test_an_older_database_is_upgraded_when_it_is_opened(database_url: str) -> None:
    engine = create_engine(database_url)
    config = configuration()
    oldest = ScriptDirectory.from_config(config).get_base()
    assert oldest is not None
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, oldest)
    engine.dispose()

    database = Database(database_url, clock=TestClock(), ledger=EventLedger(), is_durable=False)
    open_schema(database, profile="test", catalog_version="test")

    with database.engine.connect() as connection:
        assert find_revision(connection) == HEAD
        assert connection.execute(text("SELECT count(*) FROM system_users")).scalar_one() == 0
    database.close()
