"""The tables of resources and of their policies' versions."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from fullmakt.foundation.storage.tables import metadata

_OPEN = text("ended_rev IS NULL")

resources = Table(
    "resources",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("identifier", String(255), nullable=False, unique=True),
    Column("type", String(32), nullable=False),
    Column("owner", String(9), nullable=False),
    Column("version_id", Integer, nullable=False),
    Column("details", Text, nullable=False),
)

policies = Table(
    "policies",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("resource_id", Integer, ForeignKey("resources.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("xml", Text, nullable=False),
    Column("began_rev", Integer, nullable=False),
    Column("ended_rev", Integer),
    UniqueConstraint("resource_id", "version"),
)

Index(
    "ux_policies_open",
    policies.c.resource_id,
    unique=True,
    sqlite_where=_OPEN,
    postgresql_where=_OPEN,
)
