"""Registering services, publishing their policies, and keeping policies at hand."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from fullmakt.access.policy.errors import PolicyRefused
from fullmakt.access.resources import service
from fullmakt.access.resources.errors import (
    NoSubjects,
    PolicyNamesOtherResource,
    PolicyNotFound,
    ResourceExists,
    ResourceNotFound,
    ResourceOfPolicyNotFound,
)
from fullmakt.access.resources.model import NewResource, PolicyVersion, Resource
from fullmakt.access.resources.shelf import PolicyShelf
from fullmakt.foundation.events.ledger import EventLedger, list_events
from fullmakt.foundation.storage.database import Database, Work
from fullmakt.foundation.storage.model import Aspect, Touch
from fullmakt.foundation.terms.problem import InvalidInput
from tests.unit.resources.builders import JOINTLY_OWNED, VAT, a_policy, a_resource
from tests.worlds import TestClock, new_database


@pytest.fixture
def database(place_url: str) -> Iterator[Database]:
    database = new_database(place_url)
    yield database
    database.close()


def registered(database: Database, new: NewResource = JOINTLY_OWNED) -> Resource:
    with database.authority(actor="test", correlation="test") as work:
        return service.add_resource(work, new)


def published(database: Database, resource: Resource, xml: bytes) -> PolicyVersion:
    with database.authority(actor="test", correlation="test") as work:
        return service.set_policy(work, resource, xml)


def revision(database: Database) -> int:
    with database.authority(actor="test", correlation="test") as work:
        return work.revision - 1


@pytest.mark.parametrize("new", [JOINTLY_OWNED, VAT])
def test_a_resource_is_read_back_as_it_was_registered(database: Database, new: NewResource) -> None:
    added = registered(database, new)

    with database.reading() as reading:
        found = service.find_resource(reading, new.identifier)

    assert found == added
    assert {name: getattr(found, name) for name in new.__slots__} == {
        name: getattr(new, name) for name in new.__slots__
    }


def test_an_unknown_resource_is_not_found(database: Database) -> None:
    with database.reading() as reading:
        assert service.find_resource(reading, "ske-ukjent") is None
        with pytest.raises(ResourceNotFound, match="there is no resource `ske-ukjent`"):
            service.get_resource(reading, "ske-ukjent")


def test_an_identifier_is_registered_once(database: Database) -> None:
    registered(database)

    with pytest.raises(ResourceExists) as refused:
        registered(database)

    assert refused.value.text_status == 409
    assert refused.value.text == ("The Resource already exist: ske-innrapportering-boligsameie")


def test_a_resource_that_cannot_be_named_is_not_stored(database: Database) -> None:
    with pytest.raises(InvalidInput):
        registered(database, a_resource("abc"))

    with database.reading() as reading:
        assert service.list_resources(reading) == []


def test_resources_are_listed_as_they_were_registered(database: Database) -> None:
    added = [registered(database, new) for new in (VAT, JOINTLY_OWNED, a_resource("aaaa"))]

    with database.reading() as reading:
        assert service.list_resources(reading) == added


def test_a_later_resource_has_a_higher_version_id(database: Database) -> None:
    first, second = registered(database), registered(database, VAT)

    assert first.version_id < second.version_id


def test_a_policy_is_kept_byte_for_byte(database: Database) -> None:
    xml = a_policy(JOINTLY_OWNED.identifier).replace(b"\n", b"\r\n")

    policy = published(database, registered(database), xml)

    with database.reading() as reading:
        assert service.find_policy(reading, JOINTLY_OWNED.identifier) == policy
    assert policy.document == xml
    assert policy.sha256 == hashlib.sha256(xml).hexdigest()
    assert (policy.version, policy.ended) == (1, None)


def test_publishing_a_policy_touches_the_policy_of_its_resource(database: Database) -> None:
    resource = registered(database)
    policy = published(database, resource, a_policy(resource.identifier))

    with database.reading() as reading:
        event = list_events(reading, after=0, most=10)[-1]

    assert event.kind == "policy-published"
    assert event.touches == (Touch(resource.id, Aspect.POLICY),)
    assert event.payload == {
        "resource": resource.identifier,
        "version": 1,
        "sha256": policy.sha256,
    }


def test_a_new_policy_closes_the_one_before(database: Database) -> None:
    resource = registered(database)
    published(database, resource, a_policy(resource.identifier))
    second = published(database, resource, a_policy(resource.identifier, packages=()))

    with database.reading() as reading:
        standing = service.get_policy(reading, resource.identifier)

    assert standing == second
    assert second.version == 2


def test_a_policy_that_was_replaced_and_comes_back_is_a_new_version(database: Database) -> None:
    resource = registered(database)
    first = published(database, resource, a_policy(resource.identifier))
    published(database, resource, a_policy(resource.identifier, packages=()))

    third = published(database, resource, first.document)

    assert (third.version, third.sha256) == (3, first.sha256)
    assert third.began > first.began


def test_publishing_the_same_document_again_changes_nothing(database: Database) -> None:
    resource = registered(database)
    first = published(database, resource, a_policy(resource.identifier))
    before = revision(database)

    again = published(database, resource, first.document)

    assert again == first
    assert revision(database) == before


def test_a_policy_that_cannot_be_read_leaves_the_old_one(database: Database) -> None:
    resource = registered(database)
    standing = published(database, resource, a_policy(resource.identifier))

    with pytest.raises(PolicyRefused, match="not well-formed"):
        published(database, resource, b"<Policy>")

    with database.reading() as reading:
        assert service.find_policy(reading, resource.identifier) == standing


def test_a_policy_of_another_resource_leaves_the_old_one(database: Database) -> None:
    resource = registered(database)

    with pytest.raises(PolicyNamesOtherResource):
        published(database, resource, a_policy("ske-noe-annet"))

    with database.reading() as reading:
        assert service.find_policy(reading, resource.identifier) is None


def test_no_resource_and_no_policy_are_told_apart(database: Database) -> None:
    registered(database)

    with database.reading() as reading:
        assert service.find_policy(reading, "ske-ukjent") is None
        with pytest.raises(ResourceOfPolicyNotFound, match="Unable to find resource"):
            service.get_policy(reading, "ske-ukjent")
        with pytest.raises(PolicyNotFound, match="Unable to find requested policy"):
            service.get_policy(reading, JOINTLY_OWNED.identifier)


def test_a_policy_without_rules_names_no_subject(database: Database) -> None:
    resource = registered(database)
    document = a_policy(resource.identifier)
    begins, ends = document.index(b"  <xacml:Rule "), document.index(b"  <xacml:ObligationExpr")
    published(database, resource, document[:begins] + document[ends:])

    with database.reading() as reading:
        assert service.list_rules(reading, resource.identifier) == []
        with pytest.raises(NoSubjects, match="names no subject"):
            service.list_subjects(reading, resource.identifier)


# --- the shelf ------------------------------------------------------------------------------------


def test_the_shelf_gives_a_policy_ready_to_be_asked(database: Database) -> None:
    resource = registered(database, VAT)
    policy = published(database, resource, a_policy(VAT.identifier))

    shelved = PolicyShelf(database).get(VAT.identifier)

    assert shelved is not None
    assert (shelved.resource_id, shelved.identifier) == (resource.id, VAT.identifier)
    assert (shelved.owner, shelved.title) == (VAT.owner, VAT.title)
    assert (shelved.version, shelved.sha256) == (1, policy.sha256)
    assert shelved.compiled.resources == {VAT.identifier}


def test_a_policy_on_the_shelf_is_loaded_once(database: Database) -> None:
    published(database, registered(database), a_policy(JOINTLY_OWNED.identifier))
    shelf = PolicyShelf(database)

    assert shelf.get(JOINTLY_OWNED.identifier) is shelf.get(JOINTLY_OWNED.identifier)


def test_the_shelf_has_nothing_without_a_policy_and_keeps_no_note_of_it(
    database: Database,
) -> None:
    shelf = PolicyShelf(database)
    assert shelf.get(JOINTLY_OWNED.identifier) is None

    resource = registered(database)
    assert shelf.get(JOINTLY_OWNED.identifier) is None

    published(database, resource, a_policy(resource.identifier))
    assert shelf.get(JOINTLY_OWNED.identifier) is not None


def test_the_shelf_has_nothing_for_what_cannot_name_a_resource(database: Database) -> None:
    assert PolicyShelf(database).get("a\x00b") is None


def test_a_forgotten_policy_is_loaded_anew_and_the_others_stay(database: Database) -> None:
    changed, unchanged = registered(database), registered(database, VAT)
    for resource in (changed, unchanged):
        published(database, resource, a_policy(resource.identifier))
    shelf = PolicyShelf(database)
    kept = shelf.get(unchanged.identifier)
    shelf.get(changed.identifier)
    published(database, changed, a_policy(changed.identifier, packages=()))

    shelf.forget(changed.id)

    anew = shelf.get(changed.identifier)
    assert anew is not None
    assert anew.version == 2
    assert shelf.get(unchanged.identifier) is kept


def test_a_cleared_shelf_loads_everything_anew(database: Database) -> None:
    resource = registered(database)
    published(database, resource, a_policy(resource.identifier))
    shelf = PolicyShelf(database)
    before = shelf.get(resource.identifier)

    shelf.clear()

    assert shelf.get(resource.identifier) is not before


class ReaderOvertaken(Database):
    """A database where something happens between the reading of a row and the use of it."""

    overtaking: Callable[[], None] | None = None

    def ask(self, text: str, parameters: Mapping[str, object]) -> list[tuple[Any, ...]]:
        rows = super().ask(text, parameters)
        if self.overtaking is not None:
            self.overtaking()
        return rows


def test_a_policy_forgotten_while_it_was_being_read_is_not_kept(database: Database) -> None:
    resource = registered(database)
    published(database, resource, a_policy(resource.identifier))
    slow = ReaderOvertaken(database.url, clock=TestClock(), ledger=EventLedger(), is_durable=False)
    shelf = PolicyShelf(slow)

    def publish_and_forget() -> None:
        slow.overtaking = None
        published(database, resource, a_policy(resource.identifier, packages=()))
        shelf.forget(resource.id)

    slow.overtaking = publish_and_forget
    overtaken, after = shelf.get(resource.identifier), shelf.get(resource.identifier)
    slow.close()

    assert overtaken is not None
    assert after is not None
    assert (overtaken.version, after.version) == (1, 2)


def test_what_a_work_adds_is_seen_inside_it(database: Database) -> None:
    def add_and_find(work: Work) -> Resource | None:
        service.add_resource(work, JOINTLY_OWNED)
        return service.find_resource(work, JOINTLY_OWNED.identifier)

    with database.authority(actor="test", correlation="test") as work:
        assert add_and_find(work) is not None
