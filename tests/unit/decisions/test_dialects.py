"""The dialects of both decision endpoints: what each reads, and how each is answered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from fullmakt.access.decisions.endpoint import (
    PLATFORM_TOKEN,
    DecisionEndpoint,
    authorize_endpoint,
    platform_endpoint,
)
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.access.policy import names
from fullmakt.access.policy.context.json_requests import read_json_request
from fullmakt.access.policy.context.json_responses import response_from_json
from fullmakt.access.policy.context.model import ContextStatus, Result
from fullmakt.access.policy.context.xml_requests import write_xml_request
from fullmakt.access.policy.context.xml_responses import read_xml_response
from fullmakt.access.policy.outcome import Decision, PolicyIdentifier
from fullmakt.access.policy.semantics import ORIGINAL
from fullmakt.access.resources import service as resources
from fullmakt.access.resources.shelf import PolicyShelf
from fullmakt.foundation.bearer.service import BearerCheck
from fullmakt.foundation.terms import urns
from tests.cases.decisions.facts import uuid_of
from tests.cases.decisions.town import (
    ISSUER,
    HttpAnswer,
    Town,
    TownKeys,
    a_token,
    action_named,
    attribute,
    send,
)
from tests.unit.decisions.test_endpoint import (
    BAD_INPUT,
    DEMO,
    OTHER,
    PERSON,
    READ,
    SAP,
    TO_BAKERY,
    a_town,
    asked,
    echoed,
    several,
)
from tests.unit.policy.documents import document_of, policy_from
from tests.unit.resources.builders import a_resource
from tests.worlds import START, TestClock

STANDARD_JSON, STANDARD_XML = "application/xacml+json", "application/xacml+xml"
INDETERMINATE, NOT_APPLICABLE, PERMIT = "Indeterminate", "NotApplicable", "Permit"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with a_town(f"sqlite:///{tmp_path_factory.mktemp('town') / 'world.sqlite'}") as made:
        add_policy(
            made,
            "ske-odd",
            {
                "effect": "Permit",
                "action": "read",
                "target": [[[["string-equal", "open", {"bag": "environment/urn:test:state"}]]]],
                "advice": [{"id": "urn:test:a", "with": "Permit", "assign": {"x": "y"}}],
            },
            {
                "effect": "Permit",
                "action": "write",
                "condition": [
                    "dateTime-equal",
                    ["dateTime-one-and-only", {"bag": NOW, "type": "dateTime"}],
                    {"dateTime": START.isoformat()},
                ],
            },
            {
                "effect": "Permit",
                "action": "sign",
                "target": [[[["string-equal", "1", {"bag": "subject/urn:x", "must": True}]]]],
            },
            {"effect": "Deny", "action": "burn"},
        )
        yield made


NOW = f"environment/{names.CURRENT_DATE_TIME}"
ODD = attribute(urns.RESOURCE, "ske-odd")


def add_policy(town: Town, identifier: str, *rules: dict[str, Any]) -> None:
    about = [{**rule, "resource": identifier} for rule in rules]
    policy = policy_from({"combining": "deny-overrides", "rules": about})
    with town.database.authority(actor="x", correlation="") as work:
        made = resources.add_resource(work, a_resource(identifier))
        resources.set_policy(work, made, document_of(policy))


def post(
    town: Town,
    body: object,
    content_type: str = "application/json",
    endpoint: DecisionEndpoint | None = None,
    **headers: str,
) -> HttpAnswer:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = {"authorization": f"Bearer {a_token()}", "content-type": content_type, **headers}
    return send(endpoint or town.endpoint, raw, headers=sent)


def standard(town: Town, body: object, notation: str = STANDARD_JSON) -> list[Result]:
    """The results of a question in the standard's dialect; it is written in that notation."""
    if notation == STANDARD_JSON:
        answer = post(town, body, notation)
        assert answer.headers["content-type"] == STANDARD_JSON
        return list(response_from_json(answer.body).results)
    answer = post(town, write_xml_request(read_json_request(json.dumps(body))), notation)
    assert answer.headers["content-type"] == STANDARD_XML
    return list(read_xml_response(answer.body).results)


def question(
    *, resource: object = DEMO, action: object = READ, subject: object = SAP, **more: object
) -> dict[str, Any]:
    """A question in the standard's short form."""
    return {
        "Request": {
            "AccessSubject": {"Attribute": subject},
            "Action": {"Attribute": action},
            "Resource": {"Attribute": [resource, TO_BAKERY]},
            **more,
        }
    }


# --- the standard's dialect -----------------------------------------------------------------------


@pytest.mark.parametrize("notation", [STANDARD_JSON, STANDARD_XML])
def test_the_standard_is_answered_in_its_own_notation(town: Town, notation: str) -> None:
    echo = {**READ, "IncludeInResult": True}

    (result,) = standard(town, question(action=echo, ReturnPolicyIdList=True), notation)

    assert result.decision is Decision.PERMIT
    assert [each.directive_id for each in result.obligations] == [
        "urn:altinn:obligation:authenticationLevel1"
    ]
    assert result.obligations[0].assignments[0].value == 3
    assert [each.category for each in result.categories] == [names.ACTION]
    assert result.policies == (PolicyIdentifier("urn:altinn:resource:policyid:ske-demo", "1.0"),)
    assert result.status is not None
    assert result.status.codes == (names.STATUS_OK,)


@pytest.mark.parametrize("change", [each[0] for each in BAD_INPUT.values()], ids=BAD_INPUT)
def test_the_standard_decides_as_altinns_dialect_does(town: Town, change: dict[str, Any]) -> None:
    in_altinns = post(town, asked(**change)).decision

    answer = post(town, asked(**change), STANDARD_JSON)

    decisions = [each["Decision"] for each in (answer.body.get("Response") or ())]
    assert decisions == [in_altinns] or answer.body["code"] == "xacml-context-refused"
    assert "Permit" not in decisions


def test_advice_and_the_environment_are_the_standards(town: Town) -> None:
    state = {"Attribute": attribute("urn:test:state", "open")}

    (result,) = standard(town, question(resource=ODD, Environment=state))

    assert result.decision is Decision.PERMIT
    assert [each.directive_id for each in result.advice] == ["urn:test:a"]


def test_what_is_missing_is_told(town: Town) -> None:
    (result,) = standard(town, question(resource=ODD, action=action_named("sign")))

    assert result.decision is Decision.INDETERMINATE
    assert result.status is not None
    assert [each.attribute_id for each in result.status.missing] == ["urn:x"]


def test_repeated_actions_get_a_decision_each_and_none_spoils_another(town: Town) -> None:
    body = question()
    body["Request"]["Action"] = [{"Attribute": READ}, {"Attribute": action_named("dance")}]
    body["Request"]["Resource"] = [
        {"Attribute": [DEMO, TO_BAKERY]},
        {"Attribute": [attribute(urns.RESOURCE, "ske-nowhere"), TO_BAKERY]},
        {"Attribute": [TO_BAKERY]},
    ]

    results = standard(town, body)

    told = [(each.decision, each.status.message if each.status else "") for each in results]
    assert told == [
        (Decision.PERMIT, ""),
        (Decision.INDETERMINATE, "resource `ske-nowhere` has no policy"),
        (Decision.INDETERMINATE, f"the resource is named by neither `{urns.RESOURCE}` nor an app"),
        (Decision.NOT_APPLICABLE, ""),
        (Decision.INDETERMINATE, "resource `ske-nowhere` has no policy"),
        (Decision.INDETERMINATE, f"the resource is named by neither `{urns.RESOURCE}` nor an app"),
    ]


@pytest.mark.parametrize("notation", [STANDARD_JSON, STANDARD_XML])
def test_a_reference_that_leads_nowhere_is_a_syntax_error_in_its_own_place(
    town: Town, notation: str
) -> None:
    body = question()
    for name, own_id in (("AccessSubject", "s1"), ("Action", "a1"), ("Resource", "r1")):
        body["Request"][name]["Id"] = own_id
    lists = [["s1", "a1", "r1"], ["s1", "a9", "r1"], ["s1", "a1", "r1"]]
    references = [{"ReferenceId": ids} for ids in lists]
    body["Request"]["MultiRequests"] = {"RequestReference": references}

    first, dangling, last = standard(town, body, notation)

    assert (first.decision, last.decision) == (Decision.PERMIT, Decision.PERMIT)
    assert dangling.decision is Decision.INDETERMINATE
    assert dangling.status == ContextStatus(
        (names.STATUS_SYNTAX_ERROR,), "the reference `a9` leads to no category"
    )


def test_a_reference_that_leads_nowhere_takes_its_part_in_a_combined_decision(town: Town) -> None:
    body = question(CombinedDecision=True, MultiRequests={"RequestReference": []})
    body["Request"]["AccessSubject"]["Id"] = "s1"
    body["Request"]["MultiRequests"]["RequestReference"] = [{"ReferenceId": ["s1", "a9"]}]

    (result,) = standard(town, body)

    assert result.decision is Decision.INDETERMINATE
    assert result.status is not None
    assert result.status.codes == (names.STATUS_PROCESSING_ERROR, names.STATUS_SYNTAX_ERROR)


def test_a_combined_decision_is_one(town: Town) -> None:
    body = question(CombinedDecision=True)
    body["Request"]["Action"] = [{"Attribute": READ}, {"Attribute": action_named("dance")}]

    (result,) = standard(town, body)

    assert result.decision is Decision.INDETERMINATE


@pytest.mark.parametrize("notation", [STANDARD_JSON, STANDARD_XML])
def test_the_standard_takes_no_package_from_whoever_asks(town: Town, notation: str) -> None:
    subject = [
        attribute(urns.PARTY_UUID, str(uuid_of("ANNEN AS"))),
        attribute(urns.ACCESS_PACKAGE, "skattegrunnlag"),
    ]

    (result,) = standard(town, question(subject=subject), notation)

    assert result.decision is Decision.NOT_APPLICABLE


def test_two_values_of_what_names_one_are_not_decided(town: Town) -> None:
    resource = attribute(urns.RESOURCE, ["ske-demo", "ske-odd"])

    (result,) = standard(town, question(resource=resource))

    assert result.decision is Decision.INDETERMINATE
    assert result.status is not None
    assert "names one, and has several values" in result.status.message


def test_several_values_of_what_names_nothing_are_a_bag(town: Town) -> None:
    body = question(resource=DEMO)
    body["Request"]["Resource"]["Attribute"].append(attribute("urn:x", ["a", "b"]))

    (result,) = standard(town, body)

    assert result.decision is Decision.PERMIT


def test_a_value_that_is_none_is_a_syntax_error(town: Town) -> None:
    bad = attribute("urn:x", "seven", DataType="integer")

    (result,) = standard(town, question(action=[READ, bad]))

    assert result.decision is Decision.INDETERMINATE
    assert result.status is not None
    assert result.status.codes == (names.STATUS_SYNTAX_ERROR,)


@pytest.mark.parametrize(
    "body, content_type, detail",
    [
        ({"Request": {"Actions": {}}}, STANDARD_JSON, "Request.Actions: is not a member"),
        ({"request": {}}, STANDARD_JSON, "$.request: is not a member"),
        (b"{", STANDARD_JSON, "is not JSON"),
        (b"<Request", STANDARD_XML, "line 1: the document is not well-formed"),
        ({"Request": {}}, STANDARD_XML, "line 1: the document is not well-formed"),
    ],
)
def test_a_malformed_document_is_refused_with_its_place(
    town: Town, body: object, content_type: str, detail: str
) -> None:
    answer = post(town, body, content_type)

    assert answer.status == 400
    assert answer.body["code"] == "xacml-context-refused"
    assert detail in answer.body["detail"]


def test_the_standard_wants_a_token_with_the_scope_and_the_owner_too(town: Town) -> None:
    without = post(town, question(), STANDARD_JSON, authorization="")
    other = post(
        town,
        question(),
        STANDARD_JSON,
        authorization=f"Bearer {a_token('altinn:authorization/authorize', number=OTHER)}",
    )

    assert (without.status, other.status) == (401, 403)
    assert "a bearer token is needed" in without.reason
    assert "`ske-demo` belongs to" in other.reason


def test_the_time_of_the_question_is_the_environments(town: Town) -> None:
    write = action_named("write")
    later = attribute(names.CURRENT_DATE_TIME, "2040-01-01T00:00:00Z", DataType="dateTime")

    (by_the_clock,) = standard(town, question(resource=ODD, action=write))
    (as_it_says,) = standard(
        town, question(resource=ODD, action=write, Environment={"Attribute": later})
    )

    assert by_the_clock.decision is Decision.PERMIT
    assert as_it_says.decision is Decision.NOT_APPLICABLE
    assert post(town, asked(action=[write], resource=[ODD, TO_BAKERY])).decision == PERMIT


# --- Altinn's dialect -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "resource",
    [
        [attribute(urns.RESOURCE, "ske-nowhere"), TO_BAKERY],
        [DEMO, attribute(urns.ORGANIZATION_NUMBER, "313000125")],
    ],
)
def test_one_question_that_cannot_be_looked_up_spoils_the_request(
    town: Town, resource: list[Any]
) -> None:
    body = several(["s1", "a1", "r1"], ["s1", "a1", "r2"])
    body["Request"]["Resource"][1]["Attribute"] = resource

    answer = post(town, body)

    assert answer.decision == INDETERMINATE


def test_a_category_id_stays_in_force_for_the_rest_of_its_list(town: Town) -> None:
    body = asked(resource=[ODD, TO_BAKERY])
    state = {"Attribute": [attribute("urn:test:state", "open")]}
    body["Request"]["Action"] += [{"CategoryId": names.ENVIRONMENT, "Attribute": []}, state]

    assert post(town, body).decision == PERMIT


def test_other_categories_reach_the_policy(town: Town) -> None:
    state = {"CategoryId": names.ENVIRONMENT, "Attribute": [attribute("urn:test:state", "open")]}

    with_it = post(town, asked(resource=[ODD, TO_BAKERY], Category=[state]))
    without = post(town, asked(resource=[ODD, TO_BAKERY]))

    assert (with_it.decision, without.decision) == (PERMIT, NOT_APPLICABLE)


def test_a_general_category_without_an_id_cannot_be_read(town: Town) -> None:
    answer = post(town, asked(Category=[{"Attribute": [attribute("x", "y")]}]))

    assert answer.decided == (INDETERMINATE, "processing-error")


def test_the_general_list_takes_no_part_in_several_questions(town: Town) -> None:
    action = {"Id": "a3", "CategoryId": names.ACTION, "Attribute": [READ]}
    body = several(["s1", "a3", "r1"], ["s1", "a1", "r1"], Category=[action])

    decisions = [each["decision"] for each in post(town, body).results]

    assert decisions == [NOT_APPLICABLE, PERMIT]


def test_the_first_of_several_values_says_whether_all_are_sent_back(town: Town) -> None:
    def asked_for(*, first: bool, second: bool) -> list[tuple[str, str]]:
        values = [
            attribute("urn:n", "1", IncludeInResult=first, DataType="string"),
            READ,
            attribute("urn:n", "2", IncludeInResult=second),
        ]
        (result,) = post(town, asked(action=values)).results
        return echoed(result)

    assert asked_for(first=True, second=False) == [("urn:n", "1"), ("urn:n", "2")]
    assert asked_for(first=False, second=True) == []


def test_a_short_data_type_is_sent_back_in_full(town: Town) -> None:
    named = attribute("urn:n", "x", IncludeInResult=True, DataType="anyURI")

    (result,) = post(town, asked(action=[READ, named])).results

    (sent_back,) = result["category"][0]["attribute"]
    assert sent_back["dataType"] == "http://www.w3.org/2001/XMLSchema#anyURI"


def test_questions_with_too_many_attributes_together_are_not_decided(town: Town) -> None:
    body = several(*[["s1", "a1", "r1"]] * 1000)
    body["Request"]["Action"][0]["Attribute"] += [attribute("x", "y")] * 60

    assert post(town, body).decided == (INDETERMINATE, "processing-error")


# --- the platform's own endpoint ------------------------------------------------------------------


@pytest.fixture(scope="module")
def platform(town: Town) -> DecisionEndpoint:
    return platform_endpoint(town.decisions, a_bearer(), is_open=True)


def a_bearer() -> BearerCheck:
    return BearerCheck({ISSUER: TownKeys()}, audiences=frozenset(), clock=TestClock())


def as_xml(body: object) -> bytes:
    return write_xml_request(read_json_request(json.dumps(body)))


def test_the_platform_asks_in_altinns_json_without_a_token(
    town: Town, platform: DecisionEndpoint
) -> None:
    answer = send(
        platform, json.dumps(asked()).encode(), headers={"content-type": "application/json"}
    )

    assert (answer.status, answer.decided) == (200, (PERMIT, "ok"))


@pytest.mark.parametrize("content_type", ["application/xml", "text/xml; charset=utf-8"])
def test_the_platform_asks_in_xml(
    town: Town, platform: DecisionEndpoint, content_type: str
) -> None:
    answer = post(town, as_xml(question()), content_type, platform)

    (result,) = read_xml_response(answer.body).results
    assert answer.headers["content-type"] == "application/xml; charset=utf-8"
    assert result.decision is Decision.PERMIT
    assert len(result.obligations) == 1
    assert result.policies == ()


@pytest.mark.parametrize("notation", [STANDARD_JSON, STANDARD_XML])
def test_the_platform_asks_in_the_standards_dialect(
    town: Town, platform: DecisionEndpoint, notation: str
) -> None:
    body = question() if notation == STANDARD_JSON else as_xml(question())

    answer = post(town, body, notation, platform)

    read = response_from_json if notation == STANDARD_JSON else read_xml_response
    assert [each.decision for each in read(answer.body).results] == [Decision.PERMIT]


PERSON_ATTRIBUTE = attribute(urns.PERSON_NUMBER, PERSON)


@pytest.mark.parametrize(
    "change",
    [
        {"subject": [PERSON_ATTRIBUTE]},
        {"resource": [DEMO, PERSON_ATTRIBUTE]},
        {"resource": [attribute(urns.RESOURCE, "ske-nowhere"), TO_BAKERY]},
        {"subject": [attribute(urns.SYSTEM_USER_UUID, "x")]},
        {"subject": []},
    ],
)
def test_every_fault_is_one_of_syntax_to_the_platform(
    town: Town, platform: DecisionEndpoint, change: dict[str, Any]
) -> None:
    in_json = post(town, asked(**change), endpoint=platform)
    in_xml = post(town, as_xml(asked(**change)), "application/xml", platform)

    assert in_json.decided == (INDETERMINATE, "syntax-error")
    (result,) = read_xml_response(in_xml.body).results
    assert result.decision is Decision.INDETERMINATE
    assert result.status is not None
    assert result.status.codes == (names.STATUS_SYNTAX_ERROR,)


def test_several_questions_in_xml_are_refused_in_the_answer(
    town: Town, platform: DecisionEndpoint
) -> None:
    body = several(["s1", "a1", "r1"], ["s1", "a1", "r1"])

    answer = post(town, as_xml(body), "application/xml", platform)

    (result,) = read_xml_response(answer.body).results
    assert result.decision is Decision.INDETERMINATE
    assert result.status is not None
    assert "several questions" in result.status.message


def test_a_value_in_xml_that_is_none_is_a_syntax_error(
    town: Town, platform: DecisionEndpoint
) -> None:
    body = as_xml(question(action=[READ, attribute("n", 7)])).replace(b">7<", b">x<")

    (result,) = read_xml_response(post(town, body, "application/xml", platform).body).results

    assert result.decision is Decision.INDETERMINATE


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/yaml"])
def test_the_platform_is_told_which_media_types_are_read(
    town: Town, platform: DecisionEndpoint, content_type: str
) -> None:
    answer = post(town, b"", content_type, platform)

    assert answer.status == 415
    assert "`application/xacml+xml`" in answer.body["detail"]
    assert f"not `{content_type}`" in answer.body["detail"]


@pytest.mark.parametrize(
    "token, status, reason",
    [
        (None, 401, "a bearer token is needed"),
        ("x.y.z", 401, "the token does not hold"),
        (a_token(exp=1, **{"urn:altinn:app": "portal"}), 401, "the token expired"),
        (a_token(), 403, "a platform token names its app in `urn:altinn:app`"),
    ],
)
def test_a_caller_without_a_platform_token_is_refused(
    town: Town, token: str | None, status: int, reason: str
) -> None:
    closed = platform_endpoint(town.decisions, a_bearer(), is_open=False)
    headers = {} if token is None else {PLATFORM_TOKEN.decode(): token}

    answer = post(town, asked(), endpoint=closed, **headers)

    assert answer.status == status
    assert reason in answer.reason


def test_a_caller_with_a_platform_token_is_answered(town: Town) -> None:
    closed = platform_endpoint(town.decisions, a_bearer(), is_open=False)
    token = a_token("", **{"urn:altinn:app": "portal"})

    answer = post(town, asked(), endpoint=closed, **{PLATFORM_TOKEN.decode(): token})

    assert answer.decided == (PERMIT, "ok")


# --- as the original decides ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def strict(town: Town) -> DecisionEndpoint:
    shelf = PolicyShelf(town.database, ORIGINAL)
    point = DecisionPoint(town.database, town.catalog, shelf, clock=TestClock(), semantics=ORIGINAL)
    return authorize_endpoint(point, a_bearer())


def test_the_strict_world_passes_over_the_environment(town: Town, strict: DecisionEndpoint) -> None:
    body = asked(resource=[ODD, TO_BAKERY])

    assert post(town, body).decision == NOT_APPLICABLE
    assert post(town, body, endpoint=strict).decision == PERMIT


def test_the_strict_world_does_not_tell_what_of_the_subject_is_missing(
    town: Town, strict: DecisionEndpoint
) -> None:
    body = asked(resource=[ODD, TO_BAKERY], action=[action_named("sign")])

    assert post(town, body).decided == (INDETERMINATE, "missing-attribute")
    assert post(town, body, endpoint=strict).decided == (INDETERMINATE, "ok")
