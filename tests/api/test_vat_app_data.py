"""Data elements of a VAT instance: what is taken, given back and locked, on both engines."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from httpx import Response

from fullmakt.services.tax.service import (
    list_vat_filings,
)
from fullmakt.services.tax.submission import FEEDBACK_AFTER
from tests.api.vat_calls import (
    ENVELOPE_TYPE,
    XML,
    a_vat_world,
    address_of,
    an_instance,
    attach,
    call,
    filed,
    read,
    start,
    step,
    types_in,
)
from tests.unit.apps.app_world import (
    BAKERY,
    AppWorld,
)
from tests.unit.tax.vat_builders import (
    an_envelope,
    envelope_xml,
)


@pytest.fixture
def world(place_url: str) -> Iterator[AppWorld]:
    with a_vat_world(place_url) as made:
        yield made


def test_an_attachment_comes_back_as_it_was_sent_and_only_as_a_file(world: AppWorld) -> None:
    address = address_of(start(world).json())

    element = attach(world, address, "årsoppgjør.xml", content=b"<a/>", content_type="text/xml")
    found = call(world, "GET", f"{address}/data/{element.json()['id']}")

    assert element.json()["filename"] == "årsoppgjør.xml"
    assert found.content == b"<a/>"
    assert found.headers["content-type"].startswith("text/xml")
    assert found.headers["content-disposition"] == (
        "attachment; filename*=UTF-8''%C3%A5rsoppgj%C3%B8r.xml"
    )
    assert found.headers["x-content-type-options"] == "nosniff"


def test_an_attachment_of_a_kind_the_app_does_not_take_is_refused(world: AppWorld) -> None:
    address = address_of(start(world).json())

    answer = attach(world, address, "side.html", content_type="text/html")

    assert answer.status_code == 415
    assert "`binaerVedlegg` does not take `text/html`" in answer.json()["detail"]


def test_an_attachment_of_more_than_25_megabytes_is_refused_with_its_size(
    world: AppWorld,
) -> None:
    address = address_of(start(world).json())
    size = 25 * 1024 * 1024 + 1

    answer = attach(world, address, content=b"0" * size)

    assert answer.status_code == 413
    assert f"has `{size}` bytes" in answer.json()["detail"]


@pytest.mark.parametrize(
    "query, status, reason",
    [
        ("datatype=selvangivelse", 400, "`selvangivelse` is no data type of app"),
        ("", 400, "name the data type"),
        ("datatype=kvittering", 403, "`kvittering` is written by the app"),
        (f"datatype={ENVELOPE_TYPE}", 409, "replace it with PUT"),
    ],
)
def test_data_goes_only_where_the_app_has_room_for_it(
    world: AppWorld, query: str, status: int, reason: str
) -> None:
    address = address_of(start(world).json())

    answer = call(world, "POST", f"{address}/data?{query}", headers=XML, content=b"<x/>")

    assert answer.status_code == status
    assert reason in answer.json()["detail"]


def test_an_attachment_can_be_removed_and_the_envelope_cannot(world: AppWorld) -> None:
    instance = start(world).json()
    address = address_of(instance)
    element = attach(world, address).json()["id"]

    removed = call(world, "DELETE", f"{address}/data/{element}")
    kept = call(world, "DELETE", f"{address}/data/{instance['data'][0]['id']}")

    assert removed.status_code == 200
    assert kept.status_code == 409
    assert "was made with the instance" in kept.json()["detail"]
    assert types_in(read(world, address)) == [ENVELOPE_TYPE]


@pytest.mark.parametrize("steps, reason", [(1, "waits for confirmation"), (2, "has been sent in")])
def test_data_is_locked_once_it_is_checked(world: AppWorld, steps: int, reason: str) -> None:
    address = an_instance(world)
    for _ in range(steps):
        step(world, address)

    answer = attach(world, address)

    assert answer.status_code == 409
    assert reason in answer.json()["detail"]


def test_an_archived_instance_takes_neither_data_nor_steps(world: AppWorld) -> None:
    address = filed(world)
    world.clock.advance(FEEDBACK_AFTER)
    element = read(world, address)["data"][0]["id"]

    put = call(
        world, "PUT", f"{address}/data/{element}", headers=XML, content=envelope_xml(an_envelope())
    )
    moved = step(world, address)

    assert put.status_code == 409
    assert "sent in and archived" in put.json()["detail"]
    assert moved.status_code == 409
    assert "the instance has ended" in moved.json()["detail"]


def test_of_two_confirmations_at_once_one_files_and_the_other_is_told(world: AppWorld) -> None:
    address = an_instance(world)
    assert step(world, address).status_code == 200
    answers: list[Response] = []
    threads = [
        threading.Thread(target=lambda: answers.append(step(world, address))) for _ in range(4)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with world.database.reading() as reading:
        assert len(list_vat_filings(reading, BAKERY)) == 1
    refused = [answer for answer in answers if answer.status_code == 409]
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert all(
        "has moved on to `feedback`" in answer.json()["detail"]
        or "waits for the service owner's feedback" in answer.json()["detail"]
        for answer in refused
    )
