"""What happened, over HTTP: every revision in order, as lines and as a stream."""

from __future__ import annotations

import json

import httpx
import pytest

from tests.api.control.served import Control, Json

BAKERI, RETT = "312400014", "312300028"
BAKERI_ROLE = {"role": "REVI", "from": BAKERI, "to": RETT}


def events(control: Control, **parameters: str | int) -> list[Json]:
    answer = control.stranger.get("/fullmakt/events", params=parameters)
    assert answer.headers["content-type"].startswith("application/jsonl")
    return [json.loads(line) for line in answer.text.splitlines()]


def test_the_events_have_no_gap_and_end_at_the_revision_of_the_world(control: Control) -> None:
    revision = control.stranger.get("/fullmakt/health").json()["revision"]

    found = events(control)

    assert sorted({event["revision"] for event in found}) == list(range(1, revision + 1))
    assert [(event["revision"], event["n"]) for event in found] == sorted(
        (event["revision"], event["n"]) for event in found
    )


def test_an_event_tells_who_did_what_to_whom_under_which_correlation(fresh: Control) -> None:
    after = fresh.stranger.get("/fullmakt/health").json()["revision"]
    answer = fresh.known.post("/fullmakt/roles", json=BAKERI_ROLE)

    (event,) = events(fresh, after=after)

    units = fresh.stranger.get("/fullmakt/world").json()["organisations"]
    uuids = {unit["organisasjonsnummer"]: unit["partyUuid"] for unit in units}
    assert event["kind"] == "role-began"
    assert event["actor"] == "control"
    assert event["correlation"] == answer.headers["x-correlation-id"]
    assert event["touches"] == [
        {"party": uuids[BAKERI], "aspect": "given"},
        {"party": uuids[RETT], "aspect": "keys"},
    ]


def test_events_can_be_narrowed_to_those_that_touch_a_party(fresh: Control) -> None:
    all_of_them = events(fresh)
    uuid = next(
        unit["partyUuid"]
        for unit in fresh.stranger.get("/fullmakt/world").json()["organisations"]
        if unit["organisasjonsnummer"] == BAKERI
    )

    by_number, by_uuid = events(fresh, touches=BAKERI), events(fresh, touches=uuid)

    assert by_number == by_uuid
    assert 0 < len(by_number) < len(all_of_them)
    for event in by_number:
        assert any(touch.get("party") == uuid for touch in event["touches"])


@pytest.mark.parametrize(
    "parameters, name",
    [
        ({"after": "x"}, "after"),
        ({"after": "-1"}, "after"),
        ({"touches": "313300102"}, "touches"),
        ({"touches": "nobody"}, "touches"),
        ({"afer": "1"}, "afer"),
    ],
)
def test_a_parameter_with_a_fault_is_told(
    control: Control, parameters: dict[str, str], name: str
) -> None:
    answer = control.stranger.get("/fullmakt/events", params=parameters)

    assert answer.status_code == 400
    assert name in answer.json()["errors"]


def test_whoever_listens_is_told_as_it_happens(fresh: Control) -> None:
    after = fresh.stranger.get("/fullmakt/health").json()["revision"]
    headers = {"accept": "text/event-stream"}
    with fresh.stranger.stream(
        "GET", "/fullmakt/events", params={"after": after}, headers=headers
    ) as stream:
        lines = stream.iter_lines()
        assert next(lines) == ": listening"
        fresh.known.post("/fullmakt/roles", json=BAKERI_ROLE).raise_for_status()

        found = _next_event(lines)

    assert found["event"] == "role-began"
    assert int(found["id"]) == after + 1
    assert json.loads(found["data"])["payload"]["role"] == "revisor"


def test_whoever_comes_back_goes_on_after_the_last_event_seen(fresh: Control) -> None:
    revision = fresh.stranger.get("/fullmakt/health").json()["revision"]
    headers = {"accept": "text/event-stream", "last-event-id": str(revision - 1)}

    with fresh.stranger.stream("GET", "/fullmakt/events", headers=headers) as stream:
        lines = stream.iter_lines()
        next(lines)
        found = _next_event(lines)

    assert int(found["id"]) == revision


def test_a_stream_ends_when_another_world_takes_this_ones_place(fresh: Control) -> None:
    headers = {"accept": "text/event-stream"}
    with fresh.stranger.stream("GET", "/fullmakt/events", headers=headers) as stream:
        lines = stream.iter_lines()
        next(lines)
        fresh.known.post("/fullmakt/world/reset").raise_for_status()

        rest = list(lines)

    assert isinstance(rest, list)


def _next_event(lines: object) -> dict[str, str]:
    assert hasattr(lines, "__next__")
    found: dict[str, str] = {}
    for line in lines:  # type: ignore[attr-defined] # an iterator
        if not line and found:
            return found
        name, separator, value = line.partition(": ")
        if separator:
            found[name] = value
    message = "the stream ended"
    raise httpx.StreamError(message)
