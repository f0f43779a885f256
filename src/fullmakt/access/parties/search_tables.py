"""The indexes on names and numbers of organisations: every three letters that follow, and all.

SQLite's own full-text search keeps the first in step with `entities`, in the transaction that
writes. PostgreSQL has the second, in which every name stands beside the next.
SPEED: reading a hundred thousand names through where they stand, among all that the register tells,
takes either longer than a page may; from the second it takes a tenth (benchmarks/clients.py).
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, Index, Table, column, event, table, text

from fullmakt.access.parties.tables import entities

SHORTEST_INDEXED: Final = 3
"""What is shorter is not found by the index."""

SEARCH_INDEX: Final = table(
    "entities_search", column("rowid"), column("name_searched"), column("orgno")
)

STATEMENTS: Final = (
    """\
CREATE VIRTUAL TABLE entities_search USING fts5(
    name_searched, orgno, content='entities', content_rowid='id', tokenize='trigram'
)""",
    """\
CREATE TRIGGER entities_search_added AFTER INSERT ON entities
WHEN new.kind = 'organization' BEGIN
    INSERT INTO entities_search(rowid, name_searched, orgno)
    VALUES (new.id, new.name_searched, new.orgno);
END""",
    """\
CREATE TRIGGER entities_search_renamed AFTER UPDATE OF name_searched ON entities
WHEN new.kind = 'organization' BEGIN
    INSERT INTO entities_search(entities_search, rowid, name_searched, orgno)
    VALUES ('delete', old.id, old.name_searched, old.orgno);
    INSERT INTO entities_search(rowid, name_searched, orgno)
    VALUES (new.id, new.name_searched, new.orgno);
END""",
    """\
CREATE TRIGGER entities_search_removed AFTER DELETE ON entities
WHEN old.kind = 'organization' BEGIN
    INSERT INTO entities_search(entities_search, rowid, name_searched, orgno)
    VALUES ('delete', old.id, old.name_searched, old.orgno);
END""",
)


NAMES_INDEX: Final = "ix_entities_searched"

Index(
    NAMES_INDEX,
    entities.c.id,
    postgresql_include=["name_searched", "orgno"],
    postgresql_where=text("kind = 'organization'"),
).ddl_if(dialect="postgresql")


def _make(_entities: Table, connection: Connection, **_: object) -> None:
    if connection.dialect.name == "sqlite":
        for statement in STATEMENTS:
            connection.exec_driver_sql(statement)


event.listen(entities, "after_create", _make)
