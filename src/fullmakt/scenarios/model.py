"""Stories and what came of them.

Steps, the calls each made, decisions, and refusals with reasons.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP call: who made it, what was asked, and what came back."""

    who: str
    method: str
    path: str
    status: int
    correlation: str


@dataclass(frozen=True, slots=True)
class DecisionTaken:
    """One question the decision point answered during a step."""

    action: str
    resource: str
    party: str
    outcome: str


@dataclass(frozen=True, slots=True)
class ReasonTold:
    """One link of a reason chain: what was looked at, whether it held, and what was found."""

    check: str
    held: bool
    found: str
    remedy: str | None = None


@dataclass(slots=True)
class Step:
    """One step of a story, as the document numbers it; number 0 is a precondition."""

    number: int
    text: str
    who: str
    calls: list[Call] = field(default_factory=list)
    decisions: list[DecisionTaken] = field(default_factory=list)
    result: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """How a variant ended: what refused it, on which check, and why in words."""

    status: int
    code: str
    because: str
    reason: str
    chain: tuple[ReasonTold, ...] = ()


@dataclass(frozen=True, slots=True)
class VariantResult:
    """What came of the same story with one fact changed."""

    name: str
    passed: bool
    reason: str
    refused: Refused | None = None
    calls: tuple[Call, ...] = ()


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """What came of a story and its variants. `fault` says what went wrong where it did not pass."""

    id: str
    title: str
    story_passed: bool
    fault: str
    steps: tuple[Step, ...]
    variants: tuple[VariantResult, ...]

    @property
    def passed(self) -> bool:
        """Whether the story and every variant went as told."""
        return self.story_passed and all(variant.passed for variant in self.variants)


class StoryError(AssertionError):
    """The world did not do what the story says it does."""
