"""A service, its policy and its lists: a refusal names what would help; doing that permits."""

from __future__ import annotations

import re

import pytest

from fullmakt.access.decisions.model import Check
from fullmakt.foundation.terms import urns
from tests.api.control import test_explain_remedies
from tests.api.control.explaining import (
    CLIENT,
    MENDED,
    SIGNING,
    VAT,
    ask,
    link,
    mends,
    owner_headers,
    publish,
    register_service,
    stop,
    vat,
)
from tests.api.control.served import Control

REGN, AGENT = "regn", "ab37a780-c0ba-5841-8f64-a809b36991af"
MANAGING_AGENT, HOUSING = "808a9e19-e93d-5a93-8e30-bb00cee3779b", "312600269"


def opened_to_list(control: Control, service: str, name: str, **connection: object) -> None:
    """Put the client on a list of the service owner's that opens the service."""
    registry, headers = owner_headers(control, "altinn:resourceregistry/accesslist.write")
    lists = f"{registry}/access-lists/skd/{name}"
    for method, path, body in (
        ("PUT", "", {"name": name, "description": "De første"}),
        ("PUT", f"/resource-connections/{service}", connection),
        ("POST", "/members", {"data": [f"urn:altinn:organization:identifier-no:{CLIENT}"]}),
    ):
        answer = control.stranger.request(method, lists + path, json=body, headers=headers)
        assert answer.is_success, answer.text


@pytest.mark.parametrize("check", Check)
def test_every_kind_of_node_is_mended(check: Check) -> None:
    tests = {*vars(test_explain_remedies), *globals()}
    assert tests & {*MENDED[check]}, "no test mends it"


@mends(Check.RESOURCE)
def test_a_resource_is_registered_with_a_policy(control: Control) -> None:
    question = {"systemUser": REGN, "action": "read", "resource": "ske-ny-tjeneste"}
    before = stop(ask(control, **question, party=CLIENT), "resource")

    register_service(control, "ske-ny-tjeneste")

    assert "`ske-ny-tjeneste` is not in the resource registry" in before["found"]
    assert "publishes a policy" in before["remedy"]
    assert ask(control, **question, party=CLIENT)["decision"] == "Permit"


@mends(Check.POLICY_RULE)
def test_an_action_the_policy_knows_is_asked_for(control: Control) -> None:
    question = {"systemUser": REGN, "resource": VAT, "party": CLIENT}
    before = stop(ask(control, **question, action="burn"), "policy-rule")

    named = before["remedy"].rpartition(": ")[2].split(", ")

    assert "is about action `burn`" in before["found"]
    assert "write" in named
    assert ask(control, **question, action="write")["decision"] == "Permit"


@mends(Check.POLICY_RULE)
def test_another_system_user_of_the_owner_would_work(control: Control) -> None:
    assert link(control, MANAGING_AGENT, HOUSING).status_code == 200
    told = vat(control, MANAGING_AGENT, HOUSING)
    before = stop(told, "policy-rule")

    others = {each["externalRef"]: each["systemUser"] for each in told["instead"]}

    assert "does not open action `write`" in before["found"]
    assert f"`{SIGNING}`" in before["remedy"]
    assert others["regn"] == AGENT
    assert vat(control, others["regn"], HOUSING)["decision"] == "Permit"


def test_the_level_of_login_is_told_with_a_permit(control: Control) -> None:
    told = vat(control, REGN, CLIENT)

    (level,) = [each for each in told["reasons"] if each["check"] == "authentication-level"]
    assert level["held"]
    assert level["found"] == "the policy asks for authentication level 3"


@mends(Check.ACCESS_LIST)
def test_a_party_is_put_on_an_access_list(control: Control) -> None:
    service = "ske-for-utvalgte"
    register_service(control, service, accessListMode="Enabled")
    question = {"systemUser": REGN, "action": "read", "resource": service, "party": CLIENT}
    before = stop(ask(control, **question), "access-list")

    opened_to_list(control, service, "utvalgte")

    assert before["found"] == f"the party is on no access list of `{service}`"
    assert "puts the party on a list" in before["remedy"]
    assert ask(control, **question)["decision"] == "Permit"


@mends(Check.AUTHENTICATION_LEVEL)
def test_a_level_that_no_system_user_has_is_lowered(control: Control) -> None:
    service = "ske-paa-hoeyt-nivaa"
    register_service(control, service, minimumAuthenticationLevel=4, roles=["dagl"])
    question = {"action": "read", "resource": service, "party": CLIENT}
    told = ask(control, systemUser=REGN, **question)
    (before,) = [each for each in told["reasons"] if each["check"] == "authentication-level"]
    by_person = ask(control, subjectPerson="Mild Surdeig", **question)

    registry, headers = owner_headers(control, "altinn:resourceregistry/resource.write")
    path = f"{registry}/resource/{service}/policy"
    policy = control.stranger.get(path).text
    assert policy.count(">4<") == 1
    publish(control, path, policy.replace(">4<", ">3<"), headers)

    assert told["decision"] == "Permit"
    assert not before["held"]
    assert "asks for authentication level 4; a system user's token has 3" in before["found"]
    assert "asks for a lower one" in before["remedy"]
    assert all(each["held"] for each in by_person["reasons"])
    after = ask(control, systemUser=REGN, **question)
    assert all(each["held"] for each in after["reasons"])


@mends(Check.POLICY_RULE)
def test_a_rule_that_denies_is_told_with_its_owner(control: Control) -> None:
    service = "ske-nektet"
    register_service(control, service, roles=["dagl"])
    question = {"action": "read", "resource": service, "party": CLIENT}
    registry, headers = owner_headers(control, "altinn:resourceregistry/resource.write")
    path = f"{registry}/resource/{service}/policy"
    allowing = control.stranger.get(path).text
    denying = allowing.replace('Effect="Permit"', 'Effect="Deny"')
    publish(control, path, denying, headers)
    before = stop(ask(control, systemUser=REGN, **question), "policy-rule")

    publish(control, path, allowing, headers)

    assert "the policy denies action `read`" in before["found"]
    assert "rule urn:altinn:resource:ske-nektet" in before["written"]
    assert before["remedy"].startswith("212000019 changes the rule")
    assert ask(control, systemUser=REGN, **question)["decision"] == "Permit"


@mends(Check.ACCESS_LIST)
def test_a_list_that_the_party_is_on_opens_the_action(control: Control) -> None:
    service = "ske-for-noen-til-noe"
    register_service(control, service, accessListMode="Enabled")
    question = {"systemUser": REGN, "action": "read", "resource": service, "party": CLIENT}
    opened_to_list(control, service, "noe", actionFilters=["write"])
    before = stop(ask(control, **question), "access-list")

    opened_to_list(control, service, "noe", actionFilters=["read", "write"])

    assert "that the party is on opens `read`" in before["found"]
    assert before["remedy"] == "212000019 lets one of the lists open the action"
    assert before["written"].endswith(":noe")
    assert ask(control, **question)["decision"] == "Permit"


@mends(Check.ACCESS_LIST)
def test_where_the_party_is_a_person_an_organisation_is_asked_for(control: Control) -> None:
    service = "ske-for-virksomheter"
    register_service(control, service, accessListMode="Enabled", roles=["priv", "dagl"])
    question = {"subjectPerson": "Mild Surdeig", "action": "read", "resource": service}
    before = stop(ask(control, **question, party="Mild Surdeig"), "access-list")

    opened_to_list(control, service, "virksomheter")

    assert "is for organisations on its access lists" in before["found"]
    assert before["remedy"] == "ask for an organisation that is on one of the lists"
    assert ask(control, **question, party=CLIENT)["decision"] == "Permit"


@mends(Check.POLICY_RULE)
def test_a_policy_that_asks_for_what_nobody_said_is_mended(control: Control) -> None:
    service = "ske-med-krav"
    register_service(control, service)
    question = {"systemUser": REGN, "action": "read", "resource": service, "party": CLIENT}
    registry, headers = owner_headers(control, "altinn:resourceregistry/resource.write")
    path = f"{registry}/resource/{service}/policy"
    sound = control.stranger.get(path).text
    asked, wanted = f'"{urns.ACCESS_PACKAGE}"', '"urn:altinn:authlevel"'
    demanding, times = re.subn(f'{asked}([^>]*MustBePresent=)"false"', rf'{wanted}\1"true"', sound)
    assert times
    publish(control, path, demanding, headers)
    before = stop(ask(control, **question), "policy-rule")

    publish(control, path, sound, headers)

    assert "urn:altinn:authlevel" in before["found"]
    assert before["remedy"].startswith("212000019 mends the policy")
    assert ask(control, **question)["decision"] == "Permit"
