"""The world as a whole over HTTP: loading, exporting, beginning anew, snapshots and the clock."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from fullmakt.run.testworld.world import DEFAULT_WORLD
from tests.api.control.served import Control, Json, organization, told, told_at_once

REGISTER = "/authentication/api/v1/systemregister"
RETT, BAKERI = "312300028", "312400014"


def test_health_tells_the_revision_the_profile_and_the_version(control: Control) -> None:
    health = control.stranger.get("/fullmakt/health").json()

    assert health["status"] == "ok"
    assert health["profile"] == "test"
    assert health["revision"] >= 1
    assert health["version"]


def test_a_world_that_was_exported_loads_and_adds_nothing(fresh: Control) -> None:
    exported = fresh.stranger.get("/fullmakt/world").json()

    answer = fresh.known.post("/fullmakt/world", json=exported)

    assert answer.json()["added"] == 0


def test_the_default_world_is_served_whole(fresh: Control) -> None:
    default = json.loads(DEFAULT_WORLD.read_bytes())

    exported = fresh.stranger.get("/fullmakt/world").json()

    assert {name: len(each) for name, each in exported.items()} == {
        name: len(each) for name, each in default.items()
    }


def test_a_file_with_faults_loads_nothing_and_tells_each(control: Control) -> None:
    revision = control.stranger.get("/fullmakt/health").json()["revision"]
    content = {
        "organisations": [organization("312400294"), organization("312300029")],
        "roles": [{"rolle": "REGN", "enhet": "312400294", "innehaverEnhet": "999999998"}],
        "surprise": [],
    }

    answer = control.known.post("/fullmakt/world", json=content)

    assert answer.status_code == 400
    assert answer.json()["code"] == "FM-00401"
    found = dict(told(answer))
    path = "organisations[1].organisasjonsnummer"
    assert found[path] == f"{path}: `312300029` fails its check digit"
    assert found["surprise"].startswith("surprise: `surprise` is not a member here")
    assert found["roles[0].innehaverEnhet"].endswith("`999999998` fails its check digit")
    assert control.stranger.get("/fullmakt/health").json()["revision"] == revision


def test_what_a_room_refuses_is_told_at_its_path_and_nothing_is_loaded(control: Control) -> None:
    revision = control.stranger.get("/fullmakt/health").json()["revision"]
    content = {
        "organisations": [organization("312400294")],
        "delegations": [
            {
                "from": BAKERI,
                "to": RETT,
                "accessPackages": ["urn:altinn:accesspackage:skattegrunnlag"],
                "givenBy": "27919001270",
            }
        ],
    }

    answer = control.known.post("/fullmakt/world", json=content)

    assert answer.status_code == 400
    (fault,) = told(answer)
    assert fault[0] == "delegations[0].accessPackages"
    assert "may not give `skattegrunnlag`" in fault[1]
    assert control.stranger.get("/fullmakt/health").json()["revision"] == revision


def test_an_entry_that_stands_and_differs_is_a_fault(control: Control) -> None:
    exported = control.stranger.get("/fullmakt/world").json()
    changed = {**exported["organisations"][0], "navn": "ET ANNET NAVN AS"}

    answer = control.known.post("/fullmakt/world", json={"organisations": [changed]})

    assert answer.status_code == 400
    (fault,) = told(answer)
    assert fault[0] == "organisations[0]"
    assert "stands already, and differs" in fault[1]


@pytest.mark.parametrize("body", [b"{", b"[1]", b'{"meta": {}, "meta": {}}'])
def test_a_body_that_is_no_world_is_refused(control: Control, body: bytes) -> None:
    answer = control.known.post("/fullmakt/world", content=body)

    assert answer.status_code == 400
    assert told(answer)


YAML = {"content-type": "application/yaml"}


def test_a_world_goes_out_and_in_as_yaml(fresh: Control) -> None:
    exported = fresh.stranger.get("/fullmakt/world", headers={"accept": "application/yaml"})

    loaded = fresh.known.post("/fullmakt/world", headers=YAML, content=exported.content)

    assert exported.headers["content-type"] == "application/yaml; charset=utf-8"
    assert "\norganisations:\n" in exported.text
    assert loaded.json()["added"] == 0


@pytest.mark.parametrize(
    "body, path, expected",
    [
        ("organisations:\n- navn: 1\n", "organisations[0].organisasjonsnummer", "(line 2)"),
        (
            "roles:\n- rolle: REGN\n  enhet: 313300102\n  innehaverEnhet: 312300028\n",
            "roles[0].enhet",
            "is not registered, and not in the file (line 3)",
        ),
        ("a: &x 1\n", "$", "has an anchor or an alias; write the value out (line 1)"),
        ("a: b: c\n", "$", "is not YAML: mapping values are not allowed in this context (line 1)"),
    ],
)
def test_a_fault_in_yaml_is_told_with_its_line(
    control: Control, body: str, path: str, expected: str
) -> None:
    answer = control.known.post("/fullmakt/world", headers=YAML, content=body.encode())

    assert answer.status_code == 400
    found = dict(told(answer))
    assert found[path].endswith(expected)


def test_an_empty_world_has_nobody(fresh: Control) -> None:
    fresh.known.post("/fullmakt/world/reset", json={"world": "empty"}).raise_for_status()

    exported = fresh.stranger.get("/fullmakt/world").json()

    assert exported["organisations"] == []
    assert fresh.stranger.post("/maskinporten/token").status_code == 400


def test_a_world_of_ones_own_takes_the_place_of_the_old(fresh: Control) -> None:
    own = {
        "organisations": [organization("312400294")],
        "meta": {"domainTime": "2030-01-01T00:00:00Z"},
    }

    fresh.known.post("/fullmakt/world/reset", json={"world": own}).raise_for_status()

    exported = fresh.stranger.get("/fullmakt/world").json()
    assert [unit["organisasjonsnummer"] for unit in exported["organisations"]] == ["312400294"]
    assert fresh.stranger.get("/fullmakt/clock").json()["now"].startswith("2030-01-01T00:0")


def test_a_reset_to_a_world_with_faults_leaves_the_old_one(fresh: Control) -> None:
    own = {"roles": [{"rolle": "REGN", "enhet": "312400294", "innehaverEnhet": RETT}]}

    answer = fresh.known.post("/fullmakt/world/reset", json={"world": own})

    assert answer.status_code == 400
    assert dict(told(answer))["roles[0].enhet"].endswith(
        "`312400294` is not registered, and not in the file"
    )
    assert len(fresh.stranger.get("/fullmakt/world").json()["organisations"]) == 27


def test_each_reset_gives_the_same_world_whatever_was_done_to_the_last(fresh: Control) -> None:
    worlds = []
    for _ in range(2):
        fresh.known.post("/fullmakt/world/reset", json={"world": "default"})
        worlds.append(fresh.known.get("/fullmakt/world").json())
        added = fresh.known.post("/fullmakt/organizations", json=organization("313300102"))
        assert added.is_success
        fresh.known.post("/fullmakt/clock", json={"advance": "P181D"})
    fresh.known.post("/fullmakt/world/reset", json={"world": "empty"})
    fresh.known.post("/fullmakt/world/reset", json={"world": "default"})
    worlds.append(fresh.known.get("/fullmakt/world").json())

    for world in worlds:
        world["meta"]["domainTime"] = world["meta"]["domainTime"][:16]
    assert worlds[0] == worlds[1] == worlds[2]
    assert len(worlds[0]["organisations"]) == 27


def test_a_token_from_before_a_reset_is_worth_nothing_after(fresh: Control) -> None:
    token = fresh.known.get("/fullmakt/people/12837402229/token").text
    bearer = {"authorization": f"Bearer {token}"}
    assert (
        fresh.stranger.get("/authentication/api/v1/systemregister", headers=bearer).status_code
        == 200
    )

    fresh.known.post("/fullmakt/world/reset").raise_for_status()

    answer = fresh.stranger.get(REGISTER, headers=bearer)
    assert answer.status_code == 401
    assert "has no key" in answer.headers["www-authenticate"]


def test_a_reset_wants_a_world_it_knows(control: Control) -> None:
    answer = control.known.post("/fullmakt/world/reset", json={"world": "defualt"})

    assert told(answer) == [("world", "world: `defualt` must be `default`, `empty` or a world")]


def test_a_snapshot_brings_back_roles_tokens_and_revision(fresh: Control) -> None:
    token = fresh.known.get("/fullmakt/people/12837402229/token").text
    bearer = {"authorization": f"Bearer {token}"}
    saved = fresh.known.post("/fullmakt/snapshots", json={"name": "before"}).json()
    before = fresh.stranger.get("/fullmakt/world").json()
    role = {"role": "REGN", "from": BAKERI, "to": RETT}
    fresh.known.post("/fullmakt/roles/end", json=role).raise_for_status()
    fresh.known.post("/fullmakt/organizations", json=organization("312400294")).raise_for_status()

    fresh.known.post("/fullmakt/snapshots/before/restore").raise_for_status()

    after = fresh.stranger.get("/fullmakt/world").json()
    del before["meta"]["domainTime"], after["meta"]["domainTime"]
    assert after == before
    assert saved["name"] == "before"
    assert fresh.stranger.get(REGISTER, headers=bearer).status_code == 200
    fresh.known.post("/fullmakt/roles/end", json=role).raise_for_status()
    fresh.known.post("/fullmakt/organizations", json=organization("312400294")).raise_for_status()


def test_a_restored_world_has_the_keys_of_its_snapshot(fresh: Control) -> None:
    def bearer() -> dict[str, str]:
        token = fresh.known.get("/fullmakt/people/12837402229/token").text
        return {"authorization": f"Bearer {token}"}

    of_snapshot = bearer()
    fresh.known.post("/fullmakt/snapshots", json={"name": "keys"}).raise_for_status()
    fresh.known.post("/fullmakt/world/reset").raise_for_status()
    of_new_world = bearer()

    fresh.known.post("/fullmakt/snapshots/keys/restore").raise_for_status()

    assert fresh.stranger.get(REGISTER, headers=of_snapshot).status_code == 200
    refused = fresh.stranger.get(REGISTER, headers=of_new_world)
    assert refused.status_code == 401
    assert "has no key" in refused.headers["www-authenticate"]


def test_a_snapshot_that_does_not_exist_is_named_with_those_that_do(control: Control) -> None:
    control.known.post("/fullmakt/snapshots", json={"name": "there"}).raise_for_status()

    answer = control.known.post("/fullmakt/snapshots/not-there/restore")

    assert answer.status_code == 404
    assert "no snapshot is called `not-there`; there are: " in answer.json()["detail"]
    assert "there" in answer.json()["detail"].partition("there are: ")[2]


@pytest.mark.parametrize("name", ["../up", "a b", "Å", ".hidden", "x" * 65])
def test_a_snapshots_name_cannot_leave_its_folder(control: Control, name: str) -> None:
    answer = control.known.post("/fullmakt/snapshots", json={"name": name})

    assert answer.status_code == 400
    assert "must be 1 to 64 small letters" in answer.json()["errors"]["name"][0]


def test_domain_time_starts_at_the_files_and_can_be_moved(fresh: Control) -> None:
    start = datetime.fromisoformat(fresh.stranger.get("/fullmakt/clock").json()["now"])
    assert (
        timedelta() <= start - datetime.fromisoformat("2026-11-23T09:00:00Z") < timedelta(minutes=5)
    )

    moved = fresh.known.post("/fullmakt/clock", json={"advance": "P181DT2H"}).json()

    now = datetime.fromisoformat(moved["now"])
    assert timedelta(days=181, hours=2) <= now - start < timedelta(days=181, hours=2, minutes=5)
    at = fresh.known.post("/fullmakt/clock", json={"at": "2027-01-01T12:00:00+01:00"}).json()
    assert at["now"].startswith("2027-01-01T11:00:0")


def test_tokens_go_by_the_machines_time_whatever_the_clock_says(fresh: Control) -> None:
    fresh.known.post("/fullmakt/clock", json={"advance": "P3650D"}).raise_for_status()
    token = fresh.known.get("/fullmakt/people/12837402229/token").text

    answer = fresh.stranger.get(REGISTER, headers={"authorization": f"Bearer {token}"})

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "body, expected",
    [
        ({"advance": "P1M"}, "must be a duration in weeks, days and hours"),
        ({"advance": "-P1D"}, "must be a duration in weeks, days and hours"),
        ({"advance": "P99999999D"}, "must be at most 100 years"),
        ({"at": "2027-01-01T12:00:00"}, "must name its zone"),
        ({"at": "tomorrow"}, "must be a moment"),
        ({}, "must have `at` or `advance`"),
        ({"at": "2027-01-01T12:00:00Z", "advance": "P1D"}, "must have `at` or `advance`"),
        ({"to": "2027-01-01T12:00:00Z"}, "is not a member here"),
    ],
)
def test_a_clock_that_cannot_be_set_so_says_why(
    control: Control, body: Json, expected: str
) -> None:
    answer = control.known.post("/fullmakt/clock", json=body)

    assert answer.status_code == 400
    assert expected in told_at_once(answer)
