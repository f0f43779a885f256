"""`/authorize` over HTTP on one core, beside the same server's bare hello.

Distinct tokens, parties and bodies; permits and refusals mixed; relations ending and beginning
again meanwhile.
"""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from benchmarks.callers import register_client, sign_grants
from benchmarks.decide import body_about, skewed
from benchmarks.load import Pressure, Round, median_ratio, press, told
from benchmarks.running import running
from benchmarks.targets import Target, note
from benchmarks.worlds import RESOURCES, built

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.running import Running
    from benchmarks.worlds import BenchmarkWorld

_TOKENS = 200
_BODIES = 20_000
_ROUNDS = 3
_SECONDS = 3
_HELLO = Pressure("/hello", "GET", "application/json", [("", "")])


def main(sizes: Sequence[int]) -> None:
    """Print the figures of every size, pressed in turn."""
    with ExitStack() as stack:
        pressed = [stack.enter_context(_pressed(size)) for size in sizes]
        for _ in range(_ROUNDS):
            for each in pressed:
                each.press()
        smallest = pressed[0]
        for each in pressed:
            each.tell()
            note(Target.AUTHORIZE, median_ratio(each.decided, each.hello))
            grown = median_ratio(each.decided, smallest.decided)
            print(f"  rate / its rate at {smallest.world.relations:,} relations {grown:.2f}")
        if len(pressed) > 1:
            note(Target.AUTHORIZE_GROWN, median_ratio(pressed[-1].decided, smallest.decided))


@dataclass(slots=True)
class _Pressed:
    """A world, its server, what it is asked, and the rounds it has been through."""

    world: BenchmarkWorld
    server: Running
    target: Pressure
    hello: list[Round] = field(default_factory=list)
    decided: list[Round] = field(default_factory=list)
    kept: int = 0
    read: int = 0

    def press(self) -> None:
        """One round of hello and one of decisions, while relations end and begin."""
        server = self.server
        self.hello.append(press(server.hello, server.pid, _HELLO, seconds=_SECONDS))
        hits, misses = server.hits()
        with _revoking(self.world.url):
            self.decided.append(press(server.base, server.pid, self.target, seconds=_SECONDS))
        hits_after, misses_after = server.hits()
        self.kept += hits_after - hits
        self.read += misses_after - misses

    def tell(self) -> None:
        """Print its figures."""
        share = self.kept / max(1, self.kept + self.read)
        print(f"{self.world.relations:>10,} relations, {_TOKENS} tokens, {_BODIES:,} bodies")
        print(told("hello", self.hello))
        print(told("authorize", self.decided))
        ratio = median_ratio(self.decided, self.hello)
        print(f"  authorize / hello {ratio:.2f}   hit rate {share:.4f}")


@contextmanager
def _pressed(size: int) -> Iterator[_Pressed]:
    world = built(size)
    client_id, pem = register_client(world.url)
    with running(world.url) as server:
        target = _target(world, _tokens(server, client_id, pem))
        press(server.base, server.pid, target, seconds=2)
        yield _Pressed(world, server, target)


def _tokens(server: Running, client_id: str, pem: str) -> list[str]:
    tokens = []
    for form in sign_grants(pem, client_id, f"{server.base}/maskinporten/", _TOKENS):
        request = urllib.request.Request(f"{server.base}/maskinporten/token", data=form.encode())
        with urllib.request.urlopen(request, timeout=10) as answer:
            tokens.append(f"Bearer {json.load(answer)['access_token']}")
    return tokens


def _target(world: BenchmarkWorld, tokens: Sequence[str]) -> Pressure:
    chosen = skewed(world.clients, _BODIES, seed=2)
    requests = [
        (
            tokens[n % len(tokens)],
            body_about(relation, RESOURCES[n % len(RESOURCES)]),
        )
        for n, relation in enumerate(chosen)
    ]
    return Pressure("/authorization/api/v1/authorize", "POST", "application/json", requests)


class _revoking:  # noqa: N801  used as a statement
    """A process that ends and begins relations while the load runs."""

    def __init__(self, url: str) -> None:
        self._url = url

    def __enter__(self) -> None:
        command = [sys.executable, "-m", "benchmarks.revoking", self._url]
        self._process = subprocess.Popen(command)

    def __exit__(self, *_fault: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=10)
