"""Questions of our own rooms, as the walk takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from fullmakt.access.decisions.asking import Asked, Asker, Kind
from fullmakt.access.decisions.giving import question_entries
from fullmakt.access.decisions.model import (
    ByOrganizationNumber,
    ByPartyId,
    ByPersonNumber,
    ByServiceOwner,
    BySystemUser,
    ByUserId,
    ByUuid,
)
from fullmakt.access.delegations.standings import Key, Reference
from fullmakt.access.policy import names
from fullmakt.foundation.terms import urns

if TYPE_CHECKING:
    from fullmakt.access.decisions.model import PartyReference, Question, Subject


def read_question(question: Question) -> Asked:
    """A question of our own rooms as the walk takes it.

    Subject and party are attributes here as in a decision request: a rule may name them.
    """
    subject = _asker(question.subject)
    party = None if question.party is None else _reference(question.party)
    entries = question_entries(question.resource, question.action)
    if isinstance(question.subject, ByServiceOwner):
        entries[names.SUBJECT, urns.SERVICE_OWNER] = question.subject.code
    if subject is not None:
        entries[names.SUBJECT, _attribute(subject)] = str(subject.reference.value)
    if party is not None:
        entries[names.RESOURCE, _ATTRIBUTES[party.key]] = str(party.value)
    return Asked(subject, (question.action,), question.resource, party, entries)


def _attribute(subject: Asker) -> str:
    is_system_user = subject.kind is Kind.SYSTEM_USER
    return urns.SYSTEM_USER_UUID if is_system_user else _ATTRIBUTES[subject.reference.key]


_ATTRIBUTES = {
    Key.UUID: urns.PARTY_UUID,
    Key.PARTY_ID: urns.PARTY_ID,
    Key.USER_ID: urns.USER_ID,
    Key.ORGANIZATION_NUMBER: urns.ORGANIZATION_NUMBER,
    Key.PERSON_NUMBER: urns.PERSON_NUMBER,
}


def _asker(subject: Subject) -> Asker | None:
    """Who is looked up; nobody for a service owner."""
    match subject:
        case ByServiceOwner():
            return None
        case BySystemUser():
            return Asker(Kind.SYSTEM_USER, Reference(Key.UUID, str(subject.uuid)))
        case ByUserId():
            return Asker(Kind.PERSON, Reference(Key.USER_ID, subject.user_id))
        case ByPersonNumber():
            return Asker(Kind.PERSON, _reference(subject))
        case ByOrganizationNumber():
            return Asker(Kind.ORGANIZATION, _reference(subject))
        case ByUuid() | ByPartyId():
            return Asker(Kind.PARTY, _reference(subject))
        case _:
            assert_never(subject)


def _reference(party: PartyReference) -> Reference:
    match party:
        case ByUuid():
            return Reference(Key.UUID, str(party.uuid))
        case ByPartyId():
            return Reference(Key.PARTY_ID, party.party_id)
        case ByOrganizationNumber():
            return Reference(Key.ORGANIZATION_NUMBER, party.number.digits)
        case ByPersonNumber():
            return Reference(Key.PERSON_NUMBER, party.number.digits)
        case _:
            assert_never(party)
