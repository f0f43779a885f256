"""Runs every benchmark, or those named: `python -m benchmarks [decide] [peers] … [--size N]…`."""

from __future__ import annotations

import argparse
import importlib
import platform
import subprocess
import time

from benchmarks.targets import table
from benchmarks.worlds import ALL_SIZES

_ALL = (
    "decide",
    "peers",
    "policies",
    "reach",
    "postgresql",
    "authorize",
    "token",
    "clients",
    "start",
    "fresh",
)
_SIZED = frozenset({"decide", "authorize", "reach"})


def _commit() -> str:
    found = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    )
    return found.stdout.strip() or "unknown"


def main() -> int:
    """Run the benchmarks named on the command line; exit status 2 for an unknown name."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(_ALL)}")
    parser.add_argument(
        "--size",
        type=int,
        action="append",
        metavar="RELATIONS",
        help=f"for {' and '.join(sorted(_SIZED))}; default {' '.join(map(str, ALL_SIZES))}",
    )
    given = parser.parse_args()
    for name in given.names:
        if name not in _ALL:
            parser.error(f"no benchmark is called `{name}`; there are {', '.join(_ALL)}")
    if given.size and min(given.size) < 1:
        parser.error(f"`{min(given.size)}` is no size: a world has at least one relation")
    sizes = tuple(sorted(given.size or ALL_SIZES))
    print(f"commit {_commit()}, Python {platform.python_version()}, {platform.machine()}")
    for name in given.names or _ALL:
        print(f"\n== {name}", flush=True)
        begun = time.monotonic()
        run = importlib.import_module(f"benchmarks.{name}").main
        run(sizes) if name in _SIZED else run()
        print(f"  ({time.monotonic() - begun:.0f} s)")
    print(f"\n{table()}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
