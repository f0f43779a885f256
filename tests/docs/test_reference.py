"""The reference pages name every option and control route; some are made from the code."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from docs.generate import PAGES
from fullmakt.run.cli.app import fullmakt
from fullmakt.run.testworld.routes import ROUTES

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def options(command: click.Command) -> set[str]:
    nested = command.commands.values() if isinstance(command, click.Group) else ()
    own = {
        name
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for name in parameter.opts
        if name.startswith("--")
    }
    return own.union(*(options(each) for each in nested))


def test_every_option_stands_in_the_page_of_commands() -> None:
    text = (REFERENCE / "cli.md").read_text(encoding="utf-8")

    missing = {name for name in options(fullmakt) if f"`{name}`" not in text}

    assert missing <= {"--help"}


@pytest.mark.parametrize("path", sorted({path for route in ROUTES for path in route.paths}))
def test_every_control_route_stands_in_its_page(path: str) -> None:
    text = (REFERENCE / "control-api.md").read_text(encoding="utf-8")

    assert path.replace(":str}", "}") in text


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_made_from_the_code_is_as_it_would_be_made_now(name: str) -> None:
    is_so = (REFERENCE / name).read_text(encoding="utf-8") == PAGES[name]()

    assert is_so, f"docs/reference/{name} is of other routes: run `make openapi`, and look at it"
