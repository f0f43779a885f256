"""Who may do something, what somebody may do and for whom, and what a package opens."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

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


@pytest.mark.parametrize("path", ["who-can", "what-can"])
def test_a_page_of_somewhere_else_may_not_ask(control: Control, path: str) -> None:
    answer = control.stranger.get(
        f"/fullmakt/{path}", params=ASKED, headers={"origin": "https://elsewhere.example"}
    )

    assert answer.status_code == 403
    assert "a page of `https://elsewhere.example` may not use" in answer.json()["detail"]


def test_a_package_tells_what_it_opens_and_which_roles_give_it(control: Control) -> None:
    asked = {"package": "forretningsforer-eiendom"}

    told = control.stranger.get("/fullmakt/package", params=asked).json()

    assert "write" in told["opens"]["ske-innrapportering-boligsameie"]
    assert {"role": "forretningsforer", "form": "ESEK"} in told["roles"]


def test_a_package_that_is_none_is_refused(control: Control) -> None:
    assert errors(control.stranger.get("/fullmakt/package", params={"package": "no"})) == [
        "package"
    ]
