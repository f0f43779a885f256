"""The tables of requests and of change requests."""

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

requests = Table(
    "requests",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uuid", String(36), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("system_id", Integer, ForeignKey("systems.id"), nullable=False),
    Column("party", String(9), nullable=False),
    Column("external_ref", String(255), nullable=False),
    Column("title", String(255), nullable=False),
    Column("rights", Text, nullable=False),
    Column("packages", Text, nullable=False),
    Column("redirect_url", Text),
    Column("status", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("is_escalated", Boolean, nullable=False),
    Column("created", DateTime(timezone=True), nullable=False),
    Column("answered_by", String(36)),
    Column("answered_at", DateTime(timezone=True)),
    Column("began_rev", Integer, nullable=False),
    Column("ended_rev", Integer),
)

Index(
    "ux_requests_open",
    requests.c.system_id,
    requests.c.party,
    requests.c.external_ref,
    requests.c.kind,
    unique=True,
    sqlite_where=_OPEN,
    postgresql_where=_OPEN,
)
Index("ix_requests_system", requests.c.system_id, requests.c.kind, requests.c.uuid)

change_requests = Table(
    "change_requests",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uuid", String(36), nullable=False, unique=True),
    Column("system_user", String(36), nullable=False),
    Column("system_id", Integer, ForeignKey("systems.id"), nullable=False),
    Column("party", String(9), nullable=False),
    Column("external_ref", String(255), nullable=False),
    Column("difference", Text, nullable=False),
    Column("redirect_url", Text),
    Column("status", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("created", DateTime(timezone=True), nullable=False),
    Column("answered_by", String(36)),
    Column("answered_at", DateTime(timezone=True)),
    Column("began_rev", Integer, nullable=False),
    Column("ended_rev", Integer),
)

Index("ix_change_requests_system", change_requests.c.system_id, change_requests.c.uuid)
