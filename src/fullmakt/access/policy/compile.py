"""A sound policy, compiled to an evaluator that is asked many times.

Partial evaluation leaves for each (resource, action) the rules that can apply; runs of plain rules
become sets of subjects; where that is all that is left, every answer is made in advance. Nothing is
generated as source. `interpret.py` says the same slowly, and a property holds the two equal.
XACML 3.0 core section 7.12 to 7.14 and 7.18.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from types import NoneType
from typing import Final

from fullmakt.access.policy.combining import RULE_COMBINING, WITH_FAILED_TARGET, Combine
from fullmakt.access.policy.compile_expressions import ExpressionCompiler
from fullmakt.access.policy.compile_rules import (
    MergedStep,
    RuleStep,
    Step,
    Walk,
    compile_rule,
    merged,
    without_covered,
)
from fullmakt.access.policy.compile_targets import Part, are_met, compile_parts, unmet_of
from fullmakt.access.policy.directives import CompiledDirectives, compile_directives
from fullmakt.access.policy.index import (
    ACTION_NAME,
    APP_NAME,
    OWNER_NAME,
    RESOURCE_NAME,
    App,
    ResourceKey,
    Scope,
    scope_of,
)
from fullmakt.access.policy.model import Effect, Policy, Rule
from fullmakt.access.policy.outcome import (
    EFFECT_OF,
    FAILED_VERDICT_OF,
    NOTHING_GIVEN,
    VERDICT_OF,
    Directive,
    Evaluation,
    Fault,
    PolicyIdentifier,
    Verdict,
    evaluation,
)
from fullmakt.access.policy.outline import (
    Opening,
    RuleOutline,
    asks_the_time,
    openings_of,
    outline_of,
    subject_attributes_of,
)
from fullmakt.access.policy.request import AttributeName, Entry, RequestAttributes
from fullmakt.access.policy.trail import NO_TRAIL, Trail
from fullmakt.access.policy.whom import only_gains, permitting_rules

LARGEST_INDEX: Final = 20_000
_ONE_OR_NONE: Final = (str, NoneType)


@dataclass(frozen=True, slots=True)
class _Answers:
    """Every answer of a merged step that is all there is to ask: for each rule, and for none."""

    step: MergedStep
    for_rule: tuple[Evaluation, ...]
    for_none: Evaluation

    def answer(self, request: RequestAttributes, trail: Trail) -> Evaluation:
        hits = self.step.hits(request.entries)
        if trail.is_listening:
            self.step.report(Walk(request, trail), hits)
        if not hits:
            return self.for_none
        if len(hits) == 1:
            return self.for_rule[hits[0]]
        rule_ids = tuple(self.step.rules[position].rule.rule_id for position in hits)
        return replace(self.for_rule[hits[0]], matched_rules=rule_ids)


@dataclass(frozen=True, slots=True)
class _Cell:
    """What is left of a policy for one resource and action."""

    steps: tuple[Step, ...]
    answers: _Answers | None = None


class CompiledPolicy:
    """A policy that can be asked. Immutable, and safe to ask from many threads."""

    __slots__ = (
        "_by_app",
        "_by_resource",
        "_combine",
        "_directives",
        "_elsewhere",
        "_target",
        "_unindexed",
        "asks_the_time",
        "identifier",
        "only_gains",
        "outlines",
        "policy",
        "policy_id",
        "subject_attributes",
        "version",
    )

    def __init__(self, policy: Policy) -> None:
        compiler = ExpressionCompiler(policy.variables)
        self.policy = policy
        """What was compiled."""
        self.policy_id = policy.policy_id
        self.version = policy.version
        self.identifier = PolicyIdentifier(policy.policy_id, policy.version)
        self.subject_attributes = subject_attributes_of(policy)
        """Ids of the subject attributes the policy looks at: what a request need carry."""
        self.asks_the_time = asks_the_time(policy)
        """Whether a request needs to know the time."""
        self.only_gains = only_gains(policy)
        """Whether having one subject attribute more never takes a permit away."""
        self.outlines: tuple[RuleOutline, ...] = tuple(map(outline_of, policy.rules))
        self._combine: Combine = RULE_COMBINING[policy.combining]
        self._target: tuple[Part, ...] = compile_parts(policy.target.any_ofs)
        self._directives: Mapping[Effect, CompiledDirectives] = {
            effect: compile_directives(policy.directives, effect, compiler, policy.variables)
            for effect in Effect
        }
        steps = [
            compile_rule(rule, compiler=compiler, variables=policy.variables)
            for rule in policy.rules
        ]
        self._unindexed = _Cell(tuple(steps))
        self._index(steps, [scope_of(rule.target) for rule in policy.rules])

    @property
    def resources(self) -> frozenset[str]:
        """Every resource a rule names; apps as their id in the resource registry."""
        return frozenset(
            resource for outline in self.outlines for resource in outline.resources or ()
        )

    def rules_for(self, resource: str, action: str) -> tuple[RuleOutline, ...]:
        """The rules that can apply to a resource and action, in document order."""
        return tuple(held for held in self.outlines if held.may_be_about(resource, action))

    def permitting_rules(self, resource: str, action: str) -> tuple[Rule, ...] | None:
        """The rules of which one applies wherever the policy permits; None where none need."""
        return permitting_rules(self.policy, self.outlines, resource, action)

    def openings(self) -> tuple[Opening, ...]:
        """What plain Permit rules open, for finding resources by subject."""
        return tuple(opening for outline in self.outlines for opening in openings_of(outline))

    def permit_obligations(self, request: RequestAttributes) -> tuple[Directive, ...]:
        """What the policy itself asks for with every Permit, whoever permits. Raises Fault."""
        return self._directives[Effect.PERMIT].given(request).obligations

    def applicability(self, request: RequestAttributes) -> bool | Fault:
        """Whether the policy's own target holds, or why that cannot be told."""
        return are_met(self._target, request)

    def evaluate(self, request: RequestAttributes, trail: Trail = NO_TRAIL) -> Evaluation:
        """The policy's answer. Never raises: what cannot be evaluated is Indeterminate."""
        cell = self._cell(request.entries)
        if cell.answers is not None:
            return cell.answers.answer(request, trail)
        return self._walk(cell.steps, Walk(request, trail))

    def _cell(self, entries: Mapping[AttributeName, Entry]) -> _Cell:
        """The index serves requests with one action, and at most one resource and one app."""
        action, resource = entries.get(ACTION_NAME), entries.get(RESOURCE_NAME)
        if not isinstance(action, str) or not isinstance(resource, _ONE_OR_NONE):
            return self._unindexed
        found = self._by_resource.get((resource, action))
        if not self._by_app:
            return found or self._elsewhere
        owner, app = entries.get(OWNER_NAME), entries.get(APP_NAME)
        if not isinstance(owner, _ONE_OR_NONE) or not isinstance(app, _ONE_OR_NONE):
            return self._unindexed
        found_for_app = self._by_app.get((owner, app, action))
        if found is not None and found_for_app is not None:
            return self._unindexed
        return found or found_for_app or self._elsewhere

    def _index(self, steps: Sequence[RuleStep], scopes: Sequence[Scope]) -> None:
        places, everywhere = _places(scopes)
        left = [
            without_covered(step, scope.covered) for step, scope in zip(steps, scopes, strict=True)
        ]
        self._by_resource: dict[tuple[str | None, str], _Cell] = {}
        self._by_app: dict[tuple[str | None, str | None, str], _Cell] = {}
        for (key, action), orders in places.items():
            kept = [
                left[order] if order in orders else steps[order]
                for order in sorted(orders | everywhere)
            ]
            cell = self._cell_of(kept)
            if isinstance(key, App):
                self._by_app[key.owner, key.app, action] = cell
            else:
                self._by_resource[key, action] = cell
        self._elsewhere = self._cell_of([steps[order] for order in sorted(everywhere)])

    def _cell_of(self, rules: Sequence[RuleStep]) -> _Cell:
        steps = merged(rules, stops=lambda verdict: _stops_at(self._combine, verdict))
        if not self._is_settled:
            return _Cell(steps)
        match steps:
            case ():
                return _Cell(steps, self._answers(MergedStep((), (), stops=False)))
            case (MergedStep() as only,):
                return _Cell(steps, self._answers(only))
            case _:
                return _Cell(steps)

    @property
    def _is_settled(self) -> bool:
        """Whether nothing outside the rules depends on the request."""
        return not self._target and all(
            directives.constant is not None for directives in self._directives.values()
        )

    def _answers(self, step: MergedStep) -> _Answers:
        def answer(verdict: Verdict, *rule_ids: str) -> Evaluation:
            walk = Walk(RequestAttributes({}), NO_TRAIL, is_known=bool(step.rules))
            walk.decided.append((verdict, rule_ids, NOTHING_GIVEN))
            return self._concluded(self._combine([verdict]), walk)

        return _Answers(
            step,
            tuple(answer(VERDICT_OF[held.rule.effect], held.rule.rule_id) for held in step.rules),
            answer(Verdict.NOT_APPLICABLE),
        )

    def _walk(self, steps: Sequence[Step], walk: Walk) -> Evaluation:
        target = are_met(self._target, walk.request)
        if target is False:
            if walk.trail.is_listening:
                walk.trail.policy_target_unmet(unmet_of(self._target, walk.request))
            return self._concluded(Verdict.NOT_APPLICABLE, walk)
        verdict = self._combine(step.verdict(walk) for step in steps)
        if isinstance(target, Fault):
            walk.faults.insert(0, target)
            verdict = WITH_FAILED_TARGET[verdict]
        return self._concluded(verdict, walk)

    def _concluded(self, verdict: Verdict, walk: Walk) -> Evaluation:
        given, effect = NOTHING_GIVEN, EFFECT_OF.get(verdict)
        if effect is not None:
            try:
                given = self._directives[effect].given(walk.request)
            except Fault as fault:
                verdict = FAILED_VERDICT_OF[effect]
                walk.faults.insert(0, fault)
        return evaluation(
            verdict,
            walk.decided,
            given,
            walk.faults,
            is_known=walk.is_known,
            policy=self.identifier,
        )


def compile_policy(policy: Policy) -> CompiledPolicy:
    """The evaluator of a policy that came from `parse_policy`."""
    return CompiledPolicy(policy)


def _places(
    scopes: Sequence[Scope],
) -> tuple[Mapping[tuple[ResourceKey, str], set[int]], set[int]]:
    """The rules by resource and action, and those that may be about any: as positions."""
    places: dict[tuple[ResourceKey, str], set[int]] = {}
    everywhere: set[int] = set()
    for order, scope in enumerate(scopes):
        if scope.resources is None or scope.actions is None:
            everywhere.add(order)
            continue
        if len(scope.resources) * len(scope.actions) > LARGEST_INDEX:
            return {}, set(range(len(scopes)))
        for key in product(scope.resources, scope.actions):
            places.setdefault(key, set()).add(order)
    size = sum(len(orders) + len(everywhere) for orders in places.values())
    return (places, everywhere) if size <= LARGEST_INDEX else ({}, set(range(len(scopes))))


def _stops_at(combine: Combine, verdict: Verdict) -> bool:
    """Whether the algorithm reads no further after this verdict."""
    verdicts = iter((verdict, Verdict.NOT_APPLICABLE))
    combine(verdicts)
    return next(verdicts, None) is not None
