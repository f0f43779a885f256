"""Decisions on the event loop: the same answers, and one barrier for all who had arrived."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from fullmakt.access.decisions.asking import Asked
from fullmakt.access.decisions.endpoint import SCOPE
from fullmakt.access.decisions.freshness import Freshness, Mark, PrimaryUnreachable
from fullmakt.access.decisions.model import ByUuid, Outcome, Question
from fullmakt.access.decisions.questions import read_question
from fullmakt.access.resources.shelf import PolicyShelf
from fullmakt.foundation.events.ledger import EventLedger
from fullmakt.foundation.storage.database import Database
from fullmakt.foundation.storage.model import Aspect, Change, Touch
from fullmakt.foundation.terms import urns
from tests.cases.decisions.facts import uuid_of
from tests.cases.decisions.town import Town, a_token, action_named, attribute, request
from tests.worlds import TestClock, new_database

GIVEN = Touch(1, Aspect.GIVEN)
NOBODY = UUID("00000000-0000-4000-8000-000000000000")


class SlowDatabase(Database):
    """A database whose answers on the loop can be held back, and are counted."""

    def __init__(self, url: str) -> None:
        super().__init__(url, clock=TestClock(), ledger=EventLedger(), is_durable=False)
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.has_read = asyncio.Event()
        self.questions = 0

    async def ask_on_loop(
        self, text: str, parameters: Mapping[str, object]
    ) -> list[tuple[Any, ...]]:
        self.questions += 1
        rows = await super().ask_on_loop(text, parameters)
        self.has_read.set()
        await self.may_answer.wait()
        return rows


@pytest.fixture
def slow(place_url: str) -> Iterator[SlowDatabase]:
    new_database(place_url).close()
    made = SlowDatabase(place_url)
    yield made
    made.close()


@pytest.fixture
def town(place_url: str) -> Iterator[Town]:
    made = Town(new_database(place_url))
    made.tell("organizations", {"name": "BAKERIET AS"})
    for name in ("Nøyaktig Havørn", "Snill Elg"):
        made.tell("people", {"name": name})
    made.tell("roles", {"from": "BAKERIET AS", "role": "daglig-leder", "to": "Nøyaktig Havørn"})
    opens = [{"actions": ["read"], "packages": ["skattegrunnlag"]}]
    made.tell("resources", {"id": "ske-demo", "opens": opens})
    made.tell("resources", {"id": "ske-listed", "opens": opens, "needs_list": True})
    members = {"name": "utvalgte", "members": ["BAKERIET AS"], "connects": {"ske-listed": []}}
    made.tell("access_lists", members)
    yield made
    made.database.close()


def asked(subject: str | UUID, resource: str = "ske-demo", action: str = "read") -> Asked:
    who = ByUuid(subject if isinstance(subject, UUID) else uuid_of(subject))
    return read_question(Question(who, action, resource, ByUuid(uuid_of("BAKERIET AS"))))


QUESTIONS = [
    asked("Nøyaktig Havørn"),
    asked("Nøyaktig Havørn", action="write"),
    asked("Snill Elg"),
    asked(NOBODY),
    asked("Nøyaktig Havørn", resource="ske-nowhere"),
    asked("Nøyaktig Havørn", resource="ske-listed"),
    asked("Nøyaktig Havørn")._replace(party=None),
    asked("Nøyaktig Havørn")._replace(subject=None),
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_on_the_loop_is_the_answer_elsewhere(town: Town, question: Asked) -> None:
    async def cold_then_kept() -> list[object]:
        cold = await town.decisions.answer_on_loop([question])
        kept = await town.decisions.answer_on_loop([question, question])
        return [*cold, *kept]

    answers = asyncio.run(cold_then_kept())

    assert answers == [town.decisions.answer(question)] * 3


def question(resource: str = "ske-demo") -> dict[str, Any]:
    """A question as it is sent."""
    return request(
        [attribute(urns.PARTY_UUID, str(uuid_of("Nøyaktig Havørn")))],
        [action_named("read")],
        [
            attribute(urns.RESOURCE, resource),
            attribute(urns.PARTY_UUID, str(uuid_of("BAKERIET AS"))),
        ],
    )


@pytest.mark.parametrize(
    "body, token, status, decision",
    [
        (question(), a_token(), 200, "Permit"),
        (question("ske-listed"), a_token(), 200, "Permit"),
        (question("ske-nowhere"), a_token(), 200, "Indeterminate"),
        ({"Request": {}}, a_token(), 200, "Indeterminate"),
        (question(), a_token(SCOPE), 200, "Permit"),
        (question(), a_token(SCOPE, number="312300028"), 403, None),
    ],
    ids=[
        *("permitted", "by an access list", "without a policy", "not a question"),
        *("by the owner", "by another than the owner"),
    ],
)
def test_the_endpoint_answers_alike_where_a_decision_is_waited_for(
    town: Town, body: dict[str, Any], token: str, status: int, decision: str | None
) -> None:
    town.decisions.is_inline = False
    waited = town.post(body, token)
    town.decisions.is_inline = True
    inline = town.post(body, token)

    assert waited.status == status
    assert decision is None or waited.decision == decision
    assert (waited.status, waited.body) == (inline.status, inline.body)


def test_what_was_taken_back_is_not_used_on_the_loop(town: Town) -> None:
    question = asked("Nøyaktig Havørn")

    async def around_the_end() -> list[Outcome]:
        before = await town.decisions.answer_on_loop([question])
        end = {"from": "BAKERIET AS", "role": "daglig-leder", "to": "Nøyaktig Havørn"}
        await asyncio.to_thread(town.tell, "ended", end)
        after = await town.decisions.answer_on_loop([question])
        return [each.outcome for each in (*before, *after)]

    assert asyncio.run(around_the_end()) == [Outcome.PERMIT, Outcome.NOT_APPLICABLE]


def freshness_over(database: Database) -> Freshness:
    return Freshness(database, PolicyShelf(database))


def touch(database: Database) -> None:
    with database.authority(actor="x", correlation="") as work:
        work.record(Change("touched", touches=(GIVEN,)))


def test_those_who_arrive_together_share_one_reading(slow: SlowDatabase) -> None:
    freshness = freshness_over(slow)

    async def ten() -> None:
        await asyncio.gather(*[freshness.catch_up_on_loop() for _ in range(10)])

    asyncio.run(ten())

    assert slow.questions == 1


def test_who_asks_while_the_revision_is_read_waits_for_the_next_reading(slow: SlowDatabase) -> None:
    freshness = freshness_over(slow)
    freshness.catch_up()

    async def late() -> None:
        slow.may_answer.clear()
        first = asyncio.create_task(freshness.catch_up_on_loop())
        await slow.has_read.wait()
        await asyncio.to_thread(touch, slow)
        second = asyncio.create_task(freshness.catch_up_on_loop())
        slow.may_answer.set()
        await asyncio.gather(first, second)

    asyncio.run(late())

    assert not freshness.is_fresh([GIVEN], since=Mark(freshness.mark.epoch, 0))


def test_a_reading_that_fails_fails_for_all_who_waited_and_for_nobody_after(
    slow: SlowDatabase,
) -> None:
    freshness = freshness_over(slow)

    async def failing() -> list[object]:
        with slow.engine.begin() as connection:
            connection.execute(text("ALTER TABLE world RENAME TO elsewhere"))
        waited = [freshness.catch_up_on_loop() for _ in range(3)]
        failed = await asyncio.gather(*waited, return_exceptions=True)
        with slow.engine.begin() as connection:
            connection.execute(text("ALTER TABLE elsewhere RENAME TO world"))
        await freshness.catch_up_on_loop()
        return [type(each) for each in failed]

    assert asyncio.run(failing()) == [PrimaryUnreachable] * 3


def test_who_no_longer_waits_keeps_nobody_else_waiting(slow: SlowDatabase) -> None:
    freshness = freshness_over(slow)

    async def one_leaves() -> int:
        slow.may_answer.clear()
        leaves = asyncio.create_task(freshness.catch_up_on_loop())
        stays = asyncio.create_task(freshness.catch_up_on_loop())
        await slow.has_read.wait()
        leaves.cancel()
        slow.may_answer.set()
        await stays
        await asyncio.to_thread(touch, slow)
        await freshness.catch_up_on_loop()
        return freshness.revision

    assert asyncio.run(one_leaves()) == 1
    assert not freshness.is_fresh([GIVEN], since=Mark(freshness.mark.epoch, 0))


def test_in_one_turn_of_the_loop_the_revision_is_read_once(slow: SlowDatabase) -> None:
    freshness = freshness_over(slow)

    async def three_questions_in_two_turns() -> list[int]:
        found = []
        freshness.catch_up_in_turn()
        found.append(freshness.revision)
        touch(slow)
        freshness.catch_up_in_turn()
        found.append(freshness.revision)
        await asyncio.sleep(0)
        freshness.catch_up_in_turn()
        return [*found, freshness.revision]

    assert asyncio.run(three_questions_in_two_turns()) == [0, 0, 1]


@pytest.mark.parametrize(
    "table", ["world", "events"], ids=["the world is not found", "what was touched is not found"]
)
def test_where_the_primary_fails_what_has_to_be_read_is_not_decided(town: Town, table: str) -> None:
    def rename(before: str, after: str) -> None:
        with town.database.engine.begin() as connection:
            connection.execute(text(f"ALTER TABLE {before} RENAME TO {after}"))

    async def around_the_fault() -> list[object]:
        await town.decisions.answer_on_loop([asked("Snill Elg")])
        await asyncio.to_thread(town.tell, "people", {"name": "Rask Rev"})
        rename(table, "elsewhere")
        question = [asked("Nøyaktig Havørn")]
        (failed,) = await asyncio.gather(
            town.decisions.answer_on_loop(question), return_exceptions=True
        )
        rename("elsewhere", table)
        (answer,) = await town.decisions.answer_on_loop(question)
        return [type(failed), answer.outcome]

    assert asyncio.run(around_the_fault()) == [PrimaryUnreachable, Outcome.PERMIT]
