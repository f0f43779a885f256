"""Passing a request on to those who may answer it."""

from __future__ import annotations

from dataclasses import replace

from fullmakt.access.catalog.model import Catalog
from fullmakt.access.decisions.permissions import get_person
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.storage.database import Work
from fullmakt.foundation.storage.model import Change
from fullmakt.systems.requests import approvers, of_party, rules, store
from fullmakt.systems.requests.model import Answer, AtParty
from fullmakt.systems.requests.service import change_of
from fullmakt.systems.system_users import service as system_users


def escalate(
    work: Work, catalog: Catalog, decisions: DecisionPoint, named: AtParty, *, caller: Caller
) -> bool:
    """Mark a new request as waiting for somebody who may answer; whether that was done.

    It is not for somebody without any relation to the party, nor for an id that no request of the
    kind has. The event names those who may answer. Again is the same as once.
    QUIRK: the original checks neither whose request it is nor whether it is answered. Closed
    (test_a_request_of_another_party_is_not_escalated,
    test_an_answered_request_is_not_escalated).
    Raises: PartyNotFound, NotAuthorized (no person), RequestOfAnotherParty,
    AgentRequestOfAnotherParty, RequestAlreadyAnswered.
    """
    party = system_users.get_party(work, named.party_id)
    person = get_person(work, caller)
    found = store.find_request(work, named.uuid, named.kind)
    if found is None or not approvers.is_related(work, catalog, person, party):
        return False
    request = of_party.get_of_party(work, named, party)
    if not rules.is_answerable(request, Answer.APPROVE):
        raise of_party.already_answered(work, request)
    if not request.is_escalated:
        escalated = replace(request, is_escalated=True, version=request.version + 1)
        store.replace_request(work, escalated)
        able = approvers.list_approvers(work, catalog, decisions, party).able
        change = change_of(escalated, "request-escalated")
        facts = {
            **change.payload,
            "by": str(person.uuid),
            "approvers": [str(each.uuid) for each in able],
        }
        work.record(Change(change.kind, facts))
    return True
