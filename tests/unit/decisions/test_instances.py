"""Questions about instances of apps, against the storage of the apps, on each engine.

The story of an instance that goes through its process is told over HTTP in
`tests/api/control/test_instance_decisions.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest

from fullmakt.access.decisions.asking import read_asked
from fullmakt.access.decisions.endpoint import platform_endpoint
from fullmakt.access.decisions.instances import InstanceId
from fullmakt.access.decisions.model import Check, Decision
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.access.decisions.wire import Attribute, Category
from fullmakt.access.policy import names
from fullmakt.access.policy.data_types import ANY_URI
from fullmakt.access.resources import service as resources
from fullmakt.access.resources.shelf import PolicyShelf
from fullmakt.foundation.bearer.service import BearerCheck
from fullmakt.foundation.terms import urns
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.services.apps import store
from fullmakt.services.apps.instance_reader import InstanceReader
from fullmakt.services.apps.model import Feedback, InstanceReference, Stage, Substatus
from tests.cases.decisions.facts import uuid_of
from tests.cases.decisions.town import Town, action_named, attribute, request, send
from tests.unit.policy.documents import document_of, policy_from
from tests.unit.resources.builders import VAT
from tests.worlds import new_database

BAKERY, PARTY_ID = "313000001", 50001
GUID = UUID("7a2d5b1e-0000-4000-8000-000000000000")
INSTANCE = f"{PARTY_ID}/{GUID}"
FORMS = [str(GUID), f"{urns.INSTANCE}:{INSTANCE}"]
BAKER = attribute(urns.ORGANIZATION_NUMBER, BAKERY)


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    """A town with an app, open to one organisation for an instance named in both forms."""
    database = new_database(database_url)
    made = Town(database)
    made.tell("organizations", {"name": "BAKERIET AS"})
    wants = [
        ["string-equal", each, {"bag": f"resource/{urns.RESOURCE_INSTANCE}"}] for each in FORMS
    ]
    rule = {"effect": "Permit", "resource": VAT.identifier, "action": "read", "number": BAKERY}
    policy = policy_from({"combining": "deny-overrides", "rules": [{**rule, "target": [[wants]]}]})
    with database.authority(actor="x", correlation="") as work:
        resources.set_policy(work, resources.add_resource(work, VAT), document_of(policy))
    with database.journal() as journal:
        store.add_instance(
            journal,
            app=VAT.identifier,
            reference=InstanceReference(PARTY_ID, GUID),
            owner=OrganizationNumber(BAKERY),
        )
    made.decisions = DecisionPoint(
        database,
        made.catalog,
        PolicyShelf(database),
        clock=made.clock,
        instances=InstanceReader(database, clock=made.clock),
    )
    made.endpoint = made.endpoint_of(made.decisions)
    yield made
    database.close()


def about(*named: dict[str, object]) -> dict[str, object]:
    return request([BAKER], [action_named("read")], list(named))


@pytest.mark.parametrize("form", [(urns.INSTANCE, INSTANCE), (urns.RESOURCE_INSTANCE, FORMS[1])])
def test_an_instance_is_known_by_both_its_forms(town: Town, form: tuple[str, str]) -> None:
    assert town.post(about(attribute(*form))).decided == ("Permit", "ok")


@pytest.mark.parametrize(
    "said", [(), (FORMS[0],), (FORMS[1],), tuple(FORMS), tuple(reversed(FORMS))]
)
def test_so_is_one_that_is_not_looked_up(town: Town, said: tuple[str, ...]) -> None:
    known = [attribute(urns.RESOURCE, VAT.identifier), BAKER, attribute(urns.TASK, "Task_9")]
    more = [attribute(urns.RESOURCE_INSTANCE, each) for each in said]

    answer = town.post(about(*known, attribute(urns.INSTANCE, INSTANCE), *more))

    assert answer.decided == ("Permit", "ok")


@pytest.mark.parametrize(
    "said",
    [
        [BAKER],
        [attribute(urns.TASK, "Task_1")],
        [BAKER, attribute(urns.SERVICE_OWNER, "skd"), attribute(urns.TASK, "Task_1")],
        [BAKER, attribute(urns.RESOURCE, VAT.identifier)],
        [BAKER, attribute(urns.RESOURCE, VAT.identifier), attribute(urns.APP_RESOURCE, "x")],
    ],
)
def test_a_question_that_does_not_say_it_all_asks_storage(
    town: Town, said: list[dict[str, object]]
) -> None:
    elsewhere = attribute(urns.INSTANCE, f"{PARTY_ID}/{UUID(int=1)}")

    assert town.post(about(*said, elsewhere)).decided == ("Indeterminate", "syntax-error")


@pytest.mark.parametrize(
    "said",
    [
        [attribute(urns.RESOURCE, VAT.identifier), attribute(urns.APP_RESOURCE, "events")],
        [attribute(urns.RESOURCE, VAT.identifier), attribute(urns.END_EVENT, "EndEvent_1")],
        [
            attribute(urns.SERVICE_OWNER, "skd"),
            attribute(urns.APP, "mva-melding-innsending-v1"),
            attribute(urns.TASK, "Task_1"),
        ],
    ],
)
def test_a_question_that_says_it_all_does_not(town: Town, said: list[dict[str, object]]) -> None:
    elsewhere = attribute(urns.INSTANCE, f"{PARTY_ID}/{UUID(int=1)}")

    assert town.post(about(BAKER, *said, elsewhere)).decided == ("NotApplicable", "ok")


def test_the_platform_is_told_in_xml_whom_an_instance_is_for(town: Town) -> None:
    bearer = BearerCheck({}, audiences=frozenset(), clock=town.clock)
    endpoint = platform_endpoint(town.decisions, bearer, is_open=True)
    categories = {
        names.SUBJECT: (urns.ORGANIZATION_NUMBER, BAKERY),
        names.ACTION: (names.ACTION_ID, "read"),
        names.RESOURCE: (urns.INSTANCE, INSTANCE),
    }
    body = "".join(_category_xml(name, *held) for name, held in categories.items())
    asked = (
        f'<Request xmlns="{names.NAMESPACE}" ReturnPolicyIdList="false" CombinedDecision="false">'
        f"{body}</Request>"
    )

    answer = send(endpoint, asked.encode(), headers={"content-type": "application/xml"})

    assert answer.status == 200
    told = answer.body.decode()
    assert "<Decision>Permit</Decision>" in told
    assert told.count(urns.PARTY_ID) == 1
    assert f">{PARTY_ID}<" in told
    assert urns.INSTANCE not in told


def _category_xml(category: str, attribute_id: str, value: str) -> str:
    data_type = "http://www.w3.org/2001/XMLSchema#string"
    return (
        f'<Attributes Category="{category}"><Attribute AttributeId="{attribute_id}"'
        f' IncludeInResult="false"><AttributeValue DataType="{data_type}">{value}</AttributeValue>'
        "</Attribute></Attributes>"
    )


def _asked(*attributes: Attribute) -> list[Category]:
    return [Category(category_id=names.RESOURCE, attribute=list(attributes))]


def test_a_refusal_is_explained_by_the_instance(town: Town) -> None:
    subject = [Category(category_id=names.SUBJECT, attribute=[Attribute("urn:x", "y")])]
    unknown = Attribute(urns.INSTANCE, f"{PARTY_ID}/{UUID(int=1)}")

    for decisions in (town.decisions, town.decision_point()):
        told = decisions.explain_asked(read_asked(subject, [], _asked(unknown)))

        assert (told.outcome.value, told.status) == ("Indeterminate", "syntax-error")
        assert told.stops_at is Check.RESOURCE
        (reason,) = told.reasons
        assert reason.found == f"no instance `{unknown.value}` is stored"
        assert reason.remedy


def test_nobody_would_be_permitted_instead_about_an_instance_that_is_not_there(
    town: Town,
) -> None:
    rule = {"effect": "Permit", "package": "skattegrunnlag", "action": "read"}
    policy = policy_from(
        {"combining": "deny-overrides", "rules": [{**rule, "resource": VAT.identifier}]}
    )
    with town.database.authority(actor="x", correlation="") as work:
        app = resources.find_resource(work, VAT.identifier)
        assert app is not None
        resources.set_policy(work, app, document_of(policy))
    for name, packages in (("sap", []), ("visma", ["skattegrunnlag"])):
        named = {"name": name, "kind": "standard", "owner": "BAKERIET AS"}
        town.tell("system_users", {**named, "packages": packages})
    subject = Attribute(urns.SYSTEM_USER_UUID, str(uuid_of("sap")))
    resource = [
        Attribute(urns.RESOURCE, VAT.identifier),
        Attribute(urns.ORGANIZATION_NUMBER, BAKERY),
    ]
    unknown = Attribute(urns.INSTANCE, f"{PARTY_ID}/{UUID(int=1)}")

    def explained(*about: Attribute) -> Decision:
        return town.decisions.explain_asked(
            read_asked(
                [Category(category_id=names.SUBJECT, attribute=[subject])],
                [
                    Category(
                        category_id=names.ACTION, attribute=[Attribute(names.ACTION_ID, "read")]
                    )
                ],
                _asked(*about),
            )
        )

    assert [each.name for each in explained(*resource).instead] == ["visma"]
    assert explained(*resource, unknown).instead == ()


def test_an_instance_that_is_known_is_told_with_its_app_and_task(town: Town) -> None:
    subject = Attribute(urns.ORGANIZATION_NUMBER, BAKERY)
    action = Attribute(names.ACTION_ID, "read")
    asked = read_asked(
        [Category(category_id=names.SUBJECT, attribute=[subject])],
        [Category(category_id=names.ACTION, attribute=[action])],
        _asked(Attribute(urns.INSTANCE, INSTANCE)),
    )

    told = town.decisions.explain_asked(asked)

    assert told.permitted
    found = told.reasons[0].found
    assert found == f"instance `{INSTANCE}` of `{VAT.identifier}` stands at `Task_1`"


def test_an_instance_that_has_ended_is_told_with_its_end(town: Town) -> None:
    reference = InstanceReference(PARTY_ID, GUID)
    with town.database.journal() as journal:
        instance = store.find_instance(journal, app=VAT.identifier, reference=reference)
        assert instance is not None
        feedback = Feedback(journal.now, Substatus("Mottatt", "Mottatt."))
        ended = replace(instance, stage=Stage.FEEDBACK, feedback=feedback)
        store.replace_instance(journal, ended)
    question = about(attribute(urns.INSTANCE, INSTANCE), attribute(urns.END_EVENT, "EndEvent_1"))

    found = InstanceReader(town.database, clock=town.clock).find(InstanceId(PARTY_ID, GUID))

    assert found is not None
    assert found.label == f"instance `{INSTANCE}` of `{VAT.identifier}` ended at `EndEvent_1`"
    assert town.post(question).decided == ("Permit", "ok")


def test_questions_about_instances_and_others_are_answered_in_order(town: Town) -> None:
    instance = [attribute(urns.INSTANCE, INSTANCE)]
    plain = [attribute(urns.RESOURCE, VAT.identifier), BAKER]
    kinds = {"instance": instance, "plain": plain, "again": instance}
    question = {
        "AccessSubject": [{"Id": "s", "Attribute": [BAKER]}],
        "Action": [{"Id": "a", "Attribute": [action_named("read")]}],
        "Resource": [{"Id": name, "Attribute": held} for name, held in kinds.items()],
        "MultiRequests": {
            "RequestReference": [{"ReferenceId": ["s", "a", name]} for name in kinds]
        },
    }

    results = town.post({"Request": question}).results

    assert [each["decision"] for each in results] == ["Permit", "NotApplicable", "Permit"]
    assert [bool(each["category"]) for each in results] == [True, False, True]


def test_a_value_of_another_data_type_is_held_against_storage_too(town: Town) -> None:
    resource = attribute(urns.RESOURCE, "app_skd_another", DataType=ANY_URI)

    answer = town.post(about(attribute(urns.INSTANCE, INSTANCE), resource))

    assert answer.decided == ("Indeterminate", "processing-error")
