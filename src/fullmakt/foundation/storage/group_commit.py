"""Small writes from many callers, committed together by one thread.

Each caller waits for the transaction its write is in; while one transaction is committed, the
writes that arrive gather for the next. For marks that must be kept before an answer is given and
that are not authority. What is written, and what the answer means, is the caller's.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import sqlite3
import threading
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from fullmakt.foundation.storage.engines import connection_parameters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Engine

_ENOUGH_TOGETHER = 512
_BUSY_TIMEOUT_S = 30
_ENDS_WITHIN_S = 10


class Durability(StrEnum):
    """What a committed write outlives."""

    NOTHING = "nothing"
    """Nothing: the world is in memory."""
    PROCESS = "process"
    """The process, killed at any moment."""
    POWER = "power"
    """The machine too: the disk is waited for."""


class WriteFailedError(Exception):
    """The write could not be committed. It may be tried again."""


class _Target(Protocol):
    def write(self, batch: Sequence[_Waiting]) -> list[int]: ...

    def close(self) -> None: ...


@dataclass(slots=True)
class _Waiting:
    text: str
    parameters: Mapping[str, object]
    answer: asyncio.Future[int] | None


class GroupCommit:
    """Writes through one thread and one connection, several callers in one transaction."""

    def __init__(self, target: _Target, *, name: str) -> None:
        self._target = target
        self._gathering: dict[asyncio.AbstractEventLoop, list[_Waiting]] = {}
        self._batches: queue.SimpleQueue[list[_Waiting] | None] = queue.SimpleQueue()
        self._is_closed = False
        self._thread = threading.Thread(target=self._write_all, name=name, daemon=True)
        self._thread.start()

    async def write(self, text: str, parameters: Mapping[str, object]) -> int:
        """Run one statement; how many rows it wrote, once they are committed.

        Raises: WriteFailedError.
        """
        if self._is_closed:
            message = "the writer is closed"
            raise WriteFailedError(message)
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[int] = loop.create_future()
        # SPEED: handed over once in each turn of the loop, with all that came in it; else the
        # thread wakes for each and takes the interpreter from who has it (benchmarks/token.py).
        gathering = self._gathering.get(loop)
        if gathering is None:
            gathering = self._gathering[loop] = []
            loop.call_soon(self._hand_over, loop)
        gathering.append(_Waiting(text, parameters, answer))
        return await answer

    def _hand_over(self, loop: asyncio.AbstractEventLoop) -> None:
        batch = self._gathering.pop(loop)
        if self._is_closed:
            _settle(batch, [WriteFailedError("the writer is closed")] * len(batch))
        else:
            self._batches.put(batch)

    def write_some_time(self, text: str, parameters: Mapping[str, object]) -> None:
        """Run one statement whose outcome nobody waits for."""
        self._batches.put([_Waiting(text, parameters, None)])

    def close(self) -> None:
        """Write what waits, then stop."""
        if not self._is_closed:
            self._is_closed = True
            self._batches.put(None)
            self._thread.join(_ENDS_WITHIN_S)

    def _write_all(self) -> None:
        is_open = True
        while is_open:
            batch, is_open = self._next_batch()
            awaited = [each for each in batch if each.answer is not None]
            if awaited:
                _settle(awaited, self._outcomes(awaited))
            # INVARIANT: what nobody waits for has transactions of its own and cannot fail the rest.
            for each in batch:
                if each.answer is None:
                    self._outcomes([each])
        self._target.close()

    def _next_batch(self) -> tuple[list[_Waiting], bool]:
        more = self._batches.get()
        batch: list[_Waiting] = []
        while more is not None:
            batch += more
            if len(batch) >= _ENOUGH_TOGETHER:
                return batch, True
            try:
                more = self._batches.get_nowait()
            except queue.Empty:
                return batch, True
        return batch, False

    def _outcomes(self, batch: Sequence[_Waiting]) -> Sequence[int | WriteFailedError]:
        try:
            return self._target.write(batch)
        except Exception as fault:  # noqa: BLE001  each caller is told
            failed = WriteFailedError(f"not committed: {type(fault).__name__}")
            failed.__cause__ = fault
            return [failed] * len(batch)


def _settle(batch: Sequence[_Waiting], outcomes: Sequence[int | WriteFailedError]) -> None:
    # SPEED: one call into each loop wakes all that waited together (benchmarks/token.py).
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[int], Any]]] = {}
    for waiting, outcome in zip(batch, outcomes, strict=True):
        assert waiting.answer is not None
        settled = (waiting.answer, outcome)
        by_loop.setdefault(waiting.answer.get_loop(), []).append(settled)
    for loop, settled_here in by_loop.items():
        with contextlib.suppress(RuntimeError):  # the loop was closed: nobody waits any more
            loop.call_soon_threadsafe(_wake, settled_here)


def _wake(settled: Sequence[tuple[asyncio.Future[int], int | WriteFailedError]]) -> None:
    for answer, outcome in settled:
        if answer.done():
            continue
        if isinstance(outcome, WriteFailedError):
            answer.set_exception(outcome)
        else:
            answer.set_result(outcome)


class _SqliteTarget:
    def __init__(self, path: str, *, durability: Durability, schema: str) -> None:
        synchronous = {
            Durability.NOTHING: "OFF",
            Durability.PROCESS: "NORMAL",
            Durability.POWER: "FULL",
        }
        self._connection = sqlite3.connect(
            path, check_same_thread=False, timeout=_BUSY_TIMEOUT_S, isolation_level=None
        )
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute(f"PRAGMA synchronous = {synchronous[durability]}")
        self._connection.execute(schema)

    def write(self, batch: Sequence[_Waiting]) -> list[int]:
        execute = self._connection.execute
        execute("BEGIN IMMEDIATE")
        try:
            written = [execute(each.text, each.parameters).rowcount for each in batch]
            execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                execute("ROLLBACK")
            raise
        return written

    def close(self) -> None:
        self._connection.close()


class _PostgresqlTarget:
    def __init__(self, engine: Engine) -> None:
        self._parameters = connection_parameters(engine)
        self._connection: Any = None

    def write(self, batch: Sequence[_Waiting]) -> list[int]:
        connection = self._connected()
        # INVARIANT: two nodes that write the same rows write them in one order, so they do not
        # wait for each other in a circle.
        order = sorted(range(len(batch)), key=lambda n: repr(sorted(batch[n].parameters.items())))
        cursors: dict[int, Any] = {}
        try:
            with connection.transaction(), connection.pipeline():
                for n in order:
                    cursors[n] = connection.execute(batch[n].text, batch[n].parameters)
            return [cursors[n].rowcount for n in range(len(batch))]
        except BaseException:
            self.close()
            raise

    def _connected(self) -> Any:  # noqa: ANN401  psycopg is loaded only where it is used
        if self._connection is None:
            import psycopg  # noqa: PLC0415

            self._connection = psycopg.connect(
                **self._parameters, autocommit=True, prepare_threshold=0
            )
        return self._connection

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def open_group_commit(
    engine: Engine, *, name: str, schema: str, durability: Durability
) -> GroupCommit:
    """A writer for the table `name`.

    On SQLite the table is in a file of its own beside the world's, `<file>-<name>`, made by
    `schema`; elsewhere it is in the world's database, where the server decides on durability.
    """
    target: _Target
    if engine.dialect.name == "sqlite":
        path = f"{engine.url.database}-{name}"
        target = _SqliteTarget(path, durability=durability, schema=schema)
    else:
        target = _PostgresqlTarget(engine)
    return GroupCommit(target, name=f"{name}-writer")
