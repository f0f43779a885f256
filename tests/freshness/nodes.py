"""Servers over one world, and processes that ask them without pause."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx

from tests.servers import NO_AUTHORITIES, RunningServer, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_HOME = Path(__file__).parents[2]
_ANSWERS_WITHIN_S = 60
_ENOUGH = 5
Json = dict[str, Any]


class Answer(NamedTuple):
    """An answer that a process got, and when it had sent its question."""

    name: str
    sent_ns: int
    decision: str


class Seen(NamedTuple):
    """What all processes together were answered on one question, before and after a revoke."""

    before: frozenset[str]
    after: frozenset[str]


@dataclass(frozen=True, slots=True)
class Asker:
    """A process that asks."""

    process: subprocess.Popen[str]
    record: Path

    def ask(self, name: str, body: str) -> None:
        """Ask this from now on."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"name": name, "body": body}) + "\n")
        self.process.stdin.flush()

    def answers(self, name: str, *, since_ns: int) -> list[Answer]:
        """The answers to the questions of that name that were sent after a moment."""
        lines = self.record.read_text().split("\n")[:-1] if self.record.exists() else []
        parts = (line.split("\t") for line in lines)
        found = (Answer(asked, int(sent), decision) for asked, sent, decision in parts)
        return [each for each in found if each.name == name and each.sent_ns > since_ns]

    def answered_before(self, name: str, moment_ns: int) -> list[Answer]:
        """The answers that had come by a moment: all but that to the last question sent before."""
        sent = [each for each in self.answers(name, since_ns=0) if each.sent_ns < moment_ns]
        return sent[:-1]

    def wait(self, name: str, *, since_ns: int) -> list[Answer]:
        """The same, once there are enough of them."""
        until = time.monotonic() + _ANSWERS_WITHIN_S
        while time.monotonic() < until and self.process.poll() is None:
            found = self.answers(name, since_ns=since_ns)
            if len(found) >= _ENOUGH:
                return found
            time.sleep(0.01)
        message = f"{name} was not answered"
        raise AssertionError(message)


@dataclass(frozen=True, slots=True)
class Nodes:
    """The servers, and who asks them."""

    servers: Sequence[RunningServer]
    askers: Sequence[Asker]

    def __iter__(self) -> Iterator[RunningServer]:
        return iter(self.servers)

    @property
    def first(self) -> RunningServer:
        """The server that changes are made through."""
        return self.servers[0]

    def control(self, path: str, body: object) -> Json:
        """Call the first server's control API."""
        with self.first.control() as control:
            answer = control.post(path, json=body)
            assert answer.is_success, answer.text
            return dict(answer.json())

    def call(self, method: str, path: str, token: str, **more: Any) -> httpx.Response:  # noqa: ANN401
        """Call the first server's public API. A refusal is a fault of the test."""
        headers = {"Authorization": f"Bearer {token}"}
        url = f"{self.first.url}{path}"
        answer = httpx.request(
            method, url, headers=headers, timeout=30, verify=NO_AUTHORITIES, **more
        )
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer

    def explained(self, question: Json) -> list[tuple[str, str | None]]:
        """The decision that each server gives, and the check that it stops at."""
        told = []
        for server in self.servers:
            with server.control() as control:
                answer = control.get("/explain", params=question).json()
                told.append((answer["decision"], answer["stopsAt"]))
        return told

    def watch(self, name: str, body: str, change: Callable[[], object]) -> Seen:
        """Have one thing asked by all processes while a change is made, and for a while after.

        `after` are the answers to questions that were sent after the change was acknowledged.
        """
        for asker in self.askers:
            asker.ask(name, body)
        for asker in self.askers:
            asker.wait(name, since_ns=0)
        begun_ns = time.monotonic_ns()
        change()
        acknowledged_ns = time.monotonic_ns()
        after = [
            answer.decision
            for asker in self.askers
            for answer in asker.wait(name, since_ns=acknowledged_ns)
        ]
        before = [
            answer.decision
            for asker in self.askers
            for answer in asker.answered_before(name, begun_ns)
        ]
        return Seen(frozenset(before), frozenset(after))


def token(server: RunningServer, generator: str, **parameters: str) -> str:
    """A test token of the world's own generator."""
    query = {"env": "tt02", **parameters}
    url = f"{server.url}/api/{generator}"
    answer = httpx.get(url, params=query, auth=("test", "test"), timeout=30, verify=NO_AUTHORITIES)
    assert answer.is_success, answer.text
    return answer.text


@contextmanager
def nodes_over(database_url: str, folder: Path, *, servers: int, askers: int) -> Iterator[Nodes]:
    """Servers over one database, and processes that ask them in turn."""
    with ExitStack() as stack:
        started = []
        for number in range(servers):
            home = folder / f"server-{number}"
            home.mkdir()
            started.append(stack.enter_context(serving(home, "--database", database_url)))
        asking = []
        for number in range(askers):
            record = folder / f"answers-{number}"
            asking.append(stack.enter_context(_asking(started[number % servers], record)))
        yield Nodes(started, asking)


@contextmanager
def _asking(server: RunningServer, record: Path) -> Iterator[Asker]:
    scope = "altinn:authorization/authorize.admin"
    bearer = token(server, "GetEnterpriseToken", orgNo="212000450", org="digdir", scopes=scope)
    command = [sys.executable, "-m", "tests.freshness.asker", server.url, bearer, str(record)]
    process = subprocess.Popen(command, cwd=_HOME, stdin=subprocess.PIPE, text=True)
    try:
        yield Asker(process, record)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(timeout=30)
