"""One request, one or several decisions; and several decisions made one.

XACML 3.0 Multiple Decision Profile sections 2.3 (repeated categories), 2.4 (references) and 3
(combined decisions).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from fullmakt.access.policy import names
from fullmakt.access.policy.context.errors import ContextRefused
from fullmakt.access.policy.context.limits import DEFAULT_LIMITS, ContextLimits
from fullmakt.access.policy.context.model import (
    ContextCategory,
    ContextRequest,
    ContextStatus,
    Result,
)
from fullmakt.access.policy.outcome import Decision

Individual = tuple[ContextCategory, ...]
"""The categories of one decision, each there once."""


@dataclass(frozen=True, slots=True)
class DanglingReference:
    """A decision that cannot be asked for: nothing in the request has an id that it refers to."""

    why: str

    @property
    def result(self) -> Result:
        """What is answered in its place."""
        return Result(Decision.INDETERMINATE, ContextStatus((names.STATUS_SYNTAX_ERROR,), self.why))


def individual_requests(
    request: ContextRequest, limits: ContextLimits = DEFAULT_LIMITS
) -> list[Individual | DanglingReference]:
    """The categories each decision is about, in order; one that refers to nothing in its place.

    Raises ContextRefused: an id stands twice, too many decisions.
    """
    chosen: Sequence[Sequence[ContextCategory] | DanglingReference] = [request.categories]
    if request.references:
        by_id = _by_id(request.categories)
        chosen = [_found(by_id, ids) for ids in request.references]
    asked = [each if isinstance(each, DanglingReference) else _grouped(each) for each in chosen]
    grouped = [each for each in asked if not isinstance(each, DanglingReference)]
    count = len(asked) - len(grouped) + sum(prod(map(len, groups)) for groups in grouped)
    if count > limits.most_decisions:
        why = f"asks for {count} decisions; at most {limits.most_decisions} are made"
        raise ContextRefused("Request", why)
    values = sum(map(_values_asked, grouped))
    if values > limits.most_values_asked:
        why = f"asks about {values} values in all; at most {limits.most_values_asked} are read"
        raise ContextRefused("Request", why)
    return [individual for each in asked for individual in _individuals(each)]


def _individuals(
    asked: Sequence[Sequence[ContextCategory]] | DanglingReference,
) -> Iterable[Individual | DanglingReference]:
    return [asked] if isinstance(asked, DanglingReference) else product(*asked)


def _by_id(categories: Sequence[ContextCategory]) -> dict[str, ContextCategory]:
    found: dict[str, ContextCategory] = {}
    for category in categories:
        if category.id is None:
            continue
        if category.id in found:
            raise ContextRefused("Request", f"the id `{category.id[:80]}` stands twice")
        found[category.id] = category
    return found


def _found(
    by_id: dict[str, ContextCategory], ids: Sequence[str]
) -> list[ContextCategory] | DanglingReference:
    """SPEC: a reference that leads nowhere makes its own decision a syntax error, and no other."""
    dangling = next((each for each in ids if each not in by_id), None)
    if dangling is not None:
        return DanglingReference(f"the reference `{dangling[:80]}` leads to no category")
    return [by_id[each] for each in dict.fromkeys(ids)]


def _grouped(categories: Sequence[ContextCategory]) -> list[list[ContextCategory]]:
    groups: dict[str, list[ContextCategory]] = {}
    for category in categories:
        groups.setdefault(category.category, []).append(category)
    return list(groups.values())


def _values_asked(groups: Sequence[Sequence[ContextCategory]]) -> int:
    """How many values the combinations have, each counted as often as it is asked."""
    combinations = prod(map(len, groups))
    return sum(
        combinations // len(group) * sum(map(_values_of, group)) for group in groups if group
    )


def _values_of(category: ContextCategory) -> int:
    return sum(len(attribute.values) for attribute in category.attributes)


def combined(results: Sequence[Result]) -> Result:
    """One decision of several: theirs if they agree, and nobody is asked to do anything.

    SPEC: obligations and advice cannot be combined, so where there are any nothing is decided.
    Indeterminate is a processing error, whatever kept each from being decided; where all failed,
    the first one's own code stands inside it.
    """
    if any(result.obligations or result.advice for result in results):
        return _undecided("obligations and advice cannot be combined")
    decisions = {result.decision for result in results}
    if len(decisions) > 1:
        return _undecided(f"the decisions differ: {', '.join(sorted(decisions))}")
    first = results[0]
    if first.decision is Decision.INDETERMINATE and first.status is not None:
        codes = (code for code in first.status.codes if code != names.STATUS_PROCESSING_ERROR)
        return _undecided(first.status.message, *codes)
    return Result(first.decision, first.status)


def _undecided(why: str, *inner_codes: str) -> Result:
    status = ContextStatus((names.STATUS_PROCESSING_ERROR, *inner_codes), why)
    return Result(Decision.INDETERMINATE, status)
