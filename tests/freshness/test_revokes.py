"""No question sent after a revoke was acknowledged is permitted, whichever process asks.

On PostgreSQL three servers stand over one database, and changes are made through the first; on
SQLite all processes ask one server.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.freshness.nodes import Nodes, nodes_over
from tests.freshness.scene import scenes

ROUNDS = 2
ASKERS = 3

pytestmark = pytest.mark.slow


@pytest.fixture
def nodes(database_url: str, tmp_path: Path) -> Iterator[Nodes]:
    servers = ASKERS if database_url.startswith("postgresql") else 1
    with nodes_over(database_url, tmp_path, servers=servers, askers=ASKERS) as started:
        yield started


def test_nothing_asked_after_a_revoke_was_acknowledged_is_permitted(nodes: Nodes) -> None:
    revokes = [revoke for scene in scenes(nodes, ROUNDS) for revoke in scene.revokes()]
    seen = {each.name: nodes.watch(each.name, each.body, each.make) for each in revokes}

    assert {name: each.before for name, each in seen.items()} == {name: {"Permit"} for name in seen}
    assert {name for name, each in seen.items() if "Permit" in each.after} == set()
    told = {each.name: nodes.explained(each.question) for each in revokes}
    assert {name: {stop for _, stop in each} for name, each in told.items()} == {
        each.name: {each.stops_at} for each in revokes
    }
    assert {name: each.after for name, each in seen.items()} == {
        name: {decision for decision, _ in each} for name, each in told.items()
    }


def test_a_role_that_returns_wakes_no_old_link_on_any_node(nodes: Nodes) -> None:
    (scene,) = scenes(nodes, 1)
    ended, *_ = scene.revokes()

    def end_and_begin() -> None:
        scene.end_role()
        scene.begin_role()

    returned = nodes.watch("returned", ended.body, end_and_begin)
    linked = nodes.watch("linked", ended.body, lambda: scene.link("role"))

    assert returned.before == {"Permit"}
    assert returned.after == {"NotApplicable"}
    assert linked.before == {"NotApplicable"}
    assert linked.after == {"Permit"}
