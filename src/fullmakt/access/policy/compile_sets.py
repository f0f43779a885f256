"""Whole XACML 3.0 policies and policy sets, compiled to an evaluator for any request.

The way in for documents that are not about one resource of this domain: any categories, any data
types, policies that refer to each other. A policy inside a set is compiled as one that stands
alone is. XACML 3.0 core sections 7.12 to 7.14 and 7.18.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fullmakt.access.policy.combining import (
    ONLY_ONE_APPLICABLE,
    POLICY_COMBINING,
    WITH_FAILED_TARGET,
)
from fullmakt.access.policy.compile import CompiledPolicy
from fullmakt.access.policy.compile_expressions import ExpressionCompiler
from fullmakt.access.policy.compile_targets import Part, are_met, compile_parts, unmet_of
from fullmakt.access.policy.directives import compile_directives
from fullmakt.access.policy.model import Effect, Policy, PolicySet, PolicyTree
from fullmakt.access.policy.outcome import (
    EFFECT_OF,
    FAILED_VERDICT_OF,
    NOTHING_GIVEN,
    Evaluation,
    Fault,
    PolicyIdentifier,
    Verdict,
    set_evaluation,
)
from fullmakt.access.policy.parse_sets import parse_policies
from fullmakt.access.policy.request import RequestAttributes
from fullmakt.access.policy.trail import NO_TRAIL, Trail


def compile_documents(root: bytes, *referenced: bytes) -> CompiledPolicy | CompiledPolicySet:
    """The evaluator of a root `Policy` or `PolicySet` document, ready for any request.

    `referenced` are the documents that `PolicyIdReference` and `PolicySetIdReference` may lead to,
    by the id and version of their outermost element; where several versions match, the latest is
    taken. Raises PolicyRefused (line, reason, and the number of the document, the root being 1) if
    any document is unsound, a reference leads nowhere or in a circle, or two policies have the same
    id and version.

    What is returned is immutable and may be asked from many threads::

        policy = compile_documents(root, *others)
        answer = policy.evaluate(RequestAttributes(entries, now=now))

    `entries` maps (category, attribute id) to a bag: a tuple of `TypedValue`, made by
    `request.typed_value`, each with its data type, value and perhaps its issuer. `now`, with a
    time zone, stands for the environment's current time, date and dateTime where the request does
    not give them. The answer (`outcome.Evaluation`) has

    - `decision`, and `verdict` with the extended Indeterminate;
    - `status`: its code, message, and the missing attributes with category, id, data type, issuer;
    - `obligations` and `advice`: ids, and assignments with attribute id, data type, text (a literal
      of the data type), category and issuer;
    - `applicable`: the policies and sets for a `PolicyIdentifierList`.

    `evaluate` never raises: what cannot be evaluated is Indeterminate.
    """
    return compile_tree(parse_policies(root, *referenced))


def compile_tree(tree: PolicyTree) -> CompiledPolicy | CompiledPolicySet:
    """The evaluator of a tree that came from `parse_policies`."""
    return _TreeCompiler(tree).compile(tree.root)


class _TreeCompiler:
    """Compiles each policy of a tree once, however often it is referred to."""

    def __init__(self, tree: PolicyTree) -> None:
        self._tree = tree
        self._compiled: dict[int, CompiledPolicy | CompiledPolicySet] = {}

    def compile(self, held: Policy | PolicySet) -> CompiledPolicy | CompiledPolicySet:
        if id(held) not in self._compiled:
            self._compiled[id(held)] = (
                CompiledPolicy(held)
                if isinstance(held, Policy)
                else CompiledPolicySet(
                    held, [self.compile(self._tree.found(member)) for member in held.members]
                )
            )
        return self._compiled[id(held)]


class CompiledPolicySet:
    """A policy set that can be asked. Immutable, and safe to ask from many threads."""

    __slots__ = ("_combine", "_directives", "_members", "_needs_one", "_target", "identifier")

    def __init__(
        self, policy_set: PolicySet, members: Sequence[CompiledPolicy | CompiledPolicySet]
    ) -> None:
        compiler = ExpressionCompiler({})
        self.identifier = PolicyIdentifier(policy_set.policy_id, policy_set.version, is_set=True)
        self._members = tuple(members)
        self._combine = POLICY_COMBINING[policy_set.combining]
        self._needs_one = policy_set.combining == ONLY_ONE_APPLICABLE
        self._target: tuple[Part, ...] = compile_parts(policy_set.target.any_ofs)
        self._directives = {
            effect: compile_directives(policy_set.directives, effect, compiler, {})
            for effect in Effect
        }

    def applicability(self, request: RequestAttributes) -> bool | Fault:
        """Whether the set's own target holds, or why that cannot be told."""
        return are_met(self._target, request)

    def evaluate(self, request: RequestAttributes, trail: Trail = NO_TRAIL) -> Evaluation:
        """The set's answer. Never raises: what cannot be evaluated is Indeterminate."""
        answers: list[Evaluation] = []
        target = self.applicability(request)
        if target is False:
            if trail.is_listening:
                trail.policy_target_unmet(unmet_of(self._target, request))
            return self._concluded(Verdict.NOT_APPLICABLE, answers)
        fault = target if isinstance(target, Fault) else None
        try:
            members = self._the_only_one(request) if self._needs_one else self._members
        except Fault as failed:
            return self._concluded(Verdict.INDETERMINATE_DP, answers, fault=fault or failed)

        def verdicts() -> Iterator[Verdict]:
            for member in members:
                answers.append(member.evaluate(request, trail))
                yield answers[-1].verdict

        verdict = self._combine(verdicts())
        if fault is not None:
            return self._concluded(WITH_FAILED_TARGET[verdict], answers, fault=fault)
        effect = EFFECT_OF.get(verdict)
        if effect is None:
            return self._concluded(verdict, answers)
        try:
            given = self._directives[effect].given(request)
        except Fault as failed:
            return self._concluded(FAILED_VERDICT_OF[effect], answers, fault=failed)
        return set_evaluation(verdict, answers, given, None, policy=self.identifier)

    def _the_only_one(
        self, request: RequestAttributes
    ) -> tuple[CompiledPolicy | CompiledPolicySet, ...]:
        """Appendix C.9: the member whose target holds, if one does. Raises Fault."""
        found: tuple[CompiledPolicy | CompiledPolicySet, ...] = ()
        for member in self._members:
            applies = member.applicability(request)
            if isinstance(applies, Fault):
                raise applies
            if applies:
                if found:
                    raise _more_than_one(found[0].identifier, member.identifier)
                found = (member,)
        return found

    def _concluded(
        self, verdict: Verdict, answers: Sequence[Evaluation], *, fault: Fault | None = None
    ) -> Evaluation:
        return set_evaluation(verdict, answers, NOTHING_GIVEN, fault, policy=self.identifier)


def _more_than_one(first: PolicyIdentifier, second: PolicyIdentifier) -> Fault:
    """The fault of a set that needs one applicable member and has two."""
    ids = f"`{first.policy_id}` and `{second.policy_id}`"
    return Fault(f"only one policy may apply, and {ids} both do")
