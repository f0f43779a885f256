"""The world's schema: made in an empty database.

An existing database is brought up to date by the migrations; a test holds that they lead here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import insert

from fullmakt.foundation.storage.tables import world
from fullmakt.run.tables import schema

if TYPE_CHECKING:
    from fullmakt.foundation.storage.database import Database


def make_world(database: Database, *, profile: str, catalog_version: str) -> None:
    """Make every table, and the world row at revision 0."""
    schema.create_all(database.engine)
    with database.engine.begin() as connection:
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
