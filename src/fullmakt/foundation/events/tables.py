"""The table of events."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, Integer, PrimaryKeyConstraint, String, Table, Text

from fullmakt.foundation.storage.tables import metadata

events = Table(
    "events",
    metadata,
    Column("revision", Integer, nullable=False),
    Column("n", Integer, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor", String(200), nullable=False),
    Column("kind", String(64), nullable=False),
    Column("correlation", String(64), nullable=False),
    Column("touches", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("hash", String(64), nullable=False),
    PrimaryKeyConstraint("revision", "n"),
)
