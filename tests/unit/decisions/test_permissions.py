"""What a caller may do for a customer: who is asked about, and at which level it logged in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest

from fullmakt.access.decisions import permissions
from fullmakt.access.decisions.model import Outcome
from fullmakt.access.decisions.permissions import Duty
from fullmakt.foundation.bearer.model import Caller, CallingPerson, CallingSystemUser
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.foundation.terms.problem import NotAuthorized
from tests.cases.decisions.town import ISSUER, Town
from tests.worlds import START, new_database

FIRM, DIRECTOR, STRANGER = "RETT REVISJON AS", "Nøyaktig Havørn", "Snill Elg"
NOBODY = UUID("00000000-0000-4000-8000-000000000000")
NO_CALLER = Caller(ISSUER, frozenset(), START, {})
DUTY = Duty.CLIENT_ADMINISTRATION


@pytest.fixture
def town(place_url: str) -> Iterator[Town]:
    made = Town(new_database(place_url))
    made.tell("organizations", {"name": FIRM})
    for name in (DIRECTOR, STRANGER):
        made.tell("people", {"name": name})
    made.tell("roles", {"from": FIRM, "role": "daglig-leder", "to": DIRECTOR})
    opens = [{"actions": ["read", "write"], "roles": ["dagl"], "packages": ["skattegrunnlag"]}]
    made.tell("resources", {"id": DUTY.value, "opens": opens, "level": 3})
    own = {"name": "own", "kind": "standard", "owner": FIRM, "packages": ["skattegrunnlag"]}
    made.tell("system_users", own)
    yield made
    made.database.close()


def person(town: Town, name: str, *, level: int = 3) -> Caller:
    found = town.parties[name]
    assert found.user_id is not None
    who = CallingPerson(found.user_id, found.party_id, found.uuid)
    return replace(NO_CALLER, person=who, authentication_level=level)


def system_user(town: Town, *, level: int = 0) -> Caller:
    number = town.parties[FIRM].number
    assert number is not None
    who = CallingSystemUser(town.parties["own"].uuid, number, "system")
    return replace(NO_CALLER, system_user=who, authentication_level=level)


def refusal(town: Town, caller: Caller) -> str | None:
    party = town.parties[FIRM]
    return permissions.refusal_of(town.decisions, caller, action="write", duty=DUTY, party=party)


def outcome(town: Town, caller: Caller, *, action: str = "write") -> Outcome:
    party = town.parties[FIRM]
    return permissions.outcome_of(town.decisions, caller, action=action, duty=DUTY, party=party)


def test_whom_the_policy_opens_for_may_do_it(town: Town) -> None:
    assert refusal(town, person(town, DIRECTOR)) is None
    assert outcome(town, person(town, DIRECTOR)) is Outcome.PERMIT
    permissions.check_permitted(
        *(town.decisions, person(town, DIRECTOR)),
        action="read",
        duty=DUTY,
        party=town.parties[FIRM],
    )


def test_whoever_holds_nothing_is_told_what_was_looked_for(town: Town) -> None:
    why = refusal(town, person(town, STRANGER))

    assert why is not None
    assert why.startswith(f"write on altinn_client_administration for `{FIRM}`: ")
    assert "the policy does not open action `write` for what the subject holds" in why
    assert outcome(town, person(town, STRANGER)) is Outcome.NOT_APPLICABLE
    with pytest.raises(NotAuthorized, match="does not open action `write`"):
        permissions.check_permitted(
            town.decisions,
            person(town, STRANGER),
            action="write",
            duty=DUTY,
            party=town.parties[FIRM],
        )


def test_a_permit_at_too_low_a_level_is_a_refusal(town: Town) -> None:
    low = person(town, DIRECTOR, level=2)

    assert refusal(town, low) == "authentication level 3 is needed; the token has 2"
    assert outcome(town, low) is Outcome.DENY


def test_a_low_level_does_not_make_a_denial_of_what_no_rule_opens(town: Town) -> None:
    low = person(town, DIRECTOR, level=2)

    assert outcome(town, low, action="sign") is Outcome.NOT_APPLICABLE


def test_a_system_users_token_counts_as_level_three(town: Town) -> None:
    assert refusal(town, system_user(town)) is None

    opens = [{"actions": ["write"], "packages": ["skattegrunnlag"]}]
    town.tell("resources", {"id": DUTY.value, "opens": opens, "level": 4})

    assert refusal(town, system_user(town)) == "authentication level 4 is needed; the token has 3"
    assert refusal(town, system_user(town, level=4)) is None


def test_where_both_are_named_the_person_is_asked_about(town: Town) -> None:
    both = replace(system_user(town), person=person(town, STRANGER).person, authentication_level=2)

    assert outcome(town, both) is Outcome.NOT_APPLICABLE
    low = replace(both, person=person(town, DIRECTOR).person)
    assert refusal(town, low) == "authentication level 3 is needed; the token has 2"


def test_a_token_for_neither_a_person_nor_a_system_user_is_refused(town: Town) -> None:
    vendor = replace(NO_CALLER, organization=OrganizationNumber("312300028"))

    with pytest.raises(NotAuthorized, match="names neither a person nor a system user"):
        refusal(town, vendor)


def test_where_the_resource_has_no_policy_the_refusal_says_so(town: Town) -> None:
    why = permissions.refusal_of(
        *(town.decisions, person(town, DIRECTOR)),
        action="read",
        duty=Duty.OVERVIEW,
        party=town.parties[FIRM],
    )

    assert why is not None
    assert "`altinn_system_user_overview` is not in the resource registry, or has no policy" in why


def test_a_person_is_asked_about_as_if_logged_in_at_the_level_needed(town: Town) -> None:
    def may(name: str) -> bool:
        return permissions.may_person(
            town.decisions, town.parties[name], duty=DUTY, party=town.parties[FIRM]
        )

    assert may(DIRECTOR)
    assert not may(STRANGER)


def test_the_person_logged_in_is_one_who_is_registered(town: Town) -> None:
    director = person(town, DIRECTOR)
    assert director.person is not None
    elsewhere = replace(director, person=replace(director.person, party_uuid=NOBODY))

    with town.database.reading() as reading:
        assert permissions.get_person(reading, director) == town.parties[DIRECTOR]
        for caller in (elsewhere, system_user(town)):
            with pytest.raises(NotAuthorized, match="names no person who is registered here"):
                permissions.get_person(reading, caller)
