"""Written policies: what a plain rule opens is what the evaluator permits."""

from __future__ import annotations

import pytest

from fullmakt.access.policy import names
from fullmakt.access.policy.outcome import Decision
from fullmakt.access.policy.outline import Opening
from fullmakt.access.policy.request import RequestAttributes, StringBag
from fullmakt.access.policy.write import PlainRule, write_policy
from tests.unit.policy.examples import ACTION, APP, OWNER, asking, compiled

FILING = PlainRule(
    actions=["read", "write"],
    roles=["DAGL"],
    packages=["urn:altinn:accesspackage:skattegrunnlag"],
    organizations=["974761076"],
)


@pytest.mark.parametrize(
    "subject",
    [{"role": "dagl"}, {"role": "DAGL"}, {"package": StringBag(["post", "skattegrunnlag"])}],
)
def test_a_plain_rule_opens_for_each_of_its_subjects(subject: dict[str, str | StringBag]) -> None:
    policy = compiled(write_policy("ske-demo", [FILING]))

    answer = policy.evaluate(asking(resource="ske-demo", action="write", **subject))

    assert answer.decision is Decision.PERMIT
    assert answer.matched_rules == ("urn:altinn:resource:ske-demo:ruleid:1",)


@pytest.mark.parametrize(
    "asked",
    [
        {"resource": "ske-demo", "action": "sign", "role": "dagl"},
        {"resource": "ske-other", "action": "read", "role": "dagl"},
        {"resource": "ske-demo", "action": "READ", "role": "dagl"},
        {"resource": "ske-demo", "action": "read", "role": "lede"},
        {"resource": "ske-demo", "action": "read"},
    ],
)
def test_a_plain_rule_opens_for_nothing_else(asked: dict[str, str]) -> None:
    policy = compiled(write_policy("ske-demo", [FILING]))

    assert policy.evaluate(asking(**asked)).decision is Decision.NOT_APPLICABLE


def test_an_app_is_named_by_its_owner_and_app() -> None:
    policy = compiled(write_policy("app_skd_mva-melding", [FILING]))
    entries = {ACTION: "read", (names.SUBJECT, names.ROLE_CODE): "dagl"}
    as_app = RequestAttributes(entries | {OWNER: "skd", APP: "mva-melding"})
    as_other_app = RequestAttributes(entries | {OWNER: "skd", APP: "skattemelding"})

    assert policy.resources == {"app_skd_mva-melding"}
    assert policy.evaluate(as_app).decision is Decision.PERMIT
    assert policy.evaluate(as_other_app).decision is Decision.NOT_APPLICABLE


def test_an_app_can_be_named_by_its_registry_id() -> None:
    policy = compiled(write_policy("app_skd_mva-melding", [FILING], app_by_owner=False))

    asked = asking(resource="app_skd_mva-melding", action="read", role="dagl")

    assert policy.evaluate(asked).decision is Decision.PERMIT


def test_the_minimum_level_comes_with_a_permit_only() -> None:
    policy = compiled(write_policy("ske-demo", [FILING], minimum_level=3))

    permitted = policy.evaluate(asking(resource="ske-demo", action="read", role="dagl"))
    not_permitted = policy.evaluate(asking(resource="ske-demo", action="read"))

    (obligation,) = permitted.obligations
    (assignment,) = obligation.assignments
    assert obligation.directive_id == names.MINIMUM_LEVEL_OBLIGATION
    assert (assignment.category, assignment.text) == (names.MINIMUM_LEVEL, "3")
    assert not_permitted.obligations == ()


def test_what_is_written_can_be_listed() -> None:
    rule = PlainRule(actions=["read"], roles=["Dagl"], packages=["skattegrunnlag"])

    policy = compiled(write_policy("ske-demo", [rule]))

    rule_id = "urn:altinn:resource:ske-demo:ruleid:1"
    assert policy.openings() == (
        Opening("ske-demo", "read", names.ROLE_CODE, "dagl", rule_id),
        Opening("ske-demo", "read", names.ACCESS_PACKAGE, "skattegrunnlag", rule_id),
    )
    assert policy.subject_attributes == {names.ROLE_CODE, names.ACCESS_PACKAGE}


@pytest.mark.parametrize("actions, roles", [([], ["dagl"]), (["read"], [])])
def test_a_plain_rule_needs_an_action_and_somebody(actions: list[str], roles: list[str]) -> None:
    with pytest.raises(ValueError, match="needs an action, and a role"):
        PlainRule(actions=actions, roles=roles)


def test_markup_in_a_value_stays_a_value() -> None:
    rule = PlainRule(actions=["<read>&"], roles=['da"gl'], description="<b>")

    policy = compiled(write_policy("ske-demo", [rule]))

    asked = asking(resource="ske-demo", action="<read>&", role='da"gl')
    assert policy.evaluate(asked).decision is Decision.PERMIT
    assert policy.outlines[0].description == "<b>"
