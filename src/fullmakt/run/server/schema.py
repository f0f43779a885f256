"""The world's schema: made whole in an empty database, brought up to date in an older one.

A test holds that the migrations lead to the same schema.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import insert

from fullmakt.foundation.storage.tables import world
from fullmakt.run.migrations.head import HEAD, find_revision, mark_as_current
from fullmakt.run.tables import schema

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from fullmakt.foundation.storage.database import Database


def open_schema(database: Database, *, profile: str, catalog_version: str) -> bool:
    """Bring the database's schema to the newest; whether the world in it is new."""
    with database.engine.connect() as connection:
        revision = find_revision(connection)
    if revision is None:
        make_world(database, profile=profile, catalog_version=catalog_version)
        return True
    if revision != HEAD:
        # SPEED: alembic is loaded only where there is something to migrate (benchmarks/start.py).
        from fullmakt.run.migrations.upgrade import upgrade  # noqa: PLC0415

        upgrade(database.engine)
    return False


def make_world(database: Database, *, profile: str, catalog_version: str) -> None:
    """Make every table, and the world row at revision 0."""
    with database.engine.begin() as connection:
        schema.create_all(connection)
        mark_as_current(connection)
        begin_world(connection, profile=profile, catalog_version=catalog_version)


def begin_world(connection: Connection, *, profile: str, catalog_version: str) -> None:
    """Add the world row, at revision 0, as an incarnation of its own."""
    connection.execute(
        insert(world).values(
            id=1,
            revision=0,
            incarnation=str(uuid4()),
            profile=profile,
            catalog_version=catalog_version,
            chain_head="",
        )
    )
