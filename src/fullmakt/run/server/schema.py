"""The world's schema: made whole in an empty database, brought up to date in an older one.

A test holds that the migrations lead to the same schema.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import insert, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from fullmakt.foundation.storage.tables import world
from fullmakt.run.migrations.head import HEAD, find_revision, mark_as_current
from fullmakt.run.tables import schema

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from fullmakt.foundation.storage.database import Database


class UnusableDatabaseError(Exception):
    """The database cannot be opened: its URL is wrong, or nothing answers there."""


@contextmanager
def telling_what_is_wrong(url: str) -> Iterator[None]:
    """Turn what the drivers say of a database that cannot be opened into one line.

    Raises: UnusableDatabaseError, without the password in `url`.
    """
    try:
        yield
    except (SQLAlchemyError, ImportError) as fault:
        try:
            shown = make_url(url).render_as_string(hide_password=True)
        except ArgumentError:
            shown = "the URL"
        cause = getattr(fault, "orig", None) or fault
        said = str(cause).strip().partition("\n")[0]
        message = f"the database `{shown}` cannot be opened: {said}"
        raise UnusableDatabaseError(message) from fault


def open_schema(database: Database, *, profile: str, catalog_version: str) -> None:
    """Bring the database's schema to the newest, and begin a world where there is none."""
    with database.engine.connect() as connection:
        revision = find_revision(connection)
    if revision is None:
        make_world(database, profile=profile, catalog_version=catalog_version)
    elif revision != HEAD:
        # SPEED: alembic is loaded only where there is something to migrate (benchmarks/start.py).
        from fullmakt.run.migrations.upgrade import upgrade  # noqa: PLC0415

        upgrade(database.engine)


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
