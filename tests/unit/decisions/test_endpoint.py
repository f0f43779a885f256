"""The decision point over HTTP: who is let in, and what each wrong question is answered with."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from typing import Any

import pytest

from fullmakt.access.decisions.endpoint import ADMIN_SCOPE, SCOPE
from fullmakt.access.policy import names
from fullmakt.access.resources import service as resources
from fullmakt.foundation.storage.tables import metadata
from fullmakt.foundation.terms import urns
from tests.cases.decisions.facts import uuid_of
from tests.cases.decisions.town import (
    HttpAnswer,
    Town,
    a_token,
    action_named,
    attribute,
    request,
    send,
)
from tests.engines import ENGINES, PostgresServer
from tests.unit.policy.documents import document_of, policy_from
from tests.unit.resources.builders import TAX, VAT, a_resource
from tests.worlds import new_database

PERSON, BAKERY, OTHER = "17912099997", "313000001", "313000028"
UNKNOWN_PERSON, UNKNOWN = "26900799232", "313000125"
INDETERMINATE, NOT_APPLICABLE = "Indeterminate", "NotApplicable"
PROCESSING, SYNTAX, OK = "processing-error", "syntax-error", "ok"
OPENS = {"actions": ["read", "sign"], "packages": ["skattegrunnlag"], "roles": ["dagl"]}


@contextmanager
def a_town(url: str) -> Iterator[Town]:
    database = new_database(url)
    made = Town(database)
    for name in ("BAKERIET AS", "ANNEN AS"):
        made.tell("organizations", {"name": name})
    made.tell("people", {"name": "Nøyaktig Havørn"})
    made.tell("roles", {"from": "BAKERIET AS", "role": "daglig-leder", "to": "Nøyaktig Havørn"})
    sap = {"name": "sap", "kind": "standard", "owner": "BAKERIET AS"}
    made.tell("system_users", {**sap, "packages": ["skattegrunnlag"]})
    made.tell("resources", {"id": "ske-demo", "opens": [OPENS], "level": 3})
    yield made
    database.close()


@pytest.fixture(scope="module", params=ENGINES)
def town(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    """A town that the tests of this file share: nobody takes anything away from it."""
    if request.param == "sqlite":
        with a_town(f"sqlite:///{tmp_path_factory.mktemp('town') / 'world.sqlite'}") as made:
            yield made
    else:
        server: PostgresServer = request.getfixturevalue("postgres")
        with server.database() as name, a_town(server.url(name)) as made:
            yield made


@pytest.fixture
def doomed_town(place_url: str) -> Iterator[Town]:
    """A town of the test's own."""
    with a_town(place_url) as made:
        yield made


SAP = attribute(urns.SYSTEM_USER_UUID, str(uuid_of("sap")))
DEMO = attribute(urns.RESOURCE, "ske-demo")
TO_BAKERY = attribute(urns.ORGANIZATION_NUMBER, BAKERY)
READ = action_named("read")


def asked(
    *,
    subject: list[Any] | None = None,
    action: list[Any] | None = None,
    resource: list[Any] | None = None,
    **more: object,
) -> dict[str, Any]:
    """A question that is permitted, but for what is given."""
    return request(
        [SAP] if subject is None else subject,
        [READ] if action is None else action,
        [DEMO, TO_BAKERY] if resource is None else resource,
        **more,
    )


def test_the_question_that_the_others_change_is_permitted(town: Town) -> None:
    answer = town.post(asked())

    assert (answer.status, answer.decided) == (200, ("Permit", OK))
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert len(answer.headers["x-correlation-id"]) == 32
    assert answer.results[0] == {
        "decision": "Permit",
        "status": {
            "statusMessage": None,
            "statusDetails": None,
            "statusCode": {
                "value": "urn:oasis:names:tc:xacml:1.0:status:ok",
                "statusCode": None,
            },
        },
        "obligations": [
            {
                "id": "urn:altinn:obligation:authenticationLevel1",
                "attributeAssignment": [
                    {
                        "attributeId": "urn:altinn:obligation-assignment:1",
                        "value": "3",
                        "category": "urn:altinn:minimum-authenticationlevel",
                        "dataType": "http://www.w3.org/2001/XMLSchema#integer",
                        "issuer": None,
                    }
                ],
            }
        ],
        "associateAdvice": None,
        "category": None,
        "policyIdentifierList": None,
    }


def subject_of(**attributes: str) -> dict[str, Any]:
    known = {
        "system_user": urns.SYSTEM_USER_UUID,
        "person": urns.PERSON_NUMBER,
        "user": urns.USER_ID,
        "party_id": urns.PARTY_ID,
        "party": urns.PARTY_UUID,
        "number": urns.ORGANIZATION_NUMBER,
        "older": urns.LEGACY_ORGANIZATION_NUMBER,
        "role": urns.ROLE_CODE,
    }
    return {"subject": [attribute(known[name], value) for name, value in attributes.items()]}


def party_of(name: str, value: str) -> dict[str, Any]:
    return {"resource": [DEMO, attribute(name, value)]}


NOBODY = "00000000-0000-4000-8000-000000000000"
INSTANCE = f"50001/{NOBODY}"
BAD_INPUT: dict[str, tuple[dict[str, Any], str, str]] = {
    "unknown resource": (
        {"resource": [attribute(urns.RESOURCE, "ske-nowhere"), TO_BAKERY]},
        INDETERMINATE,
        PROCESSING,
    ),
    "unknown app": (
        {"resource": [attribute(urns.SERVICE_OWNER, "skd"), attribute(urns.APP, "x"), TO_BAKERY]},
        INDETERMINATE,
        PROCESSING,
    ),
    "neither resource nor app": ({"resource": [TO_BAKERY]}, INDETERMINATE, PROCESSING),
    "an owner without an app": (
        {"resource": [attribute(urns.SERVICE_OWNER, "skd"), TO_BAKERY]},
        INDETERMINATE,
        PROCESSING,
    ),
    "an empty resource": ({"resource": []}, INDETERMINATE, PROCESSING),
    "no resource category": ({"Resource": []}, INDETERMINATE, PROCESSING),
    "resource category null": ({"Resource": None}, INDETERMINATE, PROCESSING),
    "no subject category": ({"AccessSubject": []}, INDETERMINATE, PROCESSING),
    "an empty subject": ({"subject": []}, INDETERMINATE, PROCESSING),
    "system user and person": (
        subject_of(system_user=str(uuid_of("sap")), person=PERSON),
        INDETERMINATE,
        PROCESSING,
    ),
    "system user and role": (
        subject_of(system_user=str(uuid_of("sap")), role="dagl"),
        INDETERMINATE,
        PROCESSING,
    ),
    "two system users": (
        {"subject": [SAP, attribute(urns.SYSTEM_USER_UUID, NOBODY)]},
        INDETERMINATE,
        PROCESSING,
    ),
    "two parties": (
        {"resource": [DEMO, TO_BAKERY, attribute(urns.ORGANIZATION_NUMBER, OTHER)]},
        INDETERMINATE,
        PROCESSING,
    ),
    "two resources in one": (
        {"resource": [DEMO, attribute(urns.RESOURCE, "ske-other"), TO_BAKERY]},
        INDETERMINATE,
        PROCESSING,
    ),
    "system user not a UUID": (subject_of(system_user="maestro"), INDETERMINATE, PROCESSING),
    "system user empty": (subject_of(system_user=""), INDETERMINATE, PROCESSING),
    "party not a UUID": (subject_of(party="maestro"), INDETERMINATE, PROCESSING),
    "resource party not a UUID": (party_of(urns.PARTY_UUID, "x"), INDETERMINATE, PROCESSING),
    "unknown system user": (subject_of(system_user=NOBODY), NOT_APPLICABLE, OK),
    "unknown party as subject": (subject_of(party=NOBODY), NOT_APPLICABLE, OK),
    "unknown party id as subject": (subject_of(party_id="999"), NOT_APPLICABLE, OK),
    "unknown person": (subject_of(person=UNKNOWN_PERSON), INDETERMINATE, PROCESSING),
    "a person with wrong digits": (subject_of(person="17912099998"), INDETERMINATE, PROCESSING),
    "unknown user": (subject_of(user="999"), INDETERMINATE, PROCESSING),
    "user and person": (subject_of(user="20003", person=PERSON), INDETERMINATE, PROCESSING),
    "number and user": (subject_of(number=BAKERY, user="20003"), INDETERMINATE, PROCESSING),
    "number and person": (subject_of(number=BAKERY, person=PERSON), INDETERMINATE, PROCESSING),
    "unknown number as subject": (subject_of(number=UNKNOWN), INDETERMINATE, SYNTAX),
    "unknown older number": (subject_of(older=UNKNOWN), INDETERMINATE, SYNTAX),
    "wrong digits as subject": (subject_of(number="313000002"), INDETERMINATE, SYNTAX),
    "empty number as subject": (subject_of(number=""), INDETERMINATE, SYNTAX),
    "unknown number as party": (
        party_of(urns.ORGANIZATION_NUMBER, UNKNOWN),
        INDETERMINATE,
        SYNTAX,
    ),
    "unknown older number as party": (
        party_of(urns.LEGACY_ORGANIZATION_NUMBER, UNKNOWN),
        INDETERMINATE,
        SYNTAX,
    ),
    "unknown person as party": (
        party_of(urns.PERSON_NUMBER, UNKNOWN_PERSON),
        INDETERMINATE,
        SYNTAX,
    ),
    "wrong digits as party": (party_of(urns.PERSON_NUMBER, "1"), INDETERMINATE, SYNTAX),
    "unknown party uuid": (party_of(urns.PARTY_UUID, NOBODY), NOT_APPLICABLE, OK),
    "unknown party id": (party_of(urns.PARTY_ID, "999"), NOT_APPLICABLE, OK),
    "party id not a number": (party_of(urns.PARTY_ID, "x"), INDETERMINATE, SYNTAX),
    "user not a number": (subject_of(user="x"), INDETERMINATE, SYNTAX),
    "user too long": (subject_of(user="1" * 10), INDETERMINATE, SYNTAX),
    "user negative": (subject_of(user="-1"), INDETERMINATE, SYNTAX),
    "an instance that nobody has": (party_of(urns.INSTANCE, INSTANCE), INDETERMINATE, SYNTAX),
    "an instance that nobody has, by the newer name": (
        party_of(urns.RESOURCE_INSTANCE, f"{urns.INSTANCE}:{INSTANCE}"),
        INDETERMINATE,
        SYNTAX,
    ),
    "an instance id that is none": (party_of(urns.INSTANCE, "x"), INDETERMINATE, SYNTAX),
    "an instance id that ends in no UUID": (
        party_of(urns.INSTANCE, f"50001/{'x' * 36}"),
        INDETERMINATE,
        SYNTAX,
    ),
    "two instances": (
        {
            "resource": [
                attribute(urns.INSTANCE, INSTANCE),
                attribute(urns.RESOURCE_INSTANCE, f"{urns.INSTANCE}:50002/{NOBODY}"),
            ]
        },
        INDETERMINATE,
        PROCESSING,
    ),
    "an instance and an unknown older number": (
        {
            "subject": [attribute(urns.LEGACY_ORGANIZATION_NUMBER, UNKNOWN)],
            "resource": [attribute(urns.INSTANCE, INSTANCE)],
        },
        INDETERMINATE,
        SYNTAX,
    ),
    "no party": ({"resource": [DEMO]}, NOT_APPLICABLE, OK),
    "no action": ({"Action": []}, NOT_APPLICABLE, OK),
    "an action nobody knows": ({"action": [action_named("dance")]}, NOT_APPLICABLE, OK),
    "somebody without the right": (subject_of(party=str(uuid_of("ANNEN AS"))), NOT_APPLICABLE, OK),
    "a person's id as a system user": (
        subject_of(system_user=str(uuid_of("Nøyaktig Havørn"))),
        NOT_APPLICABLE,
        OK,
    ),
    "only a role that the request brings": (subject_of(role="dagl"), NOT_APPLICABLE, OK),
    "a role that the request brings for another": (
        subject_of(number=OTHER, role="dagl"),
        NOT_APPLICABLE,
        OK,
    ),
    "a package that the request brings": (
        {
            "subject": [
                attribute(urns.PARTY_UUID, str(uuid_of("ANNEN AS"))),
                attribute(urns.ACCESS_PACKAGE, "skattegrunnlag"),
            ]
        },
        NOT_APPLICABLE,
        OK,
    ),
    "an attribute without a value": ({"action": [attribute("x", None)]}, INDETERMINATE, PROCESSING),
    "an attribute without an id": ({"action": [{"Value": "x"}]}, INDETERMINATE, PROCESSING),
    "a data type nobody reads": (
        {"action": [attribute(names.ACTION_ID, "read", DataType="boolean")]},
        INDETERMINATE,
        PROCESSING,
    ),
    "a number that is none": (
        {
            "action": [
                READ,
                attribute("n", "1_0", DataType="http://www.w3.org/2001/XMLSchema#integer"),
            ]
        },
        INDETERMINATE,
        PROCESSING,
    ),
    "too many questions": (
        {"MultiRequests": {"RequestReference": [{"ReferenceId": ["a"]}] * 1001}},
        INDETERMINATE,
        PROCESSING,
    ),
}


@pytest.mark.parametrize("change, decision, status", BAD_INPUT.values(), ids=BAD_INPUT)
def test_a_wrong_question_is_answered_as_documented(
    town: Town, change: dict[str, Any], decision: str, status: str
) -> None:
    answer = town.post(asked(**change))

    assert (answer.status, answer.decided) == (200, (decision, status))
    assert answer.results[0]["obligations"] is None
    assert answer.results[0]["category"] is None


@pytest.mark.parametrize(
    "change",
    [
        subject_of(person=PERSON),
        subject_of(user="20003"),
        {"resource": [attribute(urns.RESOURCE, "ske-demo", DataType="string"), TO_BAKERY]},
        {"resource": [DEMO, DEMO, TO_BAKERY]},
        {"action": [READ, action_named("dance")]},
        party_of(urns.LEGACY_ORGANIZATION_NUMBER, BAKERY),
        party_of(urns.PARTY_ID, "50001"),
        {"resource": [DEMO, TO_BAKERY, attribute(urns.INSTANCE, INSTANCE)]},
        {"resource": [DEMO, TO_BAKERY, attribute(urns.INSTANCE, "x")]},
        {"resource": [DEMO, TO_BAKERY, attribute(urns.INSTANCE, "")]},
        {"resource": [DEMO, TO_BAKERY, attribute(urns.RESOURCE_INSTANCE, NOBODY)]},
        {"Category": [{"CategoryId": "urn:other", "Attribute": [attribute("x", "y")]}]},
        {"ReturnPolicyIdList": True, "CombinedDecision": True, "XPathVersion": "x"},
        {"MultiRequests": {"RequestReference": [{"ReferenceId": ["unknown"]}]}},
        {"RecipientSubject": [], "IntermediarySubject": [], "RequestingMachine": []},
    ],
)
def test_another_way_of_asking_is_permitted_too(town: Town, change: dict[str, Any]) -> None:
    assert town.post(asked(**change)).decided == ("Permit", OK)


def test_categories_may_all_stand_in_the_general_list(town: Town) -> None:
    groups = {names.SUBJECT: [SAP], names.ACTION: [READ], names.RESOURCE: [DEMO, TO_BAKERY]}
    body = {
        "Request": {
            "Category": [{"CategoryId": name, "Attribute": held} for name, held in groups.items()]
        }
    }

    assert town.post(body).decided == ("Permit", OK)


def test_a_policy_can_want_attributes_that_are_not_there(town: Town) -> None:
    wants = {
        "resource": [["string-equal", "1", {"bag": "resource/urn:altinn:task", "must": True}]],
        "subject": [["string-equal", "1", {"bag": "subject/urn:x", "must": True}]],
    }
    for category, match in wants.items():
        rule = {
            "effect": "Permit",
            "resource": f"ske-wants-{category}",
            "action": "read",
            "target": [[match]],
        }
        policy = policy_from({"combining": "deny-overrides", "rules": [rule]})
        with town.database.authority(actor="x", correlation="") as work:
            made = resources.add_resource(work, a_resource(f"ske-wants-{category}"))
            resources.set_policy(work, made, document_of(policy))

    answers = {
        category: town.post(
            asked(resource=[attribute(urns.RESOURCE, f"ske-wants-{category}"), TO_BAKERY])
        ).decided
        for category in wants
    }

    assert answers == {
        "resource": (INDETERMINATE, "missing-attribute"),
        "subject": (INDETERMINATE, "missing-attribute"),
    }


def test_an_app_is_asked_about_by_owner_and_name(town: Town) -> None:
    with town.database.authority(actor="x", correlation="") as work:
        app = resources.add_resource(work, VAT)
        xml = resources.default_policy(
            VAT.identifier, roles=[], packages=["skattegrunnlag"], actions=["read"], minimum_level=3
        )
        resources.set_policy(work, app, xml)
    named = [attribute(urns.SERVICE_OWNER, "skd"), attribute(urns.APP, "mva-melding-innsending-v1")]
    by_id = attribute(urns.RESOURCE, VAT.identifier)

    assert town.post(asked(resource=[*named, TO_BAKERY])).decision == "Permit"
    assert town.post(asked(resource=[by_id, TO_BAKERY])).decision == "Permit"
    assert town.post(asked(resource=[*named, DEMO, TO_BAKERY])).decision == "Permit"


def echoed(result: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (held["attributeId"], held["value"])
        for category in result["category"] or ()
        for held in category["attribute"]
    ]


def several(*references: list[str], **more: object) -> dict[str, Any]:
    """Two subjects, two actions and two resources, and some combinations of them."""
    other = attribute(urns.SYSTEM_USER_UUID, NOBODY)
    return {
        "Request": {
            "AccessSubject": [
                {"Id": "s1", "Attribute": [SAP]},
                {"Id": "s2", "Attribute": [other]},
            ],
            "Action": [
                {"Id": "a1", "Attribute": [{**READ, "IncludeInResult": True}]},
                {"Id": "a2", "Attribute": [action_named("dance")]},
            ],
            "Resource": [
                {"Id": "r1", "Attribute": [DEMO, {**TO_BAKERY, "IncludeInResult": True}]},
                {"Id": "r2", "Attribute": [DEMO, attribute(urns.ORGANIZATION_NUMBER, OTHER)]},
            ],
            "MultiRequests": {"RequestReference": [{"ReferenceId": held} for held in references]},
            **more,
        }
    }


def test_several_questions_are_answered_in_order(town: Town) -> None:
    body = several(["s1", "a1", "r1"], ["s2", "a1", "r1"], ["s1", "a2", "r1"], ["r2", "a1", "s1"])

    results = town.post(body).results

    assert [result["decision"] for result in results] == [
        "Permit",
        "NotApplicable",
        "NotApplicable",
        "NotApplicable",
    ]
    read = ("urn:oasis:names:tc:xacml:1.0:action:action-id", "read")
    assert [echoed(result) for result in results] == [
        [(urns.ORGANIZATION_NUMBER, BAKERY), read],
        [],
        [],
        [read],
    ]
    assert results[0]["category"][0]["categoryId"] == names.RESOURCE
    assert results[0]["category"][0]["attribute"][0]["includeInResult"] is False
    assert [bool(result["obligations"]) for result in results] == [True, False, False, False]


def test_attributes_sent_back_do_not_leak_into_another_answer(town: Town) -> None:
    first = town.post(several(["s1", "a1", "r1"], ["s1", "a1", "r2"])).results
    again = town.post(several(["s1", "a1", "r1"], ["s1", "a1", "r2"])).results

    assert first == again
    assert town.post(asked()).results[0]["category"] is None


def test_ids_that_nothing_has_are_passed_over(town: Town) -> None:
    results = town.post(several(["s1", "a1", "r1", "zz"], ["s1", "zz", "r1"])).results

    assert [result["decision"] for result in results] == ["Permit", "NotApplicable"]


@pytest.mark.parametrize("lacks", [["s1", "a1"], ["a1", "r1"], []])
def test_one_question_that_cannot_be_read_spoils_the_request(town: Town, lacks: list[str]) -> None:
    answer = town.post(several(["s1", "a1", "r1"], lacks))

    assert answer.decided == (INDETERMINATE, PROCESSING)


@pytest.mark.parametrize(
    "group, status", [("Resource", PROCESSING), ("AccessSubject", SYNTAX), ("Action", SYNTAX)]
)
def test_among_several_questions_every_category_has_an_id(
    town: Town, group: str, status: str
) -> None:
    body = several(["s1", "a1", "r1"], ["s1", "a1", "r2"])
    del body["Request"][group][0]["Id"]

    assert town.post(body).decided == (INDETERMINATE, status)


def test_of_resources_with_one_id_the_last_one_counts(town: Town) -> None:
    body = several(["s1", "a1", "r1"], ["s1", "a1", "r1"])
    body["Request"]["Resource"][1]["Id"] = "r1"

    assert [each["decision"] for each in town.post(body).results] == ["NotApplicable"] * 2


@pytest.mark.parametrize("references", [None, [], [{"ReferenceId": None}]])
def test_with_one_reference_or_none_the_whole_request_is_one_question(
    town: Town, references: object
) -> None:
    body = asked(MultiRequests={"RequestReference": references})

    assert town.post(body).decided == ("Permit", OK)


def test_a_reference_without_ids_names_nothing(town: Town) -> None:
    body = several(["s1", "a1", "r1"], [])
    body["Request"]["MultiRequests"]["RequestReference"][1] = {}

    assert town.post(body).decided == (INDETERMINATE, PROCESSING)


def ask(town: Town, headers: Mapping[str, str], body: bytes = b"{}", **more: str) -> HttpAnswer:
    return send(town.endpoint, body, headers=headers, **more)


BEARER = {"authorization": f"Bearer {a_token()}"}
JSON = {"content-type": "application/json"}


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD", "OPTIONS"])
def test_another_method_is_refused(town: Town, method: str) -> None:
    answer = ask(town, {**BEARER, **JSON}, method=method)

    assert (answer.status, answer.headers["allow"]) == (405, "POST")
    assert answer.body["title"] == "Method Not Allowed"
    assert answer.body["detail"] == f"`{method}` is not answered here; use POST"


@pytest.mark.parametrize(
    "headers, reason",
    [
        ({}, "a bearer token is needed"),
        ({"authorization": "Basic eDp5"}, "must be `Bearer`"),
        ({"authorization": "Bearer x.y.z"}, "the token does not hold"),
        ({"authorization": f"Bearer {a_token(exp=1)}"}, "the token expired at 1970-01-01"),
        ({"cookie": "AltinnStudioRuntime=x.y.z", **BEARER}, "the token does not hold"),
    ],
)
def test_a_caller_without_a_token_that_holds_is_refused(
    town: Town, headers: Mapping[str, str], reason: str
) -> None:
    answer = ask(town, {**JSON, **headers}, json.dumps(asked()).encode())

    assert (answer.status, answer.body) == (401, None)
    assert 'error="invalid_token"' in answer.reason
    assert reason in answer.reason


def test_the_token_may_come_in_the_cookie(town: Town) -> None:
    headers = {**JSON, "cookie": f"a=b; AltinnStudioRuntime={a_token()}"}

    assert ask(town, headers, json.dumps(asked()).encode()).decision == "Permit"


@pytest.mark.parametrize("scope", ["", "altinn:authorization", f"{SCOPE}.other", "openid"])
def test_a_caller_without_the_scope_is_refused(town: Town, scope: str) -> None:
    answer = town.post(asked(), a_token(scope))

    assert (answer.status, answer.body) == (403, None)
    assert 'error="insufficient_scope"' in answer.reason
    assert f"the token needs scope {SCOPE} or {ADMIN_SCOPE}" in answer.reason


def test_with_the_plain_scope_an_owner_asks_about_its_own_resources(town: Town) -> None:
    assert town.post(asked(), a_token(SCOPE)).decision == "Permit"


def test_with_the_plain_scope_nobody_asks_about_anothers_resources(town: Town) -> None:
    answer = town.post(asked(), a_token(SCOPE, number=OTHER))

    assert (answer.status, answer.body) == (403, None)
    assert f"answers for the resources of {OTHER}; `ske-demo` belongs to {TAX}" in answer.reason
    assert f"needs {ADMIN_SCOPE}" in answer.reason


def test_one_resource_of_another_among_several_is_refused(town: Town) -> None:
    body = several(["s1", "a1", "r1"], ["s1", "a1", "r2"])

    assert town.post(body, a_token(SCOPE, number=OTHER)).status == 403


def test_with_the_admin_scope_one_asks_about_all(town: Town) -> None:
    assert town.post(asked(), a_token(ADMIN_SCOPE, number=OTHER)).decision == "Permit"


def test_a_resource_that_nobody_has_is_nobodys_to_refuse(town: Town) -> None:
    body = asked(resource=[attribute(urns.RESOURCE, "ske-nowhere"), TO_BAKERY])

    assert town.post(body, a_token(SCOPE, number=OTHER)).decided == (INDETERMINATE, PROCESSING)


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/xml", "x" * 500])
def test_another_content_type_is_refused(town: Town, content_type: str) -> None:
    answer = ask(town, {**BEARER, "content-type": content_type})

    assert (answer.status, answer.body["title"]) == (415, "Unsupported Media Type")
    assert f"not `{content_type[:100]}`" in answer.body["detail"]


def test_a_body_without_a_content_type_is_refused(town: Town) -> None:
    assert ask(town, BEARER).status == 415


@pytest.mark.parametrize(
    "content_type",
    ["application/json; charset=utf-8", "Application/JSON"],
)
def test_json_is_read_by_its_names(town: Town, content_type: str) -> None:
    headers = {**BEARER, "content-type": content_type}

    assert ask(town, headers, json.dumps(asked()).encode()).decision == "Permit"


def test_a_body_that_is_too_large_is_refused(town: Town) -> None:
    answer = town.post(b" " * (1024 * 1024 + 1))

    assert (answer.status, answer.body["title"]) == (413, "Content Too Large")


@pytest.mark.parametrize(
    "body, member",
    [
        (b"", "$"),
        (b"{", "$"),
        (b"[]", "$"),
        (b"null", "$"),
        (b"{}", "$"),
        (b'{"Request": null}', "$.Request"),
        (b'{"Request": {"AccessSubject": {}}}', "$.Request.AccessSubject"),
        (b'{"Request": {"Action": [{"Attribute": {}}]}}', "$.Request.Action[0].Attribute"),
        (
            b'{"Request": {"Action": [{"Attribute": [{"AttributeId": "a", "Value": 1}]}]}}',
            "$.Request.Action[0].Attribute[0].Value",
        ),
        (
            b'{"Request": {"Action": [{"Attribute": [{"AttributeId": "a", "Value": ["b"]}]}]}}',
            "$.Request.Action[0].Attribute[0].Value",
        ),
        (b'{"Request": {}, "request": {}}', "$"),
        (b'{"Request": {"Resource": [], "resource": []}}', "$"),
        (b'{"x": ' + b"[" * 100_000, "$"),
        (b'{"Request": {"x": "\\ud800"}}', "$"),
        (b'{"Request": {"x": "\\u0000"}}', "$"),
    ],
)
def test_a_body_that_is_no_request_is_refused(town: Town, body: bytes, member: str) -> None:
    answer = town.post(body)

    assert answer.status == 400
    assert answer.headers["content-type"] == "application/problem+json; charset=utf-8"
    assert list(answer.body["errors"]) == [member]


def test_names_are_read_whatever_their_letter_case(town: Town) -> None:
    text = json.dumps(asked())
    for name in ("Request", "AccessSubject", "Attribute", "AttributeId", "Value", "Resource"):
        text = text.replace(f'"{name}"', f'"{name.lower()}"')

    assert town.post(text.encode()).decided == ("Permit", OK)


def test_a_trace_is_continued_and_its_questions_can_be_found(town: Town) -> None:
    correlation = "4bf92f3577b34da6a3ce929d0e0e4736"
    traceparent = f"00-{correlation}-00f067aa0ba902b7-01"

    answer = town.post(asked(), traceparent=traceparent)

    assert answer.headers["x-correlation-id"] == correlation
    (found,) = town.decisions.recent(correlation)
    assert (found.asked.resource, found.answer.outcome) == ("ske-demo", "Permit")
    assert town.decisions.recent("0" * 32) == []
    explained = town.decisions.explain_asked(found.asked)
    assert explained.permitted
    assert any("skattegrunnlag" in reason.found for reason in explained.reasons)


def test_a_client_that_leaves_is_answered_nothing(town: Town) -> None:
    told: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.disconnect"}

    async def tell(message: MutableMapping[str, Any]) -> None:
        told.append(message)

    headers = [(name.encode(), held.encode()) for name, held in {**BEARER, **JSON}.items()]
    scope = {"type": "http", "method": "POST", "headers": headers}
    asyncio.run(town.endpoint(scope, receive, tell))

    assert told == []


def test_a_fault_of_ours_is_logged_and_told_bare(
    doomed_town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    doomed_town.post(asked())
    with doomed_town.database.engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            if table.name == "policies":
                table.drop(connection)

    answer = doomed_town.post(asked(resource=[attribute(urns.RESOURCE, "ske-other"), TO_BAKERY]))

    assert (answer.status, answer.body["title"]) == (500, "Internal Server Error")
    assert set(answer.body) == {"type", "title", "status", "traceId"}
    assert answer.headers["x-correlation-id"] in caplog.text


def test_without_the_primary_there_is_no_decision(doomed_town: Town) -> None:
    doomed_town.post(asked())
    with doomed_town.database.engine.begin() as connection:
        metadata.tables["world"].drop(connection)

    answer = doomed_town.post(asked())

    assert (answer.status, answer.headers["retry-after"]) == (503, "1")
    assert answer.body["code"] == "FM-00121"
    assert answer.body["detail"] == (
        "the primary could not be asked for the latest revision; try again"
    )
