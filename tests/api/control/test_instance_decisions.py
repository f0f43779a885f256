"""Decisions about an instance of an app, which goes through its process meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from fullmakt.access.policy.semantics import ORIGINAL
from fullmakt.foundation.terms import urns
from tests.api.control.explaining import CLIENT, VAT
from tests.api.control.filing import (
    AGENT,
    APP,
    Filing,
    about,
    decide,
    decide_several,
    decided,
    open_actions,
    publish_steps,
)
from tests.api.control.served import Control, Json, served
from tests.cases.decisions.town import attribute

INDETERMINATE, SYNTAX, PROCESSING = "Indeterminate", "syntax-error", "processing-error"


@pytest.fixture(scope="module", autouse=True)
def _steps(control: Control) -> None:
    publish_steps(control)


@pytest.fixture(scope="module")
def filing(control: Control) -> Filing:
    """An instance that nobody moves on."""
    return Filing(control)


@pytest.fixture
def strict(tmp_path: Path) -> Iterator[Control]:
    with served(f"sqlite:///{tmp_path}/world.db", tmp_path, semantics=ORIGINAL) as running:
        yield running


def instance_of(filing: Filing) -> Json:
    return attribute(urns.INSTANCE, filing.id)


def as_resource(filing: Filing) -> Json:
    return attribute(urns.RESOURCE_INSTANCE, f"{urns.INSTANCE}:{filing.id}")


def asked_by_another_owner(control: Control, question: Json) -> httpx.Response:
    """What a service owner is answered that the app does not belong to."""
    named = {"orgNo": "889640782", "org": "nav", "scopes": "altinn:authorization/authorize"}
    token = control.stranger.get("/api/GetEnterpriseToken", params=named, auth=("a", "b")).text
    return control.stranger.post(
        "/authorization/api/v1/authorize",
        json=question,
        headers={"authorization": f"Bearer {token}"},
    )


def goes_through_its_steps(control: Control) -> list[list[str]]:
    """What is open at each step of an instance, by its id alone."""
    moving = Filing(control)
    named = instance_of(moving)
    opened = [open_actions(control, named)]
    for step in (moving.moves_on, moving.moves_on, moving.gets_feedback):
        step()
        opened.append(open_actions(control, named))
    return opened


def test_an_action_is_open_at_the_step_that_the_policy_names(control: Control) -> None:
    assert goes_through_its_steps(control) == [["amend"], ["attest"], ["await"], ["archive"]]


def test_the_same_is_so_where_altinn_is_followed_strictly(strict: Control) -> None:
    publish_steps(strict)

    assert goes_through_its_steps(strict) == [["amend"], ["attest"], ["await"], ["archive"]]


def test_a_permit_ends_with_the_task(control: Control) -> None:
    moving = Filing(control)
    question = about(instance_of(moving))
    before = decided(decide(control, question))

    moving.moves_on()

    assert before == ("Permit", "ok")
    assert decided(decide(control, question)) == ("NotApplicable", "ok")


def test_an_instance_is_named_in_either_form(control: Control, filing: Filing) -> None:
    both = [instance_of(filing), as_resource(filing)]

    assert [open_actions(control, each) for each in both] == [["amend"], ["amend"]]
    assert open_actions(control, *both) == ["amend"]


@pytest.mark.parametrize("media_type", ["application/json", "application/xacml+json"])
def test_every_dialect_asks_storage(control: Control, filing: Filing, media_type: str) -> None:
    question = about(instance_of(filing))
    if media_type == "application/xacml+json":
        request = question["Request"]
        question = {"Request": {name: request[name][0] for name in request}}

    answer = decide(control, question, media_type=media_type)

    results = answer.get("response") or answer["Response"]
    assert [str(each.get("decision") or each["Decision"]) for each in results] == ["Permit"]


def test_whom_an_instance_is_for_is_told_unasked(control: Control, filing: Filing) -> None:
    named = attribute(urns.ORGANIZATION_NUMBER, CLIENT)

    (told,) = decide(control, about(instance_of(filing)))["response"]
    (known,) = decide(control, about(instance_of(filing), named))["response"]

    (category,) = told["category"]
    assert category["attribute"] == [
        {
            "attributeId": urns.PARTY_ID,
            "value": filing.party_id,
            "issuer": None,
            "dataType": "http://www.w3.org/2001/XMLSchema#string",
            "includeInResult": False,
        }
    ]
    assert (told["decision"], known["decision"], known["category"]) == ("Permit", "Permit", None)


def test_an_instance_that_nobody_has_is_not_decided_about(control: Control, filing: Filing) -> None:
    party, guid = filing.party_id, filing.guid
    unknown = [f"{party}/{uuid4()}", f"{int(party) + 1}/{guid}", f"999999999/{guid}"]
    unreadable = ["x", party, f"{party}/", f"{party}/x", f"/{guid}", f"x/{guid}", f"{guid}/{party}"]

    answers = [
        decided(decide(control, about(attribute(name, prefix + text))))
        for text in (*unknown, *unreadable)
        for name, prefix in ((urns.INSTANCE, ""), (urns.RESOURCE_INSTANCE, f"{urns.INSTANCE}:"))
    ]

    assert set(answers) == {(INDETERMINATE, SYNTAX)}


def test_a_service_owner_is_told_which_instance_is_unknown(
    control: Control, filing: Filing
) -> None:
    unknown = f"{filing.party_id}/{uuid4()}"
    request = about(attribute(urns.INSTANCE, unknown))["Request"]
    question = {"Request": {name: request[name][0] for name in request}}

    answer = decide(control, question, media_type="application/xacml+json")

    (result,) = answer["Response"]
    assert result["Decision"] == INDETERMINATE
    assert result["Status"]["StatusMessage"] == f"no instance `{unknown}` is stored"


def test_what_is_said_of_an_instance_does_not_outrank_storage(
    control: Control, filing: Filing
) -> None:
    known = instance_of(filing)
    said = [
        [attribute(urns.TASK, "Task_2")],
        [attribute(urns.END_EVENT, "EndEvent_1")],
        [attribute(urns.RESOURCE, "app_skd_another")],
        [attribute(urns.RESOURCE, "ske-innrapportering-boligsameie")],
        [attribute(urns.SERVICE_OWNER, "nav"), attribute(urns.APP, APP[5:])],
        [attribute(urns.APP, "another")],
        [attribute(urns.PARTY_ID, str(int(filing.party_id) + 1))],
        [attribute(urns.ORGANIZATION_NUMBER, "312400138")],
        [attribute(urns.PARTY_UUID, AGENT)],
        [attribute(urns.PERSON_NUMBER, "12837402229")],
        [attribute(urns.RESOURCE_INSTANCE, str(uuid4()))],
        [attribute(urns.RESOURCE_INSTANCE, f"{urns.INSTANCE}:{filing.party_id}/{uuid4()}")],
    ]

    answers = [decided(decide(control, about(known, *each))) for each in said]

    assert set(answers) == {(INDETERMINATE, PROCESSING)}


def test_what_is_said_of_an_instance_and_is_so_changes_nothing(
    control: Control, filing: Filing
) -> None:
    known = instance_of(filing)
    said = [
        [attribute(urns.TASK, "Task_1")],
        [attribute(urns.TASK, "")],
        [attribute(urns.RESOURCE, VAT)],
        [attribute(urns.SERVICE_OWNER, "skd"), attribute(urns.APP, APP[5:])],
        [attribute(urns.PARTY_ID, filing.party_id)],
        [attribute(urns.RESOURCE, VAT), attribute(urns.ORGANIZATION_NUMBER, CLIENT)],
        [attribute(urns.RESOURCE_INSTANCE, filing.guid), as_resource(filing)],
        [attribute(urns.INSTANCE, filing.id.upper(), Issuer="somebody")],
    ]

    answers = [decided(decide(control, about(known, *each)))[0] for each in said[:-1]]

    assert answers == ["Permit"] * 7
    assert decided(decide(control, about(*said[-1]))) == ("Permit", "ok")


def test_a_question_that_says_it_all_is_decided_by_what_it_says(
    control: Control, filing: Filing
) -> None:
    named = [instance_of(filing), attribute(urns.RESOURCE, VAT)]
    party = attribute(urns.ORGANIZATION_NUMBER, CLIENT)
    at = [attribute(urns.TASK, "Task_2"), attribute(urns.END_EVENT, "EndEvent_1")]

    answers = [open_actions(control, *named, party, each) for each in at]

    assert answers == [["attest"], ["archive"]]


def test_each_question_of_a_request_has_its_own_instance(control: Control) -> None:
    first, second = Filing(control), Filing(control)
    second.moves_on()
    plain = [attribute(urns.RESOURCE, VAT), attribute(urns.ORGANIZATION_NUMBER, CLIENT)]
    resources = {"1": [instance_of(first)], "2": [instance_of(second)], "none": plain}

    decisions = decide_several(control, ["amend", "attest"], resources)

    permitted = [each == "Permit" for each in decisions]
    assert permitted == [True, False, False, True, False, False]


def test_one_unknown_instance_spoils_the_request(control: Control, filing: Filing) -> None:
    unknown = attribute(urns.INSTANCE, f"{filing.party_id}/{uuid4()}")
    resources = {"known": [instance_of(filing)], "unknown": [unknown]}

    assert decide_several(control, ["amend"], resources) == [INDETERMINATE]


def test_the_owner_of_the_app_alone_asks_with_the_plain_scope(
    control: Control, filing: Filing
) -> None:
    answer = asked_by_another_owner(control, about(instance_of(filing)))

    assert answer.status_code == 403
    assert f"`{VAT}` belongs to" in answer.headers["www-authenticate"]


def test_another_owner_learns_nothing_of_an_instance_by_guessing(
    control: Control, filing: Filing
) -> None:
    guesses = [
        attribute(urns.TASK, "Task_1"),
        attribute(urns.TASK, "Task_2"),
        attribute(urns.RESOURCE, VAT),
        attribute(urns.RESOURCE, "app_nav_another"),
        attribute(urns.ORGANIZATION_NUMBER, CLIENT),
        attribute(urns.ORGANIZATION_NUMBER, "312400138"),
    ]

    answers = [
        asked_by_another_owner(control, about(instance_of(filing), each)) for each in guesses
    ]

    assert [each.status_code for each in answers] == [403] * len(guesses)
    assert len({each.headers["www-authenticate"] for each in answers}) == 1


def test_the_platform_asks_by_instance_too(control: Control, filing: Filing) -> None:
    path = "/authorization/api/v1/decision"
    known = control.stranger.post(path, json=about(instance_of(filing)))
    unknown = attribute(urns.INSTANCE, f"{filing.party_id}/{uuid4()}")

    assert decided(known.json()) == ("Permit", "ok")
    assert decided(control.stranger.post(path, json=about(unknown)).json()) == (
        INDETERMINATE,
        SYNTAX,
    )


def test_a_trace_tells_app_and_task_as_they_are_now(control: Control) -> None:
    moving = Filing(control)
    correlation = "0af7651916cd43dd8448eb211c80319c"
    control.stranger.post(
        "/authorization/api/v1/decision",
        json=about(instance_of(moving)),
        headers={"traceparent": f"00-{correlation}-b7ad6b7169203331-01"},
    )
    asked = {"correlation": correlation}
    before = control.stranger.get("/fullmakt/trace", params=asked).json()
    moving.moves_on()
    after = control.stranger.get("/fullmakt/trace", params=asked).json()

    found = [told["decisions"][0] for told in (before, after)]
    assert [each["decision"] for each in found] == ["Permit", "Permit"]
    assert [each["resource"] for each in found] == [VAT, VAT]
    assert [each["reasons"][0]["found"] for each in found] == [
        f"instance `{moving.id}` of `{VAT}` stands at `Task_1`",
        f"instance `{moving.id}` of `{VAT}` stands at `Task_2`",
    ]
    assert [all(reason["held"] for reason in each["reasons"]) for each in found] == [True, False]
