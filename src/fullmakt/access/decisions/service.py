"""The decision point.

Questions answered on the latest committed facts, with the reasons on request.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from fullmakt.access.decisions import giving, walk
from fullmakt.access.decisions.admissions import Admissions
from fullmakt.access.decisions.alternatives import list_alternatives
from fullmakt.access.decisions.asking import Asked, Asker, Kind
from fullmakt.access.decisions.completing import NO_STORAGE, complete, complete_on_loop
from fullmakt.access.decisions.freshness import Freshness
from fullmakt.access.decisions.model import Decision, Instead, Outcome
from fullmakt.access.decisions.outward import decision_of
from fullmakt.access.decisions.plain_asking import read_plainly
from fullmakt.access.decisions.questions import read_question
from fullmakt.access.decisions.reasons import Reasons
from fullmakt.access.decisions.rules import Holdings, holdings
from fullmakt.access.decisions.standings import Standings
from fullmakt.access.decisions.surroundings import StoredSurroundings
from fullmakt.access.delegations import service as delegations
from fullmakt.access.delegations.standings import Key, Reference
from fullmakt.access.parties.model import PartyKind
from fullmakt.access.policy import names
from fullmakt.access.policy.original import status_told
from fullmakt.access.policy.outcome import OK
from fullmakt.access.policy.request import StringBag
from fullmakt.access.policy.semantics import STANDARD, Semantics
from fullmakt.access.resources import lists_service as access_lists
from fullmakt.access.resources import service as resources
from fullmakt.foundation.terms import urns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from fullmakt.access.catalog.model import Catalog
    from fullmakt.access.decisions.instances import InstanceStorage
    from fullmakt.access.decisions.model import Question
    from fullmakt.access.decisions.standings import StandingLimits
    from fullmakt.access.decisions.walk import Answer
    from fullmakt.access.delegations.model import RightCheck
    from fullmakt.access.delegations.standings import Unregistered
    from fullmakt.access.parties.model import Party
    from fullmakt.access.resources.lists_model import Admission
    from fullmakt.access.resources.shelf import PolicyShelf, ShelvedPolicy
    from fullmakt.foundation.storage.database import Database
    from fullmakt.foundation.terms.clock import Clock

_REMEMBERED = 10_000
_LARGEST_KEPT = 4096
MOST_INSTEAD = 200
"""How many other system users that would be permitted are told."""


class AnsweredQuestion(NamedTuple):
    """One decision that was asked for over HTTP, kept for a while so that a trace shows it."""

    correlation: str
    at: datetime
    revision: int
    asked: Asked
    answer: Answer


_Remembered = tuple[str, "datetime", int, Asked | bytes, "Answer"]


_ABOUT_SUBJECTS = frozenset({urns.PARTY_TYPE, urns.ACCESS_LIST})


class DecisionPoint:
    """Decides. Every decision starts at the barrier: it knows all that was committed before."""

    def __init__(
        self,
        database: Database,
        catalog: Catalog,
        policies: PolicyShelf,
        *,
        clock: Clock,
        limits: StandingLimits | None = None,
        semantics: Semantics = STANDARD,
        instances: InstanceStorage = NO_STORAGE,
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._policies = policies
        self._clock = clock
        self._instances = instances
        self.is_inline = database.is_inline
        """Whether a decision takes microseconds, so that it may be made on the event loop."""
        self._freshness = Freshness(database, policies)
        self._semantics = semantics
        self.has_single_services = semantics.gives_clients_single_services
        """Whether agents can have single rights for clients."""
        self.standings = Standings(
            database,
            catalog,
            self._freshness,
            clock=clock,
            limits=limits,
            has_single_services=semantics.gives_clients_single_services,
        )
        self._admissions = Admissions(database, self._freshness)
        self._recent: deque[_Remembered] = deque(maxlen=_REMEMBERED)

    def answer(self, asked: Asked) -> Answer:
        """Answer one question. Raises: PrimaryUnreachable."""
        self._freshness.catch_up()
        return self._walk(asked, walk.NOBODY_ASKS)

    def answer_caught_up(self, asked: Asked) -> Answer:
        """Answer a question that had arrived when `catch_up` was last called."""
        return self._walk(asked, walk.NOBODY_ASKS)

    def answer_in_turn(self, questions: Sequence[Asked]) -> list[Answer]:
        """Answer several questions behind one barrier, on the event loop, where `is_inline`.

        Questions that arrived in one turn of the loop share the barrier. Raises:
        PrimaryUnreachable.
        """
        self._freshness.catch_up_in_turn()
        return [self._walk(asked, walk.NOBODY_ASKS) for asked in questions]

    async def answer_about_instances(
        self, questions: Sequence[Asked]
    ) -> tuple[list[Asked], list[Answer]]:
        """Answer questions of which some name an instance; they are told as they were decided.

        Raises: PrimaryUnreachable, StoreUnreachable.
        """
        completed = await complete_on_loop(questions, self._instances)
        known = [each.asked for each in completed if each.refused is None]
        found = self.answer_in_turn(known) if self.is_inline else await self.answer_on_loop(known)
        left = iter(found)
        answers = [
            each.refused or next(left)._replace(added_party=each.added_party) for each in completed
        ]
        return [each.asked for each in completed], answers

    async def answer_on_loop(self, questions: Sequence[Asked]) -> list[Answer]:
        """Answer several questions behind one barrier; what is read is waited for on the loop.

        Raises: PrimaryUnreachable, StoreUnreachable.
        """
        if not questions:
            return []
        first = questions[0]
        held = await self._caught_up_on_loop(first)
        answers = [await self._walk_on_loop(first, held)]
        answers += [await self._walk_on_loop(asked, None) for asked in questions[1:]]
        return answers

    async def _caught_up_on_loop(self, first: Asked) -> Holdings | Unregistered | None:
        """Pass the barrier; what is held for the first question, if that was read meanwhile."""
        subject, party = first.subject, first.party
        if subject is None or party is None or self.standings.is_kept(subject, party):
            await self._freshness.catch_up_on_loop()
            return None
        # SPEED: what has to be read anyway brings the revision with it (benchmarks/postgresql.py).
        return await self.standings.catch_up_and_read_on_loop(subject, party)

    async def _walk_on_loop(self, asked: Asked, held: Holdings | Unregistered | None) -> Answer:
        shelved = await self._policies.get_on_loop(asked.resource)
        if shelved is not None and asked.subject is not None:
            if asked.party is None:
                return await asyncio.to_thread(self._walk, asked, walk.NOBODY_ASKS)
            held = held or await self.standings.get_on_loop(asked.subject, asked.party)
        if shelved is not None and shelved.needs_access_list:
            return await asyncio.to_thread(self._decided, asked, shelved, held, walk.NOBODY_ASKS)
        return self._decided(asked, shelved, held, walk.NOBODY_ASKS)

    def _walk(self, asked: Asked, trail: walk.ReasonTrail) -> Answer:
        shelved = self._policies.get(asked.resource)
        held = None
        if shelved is not None and asked.subject is not None and asked.party is not None:
            held = self.standings.get(asked.subject, asked.party)
        elif shelved is not None and asked.subject is not None:
            asked = self._about_subject(asked, asked.subject, shelved)
        return self._decided(asked, shelved, held, trail)

    def _decided(
        self,
        asked: Asked,
        shelved: ShelvedPolicy | None,
        held: Holdings | Unregistered | None,
        trail: walk.ReasonTrail,
    ) -> Answer:
        now = self._clock.now() if shelved is not None and shelved.compiled.asks_the_time else None
        admission = self._admission(shelved, asked.party)
        answer = walk.decide(asked, shelved, held, admission=admission, trail=trail, now=now)
        return answer if self._semantics is STANDARD else _told(answer, self._semantics)

    def _admission(
        self, shelved: ShelvedPolicy | None, party: Reference | None
    ) -> Admission | None:
        if shelved is None or not shelved.needs_access_list or party is None:
            return None
        return self._admissions.get(shelved.resource_id, party)

    def _about_subject(self, asked: Asked, subject: Asker, shelved: ShelvedPolicy) -> Asked:
        """SPEC: what the subject is counts where a policy asks for it, and no party is named.

        That is what kind of party it is, and which access lists it is on; apps ask for neither.
        """
        wanted = shelved.compiled.subject_attributes & _ABOUT_SUBJECTS
        if not wanted or (names.RESOURCE, urns.APP) in asked.entries:
            return asked
        found = self.standings.get(subject, subject.reference)
        if not isinstance(found, Holdings) or found.standing.is_closed:
            return asked
        party = found.standing.subject
        if party.kind is PartyKind.SYSTEM_USER:
            return asked
        entries = {**asked.entries, (names.SUBJECT, urns.PARTY_TYPE): party.kind.value}
        if urns.ACCESS_LIST in wanted:
            # INVARIANT: read after the barrier and not kept, so it is never stale.
            with self._database.reading() as reading:
                lists = access_lists.list_names_of_lists(reading, party.id)
            entries[names.SUBJECT, urns.ACCESS_LIST] = StringBag(lists)
        return asked._replace(entries=entries)

    def now(self) -> datetime:
        """Domain time."""
        return self._clock.now()

    def catch_up(self) -> None:
        """Know all that was committed before now. Raises: PrimaryUnreachable."""
        self._freshness.catch_up()

    def answer_held(
        self, asked: Asked, held: Holdings | None, shelved: ShelvedPolicy | None = None
    ) -> Answer:
        """Answer about holdings that were read elsewhere, by the policy as of the last barrier.

        None for a subject that nobody looks up. `shelved` is asked instead of the resource's own
        policy.
        """
        shelved = shelved or self._policies.get(asked.resource)
        return self._decided(asked, shelved, held, walk.NOBODY_ASKS)

    def find_policy(self, resource: str) -> ShelvedPolicy | None:
        """The resource and its policy, as of the last barrier."""
        return self._policies.get(resource)

    async def find_policy_on_loop(self, resource: str) -> ShelvedPolicy | None:
        """As `find_policy`, waited for on the event loop."""
        return await self._policies.get_on_loop(resource)

    def remember(
        self, correlation: str, questions: Sequence[Asked], answers: Sequence[Answer]
    ) -> None:
        """Keep answered questions for their trace."""
        # SPEED: put together as `AnsweredQuestion` when somebody asks (benchmarks/authorize.py).
        at, revision = self._clock.now(), self._freshness.revision
        for asked, answer in zip(questions, answers):  # noqa: B905  as many as were asked
            self._recent.append((correlation, at, revision, asked, answer))

    def remember_plain(
        self, correlation: str, body: bytes, asked: Asked, answer: Answer, *, at: datetime
    ) -> None:
        """Keep an answered question that `read_plainly` read from `body`."""
        # SPEED: kept as it came. What it was read as is a dozen objects that would be found and
        # freed ten thousand questions later, when they are far away (benchmarks/authorize.py).
        kept = body if len(body) <= _LARGEST_KEPT else asked
        self._recent.append((correlation, at, self._freshness.revision, kept, answer))

    def recent(self, correlation: str) -> list[AnsweredQuestion]:
        """The questions answered under one correlation id, oldest first."""
        return [
            AnsweredQuestion(named, at, revision, _read_again(asked), answer)
            for named, at, revision, asked, answer in tuple(self._recent)
            if named == correlation
        ]

    def decide(self, question: Question) -> Decision:
        """Answer a question of our own rooms. Raises: PrimaryUnreachable."""
        answer = self.answer(read_question(question))
        return decision_of(answer, revision=self._freshness.revision)

    def explain(self, question: Question) -> Decision:
        """Answer a question with every reason. Raises: PrimaryUnreachable."""
        return self.explain_asked(read_question(question))

    def explain_asked(self, asked: Asked) -> Decision:
        """Answer what a decision request asks, with every reason. Raises: PrimaryUnreachable."""
        self._freshness.catch_up()
        completed = complete(asked, self._instances)
        surroundings = StoredSurroundings(self._database, self._catalog)
        reasons = Reasons(self._catalog, surroundings, completed.reasons)
        asked = completed.asked
        answer = completed.refused or self._walk(asked, reasons)
        revision = self._freshness.revision
        decision = decision_of(answer, revision=revision, reasons=reasons.found)
        if decision.permitted:
            reasons.level(decision.authentication_level)
            return replace(decision, reasons=reasons.found)
        if completed.refused is not None:
            # Nobody is permitted anything about an instance that is not as it was said.
            return decision
        others = list(islice(self._instead(asked), MOST_INSTEAD + 1))
        return replace(
            decision,
            instead=tuple(others[:MOST_INSTEAD]),
            has_more_instead=len(others) > MOST_INSTEAD,
        )

    def _instead(self, asked: Asked) -> Iterator[Instead]:
        """The other system users of the same owner that would be permitted."""
        subject, shelved = asked.subject, self._policies.get(asked.resource)
        if subject is None or asked.party is None or shelved is None:
            return
        held = self.standings.get(subject, asked.party)
        if not isinstance(held, Holdings):
            return
        with self._database.reading() as reading:
            others = list_alternatives(
                reading, self._catalog, asked, shelved.compiled, refused=held.standing
            )
        for standing in others:
            other = standing.subject
            asker = Asker(Kind.SYSTEM_USER, Reference(Key.UUID, str(other.uuid)))
            entries = {
                name: entry for name, entry in asked.entries.items() if name[0] != names.SUBJECT
            }
            entries[names.SUBJECT, urns.SYSTEM_USER_UUID] = str(other.uuid)
            instead = asked._replace(subject=asker, entries=entries)
            holding = holdings(
                self._catalog,
                standing,
                kind=Kind.SYSTEM_USER,
                has_single_services=self.has_single_services,
            )
            if self._decided(instead, shelved, holding, walk.NOBODY_ASKS).outcome is Outcome.PERMIT:
                yield Instead(other.uuid, other.name)

    def actions_of(self, resource: str) -> frozenset[str]:
        """The actions that the resource's policy knows; none when there is no policy."""
        self._freshness.catch_up()
        shelved = self._policies.get(resource)
        if shelved is None:
            return frozenset()
        return frozenset(giving.actions_of(shelved))

    def opened_actions(
        self, resource: str, *, role: str | None, packages: frozenset[str]
    ) -> frozenset[str]:
        """The actions that the resource's policy opens to a relation: a role and packages.

        None where agents cannot have single rights.
        """
        self._freshness.catch_up()
        shelved = self._policies.get(resource)
        if shelved is None or not self.has_single_services:
            return frozenset()
        return giving.opened_actions(self._catalog, shelved, role=role, packages=packages)

    def check_rights(self, *, person: Party, giver: Party, resource: str) -> list[RightCheck]:
        """Whether a person may give each right of a resource on, with Altinn's reason codes.

        Raises: PrimaryUnreachable.
        """
        self._freshness.catch_up()
        shelved = self._policies.get(resource)
        with self._database.reading() as reading:
            registered = resources.find_resource(reading, resource)
            standing = delegations.get_standing(reading, self._catalog, subject=person, party=giver)
        named = Reference(Key.UUID, str(giver.uuid))
        admission = self._admission(shelved, named)
        return giving.check_rights(
            self._catalog, registered, shelved, standing, admission=admission
        )


def _read_again(kept: Asked | bytes) -> Asked:
    if not isinstance(kept, bytes):
        return kept
    asked = read_plainly(kept)
    assert asked is not None, "it was read before"
    return asked


def _told(answer: Answer, semantics: Semantics) -> Answer:
    evaluation = answer.evaluation
    if evaluation is None or status_told(evaluation.status, semantics) is evaluation.status:
        return answer
    return answer._replace(
        status=names.STATUS_OK, evaluation=replace(evaluation, status=OK), message=None
    )
