"""A house with a token server, on each engine: for a module, or for one test that changes it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.engines import ENGINES, PostgresServer
from tests.unit.maskinporten.token_house import TokenHouse, token_house


@pytest.fixture(scope="module", params=ENGINES)
def house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TokenHouse]:
    """A house that tests share and leave as it is."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("house") / "world.sqlite"
        with token_house(f"sqlite:///{path}") as made:
            yield made
    else:
        server: PostgresServer = request.getfixturevalue("postgres")
        with server.database() as name, token_house(server.url(name)) as made:
            yield made


@pytest.fixture
def own_house(place_url: str) -> Iterator[TokenHouse]:
    """A house for one test, which may change it."""
    with token_house(place_url) as made:
        yield made
