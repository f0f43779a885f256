"""The schema all rooms declare tables in, and the `world` row that orders authority changes."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Integer, MetaData, String, Table

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

world = Table(
    "world",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("revision", Integer, nullable=False),
    Column("incarnation", String(36), nullable=False),
    Column("profile", String(16), nullable=False),
    Column("catalog_version", String(64), nullable=False),
    Column("chain_head", String(64), nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)
