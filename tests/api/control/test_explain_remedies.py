"""Each kind of refusal names what is missing and what would help; doing that gives a permit."""

from __future__ import annotations

from uuid import uuid4

from tests.api.control.explaining import (
    CLIENT,
    DIRECTOR,
    FIRM,
    PAYMENTS,
    SIGNING,
    STRANGER,
    VAT,
    ask,
    control_call,
    link,
    new_agent,
    new_system_user,
    owner_headers,
    party_id,
    person_headers,
    publish,
    role,
    stop,
    vat,
)
from tests.api.control.served import Control, organization

REGN, AGENT = "regn", "ab37a780-c0ba-5841-8f64-a809b36991af"
MANAGING_AGENT, HOUSING = "808a9e19-e93d-5a93-8e30-bb00cee3779b", "312600269"
TECHNICS, TECHNICS_DIRECTOR = "312800454", "25858622010"
AUDITED, SHIPYARD, EMPLOYEE = "312500019", "312700131", "27919001270"


def register_service(control: Control, identifier: str, **changes: object) -> None:
    """Register a service that opens to accountants."""
    texts = {"nb": "Ny", "nn": "Ny", "en": "New"}
    entry = {
        "identifier": identifier,
        "resourceType": "GenericAccessResource",
        "owner": "212000019",
        "accessPackages": [f"urn:altinn:accesspackage:{SIGNING}"],
        "actions": ["read", "write"],
        **dict.fromkeys(("title", "description", "rightDescription"), texts),
        **changes,
    }
    control_call(control, "world", resources=[entry])


def test_a_resource_is_registered_with_a_policy(control: Control) -> None:
    question = {"systemUser": REGN, "action": "read", "resource": "ske-ny-tjeneste"}
    before = stop(ask(control, **question, party=CLIENT), "resource")

    register_service(control, "ske-ny-tjeneste")

    assert "`ske-ny-tjeneste` is not in the resource registry" in before["found"]
    assert "publishes a policy" in before["remedy"]
    assert ask(control, **question, party=CLIENT)["decision"] == "Permit"


def test_a_system_user_nobody_made_is_asked_for_and_approved(control: Control) -> None:
    before = stop(vat(control, str(uuid4()), CLIENT), "subject")

    made = new_agent(control, "asked-for", SIGNING)
    assert link(control, made, CLIENT).status_code == 200

    assert "is not registered" in before["found"]
    assert "asks the customer" in before["remedy"]
    assert vat(control, made, CLIENT)["decision"] == "Permit"


def test_in_place_of_a_deleted_system_user_another_is_made(control: Control) -> None:
    made = new_agent(control, "to-be-deleted", SIGNING)
    link(control, made, CLIENT)
    path = f"/authentication/api/v1/systemuser/agent/{party_id(control, FIRM)}/{made}"
    deleted = control.stranger.delete(path, headers=person_headers(control, DIRECTOR))
    assert deleted.status_code == 200, deleted.text
    told = vat(control, made, CLIENT)

    before = stop(told, "subject")
    again = new_agent(control, "made-again", SIGNING)
    link(control, again, CLIENT)

    assert "and deleted" in before["found"]
    assert "new system user" in before["remedy"]
    assert "regn" in {each["externalRef"] for each in told["instead"]}
    assert vat(control, again, CLIENT)["decision"] == "Permit"


def test_the_deletion_of_an_owner_is_taken_back(control: Control) -> None:
    control_call(control, "status", party=FIRM, slettedato="2020-01-01")
    before = stop(vat(control, REGN, CLIENT), "owner")

    control_call(control, "status", party=FIRM)

    assert "RETT REVISJON AS (312300028) is deleted" in before["found"]
    assert "takes the deletion back" in before["remedy"]
    assert vat(control, REGN, CLIENT)["decision"] == "Permit"


def test_a_system_user_of_its_own_is_made_for_another_organisation(control: Control) -> None:
    question = {"action": "read", "resource": PAYMENTS, "party": AUDITED}
    before = stop(ask(control, systemUser="betalinger", **question), "owner")

    made = new_system_user(
        control, "own", owner=AUDITED, by="24847512675", packages=("skattegrunnlag",)
    )

    assert "acts for EGENMELDING TEKNIKK AS (312800454) and its sub-units alone" in before["found"]
    assert "a system user of its own" in before["remedy"]
    assert ask(control, systemUser=made, **question)["decision"] == "Permit"


def test_a_party_is_registered_and_becomes_a_client(control: Control) -> None:
    number = "313000044"
    before = stop(vat(control, REGN, number), "party")

    control_call(control, "organizations", **organization(number))
    role(control, "REGN", number, FIRM)
    assert link(control, AGENT, number).status_code == 200

    assert f"`{number}` is not registered" in before["found"]
    assert "is registered" in before["remedy"]
    assert vat(control, REGN, number)["decision"] == "Permit"


def test_the_deletion_of_a_party_is_taken_back(control: Control) -> None:
    control_call(control, "status", party=CLIENT, slettedato="2020-01-01")
    before = stop(vat(control, REGN, CLIENT), "party")

    control_call(control, "status", party=CLIENT)

    assert "FJORDGLØTT BAKERI AS (312400014), which is deleted" in before["found"]
    assert "takes the deletion back" in before["remedy"]
    assert vat(control, REGN, CLIENT)["decision"] == "Permit"


def test_a_client_is_linked(control: Control) -> None:
    before = stop(vat(control, REGN, STRANGER), "client-link")

    assert link(control, AGENT, STRANGER).status_code == 200

    assert "it is a client of RETT REVISJON AS (312300028) as regnskapsforer" in before["found"]
    assert "links it to this system user" in before["remedy"]
    told = vat(control, REGN, STRANGER)
    assert told["decision"] == "Permit"
    (linked, _) = [each for each in told["reasons"] if each["check"] == "client-link"]
    assert linked["revision"] > 0
    assert linked["since"].endswith("Z")


def test_somebody_becomes_a_client_and_is_linked(control: Control) -> None:
    before = stop(vat(control, REGN, TECHNICS), "client-link")

    role(control, "REGN", TECHNICS, FIRM)
    link(control, AGENT, TECHNICS)

    assert "it is not a client of RETT REVISJON AS" in before["found"]
    assert "registers RETT REVISJON AS (312300028) as accountant" in before["remedy"]
    assert vat(control, REGN, TECHNICS)["decision"] == "Permit"


def test_a_relation_that_ended_begins_anew_and_the_client_is_linked_again(
    control: Control,
) -> None:
    agent = new_agent(control, "basis", SIGNING)
    link(control, agent, CLIENT)
    role(control, "REGN", CLIENT, FIRM, ends=True)
    before = stop(vat(control, agent, CLIENT), "basis")
    role(control, "REGN", CLIENT, FIRM)
    between = vat(control, agent, CLIENT)
    link(control, agent, CLIENT)
    link(control, AGENT, CLIENT)

    assert "which ended in revision" in before["found"]
    assert "is registered as `regnskapsforer`" in before["remedy"]
    assert "the client is linked again" in before["remedy"]
    assert before["written"].startswith("assignment ")
    assert before["since"]
    assert between["stopsAt"] == "basis"
    assert vat(control, agent, CLIENT)["decision"] == "Permit"


def test_a_person_gets_a_role(control: Control) -> None:
    question = {"subjectPerson": EMPLOYEE, "action": "write", "resource": VAT}
    before = stop(ask(control, **question, party=STRANGER), "role")

    role(control, "DAGL", STRANGER, EMPLOYEE)

    assert "holds no role in NORDLYS RØR OG VARME AS" in before["found"]
    assert "merverdiavgift" in before["remedy"]
    assert ask(control, **question, party=STRANGER)["decision"] == "Permit"


def test_a_system_user_without_packages_is_made_with_one(control: Control) -> None:
    bare = new_system_user(
        control, "bare", owner=TECHNICS, by=TECHNICS_DIRECTOR, services=(PAYMENTS,)
    )
    question = {"action": "write", "resource": VAT, "party": TECHNICS}
    told = ask(control, systemUser=bare, **question)
    before = stop(told, "package")

    made = new_system_user(
        control, "vat", owner=TECHNICS, by=TECHNICS_DIRECTOR, packages=("merverdiavgift",)
    )
    after = ask(control, systemUser=made, **question)

    assert before["found"] == "no access package towards the party"
    assert "`merverdiavgift`" in before["remedy"]
    assert "EGENMELDING TEKNIKK AS (312800454) approves it" in before["remedy"]
    assert told["instead"] == []
    assert after["decision"] == "Permit"
    (other,) = ask(control, systemUser=bare, **question)["instead"]
    assert other == {"systemUser": made, "name": "Maestro vat", "externalRef": "vat"}


def test_an_action_the_policy_knows_is_asked_for(control: Control) -> None:
    question = {"systemUser": REGN, "resource": VAT, "party": CLIENT}
    before = stop(ask(control, **question, action="burn"), "policy-rule")

    named = before["remedy"].rpartition(": ")[2].split(", ")

    assert "is about action `burn`" in before["found"]
    assert "write" in named
    assert ask(control, **question, action="write")["decision"] == "Permit"


def test_another_system_user_of_the_owner_would_work(control: Control) -> None:
    assert link(control, MANAGING_AGENT, HOUSING).status_code == 200
    told = vat(control, MANAGING_AGENT, HOUSING)
    before = stop(told, "policy-rule")

    others = {each["externalRef"]: each["systemUser"] for each in told["instead"]}

    assert "does not open action `write`" in before["found"]
    assert f"`{SIGNING}`" in before["remedy"]
    assert others["regn"] == AGENT
    assert vat(control, others["regn"], HOUSING)["decision"] == "Permit"


def test_a_single_service_the_client_gave_is_carried_and_linked(control: Control) -> None:
    question = {"action": "read", "resource": PAYMENTS, "party": SHIPYARD}
    before = stop(ask(control, systemUser=REGN, **question), "client-link")

    agent = new_system_user(control, "nav", kind="/agent", services=(PAYMENTS,))
    assert link(control, agent, SHIPYARD).status_code == 200
    after = ask(control, systemUser=agent, **question)

    assert "it is a client of RETT REVISJON AS (312300028) as rettighetshaver" in before["found"]
    assert after["decision"] == "Permit"
    (singly,) = [each for each in after["reasons"] if each["check"] == "single-right"]
    assert singly["held"]


def test_a_single_right_is_given_where_no_rule_opens(control: Control) -> None:
    role(control, "MEDL", SHIPYARD, EMPLOYEE)
    question = {"subjectPerson": EMPLOYEE, "action": "read", "resource": PAYMENTS}
    told = ask(control, **question, party=SHIPYARD)
    (before,) = [each for each in told["reasons"] if each["check"] == "single-right"]

    control_call(
        control,
        "delegations",
        **{"from": SHIPYARD, "toPerson": EMPLOYEE, "accessPackages": []},
        resources=[PAYMENTS],
        givenBy="03846420354",
    )

    assert told["decision"] == "NotApplicable"
    assert not before["held"]
    assert f"gives `Kvikk Tverrfløyte` `read` on `{PAYMENTS}`" in before["remedy"]
    assert ask(control, **question, party=SHIPYARD)["decision"] == "Permit"


def test_the_level_of_login_is_told_with_a_permit(control: Control) -> None:
    told = vat(control, REGN, CLIENT)

    (level,) = [each for each in told["reasons"] if each["check"] == "authentication-level"]
    assert level["held"]
    assert level["found"] == "the policy asks for authentication level 3"


def test_a_party_is_put_on_an_access_list(control: Control) -> None:
    service = "ske-for-utvalgte"
    register_service(control, service, accessListMode="Enabled")
    question = {"systemUser": REGN, "action": "read", "resource": service, "party": CLIENT}
    before = stop(ask(control, **question), "access-list")

    registry, headers = owner_headers(control, "altinn:resourceregistry/accesslist.write")
    lists = f"{registry}/access-lists/skd/utvalgte"
    for method, path, body in (
        ("PUT", "", {"name": "Utvalgte", "description": "De første"}),
        ("PUT", f"/resource-connections/{service}", {}),
        ("POST", "/members", {"data": [f"urn:altinn:organization:identifier-no:{CLIENT}"]}),
    ):
        answer = control.stranger.request(method, lists + path, json=body, headers=headers)
        assert answer.is_success, answer.text

    assert before["found"] == f"the party is on no access list of `{service}`"
    assert "puts the party on a list" in before["remedy"]
    assert ask(control, **question)["decision"] == "Permit"


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
