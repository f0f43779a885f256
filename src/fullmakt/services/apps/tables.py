"""The tables of app instances and their data elements: a journal, no authority rests on them."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, ForeignKey, Integer, LargeBinary, String, Table, Text

from fullmakt.foundation.storage.tables import metadata

app_instances = Table(
    "app_instances",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("guid", String(36), nullable=False, unique=True),
    Column("app", String(200), nullable=False),
    Column("party_id", Integer, nullable=False, index=True),
    Column("organization", String(9), nullable=False),
    Column("stage", String(16), nullable=False),
    Column("began_at", DateTime(timezone=True), nullable=False),
    Column("stage_began_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("feedback_at", DateTime(timezone=True)),
    Column("feedback_label", String(100)),
    Column("feedback_description", Text),
)

app_elements = Table(
    "app_elements",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("guid", String(36), nullable=False, unique=True),
    Column("instance_id", Integer, ForeignKey("app_instances.id"), nullable=False, index=True),
    Column("data_type", String(200), nullable=False),
    Column("content_type", String(200), nullable=False),
    Column("file_name", String(200)),
    Column("size", Integer, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("content", LargeBinary, nullable=False),
)
