"""The tables of clients, their keys and scopes, and of who may use which scope.

Keys, the scopes on a client and accesses are opened by one revision and closed by another.
`credential_version` has one row: the latest revision that changed any of these.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
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

clients = Table(
    "clients",
    metadata,
    Column("client_id", String(36), primary_key=True),
    Column("organization", String(9), nullable=False, index=True),
    Column("name", String(255), nullable=False),
    Column("token_lifetime_s", Integer, nullable=False),
    Column("is_active", Boolean, nullable=False),
)

client_keys = Table(
    "client_keys",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("client_id", String(36), ForeignKey("clients.client_id"), nullable=False),
    Column("kid", String(128), nullable=False),
    Column("jwk", Text, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("began_rev", Integer, nullable=False),
    Column("ended_rev", Integer),
)

scopes = Table(
    "scopes",
    metadata,
    Column("name", String(255), primary_key=True),
    Column("owner", String(9), nullable=False),
    Column("accessible_for_all", Boolean, nullable=False),
    Column("integration_types", Text, nullable=False),
)

client_scopes = Table(
    "client_scopes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("client_id", String(36), ForeignKey("clients.client_id"), nullable=False),
    Column("scope", String(255), ForeignKey("scopes.name"), nullable=False),
    Column("began_rev", Integer, nullable=False),
    Column("ended_rev", Integer),
)

scope_access = Table(
    "scope_access",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("scope", String(255), ForeignKey("scopes.name"), nullable=False),
    Column("organization", String(9), nullable=False),
    Column("state", String(16), nullable=False),
    Column("began_rev", Integer, nullable=False),
    Column("ended_rev", Integer),
)

credential_version = Table(
    "credential_version",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("revision", Integer, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)

_OPEN = text("ended_rev IS NULL")

for _table, _first, _second in (
    (client_keys, client_keys.c.client_id, client_keys.c.kid),
    (client_scopes, client_scopes.c.client_id, client_scopes.c.scope),
    (scope_access, scope_access.c.scope, scope_access.c.organization),
):
    Index(
        f"ux_{_table.name}_open",
        _first,
        _second,
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
