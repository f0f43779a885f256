"""What if: who would gain and who would lose, and that what is foretold is what happens."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from fullmakt.access.policy.write import PlainRule, write_policy
from tests.api.control.explaining import owner_headers, publish
from tests.api.control.served import Control
from tests.api.control.test_reverse_questions import AGENT, RESOURCE, errors, permitted, who

FIRM, CLIENT, STRANGER, DIRECTOR = "312300028", "312400014", "312400138", "12837402229"
NAMED, TECHNICS, DEPARTMENT = "312300109", "312800454", "312800144"

NOBODY = write_policy(RESOURCE, [PlainRule(("write",), organizations=("312300109",))]).decode()
"""A policy that opens writing to one organisation, which has no client."""


def changes(control: Control, policy: str = NOBODY) -> list[Any]:
    answer = control.stranger.post(
        "/fullmakt/what-if", json={"resource": RESOURCE, "policy": policy}
    )
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


def test_a_policy_for_one_other_takes_from_everybody_who_may(control: Control) -> None:
    found = changes(control)

    lost = {(each["subject"]["id"], each["party"]["organizationNumber"]) for each in found}
    assert (AGENT, "312400014") in lost
    losers = {
        each["subject"]["id"]
        for each in found
        if each["change"] == "loses"
        and each["action"] == "write"
        and each["party"]["organizationNumber"] == "312400014"
    }
    assert losers == {each["id"] for each in who(control)}


def test_asking_what_if_stores_nothing(control: Control) -> None:
    before = control.stranger.get("/fullmakt/health").json()["revision"]

    first = changes(control)

    assert changes(control) == first != []
    assert control.stranger.get("/fullmakt/health").json()["revision"] == before
    assert permitted(control, AGENT, "312400014")


def test_a_policy_that_cannot_stand_is_refused_before_anything_is_told(control: Control) -> None:
    answer = control.stranger.post(
        "/fullmakt/what-if", json={"resource": RESOURCE, "policy": "<Policy"}
    )

    assert answer.status_code == 400
    assert "jsonl" not in answer.headers["content-type"]


def supposed(control: Control, path: str, **body: object) -> list[Any]:
    answer = control.stranger.post(f"/fullmakt/what-if/{path}", json=body)
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


def permits(control: Control) -> set[tuple[str, str]]:
    """Who may write, for whom, of a handful of parties."""
    numbers = (CLIENT, FIRM, STRANGER, TECHNICS, DEPARTMENT)
    return {
        (each["id"], number) for number in numbers for each in who(control, organization=number)
    }


def test_what_would_fall_with_a_role_is_what_falls_when_it_ends(fresh: Control) -> None:
    role = {"role": "regnskapsforer", "from": "312400014", "to": "312300028"}
    foretold = {
        (each["subject"]["id"], each["party"]["organizationNumber"])
        for each in supposed(fresh, "role-ended", **role)
        if (each["change"], each["action"], each["resource"]) == ("loses", "write", RESOURCE)
    }
    before = permits(fresh)

    fresh.known.post("/fullmakt/roles/end", json=role).raise_for_status()

    fallen = before - permits(fresh)
    assert fallen == {each for each in foretold if each in before} != set()
    assert (AGENT, "312400014") in fallen


def test_a_role_that_no_longer_gave_a_package_would_take_what_that_alone_opens(
    control: Control,
) -> None:
    package = {"role": "forretningsforer", "package": "forretningsforer-eiendom", "form": "ESEK"}

    lost = supposed(control, "package", **package, hasAccess=False)
    same = supposed(control, "package", **package, hasAccess=True)

    assert same == []
    assert {each["change"] for each in lost} == {"loses"}
    assert "ske-innrapportering-boligsameie" in {each["resource"] for each in lost}


def test_an_action_that_a_policy_would_open_is_gained(control: Control) -> None:
    package = "regnskapsforer-med-signeringsrettighet"
    policy = write_policy(RESOURCE, [PlainRule(("archive",), packages=(package,))]).decode()

    gained = {
        (each["subject"]["id"], each["party"]["organizationNumber"])
        for each in changes(control, policy)
        if (each["change"], each["action"]) == ("gains", "archive")
    }

    assert (AGENT, "312400014") in gained
    assert (AGENT, "312400138") not in gained


def test_what_would_begin_with_a_role_is_what_begins_with_it(fresh: Control) -> None:
    role = {"role": "REGN", "from": TECHNICS, "to": FIRM}
    foretold = supposed(fresh, "role-began", **role)
    gained = {
        (each["subject"]["id"], each["party"]["organizationNumber"])
        for each in foretold
        if (each["change"], each["action"], each["resource"]) == ("gains", "write", RESOURCE)
    }
    before = permits(fresh)

    fresh.known.post("/fullmakt/roles", json=role).raise_for_status()

    assert permits(fresh) - before == gained != set()
    assert {number for _, number in gained} == {TECHNICS, DEPARTMENT}
    assert {each["change"] for each in foretold} == {"gains"}


def test_a_key_role_would_open_what_others_gave_the_organisation(fresh: Control) -> None:
    role = {"role": "LEDE", "from": FIRM, "to": "08928309801"}

    gained = supposed(fresh, "role-began", **role)

    assert STRANGER in {each["party"]["organizationNumber"] for each in gained}
    assert {each["subject"]["name"] for each in gained} == {"Mild Surdeig"}
    fresh.known.post("/fullmakt/roles", json=role).raise_for_status()
    assert [*map(opposite, supposed(fresh, "role-ended", **role))] == gained


def opposite(line: dict[str, Any]) -> dict[str, Any]:
    return {**line, "change": {"gains": "loses", "loses": "gains"}[line["change"]]}


def test_whom_a_policy_names_outright_gains_for_everybody_and_may(fresh: Control) -> None:
    foretold = changes(fresh)
    gained = {
        each["party"]["organizationNumber"]
        for each in foretold
        if each["change"] == "gains" and each["subject"]["organizationNumber"] == NAMED
    }
    registry, headers = owner_headers(fresh, "altinn:resourceregistry/resource.write")
    path = f"{registry}/resource/{RESOURCE}/policy"

    publish(fresh, path, NOBODY, headers)

    assert {CLIENT, STRANGER} <= gained
    for number in (CLIENT, STRANGER):
        assert [each["organizationNumber"] for each in who(fresh, organization=number)] == [NAMED]
    asked = {"subjectOrganization": NAMED, "resource": RESOURCE}
    told = fresh.stranger.get("/fullmakt/what-can", params=asked).json()
    assert {STRANGER} <= {each["party"]["organizationNumber"] for each in told["may"]}


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_role_that_nobody_has_cannot_end_and_one_that_is_held_cannot_begin(
    control: Control,
) -> None:
    absent = {"role": "styreleder", "from": STRANGER, "to": FIRM}
    held = {"role": "regnskapsforer", "from": CLIENT, "to": FIRM}

    ended = control.stranger.post("/fullmakt/what-if/role-ended", json=absent)
    begun = control.stranger.post("/fullmakt/what-if/role-began", json=held)

    assert problem(ended) == (404, "FM-00104")
    assert problem(begun) == (409, "FM-00103")
    assert "is `regnskapsforer` of `FJORDGLØTT BAKERI AS` already" in begun.json()["detail"]


@pytest.mark.parametrize("path", ["role-began", "role-ended"])
@pytest.mark.parametrize(
    "changed, place",
    [
        ({"to": "312400015"}, "to"),
        ({"from": "12837402229"}, "from"),
        ({"role": "baker"}, "role"),
        ({"shoe": "43"}, "shoe"),
        ({"to": None}, "to"),
    ],
)
def test_a_role_that_cannot_be_is_refused_by_its_place(
    control: Control, path: str, changed: dict[str, str], place: str
) -> None:
    body = {"role": "REGN", "from": CLIENT, "to": DIRECTOR, **changed}

    answer = control.stranger.post(f"/fullmakt/what-if/{path}", json=body)

    faults = answer.json()["validationErrors"]
    assert answer.status_code == 400
    assert [each["paths"] for each in faults] == [[place]], faults


@pytest.mark.parametrize("place", ["from", "to"])
def test_a_role_between_those_who_are_not_registered_is_refused(
    control: Control, place: str
) -> None:
    body = {"role": "REGN", "from": CLIENT, "to": FIRM, place: "313000001"}

    answer = control.stranger.post("/fullmakt/what-if/role-began", json=body)

    assert errors(answer) == [place]
