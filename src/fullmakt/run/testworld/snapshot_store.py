"""Every row of a world, taken out and put back in one transaction, the same way on both engines.

What a snapshot is called and where it is kept is `snapshots.py`.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import uuid4

from sqlalchemy import (
    Column,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    Table,
    func,
    insert,
    select,
    text,
    update,
)

from fullmakt.foundation.storage.tables import world
from fullmakt.foundation.terms.moments import read_moment, utc
from fullmakt.run.tables import schema
from fullmakt.run.testworld.tables import metadata

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from fullmakt.foundation.storage.database import Journal, Reading

Rows: TypeAlias = Mapping[str, Sequence[Mapping[str, object]]]
Copied: TypeAlias = Mapping[str, list[tuple[object, ...]]]
_CHUNK = 500


def _tables() -> list[Table]:
    return [*schema.sorted_tables, *metadata.sorted_tables]


def list_rows(reading: Reading) -> dict[str, list[dict[str, object]]]:
    """Every row of every table, as JSON values."""
    return {
        table.name: [
            {name: _plain(value) for name, value in row._mapping.items()}  # noqa: SLF001  public
            for row in reading.connection.execute(select(table).order_by(*table.primary_key))
        ]
        for table in _tables()
    }


def replace_rows(journal: Journal, rows: Rows) -> None:
    """Put these rows in the place of all that is there; the world becomes another incarnation."""
    connection = journal.connection
    _empty_tables(connection)
    for table in _tables():
        found = [_typed(table, row) for row in rows.get(table.name, ())]
        for start in range(0, len(found), _CHUNK):
            connection.execute(insert(table), found[start : start + _CHUNK])
    begin_incarnation(connection)


def copy_rows(reading: Reading) -> Copied:
    """Every row of every table as the driver gives it: for `put_rows` on the same engine only."""
    return {table.name: _rows_of(reading.connection, table) for table in _tables()}


def _rows_of(connection: Connection, table: Table) -> list[tuple[object, ...]]:
    # INVARIANT: in the order of their keys, since a row names others of its table that came before.
    keys = ", ".join(column.name for column in table.primary_key)
    statement = f"SELECT * FROM {table.name} ORDER BY {keys}"  # noqa: S608  names are our own
    return [tuple(row) for row in connection.exec_driver_sql(statement)]


def put_rows(journal: Journal, copied: Copied) -> None:
    """As `replace_rows`, with what `copy_rows` gave."""
    # SPEED: nothing is compiled and no value is converted on the way (a fresh world in 50 ms).
    connection = journal.connection
    place = "?" if connection.dialect.paramstyle == "qmark" else "%s"
    _empty_tables(connection)
    for table in _tables():
        rows = copied[table.name]
        if rows:
            places = ", ".join([place] * len(rows[0]))
            statement = f"INSERT INTO {table.name} VALUES ({places})"  # noqa: S608  as above
            connection.exec_driver_sql(statement, rows)
    begin_incarnation(connection)


def _empty_tables(connection: Connection) -> None:
    for table in reversed(_tables()):
        connection.exec_driver_sql(f"DELETE FROM {table.name}")  # noqa: S608  as above


def begin_incarnation(connection: Connection) -> None:
    """Tell the world from the one that its rows were copied from."""
    connection.execute(update(world).values(incarnation=str(uuid4())))
    if connection.dialect.name == "postgresql":
        _move_sequences(connection)


def _move_sequences(connection: Connection) -> None:
    for table in _tables():
        column = table.autoincrement_column
        if column is None or not isinstance(column.type, Integer):
            continue
        highest = connection.execute(select(func.max(column))).scalar_one()
        if highest is not None:
            connection.execute(
                text("SELECT setval(pg_get_serial_sequence(:name, :column), :highest)"),
                {"name": table.name, "column": column.name, "highest": highest},
            )


def _plain(value: object) -> object:
    match value:
        case datetime():
            return utc(value).isoformat()
        case date():
            return value.isoformat()
        case bytes():
            return b64encode(value).decode()
        case _:
            return value


def _typed(table: Table, row: Mapping[str, object]) -> dict[str, Any]:
    return {name: _of_column(table.c[name], value) for name, value in row.items()}


def _of_column(column: Column[Any], value: object) -> object:
    if value is None:
        return None
    if isinstance(column.type, DateTime):
        return read_moment(str(value))
    if isinstance(column.type, Date):
        return date.fromisoformat(str(value))
    if isinstance(column.type, LargeBinary):
        return b64decode(str(value))
    return value
