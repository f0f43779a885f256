"""The reverse questions, answered through the one walk over standings found from the other side.

What is found here is found by a question of one subject and one party too, and the other way round:
the same rows, the same rules, the same walk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fullmakt.access.decisions import giving
from fullmakt.access.decisions.model import Outcome, Question
from fullmakt.access.decisions.questions import read_question
from fullmakt.access.delegations import service as delegations
from fullmakt.access.delegations.model import Right
from fullmakt.access.delegations.pages import MOST_ON_A_PAGE, Page, Paged, every
from fullmakt.access.delegations.standings import Standing
from fullmakt.access.parties import service as parties
from fullmakt.access.reach import rules
from fullmakt.access.reach.model import AuthorizedParty, Difference, Family, Opened
from fullmakt.access.reach.supposing import OtherPackages, OtherPolicy, supposing
from fullmakt.access.resources import service as resources

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fullmakt.access.catalog.model import Catalog
    from fullmakt.access.decisions.rules import Holdings
    from fullmakt.access.decisions.service import DecisionPoint
    from fullmakt.access.parties.model import Party
    from fullmakt.access.reach.model import Selection
    from fullmakt.access.reach.supposing import Supposed
    from fullmakt.access.resources.shelf import ShelvedPolicy
    from fullmakt.foundation.storage.database import Reading


class Between(NamedTuple):
    """A subject, a party, and what the one holds towards the other."""

    subject: Party
    party: Party
    held: Holdings


class Reach:
    """Asks from the other side. What it asks on is the snapshot it is handed with each question."""

    def __init__(self, catalog: Catalog, decisions: DecisionPoint) -> None:
        self._catalog = catalog
        self._decisions = decisions

    def list_all_authorized(
        self, reading: Reading, subject: Party, selection: Selection
    ) -> Iterator[Family]:
        """Every family of parties that `subject` has something of, page by page.

        Raises: PrimaryUnreachable.
        """
        yield from every(lambda page: self.list_authorized(reading, subject, selection, page))

    def list_authorized(
        self, reading: Reading, subject: Party, selection: Selection, page: Page
    ) -> Paged[Family]:
        """One page of the parties that `subject` has something of, sub-units with their main party.

        Raises: PrimaryUnreachable.
        """
        self._decisions.catch_up()
        standings: Sequence[Standing]
        next_after = None
        if selection.parties is None:
            told = delegations.list_reached(reading, self._catalog, subject, page)
            standings, next_after = told.items, told.next_after
        else:
            standings = list(self._towards(reading, subject, selection.parties))
        known = parties.get_by_inner_ids(reading, _named_in(standings))
        wanted = _resources_of(reading, selection)
        found: dict[int, list[AuthorizedParty]] = {}
        for standing in standings:
            each = self._authorized(subject, known[standing.party.id], selection, standing, wanted)
            if each is not None:
                found.setdefault(each.party.parent_id or each.party.id, []).append(each)
        families = [_family(reading, known[root], members) for root, members in found.items()]
        return Paged(families, next_after)

    def _towards(
        self, reading: Reading, subject: Party, wanted: Iterable[Party]
    ) -> Iterator[Standing]:
        for party in {each.id: each for each in wanted}.values():
            found = delegations.get_standing(reading, self._catalog, subject=subject, party=party)
            if isinstance(found, Standing):
                yield found

    def _authorized(
        self,
        subject: Party,
        party: Party,
        selection: Selection,
        standing: Standing,
        wanted: frozenset[str],
    ) -> AuthorizedParty | None:
        standing = rules.narrowed(standing, selection)
        is_deleted = standing.is_gone(standing.party)
        if is_deleted:
            if not selection.inactive or selection.asks_for_resources:
                return None
            standing = rules.reopened(standing)
        held, roles = self._held(standing), rules.role_codes(self._catalog, standing)
        if not rules.holds_anything(held, roles):
            return None
        if is_deleted:
            return AuthorizedParty(party, is_deleted=True, has_access=True)
        between = Between(subject, party, held)
        single = self._single_resources(between)
        if selection.asks_for_resources:
            if not any(self.opened_actions(between, each) for each in wanted):
                return None
            single &= wanted
        elif not (held.packages or roles or single):
            return None
        return AuthorizedParty(
            party,
            is_deleted=False,
            has_access=True,
            packages=held.packages,
            roles=roles,
            resources=single,
        )

    def _held(self, standing: Standing, catalog: Catalog | None = None) -> Holdings:
        return rules.held_by(
            catalog or self._catalog,
            standing,
            has_single_services=self._decisions.has_single_services,
        )

    def _single_resources(self, between: Between) -> frozenset[str]:
        """The resources with a single right that is held; on a client link, while it is opened."""
        found = {right.resource for right in between.held.rights}
        for each in between.held.conditional:
            right = each.right
            if right.resource not in found and self.is_permitted(between, right):
                found.add(right.resource)
        return frozenset(found)

    def list_who_can(
        self, reading: Reading, right: Right, party: Party, page: Page
    ) -> Paged[Party]:
        """One page of those who may do `right.action` on `right.resource` for `party`.

        Whoever is named by the policy itself and has no relation to the party is not among them.
        Raises: PrimaryUnreachable.
        """
        self._decisions.catch_up()
        told = delegations.list_holders(reading, self._catalog, party, page)
        known = parties.get_by_inner_ids(reading, {each.subject.id for each in told.items})
        found = [
            known[standing.subject.id]
            for standing in told.items
            if self.is_permitted(
                Between(known[standing.subject.id], party, self._held(standing)), right
            )
        ]
        return Paged(found, told.next_after)

    def list_what_can(
        self, reading: Reading, subject: Party, wanted: frozenset[str], page: Page
    ) -> Paged[Opened]:
        """One page of what `subject` may do: for each party, the actions on each resource.

        `wanted` are the resources asked about, none for all. Raises: PrimaryUnreachable.
        """
        self._decisions.catch_up()
        told = delegations.list_reached(reading, self._catalog, subject, page)
        known = parties.get_by_inner_ids(reading, {each.party.id for each in told.items})
        asked = sorted(wanted or {each.identifier for each in resources.list_resources(reading)})
        found = []
        for standing in told.items:
            between = Between(subject, known[standing.party.id], self._held(standing))
            actions = {name: self.opened_actions(between, name) for name in asked}
            opened = {name: each for name, each in actions.items() if each}
            if opened:
                roles = rules.role_codes(self._catalog, standing)
                found.append(Opened(subject, between.party, between.held.packages, roles, opened))
        return Paged(found, told.next_after)

    def differences(
        self, reading: Reading, party: Party, supposed: Supposed
    ) -> Iterator[Difference]:
        """Who would gain and who would lose what for `party`, under what is supposed."""
        names = self._resources_concerned(reading, supposed)
        page: Page | None = Page(most=MOST_ON_A_PAGE)
        while page is not None:
            told = delegations.list_holders(reading, self._catalog, party, page)
            known = parties.get_by_inner_ids(reading, {each.subject.id for each in told.items})
            for standing in told.items:
                subject = known[standing.subject.id]
                yield from self._differences(subject, party, standing, supposed, names)
            page = None if told.next_after is None else Page(told.next_after, page.most)

    def _resources_concerned(self, reading: Reading, supposed: Supposed) -> list[str]:
        if isinstance(supposed, OtherPolicy):
            return [supposed.policy.identifier]
        return sorted(each.identifier for each in resources.list_resources(reading))

    def _differences(
        self,
        subject: Party,
        party: Party,
        standing: Standing,
        supposed: Supposed,
        names: Iterable[str],
    ) -> Iterator[Difference]:
        catalog = supposed.catalog if isinstance(supposed, OtherPackages) else self._catalog
        policy = supposed.policy if isinstance(supposed, OtherPolicy) else None
        other = supposing(standing, supposed)
        before = Between(subject, party, self._held(standing))
        after = Between(subject, party, self._held(other, catalog))
        if policy is None and rules.holds_the_same(
            before.held,
            after.held,
            roles=(rules.all_roles(self._catalog, standing), rules.all_roles(catalog, other)),
        ):
            return
        for name in names:
            had = set(self.opened_actions(before, name))
            has = set(self.opened_actions(after, name, policy))
            for action in sorted(had ^ has):
                yield Difference(subject, party, Right(name, action), gains=action in has)

    def opened_actions(
        self, between: Between, resource: str, policy: ShelvedPolicy | None = None
    ) -> tuple[str, ...]:
        """The actions on a resource that the subject may do for the party, by name.

        By `policy`, if one is given, else by the resource's own as of the barrier last passed.
        """
        shelved = policy or self._decisions.find_policy(resource)
        if shelved is None:
            return ()
        held = between.held
        single = {each.action for each in held.rights if each.resource == resource}
        linked = {each.right.action for each in held.conditional if each.right.resource == resource}
        actions = sorted({*giving.actions_of(shelved), *single, *linked})
        return tuple(
            action
            for action in actions
            if self.is_permitted(between, Right(resource, action), policy)
        )

    def is_permitted(
        self, between: Between, right: Right, policy: ShelvedPolicy | None = None
    ) -> bool:
        """Whether the walk permits the subject the action on the resource, for the party.

        By `policy`, if one is given, instead of the resource's own.
        """
        question = Question(
            rules.subject_of(between.subject),
            right.action,
            right.resource,
            rules.party_of(between.party),
        )
        answer = self._decisions.answer_held(read_question(question), between.held, policy)
        return answer.outcome is Outcome.PERMIT


def _named_in(standings: Iterable[Standing]) -> set[int]:
    inner_ids = set()
    for standing in standings:
        inner_ids.add(standing.party.id)
        if standing.party.parent is not None:
            inner_ids.add(standing.party.parent)
    return inner_ids


def _resources_of(reading: Reading, selection: Selection) -> frozenset[str]:
    """The resources of which one must be opened; none where that is not asked."""
    if selection.owner is None:
        return selection.resources
    owned = {
        each.identifier
        for each in resources.list_resources(reading)
        if each.owner_code.lower() == selection.owner.lower()
    }
    return frozenset(owned & selection.resources if selection.resources else owned)


def _family(reading: Reading, root: Party, members: Sequence[AuthorizedParty]) -> Family:
    main = next((each for each in members if each.party.id == root.id), None)
    units = tuple(each for each in members if each.party.id != root.id)
    return Family(main or AuthorizedParty(root, is_deleted=root.is_gone(at=reading.now)), units)
