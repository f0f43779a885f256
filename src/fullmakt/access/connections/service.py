"""Giving, replacing and taking back between two parties, as the person behind the token.

Who may ask is asked of our own decision point; what that person may give on is the delegation
check.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fullmakt.access.catalog.rules import check_recipient
from fullmakt.access.connections import errors, rules
from fullmakt.access.connections.model import Direction, Named, Sides
from fullmakt.access.decisions.permissions import Duty, check_permitted, get_person
from fullmakt.access.delegations import service as delegations
from fullmakt.access.delegations.rules import ENTITY_TYPES
from fullmakt.access.parties import service as parties
from fullmakt.access.parties.model import RIGHT_HOLDER
from fullmakt.access.resources import service as resources
from fullmakt.foundation.terms.problem import NotAuthorized, ValidationProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from fullmakt.access.catalog.model import Catalog, Package
    from fullmakt.access.decisions.service import DecisionPoint
    from fullmakt.access.delegations.model import Grant, PackageCheck, Right, RightCheck
    from fullmakt.access.parties.model import Assignment, Party
    from fullmakt.access.resources.model import Resource
    from fullmakt.foundation.bearer.model import Caller
    from fullmakt.foundation.storage.database import Reading, Work
    from fullmakt.foundation.terms.problem import Fault


def get_sides(
    reading: Reading, decisions: DecisionPoint, named: Named, *, action: str, caller: Caller
) -> Sides:
    """The two sides of a call, for somebody who may manage access for the party.

    `action` is `read` or `write`. Raises: ValidationProblem, NotAuthorized.
    """
    direction = rules.direction_of(named)
    party = get_managed(reading, decisions, named.party, action=action, caller=caller)
    is_giver = direction is Direction.TO_OTHERS
    name, other = ("to", named.receiver) if is_giver else ("from", named.giver)
    found = None if other is None else _get_party(reading, name, other)
    return Sides(party, direction, party if is_giver else found, found if is_giver else party)


def get_managed(
    reading: Reading, decisions: DecisionPoint, uuid: UUID, *, action: str, caller: Caller
) -> Party:
    """The party that somebody manages access for. Raises: NotAuthorized, with why."""
    party = parties.find_party(reading, uuid)
    if party is None:
        message = f"no party has id `{uuid}`"
        raise NotAuthorized(message)
    duty = Duty.ACCESS_MANAGEMENT
    check_permitted(decisions, caller, action=action, duty=duty, party=party)
    return party


def _get_party(reading: Reading, name: str, uuid: UUID) -> Party:
    found = parties.find_party(reading, uuid)
    if found is None:
        raise ValidationProblem(errors.party_unknown(name, f"no party has id `{uuid}`"))
    return found


@dataclass(frozen=True, slots=True)
class Giving:
    """The party that gives, and the person who gives for it."""

    giver: Party
    person: Party


@dataclass(frozen=True, slots=True)
class RightsAsked:
    """Single rights to give by their keys; replacing takes back those that are not named."""

    party: UUID
    receiver: UUID
    resource: str
    keys: tuple[str, ...]
    is_replacing: bool


def get_giver(reading: Reading, decisions: DecisionPoint, uuid: UUID, *, caller: Caller) -> Giving:
    """The party that gives, and the person behind the token who gives for it.

    Raises: NotAuthorized (also: no person behind the token), ValidationProblem (deleted).
    """
    giver = get_managed(reading, decisions, uuid, action="write", caller=caller)
    person = get_person(reading, caller)
    rules.check_giver(giver)
    return Giving(giver, person)


def add_right_holder(work: Work, *, giver: Party, receiver: Party) -> Assignment:
    """Make somebody a right holder, who then has nothing yet; again is the same as once.

    Raises: ValidationProblem.
    """
    rules.check_receiver(giver, receiver)
    return parties.ensure_right_holder(work, giver=giver, holder=receiver)


def remove_right_holder(work: Work, sides: Sides, *, is_cascading: bool) -> None:
    """End that somebody is a right holder; what was given falls with it.

    Nothing happens when it is not one. Raises: ValidationProblem naming what is in use, unless it
    cascades.
    """
    assignment = _find_right_holder(work, sides)
    if assignment is None or sides.giver is None or sides.receiver is None:
        return
    if not is_cascading:
        in_use = _in_use(work, assignment)
        if in_use:
            message = f"`{sides.receiver.name}` has {in_use}; set `cascade` to end that as well"
            raise ValidationProblem(errors.still_in_use(message))
    parties.end_role(work, role=RIGHT_HOLDER, giver=sides.giver, holder=sides.receiver)


def _find_right_holder(reading: Reading, sides: Sides) -> Assignment | None:
    if sides.giver is None or sides.receiver is None:
        return None
    return parties.find_assignment(reading, sides.giver, sides.receiver, RIGHT_HOLDER)


def _in_use(reading: Reading, assignment: Assignment) -> str:
    grants = delegations.list_given(reading, assignment)
    packages = [f"`{grant.package}`" for grant in grants if grant.package is not None]
    rights = [f"`{g.right.action}` on `{g.right.resource}`" for g in grants if g.right is not None]
    links = delegations.list_links_on(reading, assignment)
    linked = [f"{len(links)} client links of its agents"] if links else []
    return ", ".join([*packages, *rights, *linked])


def get_package(catalog: Catalog, *, named: str | None, by_id: str | None) -> Package:
    """The access package that a call names by URN or by id. Raises: ValidationProblem."""
    name, identifier = ("package", named) if named else ("packageId", by_id)
    package = None if not identifier else catalog.find_package(identifier)
    if package is None:
        message = f"no access package is called `{identifier or ''}`"
        raise ValidationProblem(errors.package_unknown(name, message))
    return package


def list_packages_named(
    catalog: Catalog, party: Party, *, named: Sequence[str], by_id: Sequence[str]
) -> list[Package]:
    """The packages named; all that a party of its kind can give when none is.

    Raises: ValidationProblem.
    """
    found = [get_package(catalog, named=each, by_id=None) for each in named]
    found += [get_package(catalog, named=None, by_id=each) for each in by_id]
    if found:
        return list(dict.fromkeys(found))
    kind = ENTITY_TYPES[party.kind]
    return [package for package in catalog.facts.packages if package.entity_type == kind]


def check_packages(
    reading: Reading,
    catalog: Catalog,
    party: Party,
    packages: Sequence[Package],
    *,
    person: Party,
) -> list[PackageCheck]:
    """Whether a person may give each package on for the party."""
    return delegations.check_packages(
        reading, catalog, person=person, giver=party, packages=[each.name for each in packages]
    )


def give_package(
    work: Work, catalog: Catalog, package: Package, giving: Giving, *, receiver: Party
) -> tuple[Assignment, Grant]:
    """Give an access package; again is the same as once. Raises: ValidationProblem."""
    giver, person = giving.giver, giving.person
    rules.check_receiver(giver, receiver)
    _check_package(work, catalog, package, giver=giver, receiver=receiver, person=person)
    grants = delegations.give_packages(
        work,
        catalog,
        giver=giver,
        receiver=receiver,
        packages=frozenset({package.name}),
        given_by=person,
    )
    assignment = parties.find_assignment(work, giver, receiver, RIGHT_HOLDER)
    assert assignment is not None, "given just now"
    return assignment, next(grant for grant in grants if grant.package == package.name)


def _check_package(
    reading: Reading,
    catalog: Catalog,
    package: Package,
    *,
    giver: Party,
    receiver: Party,
    person: Party,
) -> None:
    if not package.is_assignable:
        message = f"`{package.name}` follows from a role and is not given to anybody"
        raise ValidationProblem(errors.package_not_assignable(message))
    kinds = ENTITY_TYPES[giver.kind], ENTITY_TYPES[receiver.kind]
    received = check_recipient(package, giver_type=kinds[0], recipient_type=kinds[1])
    if not received.permitted:
        message = f"`{package.name}` cannot go to `{receiver.name}`: {received.outcome.value}"
        raise ValidationProblem(errors.not_to_this_receiver(message))
    (check,) = delegations.check_packages(
        reading, catalog, person=person, giver=giver, packages=[package.name]
    )
    if not check.may_delegate:
        message = f"`{person.name}` may not give `{package.name}` on for `{giver.name}`: "
        raise ValidationProblem(errors.may_not_give("$QUERY/package", message + check.reason))


def withdraw_package(work: Work, package: Package, sides: Sides, *, caller: Caller) -> None:
    """Take a package back, or let go of it; nothing happens when it was not given.

    What rested on it falls. Raises: NotAuthorized (no person behind the token).
    """
    assignment = _find_right_holder(work, sides)
    given = [] if assignment is None else delegations.list_given(work, assignment)
    if package.name in {grant.package for grant in given}:
        by = get_person(work, caller)
        _withdraw(work, sides, packages=frozenset({package.name}), by=by)


def _withdraw(
    work: Work,
    sides: Sides,
    *,
    packages: frozenset[str] = frozenset(),
    rights: frozenset[Right] = frozenset(),
    by: Party,
) -> None:
    assert sides.giver is not None and sides.receiver is not None, "found between them"  # noqa: PT018  one fact
    delegations.withdraw(
        work,
        giver=sides.giver,
        receiver=sides.receiver,
        packages=packages,
        rights=rights,
        withdrawn_by=by,
    )


def get_resource(reading: Reading, identifier: str) -> Resource:
    """The resource that a call names. Raises: ValidationProblem (unknown, without a policy)."""
    found = resources.find_resource(reading, identifier)
    if found is None:
        message = f"there is no resource `{identifier}`"
        raise ValidationProblem(errors.resource_not_valid(message))
    if resources.find_policy(reading, identifier) is None:
        message = f"resource `{identifier}` has no policy"
        raise ValidationProblem(errors.policy_missing(message))
    return found


def give_rights(
    work: Work,
    decisions: DecisionPoint,
    resource: Resource,
    asked: RightsAsked,
    giving: Giving,
    *,
    receiver: Party,
) -> None:
    """Give single rights. Raises: ValidationProblem naming each right that cannot be given."""
    giver, person = giving.giver, giving.person
    rules.check_receiver(giver, receiver)
    checks = decisions.check_rights(person=person, giver=giver, resource=resource.identifier)
    wanted = _rights_named(resource, checks, asked.keys)
    has = _rights_to(work, resource, parties.find_assignment(work, giver, receiver, RIGHT_HOLDER))
    _check_rights(checks, wanted - has, giver=giver, person=person)
    delegations.give_rights(work, giver=giver, receiver=receiver, rights=wanted, given_by=person)
    if asked.is_replacing and has - wanted:
        sides = Sides(giver, Direction.TO_OTHERS, giver, receiver)
        _withdraw(work, sides, rights=has - wanted, by=person)


def _rights_named(
    resource: Resource, checks: Sequence[RightCheck], keys: Iterable[str]
) -> frozenset[Right]:
    rights = {check.right.action: check.right for check in checks}
    actions = rules.actions_by_key(resource, rights)
    faults: list[Fault] = []
    found: set[Right] = set()
    for place, key in enumerate(keys):
        if key in actions:
            found.add(rights[actions[key]])
        else:
            path = f"/directRightKeys/{place}"
            message = f"`{key}` is no right to `{resource.identifier}`"
            faults.append(errors.right_unknown(path, message))
    if faults:
        raise ValidationProblem(*faults)
    return frozenset(found)


def _rights_to(
    reading: Reading, resource: Resource, assignment: Assignment | None
) -> frozenset[Right]:
    given = [] if assignment is None else delegations.list_given(reading, assignment)
    return frozenset(
        grant.right
        for grant in given
        if grant.right is not None and grant.right.resource == resource.identifier
    )


def _check_rights(
    checks: Iterable[RightCheck], wanted: frozenset[Right], *, giver: Party, person: Party
) -> None:
    faults = [
        errors.may_not_give(
            "/directRightKeys",
            f"`{person.name}` may not give `{check.right.action}` on `{check.right.resource}` on"
            f" for `{giver.name}`: {check.reason}",
        )
        for check in checks
        if check.right in wanted and not check.may_delegate
    ]
    if faults:
        raise ValidationProblem(*faults)


def withdraw_rights(work: Work, resource: Resource, sides: Sides, *, caller: Caller) -> None:
    """Take back every single right to a resource; nothing happens when none was given."""
    rights = _rights_to(work, resource, _find_right_holder(work, sides))
    if rights:
        _withdraw(work, sides, rights=rights, by=get_person(work, caller))
