"""Random expressions of every type from every function, and random trees of policy sets.

An expression is grown from the type it must have: any function that gives the type, with arguments
grown from its parameters. Many fail when they are evaluated, and must then fail alike.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

from hypothesis import strategies as st

from fullmakt.access.policy import data_types as types
from fullmakt.access.policy import names
from fullmakt.access.policy.combining import POLICY_COMBINING
from fullmakt.access.policy.data_types import DATA_TYPES, read_value
from fullmakt.access.policy.functions import FUNCTIONS
from fullmakt.access.policy.model import (
    Apply,
    AssignmentExpression,
    AttributeDesignator,
    AttributeValue,
    DirectiveExpression,
    Directives,
    Expression,
    Member,
    Policy,
    PolicyReference,
    PolicySet,
    PolicyTree,
    Rule,
    Target,
)
from fullmakt.access.policy.request import Entry, RequestAttributes, TypedValue, typed_value
from fullmakt.access.policy.signatures import BOOLEAN, V1, V3, Function, TypeOf
from fullmakt.access.policy.special_functions import (
    HIGHER_ORDER_FUNCTIONS,
    LOGICAL_FUNCTIONS,
    LogicalFunction,
)
from tests.unit.policy.strategies import (
    DIRECTIVES,
    EFFECTS,
    NO_DIRECTIVES,
    OWN_TARGETS,
    policies,
)
from tests.unit.policy.test_functions import SAMPLES

NOW = datetime(2031, 1, 2, 12, 30, tzinfo=UTC)
GIVERS: dict[TypeOf, list[Function | LogicalFunction]] = {}
ALL_FUNCTIONS: list[Function | LogicalFunction] = [
    *FUNCTIONS.values(),
    *LOGICAL_FUNCTIONS.values(),
]
for _function in ALL_FUNCTIONS:
    GIVERS.setdefault(_function.result, []).append(_function)
CURRENT = {
    types.TIME: names.CURRENT_TIME,
    types.DATE: names.CURRENT_DATE,
    types.DATE_TIME: names.CURRENT_DATE_TIME,
}


def bag_name(data_type: str) -> tuple[str, str]:
    return (names.ENVIRONMENT, f"urn:test:{DATA_TYPES[data_type].name}")


@cache
def literals(data_type: str) -> st.SearchStrategy[AttributeValue]:
    texts = SAMPLES[DATA_TYPES[data_type].name]
    return st.sampled_from([AttributeValue(data_type, read_value(data_type, t)) for t in texts])


@cache
def bags(data_type: str) -> st.SearchStrategy[AttributeDesignator]:
    ids = [f"urn:test:{DATA_TYPES[data_type].name}"]
    if data_type in CURRENT:
        ids.append(CURRENT[data_type])
    return st.builds(
        AttributeDesignator,
        st.just(names.ENVIRONMENT),
        st.sampled_from(ids),
        st.just(data_type),
        must_be_present=st.booleans(),
        issuer=st.sampled_from([None, None, "urn:test:issuer"]),
    )


@st.composite
def expressions(draw: st.DrawFn, wanted: TypeOf, depth: int) -> Expression:
    if depth == 0:
        if wanted.is_bag:
            return draw(bags(wanted.data_type))
        return draw(literals(wanted.data_type))
    if wanted in {BOOLEAN, TypeOf(types.STRING, is_bag=True)} and draw(st.integers(0, 3)) == 0:
        return draw(higher_order(wanted, depth))
    function = draw(st.sampled_from(GIVERS[wanted]))
    parameters = list(function.parameters)
    repeated = BOOLEAN if isinstance(function, LogicalFunction) else function.repeated
    if repeated is not None:
        parameters += [repeated] * draw(st.integers(0, 2))
    return Apply(function.function_id, tuple(draw(_shallower(held, depth)) for held in parameters))


def _shallower(wanted: TypeOf, depth: int) -> st.SearchStrategy[Expression]:
    return st.integers(0, depth - 1).flatmap(lambda rest: expressions(wanted, rest))


@st.composite
def higher_order(draw: st.DrawFn, wanted: TypeOf, depth: int) -> Expression:
    """A function of functions, given one that takes values alone."""
    passed = draw(
        st.sampled_from(
            [
                held
                for held in GIVERS[TypeOf(wanted.data_type)]
                if held.parameters and not any(each.is_bag for each in held.parameters)
            ]
        )
    )
    one = draw(st.integers(0, len(passed.parameters) - 1))
    if wanted.is_bag:
        function_id, bagged = V3 + "map", {one}
    elif len(passed.parameters) == 2 and draw(st.booleans()):
        quantifiers = ["any-of-any", "all-of-any", "any-of-all", "all-of-all"]
        function_id, bagged = V1 + draw(st.sampled_from(quantifiers)), {0, 1}
    else:
        quantifiers = ["any-of", "all-of", "any-of-any"]
        function_id, bagged = V3 + draw(st.sampled_from(quantifiers)), {one}
    assert function_id in HIGHER_ORDER_FUNCTIONS
    return Apply(
        function_id,
        tuple(
            draw(_shallower(TypeOf(held.data_type, is_bag=at in bagged), depth))
            for at, held in enumerate(passed.parameters)
        ),
        passed.function_id,
    )


@st.composite
def typed_policies(draw: st.DrawFn) -> Policy:
    """A rule with a grown condition, and an obligation with a grown expression of any type."""
    data_type = draw(st.sampled_from(list(DATA_TYPES)))
    given = TypeOf(data_type, is_bag=draw(st.booleans()))
    assignment = AssignmentExpression("urn:test:a", draw(expressions(given, 2)))
    effect = draw(EFFECTS)
    rule = Rule(
        "rule 1",
        effect,
        Target(),
        draw(expressions(BOOLEAN, 3)),
        Directives((DirectiveExpression("urn:test:o", effect, (assignment,)),)),
    )
    combining = "urn:oasis:names:tc:xacml:3.0:rule-combining-algorithm:deny-overrides"
    return Policy("urn:test:policy", "1.0", combining, Target(), (rule,))


@st.composite
def typed_requests(draw: st.DrawFn) -> RequestAttributes:
    """Some values of each data type, some with an issuer, at a time that is known or not."""
    entries: dict[tuple[str, str], Entry] = {}
    for data_type in DATA_TYPES:
        texts = st.sampled_from(SAMPLES[DATA_TYPES[data_type].name])
        issuers = st.sampled_from([None, "urn:test:issuer"])
        values: st.SearchStrategy[TypedValue] = st.builds(
            typed_value, st.just(data_type), texts, issuers
        )
        entries[bag_name(data_type)] = tuple(draw(st.lists(values, max_size=2)))
    return RequestAttributes(entries, now=draw(st.sampled_from([None, NOW])))


# --- trees ----------------------------------------------------------------------------------------


@st.composite
def trees(draw: st.DrawFn) -> PolicyTree:
    """Sets of sets and policies, some of them referred to from more than one place."""
    referenced: dict[PolicyReference, Policy | PolicySet] = {}
    count = 0

    def named(held: Policy | PolicySet) -> Policy | PolicySet:
        nonlocal count
        count += 1
        return replace(held, policy_id=f"urn:test:{count}")

    def a_set(depth: int) -> PolicySet:
        members = tuple(a_member(depth) for _ in range(draw(st.integers(0, 3))))
        return PolicySet(
            "",
            "1.0",
            draw(st.sampled_from(sorted(POLICY_COMBINING))),
            draw(st.one_of(st.just(Target()), OWN_TARGETS)),
            members,
            draw(st.one_of(NO_DIRECTIVES, SET_DIRECTIVES)),
        )

    def a_member(depth: int) -> Member:
        if referenced and draw(st.integers(0, 3)) == 0:
            return draw(st.sampled_from(list(referenced)))
        held = named(draw(policies()) if depth == 0 or draw(st.booleans()) else a_set(depth - 1))
        if draw(st.integers(0, 2)) > 0:
            return held
        version = draw(st.sampled_from([None, "1.*", "+"]))
        reference = PolicyReference(held.policy_id, isinstance(held, PolicySet), version)
        referenced[reference] = held
        return reference

    root = named(a_set(2))
    return PolicyTree(root, referenced)


SET_DIRECTIVES = DIRECTIVES.filter(lambda held: "'v'" not in repr(held))
