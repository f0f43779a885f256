"""Load from wrk on one core, and what it cost the server on the other.

A figure counts only when the server's core was at least 95 % in use: otherwise the client was the
limit, and the round is marked *invalid*.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SERVER_CORE, CLIENT_CORE = "0", "1"
LEAST_USE = 0.95
_TICKS = os.sysconf("SC_CLK_TCK")
_SCRIPT = """
local requests = {}
local n = 0
for line in io.lines("%s") do
  local head, body = line:match("^([^\\t]*)\\t(.*)$")
  requests[#requests + 1] = {head, body}
end
request = function()
  n = n + 1
  local chosen = requests[(n - 1) %% #requests + 1]
  wrk.method = "%s"
  wrk.headers["Content-Type"] = "%s"
  if chosen[1] ~= "" then wrk.headers["Authorization"] = chosen[1] end
  wrk.body = chosen[2]
  return wrk.format(nil, "%s")
end
done = function(summary, latency, requests)
  print(string.format("99.9%%%% within %%d us", latency:percentile(99.9)))
end
"""


@dataclass(frozen=True, slots=True)
class Round:
    """One round of load."""

    requests: int
    failed: int
    cpu_s: float
    elapsed_s: float
    p50_ms: float
    p99_ms: float
    p999_ms: float

    @property
    def cpu_us(self) -> float:
        """Server CPU time a request."""
        return self.cpu_s * 1e6 / max(1, self.requests)

    @property
    def use(self) -> float:
        """How much of its core the server used."""
        return self.cpu_s / self.elapsed_s

    @property
    def is_valid(self) -> bool:
        """Whether the server, and not the client, was the limit, and every answer was good."""
        return self.use >= LEAST_USE and self.failed == 0


@dataclass(frozen=True, slots=True)
class Pressure:
    """What is asked: `requests` are pairs of Authorization header and body, used in turn."""

    path: str
    method: str
    content_type: str
    requests: Sequence[tuple[str, str]]


def press(base: str, pid: int, target: Pressure, *, seconds: float, connections: int = 32) -> Round:
    """Press the server for some seconds."""
    with tempfile.TemporaryDirectory() as folder:
        lines, script = Path(folder) / "requests.tsv", Path(folder) / "requests.lua"
        lines.write_text("".join(f"{head}\t{body}\n" for head, body in target.requests))
        script.write_text(
            _SCRIPT % (lines, target.method, target.content_type, target.path), encoding="utf-8"
        )
        command = ["taskset", "-c", CLIENT_CORE, "wrk", "-t1", f"-c{connections}", "--latency"]
        command += [f"-d{seconds}s", "-s", str(script), base]
        cpu, begun = _cpu_s(pid), time.monotonic()
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        elapsed = time.monotonic() - begun
        return _read(done.stdout, cpu_s=_cpu_s(pid) - cpu, elapsed_s=min(elapsed, seconds))


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _read(output: str, *, cpu_s: float, elapsed_s: float) -> Round:
    requests = int(re.search(r"(\d+) requests in", output)[1])  # type: ignore[index]
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", output)
    broken = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+)", output)
    failed = int(bad[1]) if bad else 0
    failed += sum(map(int, broken.groups())) if broken else 0
    highest = re.search(r"99\.9% within (\d+) us", output)
    return Round(
        requests,
        failed,
        cpu_s,
        elapsed_s,
        _latency(output, "50%"),
        _latency(output, "99%"),
        int(highest[1]) / 1000 if highest else float("nan"),
    )


def _latency(output: str, share: str) -> float:
    found = re.search(rf"\s{re.escape(share)}\s+([\d.]+)(us|ms|s)", output)
    if found is None:
        return float("nan")
    return float(found[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[found[2]]


def told(name: str, rounds: Sequence[Round]) -> str:
    """One line about several rounds: the median, the range, and how many count."""
    costs = sorted(each.cpu_us for each in rounds)
    valid = sum(each.is_valid for each in rounds)
    middle = costs[len(costs) // 2]
    p50, p99, p999 = (
        sorted(getattr(each, name) for each in rounds)[len(rounds) // 2]
        for name in ("p50_ms", "p99_ms", "p999_ms")
    )
    mark = (
        ""
        if valid == len(rounds)
        else f"  *invalid*: {len(rounds) - valid} of {len(rounds)} rounds"
    )
    return (
        f"  {name:<10} {middle:7.1f} µs CPU a request ({costs[0]:.1f}…{costs[-1]:.1f})"
        f"  p50 {p50:.1f} ms  p99 {p99:.1f} ms  p99.9 {p999:.1f} ms{mark}"
    )


def median_ratio(first: Sequence[Round], second: Sequence[Round]) -> float:
    """The median over the rounds of `first`'s rate in parts of `second`'s."""
    ratios = sorted(b.cpu_us / a.cpu_us for a, b in zip(first, second, strict=True))
    return ratios[len(ratios) // 2]
