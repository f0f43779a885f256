"""Paths as they are declared, found for paths as they are written.

The platform reads the fixed parts of a path whatever their letter case, and passes over a slash at
the end; parameters keep their case. Which handler a path leads to is the toolkit's to say.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Branch:
    is_end: bool = False
    fixed: dict[str, tuple[str, _Branch]] = field(default_factory=dict)
    parameter: _Branch | None = None


class DeclaredPaths:
    """Every path that leads somewhere: `/fullmakt/snapshots/{name}/restore`."""

    def __init__(self, templates: Iterable[str]) -> None:
        self._root = _Branch()
        for template in templates:
            self._add(template)

    def _add(self, template: str) -> None:
        branch = self._root
        for part in _parts(template):
            if part.startswith("{"):
                branch.parameter = branch.parameter or _Branch()
                branch = branch.parameter
            else:
                branch = branch.fixed.setdefault(part.lower(), (part, _Branch()))[1]
        branch.is_end = True

    def as_declared(self, path: str) -> str:
        """`path` with its fixed parts as they are declared; as it is where it leads nowhere."""
        found = _find(self._root, _parts(path))
        return path if found is None else "/" + "/".join(found)


def _parts(path: str) -> list[str]:
    return path.removeprefix("/").removesuffix("/").split("/")


def _find(branch: _Branch, parts: list[str]) -> list[str] | None:
    """The parts as declared, fixed ones before parameters; None where no path is like it."""
    if not parts:
        return [] if branch.is_end else None
    first, rest = parts[0], parts[1:]
    fixed = branch.fixed.get(first.lower())
    if fixed is not None:
        found = _find(fixed[1], rest)
        if found is not None:
            return [fixed[0], *found]
    if branch.parameter is not None and first:
        found = _find(branch.parameter, rest)
        if found is not None:
            return [first, *found]
    return None
