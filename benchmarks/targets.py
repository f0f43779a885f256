"""What each figure is to be, and whether it was: a table at the end of a run.

A benchmark notes what it measured; a target that is noted more than once is as far as its worst.
Nothing fails here: a shared machine may miss what an idle one meets.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Limit:
    """What is measured, in which unit, and the least or the most that is wanted."""

    what: str
    unit: str
    limit: float
    is_least: bool = False

    def is_met(self, measured: float) -> bool:
        """Whether a figure is as it is to be."""
        return measured >= self.limit if self.is_least else measured <= self.limit

    def worse(self, measured: float, other: float) -> float:
        """The worse of two figures."""
        return min(measured, other) if self.is_least else max(measured, other)


class Target(Enum):
    """Every target of the project that a benchmark measures."""

    WARM = Limit("a decision, warm, p50 at every size", "µs", 10)
    COLD_SQLITE = Limit("a decision, cold, on SQLite, p50 at every size", "µs", 500)
    COLD_POSTGRESQL = Limit("a decision, cold, on PostgreSQL", "of a bare prepared read", 1.5)
    BYTES = Limit("a decision, bytes to bytes, p50 at every size", "µs", 15)
    PEERS = Limit("regorus, casbin, cedarpy: the fastest's p50", "of ours", 1, is_least=True)
    COMPILED_PEER = Limit("regorus compiled for its machine: p50", "of ours", 1, is_least=True)
    AUTHORIZE = Limit("/authorize, rate", "of a bare hello", 0.55, is_least=True)
    AUTHORIZE_GROWN = Limit("/authorize, rate at the most relations", "of 1 k", 0.85, is_least=True)
    TOKEN = Limit("/token, rate", "of RSA-2048 sign and verify", 0.65, is_least=True)
    CLIENT_PAGE = Limit("a page of clients, of 10 k and 100 k, any search", "ms", 200)
    VENDOR_PAGE = Limit("a page of a system's users, of 10 k and 100 k", "ms", 200)
    FRESH = Limit("a fresh world, on both engines", "ms of processor", 50)
    START = Limit("serve --memory to first answer", "of 1.5 s, or of twice its imports", 1)


_noted: dict[Target, float] = {}


def note(target: Target, measured: float) -> None:
    """Keep a figure for the table."""
    before = _noted.get(target, measured)
    _noted[target] = target.value.worse(before, measured)


def table() -> str:
    """Each target: what is wanted, what was measured, and whether it is met."""
    lines = [f"{'target':<50} {'wanted':>8} {'measured':>9}"]
    for target in Target:
        limit, sign = target.value, "≥" if target.value.is_least else "≤"
        found = _noted.get(target)
        measured = "" if found is None else f"{found:.2f}"
        verdict = "not run" if found is None else "met" if limit.is_met(found) else "NOT MET"
        wanted = f"{sign} {limit.limit:g}"
        lines.append(f"{limit.what:<50} {wanted:>8} {measured:>9}  {verdict:<8} {limit.unit}")
    return "\n".join(lines)
