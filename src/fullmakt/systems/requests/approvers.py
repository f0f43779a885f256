"""Who may answer for a customer: whether a caller may, and if not, who could.

Who could is told to people who have a relation to the customer, and to nobody else.
"""

from __future__ import annotations

from dataclasses import dataclass

from fullmakt.access.catalog.model import Catalog
from fullmakt.access.decisions.permissions import Duty, may_person, refusal_of
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.access.parties import service as parties
from fullmakt.access.parties.model import Party, PartyKind
from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.storage.database import Reading
from fullmakt.foundation.terms.problem import NotAuthorized

_MOST_TOLD = 3
_MOST_ASKED = 200


@dataclass(frozen=True, slots=True)
class Approvers:
    """The people who may answer, by name; of `asked` people, with `unasked` left to ask about."""

    able: tuple[Party, ...]
    asked: int
    unasked: int


def check_may_answer(
    reading: Reading, catalog: Catalog, decisions: DecisionPoint, party: Party, *, caller: Caller
) -> None:
    """Refuse a caller that may not answer for the party.

    Raises: NotAuthorized; somebody with a relation to the party is told who could.
    """
    duty = Duty.ACCESS_MANAGEMENT
    why_not = refusal_of(decisions, caller, action="write", duty=duty, party=party)
    if why_not is None:
        return
    person = parties.find_party(reading, caller.person.party_uuid) if caller.person else None
    if person is not None and is_related(reading, catalog, person, party):
        found = list_approvers(reading, catalog, decisions, party)
        why_not = f"{told_approvers(found, party)}; {why_not}"
    raise NotAuthorized(why_not)


def is_related(reading: Reading, catalog: Catalog, person: Party, party: Party) -> bool:
    """Whether the person has a role in the party, or in a company that has one."""
    held = parties.list_roles_held(reading, person)
    if any(role.giver.id == party.id for role in held):
        return True
    acts_as = {
        role.giver.id for role in held if catalog.is_key_role(role.assignment.role, role.giver.form)
    }
    given = parties.list_roles_given(reading, party)
    return any(role.holder.id in acts_as for role in given)


def list_approvers(
    reading: Reading,
    catalog: Catalog,
    decisions: DecisionPoint,
    party: Party,
    *,
    most: int = _MOST_ASKED,
) -> Approvers:
    """The people who may answer for the party, by name.

    They have a role in it, in the unit it is part of, or a key role in a company that has one. Of
    more than `most` such people the ones known longest are asked about.
    """
    units = [party]
    if party.parent_id is not None:
        units.append(parties.get_by_inner_id(reading, party.parent_id))
    holders = [role.holder for unit in units for role in parties.list_roles_given(reading, unit)]
    companies = [holder for holder in holders if holder.kind is PartyKind.ORGANIZATION]
    holders += [
        role.holder
        for company in companies
        for role in parties.list_roles_given(reading, company)
        if catalog.is_key_role(role.assignment.role, company.form)
    ]
    people = {holder.id: holder for holder in holders if holder.kind is PartyKind.PERSON}
    asked = [people[inner] for inner in sorted(people)[:most]]
    duty = Duty.ACCESS_MANAGEMENT
    able = [person for person in asked if may_person(decisions, person, duty=duty, party=party)]
    by_name = sorted(able, key=lambda person: (person.name, person.id))
    return Approvers(tuple(by_name), asked=len(asked), unasked=len(people) - len(asked))


def told_approvers(found: Approvers, party: Party) -> str:
    """Who may answer, in words; and how many were not asked about."""
    unasked = f"; {found.unasked} more were not asked about" if found.unasked else ""
    if not found.able and found.unasked:
        return f"none of the {found.asked} people asked about in `{party.name}` can answer{unasked}"
    if not found.able:
        return (
            f"nobody in `{party.name}` can answer: register a role with access management, or give"
            " somebody the package `tilgangsstyrer` or `hovedadministrator`"
        )
    names = ", ".join(f"`{person.name}`" for person in found.able[:_MOST_TOLD])
    more = len(found.able) - _MOST_TOLD
    return f"those who can answer: {names}{f' and {more} more' if more > 0 else ''}{unasked}"
