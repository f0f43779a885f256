"""The tables of parties and of the assignments between them."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, ForeignKey, Index, Integer, String, Table, Text, text

from fullmakt.foundation.storage.tables import metadata

entities = Table(
    "entities",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uuid", String(36), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("form", String(16), nullable=False),
    Column("orgno", String(9), unique=True),
    Column("personno", String(11), unique=True),
    Column("party_id", Integer, unique=True),
    Column("user_id", Integer, unique=True),
    Column("parent_id", Integer, ForeignKey("entities.id"), index=True),
    Column("owner_id", Integer, ForeignKey("entities.id"), index=True),
    Column("name", String(400), nullable=False),
    Column("name_folded", String(400), nullable=False, index=True),
    Column("name_searched", String(800), nullable=False),
    Column("service_owner_code", String(32), index=True),
    Column("deleted_at", DateTime(timezone=True)),
    Column("bankrupt_at", DateTime(timezone=True)),
    Column("details", Text, nullable=False),
)

assignments = Table(
    "assignments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("from_id", Integer, ForeignKey("entities.id"), nullable=False),
    Column("to_id", Integer, ForeignKey("entities.id"), nullable=False),
    Column("role", String(64), nullable=False),
    Column("began_rev", Integer, nullable=False),
    Column("ended_rev", Integer),
)

Index(
    "ux_assignments_open",
    assignments.c.from_id,
    assignments.c.to_id,
    assignments.c.role,
    unique=True,
    sqlite_where=text("ended_rev IS NULL"),
    postgresql_where=text("ended_rev IS NULL"),
)
Index("ix_assignments_to", assignments.c.to_id, assignments.c.role, assignments.c.from_id)
Index(
    "ix_assignments_givers",
    assignments.c.to_id,
    assignments.c.from_id,
    sqlite_where=text("ended_rev IS NULL"),
    postgresql_where=text("ended_rev IS NULL"),
)
