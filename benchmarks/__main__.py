"""Runs every benchmark, or those named: `python -m benchmarks [decide] [authorize] …`."""

from __future__ import annotations

import platform
import subprocess
import sys

from benchmarks import authorize, clients, decide, fresh, postgresql, start, token

_ALL = {
    "decide": decide.main,
    "postgresql": postgresql.main,
    "authorize": authorize.main,
    "token": token.main,
    "clients": clients.main,
    "start": start.main,
    "fresh": fresh.main,
}


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
    wanted = sys.argv[1:] or list(_ALL)
    unknown = [name for name in wanted if name not in _ALL]
    if unknown:
        print(
            f"no benchmark is called `{unknown[0]}`; there are {', '.join(_ALL)}", file=sys.stderr
        )
        return 2
    print(f"commit {_commit()}, Python {platform.python_version()}, {platform.machine()}")
    for name in wanted:
        print(f"\n== {name}", flush=True)
        _ALL[name]()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
