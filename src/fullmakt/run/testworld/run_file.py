"""The run file: where a running world is, and the secret that may change it."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

DEFAULT = Path(".fullmakt/run.json")


class UnreadableRunFileError(ValueError):
    """The run file is not one."""


@dataclass(frozen=True, slots=True)
class RunningWorld:
    """One running world. Its representation leaves the secret out."""

    url: str
    secret: str = field(repr=False)
    pid: int

    def write(self, path: Path) -> None:
        """Write the run file, readable by its owner alone."""
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f"{path.name}.{self.pid}")
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(json.dumps(asdict(self)) + "\n")
        unfinished.replace(path)

    def remove(self, path: Path) -> None:
        """Remove the run file, unless another world has written it since."""
        try:
            if read_run_file(path).pid == self.pid:
                path.unlink()
        except (FileNotFoundError, UnreadableRunFileError):
            return


def read_run_file(path: Path) -> RunningWorld:
    """The world that the file names. Raises: FileNotFoundError, UnreadableRunFileError."""
    try:
        members = json.loads(path.read_text(encoding="utf-8"))
        return RunningWorld(str(members["url"]), str(members["secret"]), int(members["pid"]))
    except (ValueError, TypeError, KeyError) as fault:
        message = f"`{path}` is not a run file: {fault}"
        raise UnreadableRunFileError(message) from None
