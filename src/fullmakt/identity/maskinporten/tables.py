"""The table of grants that have been used, until they could not be used again anyway.

On SQLite these marks live in a file of their own, and the table of the world's file stays empty.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, PrimaryKeyConstraint, String, Table

from fullmakt.foundation.storage.tables import metadata

replay = Table(
    "replay",
    metadata,
    Column("client", String(36), nullable=False),
    Column("mark", String(64), nullable=False),
    Column("until", BigInteger, nullable=False),
    PrimaryKeyConstraint("client", "mark"),
    sqlite_with_rowid=False,
)
Index("ix_replay_until", replay.c.until)
