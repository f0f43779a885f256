"""A world file in JSON, with the line of each value."""

from __future__ import annotations

import json
import re
from typing import Final

from fullmakt.foundation.terms.members import read_json
from fullmakt.run.testworld.worldfile.formats.source import (
    FilesRefused,
    PlacedFault,
    Source,
    decoded,
    joined,
    nearest,
)

_SPACE: Final = re.compile(r"[ \t\n\r]*")
_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_SCALAR: Final = re.compile(r"[^\s,\]}]*")


def read_json_source(file: str, content: bytes) -> Source:
    """What the file says. Raises: FilesRefused."""
    text = decoded(file, content)
    try:
        value = read_json(text)
    except json.JSONDecodeError as fault:
        told = f"is not JSON: {fault.msg}, column {fault.colno}"
        raise FilesRefused([PlacedFault(file, fault.lineno, told)]) from None
    except ValueError as fault:
        raise FilesRefused([PlacedFault(file, None, f"is not JSON: {fault}")]) from None
    known: dict[str, int] = {}

    def line_of(path: str) -> int | None:
        if not known:
            # SPEED: only asked when something is wrong, so nobody else pays for it.
            known.update(_Walk(text).lines())
        return nearest(known, path)

    return Source(file, value, line_of)


class _Walk:
    """One pass over text that is known to be JSON."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts: list[tuple[str, int]] = []

    def lines(self) -> dict[str, int]:
        """The line of every value, by its path."""
        self._value(self._skip(0), "")
        lines, line, at = {}, 1, 0
        for path, start in self._starts:
            line += self._text.count("\n", at, start)
            at = start
            lines[path] = line
        return lines

    def _skip(self, at: int) -> int:
        found = _SPACE.match(self._text, at)
        assert found is not None, "no space is a match too"
        return found.end()

    def _value(self, at: int, path: str) -> int:
        self._starts.append((path, at))
        match self._text[at]:
            case "{":
                return self._members(at, path)
            case "[":
                return self._items(at, path)
            case '"':
                return self._string(at)[1]
            case _:
                found = _SCALAR.match(self._text, at)
                assert found is not None, "no letters are a match too"
                return found.end()

    def _string(self, at: int) -> tuple[str, int]:
        found = _STRING.match(self._text, at)
        assert found is not None, "the text is known to be JSON"
        return str(json.loads(found[0])), found.end()

    def _members(self, at: int, path: str) -> int:
        at = self._skip(at + 1)
        while self._text[at] != "}":
            name, at = self._string(at)
            at = self._skip(self._skip(at) + 1)
            at = self._after(self._value(at, joined(path, name)))
        return at + 1

    def _items(self, at: int, path: str) -> int:
        at, number = self._skip(at + 1), 0
        while self._text[at] != "]":
            at = self._after(self._value(at, f"{path}[{number}]"))
            number += 1
        return at + 1

    def _after(self, at: int) -> int:
        at = self._skip(at)
        return self._skip(at + 1) if self._text[at] == "," else at
