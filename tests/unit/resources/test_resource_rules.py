"""What a resource must be, and what its policy must name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fullmakt.access.policy.parse import parse_policy
from fullmakt.access.policy.write import PlainRule, write_policy
from fullmakt.access.resources.errors import PolicyNamesNoResource, PolicyNamesOtherResource
from fullmakt.access.resources.flat_rules import (
    MOST_COMBINATIONS,
    RuleAttribute,
    RuleCombination,
    combinations_of,
    subjects_of,
)
from fullmakt.access.resources.model import AuthorizationAttribute, Resource, ResourceType
from fullmakt.access.resources.rules import check_policy_is_about, check_resource
from fullmakt.foundation.terms.problem import InvalidInput
from tests.unit.resources.builders import JOINTLY_OWNED, VAT, a_policy, a_resource

ID_TEXT = "Invalid id. Only a-z and 0-9 is allowed together with _ and -.  Minimum 4 characters"


@pytest.mark.parametrize("identifier", ["abc", "Store-bokstaver", "mellom rom", "æøå-tjeneste", ""])
def test_an_identifier_has_four_or_more_of_few_characters(identifier: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_resource(a_resource(identifier))

    assert refused.value.errors == {"Identifier": (ID_TEXT,)}


@pytest.mark.parametrize("new", [JOINTLY_OWNED, VAT])
def test_a_service_and_an_app_are_accepted(new: Resource) -> None:
    check_resource(new)


def test_a_migrated_app_may_have_a_colon_in_its_identifier() -> None:
    check_resource(
        replace(VAT, identifier="app_skd_a1-43:1.0", resource_type=ResourceType.MIGRATED_APP)
    )


def test_an_identifier_is_not_longer_than_the_registry_keeps() -> None:
    with pytest.raises(InvalidInput) as refused:
        check_resource(a_resource("a" * 256))

    assert refused.value.errors == {
        "Identifier": ("Invalid id. At most 255 characters, all printable",)
    }


def test_only_an_app_may_be_called_one() -> None:
    with pytest.raises(InvalidInput) as refused:
        check_resource(a_resource("app_skd_noe"))

    assert refused.value.errors["Identifier"] == (
        "Invalid Prefix. app_ is only for Altinn Studio apps",
    )


def test_only_an_old_service_may_have_the_old_prefix() -> None:
    with pytest.raises(InvalidInput) as refused:
        check_resource(a_resource("se_1234_1"))

    assert refused.value.errors["Identifier"] == (
        "Invalid prefix. Only to be used for Altinn 2 services",
    )


def test_an_app_is_named_after_its_owner_and_refers_to_itself() -> None:
    with pytest.raises(InvalidInput) as refused:
        check_resource(replace(VAT, identifier="app_nav_mva", references=()))

    assert refused.value.errors == {
        "Identifier": ("The identifier of an app must begin with `app_skd_`",),
        "ResourceReferences": ("An app needs a reference of type `ApplicationId`",),
    }


def test_a_resource_has_a_type() -> None:
    with pytest.raises(InvalidInput) as refused:
        check_resource(a_resource("noe-annet", ResourceType.DEFAULT))

    assert refused.value.errors == {"ResourceType": ("ResourceType needs to be set",)}


def registered(identifier: str, resource_type: ResourceType) -> Resource:
    return Resource(
        identifier=identifier,
        resource_type=resource_type,
        owner=VAT.owner,
        owner_code="skd",
        title=VAT.title,
    )


def test_a_decision_is_asked_about_a_service_by_its_identifier() -> None:
    service = registered("ske-skattegrunnlag", ResourceType.GENERIC_ACCESS_RESOURCE)

    assert service.authorization_reference == (
        AuthorizationAttribute("urn:altinn:resource", "ske-skattegrunnlag"),
    )


def test_a_decision_is_asked_about_an_app_by_owner_and_name() -> None:
    app = registered("app_skd_mva-melding_v2", ResourceType.ALTINN_APP)

    assert app.authorization_reference == (
        AuthorizationAttribute("urn:altinn:org", "skd"),
        AuthorizationAttribute("urn:altinn:app", "mva-melding_v2"),
    )


@pytest.mark.parametrize("identifier", [JOINTLY_OWNED.identifier, VAT.identifier])
def test_a_policy_about_its_own_resource_is_accepted(identifier: str) -> None:
    check_policy_is_about(parse_policy(a_policy(identifier)), identifier)


def test_a_policy_about_another_resource_is_refused() -> None:
    policy = parse_policy(a_policy("ske-noe-annet"))

    with pytest.raises(PolicyNamesOtherResource) as refused:
        check_policy_is_about(policy, "ske-innrapportering-boligsameie")

    assert refused.value.text_status == 400
    assert refused.value.text == (
        "Policy not accepted: Contains rules for a different registry resource"
    )


def test_one_rule_about_another_resource_among_several_is_enough() -> None:
    own, other = (parse_policy(a_policy(each)) for each in ("ske-tjeneste", "ske-noe-annet"))

    with pytest.raises(PolicyNamesOtherResource) as refused:
        check_policy_is_about(replace(own, rules=own.rules + other.rules), "ske-tjeneste")

    assert refused.value.rule_id == other.rules[0].rule_id


def test_a_rule_that_names_no_resource_is_refused() -> None:
    policy = parse_policy(a_policy("ske-tjeneste"))
    (rule,) = policy.rules
    subjects, _, actions = rule.target.any_ofs
    wide = replace(rule, target=replace(rule.target, any_ofs=(subjects, actions)))

    with pytest.raises(PolicyNamesNoResource) as refused:
        check_policy_is_about(replace(policy, rules=(wide,)), "ske-tjeneste")

    assert refused.value.text == (
        "Policy not accepted: Contains rule without reference to registry resource id"
    )


def test_a_rule_is_laid_flat_as_each_subject_with_each_action() -> None:
    policy = parse_policy(a_policy("ske-tjeneste"))

    resource = (RuleAttribute("urn:altinn:resource", "ske-tjeneste"),)
    action = "urn:oasis:names:tc:xacml:1.0:action:action-id"
    assert list(combinations_of(policy)) == [
        RuleCombination((RuleAttribute(kind, value),), RuleAttribute(action, name), resource)
        for kind, value in (
            ("urn:altinn:rolecode", "dagl"),
            ("urn:altinn:accesspackage", "skattegrunnlag"),
        )
        for name in ("read", "write")
    ]


def test_a_rule_that_can_be_met_in_too_many_ways_is_not_laid_flat() -> None:
    many = [f"action-{number}" for number in range(MOST_COMBINATIONS + 1)]
    rules = [PlainRule(actions=many, roles=["dagl"]), PlainRule(actions=["read"], roles=["lede"])]
    policy = parse_policy(write_policy("ske-tjeneste", rules))

    assert [each.subjects for each in combinations_of(policy)] == [
        (RuleAttribute("urn:altinn:rolecode", "lede"),)
    ]


def test_a_subject_named_by_two_rules_is_listed_once() -> None:
    rules = [
        PlainRule(actions=["read"], roles=["DAGL"], packages=["skattegrunnlag"]),
        PlainRule(actions=["write"], roles=["dagl"]),
    ]
    policy = parse_policy(write_policy("ske-tjeneste", rules))

    assert subjects_of(policy) == (
        RuleAttribute("urn:altinn:rolecode", "dagl"),
        RuleAttribute("urn:altinn:accesspackage", "skattegrunnlag"),
    )
