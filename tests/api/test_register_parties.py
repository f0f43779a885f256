"""Altinn Register over HTTP: parties by number, id and URN, customers and roles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from litestar.testing import TestClient

from fullmakt.access.parties.model import Party
from fullmakt.access.parties.register_door import SCOPE
from fullmakt.access.parties.routes import ROUTES
from fullmakt.foundation.bearer.service import BearerCheck
from tests.engines import ENGINES
from tests.unit.parties.builders import (
    ACCOUNTANT,
    AGENT,
    AUDITED,
    BAKER,
    BAKERY,
    DELETED,
    ESTATE,
    MAIN,
    OWNERS,
    STANDARD,
    SUB_UNIT,
    SmallWorld,
)
from tests.unit.parties.served import (
    ISSUER,
    authorized,
    bearer_check,
    served,
    shared_database,
    token,
)
from tests.worlds import new_database

V1 = "/register/api/v1"
V2 = "/register/api/v2/internal/parties"
NOBODY = UUID("00000000-0000-4000-8000-00000000ffff")
TRUSTED = authorized(SCOPE)
OWNER_TOKEN = authorized(SCOPE, **{"urn:altinn:org": "skd"})


@pytest.fixture(scope="module", params=ENGINES)
def client(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient[Any]]:
    """A trusted client of a world that no test here changes."""
    with shared_database(request, tmp_path_factory) as database:
        SmallWorld(database)
        with served(ROUTES, database) as client:
            client.headers.update(TRUSTED)
            yield client


@pytest.fixture(scope="module")
def parties(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Party]:
    """The parties of the small world by number; the same in every such world."""
    folder = tmp_path_factory.mktemp("parties")
    database = new_database(f"sqlite:///{folder / 'test.sqlite'}")
    found = SmallWorld(database).parties
    database.close()
    return found


# --- version 1 ------------------------------------------------------------------------------------


def test_an_organization_is_found_by_its_party_id(
    client: TestClient[Any], parties: dict[str, Party]
) -> None:
    bakery = parties[BAKERY]

    answer = client.get(f"{V1}/parties/{bakery.party_id}")

    assert answer.status_code == 200
    assert answer.json() == {
        "partyId": bakery.party_id,
        "partyUuid": str(bakery.uuid),
        "externalUrn": f"urn:altinn:organization:identifier-no:{BAKERY}",
        "partyTypeName": 2,
        "orgNumber": BAKERY,
        "ssn": None,
        "unitType": "AS",
        "name": "FJORDGLØTT BAKERI AS",
        "isDeleted": False,
        "onlyHierarchyElementWithNoAccess": False,
        "person": None,
        "organization": {
            "orgNumber": BAKERY,
            "name": "FJORDGLØTT BAKERI AS",
            "unitType": "AS",
            "telephoneNumber": "55 00 00 00",
            "mobileNumber": None,
            "faxNumber": None,
            "eMailAddress": None,
            "internetAddress": None,
            "mailingAddress": None,
            "mailingPostalCode": None,
            "mailingPostalCity": None,
            "businessAddress": "Bakergata 4 Bakgården",
            "businessPostalCode": "5003",
            "businessPostalCity": "BERGEN",
            "unitStatus": "N",
        },
        "childParties": None,
        "lastChangedInAltinn": None,
        "lastChangedInExternalRegister": None,
    }


def test_a_person_is_found_by_uuid(client: TestClient[Any], parties: dict[str, Party]) -> None:
    body = client.get(f"{V1}/parties/byuuid/{parties[BAKER].uuid}").json()

    assert (body["partyTypeName"], body["ssn"], body["orgNumber"]) == (1, BAKER, None)
    assert body["externalUrn"] == f"urn:altinn:person:identifier-no:{BAKER}"
    assert (body["person"]["firstName"], body["person"]["lastName"]) == ("Mild", "Surdeig")
    assert body["organization"] is None


@pytest.mark.parametrize("digits, number", [(MAIN, 2), (SUB_UNIT, 4), (ESTATE, 5), (BAKER, 1)])
def test_the_type_of_a_party_is_a_number(
    client: TestClient[Any], parties: dict[str, Party], digits: str, number: int
) -> None:
    body = client.get(f"{V1}/parties/byuuid/{parties[digits].uuid}").json()

    assert body["partyTypeName"] == number


def test_version_1_does_not_know_system_users(client: TestClient[Any]) -> None:
    assert client.get(f"{V1}/parties/byuuid/{AGENT}", headers=OWNER_TOKEN).status_code == 404


@pytest.mark.parametrize("path", ["parties/99999999", "parties/tull", f"parties/byuuid/{NOBODY}"])
def test_an_unknown_party_is_404_for_a_service_owner(client: TestClient[Any], path: str) -> None:
    answer = client.get(f"{V1}/{path}", headers=OWNER_TOKEN)

    assert answer.status_code == 404
    assert answer.json()["code"] == "REG-00007"


@pytest.mark.parametrize("path", ["parties/99999999", f"parties/byuuid/{NOBODY}"])
def test_an_unknown_party_is_401_for_others_than_service_owners(
    client: TestClient[Any], path: str
) -> None:
    answer = client.get(f"{V1}/{path}")

    assert (answer.status_code, answer.content) == (401, b"")
    assert "no party has" in answer.headers["www-authenticate"]


def test_a_uuid_that_is_none_is_told_so(client: TestClient[Any]) -> None:
    answer = client.get(f"{V1}/parties/byuuid/tull")

    assert answer.status_code == 400
    assert answer.json()["errors"] == {"uuid": ["The value 'tull' is not valid."]}


@pytest.mark.parametrize("wish", [{"orgNo": BAKERY}, {"ORGNO": BAKERY, "ssn": None}])
def test_an_organization_is_looked_up(client: TestClient[Any], wish: dict[str, Any]) -> None:
    answer = client.post(f"{V1}/parties/lookup", json=wish)

    assert (answer.status_code, answer.json()["orgNumber"]) == (200, BAKERY)


def test_a_person_is_looked_up(client: TestClient[Any]) -> None:
    answer = client.post(f"{V1}/parties/lookup", json={"ssn": BAKER})

    assert (answer.status_code, answer.json()["ssn"]) == (200, BAKER)


@pytest.mark.parametrize(
    "wish, code, detail, paths",
    [
        ({"orgNo": BAKERY, "ssn": BAKER}, "00008", "both are given", ["/orgNo", "/ssn"]),
        ({}, "00008", "neither is given", ["/orgNo", "/ssn"]),
        ({"orgNo": "", "ssn": None}, "00008", "neither is given", ["/orgNo", "/ssn"]),
        (
            {"orgNo": "312400015"},
            "00006",
            "organisation number fails its check digit: `312400015`",
            ["/orgNo"],
        ),
        (
            {"ssn": "08928309802"},
            "00007",
            "identity number fails its check digits: `089283*****`",
            ["/ssn"],
        ),
    ],
)
def test_a_look_up_needs_one_number_that_holds(
    client: TestClient[Any], wish: dict[str, Any], code: str, detail: str, paths: list[str]
) -> None:
    answer = client.post(f"{V1}/parties/lookup", json=wish)

    assert answer.status_code == 400
    (fault,) = answer.json()["validationErrors"]
    assert (fault["code"], fault["detail"], fault["paths"]) == (f"REG.VLD-{code}", detail, paths)


def test_an_unknown_number_is_404(client: TestClient[Any]) -> None:
    answer = client.post(f"{V1}/parties/lookup", json={"ssn": "26900152107"})

    assert (answer.status_code, answer.json()["code"]) == (404, "REG-00007")
    assert "26900152107" not in answer.text


@pytest.mark.parametrize("digits, status", [(BAKERY, "N"), (DELETED, "S"), (ESTATE, "K")])
def test_an_organization_has_a_status(client: TestClient[Any], digits: str, status: str) -> None:
    assert client.get(f"{V1}/organizations/{digits}").json()["unitStatus"] == status


@pytest.mark.parametrize(
    "digits, status, code",
    [("312700018", 404, "REG-00006"), ("312400015", 400, "STD-00000"), ("tull", 400, "STD-00000")],
)
def test_a_number_that_leads_to_no_organization_is_refused(
    client: TestClient[Any], digits: str, status: int, code: str
) -> None:
    answer = client.get(f"{V1}/organizations/{digits}")

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert digits in answer.text


# --- version 2 ------------------------------------------------------------------------------------


def asked(
    client: TestClient[Any], *wanted: str, fields: str | None = None
) -> tuple[int, list[Any]]:
    query = "" if fields is None else f"?fields={fields}"
    answer = client.post(f"{V2}/query{query}", json={"data": list(wanted)})
    return answer.status_code, answer.json()["data"]


def test_a_party_is_shown_with_its_identifiers_unless_more_is_asked(
    client: TestClient[Any], parties: dict[str, Party]
) -> None:
    bakery = parties[BAKERY]

    assert client.get(f"{V2}/{bakery.uuid}").json() == {
        "partyType": "organization",
        "partyUuid": str(bakery.uuid),
        "urn": f"urn:altinn:party:uuid:{bakery.uuid}",
        "source": "ccr",
        "partyId": bakery.party_id,
        "externalUrn": f"urn:altinn:organization:identifier-no:{BAKERY}",
        "displayName": "FJORDGLØTT BAKERI AS",
        "organizationIdentifier": BAKERY,
    }


def test_a_field_asked_for_and_not_known_is_null_and_others_are_absent(
    client: TestClient[Any], parties: dict[str, Party]
) -> None:
    fields = "org.status,org.type,org.email,org.business-address,org.mailing-address,deleted-at"
    body = client.get(f"{V2}/{parties[BAKERY].uuid}?fields={fields}").json()

    assert {name: body[name] for name in body if name not in {"partyUuid", "urn"}} == {
        "partyType": "organization",
        "source": "ccr",
        "unitStatus": "N",
        "unitType": "AS",
        "emailAddress": None,
        "businessAddress": {
            "address": "Bakergata 4 Bakgården",
            "postalCode": "5003",
            "city": "BERGEN",
        },
        "mailingAddress": None,
        "deletedAt": None,
    }


def test_a_deleted_party_says_when(client: TestClient[Any], parties: dict[str, Party]) -> None:
    body = client.get(f"{V2}/{parties[DELETED].uuid}?fields=deleted,deleted-at").json()

    assert (body["isDeleted"], body["deletedAt"]) == (True, "2024-06-30T00:00:00Z")


def test_a_person_is_shown_with_names_and_user(
    client: TestClient[Any], parties: dict[str, Party]
) -> None:
    baker = parties[BAKER]
    body = client.get(f"{V2}/{baker.uuid}?fields=person-id,person,user").json()

    assert (body["partyType"], body["source"]) == ("person", "npr")
    assert (body["personIdentifier"], body["dateOfBirth"]) == (BAKER, "1983-12-08")
    assert (body["firstName"], body["middleName"]) == ("Mild", None)
    assert (body["lastName"], body["shortName"]) == ("Surdeig", "Surdeig Mild")
    assert body["user"] == {
        "userId": baker.user_id,
        "userIds": [baker.user_id],
        "username": None,
        "usernames": [],
    }


@pytest.mark.parametrize(
    "uuid, variant",
    [(STANDARD, "first-party-system-user"), (AGENT, "client-party-system-user")],
)
def test_a_system_user_is_a_party_with_an_owner(
    client: TestClient[Any], parties: dict[str, Party], uuid: UUID, variant: str
) -> None:
    body = client.get(f"{V2}/{uuid}?fields=party,sysuser.type").json()

    assert (body["partyType"], body["systemUserType"]) == ("system-user", variant)
    assert body["externalUrn"] == f"urn:altinn:systemuser:uuid:{uuid}"
    assert body["owner"] == {
        "partyUuid": str(parties[ACCOUNTANT].uuid),
        "urn": f"urn:altinn:party:uuid:{parties[ACCOUNTANT].uuid}",
    }


@pytest.mark.parametrize("field", ["org.subunits", "tull"])
def test_a_field_that_cannot_be_asked_for_is_named(client: TestClient[Any], field: str) -> None:
    answer = client.get(f"{V2}/{NOBODY}?fields=uuid,{field}")

    assert answer.status_code == 400
    (fault,) = answer.json()["validationErrors"]
    assert (fault["code"], fault["paths"]) == ("REG.VLD-00000", ["/$QUERY/fields"])
    assert fault["detail"] == f"field `{field}` cannot be asked for"


def test_an_unknown_uuid_is_400_and_named(client: TestClient[Any]) -> None:
    answer = client.get(f"{V2}/{NOBODY}")

    assert answer.status_code == 400
    assert answer.json()["code"] == "REG-00003"
    assert answer.json()["partyUuid"] == str(NOBODY)


@pytest.mark.parametrize(
    "kind, name",
    [
        ("urn:altinn:organization:identifier-no", "number"),
        ("urn:altinn:party:id", "party_id"),
        ("urn:altinn:party:uuid", "uuid"),
        ("urn:altinn:organization:uuid", "uuid"),
        ("URN:ALTINN:PARTY:UUID", "uuid"),
    ],
)
def test_an_organization_is_named_by_many_urns(
    client: TestClient[Any], parties: dict[str, Party], kind: str, name: str
) -> None:
    status, found = asked(client, f"{kind}:{getattr(parties[BAKERY], name)}")

    assert status == 200
    assert [each["organizationIdentifier"] for each in found] == [BAKERY]


@pytest.mark.parametrize(
    "kind, name",
    [
        ("urn:altinn:person:identifier-no", "person_number"),
        ("urn:altinn:person:uuid", "uuid"),
        ("urn:altinn:user:id", "user_id"),
    ],
)
def test_a_person_is_named_by_many_urns(
    client: TestClient[Any], parties: dict[str, Party], kind: str, name: str
) -> None:
    status, found = asked(client, f"{kind}:{getattr(parties[BAKER], name)}")

    assert status == 200
    assert [each["personIdentifier"] for each in found] == [BAKER]


def test_a_system_user_is_named_by_its_uuid(client: TestClient[Any]) -> None:
    status, found = asked(client, f"urn:altinn:systemuser:uuid:{AGENT}")

    assert status == 200
    assert [each["partyUuid"] for each in found] == [str(AGENT)]


@pytest.mark.parametrize(
    "missing",
    [
        f"urn:altinn:party:uuid:{NOBODY}",
        "urn:altinn:party:id:9999999999",
        "urn:altinn:party:username:kari",
    ],
)
def test_some_found_is_206_with_those(client: TestClient[Any], missing: str) -> None:
    status, found = asked(client, missing, f"urn:altinn:organization:identifier-no:{BAKERY}")

    assert status == 206
    assert [each["organizationIdentifier"] for each in found] == [BAKERY]


def test_a_party_named_twice_is_listed_once(
    client: TestClient[Any], parties: dict[str, Party]
) -> None:
    status, found = asked(
        client,
        f"urn:altinn:organization:identifier-no:{BAKERY}",
        f"urn:altinn:party:uuid:{parties[BAKERY].uuid}",
    )

    assert (status, len(found)) == (200, 1)


def test_nothing_asked_for_is_nothing_found(client: TestClient[Any]) -> None:
    assert asked(client) == (200, [])


def test_more_than_a_hundred_are_refused(client: TestClient[Any]) -> None:
    urn = f"urn:altinn:party:uuid:{NOBODY}"
    answer = client.post(f"{V2}/query", json={"data": [urn] * 101})

    (fault,) = answer.json()["validationErrors"]
    assert (answer.status_code, fault["code"], fault["paths"]) == (400, "REG.VLD-00001", ["/data"])
    assert client.post(f"{V2}/query", json={"data": [urn] * 100}).status_code == 206


def test_every_urn_that_cannot_be_read_is_named_with_its_place(client: TestClient[Any]) -> None:
    wanted = [
        f"urn:altinn:organization:identifier-no:{BAKERY}",
        "urn:altinn:noe:annet",
        "urn:altinn:party:uuid:tull",
        "urn:altinn:person:identifier-no:08928309802",
        "",
    ]
    answer = client.post(f"{V2}/query", json={"data": wanted})

    faults = answer.json()["validationErrors"]
    assert answer.status_code == 400
    assert {fault["code"] for fault in faults} == {"REG.VLD-00002"}
    assert [fault["paths"] for fault in faults] == [[f"/data/{place}"] for place in (1, 2, 3, 4)]
    assert faults[0]["detail"] == "not a URN that names a party: `urn:altinn:noe:annet`"
    assert "08928309802" not in answer.text


@pytest.mark.parametrize("base", [V2, f"{V1}/internal/parties"])
@pytest.mark.parametrize(
    "role, customers",
    [("regnskapsforer", [BAKERY]), ("revisor", [AUDITED]), ("forretningsforer", [OWNERS])],
)
def test_customers_are_those_that_gave_the_role(
    client: TestClient[Any], parties: dict[str, Party], base: str, role: str, customers: list[str]
) -> None:
    body = client.get(f"{base}/{parties[ACCOUNTANT].uuid}/customers/ccr/{role}").json()

    assert [each["organizationIdentifier"] for each in body["data"]] == customers


def test_without_customers_the_list_is_empty(
    client: TestClient[Any], parties: dict[str, Party]
) -> None:
    answer = client.get(f"{V2}/{parties[BAKERY].uuid}/customers/ccr/revisor")

    assert (answer.status_code, answer.json()) == (200, {"data": []})


def test_a_customer_that_ended_the_role_is_gone(place_url: str) -> None:
    world = SmallWorld(new_database(place_url))
    world.end_role(BAKERY, "regnskapsforer", ACCOUNTANT)

    with served(ROUTES, world.database) as client:
        path = f"{V2}/{world.uuid(ACCOUNTANT)}/customers/ccr/regnskapsforer"
        body = client.get(path, headers=TRUSTED).json()
    world.database.close()

    assert body == {"data": []}


def test_a_role_that_makes_no_customers_is_told_so(
    client: TestClient[Any], parties: dict[str, Party]
) -> None:
    answer = client.get(f"{V2}/{parties[BAKERY].uuid}/customers/ccr/daglig-leder")

    assert answer.status_code == 404
    assert answer.json()["detail"] == (
        "no customers by role `daglig-leder`; ask for `forretningsforer`, `regnskapsforer`,"
        " `revisor`"
    )


def test_the_managing_director_is_listed(
    client: TestClient[Any], parties: dict[str, Party]
) -> None:
    path = f"{V2}/{parties[BAKERY].uuid}/holders/ccr/daglig-leder?fields=person-id"
    body = client.get(path).json()

    assert [each["personIdentifier"] for each in body["data"]] == [BAKER]


def test_the_roles_a_party_gave_are_listed_with_both_ends(
    client: TestClient[Any], parties: dict[str, Party]
) -> None:
    body = client.get(f"{V2}/{parties[BAKERY].uuid}/external-roles").json()

    assert [each["role"]["identifier"] for each in body["data"]] == [
        "daglig-leder",
        "regnskapsforer",
    ]
    assert body["data"][1] == {
        "role": {
            "source": "ccr",
            "identifier": "regnskapsforer",
            "urn": "urn:altinn:external-role:ccr:regnskapsforer",
        },
        "to": reference(parties[ACCOUNTANT]),
        "from": reference(parties[BAKERY]),
    }


def reference(party: Party) -> dict[str, str]:
    return {"partyUuid": str(party.uuid), "urn": f"urn:altinn:party:uuid:{party.uuid}"}


def test_roles_of_the_platform_are_not_external(
    client: TestClient[Any], parties: dict[str, Party]
) -> None:
    body = client.get(f"{V2}/{parties[ACCOUNTANT].uuid}/external-roles").json()

    assert body == {"data": []}


# --- the door -------------------------------------------------------------------------------------

PATHS = [
    f"{V1}/parties/51000001",
    f"{V1}/parties/byuuid/{NOBODY}",
    f"{V1}/organizations/{BAKERY}",
    f"{V1}/internal/parties/{NOBODY}/customers/ccr/revisor",
    f"{V2}/{NOBODY}",
    f"{V2}/{NOBODY}/customers/ccr/revisor",
    f"{V2}/{NOBODY}/external-roles",
    f"{V2}/{NOBODY}/holders/ccr/daglig-leder",
]
POSTS = [f"{V1}/parties/lookup", f"{V2}/query"]


@pytest.mark.parametrize(
    "method, path", [*(("GET", path) for path in PATHS), *(("POST", path) for path in POSTS)]
)
@pytest.mark.parametrize(
    "headers, status, why",
    [
        ({"Authorization": ""}, 401, "a bearer token is needed"),
        (authorized("altinn:register/partylookup"), 403, f"the token needs scope {SCOPE}"),
        (authorized(SCOPE, exp=1), 401, "the token expired at 1970-01-01T00:00:01Z"),
        (authorized(SCOPE, iss="https://other.test/"), 401, "the issuer is not trusted here"),
        ({"Authorization": "", "PlatformAccessToken": token()}, 401, "has issuer 'platform'"),
    ],
)
def test_nobody_else_is_admitted(
    client: TestClient[Any], method: str, path: str, headers: dict[str, str], status: int, why: str
) -> None:
    answer = client.request(method, path, headers=headers)

    assert (answer.status_code, answer.content) == (status, b"")
    assert why.replace("'", "`") in answer.headers["www-authenticate"]


@pytest.fixture
def trusting() -> BearerCheck:
    """Trusts an issuer of platform tokens as well."""
    return bearer_check((ISSUER, "platform"))


@pytest.mark.parametrize(
    "headers, status",
    [
        ({"PlatformAccessToken": token(iss="platform")}, 200),
        ({"PlatformAccessToken": token(iss="platform"), **authorized("noe:annet")}, 200),
        ({"PlatformAccessToken": token(), **authorized(SCOPE)}, 200),
        ({"PlatformAccessToken": token(), **authorized("noe:annet")}, 403),
        ({"PlatformAccessToken": "tull"}, 401),
    ],
)
def test_a_platform_token_or_the_scope_is_enough(
    tmp_path_factory: pytest.TempPathFactory,
    trusting: BearerCheck,
    headers: dict[str, str],
    status: int,
) -> None:
    folder = tmp_path_factory.mktemp("door")
    world = SmallWorld(new_database(f"sqlite:///{folder / 'test.sqlite'}"))
    with served(ROUTES, world.database, trusting) as client:
        answer = client.get(f"{V1}/organizations/{BAKERY}", headers=headers)
    world.database.close()

    assert answer.status_code == status
