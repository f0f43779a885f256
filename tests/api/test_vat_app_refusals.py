"""Who and what the VAT app refuses, and the reason it gives, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from fullmakt.foundation.terms.numbers import OrganizationNumber
from tests.api.vat_calls import (
    APP,
    NOBODY,
    XML,
    a_vat_world,
    address_of,
    an_instance,
    assert_not_permitted,
    call,
    read,
    start,
    step,
)
from tests.unit.apps.app_world import (
    ADDRESSES,
    BAKERY,
    PLUMBER,
    SYSTEM_USER,
    VENDOR,
    AppWorld,
)


@pytest.fixture
def world(place_url: str) -> Iterator[AppWorld]:
    with a_vat_world(place_url) as made:
        yield made


def test_an_instance_for_a_client_that_is_not_linked_is_refused(world: AppWorld) -> None:
    assert_not_permitted(start(world, PLUMBER), "instantiate", PLUMBER)


@pytest.mark.parametrize(
    "method, path, action",
    [
        ("GET", "", "read"),
        ("GET", "/process", "read"),
        ("GET", "/feedback", "read"),
        ("GET", "/feedback/status", "read"),
        ("GET", "/data/{element}", "read"),
        ("PUT", "/data/{element}", "write"),
        ("POST", "/data?datatype=mvamelding", "write"),
        ("DELETE", "/data/{element}", "delete"),
        ("PUT", "/process/next", "write"),
    ],
)
def test_every_call_is_asked_about_anew_so_a_right_lost_is_lost_at_once(
    world: AppWorld, method: str, path: str, action: str
) -> None:
    instance = start(world).json()
    address = address_of(instance) + path.format(element=instance["data"][0]["id"])
    world.decisions.permitted.discard((str(SYSTEM_USER), action, BAKERY.digits))

    answer = call(world, method, address, headers=XML, content=b"<x/>")

    assert_not_permitted(answer, action, BAKERY)


def test_confirming_takes_another_action_than_the_checks(world: AppWorld) -> None:
    world.decisions.permitted.discard((str(SYSTEM_USER), "confirm", BAKERY.digits))
    address = an_instance(world)
    assert step(world, address).status_code == 200

    assert_not_permitted(step(world, address), "confirm", BAKERY)


def test_a_person_is_asked_about_as_a_person(world: AppWorld) -> None:
    world.decisions.permit(BAKERY, "instantiate", subject=20000008)
    headers = world.headers(is_persons=True)

    assert start(world, headers=headers).status_code == 201
    refused = start(world, PLUMBER, headers=headers)
    assert refused.json()["detail"].startswith("user `20000008` may not `instantiate`")


def test_a_token_without_system_user_or_person_is_asked_about_as_its_organisation(
    world: AppWorld,
) -> None:
    answer = start(world, headers=world.headers(is_system_users=False))

    assert answer.status_code == 403
    assert answer.json()["detail"].startswith(f"organisation `{VENDOR}` may not `instantiate`")


def test_a_permit_for_a_higher_level_than_the_tokens_is_refused(world: AppWorld) -> None:
    world.decisions.level = "4"

    answer = start(world)

    assert answer.status_code == 403
    assert "authentication level `4` or higher; the token has `3`" in answer.json()["detail"]
    assert answer.json()["requiredAuthenticationLevel"] == "4"


def test_nothing_is_done_while_the_decision_point_cannot_be_reached(world: AppWorld) -> None:
    address = an_instance(world)
    world.decisions.is_down = True

    refused = step(world, address)

    assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
    assert refused.json()["detail"] == "the decision point did not answer"
    world.decisions.is_down = False
    assert read(world, address)["process"]["currentTask"]["altinnTaskType"] == "data"


def test_the_question_carries_the_trace_of_the_call(world: AppWorld) -> None:
    call(
        world,
        "GET",
        address_of(start(world).json()),
        headers={"traceparent": f"00-{'a' * 32}-{'b' * 16}-01"},
    )

    assert world.decisions.traces[-1] == "a" * 32


def test_a_maskinporten_token_that_was_not_exchanged_is_told_to_be(world: AppWorld) -> None:
    answer = start(world, headers=world.headers(issuer=ADDRESSES.maskinporten_issuer))

    assert (answer.status_code, answer.content) == (401, b"")
    assert "exchange a Maskinporten token at" in answer.headers["www-authenticate"]


@pytest.mark.parametrize(
    "scopes, method, needed",
    [
        ("altinn:instances.read", "POST", "altinn:instances.write"),
        ("altinn:instances.write", "GET", "altinn:instances.read"),
        ("altinn:somethingelse", "GET", "altinn:instances.read"),
    ],
)
def test_reading_and_writing_are_scopes_of_their_own(
    world: AppWorld, scopes: str, method: str, needed: str
) -> None:
    address = address_of(start(world).json()) if method == "GET" else f"{APP}/instances"

    answer = world.client.request(method, address, headers=world.headers(scopes=scopes))

    assert answer.status_code == 403
    assert f"the token needs scope {needed}" in answer.headers["www-authenticate"]


def test_without_a_token_nothing_is_answered(world: AppWorld) -> None:
    answer = world.client.post(f"{APP}/instances", json={})

    assert answer.status_code == 401
    assert "a bearer token is needed" in answer.headers["www-authenticate"]


def test_an_expired_token_is_refused_as_expired(world: AppWorld) -> None:
    headers = world.headers()
    world.clock.advance(timedelta(minutes=5))

    answer = world.client.get(f"{APP}/instances/1/{NOBODY}", headers=headers)

    assert answer.status_code == 401
    assert "the token expired" in answer.headers["www-authenticate"]


def test_an_organisation_nobody_knows_is_answered_404_in_text(world: AppWorld) -> None:
    answer = start(world, OrganizationNumber("312700018"))

    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text == "the instance owner is not registered: `312700018`"


def test_an_app_nobody_knows_is_answered_404_in_text(world: AppWorld) -> None:
    answer = call(world, "POST", "/skd/other-app/instances", content=b"{}")

    assert (answer.status_code, answer.text) == (404, "no app is called `skd/other-app` here")


@pytest.mark.parametrize("party_id", ["51000005", "51000006", "x"])
def test_an_instance_is_found_only_under_its_own_party_and_id(
    world: AppWorld, party_id: str
) -> None:
    guid = start(world).json()["id"].partition("/")[2]
    wrong = NOBODY if party_id == "51000005" else guid

    answer = call(world, "GET", f"{APP}/instances/{party_id}/{wrong}")

    assert answer.status_code == 404
    assert f"`{party_id}/{wrong}`" in answer.json()["detail"]


def test_an_element_of_another_instance_is_not_this_ones(world: AppWorld) -> None:
    address = address_of(start(world).json())
    other = start(world).json()["data"][0]["id"]

    answer = call(world, "GET", f"{address}/data/{other}")

    assert answer.status_code == 404
    assert f"has no data element `{other}`" in answer.json()["detail"]


def test_an_instance_is_asked_for_in_json(world: AppWorld) -> None:
    answer = call(world, "POST", f"{APP}/instances", headers=XML, content=b"<instance/>")

    assert answer.status_code == 415
    assert "in `application/json`, not `application/xml`" in answer.json()["detail"]
