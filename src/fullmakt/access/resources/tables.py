"""The tables of resources, of their policies' versions, and of what changed in either."""

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
    UniqueConstraint,
    text,
)

from fullmakt.foundation.storage.tables import metadata

_OPEN = text("ended_rev IS NULL")

resources = Table(
    "resources",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("identifier", String(255), nullable=False),
    Column("began_rev", Integer, nullable=False),
    Column("ended_rev", Integer),
)

resource_versions = Table(
    "resource_versions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("resource_id", Integer, ForeignKey("resources.id"), nullable=False),
    Column("version_id", Integer, nullable=False),
    Column("type", String(32), nullable=False),
    Column("owner", String(9), nullable=False),
    Column("details", Text, nullable=False),
    Column("began_rev", Integer, nullable=False),
    Column("ended_rev", Integer),
    UniqueConstraint("resource_id", "version_id"),
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

policy_subjects = Table(
    "policy_subjects",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("identifier", String(255), nullable=False),
    Column("urn", Text, nullable=False),
    Column("attribute", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("is_deleted", Boolean, nullable=False),
    UniqueConstraint("identifier", "urn"),
)

resource_changes = Table(
    "resource_changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("identifier", String(255), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)

for _name, _columns in (
    ("ux_resources_open", (resources.c.identifier,)),
    ("ux_resource_versions_open", (resource_versions.c.resource_id,)),
    ("ux_policies_open", (policies.c.resource_id,)),
):
    Index(_name, *_columns, unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN)

Index("ix_policy_subjects_urn", policy_subjects.c.urn)
Index(
    "ix_policy_subjects_revision",
    policy_subjects.c.revision,
    policy_subjects.c.identifier,
    policy_subjects.c.urn,
)
