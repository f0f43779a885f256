"""The problems of Enhetsregisteret's open data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fullmakt.foundation.terms.problem import Problem, TextProblem

if TYPE_CHECKING:
    from datetime import datetime


class UnitNotFound(TextProblem):
    """There is no such unit (form, role type) where it was looked for: 404 without a body."""

    def __init__(self) -> None:
        super().__init__(404, "")


class UnacceptableMediaType(TextProblem):
    """The caller wants a media type, or a version, that the register does not write."""

    def __init__(self) -> None:
        super().__init__(406, "")


@dataclass(frozen=True, slots=True)
class SearchFault:
    """One parameter of a search that cannot be used, the value it had, and why."""

    parameter: str
    value: str
    text: str


class SearchRefused(Problem):
    """A search has parameters that cannot be used."""

    status, title = 400, "Feilaktig forespørsel"

    def __init__(self, *faults: SearchFault, at: datetime) -> None:
        super().__init__("; ".join(fault.text for fault in faults))
        self.faults = faults
        self.at = at
