"""What if something were otherwise: who would gain and who would lose, over the whole world.

Nothing is stored. Parties are taken a batch at a time, each in a snapshot of its own, so that
memory stays flat and nobody waits; a world that changes meanwhile is seen as it is then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fullmakt.access.reach.comparing import Comparison
from fullmakt.access.reach.passes import START
from fullmakt.access.reach.planning import passes_for
from fullmakt.access.reach.supposing import OtherPolicy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fullmakt.access.decisions.service import DecisionPoint
    from fullmakt.access.reach.model import Difference
    from fullmakt.access.reach.passes import Pass, Place
    from fullmakt.access.reach.service import Reach
    from fullmakt.access.reach.supposing import Supposed
    from fullmakt.foundation.storage.database import Database


def what_if(
    database: Database, decisions: DecisionPoint, reach: Reach, supposed: Supposed
) -> Iterator[list[Difference]]:
    """The differences that what is supposed would make, a batch of parties at a time.

    Raises: PrimaryUnreachable.
    """
    decisions.catch_up()
    with database.reading() as reading:
        comparison = Comparison(reading, reach, decisions, supposed)
        standing_policy = None
        if isinstance(supposed, OtherPolicy):
            standing_policy = decisions.find_policy(supposed.policy.identifier)
        passes = passes_for(reading, reach.catalog, supposed, standing_policy=standing_policy)
    return _batches(database, decisions, reach, comparison, passes)


def _batches(
    database: Database,
    decisions: DecisionPoint,
    reach: Reach,
    comparison: Comparison,
    passes: Iterable[Pass],
) -> Iterator[list[Difference]]:
    for each in passes:
        place: Place | None = START
        while place is not None:
            decisions.catch_up()
            with database.reading() as reading:
                standings, place = each.page(reading, reach.catalog, place)
                found = list(comparison.differences(reading, standings))
            yield found
