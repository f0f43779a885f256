"""Functions that every data type has: equality, bags, sets. XACML 3.0 core A.3.1, A.3.10, A.3.11.

SPEC: the standard defines no equality of ipAddress and dnsName, and lists of their bag functions
only those that need none; the others are here all the same, by what the texts mean.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Iterator
from typing import Final

from fullmakt.access.policy import data_types as types
from fullmakt.access.policy.data_types import Bag, Value
from fullmakt.access.policy.outcome import Fault
from fullmakt.access.policy.signatures import BOOLEAN, INTEGER, V1, V2, V3, Function, TypeOf

_DURATIONS: Final = frozenset({types.DAY_TIME_DURATION, types.YEAR_MONTH_DURATION})
_NETWORK_NAMES: Final = frozenset({types.IP_ADDRESS, types.DNS_NAME})


def one_and_only(bag: Bag) -> Value:
    """The value of a bag that has exactly one. Raises Fault."""
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


def _versions_of(uri: str) -> tuple[str, ...]:
    """SPEC: A.4, the functions of durations had ids of 1.0 first, which are kept."""
    if uri in _DURATIONS:
        return (V3, V1)
    return (V2,) if uri in _NETWORK_NAMES else (V1,)


def functions_of_every_type() -> Iterator[Function]:
    """The rows of these functions."""
    for uri, data_type in types.DATA_TYPES.items():
        one, bag = TypeOf(uri), TypeOf(uri, is_bag=True)
        for version in _versions_of(uri):
            name = f"{version}{data_type.name}-"
            if uri not in _NETWORK_NAMES:
                yield Function(name + "equal", (one, one), BOOLEAN, operator.eq)
            yield Function(name + "one-and-only", (bag,), one, one_and_only)
            yield Function(name + "bag-size", (bag,), INTEGER, len)
            yield Function(name + "is-in", (one, bag), BOOLEAN, _is_in)
            yield Function(name + "bag", (), bag, _bag, repeated=one)
            yield Function(name + "intersection", (bag, bag), bag, _intersection)
            # SPEC: A.3.11, two or more bags.
            yield Function(name + "union", (bag, bag), bag, _union, repeated=bag)
            yield Function(
                name + "at-least-one-member-of", (bag, bag), BOOLEAN, _at_least_one_member_of
            )
            yield Function(name + "subset", (bag, bag), BOOLEAN, _subset)
            yield Function(name + "set-equals", (bag, bag), BOOLEAN, _set_equals)
