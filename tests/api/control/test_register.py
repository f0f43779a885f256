"""The register over HTTP: organisations, people, roles, delegations, clients, keys and scopes."""

from __future__ import annotations

import pytest

from fullmakt.foundation.jose.keys import PrivateKey
from tests.api.control.served import Control, Json, organization, told, told_at_once

RETT, BAKERI, MAESTRO = "312300028", "312400014", "312300109"
HAVORN, EMPLOYEE = "12837402229", "27919001270"
MAESTRO_CLIENT = "f1d55a89-81f2-5e38-ab93-821d641efc8d"


def test_an_organisation_gets_the_ids_it_did_not_bring(control: Control) -> None:
    answer = control.known.post("/fullmakt/organizations", json=organization("312400294"))

    assert answer.status_code == 201
    made = answer.json()
    assert made["organisasjonsnummer"] == "312400294"
    assert made["partyId"] > 0
    known = control.stranger.get("/fullmakt/world").json()["organisations"]
    assert any(unit["partyUuid"] == made["partyUuid"] for unit in known)


@pytest.mark.parametrize(
    "unit, fault",
    [
        (organization("312300029"), "organisasjonsnummer: `312300029` fails its check digit"),
        (organization("31230002"), "must be an organisation number of 9 digits"),
        (organization("312400367", navn=""), "navn: `` must be text"),
        (
            organization("312400367", organisasjonsform={"kode": "XX"}),
            ".kode: `XX`",
        ),
        (
            organization("312400367", organisasjonsform="AS"),
            "organisasjonsform: `AS` must be an object",
        ),
        (organization("312400367", partyId=51000001), "has a number or id that"),
        (organization("312400367", overordnetEnhet="313300102"), "is not registered"),
        (organization("312400367", colour="red"), "`colour` is not a member here"),
        (organization(RETT), "has a number or id that `RETT REVISJON AS` has already"),
        ({}, "organisasjonsnummer: `null` is missing"),
    ],
)
def test_an_organisation_with_a_fault_is_not_registered(
    control: Control, unit: Json, fault: str
) -> None:
    answer = control.known.post("/fullmakt/organizations", json=unit)

    assert answer.status_code == 400
    assert fault in told_at_once(answer)


@pytest.mark.parametrize(
    "number, fault",
    [
        ("12837402228", "fails its check digits"),
        ("01010112345", "fails its check digits"),
        (HAVORN, "has already"),
    ],
)
def test_a_person_with_a_fault_is_not_registered_and_the_number_is_starred(
    control: Control, number: str, fault: str
) -> None:
    person = {"personidentifikator": number, "fornavn": "Ny", "etternavn": "Person"}

    answer = control.known.post("/fullmakt/people", json=person)

    assert answer.status_code == 400
    assert fault in told_at_once(answer)
    assert number not in answer.text
    assert f"{number[:6]}*****" in answer.text


def test_a_real_identity_number_is_refused(control: Control) -> None:
    person = {"personidentifikator": "01010100131", "fornavn": "Ny", "etternavn": "Person"}

    answer = control.known.post("/fullmakt/people", json=person)

    assert answer.status_code == 400
    assert "must be synthetic" in answer.text or "fails its check digits" in answer.text


def test_a_role_begins_and_ends_and_begins_as_another(control: Control) -> None:
    role = {"role": "REVI", "from": BAKERI, "to": RETT}

    began = control.known.post("/fullmakt/roles", json=role)
    ended = control.known.post("/fullmakt/roles/end", json=role)
    again = control.known.post("/fullmakt/roles", json=role)

    assert (began.status_code, ended.status_code, again.status_code) == (201, 200, 201)
    assert began.json()["role"] == "revisor"
    assert ended.json()["ended"] > began.json()["began"]
    assert again.json()["began"] > ended.json()["ended"]


def test_a_role_that_is_held_cannot_begin_and_one_that_is_not_cannot_end(control: Control) -> None:
    held = control.known.post("/fullmakt/roles", json={"role": "DAGL", "from": RETT, "to": HAVORN})
    missing = control.known.post(
        "/fullmakt/roles/end", json={"role": "DAGL", "from": RETT, "to": EMPLOYEE}
    )

    assert (held.status_code, held.json()["code"]) == (409, "FM-00103")
    assert (missing.status_code, missing.json()["code"]) == (404, "FM-00104")


@pytest.mark.parametrize(
    "body, fault",
    [
        ({"role": "DIKTATOR", "from": RETT, "to": HAVORN}, "role: `DIKTATOR` is not a role"),
        ({"role": "DAGL", "from": RETT}, "to: `null` is missing"),
        (
            {"role": "DAGL", "from": "313300102", "to": HAVORN},
            "from: `313300102` is not",
        ),
        (
            {"role": "DAGL", "from": RETT, "to": "12345"},
            "to: `12345` must be an",
        ),
    ],
)
def test_a_role_with_a_fault_is_told_where(control: Control, body: Json, fault: str) -> None:
    answer = control.known.post("/fullmakt/roles", json=body)

    assert answer.status_code == 400
    assert fault in told_at_once(answer)


def test_a_person_who_may_gives_a_package_and_takes_it_back(control: Control) -> None:
    gift = {
        "from": RETT,
        "toPerson": EMPLOYEE,
        "accessPackages": ["urn:altinn:accesspackage:klientadministrator"],
        "givenBy": HAVORN,
    }

    given = control.known.post("/fullmakt/delegations", json=gift)
    known = control.stranger.get("/fullmakt/world").json()["delegations"]
    taken = control.known.post("/fullmakt/delegations/end", json=gift)
    again = control.known.post("/fullmakt/delegations/end", json=gift)

    assert (given.status_code, taken.status_code) == (201, 200)
    assert any(each.get("toPerson") == EMPLOYEE for each in known)
    assert (again.status_code, again.json()["code"]) == (404, "FM-00113")


def test_a_single_service_is_given_only_by_one_who_may(control: Control) -> None:
    resource = "ske-innrapportering-boligsameie"
    gift = {"from": BAKERI, "to": RETT, "resources": [resource], "givenBy": EMPLOYEE}

    refused = control.known.post("/fullmakt/delegations", json=gift)
    given = control.known.post("/fullmakt/delegations", json={**gift, "givenBy": "08928309801"})

    assert refused.status_code == 400
    (fault,) = told(refused)
    assert fault[0] == "resources"
    assert "who may not give read, write" in fault[1]
    assert given.status_code == 201


def test_a_client_without_a_key_is_told_its_new_key_once(control: Control) -> None:
    wish = {"organization": MAESTRO, "scopes": ["altinn:instances.read"]}

    answer = control.known.post("/fullmakt/clients", json=wish)

    assert answer.status_code == 201
    made = answer.json()
    assert made["name"] == "MAESTRO ÅRSOPPGJØR AS"
    assert PrivateKey.from_jwk(made["jwk"]).kid == made["kid"]
    assert "jwk" not in str(control.stranger.get("/fullmakt/world").json()["maskinportenClients"])


@pytest.mark.parametrize("form", ["jwk", "pem"])
def test_a_client_keeps_the_key_it_came_with(control: Control, form: str) -> None:
    key = PrivateKey.generate().public
    pem = key.jose_key.as_pem(private=False).decode()
    given = {"jwk": key.as_jwk()} if form == "jwk" else {"pem": pem, "kid": "mine"}
    wish = {"organization": MAESTRO, "scopes": ["altinn:instances.read"], **given}

    made = control.known.post("/fullmakt/clients", json=wish).json()

    assert made["kid"] == (key.kid if form == "jwk" else "mine")
    assert "jwk" not in made


def test_a_private_key_is_refused_and_never_shown(control: Control) -> None:
    private = PrivateKey.generate().as_private_jwk()
    wish = {"organization": MAESTRO, "scopes": ["altinn:instances.read"], "jwk": private}

    answer = control.known.post("/fullmakt/clients", json=wish)

    assert answer.status_code == 400
    assert "a public key must not have private members" in answer.text
    assert private["d"] not in answer.text


@pytest.mark.parametrize(
    "wish, fault",
    [
        (
            {"organization": "313300102", "scopes": ["a:b"]},
            "organization: `313300102` is not",
        ),
        ({"organization": MAESTRO, "scopes": []}, None),
        ({"organization": MAESTRO}, "scopes: `null` is missing"),
        ({"organization": MAESTRO, "scopes": "a:b"}, "scopes: `a:b` must be a list"),
        ({"organization": MAESTRO, "scopes": ["a:b", "a:b"]}, "has `a:b` twice"),
    ],
)
def test_a_client_with_a_fault_is_not_registered(
    control: Control, wish: Json, fault: str | None
) -> None:
    answer = control.known.post("/fullmakt/clients", json=wish)

    if fault is None:
        assert answer.status_code == 201
    else:
        assert answer.status_code == 400
        assert fault in answer.json()["validationErrors"][0]["detail"]


def test_a_client_with_an_unknown_scope_is_told_to_register_it(control: Control) -> None:
    wish = {"organization": MAESTRO, "scopes": ["ikke:registrert"]}

    answer = control.known.post("/fullmakt/clients", json=wish)

    assert (answer.status_code, answer.json()["code"]) == (400, "FM-00204")
    assert "`ikke:registrert`" in answer.json()["detail"]


def test_a_key_is_added_to_a_client_of_the_file(control: Control) -> None:
    key = PrivateKey.generate().public

    added = control.known.post(
        f"/fullmakt/clients/{MAESTRO_CLIENT}/keys", json={"jwk": key.as_jwk()}
    )
    made = control.known.post(f"/fullmakt/clients/{MAESTRO_CLIENT}/keys", json={})

    assert (added.status_code, added.json()["kid"]) == (201, key.kid)
    assert made.json()["jwk"]["kid"] == made.json()["kid"]


def test_a_key_for_nobody_is_refused(control: Control) -> None:
    answer = control.known.post("/fullmakt/clients/nobody/keys", json={})

    assert (answer.status_code, answer.json()["code"]) == (404, "FM-00201")


def test_a_key_is_removed_from_its_client_once(control: Control) -> None:
    kid = control.known.post(f"/fullmakt/clients/{MAESTRO_CLIENT}/keys", json={}).json()["kid"]
    path = f"/fullmakt/clients/{MAESTRO_CLIENT}/keys/{kid}/end"

    removed = control.known.post(path)
    again = control.known.post(path)

    assert (removed.status_code, removed.json()["kid"]) == (200, kid)
    assert (again.status_code, again.json()["code"]) == (404, "FM-00210")
    assert f"has no key `{kid}`" in again.json()["detail"]


def test_a_scope_is_registered_with_those_who_may_use_it(control: Control) -> None:
    scope = {"scope": "nytt:scope", "owner": "212000019", "grantedTo": [MAESTRO]}

    added = control.known.post("/fullmakt/scopes", json=scope)
    again = control.known.post("/fullmakt/scopes", json=scope)

    assert added.json() == {**scope, "accessibleForAll": False}
    assert again.status_code == 400
    assert "scope `nytt:scope` is registered" in again.text


REGN = "ab37a780-c0ba-5841-8f64-a809b36991af"
CARPENTER, SHOP, SHOPKEEPER = "312400235", "312700018", "22889219487"
DELEGATED = "c96560a3-4733-53a1-982c-14725bab1408"


def test_the_end_of_a_role_tells_what_fell_with_it_and_later_too(fresh: Control) -> None:
    role = {"role": "REGN", "from": CARPENTER, "to": RETT}

    ended = fresh.known.post("/fullmakt/roles/end", json=role).json()

    expected = {
        "facilitator": RETT,
        "agent": REGN,
        "client": CARPENTER,
        "packages": [
            "regnskapsforer-med-signeringsrettighet",
            "regnskapsforer-uten-signeringsrettighet",
        ],
        "rights": [],
    }
    assert ended["fell"] == [expected]
    fresh.known.post("/fullmakt/roles", json=role).raise_for_status()
    later = fresh.stranger.get("/fullmakt/fallen", params={"revision": ended["ended"]})
    assert later.json() == {"revision": ended["ended"], "fell": [expected]}
    assert fresh.stranger.get("/fullmakt/fallen", params={"revision": 1}).json()["fell"] == []


def test_a_package_taken_back_tells_which_link_fell(fresh: Control) -> None:
    urn = "urn:altinn:accesspackage:merverdiavgift"
    gift = {"from": SHOP, "to": RETT, "accessPackages": [urn], "givenBy": SHOPKEEPER}

    taken = fresh.known.post("/fullmakt/delegations/end", json=gift).json()

    assert [(each["agent"], each["client"], each["packages"]) for each in taken["fell"]] == [
        (DELEGATED, SHOP, ["merverdiavgift"])
    ]


def test_a_deleted_organisation_takes_its_links_along_until_it_is_taken_back(
    fresh: Control,
) -> None:
    def decision() -> str:
        query = {
            "systemUser": REGN,
            "action": "write",
            "resource": "app_skd_mva-melding-innsending-v1",
            "organization": CARPENTER,
        }
        return str(fresh.known.get("/fullmakt/explain", params=query).json()["decision"])

    assert decision() == "Permit"
    gone = {"party": CARPENTER, "slettedato": "2020-01-01"}
    told = fresh.known.post("/fullmakt/status", json=gone).json()
    assert [each["client"] for each in told["fell"]] == [CARPENTER]
    assert decision() == "NotApplicable"
    again = fresh.known.post("/fullmakt/status", json=gone).json()
    assert again["fell"] == []
    back = fresh.known.post("/fullmakt/status", json={"party": CARPENTER})
    assert back.status_code == 200
    assert decision() == "Permit"


def test_a_revision_that_is_none_is_refused(control: Control) -> None:
    answer = control.stranger.get("/fullmakt/fallen", params={"revision": "x"})

    assert "must be a whole number" in answer.json()["errors"]["revision"][0]
