"""What somebody may do now, beside what they might if something were otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fullmakt.access.delegations import service as delegations
from fullmakt.access.delegations.model import Right
from fullmakt.access.parties import service as parties
from fullmakt.access.reach import rules
from fullmakt.access.reach.beginning import BegunRole
from fullmakt.access.reach.concern import Concern, Held
from fullmakt.access.reach.model import Difference
from fullmakt.access.reach.service import Between
from fullmakt.access.reach.supposing import OtherPackages, OtherPolicy, supposing
from fullmakt.access.resources import service as resources

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fullmakt.access.catalog.model import Catalog
    from fullmakt.access.decisions.service import DecisionPoint
    from fullmakt.access.delegations.standings import Standing
    from fullmakt.access.reach.beginning import Beside
    from fullmakt.access.reach.service import Reach
    from fullmakt.access.reach.supposing import Supposed
    from fullmakt.access.resources.shelf import ShelvedPolicy
    from fullmakt.foundation.storage.database import Reading


class Comparison:
    """Compares, standing by standing, under one supposition."""

    def __init__(
        self, reading: Reading, reach: Reach, decisions: DecisionPoint, supposed: Supposed
    ) -> None:
        self._reach = reach
        self._supposed = supposed
        self._catalog = reach.catalog
        self._other_catalog: Catalog = reach.catalog
        self._policy: ShelvedPolicy | None = None
        if isinstance(supposed, OtherPolicy):
            self._policy = supposed.policy
        if isinstance(supposed, OtherPackages):
            self._other_catalog = supposed.catalog
        found = (
            decisions.find_policy(each.identifier) for each in resources.list_resources(reading)
        )
        self._concern = Concern(each for each in found if each is not None)

    def differences(self, reading: Reading, standings: Sequence[Standing]) -> Iterator[Difference]:
        """Who would gain and who would lose what, of those that `standings` are between."""
        beside = self._beside(reading, standings)
        inner_ids = {each.subject.id for each in standings} | {each.party.id for each in standings}
        known = parties.get_by_inner_ids(reading, inner_ids)
        for standing in standings:
            other = supposing(standing, self._supposed, beside)
            subject, party = known[standing.subject.id], known[standing.party.id]
            before = Between(subject, party, self._reach.held(standing))
            held = self._reach.held(other, self._other_catalog)
            after = Between(subject, party, held, self._other_catalog)
            for name in self._concerned(standing, before, other, after):
                yield from self._changes(before, after, name)

    def _concerned(
        self, standing: Standing, before: Between, other: Standing, after: Between
    ) -> Iterable[str]:
        if self._policy is not None:
            return (self._policy.identifier,)
        had = rules.all_roles(self._catalog, standing)
        has = rules.all_roles(self._other_catalog, other)
        return self._concern.resources(Held(before.held, had), Held(after.held, has))

    def _changes(self, before: Between, after: Between, resource: str) -> Iterator[Difference]:
        had = set(self._reach.opened_actions(before, resource))
        has = set(self._reach.opened_actions(after, resource, self._policy))
        for action in sorted(had ^ has):
            right = Right(resource, action)
            yield Difference(before.subject, before.party, right, gains=action in has)

    def _beside(self, reading: Reading, standings: Iterable[Standing]) -> Beside:
        """The standings that a role that began adds to these."""
        supposed = self._supposed
        if not isinstance(supposed, BegunRole):
            return {}
        pairs = {
            pair
            for each in standings
            for pair in supposed.pairs_beside(each.subject.id, each.party.id)
        }
        found = delegations.list_pairs(reading, self._catalog, sorted(pairs))
        return {(each.subject.id, each.party.id): each for each in found}
