"""What a decision point keeps beside standings: admissions and written answers, each bounded."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from fullmakt.access.decisions import admissions as admissions_room
from fullmakt.access.decisions import answering
from fullmakt.access.decisions.admissions import Admissions
from fullmakt.access.decisions.answering import AnswerWriter
from fullmakt.access.decisions.freshness import Freshness
from fullmakt.access.decisions.model import Outcome
from fullmakt.access.decisions.walk import Answer
from fullmakt.access.delegations.standings import Key, Reference
from fullmakt.access.resources.shelf import PolicyShelf
from tests.cases.decisions.facts import uuid_of
from tests.cases.decisions.town import Town
from tests.worlds import new_database

BAKERY, PLUMBER = "BAKERIET AS", "RØRLEGGER AS"


@pytest.fixture
def town(place_url: str) -> Iterator[Town]:
    made = Town(new_database(place_url))
    for name in (BAKERY, PLUMBER):
        made.tell("organizations", {"name": name})
    opens = [{"actions": ["read"], "packages": ["skattegrunnlag"]}]
    made.tell("resources", {"id": "ske-demo", "opens": opens, "needs_list": True})
    members = {"name": "utvalgte", "members": [BAKERY], "connects": {"ske-demo": []}}
    made.tell("access_lists", members)
    yield made
    made.database.close()


def test_only_so_many_admissions_are_kept_and_the_oldest_goes_first(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admissions_room, "MOST_ADMISSIONS", 1)
    shelf = PolicyShelf(town.database)
    freshness = Freshness(town.database, shelf)
    freshness.catch_up()
    shelved = shelf.get("ske-demo")
    assert shelved is not None
    admissions = Admissions(town.database, freshness)

    first, again, other, anew = (
        admissions.get(shelved.resource_id, Reference(Key.UUID, str(uuid_of(name))))
        for name in (BAKERY, BAKERY, PLUMBER, BAKERY)
    )

    assert again is first
    assert other.lists == ()
    assert anew is not first
    assert anew == first


def test_only_so_many_written_answers_are_kept_and_each_is_written_as_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(answering, "_MOST_KEPT", 1)
    writer = AnswerWriter()
    permit, deny = Answer(Outcome.PERMIT), Answer(Outcome.DENY)

    first, again, other, anew = (
        writer.write_plain([answer]) for answer in (permit, permit, deny, permit)
    )

    assert again is first
    assert json.loads(other.body)["response"][0]["decision"] == "Deny"
    assert anew is not first
    assert anew == first
