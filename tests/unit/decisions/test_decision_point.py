"""The decision point in process: explanations, rights given on, and refusals to guess."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from fullmakt.access.decisions.asking import Asked
from fullmakt.access.decisions.model import (
    ByOrganizationNumber,
    ByPartyId,
    ByPersonNumber,
    BySystemUser,
    ByUserId,
    ByUuid,
    Check,
    Decision,
    Obligation,
    Outcome,
    PartyReference,
    Question,
    Subject,
)
from fullmakt.access.decisions.questions import read_question
from fullmakt.access.decisions.rules import Holdings
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.access.delegations.model import RightCheck
from fullmakt.access.policy import names
from fullmakt.access.resources import service as resources
from fullmakt.access.resources.shelf import PolicyShelf
from fullmakt.foundation.terms import urns
from fullmakt.foundation.terms.numbers import OrganizationNumber, PersonNumber
from tests.cases.decisions.facts import uuid_of
from tests.cases.decisions.town import Town
from tests.unit.policy.documents import document_of, policy_from
from tests.unit.resources.builders import VAT, a_resource
from tests.worlds import TestClock, new_database

NOBODY = UUID("00000000-0000-4000-8000-000000000000")
BAKERY = ByUuid(uuid_of("BAKERIET AS"))


@pytest.fixture
def town(place_url: str) -> Iterator[Town]:
    database = new_database(place_url)
    made = Town(database)
    made.tell("organizations", {"name": "BAKERIET AS"})
    made.tell("organizations", {"name": "RETT REVISJON AS"})
    for name in ("Nøyaktig Havørn", "Snill Elg"):
        made.tell("people", {"name": name})
    made.tell("roles", {"from": "BAKERIET AS", "role": "daglig-leder", "to": "Nøyaktig Havørn"})
    made.tell("system_users", {"name": "maestro", "kind": "agent", "owner": "RETT REVISJON AS"})
    opens = [
        {"actions": ["read"], "packages": ["skattegrunnlag"]},
        {"actions": ["sign"], "roles": ["dagl"]},
        {"actions": ["send"], "packages": ["regnskapsforer-lonn"]},
    ]
    made.tell("resources", {"id": "ske-demo", "opens": opens})
    yield made
    database.close()


def explain(
    town: Town,
    subject: Subject,
    party: PartyReference = BAKERY,
    *,
    action: str = "read",
    resource: str = "ske-demo",
) -> Decision:
    question = Question(subject, action, resource, party)
    explained = town.decisions.explain(question)
    decided = town.decisions.decide(question)
    assert (decided.outcome, decided.status, decided.message) == (
        explained.outcome,
        explained.status,
        explained.message,
    )
    assert decided.reasons == ()
    return explained


def found(decision: Decision, check: Check) -> str:
    """What was found by one check."""
    (reason,) = (reason for reason in decision.reasons if reason.check is check)
    return reason.found


def test_a_decision_is_neither_true_nor_false() -> None:
    with pytest.raises(TypeError, match=r"ask \.permitted"):
        bool(Decision(Outcome.PERMIT))


def test_the_level_is_the_highest_that_the_obligations_ask_for() -> None:
    def asks(value: str, category: str = urns.MINIMUM_AUTHENTICATION_LEVEL) -> Obligation:
        return Obligation("id", "a", value, category, "integer")

    obligations = (asks("2"), asks("3"), asks("x"), asks("4", "other"))
    assert Decision(Outcome.PERMIT, obligations=obligations).authentication_level == 3
    assert Decision(Outcome.PERMIT).authentication_level == 0


def test_a_resource_without_a_policy_is_indeterminate_and_says_why(town: Town) -> None:
    decision = explain(town, ByUuid(uuid_of("Snill Elg")), resource="ske-nowhere")

    assert (decision.outcome, decision.status) == ("Indeterminate", "processing-error")
    assert decision.message == "resource `ske-nowhere` has no policy"
    assert decision.stops_at == "resource"
    assert decision.reasons[0].remedy == "its owner registers the resource and publishes a policy"


@pytest.mark.parametrize(
    "subject, check, text",
    [
        (BySystemUser(NOBODY), Check.SUBJECT, f"system user `{NOBODY}` is not registered"),
        (ByUserId(999), Check.SUBJECT, "person `999` is not registered"),
        (
            ByPersonNumber(PersonNumber("26900700007")),
            Check.SUBJECT,
            "person `269007*****` is not registered",
        ),
        (
            ByOrganizationNumber(OrganizationNumber("313000125")),
            Check.SUBJECT,
            "organization `313000125` is not registered",
        ),
        (ByPartyId(999), Check.SUBJECT, "party `999` is not registered"),
    ],
)
def test_a_subject_nobody_registered_is_named(
    town: Town, subject: Subject, check: Check, text: str
) -> None:
    decision = explain(town, subject)

    assert found(decision, check) == text
    assert decision.stops_at == "subject"
    assert decision.outcome in {"NotApplicable", "Indeterminate"}


@pytest.mark.parametrize(
    "party, text",
    [
        (ByUuid(NOBODY), f"party `{NOBODY}` is not registered"),
        (ByPartyId(999), "party `999` is not registered"),
        (ByPersonNumber(PersonNumber("26900700007")), "party `269007*****` is not registered"),
        (
            ByOrganizationNumber(OrganizationNumber("313000125")),
            "party `313000125` is not registered",
        ),
    ],
)
def test_a_party_nobody_registered_is_named(town: Town, party: PartyReference, text: str) -> None:
    decision = explain(town, ByUuid(uuid_of("Snill Elg")), party)

    assert found(decision, Check.PARTY) == text
    assert decision.stops_at == "party"


def test_a_permit_tells_the_whole_chain(town: Town) -> None:
    decision = explain(town, ByUuid(uuid_of("Nøyaktig Havørn")))

    told = [(reason.check, reason.held) for reason in decision.reasons]
    assert told == [
        (Check.RESOURCE, True),
        (Check.SUBJECT, True),
        (Check.PARTY, True),
        (Check.ROLE, True),
        (Check.PACKAGE, True),
        (Check.POLICY_RULE, True),
        (Check.AUTHENTICATION_LEVEL, True),
    ]
    written = {reason.check: reason.written for reason in decision.reasons}
    assert str(written[Check.ROLE]).startswith("assignment ")
    assert written[Check.POLICY_RULE] == "rule urn:altinn:resource:ske-demo:ruleid:1"
    assert "and 127 more" in found(decision, Check.PACKAGE)
    assert decision.revision > 0


def test_a_refusal_tells_what_would_have_opened(town: Town) -> None:
    decision = explain(town, ByUuid(uuid_of("Snill Elg")))

    (rule,) = (reason for reason in decision.reasons if reason.check is Check.POLICY_RULE)
    assert rule.remedy == (
        "it opens for access packages: skattegrunnlag; BAKERIET AS (313000001) gives `Snill Elg`"
        " the access package `skattegrunnlag`"
    )
    assert found(decision, Check.SINGLE_RIGHT) == "no single right on `ske-demo` is given"


def test_an_attribute_without_a_word_of_ours_is_told_by_its_name(town: Town) -> None:
    rule = {"effect": "Permit", "resource": "ske-by-number", "action": "read"}
    policy = policy_from(
        {"combining": "deny-overrides", "rules": [{**rule, "number": ["313000125"]}]}
    )
    with town.database.authority(actor="x", correlation="") as work:
        made = resources.add_resource(work, a_resource("ske-by-number"))
        resources.set_policy(work, made, document_of(policy))

    decision = explain(town, ByUuid(uuid_of("Snill Elg")), resource="ske-by-number")

    (reason,) = (reason for reason in decision.reasons if reason.check is Check.POLICY_RULE)
    assert reason.remedy == (
        "it opens for urn:altinn:organization:identifier-no: 313000125; BAKERIET AS (313000001)"
        " gives `Snill Elg` a single right to the action"
    )


def test_what_else_a_rule_asks_for_is_not_told_as_something_to_hold(town: Town) -> None:
    wanted = ["string-equal", "summer", {"bag": "environment/urn:test:season"}]
    rule = {"effect": "Permit", "resource": "ske-season", "action": "read", "role": "dagl"}
    policy = policy_from(
        {"combining": "deny-overrides", "rules": [{**rule, "target": [[[wanted]]]}]}
    )
    with town.database.authority(actor="x", correlation="") as work:
        made = resources.add_resource(work, a_resource("ske-season"))
        resources.set_policy(work, made, document_of(policy))

    decision = explain(town, ByUuid(uuid_of("Snill Elg")), resource="ske-season")

    (reason,) = (reason for reason in decision.reasons if reason.check is Check.POLICY_RULE)
    assert reason.remedy is not None
    assert reason.remedy.startswith("it opens for roles: dagl")
    assert "summer" not in reason.remedy


def test_a_policy_that_fails_is_told(town: Town) -> None:
    rule = {
        "effect": "Permit",
        "resource": "ske-broken",
        "action": "read",
        "target": [[[["string-equal", "1", {"bag": "resource/urn:x", "must": True}]]]],
    }
    with town.database.authority(actor="x", correlation="") as work:
        made = resources.add_resource(work, a_resource("ske-broken"))
        policy = policy_from({"combining": "deny-overrides", "rules": [rule]})
        resources.set_policy(work, made, document_of(policy))

    decision = explain(town, ByUuid(uuid_of("Nøyaktig Havørn")), resource="ske-broken")

    assert (decision.outcome, decision.status) == ("Indeterminate", "missing-attribute")
    assert decision.message == "the attribute `urn:x` must be present, and is not"
    told = [reason.found for reason in decision.reasons if reason.check is Check.POLICY_RULE]
    assert decision.message in told


@pytest.mark.parametrize("hours, outcome", [(0, "Permit"), (11, "NotApplicable")])
def test_a_policy_that_asks_the_time_is_told_it(town: Town, hours: int, outcome: str) -> None:
    now = ["time-one-and-only", {"bag": "environment/" + names.CURRENT_TIME, "type": "time"}]
    rule = {
        "effect": "Permit",
        "resource": "ske-by-day",
        "action": "read",
        "condition": ["time-in-range", now, {"time": "08:00:00"}, {"time": "16:00:00"}],
    }
    with town.database.authority(actor="x", correlation="") as work:
        made = resources.add_resource(work, a_resource("ske-by-day"))
        policy = policy_from({"combining": "deny-overrides", "rules": [rule]})
        resources.set_policy(work, made, document_of(policy))
    clock = TestClock()
    clock.advance(timedelta(hours=hours))
    shelf = PolicyShelf(town.database)
    decisions = DecisionPoint(town.database, town.catalog, shelf, clock=clock)

    decision = decisions.decide(
        Question(ByUuid(uuid_of("Snill Elg")), "read", "ske-by-day", BAKERY)
    )

    assert (decision.outcome, decision.status) == (outcome, "ok")


def test_an_obligation_that_fails_leaves_what_the_policy_says(town: Town) -> None:
    obligation = {
        "id": "o",
        "with": "Permit",
        "assign": {"a": ["string-one-and-only", {"bag": "resource/urn:x"}]},
    }
    rule = {"effect": "Permit", "resource": "ske-owing", "action": "read", "role": "nobody"}
    with town.database.authority(actor="x", correlation="") as work:
        made = resources.add_resource(work, a_resource("ske-owing"))
        policy = policy_from(
            {"combining": "deny-overrides", "rules": [rule], "obligations": [obligation]}
        )
        resources.set_policy(work, made, document_of(policy))
    town.tell("given", {"from": "BAKERIET AS", "to": "Snill Elg", "rights": ["ske-owing:read"]})

    decision = explain(town, ByUuid(uuid_of("Snill Elg")), resource="ske-owing")

    assert (decision.outcome, decision.status) == ("NotApplicable", "ok")


def test_a_link_whose_form_no_longer_gives_the_package_is_told_with_the_clients_form(
    town: Town,
) -> None:
    from sqlalchemy import update  # noqa: PLC0415

    from fullmakt.foundation.storage.tables import metadata  # noqa: PLC0415

    town.tell("organizations", {"name": "SAMEIET", "form": "ESEK"})
    town.tell("organizations", {"name": "SAMEIET AVD", "parent": "SAMEIET"})
    role = {"from": "SAMEIET", "role": "forretningsforer", "to": "RETT REVISJON AS"}
    town.tell("roles", role)
    package = "forretningsforer-eiendom"
    town.tell("links", {"client": "SAMEIET", "to": "maestro", "packages": [package]})
    entities = metadata.tables["entities"]
    with town.database.engine.begin() as connection:
        of_client = entities.c.id == town.parties["SAMEIET"].id
        connection.execute(update(entities).where(of_client).values(form="AS"))

    decision = explain(town, BySystemUser(uuid_of("maestro")), ByUuid(uuid_of("SAMEIET AVD")))

    assert decision.stops_at == "basis"
    assert found(decision, Check.BASIS).endswith("does not give it for organisation form `AS`")


def test_a_question_without_subject_or_party_is_explained_by_the_policy_alone(town: Town) -> None:
    entries = {
        (names.ACTION, names.ACTION_ID): "read",
        (names.RESOURCE, names.RESOURCE_ID): "ske-demo",
    }

    decision = town.decisions.explain_asked(Asked(None, ("read",), "ske-demo", None, entries))

    assert [reason.check for reason in decision.reasons] == [Check.RESOURCE, Check.POLICY_RULE]
    assert decision.outcome == "NotApplicable"


def test_the_actions_of_a_resource_are_those_its_policy_knows(town: Town) -> None:
    assert town.decisions.actions_of("ske-demo") == {"read", "sign", "send"}
    assert town.decisions.actions_of("ske-nowhere") == frozenset()


def rights(town: Town, person: str, resource: str = "ske-demo") -> dict[str, tuple[bool, str]]:
    found: list[RightCheck] = town.decisions.check_rights(
        person=town.parties[person], giver=town.parties["BAKERIET AS"], resource=resource
    )
    return {check.right.action: (check.may_delegate, check.reason) for check in found}


def test_what_somebody_may_give_on_is_told_with_altinns_codes(town: Town) -> None:
    assert rights(town, "Nøyaktig Havørn") == {
        "read": (True, "PackageAccess"),
        "sign": (True, "RoleAccess"),
        "send": (False, "MissingPackageAccess"),
    }
    assert {reason for _, reason in rights(town, "Snill Elg").values()} == {"MissingPackageAccess"}


def test_a_single_right_may_be_given_on_as_a_delegation(town: Town) -> None:
    town.tell("given", {"from": "BAKERIET AS", "to": "Snill Elg", "rights": ["ske-demo:sign"]})

    assert rights(town, "Snill Elg")["sign"] == (True, "DelegationAccess")
    assert rights(town, "Snill Elg")["read"] == (False, "MissingPackageAccess")


def test_who_is_not_registered_gives_nothing_on(town: Town) -> None:
    stranger = replace(town.parties["Snill Elg"], uuid=NOBODY)

    found = town.decisions.check_rights(
        person=stranger, giver=town.parties["BAKERIET AS"], resource="ske-demo"
    )

    assert {check.reason for check in found} == {"MissingPackageAccess"}
    assert not any(check.may_delegate for check in found)


def test_where_the_policy_knows_no_packages_a_role_is_missing(town: Town) -> None:
    town.tell("resources", {"id": "ske-roles", "opens": [{"actions": ["x"], "roles": ["dagl"]}]})

    assert rights(town, "Snill Elg", "ske-roles") == {"x": (False, "MissingRoleAccess")}
    assert rights(town, "Snill Elg", "ske-nowhere") == {}


def test_an_app_is_asked_about_in_process_by_its_resource_id(town: Town) -> None:
    with town.database.authority(actor="x", correlation="") as work:
        app = resources.add_resource(work, VAT)
        xml = resources.default_policy(
            VAT.identifier, roles=["dagl"], packages=[], actions=["read"], minimum_level=3
        )
        resources.set_policy(work, app, xml)
    person = town.parties["Nøyaktig Havørn"]
    assert person.user_id is not None

    assert explain(town, ByUserId(person.user_id), resource=VAT.identifier).permitted


def test_the_policy_at_hand_is_the_one_of_the_last_barrier(town: Town) -> None:
    shelved = town.decisions.find_policy("ske-demo")

    assert shelved is not None
    assert (shelved.identifier, shelved.version) == ("ske-demo", 1)
    assert town.decisions.find_policy("ske-nowhere") is None
    assert town.decisions.is_inline is town.database.is_inline


def test_what_was_read_elsewhere_is_answered_by_the_policy_of_the_last_barrier(town: Town) -> None:
    asked = read_question(Question(ByUuid(uuid_of("Nøyaktig Havørn")), "read", "ske-demo", BAKERY))
    assert asked.subject is not None
    assert asked.party is not None
    town.decisions.catch_up()
    held = town.decisions.standings.get(asked.subject, asked.party)
    assert isinstance(held, Holdings)
    before = town.decisions.answer_held(asked, held)
    opens = [{"actions": ["read"], "packages": ["regnskapsforer-lonn"]}]
    town.tell("resources", {"id": "ske-demo", "opens": opens})

    unaware = town.decisions.answer_held(asked, held)
    town.decisions.catch_up()
    aware = town.decisions.answer_held(asked, held)

    assert [each.outcome for each in (before, unaware, aware)] == [
        Outcome.PERMIT,
        Outcome.PERMIT,
        Outcome.NOT_APPLICABLE,
    ]
