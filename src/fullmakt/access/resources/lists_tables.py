"""The tables of access lists: who is on them, and the resources they open."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, ForeignKey, Index, Integer, String, Table, Text, text

from fullmakt.foundation.storage.tables import metadata

_OPEN = text("ended_rev IS NULL")

access_lists = Table(
    "access_lists",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("owner_code", String(32), nullable=False),
    Column("identifier", String(255), nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("version", Integer, nullable=False),
    Column("began_rev", Integer, nullable=False),
    Column("ended_rev", Integer),
)

access_list_members = Table(
    "access_list_members",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("list_id", Integer, ForeignKey("access_lists.id"), nullable=False),
    Column("member_id", Integer, ForeignKey("entities.id"), nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("began_rev", Integer, nullable=False),
    Column("ended_rev", Integer),
)

access_list_connections = Table(
    "access_list_connections",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("list_id", Integer, ForeignKey("access_lists.id"), nullable=False),
    Column("resource_id", Integer, ForeignKey("resources.id"), nullable=False),
    Column("action_filters", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("began_rev", Integer, nullable=False),
    Column("ended_rev", Integer),
)

for _name, _columns in (
    ("ux_access_lists_open", (access_lists.c.owner_code, access_lists.c.identifier)),
    (
        "ux_access_list_members_open",
        (access_list_members.c.member_id, access_list_members.c.list_id),
    ),
    (
        "ux_access_list_connections_open",
        (access_list_connections.c.resource_id, access_list_connections.c.list_id),
    ),
):
    Index(_name, *_columns, unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN)

Index("ix_access_list_members_list", access_list_members.c.list_id, access_list_members.c.id)
Index(
    "ix_access_list_connections_list",
    access_list_connections.c.list_id,
    access_list_connections.c.id,
)
