"""One decision in process, warm and cold, beside a bare closure, from 1 k to 10 M relations.

Questions are skewed as real ones are: most are about a few clients, and a third are refused. The
closure is the floor: the same question answered from dictionaries loaded with the same facts, with
nothing around it.
"""

from __future__ import annotations

import json
import math
import random
import time
from functools import partial
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from benchmarks.targets import Target, note
from benchmarks.worlds import PACKAGE, RESOURCES, SIZES, built, open_database
from fullmakt.access.catalog.service import load_catalog
from fullmakt.access.decisions.dialects import AltinnJson
from fullmakt.access.decisions.model import (
    ByOrganizationNumber,
    BySystemUser,
    Outcome,
    Question,
)
from fullmakt.access.decisions.questions import read_question
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.access.policy import names
from fullmakt.access.resources.shelf import PolicyShelf
from fullmakt.foundation.terms import urns
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.run.server.clocks import MachineClock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from benchmarks.worlds import BenchmarkWorld, Relation
    from fullmakt.access.decisions.asking import Asked

Thing = TypeVar("Thing")

_QUESTIONS = 20_000
_COLD = 1_000
_ROUNDS = 5
_CHECKED = 500
_FLOOR_UP_TO = 1_000_000  # its dictionaries of ten million take many gigabytes


def skewed(relations: Sequence[Relation], count: int, *, seed: int) -> list[Relation]:
    """`count` relations, a few of them far oftener than the rest (Zipf-like)."""
    chance, most = random.Random(seed), len(relations)
    first, step = chance.randrange(most), chance.randrange(most) | 1
    while math.gcd(step, most) != 1:
        step += 2
    ranks = (min(most, int(chance.paretovariate(0.5))) - 1 for _ in range(count))
    return [relations[(first + rank * step) % most] for rank in ranks]


def question_about(relation: Relation, resource: str) -> Question:
    """May the system user write for the client?"""
    return Question(
        BySystemUser(UUID(relation.system_user)),
        "write",
        resource,
        ByOrganizationNumber(OrganizationNumber(relation.client)),
    )


def main(sizes: Sequence[int]) -> None:
    """Print the figures of every size."""
    for size in sizes:
        begun = time.process_time()
        world = built(size)
        spent_s = time.process_time() - begun
        print(f"{size:>10,} relations, {len(world.clients):,} clients, built in {spent_s:.0f} s")
        _measure(world)


def _measure(world: BenchmarkWorld) -> None:
    database = open_database(world.url)
    decisions = DecisionPoint(database, load_catalog(), PolicyShelf(database), clock=MachineClock())
    chosen = skewed(world.clients, _QUESTIONS, seed=1)
    asked = [
        read_question(question_about(relation, RESOURCES[n % len(RESOURCES)]))
        for n, relation in enumerate(chosen)
    ]
    for relation, question in zip(chosen[:_CHECKED], asked, strict=False):
        check(decisions.answer(question).outcome is Outcome.PERMIT, relation)
    decisions.standings.clear()
    first, first_share = _counted(decisions, partial(times, decisions.answer, asked))
    bare = _floor(world) if world.relations <= _FLOOR_UP_TO else None
    (warm, floor), warm_share = _counted(decisions, lambda: _warm(decisions, bare, chosen, asked))
    cold = _cold(decisions, asked)
    note(Target.WARM, quantile(warm, 0.5))
    note(Target.COLD_SQLITE, quantile(cold, 0.5))
    distinct = len(set(chosen))
    print(f"  working set: {len(asked):,} questions, skewed, {distinct:,} distinct clients")
    print(told("first", first, f"from an empty memory, hit rate {first_share:.3f}"))
    print(told("warm", warm, f"the same again, hit rate {warm_share:.3f}"))
    if floor:
        print(told("floor", floor, "dictionaries alone"))
    print(told("cold", cold, "one statement"))
    for size in sorted(set(SIZES)):
        relations = world.clients.of_size(size)[:_COLD]
        if relations:
            print(told("cold", _cold(decisions, _questions(relations)), f"agent of {size:,}"))
    swift = _bytes(decisions, chosen)
    note(Target.BYTES, quantile(swift, 0.5))
    print(told("bytes", swift, "XACML JSON in, JSON out"))
    _sweep(decisions, world)
    database.close()


def check(is_permitted: object, relation: Relation) -> None:
    """Stop the run when an answer is not what the facts say."""
    if bool(is_permitted) is not relation.is_linked:
        message = f"answered {is_permitted} about {relation}"
        raise AssertionError(message)


def _questions(relations: Sequence[Relation]) -> list[Asked]:
    return [
        read_question(question_about(relation, RESOURCES[n % len(RESOURCES)]))
        for n, relation in enumerate(relations)
    ]


def _counted(decisions: DecisionPoint, measure: Callable[[], Thing]) -> tuple[Thing, float]:
    """What `measure` gives, and the share of questions whose facts were kept meanwhile."""
    hits, misses = decisions.standings.hits, decisions.standings.misses
    measured = measure()
    kept, read = decisions.standings.hits - hits, decisions.standings.misses - misses
    return measured, kept / max(1, kept + read)


def _bytes(decisions: DecisionPoint, chosen: Sequence[Relation]) -> list[float]:
    """From the bytes of a decision request to the bytes of its answer, warm; all are distinct."""
    dialect = AltinnJson()
    bodies = [
        body_about(relation, RESOURCES[n % len(RESOURCES)]).encode()
        for n, relation in enumerate(chosen)
    ]

    def answer(body: bytes) -> bytes:
        asking = dialect.read(body)
        return asking.write([decisions.answer(asked) for asked in asking.questions]).body

    times(answer, bodies)
    return times(answer, bodies)


def body_about(relation: Relation, resource: str) -> str:
    """The same question as `question_about`, as a service sends it."""
    subject = {"AttributeId": urns.SYSTEM_USER_UUID, "Value": relation.system_user}
    action = {"AttributeId": names.ACTION_ID, "Value": "write"}
    about = [
        {"AttributeId": urns.RESOURCE, "Value": resource},
        {"AttributeId": urns.ORGANIZATION_NUMBER, "Value": relation.client},
    ]
    request = {
        "AccessSubject": [{"Attribute": [subject]}],
        "Action": [{"Attribute": [action]}],
        "Resource": [{"Attribute": about}],
    }
    return json.dumps({"Request": request}, separators=(",", ":"))


def _sweep(decisions: DecisionPoint, world: BenchmarkWorld) -> None:
    """Each of an accountant's clients once for each service, as a nightly run asks."""
    swept = world.clients.of_size(max(SIZES)) or world.clients[: max(SIZES)]
    asked = [
        read_question(question_about(relation, resource))
        for relation in swept
        for resource in RESOURCES
    ]
    decisions.standings.clear()
    taken, share = _counted(decisions, partial(times, decisions.answer, asked))
    what = f"{len(swept):,} clients x {len(RESOURCES)} services, hit rate {share:.3f}"
    print(told("sweep", taken, what))


def _floor(world: BenchmarkWorld) -> Callable[[Asked], bool]:
    """A closure over dictionaries and sets: the least that can answer the question."""
    links = {
        (r.system_user, r.client): (PACKAGE, r.assignment) for r in world.clients if r.is_linked
    }
    standing = {relation.assignment for relation in world.clients}
    opens = {(resource, "write"): frozenset({PACKAGE}) for resource in RESOURCES}

    def answer(asked: Asked) -> bool:
        subject, party = asked.subject, asked.party
        assert subject is not None and party is not None  # noqa: PT018
        link = links.get((str(subject.reference.value), str(party.value)))
        if link is None or link[1] not in standing:
            return False
        return link[0] in opens.get((asked.resource, asked.actions[0]), frozenset())

    return answer


def _warm(
    decisions: DecisionPoint,
    bare: Callable[[Asked], bool] | None,
    chosen: Sequence[Relation],
    asked: Sequence[Asked],
) -> tuple[list[float], list[float]]:
    warm: list[float] = []
    floor: list[float] = []
    for _ in range(_ROUNDS):
        warm += times(decisions.answer, asked)
        if bare is not None:
            floor += times(bare, asked)
    if bare is not None:
        for relation, question in zip(chosen[:_CHECKED], asked, strict=False):
            check(bare(question), relation)
    return warm, floor


def _cold(decisions: DecisionPoint, asked: Sequence[Asked]) -> list[float]:
    taken = []
    for question in asked[:_COLD]:
        decisions.standings.clear()
        taken += times(decisions.answer, [question])
    return taken


def times(function: Callable[[Thing], object], things: Iterable[Thing]) -> list[float]:
    """How long the function took for each, in microseconds."""
    taken = []
    for thing in things:
        begun = time.perf_counter_ns()
        function(thing)
        taken.append((time.perf_counter_ns() - begun) / 1000)
    return taken


def quantile(taken: Sequence[float], share: float) -> float:
    """The time that this share of calls did not take longer than."""
    return sorted(taken)[min(len(taken) - 1, int(len(taken) * share))]


def told(name: str, taken: Sequence[float], what: str) -> str:
    """One line about many calls."""
    middle, high, highest = (quantile(taken, share) for share in (0.5, 0.99, 0.999))
    return f"  {name:<17} p50 {middle:7.1f} µs  p99 {high:7.1f}  p99.9 {highest:7.1f}  ({what})"
