"""The stream of changed system users over HTTP, as the rest of the platform follows it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from fullmakt.systems.system_users import internal
from tests.api.systems_world import (
    BASE,
    DIRECTOR,
    FIRM,
    REQUEST_READ,
    SYSTEM,
    USERS,
    World,
    reason,
)

STREAM = f"{USERS}/internal/systemusers"
ADMIN = "altinn:authentication/systemuser.admin"


def read(world: World, token: str = "") -> dict[str, Any]:
    query = {"token": token} if token else {}
    answer = world.http.get(f"{STREAM}/stream", params=query, headers=world.vendor(ADMIN))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_an_empty_stream_says_where_it_ends(world: World) -> None:
    assert read(world) == {
        "stats": {"pageStart": 0, "pageEnd": 0, "sequenceMax": 0},
        "links": {},
        "data": [],
    }


def test_a_new_system_user_is_in_the_stream(world: World) -> None:
    world.register()
    user = world.approved_agent()

    page = read(world)

    assert page["data"] == [
        {
            "id": user,
            "partyOrgNo": FIRM,
            "partyId": str(world.party_id(FIRM)),
            "integrationTitle": "Maestro, clients",
            "isDeleted": False,
            "lastChanged": "2026-11-23T09:00:00Z",
            "created": "2026-11-23T09:00:00Z",
            "sequenceNo": 1,
            "systemUserType": "agent",
        }
    ]
    assert page["links"] == {"next": f"{BASE}{STREAM}/stream?token=MQ"}


def test_whoever_follows_the_stream_sees_deletions_after_what_was_there(world: World) -> None:
    world.register()
    first, second = world.approved_agent(), world.approved_standard()
    world.clock.advance(timedelta(hours=1))
    path = f"{USERS}/agent/{world.party_id(FIRM)}/{first}"
    assert world.http.delete(path, headers=world.person(DIRECTOR)).status_code == 200

    page = read(world, "MQ")

    data = page["data"]
    assert [(each["id"], each["isDeleted"]) for each in data] == [(second, False), (first, True)]
    assert data[1]["lastChanged"] == "2026-11-23T10:00:00Z"
    assert page["stats"] == {"pageStart": 2, "pageEnd": 3, "sequenceMax": 3}


def test_a_new_title_is_a_change(world: World) -> None:
    world.register()
    user = world.approved_standard()
    body = {
        "id": user,
        "partyId": world.party_id(FIRM),
        "reporteeOrgNo": FIRM,
        "integrationTitle": "Nytt navn",
        "systemId": SYSTEM,
    }
    world.http.put(USERS, json=body, headers=world.person(DIRECTOR))

    [changed] = read(world, "MQ")["data"]

    assert (changed["integrationTitle"], changed["sequenceNo"]) == ("Nytt navn", 2)


def test_the_end_of_the_stream_is_an_empty_page(world: World) -> None:
    world.register()
    world.approved_agent()

    assert read(world, "MQ") == {
        "stats": {"pageStart": 1, "pageEnd": 1, "sequenceMax": 1},
        "links": {},
        "data": [],
    }


def test_following_the_stream_page_by_page_shows_every_system_user_once(world: World) -> None:
    world.register()
    made = [world.approved_agent(externalRef=f"ref-{n}") for n in range(5)]
    seen: list[str] = []

    with world.database.reading() as reading:
        page = internal.list_changed(reading, after=0, most=2)
        while page.users:
            seen += [str(user.uuid) for user in page.users]
            page = internal.list_changed(reading, after=page.users[-1].sequence_no, most=2)

    assert seen == made


def test_one_system_user_is_read_until_it_is_deleted(world: World) -> None:
    world.register()
    user = world.approved_agent()
    headers = world.vendor(ADMIN)
    before = world.http.get(f"{STREAM}/{user}", headers=headers)
    path = f"{USERS}/agent/{world.party_id(FIRM)}/{user}"
    world.http.delete(path, headers=world.person(DIRECTOR))

    after = world.http.get(f"{STREAM}/{user}", headers=headers)

    assert (before.status_code, before.json()["isDeleted"]) == (200, False)
    assert (after.status_code, after.json()["title"]) == (410, "Gone")
    assert after.json()["type"].endswith("#section-15.5.11")


def test_the_stream_is_for_the_platform_alone(world: World) -> None:
    for path in (f"{STREAM}/stream", f"{STREAM}/505f8488-3d48-4c15-8e21-35cb9432f815"):
        vendor = world.http.get(path, headers=world.vendor(REQUEST_READ))
        nobody = world.http.get(path)

        assert (vendor.status_code, nobody.status_code) == (403, 401)
        assert f"the token needs scope {ADMIN}" in reason(vendor)


def test_a_token_that_is_no_number_is_refused(world: World) -> None:
    answer = world.http.get(f"{STREAM}/stream?token=x", headers=world.vendor(ADMIN))

    assert answer.status_code == 400
    assert answer.json()["errors"] == {"token": ["The value 'x' is not valid."]}
