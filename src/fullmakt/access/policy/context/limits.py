"""How much of a request is read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from fullmakt.access.policy.context.errors import ContextRefused
from fullmakt.access.policy.context.model import ContextCategory


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextLimits:
    """Bounds on one request, in either notation."""

    largest_bytes: int = 1024 * 1024
    deepest: int = 32
    """Levels of members or elements."""
    most_values: int = 10_000
    """Values of all attributes together."""
    most_decisions: int = 1000
    most_values_asked: int = 50_000
    """Values of all decisions together, each counted where it is asked."""

    def check_size(self, document: bytes) -> None:
        """Raises ContextRefused when the document is larger than what is read."""
        if len(document) > self.largest_bytes:
            why = f"the document has {len(document)} bytes; at most {self.largest_bytes} are read"
            raise ContextRefused("Request", why)

    def check_values(self, categories: Iterable[ContextCategory]) -> None:
        """Raises ContextRefused when there are more values than what is read."""
        count = sum(len(held.values) for each in categories for held in each.attributes)
        if count > self.most_values:
            why = f"the request has {count} values; at most {self.most_values} are read"
            raise ContextRefused("Request", why)


DEFAULT_LIMITS: Final = ContextLimits()
