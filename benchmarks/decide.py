"""One decision in process, warm and cold, beside a bare closure, at 1 k and 100 k relations.

Questions are skewed as real ones are: most are about a few clients, and a third are refused. The
closure is the floor: the same question answered from dictionaries loaded with the same facts, with
nothing around it.
"""

from __future__ import annotations

import json
import random
import statistics
import time
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from benchmarks.worlds import PACKAGE, RESOURCES, built, open_database
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
    from collections.abc import Callable, Sequence

    from benchmarks.worlds import BenchmarkWorld, Relation
    from fullmakt.access.decisions.asking import Asked

Thing = TypeVar("Thing")

SIZES = (1_000, 100_000)
_QUESTIONS = 20_000
_COLD = 1_000
_ROUNDS = 5
_SWEPT = 10_000


def skewed(relations: Sequence[Relation], count: int, *, seed: int) -> list[Relation]:
    """`count` relations, those near the front far oftener than the rest (Zipf-like)."""
    chance = random.Random(seed)
    order = list(relations)
    chance.shuffle(order)
    return [order[min(len(order) - 1, int(chance.paretovariate(0.7)) - 1)] for _ in range(count)]


def question_about(relation: Relation, resource: str) -> Question:
    """May the system user write for the client?"""
    return Question(
        BySystemUser(UUID(relation.system_user)),
        "write",
        resource,
        ByOrganizationNumber(OrganizationNumber(relation.client)),
    )


def main() -> None:
    """Print the figures of every size."""
    for size in SIZES:
        with built(size) as world:
            _measure(world)


def _measure(world: BenchmarkWorld) -> None:
    database = open_database(world.url)
    policies = PolicyShelf(database)
    decisions = DecisionPoint(database, load_catalog(), policies, clock=MachineClock())
    chosen = skewed(world.clients, _QUESTIONS, seed=1)
    asked = [
        read_question(question_about(relation, RESOURCES[n % len(RESOURCES)]))
        for n, relation in enumerate(chosen)
    ]
    floor = _floor(world)
    for relation, question in zip(chosen[:500], asked, strict=False):
        expected = Outcome.PERMIT if relation.is_linked else Outcome.NOT_APPLICABLE
        found = decisions.answer(question).outcome
        if found is not expected or floor(question) is not relation.is_linked:
            message = f"answered {found} where the facts say {expected}"
            raise AssertionError(message)
    for question in asked:
        decisions.answer(question)
    hits, misses = decisions.standings.hits, decisions.standings.misses
    warm, bare = _interleaved(decisions.answer, floor, asked)
    cold = _cold(decisions, asked)
    swift = _bytes(decisions, chosen)
    sweep, sweep_share = _sweep(decisions, world)
    kept = decisions.standings.hits - hits
    share = kept / max(1, kept + decisions.standings.misses - misses - _COLD)
    distinct = len(set(map(str, chosen)))
    print(f"{world.relations:>8,} relations, {distinct:,} distinct clients asked about")
    print(f"  warm  p50 {warm[0]:6.1f} µs  p99 {warm[1]:6.1f} µs  hit rate {share:.3f}")
    print(f"  floor p50 {bare[0]:6.1f} µs  p99 {bare[1]:6.1f} µs  (dictionaries alone)")
    print(f"  cold  p50 {cold[0]:6.1f} µs  p99 {cold[1]:6.1f} µs  (one statement)")
    print(f"  bytes p50 {swift[0]:6.1f} µs  p99 {swift[1]:6.1f} µs  (XACML JSON in, JSON out)")
    print(f"  sweep p50 {sweep[0]:6.1f} µs  p99 {sweep[1]:6.1f} µs  hit rate {sweep_share:.3f}")
    database.close()


def _bytes(decisions: DecisionPoint, chosen: Sequence[Relation]) -> tuple[float, float]:
    """From the bytes of a decision request to the bytes of its answer, warm; all are distinct."""
    dialect = AltinnJson()
    bodies = [
        body_about(relation, RESOURCES[n % len(RESOURCES)]).encode()
        for n, relation in enumerate(chosen)
    ]

    def answer(body: bytes) -> bytes:
        asking = dialect.read(body)
        return asking.write([decisions.answer(asked) for asked in asking.questions]).body

    return quantiles(_times(answer, bodies))


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


def _sweep(decisions: DecisionPoint, world: BenchmarkWorld) -> tuple[tuple[float, float], float]:
    """Every client once for each service, as a nightly run asks: from an empty memory."""
    decisions.standings.clear()
    hits, misses = decisions.standings.hits, decisions.standings.misses
    asked = [
        read_question(question_about(relation, resource))
        for relation in world.clients[:_SWEPT]
        for resource in RESOURCES
    ]
    taken = quantiles(_times(decisions.answer, asked))
    kept = decisions.standings.hits - hits
    return taken, kept / (kept + decisions.standings.misses - misses)


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


def _interleaved(
    first: Callable[[Asked], object], second: Callable[[Asked], object], asked: Sequence[Asked]
) -> tuple[tuple[float, float], tuple[float, float]]:
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(_ROUNDS):
        for place, function in enumerate((first, second)):
            times[place].extend(_times(function, asked))
    return quantiles(times[0]), quantiles(times[1])


def _times(function: Callable[[Thing], object], asked: Sequence[Thing]) -> list[float]:
    clock, taken = time.perf_counter_ns, []
    for question in asked:
        begun = clock()
        function(question)
        taken.append((clock() - begun) / 1000)
    return taken


def _cold(decisions: DecisionPoint, asked: Sequence[Asked]) -> tuple[float, float]:
    taken = []
    for question in asked[:_COLD]:
        decisions.standings.clear()
        begun = time.perf_counter_ns()
        decisions.answer(question)
        taken.append((time.perf_counter_ns() - begun) / 1000)
    return quantiles(taken)


def quantiles(taken: Sequence[float]) -> tuple[float, float]:
    """The median and the 99th percentile."""
    cuts = statistics.quantiles(taken, n=100)
    return cuts[49], cuts[98]


if __name__ == "__main__":
    main()
