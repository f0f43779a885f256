"""What one file says, and on which line each of its values stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlacedFault:
    """One thing wrong in a file. `line` counts from 1; None where it is the whole file's."""

    file: str
    line: int | None
    told: str

    def __str__(self) -> str:
        at = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{at}: {self.told}"


class FilesRefused(Exception):
    """World files cannot be read, or do not hold; every fault is told with file and line."""

    def __init__(self, faults: list[PlacedFault]) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Source:
    """One file. `line_of` a path, such as `persons[3].navn`, is None where nothing is known."""

    file: str
    value: object
    line_of: Callable[[str], int | None]


def joined(path: str, name: str) -> str:
    """The path of a member of the value at `path`."""
    return f"{path}.{name}" if path else name


def nearest(lines: dict[str, int], path: str) -> int | None:
    """The line of the value at `path`, or of the nearest that it is inside."""
    while path and path not in lines:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return lines.get(path)


def decoded(file: str, content: bytes) -> str:
    """The text of a file in UTF-8, with or without a byte order mark. Raises: FilesRefused."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        told = f"is not UTF-8: byte {content[fault.start]:#04x}"
        raise FilesRefused([PlacedFault(file, line, told)]) from None
