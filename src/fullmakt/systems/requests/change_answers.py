"""The customer's side of a change request: opening it, approving it, rejecting it.

What is required is added with the same delegation check as for a request; what is unwanted falls.
All of it is one unit of work.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from fullmakt.access.catalog.model import Catalog
from fullmakt.access.decisions.permissions import (
    Duty,
    check_permitted,
    get_person,
    refusal_of,
)
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.access.delegations import service as delegations
from fullmakt.access.delegations.model import Right
from fullmakt.access.parties import service as parties
from fullmakt.access.parties.model import Party
from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.storage.database import Reading, Work
from fullmakt.foundation.terms.urns import package_name
from fullmakt.systems.requests import (
    approvers,
    change_rules,
    change_service,
    change_store,
    errors,
    of_party,
)
from fullmakt.systems.requests.change_model import ChangeRequest
from fullmakt.systems.requests.model import Answer, Answered
from fullmakt.systems.system_register import service as system_register
from fullmakt.systems.system_register.errors import SystemNotFound
from fullmakt.systems.system_register.model import RegisteredSystem
from fullmakt.systems.system_users import giving
from fullmakt.systems.system_users import service as system_users
from fullmakt.systems.system_users.errors import PartyNotFound, SystemUserNotFound


@dataclass(frozen=True, slots=True)
class OpenedChange:
    """A change request as the page of its approval shows it."""

    change: ChangeRequest
    party: Party


def open_change(
    reading: Reading, catalog: Catalog, decisions: DecisionPoint, uuid: UUID, *, caller: Caller
) -> OpenedChange:
    """A change request for somebody who may answer it and may give the packages it asks for.

    QUIRK: the original looks first at what the person may give, and tells strangers what is asked
    for. Closed: who may answer comes first (test_a_stranger_is_not_told_what_a_change_is_about).
    Raises: RequestNotFound, PartyNotFound, NotAuthorized (no person), NotRelatedToParty,
    PackagesInvalid, PackagesNotDelegable.
    """
    change = change_service.get_change(reading, uuid)
    party = parties.find_organization(reading, change.party)
    if party is None:
        message = f"organisation `{change.party}` is not registered"
        raise PartyNotFound(message)
    person = get_person(reading, caller)
    duty = Duty.ACCESS_MANAGEMENT
    why_not = refusal_of(decisions, caller, action="write", duty=duty, party=party)
    if why_not is not None:
        raise errors.NotRelatedToParty(why_not)
    system = _get_system(reading, change)
    _check_packages(reading, catalog, change, system, person=person, party=party)
    return OpenedChange(change, party)


def get_change_for_party(
    reading: Reading, decisions: DecisionPoint, party_id: int, uuid: UUID, *, caller: Caller
) -> ChangeRequest:
    """A change request to a party, for somebody who may read its access management.

    Raises: PartyNotFound, NotAuthorized, RequestNotFound (also: another party's).
    """
    party = system_users.get_party(reading, party_id)
    check_permitted(decisions, caller, action="read", duty=Duty.ACCESS_MANAGEMENT, party=party)
    change = change_service.get_change(reading, uuid)
    if change.party != party.number:
        message = f"`{party.name}` has no change request `{uuid}`"
        raise errors.RequestNotFound(message)
    return change


def approve_change(
    work: Work,
    catalog: Catalog,
    decisions: DecisionPoint,
    party_id: int,
    uuid: UUID,
    *,
    caller: Caller,
) -> ChangeRequest:
    """Give the system user what is required, and take away what is unwanted.

    QUIRK: the original does not ask whether the change request was sent to the party. Closed
    (test_a_change_is_not_answered_for_another_party).
    Raises: problems in the order of the documentation.
    """
    party, person = _get_answerer(work, catalog, decisions, party_id, caller)
    change = _get_answerable(work, uuid, party, Answer.APPROVE)
    change_rules.check_change_not_timed_out(change, at=work.now)
    system = _get_system(work, change)
    user = parties.find_party(work, change.system_user)
    if system_users.find_system_user(work, change.system_user) is None or user is None:
        message = f"system user `{change.system_user}` is deleted"
        raise SystemUserNotFound(message)
    rights = _delegable_rights(decisions, change, system, person=person, party=party)
    packages = _check_packages(work, catalog, change, system, person=person, party=party)
    delegations.give_to_system_user(
        work,
        owner=party,
        system_user=user,
        packages=packages,
        rights=rights,
        given_by=person,
    )
    _take_away(work, change, user, party=party, person=person)
    return _store_answer(work, change, Answer.APPROVE, person)


def reject_change(
    work: Work,
    catalog: Catalog,
    decisions: DecisionPoint,
    party_id: int,
    uuid: UUID,
    *,
    caller: Caller,
) -> ChangeRequest:
    """Say no. Raises: as `approve_change`, as far as they apply."""
    party, person = _get_answerer(work, catalog, decisions, party_id, caller)
    change = _get_answerable(work, uuid, party, Answer.REJECT)
    return _store_answer(work, change, Answer.REJECT, person)


def _get_answerer(
    work: Work, catalog: Catalog, decisions: DecisionPoint, party_id: int, caller: Caller
) -> tuple[Party, Party]:
    party = system_users.get_party(work, party_id)
    approvers.check_may_answer(work, catalog, decisions, party, caller=caller)
    return party, get_person(work, caller)


def _get_answerable(work: Work, uuid: UUID, party: Party, answer: Answer) -> ChangeRequest:
    change = change_service.get_change(work, uuid)
    if change.party != party.number:
        message = f"change request `{uuid}` was not sent to `{party.name}`"
        raise errors.RequestOfAnotherParty(message)
    if not change_rules.is_change_answerable(change, answer):
        told = f"change request `{uuid}` is `{change.status.value}`"
        raise errors.RequestAlreadyAnswered(told + of_party.told_by(work, change.answered))
    return change


def _get_system(reading: Reading, change: ChangeRequest) -> RegisteredSystem:
    system = system_register.find_system(reading, change.system_id)
    if system is None or system.is_deleted:
        message = f"system `{change.system_id}` is retired"
        raise SystemNotFound(message)
    return system


def _delegable_rights(
    decisions: DecisionPoint,
    change: ChangeRequest,
    system: RegisteredSystem,
    *,
    person: Party,
    party: Party,
) -> frozenset[Right]:
    """SPEC: no detailed code here; whatever stands in the way is AUTH-00001."""
    change_rules.check_rights_on_system(change, system)
    found: frozenset[Right] = frozenset()
    for right in change.difference.required_rights:
        resource = right.resource or ""
        checks = decisions.check_rights(person=person, giver=party, resource=resource)
        found |= change_rules.delegable_rights(
            checks, resource=resource, person=person.name, party=party.name
        )
    return found


def _check_packages(
    reading: Reading,
    catalog: Catalog,
    change: ChangeRequest,
    system: RegisteredSystem,
    *,
    person: Party,
    party: Party,
) -> frozenset[str]:
    """The packages that the system user does not have yet; each is the person's to give on."""
    has = system_users.access_of(reading, owner=party, uuid=change.system_user).packages
    missing = [urn for urn in change.difference.required_packages if package_name(urn) not in has]
    change_rules.check_packages_on_system(missing, system)
    names = [package_name(urn) for urn in missing]
    if names:
        giving.check_packages(reading, catalog, names, person=person, owner=party)
    return frozenset(names)


def _take_away(
    work: Work, change: ChangeRequest, user: Party, *, party: Party, person: Party
) -> None:
    """Take back what is unwanted and there; a service is named by its first part."""
    has = system_users.access_of(work, owner=party, uuid=change.system_user)
    unwanted = {right.pairs[0].value for right in change.difference.unwanted_rights if right.pairs}
    packages = {package_name(urn) for urn in change.difference.unwanted_packages}
    delegations.withdraw(
        work,
        giver=party,
        receiver=user,
        packages=frozenset(has.packages) & packages,
        rights=frozenset(right for right in has.rights if right.resource in unwanted),
        withdrawn_by=person,
    )


def _store_answer(
    work: Work, change: ChangeRequest, answer: Answer, person: Party
) -> ChangeRequest:
    answered = replace(
        change,
        status=change_rules.moved(change, answer),
        answered=Answered(person.uuid, work.now),
        version=change.version + 1,
    )
    change_store.replace_change(work, answered)
    work.record(change_service.event_of(answered, "change-request-answered"))
    return answered
