"""Arithmetic and conversion of numbers: XACML 3.0 core A.3.2, A.3.4 and section 7.5.

Doubles are IEEE 754's with one trap, division by zero; half is rounded to even. Integers are exact,
and one of more digits than a literal may have is a fault.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator
from functools import reduce
from typing import Final

from fullmakt.access.policy.data_types import LONGEST_INTEGER_DIGITS
from fullmakt.access.policy.outcome import Fault
from fullmakt.access.policy.signatures import DOUBLE, INTEGER, V1, Function

_BEYOND: Final = 10**LONGEST_INTEGER_DIGITS


def _bounded(compute: Callable[[int, int], int]) -> Callable[..., int]:
    """The computation from left to right over two or more integers."""

    def computed(left: int, right: int) -> int:
        found = compute(left, right)
        if abs(found) >= _BEYOND:
            raise Fault(f"an integer of more than {LONGEST_INTEGER_DIGITS} digits")
        return found

    return lambda *values: reduce(computed, values)


def _in_turn(compute: Callable[[float, float], float]) -> Callable[..., float]:
    return lambda *values: reduce(compute, values)


def _divided(left: int, right: int) -> int:
    """Towards zero."""
    if right == 0:
        raise Fault("division by zero")
    found = abs(left) // abs(right)
    return found if (left < 0) == (right < 0) else -found


def _remainder(left: int, right: int) -> int:
    """What division towards zero leaves: it has the sign of what was divided."""
    return left - right * _divided(left, right)


def _double_divided(left: float, right: float) -> float:
    if right == 0:
        raise Fault("division by zero")
    return left / right


def _rounded(value: float) -> float:
    return float(round(value)) if math.isfinite(value) else value


def _floor(value: float) -> float:
    return float(math.floor(value)) if math.isfinite(value) else value


def _whole(value: float) -> int:
    if not math.isfinite(value):
        raise Fault("not a number, or an infinite one, is no integer")
    return int(value)


def _as_double(value: int) -> float:
    try:
        return float(value)
    except OverflowError as fault:
        raise Fault("the integer is outside the range of a double") from fault


def number_functions() -> Iterator[Function]:
    """The rows of these functions."""
    integers, doubles = (INTEGER, INTEGER), (DOUBLE, DOUBLE)
    # SPEC: A.3.2, to add and to multiply may take more than two arguments.
    for sign, compute in (("add", operator.add), ("multiply", operator.mul)):
        yield Function(
            f"{V1}integer-{sign}", integers, INTEGER, _bounded(compute), repeated=INTEGER
        )
        yield Function(f"{V1}double-{sign}", doubles, DOUBLE, _in_turn(compute), repeated=DOUBLE)
    yield Function(V1 + "integer-subtract", integers, INTEGER, _bounded(operator.sub))
    yield Function(V1 + "double-subtract", doubles, DOUBLE, operator.sub)
    yield Function(V1 + "integer-divide", integers, INTEGER, _divided)
    yield Function(V1 + "double-divide", doubles, DOUBLE, _double_divided)
    yield Function(V1 + "integer-mod", integers, INTEGER, _remainder)
    yield Function(V1 + "integer-abs", (INTEGER,), INTEGER, abs)
    yield Function(V1 + "double-abs", (DOUBLE,), DOUBLE, abs)
    yield Function(V1 + "round", (DOUBLE,), DOUBLE, _rounded)
    yield Function(V1 + "floor", (DOUBLE,), DOUBLE, _floor)
    yield Function(V1 + "double-to-integer", (DOUBLE,), INTEGER, _whole)
    yield Function(V1 + "integer-to-double", (INTEGER,), DOUBLE, _as_double)
