"""Change requests over HTTP: what vendors ask, and who they are for."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from fullmakt.systems.requests import change_store
from fullmakt.systems.system_register import service as system_register
from tests.api.systems_world import (
    APP,
    BASE,
    DIRECTOR,
    FARMING,
    FIRM,
    OTHER_VENDOR,
    PLATFORM,
    REGISTER,
    REQUEST_READ,
    REQUEST_WRITE,
    SERVICE,
    SIGNING,
    SYSTEM,
    TAX,
    USERS,
    World,
    named,
    problem,
    reason,
    right,
)

CHANGES = f"{USERS}/changerequest"
VENDOR_CHANGES = f"{CHANGES}/vendor"
UNKNOWN = "505f8488-3d48-4c15-8e21-35cb9432f815"
FIRST = "107319e1-8e4c-47f4-85be-6bdbd8b97b7f"
BODY = {
    "requiredRights": [right(APP)],
    "unwantedRights": [right(SERVICE)],
    "unwantedAccessPackages": named(TAX),
    "redirectUrl": "https://maestro.example/receipt?state=1",
}


def system_user(world: World) -> str:
    world.register()
    return world.approved_standard()


def ask(
    world: World,
    user: str | None,
    *,
    correlation: str | None = FIRST,
    headers: dict[str, str] | None = None,
    body: dict[str, object] | None = None,
) -> httpx.Response:
    named_ids = {"correlation-id": correlation, "system-user-id": user}
    params = {name: value for name, value in named_ids.items() if value is not None}
    return world.http.post(
        VENDOR_CHANGES,
        params=params,
        json=BODY if body is None else body,
        headers=headers or world.vendor(),
    )


def test_a_change_request_is_answered_as_it_was_sent(world: World) -> None:
    user = system_user(world)

    made = ask(world, user)

    page = f"{BASE}/accessmanagement/ui/systemuser/changerequest?id={FIRST}"
    assert made.status_code == 201
    assert made.headers["location"] == f"{BASE}{CHANGES}/{FIRST}"
    assert made.json() == {
        "id": FIRST,
        "externalRef": FIRM,
        "systemId": SYSTEM,
        "systemUserId": user,
        "partyOrgNo": FIRM,
        "requiredRights": [right(APP)],
        "unwantedRights": [right(SERVICE)],
        "requiredAccessPackages": [],
        "unwantedAccessPackages": named(TAX),
        "status": "New",
        "redirectUrl": "https://maestro.example/receipt?state=1",
        "confirmUrl": f"{page}&DONTCHOOSEREPORTEE=true",
        "created": "2026-11-23T09:00:00Z",
        "timedOut": False,
    }


def test_the_same_correlation_id_is_the_first_change_whatever_it_says(world: World) -> None:
    user = system_user(world)
    ask(world, user)

    again = ask(world, user, body={"requiredAccessPackages": named(TAX)})

    assert (again.status_code, again.json()["requiredAccessPackages"]) == (200, [])
    assert again.json()["requiredRights"] == [right(APP)]


def test_a_change_of_nothing_is_not_stored(world: World) -> None:
    user = system_user(world)

    answer = ask(world, user, body={})

    read = world.http.get(f"{VENDOR_CHANGES}/{FIRST}", headers=world.vendor())
    assert answer.status_code == 200
    assert (answer.json()["status"], answer.json()["confirmUrl"]) == ("NoChangeNeeded", "")
    assert problem(read) == (404, "AUTH-00010")


@pytest.mark.parametrize("correlation", [None, str(UUID(int=0))])
def test_without_a_correlation_id_the_way_out_is_told(
    world: World, correlation: str | None
) -> None:
    answer = ask(world, UNKNOWN, correlation=correlation)

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text.startswith("Missing or invalid QueryParameter: correlation-id. Generate")


def test_a_line_of_text_is_a_json_string_to_those_who_ask_for_json(world: World) -> None:
    json_please = {**world.vendor(), "accept": "application/json"}

    answer = ask(world, UNKNOWN, correlation=None, headers=json_please)

    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.json().startswith("Missing or invalid QueryParameter: correlation-id. Generate")


def test_a_correlation_id_that_is_none_is_refused_as_input(world: World) -> None:
    answer = ask(world, UNKNOWN, correlation="x")

    assert answer.json()["errors"] == {"correlation-id": ["The value 'x' is not valid."]}


def test_the_correlation_id_is_not_the_system_users(world: World) -> None:
    user = system_user(world)

    answer = ask(world, user, correlation=user)

    assert answer.status_code == 400
    assert answer.text == (
        "The correlation-id should not be the same as the system-user-id. Generate a unique id."
    )


@pytest.mark.parametrize("user", [UNKNOWN, None, str(UUID(int=0))])
def test_a_change_names_a_system_user_that_exists(world: World, user: str | None) -> None:
    assert problem(ask(world, user)) == (404, "AUTH-00015")


def test_a_deleted_system_user_is_not_changed(world: World) -> None:
    user = system_user(world)
    path = f"{USERS}/{world.party_id(FIRM)}/{user}"
    world.http.delete(path, headers=world.person(DIRECTOR))

    assert problem(ask(world, user)) == (404, "AUTH-00015")


def test_an_agent_is_not_changed(world: World) -> None:
    world.register()
    agent = world.approved_agent()

    refused = ask(world, agent)

    assert problem(refused) == (404, "AUTH-00015")
    assert "delete it and ask for a new one" in refused.json()["detail"]


def test_a_change_for_another_vendors_system_user_is_answered_with_401(world: World) -> None:
    user = system_user(world)

    refused = ask(world, user, headers=world.vendor(organization=OTHER_VENDOR))

    assert (refused.status_code, refused.json()["title"]) == (401, "Unauthorized")
    assert f"`{OTHER_VENDOR}` is not the vendor" in refused.json()["detail"]


def test_a_change_needs_the_scope_and_a_vendor(world: World) -> None:
    user = system_user(world)

    reading_only = ask(world, user, headers=world.vendor(REQUEST_READ))
    a_person = ask(world, user, headers=world.person(DIRECTOR, REQUEST_WRITE))

    assert reading_only.status_code == 403
    assert f"the token needs scope {REQUEST_WRITE}" in reason(reading_only)
    assert (a_person.status_code, a_person.json()["title"]) == (401, "Unauthorized")


@pytest.mark.parametrize(
    "body, code",
    [
        ({"requiredRights": [right("nothing")]}, "AUTH-00001"),
        ({"requiredAccessPackages": named(FARMING)}, "AUTH-00063"),
        ({"requiredAccessPackages": named(SIGNING)}, "AUTH-00064"),
        ({**BODY, "redirectUrl": "https://elsewhere.example/"}, "AUTH-00021"),
    ],
)
def test_a_change_asks_for_what_the_system_may_ask_for(
    world: World, body: dict[str, object], code: str
) -> None:
    user = system_user(world)

    assert problem(ask(world, user, body=body)) == (400, code)


def test_a_system_without_redirects_names_none(world: World) -> None:
    world.register(allowedRedirectUrls=[])
    user = world.approved_standard()

    assert problem(ask(world, user)) == (400, "AUTH-00026")


def test_what_is_unwanted_is_not_checked(world: World) -> None:
    user = system_user(world)
    body = {"unwantedRights": [right("nothing")], "unwantedAccessPackages": named(FARMING)}

    assert ask(world, user, body=body).status_code == 201


def test_a_list_that_is_null_is_refused_as_input(world: World) -> None:
    refused = ask(world, UNKNOWN, body={"requiredRights": None})

    assert refused.status_code == 400
    assert "requiredRights" in str(refused.json()["errors"])


def test_a_retired_system_asks_for_no_change(world: World) -> None:
    user = system_user(world)
    world.http.delete(f"{REGISTER}/{SYSTEM}", headers=world.vendor())

    assert problem(ask(world, user)) == (404, "AUTH-00011")


def other_vendors_user(world: World) -> str:
    body = {
        "id": f"{OTHER_VENDOR}_super",
        "vendor": {"ID": f"0192:{OTHER_VENDOR}"},
        "name": {"nb": "Super"},
        "description": {"nb": "Super"},
        "rights": [right(SERVICE)],
        "accessPackages": named(TAX),
        "isVisible": False,
    }
    vendor = world.vendor(organization=OTHER_VENDOR)
    assert world.http.post(REGISTER, json=body, headers=vendor).status_code == 200
    wish = {"systemId": body["id"], "partyOrgNo": FIRM, "rights": [right(SERVICE)]}
    made = world.http.post(f"{USERS}/request/vendor", json=wish, headers=vendor).json()["id"]
    assert world.answer(made).json() is True
    return str(made)


def test_an_id_that_another_vendors_change_has_is_not_taken(world: World) -> None:
    user, other = system_user(world), other_vendors_user(world)
    theirs: dict[str, object] = {"unwantedRights": [right(SERVICE)]}
    vendor = world.vendor(organization=OTHER_VENDOR)
    assert ask(world, other, headers=vendor, body=theirs).status_code == 201

    pending = ask(world, user)
    world.http.post(
        f"{CHANGES}/{world.party_id(FIRM)}/{FIRST}/reject", headers=world.person(DIRECTOR)
    )
    answered = ask(world, user)

    assert problem(pending) == (400, "AUTH-00007")
    assert problem(answered) == (409, "AUTH-00061")


def test_the_id_of_a_deleted_change_is_not_used_again(world: World) -> None:
    user = system_user(world)
    ask(world, user)
    deleted = world.http.delete(f"{VENDOR_CHANGES}/{FIRST}", headers=world.vendor())

    again = ask(world, user)

    assert (deleted.status_code, deleted.content) == (202, b"")
    assert problem(again) == (409, "AUTH-00061")
    assert problem(world.http.get(f"{VENDOR_CHANGES}/{FIRST}", headers=world.vendor())) == (
        404,
        "AUTH-00010",
    )


def test_a_vendor_reads_its_change_request(world: World) -> None:
    user = system_user(world)
    made = ask(world, user).json()

    read = world.http.get(f"{VENDOR_CHANGES}/{FIRST}", headers=world.vendor())

    assert (read.status_code, read.json()) == (200, made)


def test_the_newest_change_is_read_by_reference_with_its_packages(world: World) -> None:
    user = system_user(world)
    ask(world, user)
    ask(world, user, correlation=UNKNOWN, body={"unwantedAccessPackages": named(TAX)})

    path = f"{VENDOR_CHANGES}/byexternalref/{SYSTEM}/{FIRM}/{FIRM}"
    read = world.http.get(path, headers=world.vendor()).json()

    assert (read["id"], read["unwantedAccessPackages"]) == (UNKNOWN, named(TAX))


def test_a_change_that_is_not_there_is_not_read_by_reference(world: World) -> None:
    path = f"{VENDOR_CHANGES}/byexternalref/{SYSTEM}/{FIRM}/nothing"

    assert problem(world.http.get(path, headers=world.vendor())) == (404, "AUTH-00010")


@pytest.mark.parametrize(
    "path", [FIRST, f"byexternalref/{SYSTEM}/{FIRM}/{FIRM}", f"bysystem/{SYSTEM}"]
)
def test_another_vendors_change_requests_are_not_read(world: World, path: str) -> None:
    user = system_user(world)
    ask(world, user)
    url = f"{VENDOR_CHANGES}/{path}"

    foreign = world.http.get(url, headers=world.vendor(organization=OTHER_VENDOR))
    writing_only = world.http.get(url, headers=world.vendor(REQUEST_WRITE))

    assert problem(foreign) == (404, "AUTH-00011")
    assert f"the token needs scope {REQUEST_READ}" in reason(writing_only)
    assert world.http.get(url).status_code == 401


def test_another_vendors_change_request_is_not_deleted(world: World) -> None:
    user = system_user(world)
    ask(world, user)
    path = f"{VENDOR_CHANGES}/{FIRST}"

    foreign = world.http.delete(path, headers=world.vendor(organization=OTHER_VENDOR))
    unknown = world.http.delete(f"{VENDOR_CHANGES}/{UNKNOWN}", headers=world.vendor())
    reading_only = world.http.delete(path, headers=world.vendor(REQUEST_READ))

    assert problem(foreign) == (404, "AUTH-00011")
    assert problem(unknown) == (404, "AUTH-00010")
    assert f"the token needs scope {REQUEST_WRITE}" in reason(reading_only)
    assert world.http.get(path, headers=world.vendor()).json()["status"] == "New"


def test_change_requests_are_listed_page_by_page(world: World) -> None:
    user = system_user(world)
    ids = sorted(str(uuid4()) for _ in range(5))
    for each in ids:
        ask(world, user, correlation=each)
    seen: list[str] = []

    with world.database.reading() as reading:
        system = system_register.find_system(reading, SYSTEM)
        assert system is not None
        first: UUID | None = UUID(int=0)
        while first is not None:
            page = change_store.list_changes_by_system(reading, system, first=first, most=2)
            seen += [str(change.uuid) for change in page.changes]
            first = page.next_first

    listed = world.http.get(f"{VENDOR_CHANGES}/bysystem/{SYSTEM}", headers=world.vendor()).json()
    assert seen == ids
    assert [each["id"] for each in listed["data"]] == ids
    assert listed["links"] == {}
    assert "confirmUrl" not in listed["data"][0]


def test_fifty_change_requests_are_a_page_and_its_link_leads_on(world: World) -> None:
    user = system_user(world)
    ids = sorted(str(uuid4()) for _ in range(51))
    for each in ids:
        ask(world, user, correlation=each)
    path = f"{VENDOR_CHANGES}/bysystem/{SYSTEM}"

    first = world.http.get(path, headers=world.vendor()).json()
    second = world.http.get(
        str(first["links"]["next"]).removeprefix(BASE), headers=world.vendor()
    ).json()

    assert first["links"]["next"].startswith(f"{BASE}{PLATFORM}/systemuser/changerequest/vendor/")
    assert [each["id"] for each in first["data"] + second["data"]] == ids
    assert second["links"] == {}


def test_time_shows_in_a_flag_of_the_change_alone(world: World) -> None:
    user = system_user(world)
    ask(world, user)
    world.clock.advance(timedelta(days=181))

    read = world.http.get(f"{VENDOR_CHANGES}/{FIRST}", headers=world.vendor()).json()

    assert (read["status"], read["timedOut"]) == ("New", True)
