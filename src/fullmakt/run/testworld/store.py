"""What only a test world keeps: domain facts as they were loaded, and how its clock is set."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from fullmakt.foundation.storage.tables import world
from fullmakt.run.testworld.tables import metadata, world_clock, world_facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fullmakt.foundation.storage.database import Database, Journal, Reading

_MICROSECOND = timedelta(microseconds=1)


def make_tables(database: Database) -> None:
    """Make the test world's tables where they are missing."""
    metadata.create_all(database.engine)


def get_revision(reading: Reading) -> int:
    """The revision of the world."""
    revision: int = reading.connection.execute(select(world.c.revision)).scalar_one()
    return revision


def list_facts(reading: Reading, section: str) -> list[dict[str, object]]:
    """The facts of one section, in the order they came."""
    rows = reading.connection.execute(
        select(world_facts.c.fact)
        .where(world_facts.c.section == section)
        .order_by(world_facts.c.id)
    )
    return [json.loads(row.fact) for row in rows]


def add_facts(reading: Reading, section: str, facts: Iterable[Mapping[str, object]]) -> None:
    """Keep facts of one section, as they are written."""
    rows = [{"section": section, "fact": json.dumps(fact, ensure_ascii=False)} for fact in facts]
    if rows:
        reading.connection.execute(insert(world_facts), rows)


def find_offset(reading: Reading) -> timedelta | None:
    """How far domain time is ahead of the machine's; None where nobody set it."""
    offset = reading.connection.execute(select(world_clock.c.offset_us)).scalar_one_or_none()
    return None if offset is None else offset * _MICROSECOND


def replace_offset(journal: Journal, offset: timedelta) -> None:
    """Keep how far domain time is ahead of the machine's."""
    journal.connection.execute(delete(world_clock))
    journal.connection.execute(insert(world_clock).values(id=1, offset_us=offset // _MICROSECOND))
