"""Runs the decision cases beside it: in process, over HTTP, and by the oracle, on both engines.

A file is one idea. Its cases follow upon each other: what one changes, the next ones stand on. What
a case leaves out is not looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from fullmakt.access.decisions.model import Decision
from fullmakt.foundation.terms.urns import MINIMUM_AUTHENTICATION_LEVEL
from tests.cases.decisions.facts import Case, cases_of, changes_of
from tests.cases.decisions.oracle import Oracle
from tests.cases.decisions.town import HttpAnswer, Town
from tests.engines import ENGINES, PostgresServer
from tests.worlds import TestClock, new_database

_FILES = {path.stem: path for path in sorted(Path(__file__).parent.glob("*.yaml"))}


@dataclass(frozen=True)
class Seen:
    """What was answered to one case."""

    decided: Decision
    explained: Decision
    by_a_new_node: Decision
    over_http: HttpAnswer
    by_the_oracle: str
    packages: set[str]
    level: int


@cache
def idea_of(file: str) -> Mapping[str, Any]:
    idea: Mapping[str, Any] = yaml.safe_load(_FILES[file].read_text(encoding="utf-8"))
    return idea


def played(town: Town, idea: Mapping[str, Any]) -> dict[str, Seen]:
    """Every case of a file, one after the other."""
    oracle = Oracle()
    for kind, fact in changes_of(idea["world"]):
        town.tell(kind, fact)
        oracle.tell(kind, fact)
    return {case.when: _seen(town, oracle, case) for case in cases_of(idea)}


def _seen(town: Town, oracle: Oracle, case: Case) -> Seen:
    for kind, fact in case.changes:
        town.tell(kind, fact)
        oracle.tell(kind, fact)
    question = town.question(case.ask)
    return Seen(
        decided=town.decisions.decide(question),
        explained=town.decisions.explain(question),
        by_a_new_node=town.decision_point().decide(question),
        over_http=town.ask_over_http(case.ask),
        by_the_oracle=oracle.answer(case.ask),
        packages=oracle.packages(case.ask),
        level=town.levels[case.ask.resource],
    )


@pytest.fixture(scope="session")
def plays(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str, str], dict[str, Seen]]:
    """Plays a file on an engine, once."""

    @cache
    def play(file: str, engine: str) -> dict[str, Seen]:
        if engine == "sqlite":
            path = tmp_path_factory.mktemp("cases") / "world.sqlite"
            return _play(f"sqlite:///{path}", file)
        server: PostgresServer = request.getfixturevalue("postgres")
        with server.database() as name:
            return _play(server.url(name), file)

    return play


def _play(url: str, file: str) -> dict[str, Seen]:
    clock = TestClock()
    database = new_database(url, clock)
    try:
        return played(Town(database, clock=clock), idea_of(file))
    finally:
        database.close()


def _cases() -> list[Any]:
    return [
        pytest.param(file, case, id=f"{file}::{case.when}")
        for file in _FILES
        for case in cases_of(idea_of(file))
    ]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("file, case", _cases())
def test_decision_case(
    plays: Callable[[str, str], dict[str, Seen]], file: str, case: Case, engine: str
) -> None:
    seen = plays(file, engine)[case.when]
    expected = dict(case.expected)

    assert seen.explained.outcome == expected.pop("expect")
    assert seen.decided.outcome == seen.explained.outcome
    assert seen.by_a_new_node == seen.decided
    assert seen.over_http.decided == (seen.explained.outcome, "ok")
    assert seen.by_the_oracle == seen.explained.outcome
    level = seen.level if seen.explained.permitted else 0
    assert seen.decided.authentication_level == expected.pop("level", level)
    assert _level_over_http(seen.over_http) == seen.decided.authentication_level
    if "level_of_organizations" in expected:
        of_organizations = expected.pop("level_of_organizations")
        assert _level_over_http(seen.over_http, suffix="-org") == of_organizations
    told = " / ".join(reason.found for reason in seen.explained.reasons)
    assert expected.pop("says", "") in told, told
    if not seen.explained.permitted:
        assert seen.explained.stops_at == expected.pop("stops_at")
    if "packages" in expected:
        assert seen.packages == set(expected.pop("packages"))
    assert expected == {}, "left over"


def _level_over_http(answer: HttpAnswer, *, suffix: str = "") -> int:
    (result,) = answer.results
    category = f"{MINIMUM_AUTHENTICATION_LEVEL}{suffix}"
    assigned = [
        int(assignment["value"])
        for obligation in result["obligations"] or ()
        for assignment in obligation["attributeAssignment"]
        if assignment["category"] == category
    ]
    return max(assigned, default=0)


def test_every_file_says_what_it_is_about_and_where_that_is_written() -> None:
    docs = Path(__file__).parents[3]
    for file in _FILES:
        idea = idea_of(file)
        page, _, section = idea["source"].partition("#")
        headings = [
            line.lstrip("# ").lower().replace(" ", "-")
            for line in (docs / page).read_text(encoding="utf-8").splitlines()
            if line.startswith("#")
        ]
        assert idea["about"], file
        assert section in headings, (file, section)
