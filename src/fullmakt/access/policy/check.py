"""Whether a policy is sound: functions known, arguments of the right type, variables finite.

XACML 3.0 core section 7.1 and appendix A leave type errors to evaluation time; here they are
refused at upload, so a compiled policy cannot meet one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, assert_never

from fullmakt.access.policy.errors import PolicyRefused
from fullmakt.access.policy.functions import FUNCTIONS
from fullmakt.access.policy.model import (
    Apply,
    AttributeDesignator,
    AttributeValue,
    Directives,
    Expression,
    Match,
    Policy,
    PolicySet,
    Target,
    VariableReference,
)
from fullmakt.access.policy.patterns import BadPattern, compile_pattern
from fullmakt.access.policy.signatures import BOOLEAN, V1, V2, V3, Function, TypeOf
from fullmakt.access.policy.special_functions import (
    HIGHER_ORDER_FUNCTIONS,
    LogicalFunction,
    find_function,
    result_of,
)

LARGEST_EXPRESSION: Final = 10_000
DEEPEST_EXPRESSION: Final = 80
_TAKES_PATTERN: Final = frozenset(known for known in FUNCTIONS if known.endswith("-regexp-match"))
_LEFT_OUT: Final = {
    V3 + "access-permitted": "a policy may not ask for another decision here",
    **{
        f"{version}xpath-node-{name}": "XPath is not evaluated here"
        for version in (V1, V2, V3)
        for name in ("count", "equal", "match")
    },
}


def check_policy(policy: Policy) -> None:
    """Raises PolicyRefused at the first thing that is not sound."""
    checker = _Checker(policy.variables)
    for variable_id in policy.variables:
        checker.variable(variable_id)
    checker.check_target(policy.target)
    checker.check_directives(policy.directives)
    for rule in policy.rules:
        checker.check_target(rule.target)
        if rule.condition is not None:
            checker.check_condition(rule.condition)
        checker.check_directives(rule.directives)


def check_set(policy_set: PolicySet) -> None:
    """The same for what stands in a set itself. Raises PolicyRefused."""
    checker = _Checker({})
    checker.check_target(policy_set.target)
    checker.check_directives(policy_set.directives)


@dataclass(frozen=True, slots=True)
class _Variable:
    """What is known of a variable: its type, how many parts it has, and how deep they nest."""

    type: TypeOf
    size: int
    height: int


class _Checker:
    """Finds the type and extent of expressions; a variable's once, when it is first met."""

    def __init__(self, variables: Mapping[str, Expression]) -> None:
        self._expressions = variables
        self._known: dict[str, _Variable] = {}
        self._open: set[str] = set()
        self._size = 0
        self._depth = 0
        self._peak = 0

    def check_target(self, target: Target) -> None:
        for any_of in target.any_ofs:
            for all_of in any_of.all_ofs:
                for match in all_of.matches:
                    _check_match(match)

    def check_condition(self, condition: Expression) -> None:
        found = self._whole_type(condition)
        if found != BOOLEAN:
            raise _refused(condition, f"a condition is a boolean, and this is a {found}")

    def check_directives(self, directives: Directives) -> None:
        for directive in (*directives.obligations, *directives.advice):
            for assignment in directive.assignments:
                self._whole_type(assignment.expression)

    def variable(self, variable_id: str) -> _Variable:
        if variable_id not in self._known:
            expression = self._expressions[variable_id]
            if variable_id in self._open:
                raise _refused(expression, f"the variable `{variable_id}` refers to itself")
            self._open.add(variable_id)
            size, peak = self._size, self._peak
            self._size, self._peak = 0, self._depth
            found = self._type(expression)
            self._known[variable_id] = _Variable(found, self._size, self._peak - self._depth)
            self._size, self._peak = size, max(peak, self._peak)
        return self._known[variable_id]

    def _whole_type(self, expression: Expression) -> TypeOf:
        self._size = self._peak = 0
        return self._type(expression)

    def _type(self, expression: Expression) -> TypeOf:
        self._depth += 1
        self._grow(expression, size=1, height=0)
        match expression:
            case AttributeValue():
                found = TypeOf(expression.data_type)
            case AttributeDesignator():
                found = TypeOf(expression.data_type, is_bag=True)
            case VariableReference():
                found = self._variable_type(expression)
            case Apply():
                found = self._apply_type(expression)
            case _:
                assert_never(expression)
        self._depth -= 1
        return found

    def _grow(self, expression: Expression, *, size: int, height: int) -> None:
        self._size += size
        self._peak = max(self._peak, self._depth + height)
        for extent, most in ((self._size, LARGEST_EXPRESSION), (self._peak, DEEPEST_EXPRESSION)):
            if extent > most:
                kind = "parts" if most == LARGEST_EXPRESSION else "levels"
                raise _refused(
                    expression, f"the expression has more than {most} {kind}, variables included"
                )

    def _variable_type(self, reference: VariableReference) -> TypeOf:
        if reference.variable_id not in self._expressions:
            raise _refused(reference, f"unknown variable `{reference.variable_id}`")
        variable = self.variable(reference.variable_id)
        self._grow(reference, size=variable.size, height=variable.height)
        return variable.type

    def _apply_type(self, apply: Apply) -> TypeOf:
        arguments = tuple(self._type(argument) for argument in apply.arguments)
        if apply.function_id in HIGHER_ORDER_FUNCTIONS:
            _check_higher_order(apply, arguments)
        else:
            function = _known(apply, apply.function_id)
            if apply.predicate is not None:
                raise _refused(apply, f"`{apply.function_id}` takes no function as an argument")
            if not function.takes(arguments):
                raise _refused(
                    apply, _wrong_arguments(apply.function_id, function.signature, arguments)
                )
            _check_pattern(apply.function_id, apply.arguments)
        return result_of(apply.function_id, apply.predicate)


def _known(apply: Apply, function_id: str) -> Function | LogicalFunction:
    function = find_function(function_id)
    if function is None:
        raise _refused(apply, _unknown("function", function_id))
    return function


def _unknown(kind: str, function_id: str) -> str:
    why = _LEFT_OUT.get(function_id)
    return f"unknown {kind} `{function_id}`" if why is None else f"`{function_id}`: {why}"


def _check_higher_order(apply: Apply, arguments: tuple[TypeOf, ...]) -> None:
    function = HIGHER_ORDER_FUNCTIONS[apply.function_id]
    if apply.predicate is None:
        raise _refused(apply, f"the first argument of `{apply.function_id}` is a function")
    passed = _known(apply, apply.predicate)
    if function.gives_bag and passed.result.is_bag:
        raise _refused(apply, f"`{apply.predicate}` gives a {passed.result}, not one value")
    if not function.gives_bag and passed.result != BOOLEAN:
        raise _refused(apply, f"`{apply.predicate}` gives a {passed.result}, not a boolean")
    if not function.takes(arguments):
        raise _refused(apply, _wrong_arguments(apply.function_id, function.signature, arguments))
    elements = tuple(TypeOf(argument.data_type) for argument in arguments)
    if not passed.takes(elements):
        raise _refused(apply, _wrong_arguments(apply.predicate, passed.signature, elements))
    _check_pattern(apply.predicate, apply.arguments)


def _check_match(match: Match) -> None:
    function = FUNCTIONS.get(match.function_id)
    if function is None:
        raise _refused(match, _unknown("match function", match.function_id))
    arguments = (TypeOf(match.literal.data_type), TypeOf(match.designator.data_type))
    if not function.takes(arguments):
        raise _refused(match, _wrong_arguments(match.function_id, function.signature, arguments))
    if function.result != BOOLEAN:
        raise _refused(match, f"`{match.function_id}` gives a {function.result}, not a boolean")
    _check_pattern(match.function_id, (match.literal,))


def _check_pattern(function_id: str, arguments: Sequence[Expression]) -> None:
    pattern = arguments[0] if function_id in _TAKES_PATTERN else None
    if isinstance(pattern, AttributeValue):
        try:
            compile_pattern(str(pattern.value))
        except BadPattern as fault:
            raise _refused(pattern, f"the regular expression is not accepted: {fault}") from fault


def _wrong_arguments(function_id: str, signature: str, arguments: tuple[TypeOf, ...]) -> str:
    given = ", ".join(map(str, arguments))
    return f"`{function_id}` takes {signature}, and is given ({given})"


def _refused(where: Expression | Match, why: str) -> PolicyRefused:
    return PolicyRefused(why, line=where.line)
