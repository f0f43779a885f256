"""Starting and stopping the measured server, pinned to its core."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.load import SERVER_CORE

if TYPE_CHECKING:
    from collections.abc import Iterator

_STARTS_WITHIN_S = 60


@dataclass(frozen=True, slots=True)
class Running:
    """A running server."""

    base: str
    pid: int

    def hits(self) -> tuple[int, int]:
        """How often a standing was kept and read, so far."""
        with urllib.request.urlopen(f"{self.base}/hits", timeout=10) as answer:
            hits, misses = json.load(answer)
        return hits, misses


@contextmanager
def running(url: str) -> Iterator[Running]:
    """The measured server over the world at `url`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        "taskset",
        "-c",
        SERVER_CORE,
        sys.executable,
        "-m",
        "benchmarks.server",
        url,
        str(port),
    ]
    process = subprocess.Popen(command)
    base = f"http://127.0.0.1:{port}"
    try:
        _wait(base, process)
        yield Running(base, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(base: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _STARTS_WITHIN_S
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(f"{base}/hello", timeout=1).close()
        except urllib.error.URLError:
            time.sleep(0.1)
        else:
            return
    message = "the measured server did not start"
    raise RuntimeError(message)
