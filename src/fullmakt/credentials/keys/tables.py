"""The table of our own signing keys."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, Index, Integer, String, Table, Text, text

from fullmakt.foundation.storage.tables import metadata

signing_keys = Table(
    "signing_keys",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kid", String(64), nullable=False, unique=True),
    Column("use", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("profile", String(16), nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("private_pem", Text, nullable=False),
)

Index(
    "ux_signing_keys_signing",
    signing_keys.c.use,
    unique=True,
    sqlite_where=text("state = 'signing'"),
    postgresql_where=text("state = 'signing'"),
)
