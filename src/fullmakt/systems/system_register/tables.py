"""The tables of registered systems, their Maskinporten clients and their change log."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    text,
)

from fullmakt.foundation.storage.tables import metadata

_OPEN = text("ended_rev IS NULL")

systems = Table(
    "systems",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("internal_id", String(36), nullable=False, unique=True),
    Column("system_id", String(255), nullable=False, unique=True),
    Column("vendor", String(9), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("rights", Text, nullable=False),
    Column("packages", Text, nullable=False),
    Column("redirect_urls", Text, nullable=False),
    Column("is_visible", Boolean, nullable=False),
    Column("is_deleted", Boolean, nullable=False),
)

system_clients = Table(
    "system_clients",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("system_id", Integer, ForeignKey("systems.id"), nullable=False, index=True),
    Column("client_id", String(255), nullable=False),
    Column("began_rev", Integer, nullable=False),
    Column("ended_rev", Integer),
)

# A client id belongs to one system at a time; a retired system lets go of its own.
Index(
    "ux_system_clients_open",
    system_clients.c.client_id,
    unique=True,
    sqlite_where=_OPEN,
    postgresql_where=_OPEN,
)

system_changes = Table(
    "system_changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("system_id", Integer, ForeignKey("systems.id"), nullable=False, index=True),
    Column("kind", String(32), nullable=False),
    Column("facts", Text),
    Column("changed_by", String(9), nullable=False),
    Column("client_id", String(255)),
    Column("at", DateTime(timezone=True), nullable=False),
)
