"""Short questions to PostgreSQL from an event loop: connections of the loop's own, a few of them.

A question waits for the server without holding a thread. Each loop has its connections, because a
connection belongs to the loop that opened it.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, finalize

from fullmakt.foundation.storage.engines import PLANNED_ONCE, connection_parameters

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Engine

_MOST = 8


class ConnectionLostError(Exception):
    """The server cannot be reached, or has gone away."""


class LoopConnections:
    """Connections for questions outside any transaction, each always read to the end."""

    def __init__(self, engine: Engine) -> None:
        self._parameters = connection_parameters(engine)
        self._of_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, _Connections] = (
            WeakKeyDictionary()
        )

    async def fetch(self, text: str, parameters: Mapping[str, object]) -> list[tuple[Any, ...]]:
        """All rows that `text` gives. Raises: ConnectionLostError."""
        loop = asyncio.get_running_loop()
        found = self._of_loop.get(loop)
        if found is None:
            found = self._of_loop[loop] = _Connections(self._parameters)
            finalize(loop, found.close)
        return await found.fetch(text, parameters)

    def close(self) -> None:
        """Close every connection."""
        for each in list(self._of_loop.values()):
            each.close()


class _Connections:
    def __init__(self, parameters: Mapping[str, Any]) -> None:
        self._parameters = parameters
        self._places = asyncio.Semaphore(_MOST)
        self._idle: list[Any] = []
        self._is_closed = False

    async def fetch(self, text: str, parameters: Mapping[str, object]) -> list[tuple[Any, ...]]:
        async with self._places:
            connection = self._idle.pop() if self._idle else await self._connect()
            try:
                cursor = await connection.execute(text, parameters)
                rows: list[tuple[Any, ...]] = await cursor.fetchall()
            except BaseException as fault:
                # INVARIANT: a connection that was not read to the end is not asked again.
                is_lost = connection.closed
                await connection.close()
                if is_lost and isinstance(fault, Exception):
                    self._close_idle()
                    raise ConnectionLostError from fault
                raise
            self._put_back(connection)
            return rows

    async def _connect(self) -> Any:  # noqa: ANN401  psycopg is loaded only where it is used
        import psycopg  # noqa: PLC0415

        # SPEED: prepared at once; the texts are few and asked again and again
        # (benchmarks/postgresql.py).
        try:
            connection = await psycopg.AsyncConnection.connect(
                **self._parameters, autocommit=True, prepare_threshold=0
            )
            await connection.execute(PLANNED_ONCE)
        except psycopg.OperationalError as fault:
            raise ConnectionLostError from fault
        return connection

    def _put_back(self, connection: Any) -> None:  # noqa: ANN401  as above
        if self._is_closed:
            connection.pgconn.finish()
        else:
            self._idle.append(connection)

    def close(self) -> None:
        self._is_closed = True
        self._close_idle()

    def _close_idle(self) -> None:
        for connection in self._idle:
            connection.pgconn.finish()
        self._idle.clear()
