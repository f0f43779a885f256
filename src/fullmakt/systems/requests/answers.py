"""The customer's answer to a request: approving it, or rejecting it.

Who may answer is decided by our own decision point, in the unit of work that answers. A person
approves a standard request with no more than that person may give on.
"""

from __future__ import annotations

from fullmakt.access.catalog.model import Catalog
from fullmakt.access.decisions.permissions import get_person
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.access.delegations.model import Right
from fullmakt.access.parties.model import Party
from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.storage.database import Work
from fullmakt.foundation.terms.urns import package_name
from fullmakt.systems.requests import approvers, errors, of_party, rules, store
from fullmakt.systems.requests.model import Answer, Answered, AtParty, Request
from fullmakt.systems.requests.service import change_of
from fullmakt.systems.system_register import service as system_register
from fullmakt.systems.system_register.errors import SystemNotFound
from fullmakt.systems.system_register.model import RegisteredSystem
from fullmakt.systems.system_users import giving
from fullmakt.systems.system_users import service as system_users
from fullmakt.systems.system_users.model import SystemUser, SystemUserKind


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
    party, person = _get_answerer(work, catalog, decisions, named.party_id, caller)
    request = of_party.get_answerable(work, named, party, Answer.APPROVE)
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
        resources = [right.resource or "" for right in request.rights]
        rights = giving.get_delegable_rights(decisions, resources, person=person, owner=party)
        names = [package_name(urn) for urn in request.packages]
        giving.check_packages(work, catalog, names, person=person, owner=party)
        _check_has_name(system)
    _store_answer(work, request, Answer.APPROVE, person)
    is_carried = named.kind is SystemUserKind.AGENT and decisions.has_single_services
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
        resources=_services_of(request) if is_carried else (),
    )


def _services_of(request: Request) -> list[str]:
    return [right.resource for right in request.rights if right.resource is not None]


def reject(
    work: Work,
    catalog: Catalog,
    decisions: DecisionPoint,
    named: AtParty,
    *,
    caller: Caller,
) -> Request:
    """Say no. Raises: as `approve`, as far as they apply."""
    party, person = _get_answerer(work, catalog, decisions, named.party_id, caller)
    request = of_party.get_answerable(work, named, party, Answer.REJECT)
    return _store_answer(work, request, Answer.REJECT, person)


def _get_answerer(
    work: Work, catalog: Catalog, decisions: DecisionPoint, party_id: int, caller: Caller
) -> tuple[Party, Party]:
    party = system_users.get_party(work, party_id)
    approvers.check_may_answer(work, catalog, decisions, party, caller=caller)
    return party, get_person(work, caller)


def _check_has_name(system: RegisteredSystem) -> None:
    if system.title is None:
        message = f"system `{system.id}` has no name in `nb`"
        raise errors.SystemHasNoName(message)


def _store_answer(work: Work, request: Request, answer: Answer, person: Party) -> Request:
    answered = rules.answered(request, answer, Answered(person.uuid, work.now))
    store.replace_request(work, answered)
    work.record(change_of(answered, "request-answered"))
    return answered
