"""The newest revision of the schema, and the mark in a database that says which one it has.

Known without importing alembic, so that starting on a current database does not load it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Column, MetaData, String, Table, insert, inspect, select

if TYPE_CHECKING:
    from sqlalchemy import Connection

HEAD = "systems"
_mark = Table(
    "alembic_version",
    MetaData(naming_convention={"pk": "%(table_name)s_pkc"}),
    Column("version_num", String(32), primary_key=True),
)


def find_revision(connection: Connection) -> str | None:
    """The revision that the database's schema has, or None where no schema was ever made."""
    if not inspect(connection).has_table(_mark.name):
        return None
    return connection.execute(select(_mark.c.version_num)).scalar_one_or_none()


def mark_as_current(connection: Connection) -> None:
    """Say that the schema, just made in whole, is the newest."""
    _mark.create(connection)
    connection.execute(insert(_mark).values(version_num=HEAD))
