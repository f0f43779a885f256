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
    select,
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
Copied: TypeAlias = Mapping[str, Sequence[tuple[object, ...]] | str]


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
    """Every row of every table as the engine gives it: for `put_rows` on the same engine only."""
    rows_of = _json_of if _is_postgresql(reading.connection) else _rows_of
    copied = {table.name: rows_of(reading.connection, table) for table in _tables()}
    return {name: rows for name, rows in copied.items() if rows}


def _rows_of(connection: Connection, table: Table) -> list[tuple[object, ...]]:
    # INVARIANT: in the order of their keys, since a row names others of its table that came before.
    statement = f"SELECT * FROM {table.name} ORDER BY {_keys(table)}"  # noqa: S608  our own
    return [tuple(row) for row in connection.exec_driver_sql(statement)]


def _json_of(connection: Connection, table: Table) -> str | None:
    every = f"json_agg(each ORDER BY {_keys(table)})::text"
    statement = f"SELECT {every} FROM {table.name} AS each"  # noqa: S608  as above
    found: str | None = connection.exec_driver_sql(statement).scalar_one()
    return found


def _keys(table: Table) -> str:
    return ", ".join(column.name for column in table.primary_key)


def put_rows(journal: Journal, copied: Copied) -> None:
    """As `replace_rows`, with what `copy_rows` gave."""
    connection = journal.connection
    _empty_tables(connection)
    if _is_postgresql(connection):
        _put_at_once(connection, copied)
    else:
        _put_each(connection, copied)
    begin_incarnation(connection)


def _put_each(connection: Connection, copied: Copied) -> None:
    # SPEED: nothing is compiled and no value is converted on the way (benchmarks/fresh.py).
    for table in _tables():
        rows: Any = copied.get(table.name)
        if rows:
            places = ", ".join(["?"] * len(rows[0]))
            statement = f"INSERT INTO {table.name} VALUES ({places})"  # noqa: S608  as above
            connection.exec_driver_sql(statement, rows)


def _put_at_once(connection: Connection, copied: Copied) -> None:
    # SPEED: one statement, and the server reads what it wrote itself (benchmarks/fresh.py).
    # INVARIANT: what rows refer to is checked when the whole statement has run, in any order.
    inserts = ", ".join(
        f"put_{name} AS (INSERT INTO {name}"  # noqa: S608  as above
        f" SELECT * FROM json_populate_recordset(NULL::{name}, %s::json))"
        for name in copied
    )
    connection.exec_driver_sql(f"WITH {inserts} SELECT", tuple(copied.values()))


def _empty_tables(connection: Connection) -> None:
    # INVARIANT: whoever changes authority has ended, so that none of its rows is left behind.
    connection.execute(select(world).with_for_update())
    deletes = [f"DELETE FROM {table.name}" for table in reversed(_tables())]  # noqa: S608  as above
    if _is_postgresql(connection):
        # SPEED: asked once, not once for each table (benchmarks/fresh.py).
        at_once = {"no_parameters": True}
        connection.exec_driver_sql("; ".join(deletes), execution_options=at_once)
    else:
        for each in deletes:
            connection.exec_driver_sql(each)


def begin_incarnation(connection: Connection) -> None:
    """Tell the world from the one that its rows were copied from."""
    connection.execute(update(world).values(incarnation=str(uuid4())))
    if _is_postgresql(connection):
        _move_sequences(connection)


def _move_sequences(connection: Connection) -> None:
    # INVARIANT: never back. No transaction takes `setval` back when it is broken off, and the rows
    # that then stand after all may have higher ids.
    # A sequence is left alone where there is no highest: `setval` of NULL does nothing.
    sequences = [
        (f"pg_get_serial_sequence('{table.name}', '{column.name}')", table.name, column.name)
        for table in _tables()
        if (column := table.autoincrement_column) is not None and isinstance(column.type, Integer)
    ]
    moves = ", ".join(
        f"setval({sequence}, greatest((SELECT max({column}) FROM {table}),"  # noqa: S608  as above
        f" pg_sequence_last_value({sequence}::regclass)))"
        for sequence, table, column in sequences
    )
    connection.exec_driver_sql(f"SELECT {moves}")


def _is_postgresql(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


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
