"""Registering parties, and beginning and ending roles between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from fullmakt.access.parties import service
from fullmakt.access.parties.errors import PartyExists, RoleAlreadyHeld, RoleNotHeld, UnknownParty
from fullmakt.access.parties.model import (
    AGENT,
    RIGHT_HOLDER,
    Assignment,
    NewOrganization,
    NewPerson,
    Party,
    PartyKind,
    SystemUserVariant,
)
from fullmakt.foundation.events.ledger import Event, list_events
from fullmakt.foundation.storage.database import Database, Work
from fullmakt.foundation.storage.model import Aspect, Touch
from fullmakt.foundation.terms.numbers import OrganizationNumber
from tests.unit.parties.builders import (
    ACCOUNTANT,
    BAKER,
    BAKERY,
    BERGEN,
    CHAIR,
    MAIN,
    SUB_UNIT,
    a_person,
    an_organization,
)
from tests.worlds import START, new_database

SYSTEM_USER = UUID("00000000-0000-4000-8000-000000000009")


@pytest.fixture
def database(place_url: str) -> Iterator[Database]:
    database = new_database(place_url)
    yield database
    database.close()


def registered(database: Database, *news: NewOrganization | NewPerson) -> list[Party]:
    def add(work: Work, new: NewOrganization | NewPerson) -> Party:
        if isinstance(new, NewOrganization):
            return service.add_organization(work, new)
        return service.add_person(work, new)

    with database.authority(actor="test", correlation="test") as work:
        return [add(work, new) for new in news]


@pytest.fixture
def bakery(database: Database) -> Party:
    return registered(database, an_organization(BAKERY, "FJORDGLØTT BAKERI AS"))[0]


@pytest.fixture
def accountant(database: Database) -> Party:
    return registered(database, an_organization(ACCOUNTANT, "RETT REVISJON AS"))[0]


def latest_event(database: Database) -> Event:
    with database.reading() as reading:
        return list_events(reading, after=0, most=100)[-1]


# --- organisations and people ---------------------------------------------------------------------


def test_an_organization_is_found_by_every_name_it_has(database: Database) -> None:
    new = an_organization(BAKERY, antallAnsatte=17, forretningsadresse=dict(BERGEN))
    (added,) = registered(database, new)

    with database.reading() as reading:
        found = [
            service.find_organization(reading, new.number),
            service.find_party(reading, new.uuid),
            service.find_party_by_id(reading, new.party_id),
            service.get_by_inner_id(reading, added.id),
        ]

    assert found == [added] * 4
    assert added.details == {"antallAnsatte": 17, "forretningsadresse": BERGEN}


def test_a_person_is_found_by_every_name_they_have(database: Database) -> None:
    new = a_person(BAKER, fodselsdato="1983-12-08")
    (added,) = registered(database, new)

    with database.reading() as reading:
        found = [
            service.find_person(reading, new.number),
            service.find_user(reading, new.user_id),
            service.find_party(reading, new.uuid),
            service.find_party_by_id(reading, new.party_id),
        ]

    assert found == [added] * 4
    assert (added.kind, added.name) == (PartyKind.PERSON, "Mild Surdeig")


def test_what_is_not_registered_is_not_found(database: Database) -> None:
    new = an_organization(BAKERY)

    with database.reading() as reading:
        assert service.find_organization(reading, new.number) is None
        assert service.find_party(reading, new.uuid) is None
        with pytest.raises(UnknownParty, match=f"organisation `{BAKERY}` is not registered"):
            service.get_organization(reading, new.number)


OTHER = an_organization(BAKERY)


@pytest.mark.parametrize(
    "clash",
    [
        replace(OTHER, number=OrganizationNumber(ACCOUNTANT)),
        replace(OTHER, uuid=an_organization(ACCOUNTANT).uuid),
        replace(OTHER, party_id=an_organization(ACCOUNTANT).party_id),
        replace(a_person(BAKER), party_id=an_organization(ACCOUNTANT).party_id),
    ],
    ids=["number", "uuid", "party id", "party id of a person"],
)
def test_a_number_or_id_belongs_to_one_party(
    database: Database, accountant: Party, clash: NewOrganization | NewPerson
) -> None:
    with pytest.raises(PartyExists, match="that `RETT REVISJON AS` has already"):
        registered(database, clash)

    with database.reading() as reading:
        assert service.list_organizations(reading) == [accountant]
        assert service.list_people(reading) == []


def test_a_user_id_belongs_to_one_person(database: Database) -> None:
    first, second = a_person(BAKER), a_person(CHAIR)
    registered(database, first)

    with pytest.raises(PartyExists, match="that `Mild Surdeig` has already"):
        registered(database, replace(second, user_id=first.user_id))


def test_what_is_refused_leaves_nothing_of_the_same_change(
    database: Database, accountant: Party
) -> None:
    with pytest.raises(PartyExists):
        registered(database, an_organization(BAKERY), an_organization(ACCOUNTANT))

    with database.reading() as reading:
        assert service.list_organizations(reading) == [accountant]


def test_a_sub_unit_is_listed_under_its_unit(database: Database) -> None:
    main, sub_unit = registered(
        database, an_organization(MAIN), an_organization(SUB_UNIT, form="BEDR", parent=MAIN)
    )

    with database.reading() as reading:
        assert service.list_sub_units(reading, main) == [sub_unit]
    assert (sub_unit.parent_id, sub_unit.is_sub_unit, main.is_sub_unit) == (main.id, True, False)


def test_a_unit_above_must_be_registered_first(database: Database) -> None:
    with pytest.raises(UnknownParty, match=f"organisation `{MAIN}` is not registered"):
        registered(database, an_organization(SUB_UNIT, form="BEDR", parent=MAIN))


def test_a_deleted_organization_is_found_and_says_so(database: Database) -> None:
    at = datetime(2024, 6, 30, tzinfo=UTC)
    (added,) = registered(database, an_organization(BAKERY, deleted_at=at))

    assert (added.is_deleted, added.deleted_at) == (True, at)


# --- roles ----------------------------------------------------------------------------------------


def begun(database: Database, giver: Party, holder: Party) -> Assignment:
    with database.authority(actor="test", correlation="test") as work:
        return service.begin_role(work, role="regnskapsforer", giver=giver, holder=holder)


def ended(database: Database, giver: Party, holder: Party) -> Assignment:
    with database.authority(actor="test", correlation="test") as work:
        return service.end_role(work, role="regnskapsforer", giver=giver, holder=holder)


def test_a_role_is_seen_from_both_ends(
    database: Database, bakery: Party, accountant: Party
) -> None:
    assignment = begun(database, bakery, accountant)

    with database.reading() as reading:
        given = service.list_roles_given(reading, bakery)
        held = service.list_roles_held(reading, accountant)

    assert given == held
    assert (given[0].assignment, given[0].giver, given[0].holder) == (
        assignment,
        bakery,
        accountant,
    )


def test_a_role_is_not_seen_from_the_wrong_end(
    database: Database, bakery: Party, accountant: Party
) -> None:
    begun(database, bakery, accountant)

    with database.reading() as reading:
        assert service.list_roles_held(reading, bakery) == []
        assert service.list_roles_given(reading, accountant) == []


def test_beginning_a_role_touches_what_is_given_and_the_keys_held(
    database: Database, bakery: Party, accountant: Party
) -> None:
    begun(database, bakery, accountant)

    event = latest_event(database)
    assert event.kind == "role-began"
    assert set(event.touches) == {
        Touch(bakery.id, Aspect.GIVEN),
        Touch(accountant.id, Aspect.KEYS),
    }


def test_a_role_is_held_once(database: Database, bakery: Party, accountant: Party) -> None:
    begun(database, bakery, accountant)

    with pytest.raises(RoleAlreadyHeld, match="is `regnskapsforer` of `FJORDGLØTT BAKERI AS`"):
        begun(database, bakery, accountant)


def test_a_role_that_is_not_held_cannot_end(
    database: Database, bakery: Party, accountant: Party
) -> None:
    with pytest.raises(RoleNotHeld, match="`RETT REVISJON AS` is not `regnskapsforer` of"):
        ended(database, bakery, accountant)


def test_a_role_that_ended_is_gone_and_ended_once(
    database: Database, bakery: Party, accountant: Party
) -> None:
    begun(database, bakery, accountant)
    ended(database, bakery, accountant)

    with database.reading() as reading:
        assert service.list_all_roles(reading) == []
    with pytest.raises(RoleNotHeld):
        ended(database, bakery, accountant)


def test_a_role_that_ended_and_began_again_is_a_new_assignment(
    database: Database, bakery: Party, accountant: Party
) -> None:
    first = begun(database, bakery, accountant)
    ended(database, bakery, accountant)

    second = begun(database, bakery, accountant)

    assert second.id != first.id
    assert second.began > first.began
    with database.reading() as reading:
        (held,) = service.list_roles_given(reading, bakery)
    assert held.assignment == second


def test_ending_one_role_leaves_the_others(
    database: Database, bakery: Party, accountant: Party
) -> None:
    begun(database, bakery, accountant)
    with database.authority(actor="test", correlation="test") as work:
        kept = service.begin_role(work, role="revisor", giver=bakery, holder=accountant)

    ended(database, bakery, accountant)

    with database.reading() as reading:
        assert [each.assignment for each in service.list_all_roles(reading)] == [kept]


def test_a_right_holder_is_made_once(database: Database, bakery: Party, accountant: Party) -> None:
    with database.authority(actor="test", correlation="test") as work:
        first = service.ensure_right_holder(work, giver=bakery, holder=accountant)
        again = service.ensure_right_holder(work, giver=bakery, holder=accountant)

    assert first == again
    assert first.role == RIGHT_HOLDER


# --- system users ---------------------------------------------------------------------------------


def a_system_user(
    database: Database, owner: Party, variant: SystemUserVariant = SystemUserVariant.AGENT
) -> Party:
    with database.authority(actor="test", correlation="test") as work:
        return service.add_system_user(
            work, uuid=SYSTEM_USER, owner=owner, variant=variant, name="Maestro"
        )


@pytest.mark.parametrize(
    "variant, role",
    [(SystemUserVariant.AGENT, AGENT), (SystemUserVariant.STANDARD, RIGHT_HOLDER)],
)
def test_a_system_user_is_a_party_of_its_owner_with_the_role_of_its_kind(
    database: Database, accountant: Party, variant: SystemUserVariant, role: str
) -> None:
    added = a_system_user(database, accountant, variant)

    with database.reading() as reading:
        assert service.find_party(reading, SYSTEM_USER) == added
        (held,) = service.list_roles_held(reading, added)
    assert (added.kind, added.form) == (PartyKind.SYSTEM_USER, variant.value)
    assert (added.owner_id, added.number, added.user_id) == (accountant.id, None, None)
    assert (held.assignment.role, held.giver) == (role, accountant)


def test_a_closed_system_user_is_deleted_and_holds_nothing(
    database: Database, accountant: Party
) -> None:
    system_user = a_system_user(database, accountant)

    with database.authority(actor="test", correlation="test") as work:
        service.close_system_user(work, system_user)

    with database.reading() as reading:
        closed = service.get_by_inner_id(reading, system_user.id)
        assert service.list_roles_held(reading, system_user) == []
    assert closed.deleted_at == START
    event = latest_event(database)
    assert set(event.touches) == {
        Touch(system_user.id, Aspect.SELF),
        Touch(accountant.id, Aspect.GIVEN),
    }


def test_closing_a_system_user_leaves_its_owners_other_roles(
    database: Database, bakery: Party, accountant: Party
) -> None:
    kept = begun(database, bakery, accountant)
    system_user = a_system_user(database, accountant)

    with database.authority(actor="test", correlation="test") as work:
        service.close_system_user(work, system_user)

    with database.reading() as reading:
        assert [each.assignment for each in service.list_all_roles(reading)] == [kept]
