"""A real `fullmakt serve` in a process of its own, reached by its run file."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from tests.forking import ForkedCommand

if TYPE_CHECKING:
    from collections.abc import Iterator

FULLMAKT = str(Path(sys.executable).parent / "fullmakt")
_STOPS_WITHIN_S = 30
# Reading all certificate authorities costs each client 40 ms, for servers that have no certificate.
NO_AUTHORITIES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A running test world."""

    url: str
    secret: str
    pid: int
    process: ForkedCommand

    def control(self) -> httpx.Client:
        """A client of its control API."""
        headers = {"Authorization": f"Bearer {self.secret}"}
        return httpx.Client(
            base_url=f"{self.url}/fullmakt", headers=headers, timeout=30, verify=NO_AUTHORITIES
        )

    def kill(self) -> None:
        """Kill it with -9, as a power cut would, and wait until it is gone."""
        os.kill(self.pid, signal.SIGKILL)
        self.process.wait(timeout=_STOPS_WITHIN_S)
        self.process.stdout.close()


def start_server(folder: Path, *arguments: str, port: int = 0) -> RunningServer:
    """Start a server with a run file in `folder`, and wait until it says it is ready."""
    run_file = folder / "run.json"
    run_file.unlink(missing_ok=True)
    log = folder / "server.log"
    process = ForkedCommand(
        folder, log, "serve", "--port", str(port), "--run-file", str(run_file), *arguments
    )
    line = process.stdout.readline()
    assert line, f"the server did not start: {log.read_text()}"
    told = json.loads(run_file.read_text())
    return RunningServer(told["url"], told["secret"], told["pid"], process)


@contextmanager
def serving(folder: Path, *arguments: str) -> Iterator[RunningServer]:
    """A server that is stopped at the end."""
    server = start_server(folder, *arguments)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.process.terminate()
            server.process.wait(timeout=_STOPS_WITHIN_S)
        server.process.stdout.close()
