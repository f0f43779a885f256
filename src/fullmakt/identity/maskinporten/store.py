"""Used grants in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateTable

from fullmakt.foundation.storage.group_commit import Durability, GroupCommit, open_group_commit
from fullmakt.identity.maskinporten.tables import replay

if TYPE_CHECKING:
    from fullmakt.foundation.storage.database import Database


class ReplayMarks:
    """Marks of used grants, kept once the answer is given."""

    def __init__(self, database: Database, *, durability: Durability) -> None:
        insert = sqlite.insert if database.is_inline else postgresql.insert
        self._add_text = database.text_of(
            insert(replay)
            .values({name: bindparam(name) for name in ("client", "mark", "until")})
            .on_conflict_do_nothing()
        )
        self._end_text = database.text_of(delete(replay).where(replay.c.until < bindparam("now")))
        self._writer: GroupCommit = open_group_commit(
            database.engine,
            name=replay.name,
            schema=str(CreateTable(replay, if_not_exists=True).compile(dialect=sqlite.dialect())),
            durability=durability,
        )

    async def add_mark(self, client: str, mark: str, *, until: int) -> bool:
        """Keep a mark until `until` (seconds); False when the client has it already."""
        parameters = {"client": client, "mark": mark, "until": until}
        return await self._writer.write(self._add_text, parameters) == 1

    def end_marks(self, *, before: int) -> None:
        """Forget, in a while, the marks that ran out before `before` (seconds)."""
        self._writer.write_some_time(self._end_text, {"now": before})

    def close(self) -> None:
        """Stop writing."""
        self._writer.close()
