"""Requests shown to people of the customer: the page of an approval, and what waits."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from fullmakt.access.catalog.model import Catalog
from fullmakt.access.decisions.model import Outcome
from fullmakt.access.decisions.permissions import (
    Duty,
    check_permitted,
    get_person,
    outcome_of,
)
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.access.parties import service as parties
from fullmakt.access.parties.model import Party
from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.storage.database import Reading
from fullmakt.systems.requests import approvers, errors, of_party, store
from fullmakt.systems.requests.model import AtParty, Request
from fullmakt.systems.system_users import service as system_users
from fullmakt.systems.system_users.errors import PartyNotFound
from fullmakt.systems.system_users.model import SystemUserKind


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
    if outcome is not Outcome.PERMIT and not approvers.is_related(reading, catalog, person, party):
        message = f"`{person.name}` has no relation to `{party.name}`"
        raise errors.NotRelatedToParty(message)
    return OpenedRequest(request, party, may_only_escalate=outcome is not Outcome.PERMIT)


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


def list_pending(
    reading: Reading,
    decisions: DecisionPoint,
    party_id: int,
    number: str,
    kind: SystemUserKind,
    *,
    caller: Caller,
) -> list[Request]:
    """The new requests to a party, oldest first; of those for agents only the escalated ones.

    QUIRK: the original lists another organisation's where its number is named. Closed
    (test_what_waits_for_another_organisation_is_not_told).
    Raises: PartyNotFound, NotAuthorized, RequestOfAnotherParty, AgentRequestOfAnotherParty.
    """
    party = system_users.get_party(reading, party_id)
    check_permitted(decisions, caller, action="write", duty=Duty.ACCESS_MANAGEMENT, party=party)
    assert party.number is not None, "only organisations are sent requests"
    if number != party.number.digits:
        message = f"`{number}` is not the number of `{party.name}`"
        raise of_party.of_another_party(kind)(message)
    found = store.list_new(reading, party.number, kind)
    # QUIRK: agent requests wait unseen until somebody escalates them
    # (test_an_agent_request_is_pending_once_it_is_escalated).
    return [each for each in found if kind is SystemUserKind.STANDARD or each.is_escalated]
