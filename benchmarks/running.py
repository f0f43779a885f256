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
    """A running server. `hello` is where it answers with a bare hello."""

    base: str
    hello: str
    pid: int

    def hits(self) -> tuple[int, int]:
        """How often a standing was kept and read, so far."""
        with urllib.request.urlopen(f"{self.base}/hits", timeout=10) as answer:
            hits, misses = json.load(answer)
        return hits, misses


@contextmanager
def running(url: str) -> Iterator[Running]:
    """The measured server over the world at `url`."""
    port, hello_port = _free_ports()
    command = [
        "taskset",
        "-c",
        SERVER_CORE,
        sys.executable,
        "-m",
        "benchmarks.server",
        url,
        str(port),
        str(hello_port),
    ]
    process = subprocess.Popen(command)
    base, hello = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{hello_port}"
    try:
        _wait(hello, process)
        yield Running(base, hello, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


def _wait(hello: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _STARTS_WITHIN_S
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(f"{hello}/", timeout=1).close()
        except urllib.error.URLError:
            time.sleep(0.1)
        else:
            return
    message = "the measured server did not start"
    raise RuntimeError(message)
