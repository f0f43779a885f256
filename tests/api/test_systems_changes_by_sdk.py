"""Change requests through the SDK, against the endpoints themselves."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from fullmakt.vendor import (
    ChangeRequests,
    Environment,
    GivenToken,
    NewChange,
    NotAuthenticated,
    NotAuthorized,
    OrganizationNumber,
    OwnAccess,
    PackageNotOnSystem,
    RedirectRefused,
    RequestNotFound,
    RequestStatus,
    Right,
    RightNotOnSystem,
    SystemNotFound,
    SystemUserNotChangeable,
    Transport,
    VendorError,
)
from tests.api.systems_world import (
    APP,
    BASE,
    DIRECTOR,
    FIRM,
    OTHER_VENDOR,
    REQUEST_READ,
    SERVICE,
    SIGNING,
    SYSTEM,
    USERS,
    World,
)

OWNER = OrganizationNumber(FIRM)
RECEIPT = "https://maestro.example/receipt"


def changes(world: World, *scopes: str, **named: str) -> ChangeRequests:
    """Change requests as a vendor with these scopes, by default both."""
    token = world.vendor(*scopes, **named)["authorization"].removeprefix("Bearer ")
    environment = Environment.local(BASE)
    return ChangeRequests(Transport(environment, GivenToken.of(token), http=world.http))


def system_user(world: World) -> UUID:
    world.register()
    return UUID(world.approved_standard())


def narrowing(user: UUID) -> NewChange:
    return NewChange(
        system_user=user,
        required=OwnAccess(rights=(Right(APP),)),
        unwanted=OwnAccess(packages=("skattegrunnlag",), rights=(Right(SERVICE),)),
        redirect_url=RECEIPT,
    )


def answer(world: World, change: UUID) -> None:
    path = f"{USERS}/changerequest/{world.party_id(FIRM)}/{change}/approve"
    assert world.http.post(path, headers=world.person(DIRECTOR)).json() is True


def test_a_change_is_asked_answered_and_read(world: World) -> None:
    user = system_user(world)
    new = narrowing(user)

    asked = changes(world).ask(new)
    answer(world, asked.id)
    read = changes(world).read(new.id)

    assert (asked.id, asked.system_user, asked.owner) == (new.id, user, OWNER)
    assert (asked.system_id, asked.external_ref) == (SYSTEM, FIRM)
    assert (asked.required, asked.unwanted) == (new.required, new.unwanted)
    assert (asked.redirect_url, asked.is_timed_out) == (RECEIPT, False)
    assert asked.confirm_url.startswith(f"{BASE}/accessmanagement/ui/systemuser/changerequest?id=")
    assert asked.created == world.clock.now()
    assert (asked.status, read.status) == (RequestStatus.NEW, RequestStatus.ACCEPTED)


def test_the_same_change_asked_again_is_the_first(world: World) -> None:
    new = narrowing(system_user(world))

    first, second = changes(world).ask(new), changes(world).ask(new)

    assert first == second
    assert narrowing(new.system_user).id != new.id


def test_a_change_that_says_nothing_is_not_kept(world: World) -> None:
    new = NewChange(system_user=system_user(world))

    asked = changes(world).ask(new)

    assert (asked.status, asked.confirm_url) == (RequestStatus.NO_CHANGE_NEEDED, "")
    with pytest.raises(RequestNotFound):
        changes(world).read(new.id)


def test_the_newest_change_is_found_by_its_references(world: World) -> None:
    new = narrowing(system_user(world))
    changes(world).ask(new)

    assert changes(world).by_external_ref(SYSTEM, OWNER).id == new.id
    assert changes(world).by_external_ref(SYSTEM, OWNER, FIRM).id == new.id
    with pytest.raises(RequestNotFound):
        changes(world).by_external_ref(SYSTEM, OWNER, "en annen")


def test_every_change_is_walked_once_over_the_pages(world: World) -> None:
    user = system_user(world)
    asked = {changes(world).ask(narrowing(user)).id for _ in range(53)}

    found = [change.id for change in changes(world).by_system(SYSTEM)]

    assert len(found) == 53
    assert set(found) == asked


def test_a_change_is_withdrawn(world: World) -> None:
    new = narrowing(system_user(world))
    changes(world).ask(new)

    changes(world).delete(new.id)

    assert list(changes(world).by_system(SYSTEM)) == []
    with pytest.raises(RequestNotFound):
        changes(world).delete(new.id)


@pytest.mark.parametrize(
    "required, redirect_url, refusal",
    [
        (OwnAccess(rights=(Right("not-on-it"),)), None, RightNotOnSystem),
        (OwnAccess(packages=("jordbruk",)), None, PackageNotOnSystem),
        (OwnAccess(rights=(Right(APP),)), "https://other.example/", RedirectRefused),
    ],
)
def test_what_the_system_cannot_ask_for_has_an_exception_of_its_own(
    world: World, required: OwnAccess, redirect_url: str | None, refusal: type[VendorError]
) -> None:
    user = system_user(world)
    new = NewChange(system_user=user, required=required, redirect_url=redirect_url)

    with pytest.raises(refusal):
        changes(world).ask(new)


def test_an_agent_and_nobody_cannot_be_changed(world: World) -> None:
    world.register()
    agent = UUID(world.approved_agent(accessPackages=[{"urn": SIGNING}]))

    for user in (agent, uuid4()):
        with pytest.raises(SystemUserNotChangeable):
            changes(world).ask(narrowing(user))


@pytest.mark.parametrize(
    "call, refusal",
    [
        (lambda found, new: found.ask(new), NotAuthenticated),
        (lambda found, new: found.read(new.id), SystemNotFound),
        (lambda found, new: found.delete(new.id), SystemNotFound),
        (lambda found, _: found.by_external_ref(SYSTEM, OWNER), SystemNotFound),
        (lambda found, _: list(found.by_system(SYSTEM)), SystemNotFound),
    ],
)
def test_another_vendor_has_nothing_of_it(
    world: World, call: Callable[[ChangeRequests, NewChange], object], refusal: type[VendorError]
) -> None:
    new = narrowing(system_user(world))
    changes(world).ask(new)

    with pytest.raises(refusal):
        call(changes(world, organization=OTHER_VENDOR), new)

    assert changes(world).read(new.id).status is RequestStatus.NEW


def test_reading_does_not_give_writing(world: World) -> None:
    with pytest.raises(NotAuthorized, match=r"systemuser\.request\.write"):
        changes(world, REQUEST_READ).ask(narrowing(system_user(world)))
