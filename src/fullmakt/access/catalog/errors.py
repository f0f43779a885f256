"""The problems of the catalog."""

from __future__ import annotations

from fullmakt.foundation.terms.problem import PlainProblem


class NotListed(PlainProblem):
    """The catalog has no such group, area, package or role."""

    def __init__(self, kind: str, named: str) -> None:
        super().__init__(404, "Not Found", f"there is no {kind} `{named[:120]}`")
