"""What a policy opens, as a table: for showing it, storing it, and finding resources by subject.

Only what can be read off without a request: a rule that asks for more than one subject attribute of
a set (a condition, two attributes at once, another function) is outlined as not plain.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from fullmakt.access.policy import names
from fullmakt.access.policy.compile_targets import equalities_of
from fullmakt.access.policy.index import App, scope_of
from fullmakt.access.policy.model import (
    AnyOf,
    Apply,
    AttributeDesignator,
    Directives,
    Effect,
    Expression,
    Match,
    Policy,
    Rule,
)

_OF_TIME: Final = frozenset({names.CURRENT_TIME, names.CURRENT_DATE, names.CURRENT_DATE_TIME})


@dataclass(frozen=True, slots=True, order=True)
class SubjectChoice:
    """One value of one subject attribute; in lower case when the rule ignores case."""

    attribute_id: str
    value: str


@dataclass(frozen=True, slots=True)
class RuleOutline:
    """What a rule is about and for whom. None: not narrowed to constants.

    `is_plain`: the resources, actions and subjects listed are all the rule asks.
    """

    rule_id: str
    effect: Effect
    description: str
    resources: frozenset[str] | None
    actions: frozenset[str] | None
    subjects: tuple[SubjectChoice, ...] | None
    is_plain: bool

    def may_be_about(self, resource: str, action: str) -> bool:
        """Whether the rule can apply to the resource and action at all."""
        return (self.resources is None or resource in self.resources) and (
            self.actions is None or action in self.actions
        )


@dataclass(frozen=True, slots=True, order=True)
class Opening:
    """A plain Permit: who has the subject attribute may do the action on the resource."""

    resource: str
    action: str
    attribute_id: str
    value: str
    rule_id: str


def outline_of(rule: Rule) -> RuleOutline:
    """The outline of one rule. An app is listed as its id in the resource registry."""
    scope = scope_of(rule.target)
    others = [
        any_of
        for position, any_of in enumerate(rule.target.any_ofs)
        if position not in scope.covered
    ]
    subjects = next((found for found in map(_subjects_of, others) if found is not None), None)
    is_plain = (
        scope.resources is not None
        and scope.actions is not None
        and subjects is not None
        and len(others) == 1
        and rule.condition is None
    )
    return RuleOutline(
        rule_id=rule.rule_id,
        effect=rule.effect,
        description=rule.description,
        resources=None
        if scope.resources is None
        else frozenset(key.resource_id if isinstance(key, App) else key for key in scope.resources),
        actions=scope.actions,
        subjects=subjects,
        is_plain=is_plain,
    )


def openings_of(outline: RuleOutline) -> Iterator[Opening]:
    """What a plain Permit rule opens; nothing for any other rule."""
    if outline.is_plain and outline.effect is Effect.PERMIT:
        for resource in sorted(outline.resources or ()):
            for action in sorted(outline.actions or ()):
                for subject in outline.subjects or ():
                    yield Opening(
                        resource, action, subject.attribute_id, subject.value, outline.rule_id
                    )


def subject_attributes_of(policy: Policy) -> frozenset[str]:
    """The ids of every subject attribute the policy looks at, anywhere."""
    return frozenset(
        designator.attribute_id
        for designator in _designators_of(policy)
        if designator.category == names.SUBJECT
    )


def asks_the_time(policy: Policy) -> bool:
    """Whether the policy looks at the current time, date or dateTime anywhere."""
    return any(
        designator.category == names.ENVIRONMENT and designator.attribute_id in _OF_TIME
        for designator in _designators_of(policy)
    )


def _subjects_of(any_of: AnyOf) -> tuple[SubjectChoice, ...] | None:
    equalities = equalities_of(any_of)
    if equalities is None or any(held.name[0] != names.SUBJECT for held in equalities):
        return None
    return tuple(SubjectChoice(held.name[1], held.value) for held in equalities)


def matches_of(policy: Policy) -> Iterator[Match]:
    """Every match of the policy's target and of its rules' targets."""
    for target in (policy.target, *(rule.target for rule in policy.rules)):
        for any_of in target.any_ofs:
            for all_of in any_of.all_ofs:
                yield from all_of.matches


def designators_outside_targets(policy: Policy) -> Iterator[AttributeDesignator]:
    """What the policy looks at in its variables, conditions, obligations and advice."""
    yield from _in_directives(policy.directives)
    for variable in policy.variables.values():
        yield from _in_expression(variable)
    for rule in policy.rules:
        yield from _in_directives(rule.directives)
        if rule.condition is not None:
            yield from _in_expression(rule.condition)


def _designators_of(policy: Policy) -> Iterator[AttributeDesignator]:
    yield from (match.designator for match in matches_of(policy))
    yield from designators_outside_targets(policy)


def _in_directives(directives: Directives) -> Iterator[AttributeDesignator]:
    for directive in (*directives.obligations, *directives.advice):
        for assignment in directive.assignments:
            yield from _in_expression(assignment.expression)


def _in_expression(expression: Expression) -> Iterator[AttributeDesignator]:
    if isinstance(expression, AttributeDesignator):
        yield expression
    elif isinstance(expression, Apply):
        for argument in expression.arguments:
            yield from _in_expression(argument)
