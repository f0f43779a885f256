"""What an evaluation says: decision, directives, status, and which rules decided.

Indeterminate is kept in its extended form (XACML 3.0 core section 7.10): which decisions it could
have been had nothing failed. How decisions are combined is `combining.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import cached_property

from fullmakt.access.policy import names
from fullmakt.access.policy.data_types import Value, write_value
from fullmakt.access.policy.model import Effect


class Decision(StrEnum):
    """The four answers of XACML."""

    PERMIT = "Permit"
    DENY = "Deny"
    NOT_APPLICABLE = "NotApplicable"
    INDETERMINATE = "Indeterminate"


class Verdict(Enum):
    """A decision, with Indeterminate saying whether it could have been Deny, Permit, or either."""

    PERMIT = "Permit"
    DENY = "Deny"
    NOT_APPLICABLE = "NotApplicable"
    INDETERMINATE_D = "Indeterminate{D}"
    INDETERMINATE_P = "Indeterminate{P}"
    INDETERMINATE_DP = "Indeterminate{DP}"

    __hash__ = object.__hash__
    """SPEED: looked up for each decision; each verdict is one object (benchmarks/decide.py)."""

    @cached_property
    def decision(self) -> Decision:
        """The decision without its extended form."""
        return Decision(self.value.partition("{")[0])


VERDICT_OF = {Effect.PERMIT: Verdict.PERMIT, Effect.DENY: Verdict.DENY}
EFFECT_OF = {verdict: effect for effect, verdict in VERDICT_OF.items()}
FAILED_VERDICT_OF = {Effect.PERMIT: Verdict.INDETERMINATE_P, Effect.DENY: Verdict.INDETERMINATE_D}


@dataclass(frozen=True, slots=True)
class MissingAttribute:
    """A bag that had to have a value and had none."""

    category: str
    attribute_id: str
    data_type: str
    issuer: str | None = None


class Fault(Exception):
    """An expression could not be evaluated; what it stands in becomes Indeterminate.

    Raised by expressions and directives, returned by matches; `evaluate` never lets it out. `code`
    is the status code it is told with.
    """

    def __init__(
        self,
        message: str,
        *,
        missing: MissingAttribute | None = None,
        code: str = names.STATUS_PROCESSING_ERROR,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.missing = missing
        self.code = code if missing is None else names.STATUS_MISSING_ATTRIBUTE


@dataclass(frozen=True, slots=True)
class Status:
    """The XACML status: a code, and for a failure what failed."""

    code: str = names.STATUS_OK
    message: str = ""
    missing: tuple[MissingAttribute, ...] = ()


OK = Status()


def status_of(fault: Fault) -> Status:
    """The status that tells of a fault."""
    return Status(fault.code, fault.message, () if fault.missing is None else (fault.missing,))


@dataclass(frozen=True, slots=True)
class Assignment:
    """One attribute of an obligation or a piece of advice."""

    attribute_id: str
    data_type: str
    value: Value
    category: str | None = None
    issuer: str | None = None

    @property
    def text(self) -> str:
        """The value as a literal of its data type."""
        return write_value(self.data_type, self.value)


@dataclass(frozen=True, slots=True)
class Directive:
    """An obligation (must be carried out by whoever enforces) or a piece of advice (may be)."""

    directive_id: str
    assignments: tuple[Assignment, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """The directives that go with one decision."""

    obligations: tuple[Directive, ...] = ()
    advice: tuple[Directive, ...] = ()


NOTHING_GIVEN = Given()


@dataclass(frozen=True, slots=True)
class PolicyIdentifier:
    """Which policy, or policy set, in which version."""

    policy_id: str
    version: str
    is_set: bool = False


Decided = tuple[Verdict, tuple[str, ...], Given]
"""The verdict of some rules, their ids, and what goes with it."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The answer of a policy to a request.

    `matched_rules` are the rules that were evaluated and whose own decision is the one given, in
    document order. `resource_and_action_known` is false when every rule is about another resource
    or another action (or the policy's own target kept the rules from being asked). `applicable` are
    the policies and sets that were evaluated and gave Permit or Deny, a set before its members: the
    `PolicyIdentifierList` of section 5.48.
    """

    verdict: Verdict
    status: Status
    obligations: tuple[Directive, ...]
    advice: tuple[Directive, ...]
    matched_rules: tuple[str, ...]
    resource_and_action_known: bool
    applicable: tuple[PolicyIdentifier, ...] = ()

    @property
    def decision(self) -> Decision:
        """The decision without the extended form of Indeterminate."""
        return self.verdict.decision

    def __bool__(self) -> bool:
        """An evaluation is not a yes or a no: ask `.decision`."""
        raise TypeError("ask .decision")


def evaluation(
    verdict: Verdict,
    decided: Sequence[Decided],
    given: Given,
    faults: Sequence[Fault],
    *,
    is_known: bool,
    policy: PolicyIdentifier,
) -> Evaluation:
    """The answer, from the verdicts of the rules asked and what the policy itself gives.

    Directives go up only from rules that decided as the policy does (section 7.18). The status is
    that of the first fault, and only where a fault is the answer.
    """
    agreeing = [held for held in decided if held[0].decision is verdict.decision]
    return Evaluation(
        verdict=verdict,
        status=status_of(faults[0]) if verdict.decision is Decision.INDETERMINATE else OK,
        obligations=(
            *(duty for held in agreeing for duty in held[2].obligations),
            *given.obligations,
        ),
        advice=(
            *(piece for held in agreeing for piece in held[2].advice),
            *given.advice,
        ),
        matched_rules=tuple(rule_id for held in agreeing for rule_id in held[1]),
        resource_and_action_known=is_known,
        applicable=(policy,) if verdict in EFFECT_OF else (),
    )


def set_evaluation(
    verdict: Verdict,
    answers: Sequence[Evaluation],
    given: Given,
    fault: Fault | None,
    *,
    policy: PolicyIdentifier,
) -> Evaluation:
    """The answer of a policy set, from those of the members asked and what it gives itself.

    `fault` is the set's own; without one, the status is that of the first member that failed.
    """
    status = OK
    if verdict.decision is Decision.INDETERMINATE:
        failed = (held.status for held in answers if held.decision is Decision.INDETERMINATE)
        status = next(failed) if fault is None else status_of(fault)
    agreeing = [held for held in answers if held.decision is verdict.decision]
    return Evaluation(
        verdict=verdict,
        status=status,
        obligations=(
            *(duty for held in agreeing for duty in held.obligations),
            *given.obligations,
        ),
        advice=(*(piece for held in agreeing for piece in held.advice), *given.advice),
        matched_rules=tuple(rule_id for held in agreeing for rule_id in held.matched_rules),
        resource_and_action_known=any(held.resource_and_action_known for held in answers),
        applicable=(
            *((policy,) if verdict in EFFECT_OF else ()),
            *(found for held in answers for found in held.applicable),
        ),
    )
