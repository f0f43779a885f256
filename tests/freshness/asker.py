"""Asks a decision point one question over and over, in a process of its own.

`python -m tests.freshness.asker URL TOKEN RECORD`: each line of standard input is a JSON object
`{"name", "body"}`, the question from now on; the end of the input ends the process. Each answer is
a line of RECORD: the question's name, when it was sent by the machine's monotonic clock, which all
processes share, and the decision.
"""

from __future__ import annotations

import http.client
import json
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

_PATH = "/authorization/api/v1/authorize"
_PAUSE_S = 0.003  # leaves the machine to the servers


class _Question:
    """What is asked now. None: nothing more."""

    def __init__(self) -> None:
        self.changed = threading.Event()
        self.asked: tuple[str, str] | None = None
        self.is_over = False

    def listen(self) -> None:
        for line in sys.stdin:
            told = json.loads(line)
            self.asked = (told["name"], told["body"])
            self.changed.set()
        self.is_over = True
        self.changed.set()


def main() -> None:
    """Ask until the input ends."""
    url, token, record = sys.argv[1:4]
    question = _Question()
    threading.Thread(target=question.listen, daemon=True).start()
    question.changed.wait()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    with Path(record).open("w", buffering=1) as lines:
        while not question.is_over and question.asked is not None:
            name, body = question.asked
            sent = time.monotonic_ns()
            connection.request("POST", _PATH, body, headers)
            answer = connection.getresponse()
            lines.write(f"{name}\t{sent}\t{_decision(answer.status, answer.read())}\n")
            time.sleep(_PAUSE_S)


def _decision(status: int, body: bytes) -> str:
    return str(json.loads(body)["response"][0]["decision"]) if status == 200 else f"HTTP {status}"


if __name__ == "__main__":
    main()
