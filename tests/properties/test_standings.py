"""Whatever happens in whatever order: what is kept in memory answers as what is read anew.

Every change of a town is told to the rooms and to the oracle. After each, questions are asked of a
decision point that has lived through all of it, of one that knows nothing yet, and of the oracle;
and why, which is another way to ask. What only takes away permits nothing that was refused, for the
policies here only permit; and what happens between others changes no answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from enum import Enum, auto
from itertools import count
from pathlib import Path
from typing import ClassVar, Protocol

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from fullmakt.access.decisions.model import Outcome
from tests.cases.decisions.facts import Ask
from tests.cases.decisions.oracle import Oracle
from tests.cases.decisions.town import Fact, Town
from tests.engines import PostgresServer
from tests.worlds import TestClock, new_database

FIRM, CLIENT, UNIT, ENTERPRISE = (
    "RETT REVISJON AS",
    "BAKERIET AS",
    "BAKERIET AVD",
    "HANSTAD SNEKKERI",
)
STRANGER, OTHER_FIRM, OTHER_AGENT = "FREMMED AS", "ANDRE REGNSKAP AS", "other agent"
OFFICE, DIRECTOR, OWNER = "RETT REVISJON AVD", "Nøyaktig Havørn", "Tålmodig Høvel"
AGENT, OWN = "agent", "own"
PACKAGES = ("regnskapsforer-lonn", "skattegrunnlag")
SERVICE, OTHER = "ske-demo", "ske-other"
ROLES = (
    (CLIENT, "regnskapsforer", FIRM),
    (ENTERPRISE, "regnskapsforer", FIRM),
    (ENTERPRISE, "innehaver", OWNER),
    (FIRM, "daglig-leder", DIRECTOR),
    (CLIENT, "bostyrer", DIRECTOR),
    (FIRM, "agent", AGENT),
)
GIVEN = ((CLIENT, FIRM), (CLIENT, OFFICE), (CLIENT, DIRECTOR), (FIRM, OWN))
OPENINGS = (
    [{"actions": ["read"], "packages": ["skattegrunnlag"]}],
    [{"actions": ["read"], "packages": ["regnskapsforer-lonn"], "roles": ["dagl", "a0239"]}],
    [{"actions": ["read"], "roles": ["bobe"]}],
)
QUESTIONS = tuple(
    Ask(subject, "read", resource, party, "", named)
    for resource, named in ((SERVICE, "number"), (OTHER, "uuid"))
    for subject, parties in (
        (AGENT, (CLIENT, UNIT, ENTERPRISE, OWNER)),
        (DIRECTOR, (CLIENT, UNIT, FIRM, OWNER)),
        (OWN, (FIRM, CLIENT)),
        (OWNER, (ENTERPRISE, OWNER)),
    )
    for party in parties
)


class Did(Enum):
    """What a change did to the facts that questions are about."""

    ANYTHING = auto()
    TOOK_AWAY = auto()
    NOTHING = auto()


class Place(Protocol):
    """Makes a place for a database, and gives its URL."""

    def __call__(self) -> AbstractContextManager[str]: ...


class Living(RuleBasedStateMachine):
    """A town where things happen, in a database that `place` makes."""

    place: ClassVar[Place]

    @initialize()
    def furnish(self) -> None:
        clock = TestClock()
        self.stack = ExitStack()
        self.database = new_database(self.stack.enter_context(type(self).place()), clock)
        self.stack.callback(self.database.close)
        self.town, self.oracle = Town(self.database, clock=clock), Oracle()
        self.before: dict[Ask, str] = {}
        self.did = Did.ANYTHING
        for name in (FIRM, CLIENT, STRANGER, OTHER_FIRM):
            self.tell("organizations", {"name": name})
        self.tell("organizations", {"name": ENTERPRISE, "form": "ENK"})
        self.tell("organizations", {"name": UNIT, "parent": CLIENT})
        self.tell("organizations", {"name": OFFICE, "parent": FIRM})
        for name in (DIRECTOR, OWNER):
            self.tell("people", {"name": name})
        self.tell("system_users", {"name": AGENT, "kind": "agent", "owner": FIRM})
        self.tell("system_users", {"name": OWN, "kind": "standard", "owner": FIRM})
        self.tell("system_users", {"name": OTHER_AGENT, "kind": "agent", "owner": OTHER_FIRM})
        self.tell("resources", {"id": SERVICE, "opens": OPENINGS[0]})
        self.tell("resources", {"id": OTHER, "opens": OPENINGS[1]})
        for giver, code, holder in ROLES[:4]:
            self.tell("roles", {"from": giver, "role": code, "to": holder})

    def tell(self, kind: str, fact: Fact) -> None:
        self.town.tell(kind, fact)
        self.oracle.tell(kind, fact)

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            self.stack.close()

    @rule(which=st.sampled_from(ROLES))
    def begin_or_end_a_role(self, which: tuple[str, str, str]) -> None:
        if self._turn_role(which):
            self.did = Did.TOOK_AWAY

    def _turn_role(self, which: tuple[str, str, str]) -> bool:
        giver, code, holder = which
        fact = {"from": giver, "role": code, "to": holder}
        is_open = any(
            each.is_open and (each.giver, each.role, each.holder) == which
            for each in self.oracle.roles
        )
        self.tell("ended" if is_open else "roles", fact)
        return is_open

    @rule()
    def others_have_their_own_roles_and_links(self) -> None:
        if not self._turn_role((STRANGER, "regnskapsforer", OTHER_FIRM)):
            link = {"client": STRANGER, "to": OTHER_AGENT, "packages": [PACKAGES[0]]}
            self.tell("links", link)
        self.did = Did.NOTHING

    @rule(between=st.sampled_from(GIVEN), package=st.sampled_from(PACKAGES))
    def give_or_withdraw_a_package(self, between: tuple[str, str], package: str) -> None:
        self._toggle(between, package, "packages")

    @rule(between=st.sampled_from(GIVEN), service=st.sampled_from([SERVICE, OTHER]))
    def give_or_withdraw_a_right(self, between: tuple[str, str], service: str) -> None:
        self._toggle(between, f"{service}:read", "rights")

    def _toggle(self, between: tuple[str, str], what: str, word: str) -> None:
        giver, receiver = between
        is_given = any(
            given.is_open and given.package == what
            for each in self.oracle.roles
            if each.is_open and (each.giver, each.holder) == between
            for given in (*each.packages, *each.rights)
        )
        fact = {"from": giver, "to": receiver, word: [what]}
        self.tell("withdrawn" if is_given else "given", fact)
        if is_given:
            self.did = Did.TOOK_AWAY

    @rule(client=st.sampled_from([CLIENT, ENTERPRISE]), package=st.sampled_from(PACKAGES))
    def link_a_package(self, client: str, package: str) -> None:
        fact = {"client": client, "to": AGENT, "packages": [package]}
        if self.oracle.may_link(fact):
            self.tell("links", fact)

    @rule(client=st.sampled_from([CLIENT, ENTERPRISE]), service=st.sampled_from([SERVICE, OTHER]))
    def link_a_service(self, client: str, service: str) -> None:
        fact = {"client": client, "to": AGENT, "resources": [service]}
        if self.oracle.may_link(fact):
            self.tell("links", fact)

    @rule(client=st.sampled_from([CLIENT, ENTERPRISE]))
    def unlink(self, client: str) -> None:
        self.tell("unlinked", {"client": client, "from": AGENT})
        self.did = Did.TOOK_AWAY

    @rule(
        name=st.sampled_from([FIRM, CLIENT, UNIT, OFFICE, ENTERPRISE, DIRECTOR, OWNER]),
        in_days=st.sampled_from([0, 3]),
    )
    def delete(self, name: str, in_days: int) -> None:
        if name not in self.oracle.gone:
            self.did = Did.TOOK_AWAY
        self.tell("deleted", {"name": name, "in_days": in_days})

    @rule(name=st.sampled_from([FIRM, CLIENT]))
    def declare_bankrupt(self, name: str) -> None:
        if name not in self.oracle.gone:
            self.tell("bankrupt", {"name": name})

    @rule(name=st.sampled_from([FIRM, CLIENT, UNIT, OFFICE, ENTERPRISE, DIRECTOR, OWNER]))
    def restore(self, name: str) -> None:
        self.tell("restored", {"name": name})

    @rule(days=st.sampled_from([2, 800]))
    def let_time_pass(self, days: int) -> None:
        self.tell("passed", {"days": days})
        self.did = Did.TOOK_AWAY

    @rule(service=st.sampled_from([SERVICE, OTHER]), opens=st.sampled_from(OPENINGS))
    def publish_a_policy(self, service: str, opens: list[Fact]) -> None:
        self.tell("resources", {"id": service, "opens": opens})

    @invariant()
    def everybody_answers_alike(self) -> None:
        if not hasattr(self, "town"):
            return
        stranger = self.town.decision_point()
        answers = {}
        for ask in QUESTIONS:
            question = self.town.question(ask)
            kept = self.town.decisions.decide(question)
            assert kept == stranger.decide(question), ask
            assert kept.outcome == stranger.explain(question).outcome, ask
            assert kept.outcome == self.oracle.answer(ask), ask
            answers[ask] = str(kept.outcome)
        if self.did is Did.TOOK_AWAY:
            assert permitted(answers) <= permitted(self.before)
        elif self.did is Did.NOTHING:
            assert answers == self.before
        self.before, self.did = answers, Did.ANYTHING


def permitted(answers: Mapping[Ask, str]) -> set[Ask]:
    return {ask for ask, outcome in answers.items() if outcome == Outcome.PERMIT}


def run(place: Place, *, examples: int, steps: int, machine: type[Living] = Living) -> None:
    """Let towns live, each in a database of its own that `place` makes."""
    run_state_machine_as_test(
        type("LivingHere", (machine,), {"place": staticmethod(place)}),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.explicit, Phase.reuse, Phase.generate),
        ),
    )


def test_what_is_kept_is_what_would_be_read_anew_on_sqlite(tmp_path: Path) -> None:
    numbers = count()

    @contextmanager
    def place() -> Iterator[str]:
        path = tmp_path / f"{next(numbers)}.sqlite"
        yield f"sqlite:///{path}"
        path.unlink(missing_ok=True)

    run(place, examples=4, steps=15)


def test_what_is_kept_is_what_would_be_read_anew_on_postgresql(postgres: PostgresServer) -> None:
    @contextmanager
    def place() -> Iterator[str]:
        with postgres.database() as name:
            yield postgres.url(name)

    run(place, examples=2, steps=8)
