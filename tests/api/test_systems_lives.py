"""Requests, change requests and system users live by their tables, whatever happens to them.

Everything is done over HTTP and told to a model that holds the tables as data; after each step all
that was ever made is read, and must be what the model says.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from urllib.parse import quote
from uuid import UUID, uuid5

import httpx
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.api.systems_world import (
    APP,
    DIRECTOR,
    FIRM,
    REQUESTS,
    SYSTEM,
    USERS,
    World,
    open_world,
    problem,
    right,
)

CHANGES = f"{USERS}/changerequest"
CORRELATIONS = tuple(str(uuid5(UUID(int=7), name)) for name in ("first", "second", "third"))
# The last reference is one that requests of both kinds ask for.
SLOTS = (("standard", "en"), ("agent", "to"), ("standard", "felles"), ("agent", "felles"))
WAIT = timedelta(days=180)

# From a status, by an answer: to a status. What is not here is refused with AUTH-00013.
MOVES = {("New", "approve"): "Accepted", ("New", "reject"): "Rejected"}
# What an agent request is refused with when a standard one has its reference, by that one's status.
STANDS_IN_THE_WAY = {"New": "AUTH-00007", "Accepted": "AUTH-00006", "Rejected": "AUTH-00009"}
NO_REQUEST = {"standard": "AUTH-00010", "agent": "AUTH-00030"}


@dataclass(slots=True)
class Asked:
    """A request or a change request, as the tables have it."""

    id: str
    kind: str
    reference: str
    created: datetime
    status: str = "New"
    is_escalated: bool = False
    is_deleted: bool = False
    user: str = ""

    def is_timed_out(self, at: datetime) -> bool:
        return self.created < at - WAIT


class Lives(RuleBasedStateMachine):
    """A vendor, a customer and all that goes between them."""

    place: ClassVar[Callable[[], str]]

    @initialize()
    def begin(self) -> None:
        self.stack = ExitStack()
        self.world: World = self.stack.enter_context(open_world(type(self).place()))
        self.asked: list[Asked] = []
        self.changes: dict[str, Asked] = {}
        self.users: dict[str, Asked] = {}
        self.living: set[str] = set()
        assert self.world.register().status_code == 200

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            self.stack.close()

    @property
    def now(self) -> datetime:
        return self.world.clock.now()

    def has_user(self, reference: str) -> bool:
        return any(self.users[user].reference == reference for user in self.living)

    def is_there(self, request: Asked) -> bool:
        is_free = request.status == "Accepted" and request.id not in self.living
        return not request.is_deleted and not is_free

    def standing(self, kind: str, reference: str) -> Asked | None:
        slot = kind, reference
        there = [each for each in self.asked if self.is_there(each)]
        return next((each for each in there if (each.kind, each.reference) == slot), None)

    @rule(slot=st.sampled_from(SLOTS))
    def send(self, slot: tuple[str, str]) -> None:
        kind, reference = slot
        send = self.world.standard_request if kind == "standard" else self.world.agent_request
        answer = send(externalRef=reference)
        existing = self.standing(kind, reference)
        other = self.standing("standard", reference)
        if self.has_user(reference):
            assert problem(answer) == (400, "AUTH-00004")
        elif existing is not None:
            assert (answer.status_code, answer.json()["id"]) == (200, existing.id)
        elif kind == "agent" and other is not None:
            assert problem(answer) == (400, STANDS_IN_THE_WAY[other.status])
        else:
            assert answer.status_code == 201, answer.text
            self.asked.append(Asked(answer.json()["id"], kind, reference, self.now))

    @precondition(lambda self: self.asked)
    @rule(which=st.integers(0, 7), verb=st.sampled_from(["approve", "reject"]))
    def answer(self, which: int, verb: str) -> None:
        request = self.asked[which % len(self.asked)]
        kind = "" if request.kind == "standard" else "/agent"
        answer = self.world.answer(request.id, verb=verb, kind=kind)
        moved = MOVES.get((request.status, verb))
        if not self.is_there(request):
            assert problem(answer) == (404, NO_REQUEST[request.kind])
        elif moved is None:
            assert problem(answer) == (409, "AUTH-00013")
        elif verb == "approve" and request.is_timed_out(self.now):
            assert problem(answer) == (409, "FM-00001")
        elif verb == "approve" and self.has_user(request.reference):
            assert problem(answer) == (400, "AUTH-00004")
        else:
            assert answer.json() is True, answer.text
            request.status = moved
            if moved == "Accepted":
                self.users[request.id] = request
                self.living.add(request.id)

    @precondition(lambda self: self.asked)
    @rule(which=st.integers(0, 7))
    def escalate(self, which: int) -> None:
        request = self.asked[which % len(self.asked)]
        kind = "" if request.kind == "standard" else "/agent"
        answer = self.world.answer(request.id, verb="escalate", kind=kind)
        if not self.is_there(request):
            assert (answer.status_code, answer.json()) == (200, False)
        elif request.status != "New":
            assert problem(answer) == (409, "AUTH-00013")
        else:
            assert answer.json() is True, answer.text
            request.is_escalated = True

    @precondition(lambda self: self.asked)
    @rule(which=st.integers(0, 7))
    def take_a_request_back(self, which: int) -> None:
        request = self.asked[which % len(self.asked)]
        path = f"{REQUESTS}/vendor/{request.id}"
        answer = self.world.http.delete(path, headers=self.world.vendor())
        if self.is_there(request):
            assert answer.status_code == 202, answer.text
            request.is_deleted = True
        else:
            assert problem(answer) == (404, "AUTH-00010")

    @precondition(lambda self: self.living)
    @rule(which=st.integers(0, 7))
    def delete_a_system_user(self, which: int) -> None:
        user = self.users[sorted(self.living)[which % len(self.living)]]
        answer = self.world.http.delete(self._path_of(user), headers=self._person())
        assert answer.status_code in {200, 202, 204}, answer.text
        self.living.remove(user.id)

    def _path_of(self, user: Asked) -> str:
        party = self.world.party_id(FIRM)
        if user.kind == "standard":
            return f"{USERS}/{party}/{user.id}"
        facilitator = self.world.organization(FIRM).uuid
        return f"{USERS}/agent/{party}/{user.id}?facilitatorId={facilitator}"

    @precondition(lambda self: self.users)
    @rule(
        which=st.integers(0, 7), correlation=st.sampled_from(CORRELATIONS), is_empty=st.booleans()
    )
    def ask_for_a_change(self, which: int, correlation: str, *, is_empty: bool) -> None:
        user = list(self.users.values())[which % len(self.users)]
        known = self.changes.get(correlation)
        answer = self.world.http.post(
            f"{CHANGES}/vendor",
            params={"correlation-id": correlation, "system-user-id": user.id},
            json={} if is_empty else {"requiredRights": [right(APP)]},
            headers=self.world.vendor(),
        )
        if user.id not in self.living:
            assert problem(answer) == (404, "AUTH-00015")
        elif is_empty:
            assert (answer.status_code, answer.json()["status"]) == (200, "NoChangeNeeded")
        elif known is not None and not known.is_deleted:
            assert (answer.status_code, answer.json()["status"]) == (200, known.status)
            assert answer.json()["systemUserId"] == known.user
        elif user.kind == "agent":
            assert problem(answer) == (404, "AUTH-00015")
        elif known is not None:
            assert problem(answer) == (409, "AUTH-00061")
        else:
            assert answer.status_code == 201, answer.text
            made = Asked(correlation, "change", user.reference, self.now, user=user.id)
            self.changes[correlation] = made

    @precondition(lambda self: self.changes)
    @rule(which=st.integers(0, 2), verb=st.sampled_from(["approve", "reject"]))
    def answer_a_change(self, which: int, verb: str) -> None:
        change = list(self.changes.values())[which % len(self.changes)]
        path = f"{CHANGES}/{self.world.party_id(FIRM)}/{change.id}/{verb}"
        answer = self.world.http.post(path, headers=self._person())
        moved = MOVES.get((change.status, verb))
        if change.is_deleted:
            assert problem(answer) == (404, "AUTH-00010")
        elif moved is None:
            assert problem(answer) == (409, "AUTH-00013")
        elif verb == "approve" and change.is_timed_out(self.now):
            assert problem(answer) == (409, "FM-00001")
        elif verb == "approve" and change.user not in self.living:
            assert problem(answer) == (404, "AUTH-00015")
        else:
            assert answer.json() is True, answer.text
            change.status = moved

    @precondition(lambda self: self.changes)
    @rule(which=st.integers(0, 2))
    def take_a_change_back(self, which: int) -> None:
        change = list(self.changes.values())[which % len(self.changes)]
        path = f"{CHANGES}/vendor/{change.id}"
        answer = self.world.http.delete(path, headers=self.world.vendor())
        if change.is_deleted:
            assert problem(answer) == (404, "AUTH-00010")
        else:
            assert answer.status_code == 202, answer.text
            change.is_deleted = True

    @rule(days=st.sampled_from([90, 180]))
    def let_time_pass(self, days: int) -> None:
        self.world.clock.advance(timedelta(days=days))

    def _person(self) -> dict[str, str]:
        return self.world.person(DIRECTOR)

    def _read(self, path: str) -> httpx.Response:
        return self.world.http.get(path, headers=self.world.vendor())

    @invariant()
    def everything_reads_as_the_tables_have_it(self) -> None:
        if not hasattr(self, "asked"):
            return
        for request in self.asked:
            self._reads_as_it_is(request)
        for change in self.changes.values():
            read = self._read(f"{CHANGES}/vendor/{change.id}")
            if change.is_deleted:
                assert problem(read) == (404, "AUTH-00010")
            else:
                assert told(read) == (change.status, change.is_timed_out(self.now))
        party = self.world.party_id(FIRM)
        for user in self.users.values():
            path = f"{USERS}/{party}/{user.id}"
            answer = self.world.http.get(path, headers=self._person())
            assert (answer.status_code == 200) is (user.id in self.living), answer.text
        assert self._listed() == sorted(self.living)

    def _reads_as_it_is(self, request: Asked) -> None:
        base = f"{REQUESTS}/vendor" + ("/agent" if request.kind == "agent" else "")
        read = self._read(f"{base}/{request.id}")
        if not self.is_there(request):
            assert problem(read) == (404, "AUTH-00010")
            return
        assert told(read) == (request.status, request.is_timed_out(self.now))
        reference = quote(request.reference, safe="")
        by_reference = self._read(f"{base}/byexternalref/{SYSTEM}/{FIRM}/{reference}").json()
        assert by_reference["id"] == request.id
        # Of standard requests a vendor is never told.
        is_told = request.is_escalated and request.kind == "agent"
        assert by_reference["escalated"] is is_told

    def _listed(self) -> list[str]:
        listed = self._read(f"{USERS}/vendor/bysystem/{SYSTEM}").json()["data"]
        return sorted(each["id"] for each in listed)


def told(answer: httpx.Response) -> tuple[str, bool]:
    assert answer.status_code == 200, answer.text
    return answer.json()["status"], answer.json()["timedOut"]


def test_requests_changes_and_system_users_live_by_their_tables(
    systems_place: Callable[[], str],
) -> None:
    is_sqlite = systems_place().startswith("sqlite")
    run_state_machine_as_test(
        type("LivesHere", (Lives,), {"place": staticmethod(systems_place)}),
        settings=settings(
            max_examples=8 if is_sqlite else 3,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.explicit, Phase.reuse, Phase.generate),
        ),
    )
