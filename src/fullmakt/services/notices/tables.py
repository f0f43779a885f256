"""The tables of webhook subscriptions and of notices that were given up: no authority."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, ForeignKey, Index, Integer, String, Table, Text

from fullmakt.foundation.storage.tables import metadata

notice_subscriptions = Table(
    "notice_subscriptions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uuid", String(36), nullable=False, unique=True),
    Column("organization", String(9), nullable=False, index=True),
    Column("is_vendor", Boolean, nullable=False),
    Column("is_owner", Boolean, nullable=False),
    Column("endpoint", Text, nullable=False),
    Column("secret", String(64), nullable=False),
    Column("created", DateTime(timezone=True), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("n", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", DateTime(timezone=True)),
    Column("last_error", String(400)),
    Column("claimed_until", DateTime(timezone=True)),
)

dead_notices = Table(
    "dead_notices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subscription_id", Integer, ForeignKey("notice_subscriptions.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("n", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("last_error", String(400), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)

Index(
    "ux_dead_notices",
    dead_notices.c.subscription_id,
    dead_notices.c.revision,
    dead_notices.c.n,
    unique=True,
)
