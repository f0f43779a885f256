"""The page on world files lists what is read, and the formats know each member's kind."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fullmakt.access.catalog.service import load_catalog
from fullmakt.run.testworld.worldfile.formats.csv_source import DOMAIN_SECTIONS, SECTIONS
from fullmakt.run.testworld.worldfile.formats.plain import LISTS, TEXT
from fullmakt.run.testworld.worldfile.members import WorldRefused
from fullmakt.run.testworld.worldfile.reading import read_world

_PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "world-files.md").read_text()
_CATALOG = load_catalog()
_TABLES = {
    heading: re.findall(r"^\| (`.+?) \| (.+?) \|(.*)\|$", section, re.MULTILINE)
    for heading, section in re.findall(
        r"^## (\S+)\n(.*?)(?=^## |\Z)", _PAGE, re.MULTILINE | re.DOTALL
    )
    if "| member |" in section
}
_WORDS = re.compile(r"(text|organisation number|identity number|day|UUID)\b")


def _faults(heading: str) -> list[str]:
    """What is wrong with an entry of the section that has one unknown member and no other."""
    section: object = [{"unknown": 1}]
    for name in reversed(heading.split(".")):
        section = {name: section}
    with pytest.raises(WorldRefused) as refused:
        read_world(section, _CATALOG)
    return [str(fault) for fault in refused.value.world_faults]


def _members(heading: str) -> dict[str, tuple[str, bool]]:
    return {
        name: (kind, "yes" in needed)
        for names, kind, needed in _TABLES[heading]
        for name in re.findall(r"`([^`]+)`", names)
    }


def test_every_section_has_a_table_or_is_told_to_be_kept_as_written() -> None:
    others = _PAGE.partition("## The other facts in domain")[2].partition("## meta")[0]
    tables = [heading.removeprefix("domain.") for heading in _TABLES]

    told = tables + re.findall(r"`(\w+)`", others)
    assert sorted(told) == sorted((*SECTIONS, *DOMAIN_SECTIONS))


@pytest.mark.parametrize("heading", _TABLES)
def test_a_table_lists_the_members_that_are_read_and_which_are_needed(heading: str) -> None:
    told = _faults(heading)
    known = re.findall(r"known are (.+)", told[0])[0].split(", ")
    missing = {fault.partition("].")[2].partition(":")[0] for fault in told if "missing" in fault}
    members = _members(heading)

    assert sorted(members) == sorted(known)
    assert {name for name, (_, is_needed) in members.items() if is_needed} == missing


@pytest.mark.parametrize("heading", _TABLES)
def test_bare_words_are_read_as_the_kind_that_the_table_says(heading: str) -> None:
    for name, (kind, _) in _members(heading).items():
        if kind.startswith("list of"):
            assert name in LISTS, name
        if kind.startswith("list of") and name != "rights":
            assert name in TEXT, name
        if _WORDS.match(kind):
            assert name in TEXT, name
        if kind.startswith(("whole number", "true or false")):
            assert name not in TEXT | LISTS, name
