"""Which resources can tell what is held from what would be, by what their policies look at."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from fullmakt.access.policy import names
from fullmakt.access.policy.whom import values_compared

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fullmakt.access.decisions.rules import Holdings
    from fullmakt.access.resources.shelf import ShelvedPolicy


class Held(NamedTuple):
    """What is held, with every role attribute that a policy knows its holder by."""

    holdings: Holdings
    roles: Mapping[str, frozenset[str]]


class Concern:
    """Finds the resources whose policies look at what differs."""

    def __init__(self, policies: Iterable[ShelvedPolicy]) -> None:
        self._comparing: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._looking: dict[str, set[str]] = defaultdict(set)
        for each in policies:
            for attribute in each.compiled.subject_attributes:
                self._add(each, attribute)

    def _add(self, shelved: ShelvedPolicy, attribute: str) -> None:
        values = values_compared(shelved.compiled.policy, attribute)
        if values is None:
            self._looking[attribute].add(shelved.identifier)
        for value in values or ():
            self._comparing[attribute, value].add(shelved.identifier)

    def resources(self, before: Held, after: Held) -> list[str]:
        """The identifiers of the resources that may be opened by the one and not by the other."""
        found: set[str] = set()
        for attribute, value in _differing(before, after):
            found |= self._looking.get(attribute, set())
            found |= self._comparing.get((attribute, value.lower()), set())
        had, has = before.holdings, after.holdings
        found |= {each.resource for each in had.rights ^ has.rights}
        if had.conditional != has.conditional:
            found |= {each.right.resource for each in (*had.conditional, *has.conditional)}
        return sorted(found)


def _differing(before: Held, after: Held) -> Iterator[tuple[str, str]]:
    """The subject attributes that only one of the two has."""
    for package in before.holdings.packages ^ after.holdings.packages:
        yield names.ACCESS_PACKAGE, package
    nothing: frozenset[str] = frozenset()
    for attribute in before.roles.keys() | after.roles.keys():
        differing = before.roles.get(attribute, nothing) ^ after.roles.get(attribute, nothing)
        yield from ((attribute, code) for code in differing)
