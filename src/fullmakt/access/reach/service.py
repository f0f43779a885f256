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
from fullmakt.access.delegations.pages import Page, Paged, every
from fullmakt.access.delegations.standings import Standing
from fullmakt.access.parties import service as parties
from fullmakt.access.reach import rules
from fullmakt.access.reach.model import AuthorizedParty, Family, Opened
from fullmakt.access.reach.naming import (
    find_named_outright,
    looked_at,
    may_be_named,
    party_of,
    subjects_of,
)
from fullmakt.access.resources import service as resources

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from fullmakt.access.catalog.model import Catalog
    from fullmakt.access.decisions.asking import Asked, Kind
    from fullmakt.access.decisions.rules import Holdings
    from fullmakt.access.decisions.service import DecisionPoint
    from fullmakt.access.parties.model import Party
    from fullmakt.access.policy.model import Rule
    from fullmakt.access.reach.model import Selection
    from fullmakt.access.resources.shelf import ShelvedPolicy
    from fullmakt.foundation.storage.database import Reading


class Between(NamedTuple):
    """A subject, a party, and what the one holds towards the other; by `catalog` if not ours."""

    subject: Party
    party: Party
    held: Holdings
    catalog: Catalog | None = None


class Reach:
    """Asks from the other side. What it asks on is the snapshot it is handed with each question."""

    def __init__(self, catalog: Catalog, decisions: DecisionPoint) -> None:
        self.catalog = catalog
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
            told = delegations.list_reached(reading, self.catalog, subject, page)
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
            found = delegations.get_standing(reading, self.catalog, subject=subject, party=party)
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
        held, roles = self.held(standing), rules.role_codes(self.catalog, standing)
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

    def held(
        self, standing: Standing, catalog: Catalog | None = None, *, kind: Kind | None = None
    ) -> Holdings:
        """What a standing is worth by a catalog; to a subject that is named as `kind`."""
        return rules.held_by(
            catalog or self.catalog,
            standing,
            has_single_services=self._decisions.has_single_services,
            kind=kind,
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

        Whoever the policy lets in whatever it is related to is among them: whom it names, or
        everybody. Raises: PrimaryUnreachable.
        """
        self._decisions.catch_up()
        named = find_named_outright(reading, self._permitting(right))
        told = self._candidates(reading, party, page, named)
        known = parties.get_by_inner_ids(reading, {each.subject.id for each in told.items})
        found = [
            known[standing.subject.id]
            for standing in told.items
            if self.is_permitted(
                Between(known[standing.subject.id], party, self.held(standing)), right
            )
        ]
        return Paged(found, told.next_after)

    def _permitting(self, right: Right) -> tuple[Rule, ...] | None:
        """The rules of which one applies wherever the policy permits; None where none need."""
        shelved = self._decisions.find_policy(right.resource)
        if shelved is None:
            return ()
        return shelved.compiled.permitting_rules(right.resource, right.action)

    def _candidates(
        self, reading: Reading, party: Party, page: Page, named: Mapping[int, Party] | None
    ) -> Paged[Standing]:
        """A page, by subject, of those who have something of the party, and of those named."""
        if named is None:
            batch = [each.id for each in parties.list_after(reading, page.after, most=page.most)]
            found = delegations.list_between(reading, self.catalog, batch, [party.id])
            return Paged(found, batch[-1] if len(batch) == page.most else None)
        told = delegations.list_holders(reading, self.catalog, party, page)
        has = {each.subject.id for each in told.items}
        last = told.next_after
        beside = [
            each
            for each in named
            if each > page.after and (last is None or each <= last) and each not in has
        ]
        others = delegations.list_between(reading, self.catalog, beside, [party.id])
        items = sorted((*told.items, *others), key=lambda each: each.subject.id)
        if len(items) > page.most:
            items = items[: page.most]
            last = items[-1].subject.id
        return Paged(items, last)

    def list_what_can(
        self, reading: Reading, subject: Party, wanted: frozenset[str], page: Page
    ) -> Paged[Opened]:
        """One page of what `subject` may do: for each party, the actions on each resource.

        `wanted` are the resources asked about, none for all. Where a policy lets the subject in
        whatever it is related to, pages are of every party. Raises: PrimaryUnreachable.
        """
        self._decisions.catch_up()
        asked = sorted(wanted or {each.identifier for each in resources.list_resources(reading)})
        is_everywhere = any(self._may_be_let_in(subject, each) for each in asked)
        ask = delegations.list_everywhere if is_everywhere else delegations.list_reached
        told = ask(reading, self.catalog, subject, page)
        known = parties.get_by_inner_ids(reading, {each.party.id for each in told.items})
        found = []
        for standing in told.items:
            between = Between(subject, known[standing.party.id], self.held(standing))
            actions = {name: self.opened_actions(between, name) for name in asked}
            opened = {name: each for name, each in actions.items() if each}
            if opened:
                roles = rules.role_codes(self.catalog, standing)
                found.append(Opened(subject, between.party, between.held.packages, roles, opened))
        return Paged(found, told.next_after)

    def _may_be_let_in(self, subject: Party, resource: str) -> bool:
        """Whether a policy may permit a subject something whatever it is related to."""
        shelved = self._decisions.find_policy(resource)
        return shelved is not None and any(
            may_be_named(subject, self._permitting(Right(resource, action)))
            for action in giving.actions_of(shelved)
        )

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

        In any way to name the subject that the policy looks at. By `policy`, if one is given,
        instead of the resource's own.
        """
        shelved = policy or self._decisions.find_policy(right.resource)
        if shelved is None:
            return False
        towards = party_of(between.party)
        for subject in subjects_of(between.subject, looked_at(shelved.compiled)):
            asked = read_question(Question(subject, right.action, right.resource, towards))
            held = self._held_as(between, asked)
            if self._decisions.answer_held(asked, held, policy).outcome is Outcome.PERMIT:
                return True
        return False

    def _held_as(self, between: Between, asked: Asked) -> Holdings | None:
        """What the subject holds, named as it is in a question."""
        if asked.subject is None:
            return None
        standing = between.held.standing
        if asked.subject.kind is rules.KINDS[standing.subject.kind]:
            return between.held
        return self.held(standing, between.catalog, kind=asked.subject.kind)


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
