"""The `fullmakt` command in a process of its own, forked from one that has loaded its libraries.

Loading them is most of a start, and only the tests of the start itself are about it. What runs
after the fork is the whole command, in a process that is killed like any other.
"""

from __future__ import annotations

import io
import multiprocessing
import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.forked_command"])


class ForkedCommand:
    """A command that runs; the part of `subprocess.Popen` that tests of servers use."""

    def __init__(self, folder: Path, log: Path, *arguments: str) -> None:
        from tests.forked_command import command  # noqa: PLC0415 - here only for its name

        reader, writer = _context.Pipe(duplex=False)
        with reader, writer:
            self._process = _context.Process(
                target=command, args=(writer, folder, log, arguments), daemon=True
            )
            self._process.start()
            self.stdout = io.TextIOWrapper(io.FileIO(os.dup(reader.fileno())))

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._process.pid is not None
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """How it ended, or None while it runs; minus the signal that ended it."""
        return self._process.exitcode

    def poll(self) -> int | None:
        """How it ended, asked anew."""
        return self._process.exitcode

    def terminate(self) -> None:
        """Ask it to stop."""
        self._process.terminate()

    def wait(self, timeout: float) -> int:
        """How it ends. Raises: subprocess.TimeoutExpired, when it has not after `timeout` s."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("fullmakt", timeout)
        return self._process.exitcode
