"""One request answered from many sides at once: one answer counts, and all or nothing is made."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.terms.problem import Problem
from fullmakt.systems.requests import answers
from fullmakt.systems.requests.model import AtParty
from fullmakt.systems.system_register import service as system_register
from fullmakt.systems.system_users import service as system_users
from fullmakt.systems.system_users.model import SystemUserKind
from tests.api.systems_world import DIRECTOR, FIRM, SYSTEM, World


def answer_once(world: World, named: AtParty, caller: Caller, verb: str) -> str:
    """The code of the refusal, or the verb that counted."""
    try:
        with world.database.authority(actor=caller.actor, correlation="0" * 32) as work:
            if verb == "approve":
                answers.approve(work, world.catalog, world.decisions, named, caller=caller)
            else:
                answers.reject(work, world.catalog, world.decisions, named, caller=caller)
    except Problem as refused:
        return refused.code
    return verb


@pytest.mark.parametrize("kind", SystemUserKind)
def test_of_many_answers_at_once_one_counts(world: World, kind: SystemUserKind) -> None:
    world.register()
    sent = world.agent_request() if kind is SystemUserKind.AGENT else world.standard_request()
    named = AtParty(world.party_id(FIRM), UUID(sent.json()["id"]), kind)
    caller = world.caller(DIRECTOR)
    verbs = ["approve", "reject"] * 6

    with ThreadPoolExecutor(6) as threads:
        outcomes = Counter(threads.map(lambda verb: answer_once(world, named, caller, verb), verbs))

    with world.database.reading() as reading:
        made = system_users.list_all_system_users(reading)
    assert outcomes["AUTH-00013"] == len(verbs) - 1
    assert outcomes["approve"] + outcomes["reject"] == 1
    assert len(made) == outcomes["approve"]


def approve_and_fail(world: World, named: AtParty, caller: Caller) -> None:
    with world.database.authority(actor="test", correlation="0" * 32) as work:
        answers.approve(work, world.catalog, world.decisions, named, caller=caller)
        raise RuntimeError("the power went")


def test_an_approval_that_fails_before_it_is_committed_leaves_nothing(world: World) -> None:
    world.register()
    sent = world.standard_request()
    named = AtParty(world.party_id(FIRM), UUID(sent.json()["id"]), SystemUserKind.STANDARD)
    caller = world.caller(DIRECTOR)

    with pytest.raises(RuntimeError, match="the power went"):
        approve_and_fail(world, named, caller)

    with world.database.reading() as reading:
        assert system_users.list_all_system_users(reading) == []
    assert answer_once(world, named, caller, "approve") == "approve"


def test_the_system_user_its_grants_and_the_answer_are_one_revision(world: World) -> None:
    world.register()
    sent = world.standard_request()
    named = AtParty(world.party_id(FIRM), UUID(sent.json()["id"]), SystemUserKind.STANDARD)
    caller = world.caller(DIRECTOR)

    with world.database.authority(actor=caller.actor, correlation="0" * 32) as work:
        answers.approve(work, world.catalog, world.decisions, named, caller=caller)
        kinds = [change.kind for change in work.changes]

    assert kinds == [
        "request-answered",
        "system-user-added",
        "system-user-created",
        "access-given",
    ]


def test_a_registered_system_is_found_by_other_rooms(world: World) -> None:
    world.register()

    with world.database.reading() as reading:
        found = system_register.find_system(reading, SYSTEM)
        assert found is not None
        same = system_register.get_system_by_key(reading, found.key)

    assert same == found
