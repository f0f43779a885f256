"""A running test world for each module of this folder, on each engine.

Tests of one module share it, and each uses numbers of its own; those that begin the world anew ask
for `fresh`.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.api.control.served import Control, served
from tests.engines import ENGINES, PostgresServer


@pytest.fixture(scope="module", params=ENGINES)
def control(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Control]:
    """The module's world, on each engine."""
    folder = tmp_path_factory.mktemp("control")
    if request.param == "sqlite":
        with served(f"sqlite:///{folder}/world.db", folder / "snapshots") as running:
            yield running
    else:
        server: PostgresServer = request.getfixturevalue("postgres")
        with (
            server.database() as name,
            served(server.url(name), folder / "snapshots") as running,
        ):
            yield running


@pytest.fixture
def fresh(control: Control) -> Iterator[Control]:
    """The module's world, begun anew before the test and after it."""
    control.known.post("/fullmakt/world/reset").raise_for_status()
    yield control
    control.known.post("/fullmakt/world/reset").raise_for_status()
