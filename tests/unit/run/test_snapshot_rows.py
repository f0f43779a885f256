"""Rows of a world taken out and put back: the same world, in whatever order they are kept."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from fullmakt.access.catalog.service import load_catalog
from fullmakt.foundation.storage.database import Database
from fullmakt.run.testworld import snapshot_store, store
from fullmakt.run.testworld.world import default_world
from fullmakt.run.testworld.worldfile.applying import apply_world
from fullmakt.run.testworld.worldfile.entries import World
from fullmakt.run.testworld.worldfile.exporting import export_world
from tests.worlds import new_database

CATALOG = load_catalog()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = new_database(database_url)
    store.make_tables(made)
    with made.authority(actor="test", correlation="") as work:
        apply_world(work, CATALOG, default_world(), before=World())
    yield made
    made.close()


def everything(database: Database) -> World:
    with database.reading() as reading:
        return export_world(reading, CATALOG)


def test_rows_are_put_back_though_an_owner_is_kept_after_what_it_owns(database: Database) -> None:
    before = everything(database)
    with database.journal() as journal:
        # PostgreSQL writes a changed row anew, behind the others.
        journal.connection.execute(
            text("UPDATE entities SET name = name WHERE owner_id IS NULL AND parent_id IS NULL")
        )
    with database.reading() as reading:
        copied = snapshot_store.copy_rows(reading)

    with database.journal() as journal:
        snapshot_store.put_rows(journal, copied)

    assert everything(database) == before
    with database.authority(actor="test", correlation="") as work:
        assert apply_world(work, CATALOG, default_world(), before=before) == 0


def test_a_row_added_afterwards_takes_an_id_that_is_free(database: Database) -> None:
    with database.reading() as reading:
        copied = snapshot_store.copy_rows(reading)
    with database.journal() as journal:
        snapshot_store.put_rows(journal, copied)
        store.add_facts(journal, "localities", [{"navn": "Skjæret"}])

    with database.reading() as reading:
        facts = store.list_facts(reading, "localities")
    assert facts[-1] == {"navn": "Skjæret"}
    assert len(facts) == 4
