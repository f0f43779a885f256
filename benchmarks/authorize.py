"""`/authorize` over HTTP on one core, beside the same server's bare hello.

Distinct tokens, parties and bodies; permits and refusals mixed; relations ending and beginning
again meanwhile.
"""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from typing import TYPE_CHECKING

from benchmarks.callers import register_client, sign_grants
from benchmarks.decide import SIZES, body_about, skewed
from benchmarks.load import Round, Target, median_ratio, press, told
from benchmarks.running import running
from benchmarks.worlds import RESOURCES, built

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.running import Running
    from benchmarks.worlds import BenchmarkWorld

_TOKENS = 200
_BODIES = 20_000
_ROUNDS = 3
_SECONDS = 4
_HELLO = Target("/hello", "GET", "application/json", [("", "")])


def main() -> None:
    """Print the figures of every size."""
    for size in SIZES:
        with built(size) as world:
            client_id, pem = register_client(world.url)
            with running(world.url) as server:
                _measure(world, server, client_id, pem)


def _measure(world: BenchmarkWorld, server: Running, client_id: str, pem: str) -> None:
    tokens = _tokens(server, client_id, pem)
    target = _target(world, tokens)
    press(server.base, server.pid, target, seconds=2)
    hits, misses = server.hits()
    hello: list[Round] = []
    decided: list[Round] = []
    for _ in range(_ROUNDS):
        hello.append(press(server.base, server.pid, _HELLO, seconds=_SECONDS))
        with _revoking(world.url):
            decided.append(press(server.base, server.pid, target, seconds=_SECONDS))
    kept, read = (now - before for now, before in zip(server.hits(), (hits, misses), strict=True))
    print(f"{world.relations:>8,} relations, {_TOKENS} tokens, {len(target.requests):,} bodies")
    print(told("hello", hello))
    print(told("authorize", decided))
    share = kept / max(1, kept + read)
    print(f"  authorize / hello {median_ratio(decided, hello):.2f}   hit rate {share:.4f}")


def _tokens(server: Running, client_id: str, pem: str) -> list[str]:
    tokens = []
    for form in sign_grants(pem, client_id, f"{server.base}/maskinporten/", _TOKENS):
        request = urllib.request.Request(f"{server.base}/maskinporten/token", data=form.encode())
        with urllib.request.urlopen(request, timeout=10) as answer:
            tokens.append(f"Bearer {json.load(answer)['access_token']}")
    return tokens


def _target(world: BenchmarkWorld, tokens: Sequence[str]) -> Target:
    chosen = skewed(world.clients, _BODIES, seed=2)
    requests = [
        (
            tokens[n % len(tokens)],
            body_about(relation, RESOURCES[n % len(RESOURCES)]),
        )
        for n, relation in enumerate(chosen)
    ]
    return Target("/authorization/api/v1/authorize", "POST", "application/json", requests)


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


if __name__ == "__main__":
    main()
