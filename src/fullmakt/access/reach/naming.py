"""How parties are named in questions, and whom a policy names outright, whatever it is related to.

Who asks may be named in several ways, and a rule may be about any of them: an organisation by its
number, a person by user id, a service owner by its short name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from fullmakt.access.decisions.model import (
    ByOrganizationNumber,
    ByPartyId,
    ByPersonNumber,
    ByServiceOwner,
    BySystemUser,
    ByUserId,
    ByUuid,
)
from fullmakt.access.parties import service as parties
from fullmakt.access.parties.model import PartyKind
from fullmakt.access.policy.whom import choices_of
from fullmakt.foundation.terms import urns
from fullmakt.foundation.terms.numbers import OrganizationNumber, PersonNumber

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from fullmakt.access.decisions.model import PartyReference, Subject
    from fullmakt.access.parties.model import Party
    from fullmakt.access.policy.compile import CompiledPolicy
    from fullmakt.access.policy.model import Rule
    from fullmakt.access.policy.outline import SubjectChoice
    from fullmakt.access.policy.whom import Choices
    from fullmakt.foundation.storage.database import Reading


def subject_of(party: Party) -> Subject:
    """How a party is named as the subject of a question, so that all it holds counts."""
    if party.kind is PartyKind.SYSTEM_USER:
        return BySystemUser(party.uuid)
    return ByPersonNumber(party.person_number) if party.person_number else ByUuid(party.uuid)


def party_of(party: Party) -> PartyReference:
    """How a party is named as the one that a question is for."""
    if party.number is not None:
        return ByOrganizationNumber(party.number)
    return ByPersonNumber(party.person_number) if party.person_number else ByUuid(party.uuid)


def subjects_of(party: Party, looked_at: frozenset[str] | None) -> Iterator[Subject]:
    """The ways to name a party as subject: all it holds counts, then those that are looked at.

    `looked_at` are ids of subject attributes, None for all.
    """
    first = subject_of(party)
    yield first
    for attribute, subject in _other_names(party).items():
        if (looked_at is None or attribute in looked_at) and subject != first:
            yield subject


def looked_at(policy: CompiledPolicy) -> frozenset[str] | None:
    """The ways of naming a subject by which a policy can permit; None where all have to be tried.

    Named otherwise, a subject may hold less; which is more to a policy that keeps some out.
    """
    return policy.subject_attributes if policy.only_gains else None


def _other_names(party: Party) -> Mapping[str, Subject]:
    if party.kind is PartyKind.SYSTEM_USER:
        return {urns.PARTY_UUID: ByUuid(party.uuid)}
    found: dict[str, Subject] = {
        urns.PARTY_UUID: ByUuid(party.uuid),
        urns.PARTY_ID: ByPartyId(party.party_id),
    }
    if party.user_id is not None:
        found[urns.USER_ID] = ByUserId(party.user_id)
    if party.number is not None:
        found[urns.ORGANIZATION_NUMBER] = ByOrganizationNumber(party.number)
    if _code_of(party):
        found[urns.SERVICE_OWNER] = ByServiceOwner(_code_of(party))
    return found


def find_named_outright(
    reading: Reading, rules: Iterable[Rule] | None
) -> Mapping[int, Party] | None:
    """Whom rules name outright, by inner id; None where one may apply to anybody at all.

    `rules` None: anybody is let in without any.
    """
    if rules is None:
        return None
    found: dict[int, Party] = {}
    for rule in rules:
        choices = narrowest(rule)
        if choices is None:
            return None
        found |= {each.id: each for choice in choices for each in _find(reading, choice)}
    return dict(sorted(found.items()))


def narrowest(rule: Rule) -> Choices | None:
    """The set of subject attributes to look for a rule's subjects by; None where there is none.

    One that names nobody outright is looked for in what parties gave each other.
    """
    return min(
        choices_of(rule),
        key=lambda choices: sum(each.attribute_id in _NAMING for each in choices),
        default=None,
    )


def may_be_named(party: Party, rules: Iterable[Rule] | None) -> bool:
    """Whether a rule may apply to a party whatever it is related to."""
    if rules is None:
        return True
    names = _names(party)
    for rule in rules:
        choices = narrowest(rule)
        if choices is None or any((each.attribute_id, each.value) in names for each in choices):
            return True
    return False


def _names(party: Party) -> set[tuple[str, str]]:
    """Every attribute that names a party, with its value in lower case."""
    found: set[tuple[str, str]] = set()
    for subject in subjects_of(party, _NAMING):
        match subject:
            case ByServiceOwner():
                found.add((urns.SERVICE_OWNER, subject.code.lower()))
            case BySystemUser():
                found.add((urns.SYSTEM_USER_UUID, str(subject.uuid)))
            case ByUuid():
                found.add((urns.PARTY_UUID, str(subject.uuid)))
            case ByPartyId():
                found.add((urns.PARTY_ID, str(subject.party_id)))
            case ByUserId():
                found.add((urns.USER_ID, str(subject.user_id)))
            case ByOrganizationNumber():
                found.add((urns.ORGANIZATION_NUMBER, subject.number.digits))
            case ByPersonNumber():
                found.add((urns.PERSON_NUMBER, subject.number.digits))
    return found


def _find(reading: Reading, choice: SubjectChoice) -> list[Party]:
    if choice.attribute_id == urns.SERVICE_OWNER:
        owners = parties.list_service_owners(reading)
        return [each for each in owners if _code_of(each).lower() == choice.value]
    find = _FINDERS.get(choice.attribute_id)
    try:
        found = None if find is None else find(reading, choice.value)
    except ValueError:
        # A policy may compare with what no party can be named by.
        found = None
    return [] if found is None else [found]


def _code_of(party: Party) -> str:
    return str(party.details.get("orgcode") or "")


_LONGEST_NUMBER = 9
"""Digits of party ids and user ids, as questions take them."""


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER):
        raise ValueError(text)
    return int(text)


_FINDERS: Mapping[str, Callable[[Reading, str], Party | None]] = {
    urns.PARTY_UUID: lambda reading, text: parties.find_party(reading, UUID(text)),
    urns.PARTY_ID: lambda reading, text: parties.find_party_by_id(reading, _whole(text)),
    urns.USER_ID: lambda reading, text: parties.find_user(reading, _whole(text)),
    urns.PERSON_NUMBER: lambda reading, text: parties.find_person(reading, PersonNumber(text)),
    urns.ORGANIZATION_NUMBER: lambda reading, text: parties.find_organization(
        reading, OrganizationNumber(text)
    ),
    urns.SYSTEM_USER_UUID: lambda reading, text: parties.find_party(reading, UUID(text)),
}
_NAMING = frozenset({*_FINDERS, urns.SERVICE_OWNER})
