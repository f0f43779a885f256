"""What a story is: how it is played, and the ways in which it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fullmakt.scenarios.model import Refused
    from fullmakt.scenarios.stage import Stage


class Telling(Protocol):
    """Plays a story on a stage."""

    def __call__(self, stage: Stage) -> None:
        """Play it."""
        ...


@dataclass(frozen=True, slots=True)
class Variant:
    """The story with one fact changed: refused, and on this check."""

    name: str
    because: str
    play: Callable[[Stage], Refused]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One story of the user's documents, with its variants."""

    id: str
    title: str
    play: Telling
    variants: Sequence[Variant]
