"""Units of work over the database.

`authority` changes who may do what: one at a time, each one revision, committed with its events.
`journal` writes what is not authority, without that lock. `reading` is one snapshot. Stores receive
these and run their SQL on `.connection`; nobody else does. Which tables exist is declared by the
rooms; making and migrating them is done in `run`.
"""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import event, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from fullmakt.foundation.storage.engines import (
    BEGIN_OPTION,
    HotConnection,
    is_sqlite,
    is_unreachable,
    make_engine,
    statement_text,
)
from fullmakt.foundation.storage.loop_connections import ConnectionLostError, LoopConnections
from fullmakt.foundation.storage.model import Change, Entry, Ledger
from fullmakt.foundation.storage.tables import world
from fullmakt.foundation.terms.problem import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager
    from datetime import datetime

    from sqlalchemy import Connection, Engine
    from sqlalchemy.sql import ClauseElement

    from fullmakt.foundation.terms.clock import Clock

_logger = logging.getLogger(__name__)
_WORK_OPTION = "fullmakt_work"
_READING_OPTION = "fullmakt_reading"
# A thread has at most three connections at once: what reads while it writes may look something up.
# Together these have fewer than an engine gives out.
_WRITERS, _OTHERS = 3, 8
_LONGEST_WAIT_S = 30


class UnrecordedChangeError(Exception):
    """A unit of work changed rows and recorded no event: a fault in the program."""


class ChangedWhileReadingError(Exception):
    """A reading was about to change rows: a fault in the program."""


class NestedWorkError(Exception):
    """A thread began to write inside its own writing, and would wait for itself: a fault."""


class StoreUnreachable(Unavailable):
    """The database cannot be asked."""

    code, title = "FM-00001", "The store cannot be asked just now."


@dataclass(slots=True)
class Reading:
    """One snapshot of the database, at one time."""

    connection: Connection
    now: datetime


@dataclass(slots=True)
class Journal(Reading):
    """A transaction for what is not authority."""


@dataclass(slots=True)
class Work(Reading):
    """A change of authority: becomes `revision` when it commits, with what it recorded."""

    revision: int
    actor: str
    correlation: str
    changes: list[Change] = field(default_factory=list)
    has_written: bool = False

    def record(self, change: Change) -> None:
        """Add `change` to the events that commit with this work."""
        self.changes.append(change)


class _Gate:
    """Lets so many through at once; who waits too long is told that the store is unreachable."""

    def __init__(self, most: int) -> None:
        self._places = threading.BoundedSemaphore(most)

    def __enter__(self) -> None:
        if not self._places.acquire(timeout=_LONGEST_WAIT_S):
            _logger.warning("no connection was free for %s s", _LONGEST_WAIT_S)
            raise StoreUnreachable

    def __exit__(self, *_fault: object) -> None:
        self._places.release()


class Database:
    """The one store of the world."""

    def __init__(self, url: str, *, clock: Clock, ledger: Ledger, is_durable: bool = True) -> None:
        self.url = url
        self.is_inline = is_sqlite(url)
        """Whether `ask` takes microseconds, so that it may be called on the event loop."""
        self.engine: Engine = make_engine(url, is_durable=is_durable)
        self._readers = self.engine.execution_options(**_reading_options(url))
        self._writers = self.engine.execution_options(**{BEGIN_OPTION: "BEGIN IMMEDIATE"})
        self._clock = clock
        self._ledger = ledger
        self._is_durable = is_durable
        self._hot: HotConnection | None = None
        self._hot_lock = threading.Lock()
        self._loop_connections = LoopConnections(self.engine)
        # INVARIANT: SQLite has one writer; waiting here is cheaper than polling the file's lock. On
        # PostgreSQL few wait for the world's lock with a connection in hand, and however many
        # threads there are, whoever has a connection gets the next one it needs.
        self._turns: AbstractContextManager[Any] = threading.Lock()
        self._journal_turns: AbstractContextManager[Any] = self._turns
        self._places: AbstractContextManager[Any] = nullcontext()
        if not is_sqlite(url):
            self._turns = _Gate(_WRITERS)
            self._places = self._journal_turns = _Gate(_OTHERS)
        self._this_thread = threading.local()
        event.listen(self.engine, "before_cursor_execute", _note_write)

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """One snapshot. Raises: StoreUnreachable."""
        with (
            nullcontext() if self._has_place else self._through(self._places),
            _telling_when_unreachable(),
            self._readers.begin() as connection,
        ):
            yield Reading(connection, self._clock.now())

    @contextmanager
    def authority(self, *, actor: str, correlation: str) -> Iterator[Work]:
        """Change who may do what. `actor` and `correlation` stand in the events.

        A work that records nothing and writes nothing leaves the revision as it is.
        Raises: UnrecordedChangeError, StoreUnreachable.
        """
        with self._writing(self._turns) as connection:
            row = connection.execute(
                select(world.c.revision, world.c.chain_head).with_for_update()
            ).one_or_none()
            if row is None:
                # Another world was put in the place of this one while its lock was waited for.
                raise StoreUnreachable
            work = Work(connection, self._clock.now(), row.revision + 1, actor, correlation)
            connection.execution_options(**{_WORK_OPTION: work})
            yield work
            connection.execution_options(**{_WORK_OPTION: None})
            if work.has_written and not work.changes:
                message = f"work of `{actor}` changed rows and recorded no event"
                raise UnrecordedChangeError(message)
            if work.changes:
                self._commit_revision(work, chain_head=row.chain_head)

    def _commit_revision(self, work: Work, *, chain_head: str) -> None:
        entry = Entry(work.revision, work.now, work.actor, work.correlation, work.changes)
        head = self._ledger.append(work.connection, entry, chain_head=chain_head)
        work.connection.execute(update(world).values(revision=work.revision, chain_head=head))

    @contextmanager
    def journal(self) -> Iterator[Journal]:
        """Write what is not authority: no revision, no event. Raises: StoreUnreachable."""
        with self._writing(self._journal_turns) as connection:
            yield Journal(connection, self._clock.now())

    @contextmanager
    def _writing(self, turns: AbstractContextManager[Any]) -> Iterator[Connection]:
        if getattr(self._this_thread, "is_writing", False):
            message = "this thread is writing already; it would wait for itself"
            raise NestedWorkError(message)
        self._this_thread.is_writing = True
        try:
            # INVARIANT: what a thread writes while it reads has the place of the reading.
            gate = nullcontext() if self._has_place and turns is self._places else turns
            with (
                self._through(gate),
                _telling_when_unreachable(),
                self._writers.begin() as connection,
            ):
                yield connection
        finally:
            self._this_thread.is_writing = False

    @property
    def _has_place(self) -> bool:
        return getattr(self._this_thread, "has_place", False)

    @contextmanager
    def _through(self, gate: AbstractContextManager[Any]) -> Iterator[None]:
        """Wait for a turn; what this thread reads meanwhile is part of it, and never waits."""
        had_place = self._has_place
        with gate:
            self._this_thread.has_place = True
            try:
                yield
            finally:
                self._this_thread.has_place = had_place

    def text_of(self, statement: ClauseElement) -> str:
        """The SQL text of `statement` for `ask`, with named parameters."""
        return statement_text(self.engine, statement)

    def ask(self, text: str, parameters: Mapping[str, object]) -> list[tuple[Any, ...]]:
        """The rows of one statement, read as one snapshot on a connection kept for this.

        Raises: StoreUnreachable; the next question is asked on a new connection.
        """
        with self._hot_lock:
            hot = self._hot = self._hot or self._connect_hot()
            try:
                return hot.fetch(text, parameters)
            except Exception as fault:
                if not hot.is_broken:
                    raise
                self._hot = None
                hot.close()
                raise StoreUnreachable from fault

    async def ask_on_loop(
        self, text: str, parameters: Mapping[str, object]
    ) -> list[tuple[Any, ...]]:
        """As `ask`, from the running event loop, which goes on with others meanwhile.

        Raises: StoreUnreachable.
        """
        if self.is_inline:
            return self.ask(text, parameters)
        try:
            return await self._loop_connections.fetch(text, parameters)
        except ConnectionLostError as fault:
            raise StoreUnreachable from fault

    def _connect_hot(self) -> HotConnection:
        try:
            return HotConnection(self.engine, is_durable=self._is_durable)
        except Exception as fault:
            raise StoreUnreachable from fault

    def close(self) -> None:
        """Close every connection."""
        with self._hot_lock:
            if self._hot is not None:
                self._hot.close()
                self._hot = None
        self._loop_connections.close()
        self.engine.dispose()


@contextmanager
def _telling_when_unreachable() -> Iterator[None]:
    """Tell a database that is away, or busy too long, from a fault in the program."""
    try:
        yield
    except NoConnectionError as fault:
        _logger.warning("no connection to the store came free")
        raise StoreUnreachable from fault
    except DBAPIError as fault:
        if not is_unreachable(fault):
            raise
        # The driver's own words: the toolkit's would show the statement and what it was given.
        _logger.warning("the store cannot be asked: %s", str(fault.orig).partition("\n")[0])
        raise StoreUnreachable from fault


def _reading_options(url: str) -> dict[str, Any]:
    options: dict[str, Any] = {_READING_OPTION: True}
    if not is_sqlite(url):
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    return options


def _note_write(
    connection: Connection,
    _cursor: object,
    _statement: str,
    _parameters: object,
    context: Any,  # noqa: ANN401  untyped in SQLAlchemy
    _is_many: bool,  # noqa: FBT001
) -> None:
    if not (context.isinsert or context.isupdate or context.isdelete):
        return
    options = connection.get_execution_options()
    if options.get(_READING_OPTION):
        message = "a reading was about to change rows"
        raise ChangedWhileReadingError(message)
    work = options.get(_WORK_OPTION)
    if work is not None:
        work.has_written = True
