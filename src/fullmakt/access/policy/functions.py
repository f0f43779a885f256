"""The functions policies may use: a table from function id to signature and meaning.

XACML 3.0 core appendix A.3, for the data types of `data_types.py`. A further function is one more
row. Functions that take functions, or leave arguments unevaluated, are in `special_functions.py`.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from fullmakt.access.policy import data_types as types
from fullmakt.access.policy.data_types import Bag, Value
from fullmakt.access.policy.outcome import Fault
from fullmakt.access.policy.patterns import BadPattern, TextTooLong, compile_pattern

Result = Value | Bag
V1: Final = "urn:oasis:names:tc:xacml:1.0:function:"
V2: Final = "urn:oasis:names:tc:xacml:2.0:function:"
V3: Final = "urn:oasis:names:tc:xacml:3.0:function:"


@dataclass(frozen=True, slots=True)
class TypeOf:
    """The type of an expression: a data type, single or as a bag."""

    data_type: str
    is_bag: bool = False

    def __str__(self) -> str:
        name = types.DATA_TYPES[self.data_type].name
        return f"bag of {name}" if self.is_bag else name


BOOLEAN: Final = TypeOf(types.BOOLEAN)
STRING: Final = TypeOf(types.STRING)
INTEGER: Final = TypeOf(types.INTEGER)


@dataclass(frozen=True, slots=True)
class Function:
    """A function of values: `parameters`, then any number of `repeated`, to a `result`."""

    function_id: str
    parameters: tuple[TypeOf, ...]
    result: TypeOf
    apply: Callable[..., Result]
    repeated: TypeOf | None = None

    def takes(self, arguments: tuple[TypeOf, ...]) -> bool:
        """Whether the function can be applied to arguments of these types."""
        fixed = len(self.parameters)
        rest = arguments[fixed:]
        return arguments[:fixed] == self.parameters and all(
            argument == self.repeated for argument in rest
        )

    @property
    def signature(self) -> str:
        """The parameters in words, for a message."""
        texts = [str(parameter) for parameter in self.parameters]
        if self.repeated is not None:
            texts.append(f"{self.repeated} …")
        return f"({', '.join(texts)})"


def equal_ignoring_case(left: str, right: str) -> bool:
    """SPEC: XACML 3.0 core A.3.1, both sides to lower case and then compared; no case folding."""
    return left.lower() == right.lower()


def regexp_match(pattern: str, text: str) -> bool:
    """Whether the pattern is found anywhere in the text; anchors are the pattern's own."""
    try:
        return compile_pattern(pattern).is_found_in(text)
    except (BadPattern, TextTooLong) as fault:
        raise Fault(f"the regular expression cannot be matched: {fault}") from fault


def normalize_space(text: str) -> str:
    """The text without white space at its ends."""
    return text.strip(" \t\r\n")


def one_and_only(bag: Bag) -> Value:
    """The value of a bag that has exactly one."""
    if len(bag) != 1:
        raise Fault(f"one value is needed, and there are {len(bag)}")
    return bag[0]


def _is_in(value: Value, bag: Bag) -> bool:
    return value in _members(bag)


def _bag(*values: Value) -> Bag:
    return values


def _members(bag: Bag) -> frozenset[Value]:
    # A double that is not a number equals nothing, itself included.
    return frozenset(held for held in bag if not (isinstance(held, float) and math.isnan(held)))


def _intersection(left: Bag, right: Bag) -> Bag:
    shared = _members(right)
    return tuple(dict.fromkeys(value for value in left if value in shared))


def _union(*bags: Bag) -> Bag:
    return tuple(dict.fromkeys(value for bag in bags for value in bag))


def _at_least_one_member_of(left: Bag, right: Bag) -> bool:
    return not _members(left).isdisjoint(right)


def _subset(left: Bag, right: Bag) -> bool:
    return _members(right).issuperset(left)


def _set_equals(left: Bag, right: Bag) -> bool:
    return _subset(left, right) and _subset(right, left)


def _of_every_type() -> Iterator[Function]:
    for uri, data_type in types.DATA_TYPES.items():
        one, bag, name = TypeOf(uri), TypeOf(uri, is_bag=True), f"{V1}{data_type.name}-"
        yield Function(name + "equal", (one, one), BOOLEAN, operator.eq)
        yield Function(name + "one-and-only", (bag,), one, one_and_only)
        yield Function(name + "bag-size", (bag,), INTEGER, len)
        yield Function(name + "is-in", (one, bag), BOOLEAN, _is_in)
        yield Function(name + "bag", (), bag, _bag, repeated=one)
        yield Function(name + "intersection", (bag, bag), bag, _intersection)
        # SPEC: XACML 3.0 core A.3.10, two or more bags.
        yield Function(name + "union", (bag, bag), bag, _union, repeated=bag)
        yield Function(
            name + "at-least-one-member-of", (bag, bag), BOOLEAN, _at_least_one_member_of
        )
        yield Function(name + "subset", (bag, bag), BOOLEAN, _subset)
        yield Function(name + "set-equals", (bag, bag), BOOLEAN, _set_equals)


def _of_ordered_types() -> Iterator[Function]:
    for uri in (
        types.STRING,
        types.INTEGER,
        types.DOUBLE,
        types.DATE,
        types.TIME,
        types.DATE_TIME,
    ):
        one, name = TypeOf(uri), f"{V1}{types.DATA_TYPES[uri].name}-"
        yield Function(name + "greater-than", (one, one), BOOLEAN, operator.gt)
        yield Function(name + "greater-than-or-equal", (one, one), BOOLEAN, operator.ge)
        yield Function(name + "less-than", (one, one), BOOLEAN, operator.lt)
        yield Function(name + "less-than-or-equal", (one, one), BOOLEAN, operator.le)


def _of_strings() -> Iterator[Function]:
    yield Function(V3 + "string-equal-ignore-case", (STRING, STRING), BOOLEAN, equal_ignoring_case)
    yield Function(V1 + "string-regexp-match", (STRING, STRING), BOOLEAN, regexp_match)
    yield Function(V1 + "string-normalize-space", (STRING,), STRING, normalize_space)
    yield Function(V1 + "string-normalize-to-lower-case", (STRING,), STRING, str.lower)


FUNCTIONS: Final[Mapping[str, Function]] = MappingProxyType(
    {
        function.function_id: function
        for function in (
            *_of_every_type(),
            *_of_ordered_types(),
            *_of_strings(),
            Function(V1 + "not", (BOOLEAN,), BOOLEAN, operator.not_),
        )
    }
)
