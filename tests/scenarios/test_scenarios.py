"""The stories and every variant, against a real server on both engines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from fullmakt.scenarios import report
from fullmakt.scenarios.registry import UnknownScenarioError, all_scenarios, run_scenarios
from tests.servers import serving

if TYPE_CHECKING:
    from pathlib import Path

IDS = [scenario.id for scenario in all_scenarios()]


@pytest.mark.slow
@pytest.mark.parametrize("scenario_id", IDS)
def test_the_story_holds_and_every_variant_is_refused_for_the_reason_told(
    scenario_id: str, database_url: str, tmp_path: Path
) -> None:
    with serving(tmp_path, "--database", database_url) as server:
        result = run_scenarios([scenario_id], base_url=server.url, secret=server.secret)[0]

    assert result.fault == ""
    broken = {variant.name: variant.reason for variant in result.variants if not variant.passed}
    assert broken == {}
    assert len(result.variants) >= 10
    asked = [decision for step in result.steps for decision in step.decisions]
    assert {decision.outcome for decision in asked} == {"Permit"}
    assert {call.status for step in result.steps for call in step.calls} <= {200, 201, 202, 204}


def test_stories_side_by_side_are_reported_in_order_with_the_documented_members(
    tmp_path: Path,
) -> None:
    folders = [tmp_path / "first", tmp_path / "second"]
    for folder in folders:
        folder.mkdir()
    with serving(folders[0], "--memory") as first, serving(folders[1], "--memory") as second:
        results = run_scenarios(
            ["nb-1", "en-1"],
            base_url=first.url,
            secret=first.secret,
            more=[(second.url, second.secret)],
        )

    other, scenario = json.loads(report.as_json(results))["scenarios"]

    assert (other["id"], other["passed"]) == ("nb-1", True)
    assert scenario["id"] == "en-1"
    assert scenario["passed"] is True
    assert [step["number"] for step in scenario["steps"]] == [0, 0, 1, 2, 3, 4]
    for variant in scenario["variants"]:
        assert variant["passed"] is True
        assert len(variant["reason"]) > 20


def test_an_unknown_story_is_refused_by_name() -> None:
    with pytest.raises(UnknownScenarioError, match="no scenario is called `en-99`"):
        run_scenarios(["en-99"], base_url="http://127.0.0.1:1", secret="x")
