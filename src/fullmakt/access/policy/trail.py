"""What an evaluation tells about its way: for each rule asked, why it did or did not apply.

The walk is the same with and without a listener; `NO_TRAIL` only keeps the reports from being made.
Putting reports into words is for those who show them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from fullmakt.access.policy.data_types import write_value
from fullmakt.access.policy.model import AnyOf, Effect
from fullmakt.access.policy.outcome import Verdict
from fullmakt.access.policy.request import AttributeName, RequestAttributes


@dataclass(frozen=True, slots=True)
class Wanted:
    """One match of an alternative: the attribute, the function and the literal."""

    category: str
    attribute_id: str
    function_id: str
    value: str


@dataclass(frozen=True, slots=True)
class Unmet:
    """A part of a target that did not hold: one of the alternatives was needed, each in full.

    `held` is what the request has for the attributes the alternatives name.
    """

    alternatives: tuple[tuple[Wanted, ...], ...]
    held: Mapping[AttributeName, tuple[str, ...]]

    @property
    def openings(self) -> Mapping[AttributeName, tuple[str, ...]]:
        """By attribute, the values any one of which would have been enough on its own."""
        found: dict[AttributeName, tuple[str, ...]] = {}
        for alternative in self.alternatives:
            if len(alternative) == 1:
                name = (alternative[0].category, alternative[0].attribute_id)
                found[name] = (*found.get(name, ()), alternative[0].value)
        return found


@dataclass(frozen=True, slots=True)
class RuleReport:
    """What became of one rule that is about the resource and action asked for.

    `unmet` are the parts of its target that did not hold. `condition_held` is None when the rule
    has no condition or it was not asked. `fault` says why a rule could not be evaluated.
    """

    rule_id: str
    description: str
    effect: Effect
    verdict: Verdict
    unmet: tuple[Unmet, ...] = ()
    condition_held: bool | None = None
    fault: str = ""


class Trail(Protocol):
    """Listens to an evaluation. Nothing is reported unless `is_listening`."""

    @property
    def is_listening(self) -> bool:
        """Whether reports should be made at all."""

    def policy_target_unmet(self, unmet: tuple[Unmet, ...]) -> None:
        """The policy's own target kept its rules from being asked."""

    def rule_asked(self, report: RuleReport) -> None:
        """A rule was asked; reports come in document order."""


class _NoTrail:
    """The trail nobody follows."""

    is_listening = False

    def policy_target_unmet(self, unmet: tuple[Unmet, ...]) -> None:
        """Is not asked: nobody listens."""

    def rule_asked(self, report: RuleReport) -> None:
        """Is not asked: nobody listens."""


NO_TRAIL: Final[Trail] = _NoTrail()


class RecordedTrail:
    """Keeps every report."""

    is_listening = True

    def __init__(self) -> None:
        self.rules: list[RuleReport] = []
        self.target: tuple[Unmet, ...] = ()

    def policy_target_unmet(self, unmet: tuple[Unmet, ...]) -> None:
        """The policy's own target kept its rules from being asked."""
        self.target = unmet

    def rule_asked(self, report: RuleReport) -> None:
        """A rule was asked."""
        self.rules.append(report)


def unmet_part(any_of: AnyOf, request: RequestAttributes) -> Unmet:
    """What a part of a target wanted, beside what the request has."""
    held: dict[AttributeName, tuple[str, ...]] = {}
    alternatives: list[tuple[Wanted, ...]] = []
    for all_of in any_of.all_ofs:
        wanted: list[Wanted] = []
        for match in all_of.matches:
            designator, literal = match.designator, match.literal
            name = (designator.category, designator.attribute_id)
            bag = request.bag(name, designator.data_type, designator.issuer)
            held[name] = tuple(write_value(designator.data_type, value) for value in bag)
            text = write_value(literal.data_type, literal.value)
            wanted.append(Wanted(*name, match.function_id, text))
        alternatives.append(tuple(wanted))
    return Unmet(tuple(alternatives), held)
