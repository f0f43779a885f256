"""What if something were otherwise: who would gain and who would lose, over the whole world.

Nothing is stored. Parties are taken a batch at a time, each in a snapshot of its own, so that
memory stays flat and nobody waits; a world that changes meanwhile is seen as it is then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fullmakt.access.parties import service as parties

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fullmakt.access.decisions.service import DecisionPoint
    from fullmakt.access.reach.model import Difference
    from fullmakt.access.reach.service import Reach
    from fullmakt.access.reach.supposing import Supposed
    from fullmakt.foundation.storage.database import Database

_AT_A_TIME = 50


def what_if(
    database: Database, decisions: DecisionPoint, reach: Reach, supposed: Supposed
) -> Iterator[list[Difference]]:
    """The differences that what is supposed would make, a batch of parties at a time.

    Raises: PrimaryUnreachable.
    """
    after: int | None = 0
    while after is not None:
        decisions.catch_up()
        with database.reading() as reading:
            batch = parties.list_after(reading, after, most=_AT_A_TIME)
            found = [
                each for party in batch for each in reach.differences(reading, party, supposed)
            ]
        after = batch[-1].id if batch else None
        yield found
