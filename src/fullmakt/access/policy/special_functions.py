"""Functions that need more than the values of their arguments: `and`, `n-of`, `any-of`, `map`, ….

Logical functions leave arguments unevaluated once the answer is settled; higher-order functions
take a function as their first argument. XACML 3.0 core appendix A.3.5 and A.3.12.
SPEC: an argument that fails does not settle the answer, a later one may: `or` is true "if at least
one of its arguments evaluates to True". When none does, the first failure is the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from math import prod
from types import MappingProxyType
from typing import Final

from fullmakt.access.policy.data_types import Bag, Value
from fullmakt.access.policy.functions import FUNCTIONS
from fullmakt.access.policy.outcome import Fault
from fullmakt.access.policy.signatures import BOOLEAN, INTEGER, V1, V3, Function, Result, TypeOf
from fullmakt.access.policy.text_functions import LONGEST_TEXT

Thunk = Callable[[], Result]
Applied = Callable[..., Result]

MOST_COMBINATIONS: Final = 10_000


@dataclass(frozen=True, slots=True)
class LogicalFunction:
    """A function of booleans that evaluates its arguments itself, in order, as far as it needs."""

    function_id: str
    decide: Callable[[Sequence[Thunk]], bool]
    parameters: tuple[TypeOf, ...] = ()

    @property
    def result(self) -> TypeOf:
        """What it gives."""
        return BOOLEAN

    def apply(self, *values: Result) -> bool:
        """The answer for values that are known, as functions of values have it."""
        return self.decide([partial(_same, value) for value in values])

    def takes(self, arguments: tuple[TypeOf, ...]) -> bool:
        """Whether the function can be applied to arguments of these types."""
        fixed = len(self.parameters)
        return arguments[:fixed] == self.parameters and all(
            argument == BOOLEAN for argument in arguments[fixed:]
        )

    @property
    def signature(self) -> str:
        """The parameters in words, for a message."""
        return f"({', '.join([*map(str, self.parameters), 'boolean …'])})"


def _same(value: Result) -> Result:
    return value


@dataclass(frozen=True, slots=True)
class HigherOrderFunction:
    """A function whose first argument is a function, asked with one value from each bag at a time.

    `takes` judges the types of the arguments after it; `gives_bag` says that what it gives is a bag
    of what the function gives, and otherwise both are booleans.
    """

    function_id: str
    takes: Callable[[tuple[TypeOf, ...]], bool]
    decide: Callable[[Applied, Sequence[Result]], Result]
    signature: str
    gives_bag: bool = False


def find_function(function_id: str) -> Function | LogicalFunction | None:
    """The function that may be applied to values, if there is one of that id."""
    return FUNCTIONS.get(function_id) or LOGICAL_FUNCTIONS.get(function_id)


def result_of(function_id: str, given: str | None) -> TypeOf:
    """The type that a known function gives, a higher-order one with the function it is `given`."""
    function = find_function(function_id)
    if function is not None:
        return function.result
    passed = find_function(given or "")
    if passed is not None and HIGHER_ORDER_FUNCTIONS[function_id].gives_bag:
        return TypeOf(passed.result.data_type, is_bag=True)
    return BOOLEAN


def _settled(thunks: Iterable[Thunk], *, settling: bool) -> bool:
    fault: Fault | None = None
    for thunk in thunks:
        try:
            if thunk() is settling:
                return settling
        except Fault as failed:
            fault = fault or failed
    if fault is not None:
        raise fault
    return not settling


def _or(thunks: Iterable[Thunk]) -> bool:
    return _settled(thunks, settling=True)


def _and(thunks: Iterable[Thunk]) -> bool:
    return _settled(thunks, settling=False)


def _n_of(thunks: Sequence[Thunk]) -> bool:
    needed, rest = thunks[0](), thunks[1:]
    assert isinstance(needed, int)
    if needed > len(rest):
        raise Fault(f"{needed} true arguments are needed, and there are only {len(rest)}")
    faults: list[Fault] = []
    for thunk in rest:
        if needed <= 0:
            return True
        try:
            needed -= thunk() is True
        except Fault as failed:
            faults.append(failed)
    if faults and 0 < needed <= len(faults):
        raise faults[0]
    return needed <= 0


def _any_of(apply: Applied, arguments: Sequence[Result]) -> bool:
    return _or(_each(apply, arguments))


def _all_of(apply: Applied, arguments: Sequence[Result]) -> bool:
    return _and(_each(apply, arguments))


def _all_of_any(apply: Applied, arguments: Sequence[Result]) -> bool:
    """For each value of the first bag there is one of the second."""
    first, second = _two_bags(arguments)
    return _and(partial(_any_of, apply, ((value,), second)) for value in first)


def _any_of_all(apply: Applied, arguments: Sequence[Result]) -> bool:
    """For each value of the second bag there is one of the first.

    SPEC: not one value of the first for all of the second; A.3.12 combines `any-of` with `and`.
    """
    first, second = _two_bags(arguments)
    return _and(partial(_any_of, apply, (first, (value,))) for value in second)


def _map(apply: Applied, arguments: Sequence[Result]) -> Bag:
    found: list[Value] = []
    length = 0
    for thunk in _each(apply, arguments):
        value = thunk()
        # INVARIANT: a function that gives a bag is refused as the argument of `map`.
        assert not isinstance(value, tuple)
        length += len(value) if isinstance(value, str) else 0
        if length > LONGEST_TEXT:
            raise Fault(f"strings of more than {LONGEST_TEXT} characters in all")
        found.append(value)
    return tuple(found)


def _each(apply: Applied, arguments: Sequence[Result]) -> Iterator[Thunk]:
    ranges = [_values_of(held) for held in arguments]
    _check_combinations(ranges)
    return (partial(apply, *combination) for combination in product(*ranges))


def _two_bags(arguments: Sequence[Result]) -> tuple[Bag, Bag]:
    first, second = map(_values_of, arguments)
    _check_combinations([first, second])
    return first, second


def _values_of(held: Result) -> Bag:
    return held if isinstance(held, tuple) else (held,)


def _check_combinations(ranges: Iterable[Bag]) -> None:
    if prod(map(len, ranges)) > MOST_COMBINATIONS:
        raise Fault(f"more than {MOST_COMBINATIONS} combinations of values")


def _is_value_then_bag(arguments: tuple[TypeOf, ...]) -> bool:
    return [argument.is_bag for argument in arguments] == [False, True]


def _are_two_bags(arguments: tuple[TypeOf, ...]) -> bool:
    return [argument.is_bag for argument in arguments] == [True, True]


def _is_one_bag(arguments: tuple[TypeOf, ...]) -> bool:
    return [argument.is_bag for argument in arguments] == [True]


def _has_one_bag(arguments: tuple[TypeOf, ...]) -> bool:
    return sum(argument.is_bag for argument in arguments) == 1


def _has_any(arguments: tuple[TypeOf, ...]) -> bool:
    return len(arguments) > 0


LOGICAL_FUNCTIONS: Final[Mapping[str, LogicalFunction]] = MappingProxyType(
    {
        function.function_id: function
        for function in (
            LogicalFunction(V1 + "or", _or),
            LogicalFunction(V1 + "and", _and),
            LogicalFunction(V1 + "n-of", _n_of, parameters=(INTEGER,)),
        )
    }
)

_VALUE_AND_BAG: Final = "(function, value, bag)"
_TWO_BAGS: Final = "(function, bag, bag)"
_ONE_BAG: Final = "(function, values and exactly one bag)"
_ANY_BAGS: Final = "(function, values and bags)"

HIGHER_ORDER_FUNCTIONS: Final[Mapping[str, HigherOrderFunction]] = MappingProxyType(
    {
        function.function_id: function
        for function in (
            HigherOrderFunction(V1 + "any-of", _is_value_then_bag, _any_of, _VALUE_AND_BAG),
            HigherOrderFunction(V1 + "all-of", _is_value_then_bag, _all_of, _VALUE_AND_BAG),
            HigherOrderFunction(V1 + "any-of-any", _are_two_bags, _any_of, _TWO_BAGS),
            HigherOrderFunction(V1 + "all-of-any", _are_two_bags, _all_of_any, _TWO_BAGS),
            HigherOrderFunction(V1 + "any-of-all", _are_two_bags, _any_of_all, _TWO_BAGS),
            HigherOrderFunction(V1 + "all-of-all", _are_two_bags, _all_of, _TWO_BAGS),
            HigherOrderFunction(V1 + "map", _is_one_bag, _map, "(function, bag)", gives_bag=True),
            HigherOrderFunction(V3 + "any-of", _has_one_bag, _any_of, _ONE_BAG),
            HigherOrderFunction(V3 + "all-of", _has_one_bag, _all_of, _ONE_BAG),
            HigherOrderFunction(V3 + "any-of-any", _has_any, _any_of, _ANY_BAGS),
            HigherOrderFunction(V3 + "map", _has_one_bag, _map, _ONE_BAG, gives_bag=True),
        )
    }
)
