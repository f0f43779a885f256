"""Snapshots in a folder, one JSON file each."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from fullmakt.foundation.terms.problem import InvalidInput, Problem

if TYPE_CHECKING:
    from fullmakt.run.testworld.snapshot_store import Rows

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


class SnapshotNotFound(Problem):
    """No snapshot has the name."""

    code, status, title = "FM-00402", 404, "The snapshot does not exist."


class Snapshots:
    """The snapshots of one world."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, name: str, rows: Rows) -> None:
        """Keep `rows` under `name`, in the place of any before. Raises: InvalidInput."""
        path = self._path(name)
        self._folder.mkdir(parents=True, exist_ok=True)
        # Signing keys are among the rows.
        unfinished = path.with_suffix(".unfinished")
        unfinished.touch(mode=0o600)
        unfinished.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
        unfinished.replace(path)

    def read(self, name: str) -> Rows:
        """What was kept under `name`. Raises: InvalidInput, SnapshotNotFound."""
        path = self._path(name)
        if not path.exists():
            known = ", ".join(sorted(each.stem for each in self._folder.glob("*.snapshot")))
            message = f"no snapshot is called `{name}`; there are: {known or 'none'}"
            raise SnapshotNotFound(message)
        rows: Rows = json.loads(path.read_text(encoding="utf-8"))
        return rows

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            expected = "must be 1 to 64 small letters, digits, `-` and `_`, first a letter or digit"
            raise InvalidInput({"name": (f"`{name[:80]}` {expected}.",)})
        return self._folder / f"{name}.snapshot"
