"""Policies told to people: for each rule who may do what, on what, when, and with which duties.

Every part of every rule is told, also what the index or the list of subjects leaves out; a cell
says in words what the document says in elements.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, assert_never

from fullmakt.access.policy import names
from fullmakt.access.policy.data_types import write_value
from fullmakt.access.policy.model import (
    AllOf,
    AnyOf,
    Apply,
    AttributeDesignator,
    AttributeValue,
    Directives,
    Effect,
    Expression,
    Match,
    Policy,
    PolicyReference,
    PolicySet,
    PolicyTree,
    Rule,
    Target,
    VariableReference,
)

_COLUMNS: Final[Mapping[str, str]] = {
    names.SUBJECT: "who",
    names.ACTION: "may",
    names.RESOURCE: "on",
}
_NAMELESS: Final = frozenset({(names.ACTION, names.ACTION_ID), (names.RESOURCE, names.RESOURCE_ID)})
"""What a value alone tells in its column."""
_EQUALITIES: Final = ("-equal", "-equal-ignore-case")
_COMPARISONS: Final = {
    "-greater-than": "<",
    "-greater-than-or-equal": "<=",
    "-less-than": ">",
    "-less-than-or-equal": ">=",
}
"""SPEC: the literal is a match's first argument, and is told second."""


@dataclass(frozen=True, slots=True)
class ShownRule:
    """One rule. `who`, `may` and `on` are alternatives; empty ones ask for nothing.

    `when` must hold besides, each of them; `duties` are obligations and advice that go with it.
    """

    policy: str
    rule: str
    effect: Effect
    who: tuple[str, ...]
    may: tuple[str, ...]
    on: tuple[str, ...]
    when: tuple[str, ...]
    duties: tuple[str, ...]


def shown(tree: PolicyTree) -> list[ShownRule]:
    """Every rule that the root leads to, in document order."""
    return list(_shown(tree, tree.root, (), ()))


def _shown(
    tree: PolicyTree,
    held: Policy | PolicySet,
    targets: tuple[Target, ...],
    directives: tuple[Directives, ...],
) -> Iterator[ShownRule]:
    targets, directives = (*targets, held.target), (*directives, held.directives)
    if isinstance(held, Policy):
        for rule in held.rules:
            yield _rule(held, rule, (*targets, rule.target), (*directives, rule.directives))
        return
    for member in held.members:
        found = tree.found(member) if isinstance(member, PolicyReference) else member
        yield from _shown(tree, found, targets, directives)


def _rule(
    policy: Policy,
    rule: Rule,
    targets: tuple[Target, ...],
    directives: tuple[Directives, ...],
) -> ShownRule:
    cells: dict[str, tuple[str, ...]] = {}
    when: list[str] = []
    for any_of in (part for target in targets for part in target.any_ofs):
        column = _column(any_of)
        told = tuple(map(_all_of, any_of.all_ofs))
        if column is None or column in cells:
            when.append(" or ".join(told))
        else:
            cells[column] = told
    if rule.condition is not None:
        when.append(_expression(rule.condition))
        when += _variables(rule.condition, policy.variables)
    return ShownRule(
        policy=policy.policy_id,
        rule=rule.rule_id,
        effect=rule.effect,
        who=cells.get("who", ()),
        may=cells.get("may", ()),
        on=cells.get("on", ()),
        when=tuple(when),
        duties=tuple(duty for each in directives for duty in _duties(each, rule.effect)),
    )


def _column(any_of: AnyOf) -> str | None:
    """The column of a part that is about one category alone."""
    categories = {match.designator.category for each in any_of.all_ofs for match in each.matches}
    return _COLUMNS.get(categories.pop()) if len(categories) == 1 else None


def _all_of(all_of: AllOf) -> str:
    return " and ".join(map(_match, all_of.matches))


def _match(match: Match) -> str:
    designator, value = match.designator, _literal(match.literal)
    name, function = _short(designator.attribute_id), _short(match.function_id)
    for comparison, sign in _COMPARISONS.items():
        if function.endswith(comparison):
            return f"{name} {sign} {value}"
    if not function.endswith(_EQUALITIES):
        return f"{function}({value}, {name})"
    is_nameless = (designator.category, designator.attribute_id) in _NAMELESS
    return value if is_nameless else f"{name} {value}"


def _duties(directives: Directives, effect: Effect) -> Iterator[str]:
    for kind, group in (("must", directives.obligations), ("may", directives.advice)):
        for directive in group:
            if directive.on is effect:
                assigned = (
                    f"{_short(each.category or each.attribute_id)} {_expression(each.expression)}"
                    for each in directive.assignments
                )
                yield " ".join((kind, _short(directive.directive_id), *assigned))


def _expression(expression: Expression) -> str:
    match expression:
        case AttributeValue():
            return _literal(expression)
        case AttributeDesignator():
            return _short(expression.attribute_id)
        case VariableReference():
            return expression.variable_id
        case Apply():
            arguments = list(map(_expression, expression.arguments))
            if expression.predicate is not None:
                arguments.insert(0, _short(expression.predicate))
            return f"{_short(expression.function_id)}({', '.join(arguments)})"
        case _:
            assert_never(expression)


def _variables(condition: Expression, variables: Mapping[str, Expression]) -> list[str]:
    """What each variable stands for that a condition leads to, once each."""
    told: dict[str, str] = {}
    waiting = list(_references(condition))
    while waiting:
        variable_id = waiting.pop(0)
        if variable_id not in told:
            told[variable_id] = _expression(variables[variable_id])
            waiting += _references(variables[variable_id])
    return [f"{variable_id} = {text}" for variable_id, text in told.items()]


def _references(expression: Expression) -> Iterator[str]:
    if isinstance(expression, VariableReference):
        yield expression.variable_id
    elif isinstance(expression, Apply):
        for argument in expression.arguments:
            yield from _references(argument)


def _literal(literal: AttributeValue) -> str:
    return write_value(literal.data_type, literal.value)


def _short(name: str) -> str:
    """The end of an id: `urn:altinn:accesspackage` is told as `accesspackage`."""
    return name.rpartition(":")[2] or name
