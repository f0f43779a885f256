"""Decisions explained, and the trace of what was asked."""

from __future__ import annotations

import secrets

import pytest

from tests.api.control.served import Control, Json, organization

AGENT, STANDARD = "ab37a780-c0ba-5841-8f64-a809b36991af", "94127e6e-7bd2-5337-8745-25f3fa1a5229"
RESOURCE = "app_skd_mva-melding-innsending-v1"
QUESTION = {
    "systemUser": AGENT,
    "action": "write",
    "resource": RESOURCE,
    "organization": "312400014",
}


def test_a_permit_is_explained_by_what_held(control: Control) -> None:
    told = control.stranger.get("/fullmakt/explain", params=QUESTION).json()

    assert told["decision"] == "Permit"
    checks = [reason["check"] for reason in told["reasons"]]
    assert checks[:3] == ["resource", "subject", "party"]
    assert {"client-link", "basis", "policy-rule"} <= set(checks)
    # Rules are tried in turn, so one that did not apply may stand beside the one that did.
    assert all(reason["held"] for reason in told["reasons"] if reason["check"] != "policy-rule")
    assert told["obligations"]


def test_a_refusal_names_the_check_that_did_not_hold_and_what_would_help(control: Control) -> None:
    question = {**QUESTION, "organization": "312400138"}

    told = control.stranger.post("/fullmakt/explain", json=question).json()

    broken = next(reason for reason in told["reasons"] if not reason["held"])
    assert told["decision"] == "NotApplicable"
    assert broken["check"] == "client-link"
    assert "is not linked to the system user" in broken["found"]
    assert broken["remedy"]


@pytest.mark.parametrize(
    "subject",
    [
        {"systemUser": STANDARD},
        {"userId": "20000001"},
        {"subject": "49228123-18ac-5158-b914-c4e87bbb13b4"},
        {"subjectPerson": "12837402229"},
        {"subjectOrganization": "312300028"},
    ],
)
@pytest.mark.parametrize(
    "party",
    [
        {"organization": "312300028"},
        {"person": "12837402229"},
        {"party": "74d3ef1a-3e47-54da-9cae-e4ffe04c6dd2"},
        {"partyId": "51000001"},
    ],
)
def test_subject_and_party_are_named_in_any_way(
    control: Control, subject: Json, party: Json
) -> None:
    question = {"action": "read", "resource": RESOURCE, **subject, **party}

    told = control.stranger.get("/fullmakt/explain", params=question).json()

    assert told["decision"] in {"Permit", "NotApplicable"}
    assert told["reasons"][0]["check"] == "resource"


@pytest.mark.parametrize(
    "change, name, fault",
    [
        ({"systemUser": "x"}, "systemUser", "`x` is no id, external reference or title of a"),
        ({"systemUser": "Maestro*"}, "systemUser", "`Maestro*` is no id"),
        ({"organization": "INGEN AS"}, "organization", "`INGEN AS` is no number and no name"),
        ({"systemUser": ""}, "systemUser", "Name exactly one of"),
        ({"userId": "7"}, "userId", "Name exactly one of"),
        ({"organization": "312400015"}, "organization", "fails its check digit"),
        ({"partyId": "7"}, "partyId", "Name exactly one of"),
        ({"action": ""}, "action", "is required"),
        ({"resource": ""}, "resource", "is required"),
        ({"ressurs": "x"}, "ressurs", "is not a parameter here"),
    ],
)
def test_a_question_with_a_fault_is_told_where(
    control: Control, change: Json, name: str, fault: str
) -> None:
    answer = control.stranger.get("/fullmakt/explain", params={**QUESTION, **change})

    assert answer.status_code == 400
    assert fault in " ".join(answer.json()["errors"][name])


@pytest.mark.parametrize("named", ["regn", "REGN", "Maestro, regnskapsklienter", AGENT])
@pytest.mark.parametrize(
    "client", [{"organization": "fjordgløtt bakeri as"}, {"party": "312400014"}]
)
def test_a_system_user_and_a_party_are_known_by_what_they_are_called(
    control: Control, named: str, client: Json
) -> None:
    question = {"systemUser": named, "action": "write", "resource": RESOURCE, **client}

    told = control.stranger.get("/fullmakt/explain", params=question).json()

    assert told["decision"] == "Permit"
    assert told["stopsAt"] is None


@pytest.mark.parametrize(
    "party", ["mild surdeig", "08928309801", "312400014", "Fjordgløtt Bakeri AS"]
)
def test_a_person_asks_by_name_for_a_party_of_either_kind(control: Control, party: str) -> None:
    question = {"subjectPerson": "Mild Surdeig", "action": "read", "resource": RESOURCE}

    told = control.stranger.get("/fullmakt/explain", params={**question, "party": party}).json()

    assert told["reasons"][1]["found"] == "the subject is Mild Surdeig"
    assert told["reasons"][2]["held"]


def test_a_name_that_several_have_is_refused_with_what_tells_them_apart(control: Control) -> None:
    for number in ("313000036", "313000052"):
        unit = {**organization(number), "navn": "TVILLING AS"}
        control.known.post("/fullmakt/organizations", json=unit).raise_for_status()
    question = {**QUESTION, "organization": "Tvilling AS"}

    answer = control.stranger.get("/fullmakt/explain", params=question)

    assert answer.status_code == 400
    (fault,) = answer.json()["errors"]["organization"]
    assert "313000036, 313000052" in fault


def test_a_service_owner_asks_by_its_short_name(control: Control) -> None:
    question = {key: value for key, value in QUESTION.items() if key != "systemUser"}

    told = control.stranger.get(
        "/fullmakt/explain", params={**question, "serviceOwner": "skd"}
    ).json()

    assert told["stopsAt"] == "policy-rule"


def test_a_trace_shows_what_was_asked_under_its_correlation_and_nothing_else(
    control: Control,
) -> None:
    token = control.stranger.get(
        "/api/GetEnterpriseToken",
        params={"orgNo": "212000019", "scopes": "altinn:authorization/authorize"},
        auth=("a", "b"),
    ).text
    correlation = secrets.token_hex(16)
    asked = control.stranger.post(
        "/authorization/api/v1/authorize",
        json=_xacml(party="312400138"),
        headers={
            "authorization": f"Bearer {token}",
            "traceparent": f"00-{correlation}-{secrets.token_hex(8)}-01",
        },
    )

    told = control.stranger.get("/fullmakt/trace", params={"correlation": correlation}).json()
    other = control.stranger.get("/fullmakt/trace", params={"correlation": "0" * 32}).json()

    assert asked.headers["x-correlation-id"] == correlation
    (decision,) = told["decisions"]
    assert decision["subject"] == AGENT
    assert decision["action"] == "write"
    assert decision["resource"] == RESOURCE
    assert decision["party"] == "312400138"
    assert decision["decision"] == asked.json()["response"][0]["decision"] == "NotApplicable"
    assert "client-link" in {each["check"] for each in decision["reasons"] if not each["held"]}
    assert other["decisions"] == []


def test_a_trace_wants_a_correlation(control: Control) -> None:
    answer = control.stranger.get("/fullmakt/trace")

    assert answer.status_code == 400
    assert answer.json()["errors"] == {"correlation": ["The correlation field is required."]}


def _xacml(*, party: str) -> Json:
    def category(name: str, value: str) -> list[Json]:
        return [{"Attribute": [{"AttributeId": name, "Value": value}]}]

    action = "urn:oasis:names:tc:xacml:1.0:action:action-id"
    resource = category("urn:altinn:resource", RESOURCE)
    number = {"AttributeId": "urn:altinn:organization:identifier-no", "Value": party}
    resource[0]["Attribute"].append(number)
    return {
        "Request": {
            "AccessSubject": category("urn:altinn:systemuser:uuid", AGENT),
            "Action": category(action, "write"),
            "Resource": resource,
        }
    }
