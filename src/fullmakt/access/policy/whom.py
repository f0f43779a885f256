"""Whom a policy can let in, and whom a change of it can concern: read off without a request.

What is read may be too wide but never too narrow: a rule that is left out could not have applied.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fullmakt.access.policy import names
from fullmakt.access.policy.combining import RULE_COMBINING, permit_unless_deny
from fullmakt.access.policy.compile_targets import equality_of
from fullmakt.access.policy.model import (
    AllOf,
    AnyOf,
    AttributeValue,
    DirectiveExpression,
    Directives,
    Effect,
    Policy,
    Rule,
)
from fullmakt.access.policy.outline import (
    RuleOutline,
    SubjectChoice,
    designators_outside_targets,
    matches_of,
    outline_of,
)

Choices = frozenset[SubjectChoice]


@dataclass(frozen=True, slots=True)
class Concerned:
    """Which rules a change of a policy can be told by, and who else it can concern.

    `rules`: whoever is answered otherwise meets one of them. `has_rights`: or holds a single right
    on the resource. `is_anybody`: or is anybody at all.
    """

    rules: tuple[Rule, ...]
    has_rights: bool = False
    is_anybody: bool = False


def choices_of(rule: Rule) -> tuple[Choices, ...]:
    """Sets of subject attributes: whoever the rule applies to has one of each set.

    Values are in lower case. None at all where the rule may apply to anybody.
    """
    found = (_choices_of(any_of) for any_of in rule.target.any_ofs)
    return tuple(each for each in found if each is not None)


def _choices_of(any_of: AnyOf) -> Choices | None:
    alternatives = [_choice_of(all_of) for all_of in any_of.all_ofs]
    known = [each for each in alternatives if each is not None]
    return frozenset(known) if len(known) == len(alternatives) else None


def _choice_of(all_of: AllOf) -> SubjectChoice | None:
    """A subject attribute without which an alternative does not hold."""
    equalities = (equality_of(match) for match in all_of.matches)
    return next(
        (
            SubjectChoice(each.name[1], each.value.lower())
            for each in equalities
            if each is not None and each.name[0] == names.SUBJECT
        ),
        None,
    )


def permitting_rules(
    policy: Policy, outlines: Iterable[RuleOutline], resource: str, action: str
) -> tuple[Rule, ...] | None:
    """The rules of which one applies wherever the policy permits; None where none need.

    `outlines` are those of the policy's rules, in order.
    """
    if _permits_by_default(policy):
        return None
    return tuple(
        rule
        for rule, outline in zip(policy.rules, outlines, strict=True)
        if rule.effect is Effect.PERMIT and outline.may_be_about(resource, action)
    )


def concerned_by_change(before: Policy, after: Policy, resource: str) -> Concerned:
    """Who can be answered otherwise about a resource by `after` than by `before`.

    XACML 3.0 core appendix C: every algorithm combines the rules that apply, in their order.
    """
    is_anybody = _permits_by_default(before) or _permits_by_default(after)
    if _without_rules(before) == _without_rules(after):
        stayed = [rule for rule in before.rules if rule in after.rules]
        if stayed == [rule for rule in after.rules if rule in before.rules]:
            changed = [rule for rule in (*before.rules, *after.rules) if rule not in stayed]
            return Concerned(tuple(_about(changed, resource)))
    rules = tuple(_about((*before.rules, *after.rules), resource))
    return Concerned(rules, has_rights=True, is_anybody=is_anybody)


def values_compared(policy: Policy, attribute_id: str) -> frozenset[str] | None:
    """The values, in lower case, that a subject attribute is compared with.

    None where it is looked at in any other way.
    """
    found = set()
    for match in matches_of(policy):
        if (match.designator.category, match.designator.attribute_id) == (
            names.SUBJECT,
            attribute_id,
        ):
            equality = equality_of(match)
            if equality is None:
                return None
            found.add(equality.value.lower())
    is_looked_at = any(
        (each.category, each.attribute_id) == (names.SUBJECT, attribute_id)
        for each in designators_outside_targets(policy)
    )
    return None if is_looked_at else frozenset(found)


def only_gains(policy: Policy) -> bool:
    """Whether having one subject attribute more never takes a permit away."""
    directives = (policy.directives, *(rule.directives for rule in policy.rules))
    return (
        not _permits_by_default(policy)
        and all(rule.effect is Effect.PERMIT and rule.condition is None for rule in policy.rules)
        and not any(True for each in directives for _ in _not_constant(each))
    )


def _not_constant(directives: Directives) -> Iterator[DirectiveExpression]:
    """Obligations and advice that are not constants: those can fail."""
    for each in (*directives.obligations, *directives.advice):
        if not all(isinstance(held.expression, AttributeValue) for held in each.assignments):
            yield each


def _permits_by_default(policy: Policy) -> bool:
    return RULE_COMBINING[policy.combining] is permit_unless_deny


def _about(rules: tuple[Rule, ...] | list[Rule], resource: str) -> Iterator[Rule]:
    for rule in rules:
        resources = outline_of(rule).resources
        if resources is None or resource in resources:
            yield rule


def _without_rules(policy: Policy) -> tuple[object, ...]:
    """What a policy says beside its rules, as far as it bears on whether it permits."""
    directives = tuple(_not_constant(policy.directives))
    return (policy.combining, policy.target, directives, dict(policy.variables))
