"""A policy as the original reads it: the document rewritten, so that one evaluator serves both.

Each difference is a switch of `Semantics`. What the original leaves unevaluated is taken out, what
it judges apart is put apart; the standard then says the same of the rest. Source: Altinn's public
documentation and the behaviour of its decision point.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from fullmakt.access.policy import names
from fullmakt.access.policy.errors import PolicyRefused
from fullmakt.access.policy.model import (
    AllOf,
    AnyOf,
    AttributeValue,
    DirectiveExpression,
    Directives,
    Effect,
    Member,
    Policy,
    PolicyReference,
    PolicySet,
    PolicyTree,
    Rule,
    Target,
)
from fullmakt.access.policy.outcome import OK, Status
from fullmakt.access.policy.semantics import STANDARD, Semantics

_TOLD_WHEN_MISSING: Final = frozenset({names.RESOURCE, names.ACTION})
_JUDGED: Final = frozenset({names.SUBJECT, names.RESOURCE, names.ACTION})


def as_judged(policy: Policy, semantics: Semantics) -> Policy:
    """The policy that means by the standard what `policy` means by `semantics`."""
    if semantics == STANDARD:
        return policy
    return replace(
        policy,
        target=policy.target if semantics.evaluates_policy_target else Target(),
        rules=tuple(_rule(rule, semantics) for rule in policy.rules),
        directives=policy.directives
        if semantics.gives_every_directive
        else _plain_obligations(policy.directives),
    )


def as_judged_tree(tree: PolicyTree, semantics: Semantics) -> PolicyTree:
    """The tree with each policy as `semantics` has it.

    Raises PolicyRefused: a policy set, where none is accepted.
    """
    if semantics == STANDARD:
        return tree
    if isinstance(tree.root, PolicySet) and not semantics.accepts_policy_sets:
        raise PolicyRefused("Altinn reads no `PolicySet`", line=tree.root.line)
    return PolicyTree(
        _judged_found(tree.root, semantics),
        {reference: _judged_found(held, semantics) for reference, held in tree.referenced.items()},
    )


def _judged_found(held: Policy | PolicySet, semantics: Semantics) -> Policy | PolicySet:
    if isinstance(held, Policy):
        return as_judged(held, semantics)
    members = tuple(_judged_member(member, semantics) for member in held.members)
    return replace(held, members=members)


def _judged_member(member: Member, semantics: Semantics) -> Member:
    return member if isinstance(member, PolicyReference) else _judged_found(member, semantics)


def status_told(status: Status, semantics: Semantics) -> Status:
    """The status as it is told: the original says `ok` where only what it enriches is missing."""
    if semantics.tells_what_is_missing or status.code != names.STATUS_MISSING_ATTRIBUTE:
        return status
    is_told = any(each.category in _TOLD_WHEN_MISSING for each in status.missing)
    return status if is_told else OK


def _rule(rule: Rule, semantics: Semantics) -> Rule:
    return replace(
        rule,
        target=Target(tuple(_any_ofs(rule.target.any_ofs, semantics))),
        directives=rule.directives if semantics.gives_every_directive else Directives(),
    )


def _plain_obligations(directives: Directives) -> Directives:
    """The policy's obligations on Permit whose every assignment is a literal; no advice."""
    return Directives(tuple(filter(_is_plain, directives.obligations)))


def _is_plain(obligation: DirectiveExpression) -> bool:
    return obligation.on is Effect.PERMIT and all(
        isinstance(assignment.expression, AttributeValue) for assignment in obligation.assignments
    )


def _any_ofs(any_ofs: Sequence[AnyOf], semantics: Semantics) -> Iterator[AnyOf]:
    found: Iterable[AnyOf] = any_ofs
    if not semantics.evaluates_other_categories:
        found = [kept for any_of in found if (kept := _judged(any_of)) is not None]
    if not semantics.keeps_all_of_together:
        found = [part for any_of in found for part in _apart(any_of)]
    if not semantics.needs_every_any_of:
        found = _merged(found)
    yield from found


def _judged(any_of: AnyOf) -> AnyOf | None:
    """The part without matches that are not evaluated; None when it then holds always."""
    kept = [
        AllOf(tuple(match for match in each.matches if match.designator.category in _JUDGED))
        for each in any_of.all_ofs
    ]
    return None if any(not each.matches for each in kept) else AnyOf(tuple(kept))


def _apart(any_of: AnyOf) -> Iterator[AnyOf]:
    """The part once for each category that it is about, with that category's matches alone."""
    categories = dict.fromkeys(
        match.designator.category for each in any_of.all_ofs for match in each.matches
    )
    for category in categories:
        alone = (
            tuple(match for match in each.matches if match.designator.category == category)
            for each in any_of.all_ofs
        )
        yield AnyOf(tuple(AllOf(matches) for matches in alone if matches))


def _merged(any_ofs: Iterable[AnyOf]) -> Iterator[AnyOf]:
    """Parts that are wholly about one category become alternatives of one part."""
    places: dict[str, list[AllOf]] = {}
    for any_of in any_ofs:
        categories = {
            match.designator.category for each in any_of.all_ofs for match in each.matches
        }
        if len(categories) == 1:
            places.setdefault(categories.pop(), []).extend(any_of.all_ofs)
        else:
            yield any_of
    for all_ofs in places.values():
        yield AnyOf(tuple(all_ofs))
