"""The stories there are, and playing them: each in a fresh world, and each variant in another."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from queue import Queue
from typing import TYPE_CHECKING

import httpx

from fullmakt.scenarios import en_1, en_4, en_5, en_9, nb_1, nb_2, nb_3
from fullmakt.scenarios.model import ScenarioResult, StoryError, VariantResult
from fullmakt.scenarios.stage import Stage
from fullmakt.vendor import VendorError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fullmakt.scenarios.stories import Scenario, Variant

_SCENARIOS = (
    en_1.SCENARIO,
    en_4.SCENARIO,
    en_5.SCENARIO,
    en_9.SCENARIO,
    nb_1.SCENARIO,
    nb_2.SCENARIO,
    nb_3.SCENARIO,
)


class UnknownScenarioError(LookupError):
    """No story has this id."""


def all_scenarios() -> tuple[Scenario, ...]:
    """Every story, in the order of the documents."""
    return _SCENARIOS


def find_scenarios(ids: Sequence[str]) -> tuple[Scenario, ...]:
    """The stories with these ids; `all` is every story. Raises: UnknownScenarioError."""
    if list(ids) == ["all"]:
        return _SCENARIOS
    known = {scenario.id: scenario for scenario in _SCENARIOS}
    for name in ids:
        if name not in known:
            message = f"no scenario is called `{name}`; there are {', '.join(known)}"
            raise UnknownScenarioError(message)
    return tuple(known[name] for name in ids)


def run_scenarios(
    ids: Sequence[str], *, base_url: str, secret: str, more: Sequence[tuple[str, str]] = ()
) -> list[ScenarioResult]:
    """Play stories on a running test world, which is set back to the default world for each.

    With `more` worlds, each an address and its secret, stories are played side by side, one a world
    at a time. Raises: UnknownScenarioError.
    """
    scenarios = find_scenarios(ids)
    stages = [Stage(url, key) for url, key in [(base_url, secret), *more]]
    free: Queue[Stage] = Queue()
    for stage in stages:
        free.put(stage)
    try:
        with ThreadPoolExecutor(len(stages)) as threads:
            return list(threads.map(lambda scenario: _run_on_any(free, scenario), scenarios))
    finally:
        for stage in stages:
            stage.close()


def _run_on_any(free: Queue[Stage], scenario: Scenario) -> ScenarioResult:
    stage = free.get()
    try:
        return _run(stage, scenario)
    finally:
        free.put(stage)


def _run(stage: Stage, scenario: Scenario) -> ScenarioResult:
    fault = ""
    stage.begin()
    try:
        scenario.play(stage)
    except (StoryError, VendorError, httpx.HTTPError) as problem:
        fault = f"{type(problem).__name__}: {problem}"
    return ScenarioResult(
        id=scenario.id,
        title=scenario.title,
        story_passed=not fault,
        fault=fault,
        steps=tuple(stage.steps),
        variants=tuple(_run_variant(stage, variant) for variant in scenario.variants),
    )


def _run_variant(stage: Stage, variant: Variant) -> VariantResult:
    stage.begin()
    try:
        refused = variant.play(stage)
    except (StoryError, VendorError, httpx.HTTPError) as problem:
        reason = f"{type(problem).__name__}: {problem}"
        return VariantResult(variant.name, passed=False, reason=reason, calls=tuple(stage.calls))
    calls = tuple(stage.calls)
    if refused.because != variant.because:
        reason = f"refused because of {refused.because}, not {variant.because}: {refused.reason}"
        return VariantResult(
            variant.name, passed=False, reason=reason, refused=refused, calls=calls
        )
    return VariantResult(
        variant.name, passed=True, reason=refused.reason, refused=refused, calls=calls
    )
