"""The two engines.

SQLite in a file, and PostgreSQL. What differs between them stands here and nowhere else.
"""

from __future__ import annotations

import sqlite3
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import sqlalchemy
from sqlalchemy import event
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import QueuePool

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Engine
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.sql import ClauseElement

BEGIN_OPTION = "fullmakt_begin"
# SPEED: the server would plan the same few statements anew for each question, which takes longer
# than answering it (benchmarks/postgresql.py).
PLANNED_ONCE = "SET plan_cache_mode = force_generic_plan"
_BY_INDEX = "SELECT set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)"
_BUSY_TIMEOUT_S = 30
LONGEST_LOCK_WAIT_MS = 30_000
LONGEST_SILENCE_MS = 60_000
"""How long a transaction may be open without being asked anything, before the server ends it."""
# A peer that is gone without a word is noticed in half a minute: a transaction of a node that lost
# its power would keep the world's lock for hours.
_ALIVE = {
    "connect_timeout": "10",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}
_SERVER_ALIVE = ("tcp_keepalives_idle=10", "tcp_keepalives_interval=5", "tcp_keepalives_count=3")
_TEXTS_KEPT = 256


def is_sqlite(url: str) -> bool:
    """Whether `url` names a SQLite file."""
    return url.startswith("sqlite")


def make_engine(url: str, *, is_durable: bool) -> Engine:
    """An engine for `url`; a SQLite engine that is not durable does not wait for the disk."""
    return _sqlite_engine(url, is_durable=is_durable) if is_sqlite(url) else _postgresql_engine(url)


def _sqlite_engine(url: str, *, is_durable: bool) -> Engine:
    engine = sqlalchemy.create_engine(
        url,
        poolclass=QueuePool,
        pool_size=8,
        max_overflow=64,
        connect_args={"check_same_thread": False, "timeout": _BUSY_TIMEOUT_S},
    )

    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        _prepare_sqlite(connection, is_durable=is_durable)

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get(BEGIN_OPTION, "BEGIN"))

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, *, is_durable: bool) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA synchronous = {'FULL' if is_durable else 'OFF'}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_S * 1000}")


def _postgresql_engine(url: str) -> Engine:
    parsed = sqlalchemy.make_url(url)
    settings = (
        f"lock_timeout={LONGEST_LOCK_WAIT_MS}",
        f"idle_in_transaction_session_timeout={LONGEST_SILENCE_MS}",
        *_SERVER_ALIVE,
    )
    # INVARIANT: what the operator's URL says comes last, and counts.
    said = parsed.query.get("options", "")
    options = " ".join([*(f"-c {setting}" for setting in settings), str(said)]).strip()
    return sqlalchemy.create_engine(
        parsed.set(query={**_ALIVE, **parsed.query, "options": options}),
        pool_size=8,
        max_overflow=32,
        pool_pre_ping=True,
    )


def connection_parameters(engine: Engine) -> dict[str, Any]:
    """How the driver of a PostgreSQL engine connects, for a connection beside the engine's own."""
    _, parameters = engine.dialect.create_connect_args(engine.url)
    return {name: value for name, value in parameters.items() if name != "context"}


def find_by_index(connection: Connection) -> None:
    """Let the rest of a transaction read by index, as it would where tables are small as well."""
    # SPEED: a server that expects many rows reads whole tables, and a page then takes longer the
    # larger the world is (benchmarks/reach.py). Without that choice, what it expects a statement to
    # cost is no reason to compile it. SQLite goes by the indexes there are.
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_BY_INDEX)


def is_unreachable(fault: DBAPIError) -> bool:
    """Whether the database was away or busy too long, and not asked something it cannot do."""
    reason = fault.orig
    if isinstance(reason, sqlite3.Error):
        code: int = getattr(reason, "sqlite_errorcode", 0)
        return code & 0xFF == sqlite3.SQLITE_BUSY
    return fault.connection_invalidated or isinstance(fault, OperationalError)


def statement_text(engine: Engine, statement: ClauseElement) -> str:
    """The SQL text of `statement` with named parameters, as the engine's driver reads them."""
    return _text(engine.dialect.name, statement)


# SPEED: a room keeps its statements, and each new world asks for their text (benchmarks/fresh.py).
@lru_cache(maxsize=_TEXTS_KEPT)
def _text(dialect: str, statement: ClauseElement) -> str:
    if dialect == "sqlite":
        return str(statement.compile(dialect=sqlite_dialect(paramstyle="named")))
    # Not loaded when the store is SQLite.
    from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg  # noqa: PLC0415

    chosen = PGDialect_psycopg()  # type: ignore[no-untyped-call]  # SQLAlchemy's, without types
    return str(statement.compile(dialect=chosen))


class HotConnection:
    """One connection for short questions, outside any transaction and always read to the end."""

    def __init__(self, engine: Engine, *, is_durable: bool) -> None:
        self.is_inline = engine.dialect.name == "sqlite"
        """True when a question takes microseconds, so that it may be asked on the event loop."""
        self._connection: Any
        if self.is_inline:
            self._connection = sqlite3.connect(
                str(engine.url.database), check_same_thread=False, timeout=_BUSY_TIMEOUT_S
            )
            _prepare_sqlite(self._connection, is_durable=is_durable)
        else:
            # SPEED: not loaded when the store is SQLite (benchmarks/start.py).
            import psycopg  # noqa: PLC0415

            self._connection = psycopg.connect(
                **connection_parameters(engine), autocommit=True, prepare_threshold=0
            )
            self._connection.execute(PLANNED_ONCE)
        # SPEED: one cursor, since each question is read to the end before the next
        # (benchmarks/decide.py).
        self._cursor: Any = self._connection.cursor()

    def fetch(self, text: str, parameters: Mapping[str, object]) -> list[tuple[Any, ...]]:
        """All rows that `text` gives."""
        return self._cursor.execute(text, parameters).fetchall()  # type: ignore[no-any-return]

    @property
    def is_broken(self) -> bool:
        """Whether the server has gone away, so that nothing can be asked here again."""
        return not self.is_inline and bool(self._connection.closed)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
