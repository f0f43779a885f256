"""What the pages of a connection show: records with the services they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fullmakt.access.connections import records
from fullmakt.access.connections.model import Direction, Include, Record, Sides
from fullmakt.access.decisions.giving import PACKAGE_ACCESS, ROLE_ACCESS
from fullmakt.access.decisions.model import BySystemUser, ByUserId, ByUuid, Question, Subject
from fullmakt.access.delegations.model import Right
from fullmakt.access.parties import service as parties
from fullmakt.access.parties.model import PartyKind
from fullmakt.access.resources import service as resources

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fullmakt.access.catalog.model import Catalog
    from fullmakt.access.decisions.service import DecisionPoint
    from fullmakt.access.delegations.model import PackageCheck
    from fullmakt.access.parties.model import Party
    from fullmakt.access.resources.model import Resource
    from fullmakt.foundation.storage.database import Reading


def list_records(
    reading: Reading, catalog: Catalog, sides: Sides, include: Include | None = None
) -> list[Record]:
    """The ways between the two sides, or between the party and everybody."""
    if sides.direction is Direction.TO_OTHERS:
        return records.list_given(
            reading, catalog, sides.party, receiver=sides.receiver, include=include
        )
    return records.list_held(reading, catalog, sides.party, giver=sides.giver, include=include)


def resources_of(reading: Reading, found: Iterable[Record]) -> Mapping[str, Resource]:
    """The services that single rights in these records are about, by identifier."""
    names = {right.resource for record in found for right in record.rights}
    known = {name: resources.find_resource(reading, name) for name in sorted(names)}
    return {name: resource for name, resource in known.items() if resource is not None}


def indirect_rights(
    decisions: DecisionPoint, resource: Resource, found: Iterable[Record], sides: Sides
) -> list[tuple[Right, str]]:
    """The rights that the receiver has by roles or packages and was not given singly.

    Each with what it has them by, as a reason code. Raises: PrimaryUnreachable.
    """
    assert sides.giver is not None and sides.receiver is not None, "both are named"  # noqa: PT018  one fact
    direct = {right for record in found for right in record.rights}
    rights: list[tuple[Right, str]] = []
    for action in sorted(decisions.actions_of(resource.identifier)):
        right = Right(resource.identifier, action)
        if right not in direct:
            code = _code(decisions, right, giver=sides.giver, receiver=sides.receiver)
            rights += [] if code is None else [(right, code)]
    return rights


def _code(decisions: DecisionPoint, right: Right, *, giver: Party, receiver: Party) -> str | None:
    for subject, code in _subjects(receiver):
        question = Question(subject, right.action, right.resource, ByUuid(giver.uuid))
        if decisions.decide(question).permitted:
            return code
    return None


def _subjects(receiver: Party) -> list[tuple[Subject, str]]:
    """How the receiver is asked about: named by its id only packages are looked up."""
    if receiver.kind is PartyKind.SYSTEM_USER:
        return [(BySystemUser(receiver.uuid), PACKAGE_ACCESS)]
    by_packages: tuple[Subject, str] = (ByUuid(receiver.uuid), PACKAGE_ACCESS)
    if receiver.user_id is None:
        return [by_packages]
    return [by_packages, (ByUserId(receiver.user_id), ROLE_ACCESS)]


def parties_of(reading: Reading, checks: Iterable[PackageCheck]) -> Mapping[int, Party]:
    """The parties that checks rest on, by inner id."""
    ids = {
        inner
        for check in checks
        for basis in check.bases
        for inner in (basis.held.giver, basis.held.via)
        if inner is not None
    }
    return {inner: parties.get_by_inner_id(reading, inner) for inner in ids}
