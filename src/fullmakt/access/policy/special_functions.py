"""Functions that need more than the values of their arguments: `and`, `n-of`, `any-of`, ….

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
from types import MappingProxyType
from typing import Final

from fullmakt.access.policy.data_types import Value
from fullmakt.access.policy.functions import BOOLEAN, INTEGER, V1, V3, Result, TypeOf
from fullmakt.access.policy.outcome import Fault

Thunk = Callable[[], Result]
Predicate = Callable[..., Result]

MOST_COMBINATIONS: Final = 10_000


@dataclass(frozen=True, slots=True)
class LogicalFunction:
    """A function of booleans that evaluates its arguments itself, in order, as far as it needs."""

    function_id: str
    decide: Callable[[Sequence[Thunk]], bool]
    parameters: tuple[TypeOf, ...] = ()

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


@dataclass(frozen=True, slots=True)
class HigherOrderFunction:
    """A function whose first argument is a predicate, asked with one value from each bag at a time.

    `takes` judges the types of the arguments after the predicate.
    """

    function_id: str
    takes: Callable[[tuple[TypeOf, ...]], bool]
    decide: Callable[[Predicate, Sequence[Result]], bool]
    signature: str


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


def _any_of(predicate: Predicate, arguments: Sequence[Result]) -> bool:
    return _or(_each(predicate, arguments))


def _all_of(predicate: Predicate, arguments: Sequence[Result]) -> bool:
    return _and(_each(predicate, arguments))


def _each(predicate: Predicate, arguments: Sequence[Result]) -> Iterator[Thunk]:
    ranges: list[tuple[Value, ...]] = [
        held if isinstance(held, tuple) else (held,) for held in arguments
    ]
    for asked, combination in enumerate(product(*ranges)):
        if asked == MOST_COMBINATIONS:
            raise Fault(f"more than {MOST_COMBINATIONS} combinations of values")
        yield partial(predicate, *combination)


def _is_value_then_bag(arguments: tuple[TypeOf, ...]) -> bool:
    return [argument.is_bag for argument in arguments] == [False, True]


def _are_two_bags(arguments: tuple[TypeOf, ...]) -> bool:
    return [argument.is_bag for argument in arguments] == [True, True]


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

_ONE_BAG: Final = "(function, values and exactly one bag)"
_ANY_BAGS: Final = "(function, values and bags)"

HIGHER_ORDER_FUNCTIONS: Final[Mapping[str, HigherOrderFunction]] = MappingProxyType(
    {
        function.function_id: function
        for function in (
            HigherOrderFunction(
                V1 + "any-of", _is_value_then_bag, _any_of, "(function, value, bag)"
            ),
            HigherOrderFunction(
                V1 + "all-of", _is_value_then_bag, _all_of, "(function, value, bag)"
            ),
            HigherOrderFunction(V1 + "any-of-any", _are_two_bags, _any_of, "(function, bag, bag)"),
            HigherOrderFunction(V3 + "any-of", _has_one_bag, _any_of, _ONE_BAG),
            HigherOrderFunction(V3 + "all-of", _has_one_bag, _all_of, _ONE_BAG),
            HigherOrderFunction(V3 + "any-of-any", _has_any, _any_of, _ANY_BAGS),
        )
    }
)
