"""Each kind of refusal names what is missing and what would help; doing that gives a permit."""

from __future__ import annotations

from uuid import uuid4

from fullmakt.access.decisions.model import Check
from tests.api.control.explaining import (
    CLIENT,
    DIRECTOR,
    FIRM,
    PACKAGES,
    PAYMENTS,
    SIGNING,
    STRANGER,
    VAT,
    ask,
    control_call,
    link,
    mends,
    new_agent,
    new_system_user,
    party_id,
    party_uuid,
    person_headers,
    register_service,
    role,
    stop,
    vat,
)
from tests.api.control.served import Control, organization

REGN, AGENT = "regn", "ab37a780-c0ba-5841-8f64-a809b36991af"
TECHNICS, TECHNICS_DIRECTOR = "312800454", "25858622010"
AUDITED, SHIPYARD, EMPLOYEE = "312500019", "312700131", "27919001270"
AUDITED_DIRECTOR = "24847512675"
SHIPYARD_PARTNER, GIVEN = "03846420354", "skattegrunnlag"


@mends(Check.SUBJECT)
def test_a_system_user_nobody_made_is_asked_for_and_approved(control: Control) -> None:
    before = stop(vat(control, str(uuid4()), CLIENT), "subject")

    made = new_agent(control, "asked-for", SIGNING)
    assert link(control, made, CLIENT).status_code == 200

    assert "is not registered" in before["found"]
    assert "asks the customer" in before["remedy"]
    assert vat(control, made, CLIENT)["decision"] == "Permit"


@mends(Check.SUBJECT)
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


@mends(Check.OWNER)
def test_the_deletion_of_an_owner_is_taken_back(control: Control) -> None:
    control_call(control, "status", party=FIRM, slettedato="2020-01-01")
    before = stop(vat(control, REGN, CLIENT), "owner")

    control_call(control, "status", party=FIRM)

    assert "RETT REVISJON AS (312300028) is deleted" in before["found"]
    assert "takes the deletion back" in before["remedy"]
    assert vat(control, REGN, CLIENT)["decision"] == "Permit"


@mends(Check.OWNER)
def test_a_system_user_of_its_own_is_made_for_another_organisation(control: Control) -> None:
    question = {"action": "read", "resource": PAYMENTS, "party": AUDITED}
    before = stop(ask(control, systemUser="betalinger", **question), "owner")

    made = new_system_user(
        control, "own", owner=AUDITED, by=AUDITED_DIRECTOR, packages=("skattegrunnlag",)
    )

    assert "acts for EGENMELDING TEKNIKK AS (312800454) and its sub-units alone" in before["found"]
    assert "a system user of its own" in before["remedy"]
    assert ask(control, systemUser=made, **question)["decision"] == "Permit"


@mends(Check.PARTY)
def test_a_party_is_registered_and_becomes_a_client(control: Control) -> None:
    number = "313000044"
    before = stop(vat(control, REGN, number), "party")

    control_call(control, "organizations", **organization(number))
    role(control, "REGN", number, FIRM)
    assert link(control, AGENT, number).status_code == 200

    assert f"`{number}` is not registered" in before["found"]
    assert "is registered" in before["remedy"]
    assert vat(control, REGN, number)["decision"] == "Permit"


@mends(Check.PARTY)
def test_the_deletion_of_a_party_is_taken_back(control: Control) -> None:
    control_call(control, "status", party=CLIENT, slettedato="2020-01-01")
    before = stop(vat(control, REGN, CLIENT), "party")

    control_call(control, "status", party=CLIENT)

    assert "FJORDGLØTT BAKERI AS (312400014), which is deleted" in before["found"]
    assert "takes the deletion back" in before["remedy"]
    assert vat(control, REGN, CLIENT)["decision"] == "Permit"


@mends(Check.CLIENT_LINK)
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


@mends(Check.CLIENT_LINK)
def test_somebody_becomes_a_client_and_is_linked(control: Control) -> None:
    before = stop(vat(control, REGN, TECHNICS), "client-link")

    role(control, "REGN", TECHNICS, FIRM)
    link(control, AGENT, TECHNICS)

    assert "it is not a client of RETT REVISJON AS" in before["found"]
    assert "registers RETT REVISJON AS (312300028) as accountant" in before["remedy"]
    assert vat(control, REGN, TECHNICS)["decision"] == "Permit"


@mends(Check.BASIS)
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


@mends(Check.ROLE)
def test_a_person_gets_a_role(control: Control) -> None:
    question = {"subjectPerson": EMPLOYEE, "action": "write", "resource": VAT}
    before = stop(ask(control, **question, party=STRANGER), "role")

    role(control, "DAGL", STRANGER, EMPLOYEE)

    assert "holds no role in NORDLYS RØR OG VARME AS" in before["found"]
    assert "merverdiavgift" in before["remedy"]
    assert ask(control, **question, party=STRANGER)["decision"] == "Permit"


@mends(Check.PACKAGE)
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
    again = ask(control, systemUser=bare, **question)

    assert before["found"] == "no access package towards the party"
    assert "`merverdiavgift`" in before["remedy"]
    assert "EGENMELDING TEKNIKK AS (312800454) approves it" in before["remedy"]
    assert told["instead"] == []
    (other,) = again["instead"]
    assert other == {"systemUser": made, "name": "Maestro vat", "externalRef": "vat"}
    assert ask(control, systemUser=made, **question)["decision"] == "Permit"


@mends(Check.CLIENT_LINK)
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


@mends(Check.SINGLE_RIGHT)
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
        givenBy=SHIPYARD_PARTNER,
    )

    assert told["decision"] == "NotApplicable"
    assert not before["held"]
    assert f"gives `Kvikk Tverrfløyte` `read` on `{PAYMENTS}`" in before["remedy"]
    assert ask(control, **question, party=SHIPYARD)["decision"] == "Permit"


@mends(Check.SUBJECT)
def test_a_person_who_is_not_registered_is_registered(control: Control) -> None:
    number = "17912099997"
    question = {"subjectPerson": number, "action": "write", "resource": VAT, "party": STRANGER}
    before = stop(ask(control, **question), "subject")

    control_call(control, "people", personidentifikator=number, fornavn="Ny", etternavn="Sjef")
    role(control, "DAGL", STRANGER, number)

    assert "person `179120*****` is not registered" in before["found"]
    assert before["remedy"].startswith("it is registered")
    assert ask(control, **question)["decision"] == "Permit"


@mends(Check.BASIS)
def test_what_was_taken_back_is_given_again_and_the_client_is_linked_again(
    control: Control,
) -> None:
    gift = {"from": SHIPYARD, "to": FIRM, "accessPackages": [GIVEN], "givenBy": SHIPYARD_PARTNER}
    question = {"action": "read", "resource": "ske-gitt", "party": SHIPYARD}
    register_service(control, "ske-gitt", accessPackages=[PACKAGES + GIVEN])
    control_call(control, "delegations", **gift)
    agent = new_agent(control, "given", GIVEN)
    link(control, agent, SHIPYARD)
    control_call(control, "delegations/end", **gift)
    before = stop(ask(control, systemUser=agent, **question), "basis")

    control_call(control, "delegations", **gift)
    link(control, agent, SHIPYARD)

    assert f"rests on KYSTVERKSTEDET DA (312700131) having given `{GIVEN}`" in before["found"]
    assert "gives RETT REVISJON AS (312300028) it again" in before["remedy"]
    assert ", grant " in before["written"]
    assert ask(control, systemUser=agent, **question)["decision"] == "Permit"


@mends(Check.CLIENT_LINK)
def test_the_own_firm_is_added_as_a_client(control: Control) -> None:
    register_service(control, "ske-egen", accessPackages=[PACKAGES + GIVEN])
    agent = new_agent(control, "own-firm", GIVEN)
    question = {"systemUser": agent, "action": "read", "resource": "ske-egen", "party": FIRM}
    before = stop(ask(control, **question), "client-link")

    path = f"/authentication/api/v1/systemuser/agent/{party_id(control, FIRM)}/{agent}/self"
    answer = control.stranger.post(
        path,
        params={"partyUuid": party_uuid(control, FIRM)},
        headers=person_headers(control, DIRECTOR),
    )

    assert answer.json() is True, answer.text
    assert "it is the system user's own firm, which gave it nothing for itself" in before["found"]
    assert "adds it as a client of its own system user" in before["remedy"]
    assert ask(control, **question)["decision"] == "Permit"


@mends(Check.SINGLE_RIGHT)
def test_a_service_is_asked_for_singly_for_the_own_organisation(control: Control) -> None:
    bare = new_system_user(
        control, "not-singly", owner=AUDITED, by=AUDITED_DIRECTOR, packages=("merverdiavgift",)
    )
    question = {"action": "read", "resource": PAYMENTS, "party": AUDITED}
    told = ask(control, systemUser=bare, **question)
    (before,) = [each for each in told["reasons"] if each["check"] == "single-right"]

    made = new_system_user(
        control, "singly", owner=AUDITED, by=AUDITED_DIRECTOR, services=(PAYMENTS,)
    )

    assert before["found"] == f"no single right on `{PAYMENTS}` is given"
    assert "approves a system user with `read`" in before["remedy"]
    assert ask(control, systemUser=made, **question)["decision"] == "Permit"
