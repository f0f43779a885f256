"""The customer's side of a request: opening it, approving it, rejecting it.

Who may answer is decided by our own decision point, in the unit of work that answers. A person
approves a standard request with no more than that person may give on.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from fullmakt.access.catalog.model import Catalog
from fullmakt.access.decisions.model import Outcome
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.access.delegations import service as delegations
from fullmakt.access.delegations.model import Right
from fullmakt.access.parties import service as parties
from fullmakt.access.parties.model import Party
from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.storage.database import Reading, Work
from fullmakt.foundation.terms.moments import write_moment
from fullmakt.foundation.terms.problem import Problem
from fullmakt.foundation.terms.urns import package_name
from fullmakt.systems.requests import errors, rules, store
from fullmakt.systems.requests.model import Answer, Answered, AtParty, Request
from fullmakt.systems.requests.service import change_of
from fullmakt.systems.system_register import service as system_register
from fullmakt.systems.system_register.errors import SystemNotFound
from fullmakt.systems.system_register.model import RegisteredSystem
from fullmakt.systems.system_users import service as system_users
from fullmakt.systems.system_users.errors import PartyNotFound
from fullmakt.systems.system_users.model import SystemUser, SystemUserKind
from fullmakt.systems.system_users.permissions import (
    Duty,
    check_permitted,
    get_person,
    outcome_of,
)


@dataclass(frozen=True, slots=True)
class OpenedRequest:
    """A request as the page of its approval shows it."""

    request: Request
    party: Party
    may_only_escalate: bool


def open_request(
    reading: Reading,
    catalog: Catalog,
    decisions: DecisionPoint,
    uuid: UUID,
    kind: SystemUserKind,
    *,
    caller: Caller,
) -> OpenedRequest:
    """A request for somebody with any relation to its customer.

    Raises: RequestNotFound, PartyNotFound, NotAuthorized (no person), NotRelatedToParty.
    """
    request = store.find_request(reading, uuid, kind)
    if request is None:
        message = f"no request has id `{uuid}`"
        raise errors.RequestNotFound(message)
    party = parties.find_organization(reading, request.party)
    if party is None:
        message = f"organisation `{request.party}` is not registered"
        raise PartyNotFound(message)
    person = get_person(reading, caller)
    duty = Duty.ACCESS_MANAGEMENT
    outcome = outcome_of(decisions, caller, action="write", duty=duty, party=party)
    if outcome is not Outcome.PERMIT and not _is_related(reading, catalog, person, party):
        message = f"`{person.name}` has no relation to `{party.name}`"
        raise errors.NotRelatedToParty(message)
    return OpenedRequest(request, party, may_only_escalate=outcome is not Outcome.PERMIT)


def _is_related(reading: Reading, catalog: Catalog, person: Party, party: Party) -> bool:
    """Whether the person has a role in the party, or in a company that has one."""
    held = parties.list_roles_held(reading, person)
    if any(role.giver.id == party.id for role in held):
        return True
    acts_as = {
        role.giver.id for role in held if catalog.is_key_role(role.assignment.role, role.giver.form)
    }
    given = parties.list_roles_given(reading, party)
    return any(role.holder.id in acts_as for role in given)


def get_for_party(
    reading: Reading,
    decisions: DecisionPoint,
    named: AtParty,
    *,
    caller: Caller,
) -> Request:
    """A request to a party, for somebody who may read its access management.

    Raises: PartyNotFound, NotAuthorized, RequestNotFound (also: another party's).
    """
    party = system_users.get_party(reading, named.party_id)
    duty = Duty.ACCESS_MANAGEMENT
    check_permitted(decisions, caller, action="read", duty=duty, party=party)
    request = store.find_request(reading, named.uuid, named.kind)
    if request is None or request.party != party.number:
        message = f"`{party.name}` has no request `{named.uuid}`"
        raise errors.RequestNotFound(message)
    return request


def approve(
    work: Work,
    catalog: Catalog,
    decisions: DecisionPoint,
    named: AtParty,
    *,
    caller: Caller,
) -> SystemUser:
    """Make the system user that was asked for; its id is the request's.

    Raises: problems in the order of the documentation.
    """
    party, person = _get_answerer(work, decisions, named.party_id, caller)
    request = _get_answerable(work, named, party, Answer.APPROVE)
    rules.check_not_timed_out(request, at=work.now)
    system = system_register.find_system(work, request.system_id)
    if system is None or system.is_deleted:
        message = f"system `{request.system_id}` is retired"
        raise SystemNotFound(message)
    if named.kind is SystemUserKind.AGENT:
        _check_has_name(system)
    system_users.check_is_free(
        work,
        system_id=system.id,
        owner=request.party.digits,
        external_ref=request.external_ref,
    )
    rules.check_wanted(
        system, catalog, kind=named.kind, rights=request.rights, packages=request.packages
    )
    rights: frozenset[Right] = frozenset()
    if named.kind is SystemUserKind.STANDARD:
        rights = _delegable_rights(decisions, request, person, party)
        _check_packages(work, catalog, request, person, party)
        _check_has_name(system)
    _store_answer(work, request, Answer.APPROVE, person)
    return system_users.create_system_user(
        work,
        uuid=request.uuid,
        system=system,
        owner=party,
        kind=named.kind,
        external_ref=request.external_ref,
        title=request.title,
        packages=[package_name(urn) for urn in request.packages],
        rights=rights,
        given_by=person,
    )


def reject(
    work: Work,
    decisions: DecisionPoint,
    named: AtParty,
    *,
    caller: Caller,
) -> Request:
    """Say no. Raises: as `approve`, as far as they apply."""
    party, person = _get_answerer(work, decisions, named.party_id, caller)
    request = _get_answerable(work, named, party, Answer.REJECT)
    return _store_answer(work, request, Answer.REJECT, person)


def _get_answerer(
    work: Work, decisions: DecisionPoint, party_id: int, caller: Caller
) -> tuple[Party, Party]:
    party = system_users.get_party(work, party_id)
    duty = Duty.ACCESS_MANAGEMENT
    check_permitted(decisions, caller, action="write", duty=duty, party=party)
    return party, get_person(work, caller)


def _get_answerable(work: Work, named: AtParty, party: Party, answer: Answer) -> Request:
    is_agent = named.kind is SystemUserKind.AGENT
    request = store.find_request(work, named.uuid, named.kind)
    if request is None:
        missing: type[Problem] = errors.AgentRequestNotFound if is_agent else errors.RequestNotFound
        message = f"no {named.kind.value} request has id `{named.uuid}`"
        raise missing(message)
    if request.party != party.number:
        foreign: type[Problem] = (
            errors.AgentRequestOfAnotherParty if is_agent else errors.RequestOfAnotherParty
        )
        message = f"request `{named.uuid}` was not sent to `{party.name}`"
        raise foreign(message)
    if not rules.is_answerable(request, answer):
        raise errors.RequestAlreadyAnswered(_told_answer(work, request))
    return request


def _told_answer(work: Work, request: Request) -> str:
    told = f"request `{request.uuid}` is `{request.status.value}`"
    if request.answered is None:
        return told
    by = parties.find_party(work, request.answered.by)
    name = "somebody" if by is None else by.name
    return f"{told}: `{name}` answered it at {write_moment(request.answered.at)}"


def _check_has_name(system: RegisteredSystem) -> None:
    if system.title is None:
        message = f"system `{system.id}` has no name in `nb`"
        raise errors.SystemHasNoName(message)


def _delegable_rights(
    decisions: DecisionPoint, request: Request, person: Party, party: Party
) -> frozenset[Right]:
    found: frozenset[Right] = frozenset()
    for right in request.rights:
        resource = right.resource or ""
        checks = decisions.check_rights(person=person, giver=party, resource=resource)
        found |= rules.delegable_rights(
            checks, resource=resource, person=person.name, party=party.name
        )
    return found


def _check_packages(
    work: Work, catalog: Catalog, request: Request, person: Party, party: Party
) -> None:
    names = [package_name(urn) for urn in request.packages]
    checks = delegations.check_packages(work, catalog, person=person, giver=party, packages=names)
    rules.check_packages_delegable(checks, person=person.name, party=party.name)


def _store_answer(work: Work, request: Request, answer: Answer, person: Party) -> Request:
    answered = rules.answered(request, answer, Answered(person.uuid, work.now))
    store.replace_request(work, answered)
    work.record(change_of(answered, "request-answered"))
    return answered
