"""What a command cannot do, said in one line; the faults of a file in a line each."""

from __future__ import annotations

_MOST_TOLD = 50


class Complaint(Exception):
    """A command was used wrongly, or cannot be done; the message says what and what to do."""


class Complaints(Complaint):
    """A file has several faults: one line for each, and one that says what came of it."""

    def __init__(self, faults: list[str], outcome: str) -> None:
        more = len(faults) - _MOST_TOLD
        told = [*faults[:_MOST_TOLD], *([f"and {more} more"] if more > 0 else [])]
        self.lines = [f"{told[0]}; {outcome}"] if len(faults) == 1 else [*told, outcome]
        super().__init__("; ".join(self.lines))
