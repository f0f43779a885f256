"""What was touched since a revision: the feed that keeps facts in memory fresh.

Asked on the connection kept for short questions, outside any unit of work.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import bindparam, literal_column, select

from fullmakt.foundation.events.tables import events
from fullmakt.foundation.storage.model import Aspect, Touch
from fullmakt.foundation.storage.tables import world

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fullmakt.foundation.storage.database import Database


Touched: TypeAlias = tuple[int, tuple[Touch, ...]]
"""A revision, and what one change of it touched."""


class TouchFeed:
    """The world's revision, and the touches of the revisions after one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._revision_text = database.text_of(select(world.c.revision, world.c.incarnation))
        self._touches_text = database.text_of(
            select(events.c.revision, events.c.touches)
            .where(
                events.c.revision > bindparam("after"), events.c.touches != literal_column("'[]'")
            )
            .order_by(events.c.revision, events.c.n)
        )

    def revision(self) -> tuple[int, str]:
        """The world's revision, and the incarnation it counts in."""
        return _revision(self._database.ask(self._revision_text, {}))

    async def revision_on_loop(self) -> tuple[int, str]:
        """As `revision`, waited for on the event loop."""
        return _revision(await self._database.ask_on_loop(self._revision_text, {}))

    def touched_after(self, revision: int) -> list[Touched]:
        """What each later change touched, with its revision, in order."""
        return _touched(self._database.ask(self._touches_text, {"after": revision}))

    async def touched_after_on_loop(self, revision: int) -> list[Touched]:
        """As `touched_after`, waited for on the event loop."""
        return _touched(await self._database.ask_on_loop(self._touches_text, {"after": revision}))


def _revision(rows: Sequence[tuple[Any, ...]]) -> tuple[int, str]:
    revision, incarnation = rows[0]
    return revision, incarnation


def _touched(rows: Sequence[tuple[Any, ...]]) -> list[Touched]:
    return [(at, read_touches(touches)) for at, touches in rows]


def read_touches(text: str) -> tuple[Touch, ...]:
    """The touches as the table holds them."""
    return tuple(Touch(entity, Aspect(aspect)) for entity, aspect in json.loads(text))
