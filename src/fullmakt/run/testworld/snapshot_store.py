"""Every row of a world, taken out and put back in one transaction, the same way on both engines.

What a snapshot is called and where it is kept is `snapshots.py`.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
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
    select,
    text,
    update,
)

from fullmakt.foundation.storage.tables import world
from fullmakt.foundation.terms.moments import read_moment, utc
from fullmakt.run.tables import schema
from fullmakt.run.testworld.tables import metadata

if TYPE_CHECKING:
    from sqlalchemy import Connection, Dialect

    from fullmakt.foundation.storage.database import Journal, Reading

Rows: TypeAlias = Mapping[str, Sequence[Mapping[str, object]]]
Copied: TypeAlias = Mapping[str, list[tuple[object, ...]]]


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
        found = rows.get(table.name)
        if found:
            _insert(connection, table, found)
    begin_incarnation(connection)


def _insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    # SPEED: not compiled by the toolkit, which would do so for each world that stands, and take
    # as long for it as for all the rest of a restoration (benchmarks/start.py).
    names, quote = list(rows[0]), connection.dialect.identifier_preparer.quote
    columns, places = ", ".join(map(quote, names)), ", ".join([_place(connection)] * len(names))
    statement = f"INSERT INTO {table.name} ({columns}) VALUES ({places})"  # noqa: S608  our own
    readers = [(name, _reader(table.c[name], connection.dialect)) for name in names]
    values = [tuple(read(row[name]) for name, read in readers) for row in rows]
    connection.exec_driver_sql(statement, values)


def _place(connection: Connection) -> str:
    return "?" if connection.dialect.paramstyle == "qmark" else "%s"


def _reader(column: Column[Any], dialect: Dialect) -> Callable[[object], object]:
    """What makes the driver's value of a JSON value."""
    bind = column.type.dialect_impl(dialect).bind_processor(dialect) or _as_it_is

    def read(value: object) -> object:
        return bind(_of_column(column, value))

    return read


def _as_it_is(value: object) -> object:
    return value


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
    _empty_tables(connection)
    for table in _tables():
        rows = copied[table.name]
        if rows:
            places = ", ".join([_place(connection)] * len(rows[0]))
            statement = f"INSERT INTO {table.name} VALUES ({places})"  # noqa: S608  as above
            connection.exec_driver_sql(statement, rows)
    begin_incarnation(connection)


def _empty_tables(connection: Connection) -> None:
    # INVARIANT: whoever changes authority has ended, so that none of its rows is left behind.
    connection.execute(select(world).with_for_update())
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
