"""Obligations and advice: their expressions compiled, and evaluated for one decision.

XACML 3.0 core section 7.18: only those for the decision given are evaluated, and one that fails
makes the rule or policy it stands in Indeterminate. An empty bag assigns nothing, a longer one each
value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from fullmakt.access.policy.compile_expressions import Constant, Evaluate, ExpressionCompiler
from fullmakt.access.policy.model import (
    Apply,
    AssignmentExpression,
    AttributeDesignator,
    AttributeValue,
    DirectiveExpression,
    Directives,
    Effect,
    Expression,
    VariableReference,
)
from fullmakt.access.policy.outcome import Assignment, Directive, Given
from fullmakt.access.policy.request import RequestAttributes
from fullmakt.access.policy.signatures import Result
from fullmakt.access.policy.special_functions import result_of


@dataclass(frozen=True, slots=True)
class CompiledAssignment:
    """One assignment expression, with the data type its values have."""

    expression: AssignmentExpression
    data_type: str
    evaluate: Evaluate


@dataclass(frozen=True, slots=True)
class CompiledDirective:
    """One obligation or piece of advice; `constant` when it depends on no attribute."""

    directive_id: str
    assignments: tuple[CompiledAssignment, ...]
    constant: Directive | None

    def given(self, request: RequestAttributes) -> Directive:
        """The directive for a request. Raises Fault."""
        if self.constant is not None:
            return self.constant
        return Directive(
            self.directive_id,
            tuple(
                assignment
                for compiled in self.assignments
                for assignment in assignments_of(
                    compiled.expression, compiled.evaluate(request), compiled.data_type
                )
            ),
        )


@dataclass(frozen=True, slots=True)
class CompiledDirectives:
    """The directives of a rule or policy for one of its decisions."""

    obligations: tuple[CompiledDirective, ...]
    advice: tuple[CompiledDirective, ...]

    @property
    def constant(self) -> Given | None:
        """What is given on every request, if it is the same on every request."""
        obligations = tuple(held.constant for held in self.obligations if held.constant is not None)
        advice = tuple(held.constant for held in self.advice if held.constant is not None)
        is_constant = len(obligations) + len(advice) == len(self.obligations) + len(self.advice)
        return Given(obligations, advice) if is_constant else None

    def given(self, request: RequestAttributes) -> Given:
        """The directives for a request. Raises Fault."""
        return Given(
            tuple(obligation.given(request) for obligation in self.obligations),
            tuple(piece.given(request) for piece in self.advice),
        )


def compile_directives(
    directives: Directives,
    on: Effect,
    compiler: ExpressionCompiler,
    variables: Mapping[str, Expression],
) -> CompiledDirectives:
    """Those of the directives that go with the decision `on`."""

    def compiled(expressions: tuple[DirectiveExpression, ...]) -> tuple[CompiledDirective, ...]:
        return tuple(
            _compile_directive(expression, compiler, variables)
            for expression in expressions
            if expression.on is on
        )

    return CompiledDirectives(compiled(directives.obligations), compiled(directives.advice))


def _compile_directive(
    expression: DirectiveExpression,
    compiler: ExpressionCompiler,
    variables: Mapping[str, Expression],
) -> CompiledDirective:
    assignments = tuple(
        CompiledAssignment(
            assignment,
            data_type_of(assignment.expression, variables),
            compiler.compile(assignment.expression),
        )
        for assignment in expression.assignments
    )
    found = CompiledDirective(expression.directive_id, assignments, None)
    if not all(isinstance(assignment.evaluate, Constant) for assignment in assignments):
        return found
    constant = found.given(RequestAttributes({}))
    return CompiledDirective(expression.directive_id, assignments, constant)


def assignments_of(
    expression: AssignmentExpression, result: Result, data_type: str
) -> tuple[Assignment, ...]:
    """The assignments a result makes: one for a value, one for each value of a bag."""
    values = result if isinstance(result, tuple) else (result,)
    return tuple(
        Assignment(
            expression.attribute_id, data_type, value, expression.category, expression.issuer
        )
        for value in values
    )


def data_type_of(expression: Expression, variables: Mapping[str, Expression]) -> str:
    """The data type of a sound expression's value, or of the values of its bag."""
    match expression:
        case AttributeValue() | AttributeDesignator():
            return expression.data_type
        case VariableReference():
            return data_type_of(variables[expression.variable_id], variables)
        case Apply():
            return result_of(expression.function_id, expression.predicate).data_type
        case _:
            assert_never(expression)
