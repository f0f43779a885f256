"""One grant is used once.

A grant is burnt when its signature, audience and times hold, and before anything is signed; the
mark is committed before the answer, and kept until the grant could not be used anyway.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

from fullmakt.foundation.storage.group_commit import Durability
from fullmakt.identity.maskinporten.store import ReplayMarks

if TYPE_CHECKING:
    from datetime import datetime

    from fullmakt.foundation.storage.database import Database
    from fullmakt.foundation.terms.clock import Clock

_PRUNE_EVERY = timedelta(seconds=30)


class ReplayGuard:
    """Remembers used grants, across restarts and on every node."""

    def __init__(
        self,
        database: Database,
        *,
        machine_clock: Clock,
        durability: Durability = Durability.PROCESS,
    ) -> None:
        self._marks = ReplayMarks(database, durability=durability)
        self._clock = machine_clock
        self._prune_at = machine_clock.now() + _PRUNE_EVERY

    async def burn(self, client: str, jti: str, until: datetime) -> bool:
        """Whether this is the first use of `jti` by `client`; if so, no later one is, to `until`.

        Raises: WriteFailedError.
        """
        self._prune()
        mark = hashlib.sha256(jti.encode()).hexdigest()
        # INVARIANT: rounded up, so a mark outlives the last moment its grant is accepted.
        return await self._marks.add_mark(client, mark, until=int(until.timestamp()) + 1)

    def _prune(self) -> None:
        now = self._clock.now()
        if now >= self._prune_at:
            self._prune_at = now + _PRUNE_EVERY
            self._marks.end_marks(before=int(now.timestamp()))

    def close(self) -> None:
        """Write what waits and stop."""
        self._marks.close()
