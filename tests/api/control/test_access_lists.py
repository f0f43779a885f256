"""Access lists in world files over HTTP: what they open, and what is refused in them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.control.served import Control, told

TAX, RETT, BAKERI = "212000019", "312300028", "312400014"
AGENT = "ab37a780-c0ba-5841-8f64-a809b36991af"
LISTED = "ske-bare-for-utvalgte"


def listed_service() -> dict[str, Any]:
    text = {"nb": "Utvalgte", "nn": "Utvalde", "en": "The chosen"}
    return {
        "identifier": LISTED,
        "resourceType": "GenericAccessResource",
        "owner": TAX,
        "title": text,
        "description": text,
        "rightDescription": text,
        "accessPackages": ["regnskapsforer-med-signeringsrettighet"],
        "actions": ["read", "write"],
        "accessListMode": "Enabled",
    }


def chosen(**changes: object) -> dict[str, Any]:
    entry = {
        "owner": TAX,
        "identifier": "utvalgte",
        "name": "De utvalgte",
        "description": "",
        "members": [BAKERI],
        "connections": [{"resource": LISTED, "actionFilters": ["read"]}],
    }
    return {**entry, **changes}


def decision(control: Control, action: str) -> tuple[str, str | None]:
    question = {
        "systemUser": AGENT,
        "action": action,
        "resource": LISTED,
        "organization": BAKERI,
    }
    answer = control.stranger.get("/fullmakt/explain", params=question).json()
    return answer["decision"], answer["stopsAt"]


def load(control: Control, *lists: dict[str, Any]) -> int:
    content = {"resources": [listed_service()], "accessLists": list(lists)}
    answer = control.known.post("/fullmakt/world", json=content)
    assert answer.status_code == 200, answer.text
    added: int = answer.json()["added"]
    return added


def test_a_list_opens_its_resource_for_its_members_and_the_actions(fresh: Control) -> None:
    load(fresh)
    before = decision(fresh, "read")

    added = load(fresh, chosen())

    assert before == ("Deny", "access-list")
    assert added == 1
    assert decision(fresh, "read") == ("Permit", None)
    assert decision(fresh, "write") == ("Deny", "access-list")


def test_a_world_with_lists_is_the_same_after_it_was_exported_and_loaded(fresh: Control) -> None:
    load(fresh, chosen(), chosen(identifier="alle", members=[RETT], connections=[]))
    exported = fresh.stranger.get("/fullmakt/world").json()

    fresh.known.post("/fullmakt/world/reset", json={"world": exported}).raise_for_status()

    again = fresh.stranger.get("/fullmakt/world").json()
    assert [each["identifier"] for each in again["accessLists"]] == ["alle", "utvalgte"]
    assert again["accessLists"] == exported["accessLists"]
    assert fresh.known.post("/fullmakt/world", json=exported).json()["added"] == 0
    assert decision(fresh, "read") == ("Permit", None)
    assert decision(fresh, "write") == ("Deny", "access-list")


def test_a_list_that_was_kept_over_http_is_exported(fresh: Control) -> None:
    load(fresh)
    params = {"orgNo": TAX, "scopes": "altinn:resourceregistry/accesslist.write"}
    token = fresh.stranger.get("/api/GetEnterpriseToken", params=params, auth=("any", "x")).text
    headers = {"authorization": f"Bearer {token}"}
    address = "/resourceregistry/api/v1/access-lists/skd/utvalgte"
    members = {"data": [f"urn:altinn:organization:identifier-no:{BAKERI}"]}
    for path, body in (
        ("", {"name": "De utvalgte", "description": ""}),
        ("/members", members),
        (f"/resource-connections/{LISTED}", {"actionFilters": ["read"]}),
    ):
        fresh.stranger.put(f"{address}{path}", json=body, headers=headers).raise_for_status()

    assert fresh.stranger.get("/fullmakt/world").json()["accessLists"] == [chosen()]


def test_more_members_than_one_call_takes_are_all_on_the_list(fresh: Control) -> None:
    organizations = fresh.stranger.get("/fullmakt/world").json()["organisations"]
    numbers = sorted(each["organisasjonsnummer"] for each in organizations)
    many = [
        {
            "organisasjonsnummer": f"{base}{check}",
            "navn": f"MEDLEM {base}",
            "organisasjonsform": {"kode": "AS"},
        }
        for base in map(str, range(31610000, 31610140))
        if (check := _check_digit(base)) < 10
    ]
    fresh.known.post("/fullmakt/world", json={"organisations": many}).raise_for_status()
    members = sorted([*numbers, *(each["organisasjonsnummer"] for each in many)])

    load(fresh, chosen(members=members))

    (exported,) = fresh.stranger.get("/fullmakt/world").json()["accessLists"]
    assert len(members) > 100
    assert exported["members"] == members


def _check_digit(base: str) -> int:
    weights = (3, 2, 7, 6, 5, 4, 3, 2)
    return -sum(w * int(d) for w, d in zip(weights, base, strict=True)) % 11


TWICE = [{"resource": LISTED, "actionFilters": ["read"]}, {"resource": LISTED}]


@pytest.mark.parametrize(
    "changes, path, fault",
    [
        ({"owner": RETT}, "owner", "`312300028` keeps no lists: it has no `orgcode`"),
        ({"owner": "313300102"}, "owner", "`313300102` is not registered, and not in the file"),
        ({"members": ["313300102"]}, "members", "`313300102` is not registered"),
        ({"members": ["312300029"]}, "members", "fails its check digit"),
        ({"connections": TWICE}, "connections[1].resource", "is connected twice"),
        ({"connections": [{"resource": "no"}]}, "connections", "`no` is refused: there is no"),
        (
            {"connections": [{"resource": "mat-innrapportering-lakselus"}]},
            "connections",
            "is of 212000345, not of `skd`",
        ),
        ({"identifier": "a:b"}, "", "has no colon"),
        ({"name": ""}, "name", "must be text"),
        ({"resources": [LISTED]}, "resources", "`resources` is not a member here"),
    ],
)
def test_what_is_wrong_in_a_list_is_told_at_its_path_and_nothing_is_loaded(
    control: Control, changes: dict[str, Any], path: str, fault: str
) -> None:
    content = {"resources": [listed_service()], "accessLists": [chosen(**changes)]}

    answer = control.known.post("/fullmakt/world", json=content)

    assert answer.status_code == 400
    found = dict(told(answer))
    at = f"accessLists[0].{path}".removesuffix(".")
    assert fault in found[at]
    exported = control.stranger.get("/fullmakt/world").json()
    assert "accessLists" not in exported
    assert LISTED not in {each["identifier"] for each in exported["resources"]}


def test_a_list_that_stands_and_differs_is_a_fault(fresh: Control) -> None:
    load(fresh, chosen())

    answer = fresh.known.post("/fullmakt/world", json={"accessLists": [chosen(name="Andre")]})

    (fault,) = told(answer)
    assert fault[0] == "accessLists[0]"
    assert "`212000019 utvalgte` stands already, and differs" in fault[1]
    assert decision(fresh, "read") == ("Permit", None)
