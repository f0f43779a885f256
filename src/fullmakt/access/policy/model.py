"""A policy as its document says it: XACML 3.0 core section 5, as values.

A `Policy` that came from `parse_policy` is sound: every function, data type, attribute and variable
it names is known, and every expression has the type its place asks for. What it *means* is in
`interpret.py` (slow, plain) and `compile.py` (fast); a property holds them equal. Lines are where a
thing stands in its document; they take no part in equality.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from fullmakt.access.policy.data_types import Value


class Effect(StrEnum):
    """What a rule decides when it applies."""

    PERMIT = "Permit"
    DENY = "Deny"


@dataclass(frozen=True, slots=True)
class AttributeValue:
    """A literal, already read as its data type."""

    data_type: str
    value: Value
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class AttributeDesignator:
    """Names a bag of the request. `issuer` None takes values of any issuer."""

    category: str
    attribute_id: str
    data_type: str
    must_be_present: bool
    issuer: str | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class VariableReference:
    """Stands for the policy's variable of that id."""

    variable_id: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Apply:
    """A function applied to its arguments.

    `predicate` is the function a higher-order function is given, before its arguments.
    """

    function_id: str
    arguments: tuple[Expression, ...]
    predicate: str | None = None
    line: int = field(default=0, compare=False)


Expression = AttributeValue | AttributeDesignator | VariableReference | Apply


@dataclass(frozen=True, slots=True)
class Match:
    """True when the function holds for the literal and at least one value of the bag."""

    function_id: str
    literal: AttributeValue
    designator: AttributeDesignator
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every match must hold."""

    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of the alternatives must hold."""

    all_ofs: tuple[AllOf, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """Every `AnyOf` must hold; a target with none holds always."""

    any_ofs: tuple[AnyOf, ...] = ()


@dataclass(frozen=True, slots=True)
class AssignmentExpression:
    """One attribute of an obligation or advice, as an expression."""

    attribute_id: str
    expression: Expression
    category: str | None = None
    issuer: str | None = None


@dataclass(frozen=True, slots=True)
class DirectiveExpression:
    """An obligation or a piece of advice, given when the decision is `on`."""

    directive_id: str
    on: Effect
    assignments: tuple[AssignmentExpression, ...]


@dataclass(frozen=True, slots=True)
class Directives:
    """What a rule or a policy asks of the one that enforces: must do, and may do."""

    obligations: tuple[DirectiveExpression, ...] = ()
    advice: tuple[DirectiveExpression, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `condition` None holds always."""

    rule_id: str
    effect: Effect
    target: Target
    condition: Expression | None = None
    directives: Directives = Directives()
    description: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy document. `combining` is the id of its rule combining algorithm."""

    policy_id: str
    version: str
    combining: str
    target: Target
    rules: tuple[Rule, ...]
    directives: Directives = Directives()
    variables: Mapping[str, Expression] = field(default_factory=lambda: MappingProxyType({}))
    description: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class PolicyReference:
    """Stands for another document's policy (or, with `is_set`, policy set) of that id.

    `version`, `earliest` and `latest` are patterns its version must match (section 5.13).
    """

    policy_id: str
    is_set: bool = False
    version: str | None = None
    earliest: str | None = None
    latest: str | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class PolicySet:
    """One policy set. `combining` is the id of its policy combining algorithm."""

    policy_id: str
    version: str
    combining: str
    target: Target
    members: tuple[Policy | PolicySet | PolicyReference, ...]
    directives: Directives = Directives()
    description: str = ""
    line: int = field(default=0, compare=False)


Member = Policy | PolicySet | PolicyReference


@dataclass(frozen=True, slots=True)
class PolicyTree:
    """A root policy or set, and what every reference below it was found to stand for.

    One that came from `parse_policies` is whole: each reference leads somewhere, none in a circle.
    """

    root: Policy | PolicySet
    referenced: Mapping[PolicyReference, Policy | PolicySet] = field(
        default_factory=lambda: MappingProxyType({})
    )

    def found(self, member: Member) -> Policy | PolicySet:
        """What a member of a set is."""
        return self.referenced[member] if isinstance(member, PolicyReference) else member
