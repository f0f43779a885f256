"""The glossary: every concept in three languages, and no name for code that is not there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import fullmakt

PACKAGE = Path(fullmakt.__file__).parent
GLOSSARY = Path(__file__).parents[3] / "docs" / "explanation" / "glossary.md"
HEADINGS = ["Bokmål", "Nynorsk", "English", "In the code"]


def rows() -> Iterator[list[str]]:
    for line in GLOSSARY.read_text(encoding="utf-8").splitlines():
        if line.startswith("| "):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def is_in_the_code(name: str, source: str) -> bool:
    """Whether `name` is a room, the vendor's package, or a whole word of the source."""
    room = name.removeprefix("fullmakt/")
    if "/" in name:
        return (PACKAGE / room).is_dir()
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", source) is not None


def test_each_concept_has_a_word_in_each_language() -> None:
    incomplete = [row for row in rows() if len(row) != len(HEADINGS) or not all(row[:3])]

    assert incomplete == []


def test_a_concept_stands_in_one_place() -> None:
    words = [row[0] for row in rows() if row != HEADINGS]

    assert len(words) > 70
    assert len(set(words)) == len(words)


def test_names_in_the_code_are_there() -> None:
    source = "\n".join(
        path.read_text(encoding="utf-8")
        for pattern in ("*.py", "catalog.json")
        for path in sorted(PACKAGE.rglob(pattern))
    )
    names = [name for row in rows() for name in re.findall(r"`([^`]+)`", row[3])]

    assert [name for name in names if not is_in_the_code(name, source)] == []
