"""The tables of grants on assignments and of client links."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, text

from fullmakt.foundation.storage.tables import metadata

_OPEN_PACKAGE = text("ended_rev IS NULL AND package IS NOT NULL")
_OPEN_RIGHT = text("ended_rev IS NULL AND resource IS NOT NULL")

grants = Table(
    "grants",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("assignment_id", Integer, ForeignKey("assignments.id"), nullable=False),
    Column("package", String(128)),
    Column("resource", String(255)),
    Column("action", String(128)),
    Column("given_by_id", Integer, ForeignKey("entities.id"), nullable=False),
    Column("began_rev", Integer, nullable=False),
    Column("ended_rev", Integer),
)

Index(
    "ux_grants_open_package",
    grants.c.assignment_id,
    grants.c.package,
    unique=True,
    sqlite_where=_OPEN_PACKAGE,
    postgresql_where=_OPEN_PACKAGE,
)
Index(
    "ux_grants_open_right",
    grants.c.assignment_id,
    grants.c.resource,
    grants.c.action,
    unique=True,
    sqlite_where=_OPEN_RIGHT,
    postgresql_where=_OPEN_RIGHT,
)

Index("ix_grants_assignment", grants.c.assignment_id)

links = Table(
    "links",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("agent_id", Integer, ForeignKey("entities.id"), nullable=False),
    Column("client_id", Integer, ForeignKey("entities.id"), nullable=False),
    Column("package", String(128)),
    Column("resource", String(255)),
    Column("action", String(128)),
    Column("basis_assignment_id", Integer, ForeignKey("assignments.id"), nullable=False),
    Column("basis_grant_id", Integer, ForeignKey("grants.id")),
    Column("began_rev", Integer, nullable=False),
    Column("ended_rev", Integer),
)

Index(
    "ux_links_open_package",
    links.c.agent_id,
    links.c.client_id,
    links.c.package,
    links.c.basis_assignment_id,
    unique=True,
    sqlite_where=_OPEN_PACKAGE,
    postgresql_where=_OPEN_PACKAGE,
)
Index(
    "ux_links_open_right",
    links.c.agent_id,
    links.c.client_id,
    links.c.resource,
    links.c.action,
    links.c.basis_assignment_id,
    unique=True,
    sqlite_where=_OPEN_RIGHT,
    postgresql_where=_OPEN_RIGHT,
)
Index("ix_links_agent", links.c.agent_id, links.c.client_id)
Index("ix_links_client", links.c.client_id, links.c.agent_id)
Index("ix_links_basis", links.c.basis_assignment_id)
