"""The test world's own tables, beside the schema: production's migrations do not know them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, MetaData, String, Table, Text

metadata = MetaData()

world_facts = Table(
    "world_facts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("section", String(64), nullable=False, index=True),
    Column("fact", Text, nullable=False),
)

world_clock = Table(
    "world_clock",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("offset_us", BigInteger, nullable=False),
)
