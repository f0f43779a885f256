"""Targets as closures: each takes a request and gives true, false, or the fault in its way.

A part whose alternatives are each one equality with a constant string becomes a few set look-ups.
XACML 3.0 core section 7.6 to 7.9, tables 1 to 3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from fullmakt.access.policy.compile_expressions import compile_designator
from fullmakt.access.policy.data_types import STRING
from fullmakt.access.policy.functions import FUNCTIONS
from fullmakt.access.policy.model import AllOf, AnyOf, Match
from fullmakt.access.policy.outcome import Fault
from fullmakt.access.policy.request import AttributeName, Entry, RequestAttributes, StringBag
from fullmakt.access.policy.signatures import V1, V3
from fullmakt.access.policy.trail import Unmet, unmet_part

Holds = Callable[[RequestAttributes], bool | Fault]

STRING_EQUAL: Final = V1 + "string-equal"
STRING_EQUAL_IGNORE_CASE: Final = V3 + "string-equal-ignore-case"


@dataclass(frozen=True, slots=True)
class Part:
    """One `AnyOf` of a target, compiled; `source` is what it says."""

    source: AnyOf
    holds: Holds


@dataclass(frozen=True, slots=True)
class Equality:
    """A match that is equality with a constant string and cannot fail.

    `value` is in lower case when case is ignored.
    """

    name: AttributeName
    value: str
    ignores_case: bool


def equality_of(match: Match) -> Equality | None:
    """The match as an equality, if it is one that an index or a set may stand for."""
    designator = match.designator
    if (
        designator.data_type != STRING
        or designator.must_be_present
        or designator.issuer is not None
    ):
        return None
    name, value = (designator.category, designator.attribute_id), str(match.literal.value)
    if match.function_id == STRING_EQUAL:
        return Equality(name, value, ignores_case=False)
    if match.function_id == STRING_EQUAL_IGNORE_CASE:
        return Equality(name, value.lower(), ignores_case=True)
    return None


def equalities_of(any_of: AnyOf) -> tuple[Equality, ...] | None:
    """The alternatives of a part, if each is one equality."""
    found: list[Equality] = []
    for all_of in any_of.all_ofs:
        equality = equality_of(all_of.matches[0])
        if len(all_of.matches) > 1 or equality is None:
            return None
        found.append(equality)
    return tuple(found)


def compile_parts(any_ofs: Iterable[AnyOf]) -> tuple[Part, ...]:
    """The parts of a target."""
    return tuple(Part(any_of, _compile_any_of(any_of)) for any_of in any_ofs)


def are_met(parts: Iterable[Part], request: RequestAttributes) -> bool | Fault:
    """Table 1: every part holds; one that does not settles it, even after a fault."""
    fault: Fault | None = None
    for part in parts:
        held = part.holds(request)
        if held is False:
            return False
        if held is not True:
            fault = fault or held
    return fault or True


def unmet_of(parts: Iterable[Part], request: RequestAttributes) -> tuple[Unmet, ...]:
    """The parts that do not hold, each with what it wanted."""
    return tuple(unmet_part(part.source, request) for part in parts if part.holds(request) is False)


def strings_in(entry: Entry, *, lowered: bool) -> frozenset[str]:
    """The strings of a bag as a set, in lower case if asked."""
    if isinstance(entry, StringBag):
        return entry.lowered if lowered else entry.exact
    values = (
        (entry,)
        if isinstance(entry, str)
        else (str(held.value) for held in entry if held.data_type == STRING)
    )
    return frozenset(value.lower() for value in values) if lowered else frozenset(values)


def _compile_any_of(any_of: AnyOf) -> Holds:
    equalities = equalities_of(any_of)
    if equalities is not None:
        return _compile_sets(equalities)
    alternatives = tuple(_compile_all_of(all_of) for all_of in any_of.all_ofs)

    def holds(request: RequestAttributes) -> bool | Fault:
        fault: Fault | None = None
        for alternative in alternatives:
            held = alternative(request)
            if held is True:
                return True
            if held is not False:
                fault = fault or held
        return fault or False

    return holds


def _compile_sets(equalities: Iterable[Equality]) -> Holds:
    wanted: dict[tuple[AttributeName, bool], set[str]] = {}
    for equality in equalities:
        wanted.setdefault((equality.name, equality.ignores_case), set()).add(equality.value)
    sets = tuple((name, lowered, frozenset(held)) for (name, lowered), held in wanted.items())

    def holds(request: RequestAttributes) -> bool | Fault:
        for name, lowered, values in sets:
            entry = request.entries.get(name)
            if entry is not None and not values.isdisjoint(strings_in(entry, lowered=lowered)):
                return True
        return False

    return holds


def _compile_all_of(all_of: AllOf) -> Holds:
    matches = tuple(_compile_match(match) for match in all_of.matches)
    if len(matches) == 1:
        return matches[0]

    def holds(request: RequestAttributes) -> bool | Fault:
        fault: Fault | None = None
        for match in matches:
            held = match(request)
            if held is False:
                return False
            if held is not True:
                fault = fault or held
        return fault or True

    return holds


def _compile_match(match: Match) -> Holds:
    function, literal = FUNCTIONS[match.function_id].apply, match.literal.value
    bag_of = compile_designator(match.designator)

    def holds(request: RequestAttributes) -> bool | Fault:
        try:
            bag = bag_of(request)
        except Fault as fault:
            return fault
        assert isinstance(bag, tuple)
        failed: Fault | None = None
        for value in bag:
            try:
                if function(literal, value) is True:
                    return True
            except Fault as fault:
                failed = failed or fault
        return failed or False

    return holds
