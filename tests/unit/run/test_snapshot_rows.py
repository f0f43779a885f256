"""Rows of a world taken out and put back: the same world, in whatever order they are kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from fullmakt.access.catalog.service import load_catalog
from fullmakt.access.parties import service as parties
from fullmakt.access.parties.model import NewOrganization
from fullmakt.access.parties.rules import run_together
from fullmakt.access.parties.service import list_organizations
from fullmakt.foundation.storage.database import Database, StoreUnreachable
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.run.testworld import snapshot_store, store
from fullmakt.run.testworld.world import default_world
from fullmakt.run.testworld.worldfile.applying import apply_world
from fullmakt.run.testworld.worldfile.entries import World
from fullmakt.run.testworld.worldfile.exporting import export_world
from fullmakt.services.apps.tables import app_elements, app_instances
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


AWKWARD = "50 % of «Ål & Sønn», 'quoted' \"twice\", \\back\\slash, {braces}, a\ttab and a\nline"
MOMENT = datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=UTC)


def test_every_value_is_put_back_as_it_was(database: Database) -> None:
    instance = {
        "guid": "1",
        "app": AWKWARD,
        "party_id": 1,
        "organization": "312300028",
        "stage": "",
        "began_at": MOMENT,
        "stage_began_at": MOMENT,
        "changed_at": MOMENT,
        "feedback_description": None,
    }
    element = {
        "guid": "1",
        "data_type": "",
        "content_type": "",
        "size": 2**31 - 1,
        "created_at": MOMENT,
        "changed_at": MOMENT,
        "content": bytes(range(256)),
    }
    with database.journal() as journal:
        inner = journal.connection.scalar(
            app_instances.insert().values(instance).returning(app_instances.c.id)
        )
        journal.connection.execute(app_elements.insert().values({**element, "instance_id": inner}))
        store.add_facts(journal, "localities", [{"navn": AWKWARD}])
    with database.reading() as reading:
        copied = snapshot_store.copy_rows(reading)
        before = snapshot_store.list_rows(reading)

    with database.journal() as journal:
        snapshot_store.put_rows(journal, copied)

    with database.reading() as reading:
        after = snapshot_store.list_rows(reading)
        assert reading.connection.scalar(select(app_elements.c.content)) == bytes(range(256))
    assert [row.pop("incarnation") for row in before["world"]] != [
        row.pop("incarnation") for row in after["world"]
    ]
    assert after == before


def a_change(database: Database, *, at_its_end: Callable[[], object] = lambda: None) -> None:
    """Register an organisation more."""
    new = NewOrganization(OrganizationNumber("313000001"), "NY AS", "AS", uuid4(), 59_000_001)
    with database.authority(actor="test", correlation="") as work:
        parties.add_organization(work, new)
        at_its_end()


def test_a_change_that_ends_while_rows_are_put_back_leaves_nothing_behind(
    database: Database,
) -> None:
    before = everything(database)
    with database.reading() as reading:
        copied = snapshot_store.copy_rows(reading)

    def put_back() -> None:
        with database.journal() as journal:
            snapshot_store.put_rows(journal, copied)

    with ThreadPoolExecutor(1) as threads:

        def begin_to_put_back() -> None:
            begun.append(threads.submit(put_back))
            time.sleep(0.3)

        begun: list[Future[None]] = []
        a_change(database, at_its_end=begin_to_put_back)
        begun[0].result()

    assert everything(database) == before


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_change_that_waited_while_rows_were_put_back_may_be_made_again(
    database: Database,
) -> None:
    with database.reading() as reading:
        copied = snapshot_store.copy_rows(reading)

    with ThreadPoolExecutor(1) as threads:
        with database.journal() as journal:
            snapshot_store.put_rows(journal, copied)
            waiting = threads.submit(a_change, database)
            time.sleep(0.3)
        with pytest.raises(StoreUnreachable):
            waiting.result()

    a_change(database)


def test_rows_that_are_not_put_back_after_all_leave_the_next_ids_free(database: Database) -> None:
    with database.reading() as reading:
        copied = snapshot_store.copy_rows(reading)
    with database.journal() as journal:
        store.add_facts(journal, "localities", [{"navn": "Skjæret"}])

    def break_off() -> None:
        with database.journal() as journal:
            snapshot_store.put_rows(journal, copied)
            raise StoreUnreachable

    with pytest.raises(StoreUnreachable):
        break_off()

    with database.journal() as journal:
        store.add_facts(journal, "localities", [{"navn": "Holmen"}])
    with database.reading() as reading:
        facts = store.list_facts(reading, "localities")
    assert facts[-2:] == [{"navn": "Skjæret"}, {"navn": "Holmen"}]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_names_are_found_again_when_rows_are_put_back(database: Database) -> None:
    before = found_by_name(database)
    assert len(before) > 10
    assert all(number in hits for number, hits in before.items())
    with database.reading() as reading:
        copied = snapshot_store.copy_rows(reading)

    with database.journal() as journal:
        snapshot_store.put_rows(journal, copied)

    assert found_by_name(database) == before


def found_by_name(database: Database) -> dict[str, list[str]]:
    """What the search in each organisation's whole name finds: numbers, by number."""
    search = text("SELECT orgno FROM entities_search WHERE entities_search MATCH :name ORDER BY 1")
    with database.reading() as reading:
        organizations = list_organizations(reading)
        return {
            str(each.number): list(
                reading.connection.scalars(search, {"name": f'"{run_together(each.name)}"'})
            )
            for each in organizations
        }


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
