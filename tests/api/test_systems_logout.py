"""Leaving the portal after an answer, over HTTP: the log-in ends, and the vendor is next."""

from __future__ import annotations

import httpx
import pytest

from tests.api.systems_world import BASE, FIRM, PLATFORM, USERS, World, right

PORTAL_USERS = "/accessmanagement/api/v1/systemuser"
LOGGED_OUT = f"{PLATFORM}/logout/handleloggedout"
UNKNOWN = "505f8488-3d48-4c15-8e21-35cb9432f815"
BACK = "https://maestro.example/receipt?state=5"
APPROVED = ["approve", "reject"]


def follow(world: World, path: str) -> tuple[str, httpx.Response]:
    """Where the browser ends outside the portal, and the last answer it was given."""
    for _ in range(4):
        answer = world.http.get(path, follow_redirects=False)
        location = answer.headers["location"]
        if not location.startswith(f"{BASE}/authentication"):
            return location, answer
        path = location.removeprefix(BASE)
    raise AssertionError("the browser goes round and round")


@pytest.mark.parametrize("verb", APPROVED)
@pytest.mark.parametrize("kind, page", [("", "request"), ("/agent", "agentrequest")])
def test_whoever_answered_a_request_comes_back_to_the_vendor(
    world: World, kind: str, page: str, verb: str
) -> None:
    world.register()
    send = world.agent_request if kind else world.standard_request
    request = send(redirectUrl=BACK).json()["id"]
    world.answer(request, kind=kind, verb=verb)

    location, _ = follow(world, f"{PORTAL_USERS}/{page}/{request}/logout")

    assert location == BACK


def test_whoever_answered_a_change_comes_back_to_the_vendor(world: World) -> None:
    world.register()
    user = world.approved_standard()
    change = world.http.post(
        f"{USERS}/changerequest/vendor",
        params={"correlation-id": UNKNOWN, "system-user-id": user},
        json={"unwantedRights": [right("x")], "redirectUrl": BACK},
        headers=world.vendor(),
    )
    assert change.status_code == 201

    location, _ = follow(world, f"{PORTAL_USERS}/changerequest/{UNKNOWN}/logout")

    assert location == BACK


@pytest.mark.parametrize("page", ["request", "agentrequest", "changerequest"])
def test_without_an_address_to_go_back_to_the_portal_is_next(world: World, page: str) -> None:
    world.register()
    silent = world.standard_request().json()["id"]

    unknown, _ = follow(world, f"{PORTAL_USERS}/{page}/{UNKNOWN}/logout")
    without, _ = follow(world, f"{PORTAL_USERS}/{page}/{silent}/logout")

    assert (unknown, without) == (f"{BASE}/", f"{BASE}/")


def test_a_log_out_without_any_answer_ends_in_the_portal(world: World) -> None:
    location, _ = follow(world, f"{PLATFORM}/logout")

    assert location == f"{BASE}/"


def test_where_the_portal_knows_the_way_it_keeps_its_cookie(world: World) -> None:
    headers = {"cookie": "AltinnLogoutInfo=amSafeRedirectUrl=abc"}

    answer = world.http.get(LOGGED_OUT, headers=headers, follow_redirects=False)

    assert answer.headers["location"] == f"{BASE}/accessmanagement/api/v1/logoutredirect"
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", [f"{PLATFORM}/logout", f"{PLATFORM}/frontchannel_logout"])
def test_a_log_out_forgets_the_session_and_is_not_kept_in_caches(world: World, path: str) -> None:
    answer = world.http.get(path, follow_redirects=False)

    cookie = answer.headers["set-cookie"]
    assert cookie.startswith('AltinnStudioRuntime=""; ')
    assert "Max-Age=0" in cookie
    assert (answer.headers["cache-control"], answer.headers["pragma"]) == ("no-store", "no-cache")


def test_the_note_of_what_was_answered_is_hidden_from_scripts_and_used_once(world: World) -> None:
    noted = world.http.get(f"{PORTAL_USERS}/request/{UNKNOWN}/logout", follow_redirects=False)
    _, last = follow(world, f"{PORTAL_USERS}/request/{UNKNOWN}/logout")

    cookie = noted.headers["set-cookie"]
    assert cookie.startswith(f"AltinnLogoutInfo=SystemuserRequestId={UNKNOWN};") or (
        f'AltinnLogoutInfo="SystemuserRequestId={UNKNOWN}"' in cookie
    )
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    assert last.headers["set-cookie"].startswith('AltinnLogoutInfo=""; ')
    assert "Max-Age=0" in last.headers["set-cookie"]


def test_an_id_that_is_none_is_not_noted(world: World) -> None:
    answer = world.http.get(f"{PORTAL_USERS}/request/{FIRM}x/logout", follow_redirects=False)

    assert answer.status_code == 400
    assert answer.json()["errors"] == {"requestId": [f"The value '{FIRM}x' is not valid."]}
