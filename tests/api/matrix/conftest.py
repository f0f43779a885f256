"""The world of the matrix: one for each worker and engine, brought back whenever it was changed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.api.matrix.making import a_stage
from tests.api.matrix.stage import Stage
from tests.engines import PostgresServer


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The world on SQLite."""
    folder = tmp_path_factory.mktemp("matrix")
    with a_stage(f"sqlite:///{folder}/world.db", folder) as made:
        yield made


@pytest.fixture(scope="session")
def stage_on_postgresql(
    postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    """The world on PostgreSQL."""
    folder = tmp_path_factory.mktemp("matrix")
    with postgres.database() as name, a_stage(postgres.url(name), folder) as made:
        yield made
