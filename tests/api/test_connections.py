"""Connections over HTTP: who gives whom what, who may see and change it, and why not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from fullmakt.access.connections import records
from fullmakt.access.connections.model import Reach, Record
from fullmakt.access.decisions.model import ByUserId, ByUuid, Question
from fullmakt.access.parties import service as parties
from fullmakt.access.parties.model import NewOrganization, Party
from fullmakt.foundation.events.ledger import list_events
from fullmakt.foundation.terms.numbers import OrganizationNumber
from tests.api.systems_world import (
    ADMINISTRATOR,
    APP,
    CLIENT,
    CLIENT_DIRECTOR,
    CLOSED_SERVICE,
    DIRECTOR,
    FIRM,
    OUTSIDER,
    PARTIAL_CLIENT,
    PORTAL,
    SCOPE_SERVICE,
    SERVICE,
    SIGNING,
    STRANGER,
    World,
    bearer,
    codes,
    reason,
)

BASE = "/accessmanagement/api/v1/enduser/connections"
PACKAGES, RESOURCES = f"{BASE}/accesspackages", f"{BASE}/resources"
RIGHTS = f"{RESOURCES}/rights"
SCOPES = "altinn:accessmanagement/enduser:connections"
UNKNOWN = "505f8488-3d48-4c15-8e21-35cb9432f815"
RIGHT_HOLDER_ROLE = "42cae370-2dc1-4fdc-9c67-c2f4b0f0f829"
TAX_URN, VAT_URN = (
    "urn:altinn:accesspackage:skattegrunnlag",
    "urn:altinn:accesspackage:merverdiavgift",
)


def uuid_of(world: World, number: str) -> str:
    """The party id of an organisation or a person."""
    party = world.organization(number) if len(number) == 9 else world.find_person(number)
    return str(party.uuid)


def call(
    world: World,
    method: str,
    path: str,
    *,
    by: str = CLIENT_DIRECTOR,
    headers: Any = None,  # noqa: ANN401  a mapping; `query` may be one given whole
    body: object = None,
    **query: str,
) -> httpx.Response:
    """A call with parties named by their numbers."""
    named = {
        name.rstrip("_"): uuid_of(world, value) if value.isdigit() else value
        for name, value in query.items()
    }
    return world.http.request(
        method, path, params=named, json=body, headers=headers or world.person(by)
    )


def give(world: World, package: str, to: str, *, by: str = CLIENT_DIRECTOR) -> httpx.Response:
    return call(world, "POST", PACKAGES, by=by, party=CLIENT, to=to, package=package)


def given(world: World, to: str) -> list[str]:
    """The packages given singly to somebody by the client."""
    answer = call(world, "GET", PACKAGES, party=CLIENT, from_=CLIENT, to=to)
    assert answer.status_code == 200, answer.text
    return [
        each["package"]["urn"]
        for each in answer.json()["data"]
        if any(way["role"]["code"] == "rettighetshaver" for way in each["permissions"])
    ]


def keys(world: World, resource: str = SERVICE) -> dict[str, str]:
    answer = call(world, "GET", f"{RESOURCES}/delegationcheck", party=CLIENT, resource=resource)
    return {
        each["right"]["action"]["value"]: each["right"]["key"] for each in answer.json()["rights"]
    }


def may(world: World, person: str, action: str = "read") -> bool:
    party = world.find_person(person)
    assert party.user_id is not None
    client = ByUuid(world.organization(CLIENT).uuid)
    question = Question(ByUserId(party.user_id), action, SERVICE, client)
    return world.decisions.decide(question).permitted


def told(answer: httpx.Response) -> tuple[list[str], str]:
    """The codes of a validation problem, and its details in one text."""
    return codes(answer), "; ".join(f.get("detail", "") for f in answer.json()["validationErrors"])


# --- giving and taking back packages --------------------------------------------------------------


def test_a_package_given_to_an_organisation_is_answered_listed_and_recorded(world: World) -> None:
    answer = give(world, TAX_URN, FIRM)

    assert answer.status_code == 200
    assert set(answer.json()) == {"id", "assignmentId", "packageId"}
    assert given(world, FIRM) == [TAX_URN]
    with world.database.reading() as reading:
        event = list_events(reading, after=0, most=1000)[-1]
    assert (event.kind, event.payload["packages"]) == ("access-given", ["skattegrunnlag"])
    assert event.actor == f"person:{uuid_of(world, CLIENT_DIRECTOR)}"


def test_giving_the_same_package_again_answers_the_same(world: World) -> None:
    assert give(world, TAX_URN, FIRM).json() == give(world, ":skattegrunnlag", FIRM).json()


def test_a_package_given_to_a_person_by_number_and_name_opens_the_service(world: World) -> None:
    assert not may(world, OUTSIDER)
    body = {"personIdentifier": OUTSIDER, "lastName": "kuleramme"}

    answer = call(world, "POST", PACKAGES, party=CLIENT, package=TAX_URN, body=body)

    assert answer.status_code == 200
    assert may(world, OUTSIDER)


@pytest.mark.parametrize(
    "number, last_name", [(OUTSIDER, "Surdeig"), ("17912099997", "Kuleramme"), ("1", "Kuleramme")]
)
def test_a_person_is_found_by_number_and_name_together_and_neither_is_told(
    world: World, number: str, last_name: str
) -> None:
    body = {"personIdentifier": number, "lastName": last_name}

    answer = call(world, "POST", PACKAGES, party=CLIENT, package=TAX_URN, body=body)

    found, detail = told(answer)
    assert found == ["AM.VLD-00034"]
    assert detail == "no person has that identity number and that last name"
    assert number not in answer.text or number == "1"


def test_a_package_that_is_taken_back_is_gone_at_once(world: World) -> None:
    give(world, TAX_URN, OUTSIDER)

    answer = call(
        world, "DELETE", PACKAGES, party=CLIENT, from_=CLIENT, to=OUTSIDER, package=TAX_URN
    )

    assert (answer.status_code, answer.content) == (204, b"")
    assert not may(world, OUTSIDER)
    again = call(
        world, "DELETE", PACKAGES, party=CLIENT, from_=CLIENT, to=OUTSIDER, package=TAX_URN
    )
    assert again.status_code == 204


def test_a_receiver_lets_go_of_a_package_itself(world: World) -> None:
    give(world, TAX_URN, FIRM)

    answer = call(
        world, "DELETE", PACKAGES, by=DIRECTOR, party=FIRM, from_=CLIENT, to=FIRM, package=TAX_URN
    )

    assert answer.status_code == 204
    assert given(world, FIRM) == []


@pytest.mark.parametrize(
    "package, to, code, why",
    [
        ("urn:altinn:accesspackage:no-such", FIRM, "AM.VLD-00011", "is called"),
        (
            "urn:altinn:accesspackage:regnskapsforer-lonn",
            FIRM,
            "AM.VLD-00048",
            "follows from a role",
        ),
        ("urn:altinn:accesspackage:hovedadministrator", FIRM, "AM.VLD-00028", "not to organisa"),
        (
            "urn:altinn:accesspackage:virksomhetens-representant-skjemaoppgaver",
            FIRM,
            "AM.VLD-00028",
            "not to organisations",
        ),
        ("urn:altinn:accesspackage:innbygger-samliv", FIRM, "AM.VLD-00028", "another kind of par"),
        (TAX_URN, CLIENT, "AM.VLD-00009", "cannot give to itself"),
        (TAX_URN, UNKNOWN, "AM.VLD-00006", "no party has id"),
    ],
)
def test_a_package_that_does_not_go_there_is_refused_with_the_reason(
    world: World, package: str, to: str, code: str, why: str
) -> None:
    found, detail = told(give(world, package, to))

    assert found == [code]
    assert why in detail


def test_main_administration_goes_to_a_person(world: World) -> None:
    assert give(world, "urn:altinn:accesspackage:hovedadministrator", OUTSIDER).status_code == 200


def test_an_access_manager_gives_only_what_is_held_with_the_right_to_give_it_on(
    world: World,
) -> None:
    give(world, "urn:altinn:accesspackage:tilgangsstyrer", OUTSIDER)

    found, detail = told(give(world, TAX_URN, FIRM, by=OUTSIDER))

    assert found == ["AM.VLD-00026"]
    assert detail.endswith(
        "may not give `skattegrunnlag` on for `FJORDGLØTT BAKERI AS`: nothing held"
    )
    assert given(world, FIRM) == []


def test_a_main_administrator_gives_on_what_the_person_does_not_hold(world: World) -> None:
    give(world, "urn:altinn:accesspackage:hovedadministrator", OUTSIDER)

    assert give(world, TAX_URN, FIRM, by=OUTSIDER).status_code == 200
    found, detail = told(
        give(world, "urn:altinn:accesspackage:hovedadministrator", ADMINISTRATOR, by=OUTSIDER)
    )
    assert (found, "nothing held" in detail) == (["AM.VLD-00026"], True)


def test_a_system_user_of_the_party_is_given_a_package_and_an_agent_is_not(world: World) -> None:
    world.register()
    own, agent = world.approved_standard(), world.approved_agent()
    by_firm = {"by": DIRECTOR, "party": FIRM, "package": VAT_URN}

    assert call(world, "POST", PACKAGES, to=own, **by_firm).status_code == 200
    found, detail = told(call(world, "POST", PACKAGES, to=agent, **by_firm))
    assert (found, "link clients to it" in detail) == (["AM.VLD-00008"], True)
    found, detail = told(give(world, VAT_URN, own))
    assert (found, "is not a system user of" in detail) == (["AM.VLD-00008"], True)


# --- right holders --------------------------------------------------------------------------------


def test_a_right_holder_is_added_once_and_has_nothing_yet(world: World) -> None:
    first = call(world, "POST", BASE, party=CLIENT, to=FIRM)

    assert first.status_code == 200
    assert first.json() == {
        "id": first.json()["id"],
        "roleId": RIGHT_HOLDER_ROLE,
        "fromId": uuid_of(world, CLIENT),
        "toId": uuid_of(world, FIRM),
    }
    assert call(world, "POST", BASE, party=CLIENT, to=FIRM).json() == first.json()
    assert given(world, FIRM) == []


def test_a_right_holder_with_packages_is_removed_only_with_cascade(world: World) -> None:
    give(world, TAX_URN, OUTSIDER)
    sides = {"party": CLIENT, "from_": CLIENT, "to": OUTSIDER}

    found, detail = told(call(world, "DELETE", BASE, **sides))
    assert found == ["AM.VLD-00010"]
    assert "has `skattegrunnlag`; set `cascade`" in detail
    assert may(world, OUTSIDER)

    assert call(world, "DELETE", BASE, **sides, cascade="true").status_code == 204
    assert not may(world, OUTSIDER)
    assert call(world, "DELETE", BASE, **sides).status_code == 204


def test_what_a_removed_right_holder_had_does_not_return_with_a_new_one(world: World) -> None:
    give(world, TAX_URN, OUTSIDER)
    call(world, "DELETE", BASE, party=CLIENT, from_=CLIENT, to=OUTSIDER, cascade="true")

    assert call(world, "POST", BASE, party=CLIENT, to=OUTSIDER).status_code == 200
    assert given(world, OUTSIDER) == []
    assert not may(world, OUTSIDER)


# --- single rights --------------------------------------------------------------------------------


def rights_of(world: World, to: str) -> list[str]:
    answer = call(world, "GET", RIGHTS, party=CLIENT, from_=CLIENT, to=to, resource=SERVICE)
    assert answer.status_code == 200, answer.text
    return [each["right"]["action"]["value"] for each in answer.json()["directRights"]]


def give_rights(
    world: World, *wanted: str, method: str = "POST", by: str = CLIENT_DIRECTOR
) -> httpx.Response:
    body = {"directRightKeys": list(wanted)}
    return call(
        world, method, RIGHTS, by=by, body=body, party=CLIENT, to=OUTSIDER, resource=SERVICE
    )


def test_a_right_is_given_by_its_key_replaced_and_taken_back(world: World) -> None:
    known = keys(world)
    assert known["read"] == f"read;{SERVICE};{known['read'].rpartition(';')[2]}"

    assert give_rights(world, known["read"]).status_code == 201
    assert (may(world, OUTSIDER), may(world, OUTSIDER, "write")) == (True, False)
    assert give_rights(world, known["write"]).status_code == 201
    assert rights_of(world, OUTSIDER) == ["read", "write"]
    assert give_rights(world, known["write"], method="PUT").status_code == 200
    assert (may(world, OUTSIDER), may(world, OUTSIDER, "write")) == (False, True)
    gone = call(
        world, "DELETE", RESOURCES, party=CLIENT, from_=CLIENT, to=OUTSIDER, resource=SERVICE
    )
    assert gone.status_code == 204
    assert rights_of(world, OUTSIDER) == []
    assert not may(world, OUTSIDER, "write")


def test_a_right_to_an_app_is_about_its_owner_and_name(world: World) -> None:
    answer = call(world, "GET", f"{RESOURCES}/delegationcheck", party=CLIENT, resource=APP)

    right = answer.json()["rights"][0]["right"]
    assert right["resource"] == [
        {"type": "urn:altinn:org", "value": "skd"},
        {"type": "urn:altinn:app", "value": "mva-melding-innsending-v1"},
    ]
    assert right["key"].startswith("read;mva-melding-innsending-v1;skd;")


def test_an_unknown_key_is_refused_by_its_place_and_nothing_is_given(world: World) -> None:
    answer = give_rights(world, keys(world)["read"], "read")

    assert told(answer) == (["AM.VLD-00002"], f"`read` is no right to `{SERVICE}`")
    assert answer.json()["validationErrors"][0]["paths"] == ["/directRightKeys/1"]
    assert rights_of(world, OUTSIDER) == []


def test_a_right_that_the_person_may_not_give_on_is_refused_with_its_reason_code(
    world: World,
) -> None:
    give(world, "urn:altinn:accesspackage:tilgangsstyrer", ADMINISTRATOR)

    found, detail = told(give_rights(world, keys(world)["read"], by=ADMINISTRATOR))

    assert found == ["AM.VLD-00026"]
    assert detail.endswith("`FJORDGLØTT BAKERI AS`: MissingPackageAccess")


def test_rights_by_role_are_listed_beside_those_given_singly(world: World) -> None:
    answer = call(
        world, "GET", RIGHTS, party=CLIENT, from_=CLIENT, to=CLIENT_DIRECTOR, resource=SERVICE
    )

    assert answer.json()["directRights"] == []
    assert [
        (each["right"]["action"]["value"], each["reason"])
        for each in answer.json()["indirectRights"]
    ] == [("read", "PackageAccess"), ("write", "PackageAccess")]


def test_services_with_single_rights_are_listed_with_who_gave_them(world: World) -> None:
    give_rights(world, keys(world)["read"])

    answer = call(world, "GET", RESOURCES, party=CLIENT, from_=CLIENT, to=OUTSIDER)

    (entry,) = answer.json()["data"]
    assert entry["resource"]["refId"] == SERVICE
    (way,) = entry["permissions"]
    assert (way["from"]["id"], way["to"]["id"]) == (
        uuid_of(world, CLIENT),
        uuid_of(world, OUTSIDER),
    )
    assert (way["role"]["code"], way["reason"], way["via"]) == ("rettighetshaver", "Direct", None)


@pytest.mark.parametrize(
    "resource, code", [("no-such-service", "AM.VLD-00002"), ("", "The resource field")]
)
def test_an_unknown_service_is_refused(world: World, resource: str, code: str) -> None:
    answer = call(world, "GET", f"{RESOURCES}/delegationcheck", party=CLIENT, resource=resource)

    assert answer.status_code == 400
    assert code in answer.text


# --- delegation checks ----------------------------------------------------------------------------


def test_the_check_of_packages_names_what_each_answer_rests_on(world: World) -> None:
    query = f"party={uuid_of(world, CLIENT)}&packages=skattegrunnlag&packages=:regnskapsforer-lonn"
    answer = world.http.get(
        f"{PACKAGES}/delegationcheck?{query}", headers=world.person(CLIENT_DIRECTOR)
    )

    body = answer.json()
    assert body["links"] == {"next": None}
    yes, no = body["data"]
    assert (yes["package"]["urn"], yes["result"]) == (TAX_URN, True)
    assert yes["reasons"][0]["description"] == "Direct-RolePackage"
    assert yes["reasons"][0]["roleUrn"] == "urn:altinn:external-role:ccr:daglig-leder"
    assert yes["reasons"][0]["fromId"] == uuid_of(world, CLIENT)
    assert yes["reasons"][0]["toId"] == uuid_of(world, CLIENT_DIRECTOR)
    assert [each["description"] for each in yes["reasons"]] == [
        "Direct-RolePackage",
        "Direct-RolePackage-HovedAdmin",
    ]
    assert (no["result"], no["reasons"][0]["description"]) == (False, "NoAccess")
    assert "never assignable" in no["reasons"][0]["explanation"]


def test_without_a_filter_every_package_of_the_partys_kind_is_checked(world: World) -> None:
    answer = call(world, "GET", f"{PACKAGES}/delegationcheck", party=CLIENT)

    assert len(answer.json()["data"]) == 147


@pytest.mark.parametrize(
    "resource, codes_by_action",
    [
        (SERVICE, {"read": "RoleAccess", "write": "RoleAccess"}),
        (CLOSED_SERVICE, {"read": "MissingPackageAccess", "write": "MissingPackageAccess"}),
        (
            SCOPE_SERVICE,
            {"read": "ResourceIsMaskinPortenSchema", "write": "ResourceIsMaskinPortenSchema"},
        ),
    ],
)
def test_the_check_of_a_service_has_a_reason_code_for_each_right(
    world: World, resource: str, codes_by_action: dict[str, str]
) -> None:
    answer = call(world, "GET", f"{RESOURCES}/delegationcheck", party=CLIENT, resource=resource)

    rights = answer.json()["rights"]
    found = {each["right"]["action"]["value"]: each["reasonCodes"] for each in rights}
    assert found == {action: [code] for action, code in codes_by_action.items()}
    assert all(each["result"] == (each["reasonCodes"] == ["RoleAccess"]) for each in rights)


# --- listing --------------------------------------------------------------------------------------


def test_connections_of_a_client_name_its_accountant_and_people_below_it(world: World) -> None:
    give(world, TAX_URN, FIRM)

    answer = call(world, "GET", BASE, party=CLIENT, from_=CLIENT)

    found = {each["party"]["name"]: each for each in answer.json()["data"]}
    assert set(found) == {"Mild Surdeig", "RETT REVISJON AS"}
    firm = found["RETT REVISJON AS"]
    assert [role["code"] for role in firm["roles"]] == ["regnskapsforer", "rettighetshaver"]
    assert TAX_URN in [package["urn"] for package in firm["packages"]]
    (below,) = firm["connections"]
    assert (below["party"]["name"], below["viaRole"]["code"]) == ("Nøyaktig Havørn", "daglig-leder")


def test_connections_to_an_accountant_name_its_clients(world: World) -> None:
    answer = call(world, "GET", BASE, by=DIRECTOR, party=FIRM, to=FIRM)

    found = {each["party"]["name"]: each for each in answer.json()["data"]}
    assert set(found) == {"FJORDGLØTT BAKERI AS", "LILLEVIK HANDEL AS"}
    assert [p["urn"] for p in found["LILLEVIK HANDEL AS"]["packages"]] == [TAX_URN]


def set_status(world: World, number: str, *, deleted: bool = False, bankrupt: bool = False) -> None:
    with world.changing() as work:
        parties.change_status(
            work,
            world.organization(number),
            deleted_at=work.now if deleted else None,
            bankrupt_at=work.now if bankrupt else None,
        )


def listed_givers(world: World, party: Party) -> set[str]:
    """Who is listed as having given the party something."""
    with world.database.reading() as reading:
        return {record.giver.name for record in records.list_held(reading, world.catalog, party)}


def test_a_deleted_client_is_listed_no_longer_as_it_is_permitted_no_longer(world: World) -> None:
    give(world, TAX_URN, OUTSIDER)
    assert may(world, OUTSIDER)
    assert "FJORDGLØTT BAKERI AS" in listed_givers(world, world.organization(FIRM))
    assert "FJORDGLØTT BAKERI AS" in listed_givers(world, world.find_person(OUTSIDER))

    set_status(world, CLIENT, deleted=True)

    assert not may(world, OUTSIDER)
    assert listed_givers(world, world.organization(FIRM)) == {"LILLEVIK HANDEL AS"}
    assert "FJORDGLØTT BAKERI AS" not in listed_givers(world, world.find_person(OUTSIDER))


def test_a_director_of_a_bankrupt_client_is_listed_no_longer_and_its_accountant_is(
    world: World,
) -> None:
    director = CLIENT_DIRECTOR
    assert may(world, director)
    assert "FJORDGLØTT BAKERI AS" in listed_givers(world, world.find_person(director))

    set_status(world, CLIENT, bankrupt=True)

    assert not may(world, director)
    assert "FJORDGLØTT BAKERI AS" not in listed_givers(world, world.find_person(director))
    assert "FJORDGLØTT BAKERI AS" in listed_givers(world, world.organization(FIRM))


def test_clients_of_a_bankrupt_accountant_are_not_listed_below_its_director(world: World) -> None:
    assert "FJORDGLØTT BAKERI AS" in listed_givers(world, world.find_person(DIRECTOR))

    set_status(world, FIRM, bankrupt=True)

    assert not may(world, DIRECTOR)
    assert listed_givers(world, world.find_person(DIRECTOR)) == set()


def connection(world: World, giver: Party, receiver: Party) -> list[Record]:
    """The ways in which the receiver has something for the giver."""
    with world.database.reading() as reading:
        return records.list_given(reading, world.catalog, giver, receiver=receiver)


def agent_for(world: World, *, role: str, package: str) -> Party:
    """An agent system user of the firm, with a package of the client that rests on the role."""
    held = {"giver": world.organization(CLIENT), "holder": world.organization(FIRM)}
    with world.changing() as work:
        if parties.find_assignment(work, held["giver"], held["holder"], role) is None:
            parties.begin_role(work, role=role, **held)
    world.register()
    agent = world.approved_agent()
    delegated = world.http.post(
        "/accessmanagement/api/v1/enduser/clientdelegations/agents/accesspackages",
        params={"party": uuid_of(world, FIRM), "from": uuid_of(world, CLIENT), "to": agent},
        json={"values": [{"role": role, "packages": [package]}]},
        headers=world.person(DIRECTOR),
    )
    assert delegated.status_code == 200, delegated.text
    with world.database.reading() as reading:
        found = parties.find_party(reading, UUID(agent))
    assert found is not None
    return found


def test_accountants_of_an_enterprise_are_listed_for_its_owner(world: World) -> None:
    owner, firm = world.find_person(OUTSIDER), world.organization(FIRM)
    with world.changing() as work:
        enterprise = parties.add_organization(
            work,
            NewOrganization(
                OrganizationNumber("312800454"), "HANSTAD SNEKKERI", "ENK", uuid4(), 51009999
            ),
        )
        parties.begin_role(work, role="innehaver", giver=enterprise, holder=owner)
        parties.begin_role(work, role="regnskapsforer", giver=enterprise, holder=firm)

    (record,) = connection(world, owner, firm)

    assert (record.giver.id, record.role, record.reach) == (
        enterprise.id,
        "regnskapsforer",
        (Reach.ENTERPRISE,),
    )
    assert "HANSTAD SNEKKERI" in listed_givers(world, firm)
    assert owner.name not in listed_givers(world, firm)


def test_what_an_agent_has_of_a_bankrupt_client_by_its_directors_role_is_listed_no_longer(
    world: World,
) -> None:
    agent = agent_for(world, role="deltaker-delt-ansvar", package=TAX_URN)
    client = world.organization(CLIENT)
    assert [record.role for record in connection(world, client, agent)] == ["deltaker-delt-ansvar"]

    set_status(world, CLIENT, bankrupt=True)

    assert connection(world, client, agent) == []


def test_what_a_system_user_of_a_deleted_owner_has_is_listed_no_longer(world: World) -> None:
    agent = agent_for(world, role="regnskapsforer", package=SIGNING)
    client = world.organization(CLIENT)
    assert [record.role for record in connection(world, client, agent)] == ["regnskapsforer"]

    set_status(world, FIRM, deleted=True)

    assert connection(world, client, agent) == []
    assert listed_givers(world, agent) == set()


def test_a_party_is_told_with_the_originals_member_names(world: World) -> None:
    answer = call(world, "GET", BASE, party=CLIENT, from_=CLIENT, to=FIRM)

    (found,) = answer.json()["data"]
    assert found["party"] == {
        "id": uuid_of(world, FIRM),
        "name": "RETT REVISJON AS",
        "type": "Organisasjon",
        "variant": "AS",
        "parent": None,
        "children": None,
        "partyid": world.party_id(FIRM),
        "userId": None,
        "username": None,
        "organizationIdentifier": FIRM,
        "personIdentifier": None,
        "dateOfBirth": None,
        "dateOfDeath": None,
        "isDeleted": False,
        "deletedAt": None,
    }


def test_a_role_is_told_with_the_originals_member_names(world: World) -> None:
    answer = call(world, "GET", BASE, party=CLIENT, from_=CLIENT, to=FIRM)

    (role,) = answer.json()["data"][0]["roles"]
    assert role["legacyurn "] == "urn:altinn:rolecode:regn"
    assert set(role) == {"id", "code", "urn", "legacyurn ", "children"}


def test_no_identity_number_is_told(world: World) -> None:
    answer = call(world, "GET", BASE, party=CLIENT, from_=CLIENT)

    assert CLIENT_DIRECTOR not in answer.text


# --- authority ------------------------------------------------------------------------------------

CALLS = [
    ("GET", BASE, "read", {}),
    ("POST", BASE, "write", {}),
    ("DELETE", BASE, "write", {}),
    ("GET", PACKAGES, "read", {}),
    ("POST", PACKAGES, "write", {"package": TAX_URN}),
    ("DELETE", PACKAGES, "write", {"package": TAX_URN}),
    ("GET", f"{PACKAGES}/delegationcheck", "read", {}),
    ("GET", RESOURCES, "read", {}),
    ("DELETE", RESOURCES, "write", {"resource": SERVICE}),
    ("GET", f"{RESOURCES}/delegationcheck", "read", {"resource": SERVICE}),
    ("GET", RIGHTS, "read", {"resource": SERVICE}),
    ("POST", RIGHTS, "write", {"resource": SERVICE}),
    ("PUT", RIGHTS, "write", {"resource": SERVICE}),
]
each_call = pytest.mark.parametrize(
    "method, path, action, more", CALLS, ids=[f"{m} {p[len(BASE) :]}" for m, p, _, _ in CALLS]
)


def ask(
    world: World,
    method: str,
    path: str,
    more: dict[str, str],
    *,
    headers: dict[str, str],
    party: str = CLIENT,
) -> httpx.Response:
    body: object = {"directRightKeys": []} if path == RIGHTS and method != "GET" else None
    sides = {"party": party, "from_": party, "to": FIRM if party != FIRM else CLIENT}
    return call(world, method, path, headers=headers, body=body, **sides, **more)


@each_call
def test_no_token_is_no_entrance(
    world: World, method: str, path: str, action: str, more: dict[str, str]
) -> None:
    answer = ask(world, method, path, more, headers={"accept": "*/*"})

    assert answer.status_code == 401
    assert "a bearer token is needed" in reason(answer)


@each_call
def test_an_expired_token_says_when_it_expired(
    world: World, method: str, path: str, action: str, more: dict[str, str]
) -> None:
    headers = bearer(world.token(PORTAL, lives=timedelta(minutes=-5)))

    answer = ask(world, method, path, more, headers=headers)

    assert answer.status_code == 401
    assert "the token expired at" in reason(answer)


@each_call
def test_a_token_without_the_scope_of_the_direction_is_told_which(
    world: World, method: str, path: str, action: str, more: dict[str, str]
) -> None:
    wrong = f"{SCOPES}:fromothers.{action}"

    answer = ask(world, method, path, more, headers=world.person(CLIENT_DIRECTOR, wrong))

    assert answer.status_code == 403
    assert f"{SCOPES}:toothers.{action}" in reason(answer)


@each_call
def test_the_scope_of_the_direction_lets_in(
    world: World, method: str, path: str, action: str, more: dict[str, str]
) -> None:
    headers = world.person(CLIENT_DIRECTOR, f"{SCOPES}:toothers.{action}")

    assert ask(world, method, path, more, headers=headers).is_success


@each_call
def test_somebody_who_does_not_manage_access_for_the_party_is_told_why(
    world: World, method: str, path: str, action: str, more: dict[str, str]
) -> None:
    answer = ask(world, method, path, more, headers=world.person(OUTSIDER))

    assert answer.status_code == 403
    told = reason(answer)
    assert f"{action} on altinn_access_management for `FJORDGL" in told
    assert "no access package towards the party" in told


@each_call
def test_another_party_than_ones_own_is_refused(
    world: World, method: str, path: str, action: str, more: dict[str, str]
) -> None:
    answer = ask(world, method, path, more, headers=world.person(CLIENT_DIRECTOR), party=FIRM)

    assert answer.status_code == 403
    assert "altinn_access_management" in reason(answer)


@each_call
def test_a_person_logged_in_at_a_low_level_is_told_which_is_needed(
    world: World, method: str, path: str, action: str, more: dict[str, str]
) -> None:
    headers = world.person(CLIENT_DIRECTOR, PORTAL, level=2)

    answer = ask(world, method, path, more, headers=headers)

    assert answer.status_code == 403
    assert "authentication level 3 is needed; the token has 2" in reason(answer)


@each_call
def test_a_vendors_token_names_nobody_who_may(
    world: World, method: str, path: str, action: str, more: dict[str, str]
) -> None:
    answer = ask(world, method, path, more, headers=world.vendor(PORTAL))

    assert answer.status_code == 403
    assert "neither a person nor a system user" in reason(answer)


def test_the_party_must_be_one_of_the_sides(world: World) -> None:
    answer = call(world, "GET", BASE, party=CLIENT, from_=FIRM, to=STRANGER)

    found, detail = told(answer)
    assert found == ["AM.VLD-00009"]
    assert "must be the party that is acted for" in detail


def test_a_party_that_is_not_registered_is_refused_like_one_that_is_not_ones_own(
    world: World,
) -> None:
    answer = call(world, "GET", BASE, party=UNKNOWN, from_=UNKNOWN)

    assert answer.status_code == 403
    assert "no party has id" in reason(answer)


@pytest.mark.parametrize("name, value", [("party", "x"), ("to", "12")])
def test_an_id_that_is_none_is_refused_by_name(world: World, name: str, value: str) -> None:
    query = {"party": uuid_of(world, CLIENT), "from": uuid_of(world, CLIENT), name: value}

    answer = world.http.get(BASE, params=query, headers=world.person(CLIENT_DIRECTOR))

    assert answer.json()["errors"] == {name: [f"The value '{value}' is not valid."]}


def test_a_person_whose_role_ended_gives_nothing_more_and_what_was_given_stays(
    world: World,
) -> None:
    give(world, TAX_URN, OUTSIDER)
    with world.changing() as work:
        parties.end_role(
            work,
            role="daglig-leder",
            giver=world.organization(CLIENT),
            holder=world.find_person(CLIENT_DIRECTOR),
        )

    answer = give(world, VAT_URN, OUTSIDER)

    assert (answer.status_code, may(world, OUTSIDER)) == (403, True)
    assert "write on altinn_access_management for `FJORDGL" in reason(answer)


def test_a_partial_client_gives_the_package_that_is_missing(world: World) -> None:
    answer = call(world, "POST", PACKAGES, party=PARTIAL_CLIENT, to=FIRM, package=VAT_URN)

    assert answer.status_code == 200
    assert str(UUID(answer.json()["packageId"])) == answer.json()["packageId"]
