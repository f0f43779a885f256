"""Who may do something, what somebody may do, and what another policy would change."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from fullmakt.access.policy.write import PlainRule, write_policy
from tests.api.control.served import Control

AGENT = "ab37a780-c0ba-5841-8f64-a809b36991af"
RESOURCE = "app_skd_mva-melding-innsending-v1"
ASKED = {"action": "write", "resource": RESOURCE, "organization": "312400014"}


def permitted(control: Control, subject: str, number: str) -> bool:
    question = {**ASKED, "subject": subject, "organization": number}
    if subject == AGENT:
        question["systemUser"] = question.pop("subject")
    told = control.stranger.get("/fullmakt/explain", params=question).json()
    return bool(told["decision"] == "Permit")


def who(control: Control, **changes: str) -> list[Any]:
    told = control.stranger.get("/fullmakt/who-can", params={**ASKED, **changes}).json()
    assert told["next"] is None
    return list(told["who"])


NOBODY = write_policy(RESOURCE, [PlainRule(("write",), organizations=("312300109",))]).decode()
"""A policy that opens writing to one organisation, which has no client."""


def changes(control: Control, policy: str = NOBODY) -> list[Any]:
    answer = control.stranger.post(
        "/fullmakt/what-if", json={"resource": RESOURCE, "policy": policy}
    )
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


def errors(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 400, answer.text
    return sorted(answer.json()["errors"])


def test_those_who_may_are_those_a_decision_permits(control: Control) -> None:
    found = who(control)

    agent = next(each for each in found if each["id"] == AGENT)
    assert agent["kind"] == "system-user"
    assert permitted(control, AGENT, "312400014")
    assert AGENT not in [each["id"] for each in who(control, organization="312400138")]
    assert not permitted(control, AGENT, "312400138")


def test_what_a_system_user_may_do_names_party_resource_and_action(control: Control) -> None:
    told = control.stranger.get("/fullmakt/what-can", params={"systemUser": AGENT}).json()

    bakery = next(
        each for each in told["may"] if each["party"]["organizationNumber"] == "312400014"
    )
    assert "write" in bakery["actions"][RESOURCE]
    assert "regnskapsforer-med-signeringsrettighet" in bakery["packages"]
    assert told["next"] is None


def test_one_resource_alone_can_be_asked_about(control: Control) -> None:
    asked = {"systemUser": AGENT, "resource": RESOURCE}

    told = control.stranger.get("/fullmakt/what-can", params=asked).json()

    assert {name for each in told["may"] for name in each["actions"]} == {RESOURCE}


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


@pytest.mark.parametrize(
    "asked, faulty",
    [
        ({}, ["action", "organization", "resource"]),
        ({**ASKED, "resource": "no-such"}, ["resource"]),
        ({**ASKED, "organization": "312400000"}, ["organization"]),
        ({**ASKED, "shoe": "43"}, ["shoe"]),
        ({**ASKED, "token": "1"}, ["token"]),
    ],
)
def test_a_question_that_cannot_be_is_refused(
    control: Control, asked: dict[str, str], faulty: list[str]
) -> None:
    assert errors(control.stranger.get("/fullmakt/who-can", params=asked)) == faulty


def test_a_policy_that_cannot_stand_is_refused_before_anything_is_told(control: Control) -> None:
    answer = control.stranger.post(
        "/fullmakt/what-if", json={"resource": RESOURCE, "policy": "<Policy"}
    )

    assert answer.status_code == 400
    assert "jsonl" not in answer.headers["content-type"]


@pytest.mark.parametrize("path", ["who-can", "what-can"])
def test_a_page_of_somewhere_else_may_not_ask(control: Control, path: str) -> None:
    answer = control.stranger.get(
        f"/fullmakt/{path}", params=ASKED, headers={"origin": "https://elsewhere.example"}
    )

    assert answer.status_code == 403


def supposed(control: Control, path: str, **body: object) -> list[Any]:
    answer = control.stranger.post(f"/fullmakt/what-if/{path}", json=body)
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


def permits(control: Control) -> set[tuple[str, str]]:
    """Who may write, for whom, of a handful of parties."""
    numbers = ("312400014", "312300028", "312400138")
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


@pytest.mark.parametrize(
    "path, body, place",
    [
        ("role-ended", {"role": "styreleder", "from": "312400138", "to": "312300028"}, "role"),
        ("role-ended", {"role": "regnskapsforer", "from": "312400014", "to": "313000001"}, "to"),
    ],
)
def test_a_role_that_nobody_has_cannot_end(
    control: Control, path: str, body: dict[str, str], place: str
) -> None:
    assert errors(control.stranger.post(f"/fullmakt/what-if/{path}", json=body)) == [place]


def test_a_package_tells_what_it_opens_and_which_roles_give_it(control: Control) -> None:
    asked = {"package": "forretningsforer-eiendom"}

    told = control.stranger.get("/fullmakt/package", params=asked).json()

    assert "write" in told["opens"]["ske-innrapportering-boligsameie"]
    assert {"role": "forretningsforer", "form": "ESEK"} in told["roles"]


def test_a_package_that_is_none_is_refused(control: Control) -> None:
    assert errors(control.stranger.get("/fullmakt/package", params={"package": "no"})) == [
        "package"
    ]
