"""The index on names and numbers of organisations in SQLite: every three letters that follow.

SQLite's own full-text search keeps it in step with `entities`, in the transaction that writes.
SPEED: reading a hundred thousand names through, as PostgreSQL does in less than the limit, takes
SQLite longer than a page may (benchmarks/clients.py).
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, Table, column, event, table

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


def _make(_entities: Table, connection: Connection, **_: object) -> None:
    if connection.dialect.name == "sqlite":
        for statement in STATEMENTS:
            connection.exec_driver_sql(statement)


event.listen(entities, "after_create", _make)
