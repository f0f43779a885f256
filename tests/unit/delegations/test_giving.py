"""Giving packages and single rights, and taking them back: who may, and what is recorded."""

from __future__ import annotations

import pytest

from fullmakt.access.delegations import service as delegations
from fullmakt.access.delegations.errors import (
    NotGiven,
    PackageNotDelegable,
)
from fullmakt.access.parties.model import Party
from fullmakt.foundation.storage.model import Aspect, Touch
from tests.cases.decisions.facts import uuid_of
from tests.cases.decisions.town import Town
from tests.unit.delegations.acts import (
    BAKERY,
    BRANCH,
    CLERK,
    DIRECTOR,
    OTHER,
    PAYROLL,
    READ,
    change,
    checks,
    events_of,
    give,
    revision_of,
    withdraw,
)


def test_a_managing_director_gives_a_package_and_it_is_recorded(town: Town) -> None:
    (grant,) = give(town, BAKERY, OTHER, "skattegrunnlag", by=DIRECTOR)

    assert (grant.package, grant.right, grant.ended) == ("skattegrunnlag", None, None)
    event = events_of(town)[-1]
    assert event.kind == "access-given"
    assert event.payload == {
        "from": str(uuid_of(BAKERY)),
        "to": str(uuid_of(OTHER)),
        "packages": ["skattegrunnlag"],
        "rights": [],
        "by": str(uuid_of(DIRECTOR)),
    }
    assert event.touches == (Touch(town.parties[BAKERY].id, Aspect.GIVEN),)
    with town.database.reading() as reading:
        (held, giver) = delegations.list_all_given(reading)[0]
    assert (held, giver) == (grant, town.parties[DIRECTOR].id)


def test_giving_again_is_the_same_as_once(town: Town) -> None:
    first = give(town, BAKERY, OTHER, "skattegrunnlag", by=DIRECTOR)
    revision = revision_of(town)

    assert give(town, BAKERY, OTHER, "skattegrunnlag", by=DIRECTOR) == first
    assert revision_of(town) == revision


def test_what_one_was_given_for_somebody_one_may_give_on(town: Town) -> None:
    give(town, BAKERY, CLERK, "skattegrunnlag", by=DIRECTOR)

    assert give(town, BAKERY, OTHER, "skattegrunnlag", by=CLERK)
    with pytest.raises(PackageNotDelegable):
        give(town, BAKERY, OTHER, "skatt-naering", by=CLERK)


def test_somebody_who_holds_nothing_gives_nothing(town: Town) -> None:
    with pytest.raises(PackageNotDelegable) as refused:
        give(town, BAKERY, OTHER, "skattegrunnlag", "skatt-naering", by=CLERK)

    assert refused.value.detail == (
        "`Snill Elg` may not give `skatt-naering` (nothing held), "
        "`skattegrunnlag` (nothing held) for `BAKERIET AS`"
    )


def test_main_administration_does_not_go_to_an_organisation(town: Town) -> None:
    with pytest.raises(PackageNotDelegable, match="cannot go to `ANNEN AS`: not to organisations"):
        give(town, BAKERY, OTHER, "hovedadministrator", by=DIRECTOR)

    assert give(town, BAKERY, CLERK, "hovedadministrator", by=DIRECTOR)


@pytest.mark.parametrize(
    "person, giver, package, reason",
    [
        (DIRECTOR, BAKERY, "skattegrunnlag", "Direct-RolePackage"),
        (DIRECTOR, BRANCH, "skattegrunnlag", "Direct-RolePackage-MainUnit"),
        (DIRECTOR, BAKERY, PAYROLL, "never assignable"),
        (DIRECTOR, OTHER, "skattegrunnlag", "nothing held"),
        (DIRECTOR, BAKERY, "innbygger-arbeidsliv", "NotForThisGiver"),
        (DIRECTOR, BAKERY, "no-such-package", "NotForThisGiver"),
        (CLERK, CLERK, "innbygger-arbeidsliv", "Direct-RolePackage"),
        (CLERK, DIRECTOR, "innbygger-arbeidsliv", "nothing held"),
    ],
)
def test_whether_somebody_may_give_a_package_is_told_with_the_reason(
    town: Town, person: str, giver: str, package: str, reason: str
) -> None:
    (check,) = checks(town, person, giver, package)

    assert (check.package, check.reason) == (package, reason)
    assert check.may_delegate is reason.startswith("Direct")


def test_what_is_held_through_a_key_role_may_be_given_on(town: Town) -> None:
    town.tell("roles", {"from": OTHER, "role": "styreleder", "to": CLERK})
    town.tell("given", {"from": BAKERY, "to": OTHER, "packages": ["skattegrunnlag"]})

    (check,) = checks(town, CLERK, BAKERY, "skattegrunnlag")
    (for_branch,) = checks(town, CLERK, BRANCH, "skattegrunnlag")

    assert check.reason == "KeyRole-AssignmentPackage"
    assert for_branch.reason == "KeyRole-AssignmentPackage-MainUnit"


def test_a_single_right_that_was_given_is_no_package_to_give_on(town: Town) -> None:
    town.tell("given", {"from": BAKERY, "to": CLERK, "rights": ["ske-demo:read"]})

    (check,) = checks(town, CLERK, BAKERY, "skattegrunnlag")

    assert check.reason == "nothing held"


def test_a_person_gives_their_own_packages_to_another_person(town: Town) -> None:
    assert give(town, CLERK, DIRECTOR, "innbygger-arbeidsliv", by=CLERK)


def test_nobody_is_known_of_a_party_that_is_not_registered(town: Town) -> None:
    with town.database.reading() as reading:
        (check,) = delegations.check_packages(
            reading,
            town.catalog,
            person=_stranger(town.parties[CLERK]),
            giver=town.parties[BAKERY],
            packages=["skattegrunnlag"],
        )

    assert (check.may_delegate, check.reason) == (False, "nothing held")


def _stranger(known: Party) -> Party:
    return Party(0, uuid_of("a stranger"), 0, known.kind, "Stranger", known.form)


def test_single_rights_are_given_and_taken_back(town: Town) -> None:
    giver, receiver = town.parties[BAKERY], town.parties[CLERK]
    made = change(
        town.database,
        lambda work: delegations.give_rights(
            work, giver=giver, receiver=receiver, rights=frozenset({READ}), given_by=giver
        ),
    )
    assert [grant.right for grant in made] == [READ]
    assert events_of(town)[-1].payload["rights"] == ["ske-demo:read"]

    ended = withdraw(town, BAKERY, CLERK, rights=(READ,))

    assert [grant.right for grant in ended] == [READ]
    assert events_of(town)[-1].kind == "access-withdrawn"


@pytest.mark.parametrize("has_something", [False, True])
def test_what_was_not_given_is_not_taken_back(town: Town, *, has_something: bool) -> None:
    if has_something:
        give(town, BAKERY, OTHER, "skattegrunnlag", by=DIRECTOR)

    with pytest.raises(NotGiven) as refused:
        withdraw(town, BAKERY, OTHER, "skatt-naering", rights=(READ,))

    assert refused.value.detail == (
        "`BAKERIET AS` has not given `ANNEN AS` `skatt-naering, ske-demo read`"
    )


def test_what_is_missing_keeps_the_rest_from_being_taken_back(town: Town) -> None:
    give(town, BAKERY, OTHER, "skattegrunnlag", by=DIRECTOR)

    with pytest.raises(NotGiven):
        withdraw(town, BAKERY, OTHER, "skattegrunnlag", "skatt-naering")

    assert [grant.package for grant in withdraw(town, BAKERY, OTHER, "skattegrunnlag")] == [
        "skattegrunnlag"
    ]
    with pytest.raises(NotGiven):
        withdraw(town, BAKERY, OTHER, "skattegrunnlag")


def test_taking_nothing_back_does_nothing(town: Town) -> None:
    revision = revision_of(town)

    assert withdraw(town, BAKERY, OTHER) == []
    assert revision_of(town) == revision


def test_what_was_given_to_a_former_right_holder_does_not_come_back(town: Town) -> None:
    give(town, BAKERY, OTHER, "skattegrunnlag", by=DIRECTOR)
    town.tell("ended", {"role": "rettighetshaver"})

    made = give(town, BAKERY, OTHER, "skatt-naering", by=DIRECTOR)

    assert [grant.package for grant in made] == ["skatt-naering"]
    with town.database.reading() as reading:
        found = [grant.package for grant, _ in delegations.list_all_given(reading)]
    assert found == ["skatt-naering"]
