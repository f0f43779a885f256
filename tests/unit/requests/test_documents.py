"""The documents about requests and oddities say what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from fullmakt.systems.requests.rules import MOVES

ROOT = Path(__file__).parents[3]
REFERENCE = ROOT / "docs" / "reference"


def test_the_table_of_moves_is_the_one_in_the_documentation() -> None:
    text = (REFERENCE / "requests.md").read_text(encoding="utf-8")

    told = re.findall(r"^\| `(\w+)` \| (\w+) \| `(\w+)` \|$", text, re.MULTILINE)

    held = {(status.value, answer.value, to.value) for (status, answer), to in MOVES.items()}
    assert set(told) == held


def test_every_oddity_names_a_test_that_exists() -> None:
    text = (REFERENCE / "quirks.md").read_text(encoding="utf-8")
    code = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "tests").rglob("test_*.py"))

    named = set(re.findall(r"`(test_\w+)`", text))

    assert len(named) > 30
    assert [name for name in sorted(named) if f"def {name}(" not in code] == []


def test_every_marked_oddity_in_the_code_names_a_test_that_exists() -> None:
    code = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "tests").rglob("test_*.py"))
    sources = (ROOT / "src" / "fullmakt" / "systems").rglob("*.py")

    named = {
        name
        for file in sources
        for name in re.findall(r"\((test_\w+)\)", file.read_text(encoding="utf-8"))
    }

    assert len(named) > 10
    assert [name for name in sorted(named) if f"def {name}(" not in code] == []
