"""The table of system users."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, ForeignKey, Index, Integer, String, Table, Text, text

from fullmakt.foundation.storage.tables import metadata

_OPEN = text("ended_rev IS NULL")

system_users = Table(
    "system_users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("entity_id", Integer, ForeignKey("entities.id"), nullable=False, unique=True),
    Column("uuid", String(36), nullable=False, unique=True),
    Column("system_id", Integer, ForeignKey("systems.id"), nullable=False),
    Column("owner_id", Integer, ForeignKey("entities.id"), nullable=False),
    Column("external_ref", String(255), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("packages", Text, nullable=False),
    Column("resources", Text, nullable=False),
    Column("title", String(255), nullable=False),
    Column("created", DateTime(timezone=True), nullable=False),
    Column("changed", DateTime(timezone=True), nullable=False),
    Column("sequence_no", Integer, nullable=False, unique=True),
    Column("began_rev", Integer, nullable=False),
    Column("ended_rev", Integer),
)

# QUIRK: both kinds share the key, so a standard system user stands in the way of an agent with the
# same reference (test_a_system_user_of_either_kind_takes_the_reference).
Index(
    "ux_system_users_open",
    system_users.c.owner_id,
    system_users.c.external_ref,
    system_users.c.system_id,
    unique=True,
    sqlite_where=_OPEN,
    postgresql_where=_OPEN,
)
Index("ix_system_users_system", system_users.c.system_id, system_users.c.sequence_no)
