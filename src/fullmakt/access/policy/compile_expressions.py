"""Expressions as closures: each takes a request and gives a value or a bag, or raises Fault.

Partial evaluation: what depends on no attribute is evaluated here, once; a constant that fails is
left to fail when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final, assert_never

from fullmakt.access.policy.functions import FUNCTIONS
from fullmakt.access.policy.model import (
    Apply,
    AttributeDesignator,
    AttributeValue,
    Expression,
    VariableReference,
)
from fullmakt.access.policy.outcome import Fault, MissingAttribute
from fullmakt.access.policy.request import RequestAttributes
from fullmakt.access.policy.signatures import Result
from fullmakt.access.policy.special_functions import (
    HIGHER_ORDER_FUNCTIONS,
    LOGICAL_FUNCTIONS,
    find_function,
)

Evaluate = Callable[[RequestAttributes], Result]

_NOTHING: Final = RequestAttributes({})


@dataclass(frozen=True, slots=True)
class Constant:
    """An expression whose value is known before any request."""

    result: Result

    def __call__(self, _request: RequestAttributes) -> Result:
        """The same for every request."""
        return self.result


class ExpressionCompiler:
    """Compiles the expressions of one policy; each of its variables once."""

    def __init__(self, variables: Mapping[str, Expression]) -> None:
        self._variables = variables
        self._compiled: dict[str, Evaluate] = {}

    def compile(self, expression: Expression) -> Evaluate:
        """The closure of an expression that `check_policy` found sound."""
        match expression:
            case AttributeValue():
                return Constant(expression.value)
            case AttributeDesignator():
                return compile_designator(expression)
            case VariableReference():
                return self._variable(expression.variable_id)
            case Apply():
                return self._apply(expression)
            case _:
                assert_never(expression)

    def _variable(self, variable_id: str) -> Evaluate:
        if variable_id not in self._compiled:
            self._compiled[variable_id] = self.compile(self._variables[variable_id])
        return self._compiled[variable_id]

    def _apply(self, apply: Apply) -> Evaluate:
        arguments = tuple(self.compile(argument) for argument in apply.arguments)
        if apply.predicate is not None:
            evaluate = _higher_order(apply.function_id, apply.predicate, arguments)
        elif apply.function_id in LOGICAL_FUNCTIONS:
            evaluate = _logical(apply.function_id, arguments)
        else:
            evaluate = _plain(apply.function_id, arguments)
        return _folded(evaluate, arguments)


def compile_designator(designator: AttributeDesignator) -> Evaluate:
    """The bag a designator names; empty where one must be present is a fault."""
    name = (designator.category, designator.attribute_id)
    data_type, issuer = designator.data_type, designator.issuer
    must_be_present = designator.must_be_present

    def evaluate(request: RequestAttributes) -> Result:
        bag = request.bag(name, data_type, issuer)
        if must_be_present and not bag:
            raise missing(designator)
        return bag

    return evaluate


def missing(designator: AttributeDesignator) -> Fault:
    """The fault of a bag that must have a value and has none."""
    return Fault(
        f"the attribute `{designator.attribute_id}` must be present, and is not",
        missing=MissingAttribute(
            designator.category, designator.attribute_id, designator.data_type, designator.issuer
        ),
    )


def _higher_order(function_id: str, predicate: str, arguments: tuple[Evaluate, ...]) -> Evaluate:
    decide, passed = HIGHER_ORDER_FUNCTIONS[function_id].decide, find_function(predicate)
    assert passed is not None
    apply = passed.apply

    def evaluate(request: RequestAttributes) -> Result:
        return decide(apply, [argument(request) for argument in arguments])

    return evaluate


def _logical(function_id: str, arguments: tuple[Evaluate, ...]) -> Evaluate:
    decide = LOGICAL_FUNCTIONS[function_id].decide

    def evaluate(request: RequestAttributes) -> Result:
        return decide([partial(argument, request) for argument in arguments])

    return evaluate


def _plain(function_id: str, arguments: tuple[Evaluate, ...]) -> Evaluate:
    apply = FUNCTIONS[function_id].apply
    if len(arguments) == 1:
        (only,) = arguments
        return lambda request: apply(only(request))
    if len(arguments) == 2:
        left, right = arguments
        return lambda request: apply(left(request), right(request))
    return lambda request: apply(*[argument(request) for argument in arguments])


def _folded(evaluate: Evaluate, arguments: tuple[Evaluate, ...]) -> Evaluate:
    if not all(isinstance(argument, Constant) for argument in arguments):
        return evaluate
    try:
        return Constant(evaluate(_NOTHING))
    except Fault:
        return evaluate
