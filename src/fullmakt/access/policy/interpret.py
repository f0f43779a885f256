"""What a policy means, said plainly: the oracle that the compiled evaluator is held equal to.

Walks the document as XACML 3.0 core section 7 tells it: no index, no merging, no folding. It
shares the tables of functions and combining algorithms with the compiler, and nothing else of it.
Not used to decide: it is an order of magnitude slower.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import assert_never

from fullmakt.access.policy import names
from fullmakt.access.policy.combining import (
    ONLY_ONE_APPLICABLE,
    POLICY_COMBINING,
    RULE_COMBINING,
    WITH_FAILED_TARGET,
)
from fullmakt.access.policy.data_types import Bag
from fullmakt.access.policy.directives import assignments_of, data_type_of
from fullmakt.access.policy.functions import FUNCTIONS
from fullmakt.access.policy.model import (
    AllOf,
    AnyOf,
    Apply,
    AttributeDesignator,
    AttributeValue,
    DirectiveExpression,
    Directives,
    Effect,
    Expression,
    Match,
    Policy,
    PolicySet,
    PolicyTree,
    Rule,
    VariableReference,
)
from fullmakt.access.policy.outcome import (
    EFFECT_OF,
    FAILED_VERDICT_OF,
    NOTHING_GIVEN,
    VERDICT_OF,
    Decided,
    Directive,
    Evaluation,
    Fault,
    Given,
    MissingAttribute,
    PolicyIdentifier,
    Verdict,
    evaluation,
    set_evaluation,
)
from fullmakt.access.policy.request import RequestAttributes
from fullmakt.access.policy.signatures import Result
from fullmakt.access.policy.special_functions import (
    HIGHER_ORDER_FUNCTIONS,
    LOGICAL_FUNCTIONS,
    find_function,
)

Tri = bool | Fault
"""True, false, or why neither."""


def interpret(policy: Policy, request: RequestAttributes) -> Evaluation:
    """The answer of a sound policy to a request."""
    return _Interpreter(policy, request).policy_answer()


def interpret_tree(tree: PolicyTree, request: RequestAttributes) -> Evaluation:
    """The answer of the root of a sound tree to a request."""
    return _interpret_any(tree, tree.root, request)


def _interpret_any(
    tree: PolicyTree, held: Policy | PolicySet, request: RequestAttributes
) -> Evaluation:
    return (
        interpret(held, request)
        if isinstance(held, Policy)
        else _set_answer(tree, held, _outermost(held, request), request)
    )


def _outermost(held: Policy | PolicySet, request: RequestAttributes) -> _Interpreter:
    """What interprets the target and directives of a policy or set itself."""
    if isinstance(held, Policy):
        return _Interpreter(held, request)
    return _Interpreter(
        Policy(held.policy_id, held.version, "", held.target, (), held.directives), request
    )


def _set_answer(
    tree: PolicyTree, held: PolicySet, own: _Interpreter, request: RequestAttributes
) -> Evaluation:
    """Sections 7.13 and 7.14: the target, the members, and what the set itself gives."""
    identifier = PolicyIdentifier(held.policy_id, held.version, is_set=True)
    members = [tree.found(member) for member in held.members]
    target, fault, given = own.target(), None, NOTHING_GIVEN
    answers: list[Evaluation] = []
    verdict = Verdict.NOT_APPLICABLE
    if target is not False:
        if held.combining == ONLY_ONE_APPLICABLE:
            members, fault = _only_one(members, request)
        verdict = (
            POLICY_COMBINING[held.combining](_verdicts(tree, members, request, answers))
            if fault is None
            else Verdict.INDETERMINATE_DP
        )
    if isinstance(target, Fault):
        fault, verdict = target, WITH_FAILED_TARGET[verdict]
    effect = EFFECT_OF.get(verdict)
    if effect is not None:
        try:
            given = own.given(held.directives, effect)
        except Fault as failed:
            fault, verdict = failed, FAILED_VERDICT_OF[effect]
    return set_evaluation(verdict, answers, given, fault, policy=identifier)


def _verdicts(
    tree: PolicyTree,
    members: Iterable[Policy | PolicySet],
    request: RequestAttributes,
    answers: list[Evaluation],
) -> Iterator[Verdict]:
    for member in members:
        answers.append(_interpret_any(tree, member, request))
        yield answers[-1].verdict


def _only_one(
    members: list[Policy | PolicySet], request: RequestAttributes
) -> tuple[list[Policy | PolicySet], Fault | None]:
    """Appendix C.9: the members to ask, or why none is."""
    applicable: list[Policy | PolicySet] = []
    for member in members:
        target = _outermost(member, request).target()
        if isinstance(target, Fault):
            return [], target
        if target:
            applicable.append(member)
        if len(applicable) > 1:
            first, second = (held.policy_id for held in applicable)
            return [], Fault(f"only one policy may apply, and `{first}` and `{second}` both do")
    return applicable, None


def all_hold(answers: Iterable[Tri]) -> Tri:
    """Tables 1 and 3: false if any is false, else the first fault, else true."""
    held = list(answers)
    if any(answer is False for answer in held):
        return False
    return next((answer for answer in held if isinstance(answer, Fault)), True)


def any_holds(answers: Iterable[Tri]) -> Tri:
    """Table 2: true if any is true, else the first fault, else false."""
    held = list(answers)
    if any(answer is True for answer in held):
        return True
    return next((answer for answer in held if isinstance(answer, Fault)), False)


@dataclass(slots=True)
class _Interpreter:
    """One policy asked one request."""

    policy: Policy
    request: RequestAttributes
    is_known: bool = False
    faults: list[Fault] = field(default_factory=list)
    decided: list[Decided] = field(default_factory=list)

    def target(self) -> Tri:
        return all_hold(map(self._any_of, self.policy.target.any_ofs))

    def policy_answer(self) -> Evaluation:
        target = self.target()
        if target is False:
            verdict = Verdict.NOT_APPLICABLE
        else:
            verdict = RULE_COMBINING[self.policy.combining](map(self._rule, self.policy.rules))
        if isinstance(target, Fault):
            self.faults.insert(0, target)
            verdict = WITH_FAILED_TARGET[verdict]
        given = NOTHING_GIVEN
        effect = EFFECT_OF.get(verdict)
        if effect is not None:
            try:
                given = self.given(self.policy.directives, effect)
            except Fault as fault:
                self.faults.insert(0, fault)
                verdict = FAILED_VERDICT_OF[effect]
        return evaluation(
            verdict,
            self.decided,
            given,
            self.faults,
            is_known=self.is_known,
            policy=PolicyIdentifier(self.policy.policy_id, self.policy.version),
        )

    def _rule(self, rule: Rule) -> Verdict:
        """Section 7.11, table 4. Parts about the resource and action alone are asked first."""
        about = all_hold(self._any_of(held) for held in rule.target.any_ofs if _is_about(held))
        rest = all_hold(self._any_of(held) for held in rule.target.any_ofs if not _is_about(held))
        self.is_known = self.is_known or self._is_known(rule)
        target = all_hold((about, rest))
        if target is False:
            return Verdict.NOT_APPLICABLE
        try:
            if isinstance(target, Fault):
                raise target
            if rule.condition is not None and self._value(rule.condition) is False:
                return Verdict.NOT_APPLICABLE
            given = self.given(rule.directives, rule.effect)
        except Fault as fault:
            self.faults.append(fault)
            self.decided.append((FAILED_VERDICT_OF[rule.effect], (rule.rule_id,), NOTHING_GIVEN))
            return FAILED_VERDICT_OF[rule.effect]
        self.decided.append((VERDICT_OF[rule.effect], (rule.rule_id,), given))
        return VERDICT_OF[rule.effect]

    def _is_known(self, rule: Rule) -> bool:
        """Whether all that the target asks of resource and action holds, whoever asks."""
        narrowed = [
            AnyOf(tuple(AllOf(tuple(filter(_is_what, held.matches))) for held in any_of.all_ofs))
            for any_of in rule.target.any_ofs
        ]
        return all_hold(map(self._any_of, narrowed)) is True

    def _any_of(self, any_of: AnyOf) -> Tri:
        return any_holds(map(self._all_of, any_of.all_ofs))

    def _all_of(self, all_of: AllOf) -> Tri:
        return all_hold(map(self._match, all_of.matches))

    def _match(self, match: Match) -> Tri:
        function = FUNCTIONS[match.function_id]
        try:
            bag = self._bag(match.designator)
        except Fault as fault:
            return fault
        return any_holds(_asked(function.apply, match.literal.value, value) for value in bag)

    def _bag(self, designator: AttributeDesignator) -> Bag:
        category, attribute_id = designator.category, designator.attribute_id
        bag = self.request.bag((category, attribute_id), designator.data_type, designator.issuer)
        if not bag and designator.must_be_present:
            raise Fault(
                f"the attribute `{attribute_id}` must be present, and is not",
                missing=MissingAttribute(
                    category, attribute_id, designator.data_type, designator.issuer
                ),
            )
        return bag

    def _value(self, expression: Expression) -> Result:
        match expression:
            case AttributeValue():
                return expression.value
            case AttributeDesignator():
                return self._bag(expression)
            case VariableReference():
                return self._value(self.policy.variables[expression.variable_id])
            case Apply():
                return self._applied(expression)
            case _:
                assert_never(expression)

    def _applied(self, apply: Apply) -> Result:
        if apply.function_id in LOGICAL_FUNCTIONS:
            thunks = [_later(self._value, argument) for argument in apply.arguments]
            return LOGICAL_FUNCTIONS[apply.function_id].decide(thunks)
        arguments = [self._value(argument) for argument in apply.arguments]
        if apply.predicate is not None:
            passed = find_function(apply.predicate)
            assert passed is not None
            return HIGHER_ORDER_FUNCTIONS[apply.function_id].decide(passed.apply, arguments)
        return FUNCTIONS[apply.function_id].apply(*arguments)

    def given(self, directives: Directives, on: Effect) -> Given:
        obligations = tuple(self._directives(directives.obligations, on))
        return Given(obligations, tuple(self._directives(directives.advice, on)))

    def _directives(
        self, expressions: Iterable[DirectiveExpression], on: Effect
    ) -> Iterator[Directive]:
        for expression in expressions:
            if expression.on is on:
                assignments = [
                    assigned
                    for held in expression.assignments
                    for assigned in assignments_of(
                        held,
                        self._value(held.expression),
                        data_type_of(held.expression, self.policy.variables),
                    )
                ]
                yield Directive(expression.directive_id, tuple(assignments))


def _is_about(any_of: AnyOf) -> bool:
    return all(_is_what(match) for held in any_of.all_ofs for match in held.matches)


def _is_what(match: Match) -> bool:
    return match.designator.category in {names.RESOURCE, names.ACTION}


def _asked(function: Callable[..., Result], *arguments: Result) -> Tri:
    try:
        return function(*arguments) is True
    except Fault as fault:
        return fault


def _later(
    evaluate: Callable[[Expression], Result], expression: Expression
) -> Callable[[], Result]:
    return lambda: evaluate(expression)
