"""The page of problem codes and the code, held to each other both ways.

What a room of systems raises stands there with status, title and a test that raises it; what the
original raises and these rooms do not stands there with the reason why.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import fullmakt.run.server.assembly  # noqa: F401  loads every room's problems
from fullmakt.foundation.terms.problem import Problem

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "problem-codes.md").read_text(encoding="utf-8")
SYSTEMS = ROOT / "src" / "fullmakt" / "systems"
ROW = re.compile(r"^\| (AUTH(?:\.VLD)?-\d{5}|FM-0000\d) \| (.*) \|$", flags=re.MULTILINE)
HIGHEST = 80


def rows() -> Iterator[tuple[str, list[str]]]:
    for code, rest in ROW.findall(PAGE):
        yield code, [cell.strip() for cell in rest.split(" | ")]


RAISED = {code: cells for code, cells in rows() if len(cells) == 4}
NOT_RAISED = {code: cells for code, cells in rows() if len(cells) == 1}
FAULTS = {code: cells for code, cells in rows() if code.startswith("AUTH.VLD")}


def problems() -> dict[str, type[Problem]]:
    """Every problem with one of the platform's codes, or of these rooms' own."""

    def below(kind: type[Problem]) -> Iterator[type[Problem]]:
        for each in kind.__subclasses__():
            yield each
            yield from below(each)

    return {
        kind.code: kind
        for kind in below(Problem)
        if kind.code.startswith("AUTH-") or kind.__module__.startswith("fullmakt.systems.")
        if kind.code and not kind.code.startswith("STD-")
    }


@cache
def told_by_tests() -> dict[str, str]:
    """Every test with its own text, its decorators and the tables of its file that it names."""
    told = {}
    for file in (ROOT / "tests").rglob("test_*.py"):
        text = file.read_text(encoding="utf-8")
        tree, lines = ast.parse(text), text.splitlines()

        def source(node: ast.stmt, first: int, lines: list[str] = lines) -> str:
            return "\n".join(lines[first - 1 : node.end_lineno])

        tables = {
            target.id: source(node, node.lineno)
            for node in tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
                own = source(node, first)
                named = [tables[word] for word in set(re.findall(r"\w+", own)) & tables.keys()]
                told[node.name] = "\n".join([own, *named])
    return told


def test_every_code_that_is_raised_stands_on_the_page_with_its_status_and_title() -> None:
    found = {code: (str(kind.status), kind.title) for code, kind in problems().items()}

    page = {
        code: (cells[0], cells[1])
        for code, cells in RAISED.items()
        if not code.startswith("AUTH.VLD")
    }
    assert page == found


def test_every_fault_that_is_told_stands_on_the_page_with_its_title() -> None:
    code = "\n".join(file.read_text(encoding="utf-8") for file in SYSTEMS.rglob("*errors.py"))
    told = set(re.findall(r'"(AUTH\.VLD-\d{5})"', code))

    raised = {code for code, cells in FAULTS.items() if len(cells) == 4}
    joined = re.sub(r'"\s*"', "", code)
    assert raised == told
    assert [
        cells[1] for cells in FAULTS.values() if len(cells) == 4 and cells[1] not in joined
    ] == []


def test_every_code_of_the_original_is_raised_or_says_why_not() -> None:
    codes = Counter(code for code, _ in rows())

    assert [code for code, times in codes.items() if times > 1] == []
    assert {f"AUTH-{number:05d}" for number in range(HIGHEST + 1)} <= codes.keys()
    assert RAISED.keys().isdisjoint(NOT_RAISED)
    assert [code for code, cells in NOT_RAISED.items() if len(cells[0]) < 20] == []


@pytest.mark.parametrize("code", sorted(RAISED))
def test_a_test_raises_the_code(code: str) -> None:
    [name] = re.findall(r"`(test_\w+)`", RAISED[code][3])

    assert f'"{code}"' in told_by_tests()[name]
