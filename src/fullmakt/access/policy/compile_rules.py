"""Rules, compiled: one that stands alone, and runs of rules merged into sets of subjects.

A step of a policy is either. It says its verdict and leaves on the walk what the answer needs:
faults, directives, which rules decided, and whether the resource and action were known. XACML 3.0
core section 7.11.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Protocol

from fullmakt.access.policy.compile_expressions import Constant, Evaluate, ExpressionCompiler
from fullmakt.access.policy.compile_targets import (
    Equality,
    Part,
    are_met,
    compile_parts,
    equalities_of,
    strings_in,
    unmet_of,
)
from fullmakt.access.policy.directives import CompiledDirectives, compile_directives
from fullmakt.access.policy.index import is_about_what, narrowed_of
from fullmakt.access.policy.model import Effect, Expression, Rule
from fullmakt.access.policy.outcome import (
    FAILED_VERDICT_OF,
    NOTHING_GIVEN,
    VERDICT_OF,
    Decided,
    Fault,
    Given,
    Verdict,
)
from fullmakt.access.policy.request import AttributeName, Entry, RequestAttributes, StringBag
from fullmakt.access.policy.trail import RuleReport, Trail, Unmet


@dataclass(slots=True)
class Walk:
    """One evaluation under way: what it is asked, and what it has met so far."""

    request: RequestAttributes
    trail: Trail
    is_known: bool = False
    faults: list[Fault] = field(default_factory=list)
    decided: list[Decided] = field(default_factory=list)


class Step(Protocol):
    """What a policy walks over."""

    def verdict(self, walk: Walk) -> Verdict:
        """The verdict; what else it brings is left on the walk."""


@dataclass(frozen=True, slots=True)
class RuleStep:
    """One rule. `about` looks at resource and action only and is asked first, then `rest`.

    `narrowed` is what the parts of `rest` ask of resource and action among other things.

    `condition` None holds always; `given` are its directives when they are the same on every
    request.
    """

    rule: Rule
    about: tuple[Part, ...]
    narrowed: tuple[Part, ...]
    rest: tuple[Part, ...]
    condition: Evaluate | None
    directives: CompiledDirectives
    given: Given | None

    def verdict(self, walk: Walk) -> Verdict:
        """Table 4 of section 7.11."""
        about = are_met(self.about, walk.request)
        narrowed = are_met(self.narrowed, walk.request)
        # INVARIANT: where `narrowed` does not hold, neither does the part it is narrowed from.
        if about is False or narrowed is False:
            return Verdict.NOT_APPLICABLE
        if about is True and narrowed is True:
            walk.is_known = True
        rest = are_met(self.rest, walk.request)
        if rest is False:
            self.report_unmet(walk)
            return Verdict.NOT_APPLICABLE
        try:
            for fault in (about, rest):
                if isinstance(fault, Fault):
                    raise fault
            return self._applied(walk)
        except Fault as fault:
            return self._failed(walk, fault)

    def _applied(self, walk: Walk) -> Verdict:
        if self.condition is not None and self.condition(walk.request) is not True:
            self.report(walk, Verdict.NOT_APPLICABLE, condition_held=False)
            return Verdict.NOT_APPLICABLE
        given = self.directives.given(walk.request) if self.given is None else self.given
        verdict = VERDICT_OF[self.rule.effect]
        walk.decided.append((verdict, (self.rule.rule_id,), given))
        self.report(walk, verdict, condition_held=None if self.condition is None else True)
        return verdict

    def _failed(self, walk: Walk, fault: Fault) -> Verdict:
        verdict = FAILED_VERDICT_OF[self.rule.effect]
        walk.faults.append(fault)
        walk.decided.append((verdict, (self.rule.rule_id,), NOTHING_GIVEN))
        self.report(walk, verdict, fault=fault.message)
        return verdict

    def report_unmet(self, walk: Walk) -> None:
        """Tell, if somebody listens, which parts of the target did not hold."""
        if walk.trail.is_listening:
            unmet = unmet_of(self.rest, walk.request)
            self.report(walk, Verdict.NOT_APPLICABLE, unmet=unmet)

    def report(
        self,
        walk: Walk,
        verdict: Verdict,
        *,
        unmet: tuple[Unmet, ...] = (),
        condition_held: bool | None = None,
        fault: str = "",
    ) -> None:
        """Tell, if somebody listens, what became of the rule."""
        if walk.trail.is_listening:
            rule = self.rule
            walk.trail.rule_asked(
                RuleReport(
                    rule.rule_id,
                    rule.description,
                    rule.effect,
                    verdict,
                    unmet,
                    condition_held,
                    fault,
                )
            )

    @property
    def subjects(self) -> tuple[Equality, ...] | None:
        """Who the rule opens or closes for, when that is all it asks; else None."""
        is_plain = not self.about and self.condition is None and self.given == NOTHING_GIVEN
        return equalities_of(self.rest[0].source) if is_plain and len(self.rest) == 1 else None


@dataclass(frozen=True, slots=True)
class _SubjectSet:
    """The values of one attribute that rules of a run ask for, and which rules, by position."""

    name: AttributeName
    ignores_case: bool
    values: frozenset[str]
    rules_for: Mapping[str, frozenset[int]]


@dataclass(frozen=True, slots=True)
class MergedStep:
    """Neighbouring rules of one effect that ask for nothing but one of some subject attributes.

    Such rules cannot fail. `stops` says that the combining algorithm reads no further after one of
    them has applied, so that only the first that applies has been asked.
    """

    rules: tuple[RuleStep, ...]
    sets: tuple[_SubjectSet, ...]
    stops: bool

    def verdict(self, walk: Walk) -> Verdict:
        """The rules' effect if one of them applies."""
        walk.is_known = True
        hits = self.hits(walk.request.entries)
        if walk.trail.is_listening:
            self.report(walk, hits)
        if not hits:
            return Verdict.NOT_APPLICABLE
        verdict = VERDICT_OF[self.rules[0].rule.effect]
        rule_ids = tuple(self.rules[position].rule.rule_id for position in hits)
        walk.decided.append((verdict, rule_ids, NOTHING_GIVEN))
        return verdict

    def hits(self, entries: Mapping[AttributeName, Entry]) -> tuple[int, ...]:
        """The positions of the rules that apply, in order; only the first when that stops."""
        found: set[int] = set()
        for subjects in self.sets:
            entry = entries.get(subjects.name)
            if entry is None:
                continue
            # SPEED: benchmarks/decide.py; a standing's bags carry their sets with them.
            if entry.__class__ is StringBag:
                held = entry.lowered if subjects.ignores_case else entry.exact
            else:
                held = strings_in(entry, lowered=subjects.ignores_case)
            if subjects.values.isdisjoint(held):
                continue
            if len(self.rules) == 1:
                return (0,)
            for value in subjects.values & held:
                found |= subjects.rules_for[value]
        return (min(found),) if found and self.stops else tuple(sorted(found))

    def report(self, walk: Walk, hits: tuple[int, ...]) -> None:
        """Tell what became of each rule that was asked."""
        for position, step in enumerate(self.rules):
            if position in hits:
                step.report(walk, VERDICT_OF[step.rule.effect])
                if self.stops:
                    break
            else:
                step.report_unmet(walk)


def compile_rule(
    rule: Rule, *, compiler: ExpressionCompiler, variables: Mapping[str, Expression]
) -> RuleStep:
    """The rule with every part of its target to be asked."""
    about = [any_of for any_of in rule.target.any_ofs if is_about_what(any_of)]
    rest = [any_of for any_of in rule.target.any_ofs if not is_about_what(any_of)]
    narrowed = [part for part in map(narrowed_of, rest) if part is not None]
    condition = None if rule.condition is None else compiler.compile(rule.condition)
    directives = compile_directives(rule.directives, rule.effect, compiler, variables)
    return RuleStep(
        rule=rule,
        about=compile_parts(about),
        narrowed=compile_parts(narrowed),
        rest=compile_parts(rest),
        condition=None if condition == Constant(result=True) else condition,
        directives=directives,
        given=directives.constant,
    )


def without_covered(step: RuleStep, covered: frozenset[int]) -> RuleStep:
    """The rule for requests an index has already judged the covered parts of its target for."""
    judged = [step.rule.target.any_ofs[position] for position in covered]
    about = tuple(part for part in step.about if not any(part.source is held for held in judged))
    return replace(step, about=about)


def merged(steps: Sequence[RuleStep], *, stops: Callable[[Verdict], bool]) -> tuple[Step, ...]:
    """The steps in their order, with runs that can be merged as one step each."""
    found: list[Step] = []
    for effect, run in groupby(steps, key=_merge_key):
        if effect is None:
            found.extend(run)
        else:
            found.append(_merge(tuple(run), stops=stops(VERDICT_OF[effect])))
    return tuple(found)


def _merge_key(step: RuleStep) -> Effect | None:
    return None if step.subjects is None else step.rule.effect


def _merge(steps: tuple[RuleStep, ...], *, stops: bool) -> MergedStep:
    wanted: dict[tuple[AttributeName, bool], dict[str, set[int]]] = {}
    for position, step in enumerate(steps):
        for equality in step.subjects or ():
            rules_for = wanted.setdefault((equality.name, equality.ignores_case), {})
            rules_for.setdefault(equality.value, set()).add(position)
    sets = tuple(
        _SubjectSet(
            name,
            ignores_case,
            frozenset(rules_for),
            {value: frozenset(positions) for value, positions in rules_for.items()},
        )
        for (name, ignores_case), rules_for in wanted.items()
    )
    return MergedStep(steps, sets, stops)
