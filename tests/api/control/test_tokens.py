"""Test tokens over HTTP: who they name, what they open, and what they are refused for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from fullmakt.foundation.jose.tokens import read_token
from tests.api.control.served import Control

if TYPE_CHECKING:
    from collections.abc import Mapping

HAVORN, HAVORN_UUID = "12837402229", "49228123-18ac-5158-b914-c4e87bbb13b4"
REGISTER = "/authentication/api/v1/systemregister"
BASIC = ("any", "thing")
AGENT = "ab37a780-c0ba-5841-8f64-a809b36991af"


def claims(answer: httpx.Response) -> Mapping[str, object]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/plain")
    return read_token(answer.text).claims


def personal(control: Control, **parameters: str) -> httpx.Response:
    return control.stranger.get("/api/GetPersonalToken", params=parameters, auth=BASIC)


def test_a_persons_token_tells_all_that_is_known_of_the_person(control: Control) -> None:
    told = claims(personal(control, env="tt02", pid=HAVORN))

    assert told["urn:altinn:userid"] == 20000001
    assert told["urn:altinn:partyid"] == 52000001
    assert told["urn:altinn:party:uuid"] == HAVORN_UUID
    assert told["urn:altinn:authlevel"] == 3
    assert told["scope"] == "altinn:portal/enduser"
    assert told["iss"] == f"{control.base}/authentication/api/v1/openid/"
    assert int(str(told["exp"])) - int(str(told["iat"])) == 1800


@pytest.mark.parametrize(
    "parameters",
    [{"PID": HAVORN}, {"USERID": "20000001"}, {"PartyUuid": HAVORN_UUID}, {"PARTYID": "52000001"}],
)
def test_names_are_read_whatever_their_case_and_any_id_will_do(
    control: Control, parameters: dict[str, str]
) -> None:
    assert claims(personal(control, **parameters))["pid"] == HAVORN


def test_level_lifetime_and_scopes_are_as_asked_for(control: Control) -> None:
    told = claims(personal(control, pid=HAVORN, authLvl="4", ttl="60", scopes="a:b,c:d e:f"))

    assert told["urn:altinn:authlevel"] == 4
    assert int(str(told["exp"])) - int(str(told["iat"])) == 60
    assert told["scope"] == "a:b c:d e:f"


def test_a_persons_token_opens_what_its_scope_opens(control: Control) -> None:
    opened = {"authorization": f"Bearer {personal(control, pid=HAVORN).text}"}
    closed = {"authorization": f"Bearer {personal(control, pid=HAVORN, scopes='a:b').text}"}

    assert control.stranger.get(REGISTER, headers=opened).status_code == 200
    refused = control.stranger.get(REGISTER, headers=closed)
    assert refused.status_code == 403
    assert "the token needs scope altinn:portal/enduser" in refused.headers["www-authenticate"]


@pytest.mark.parametrize(
    "parameters, name, fault",
    [
        ({}, "pid", "`nobody` is not a person of this world"),
        ({"pid": "12837402228"}, "pid", "`128374*****` fails its check digits"),
        ({"pid": "10836525668"}, "pid", "`108365*****` fails its check digits"),
        ({"userId": "1"}, "userId", "`1` is not a person of this world"),
        ({"partyuuid": "74d3ef1a-3e47-54da-9cae-e4ffe04c6dd2"}, "partyuuid", "is not a person"),
        ({"pid": HAVORN, "userId": "7"}, "userId", "`7` is not Nøyaktig Havørn's"),
        ({"pid": HAVORN, "ttl": "0"}, "ttl", "`0` must be a whole number from 1"),
        ({"pid": HAVORN, "authLvl": "5"}, "authLvl", "`5` must be a whole number from 0 to 4"),
        ({"partyId": "51000001"}, "partyId", "`51000001` is not a person of this world"),
        ({"pid": HAVORN, "bulkCount": "9"}, "bulkCount", "name none beside it"),
        ({"bulkCount": "0"}, "bulkCount", "`0` must be a whole number from 1"),
        ({"bulkCount": "27"}, "bulkCount", "`27` are more people than this world has"),
        ({"pid": HAVORN, "consumerOrgNo": "312300029"}, "consumerOrgNo", "fails its check digit"),
        ({"pid": HAVORN, "bulk": "9"}, "bulk", "`bulk` is not a parameter here"),
    ],
)
def test_what_cannot_be_made_is_told_by_parameter(
    control: Control, parameters: dict[str, str], name: str, fault: str
) -> None:
    answer = personal(control, **parameters)

    assert answer.status_code == 400
    assert fault in " ".join(answer.json()["errors"][name])


def test_how_a_person_logged_in_is_as_asked_for(control: Control) -> None:
    login = {"userName": "havorn", "clientAmr": "BankID", "consumerOrgNo": "312300109"}

    told = claims(personal(control, pid=HAVORN, authLvl="4", **login, delegationSource="a://b"))
    plain = claims(personal(control, pid=HAVORN))

    assert (told["urn:altinn:username"], told["client_amr"]) == ("havorn", "BankID")
    assert told["consumer"] == {"authority": "iso6523-actorid-upis", "ID": "0192:312300109"}
    assert (told["acr"], told["delegation_source"]) == ("idporten-loa-high", "a://b")
    assert (plain["acr"], plain["client_amr"]) == (
        "idporten-loa-substantial",
        "virksomhetssertifikat",
    )
    assert plain.keys().isdisjoint({"consumer", "client_orgno", "delegation_source"})


def test_many_people_get_a_token_each_by_their_number(control: Control) -> None:
    answer = personal(control, BULKCOUNT="5", scopes="a:b")

    tokens = answer.json()
    assert len(tokens) == 5
    named = {number: read_token(token).claims for number, token in tokens.items()}
    assert all(told["pid"] == number and told["scope"] == "a:b" for number, told in named.items())


@pytest.mark.parametrize(
    "path", ["Personal", "Enterprise", "EnterpriseUser", "PlatformAccess", "SystemUser"]
)
@pytest.mark.parametrize("authorization", [None, "Bearer x", "Basic !", "Basic eA==", "Basic Ong="])
def test_a_token_wants_http_basic(control: Control, path: str, authorization: str | None) -> None:
    headers = {} if authorization is None else {"authorization": authorization}

    answer = control.stranger.get(f"/api/Get{path}Token", headers=headers)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Basic realm="test tokens"'
    assert answer.json()["detail"] == "test tokens want HTTP Basic with any user and password"


def test_an_organisations_token_is_as_an_exchanged_one(control: Control) -> None:
    parameters = {"orgNo": "212000019", "org": "skd", "scopes": "altinn:serviceowner"}

    answer = control.stranger.get("/api/GetEnterpriseToken", params=parameters, auth=BASIC)

    told = claims(answer)
    assert told["consumer"] == {"authority": "iso6523-actorid-upis", "ID": "0192:212000019"}
    assert told["urn:altinn:orgNumber"] == "212000019"
    assert told["urn:altinn:org"] == "skd"
    assert "supplier" not in told


@pytest.mark.parametrize(
    "parameters, name",
    [({"scopes": "a:b"}, "orgNo"), ({"orgNo": "212000019"}, "scopes"), ({"orgNo": "1"}, "orgNo")],
)
def test_an_organisations_token_wants_number_and_scopes(
    control: Control, parameters: dict[str, str], name: str
) -> None:
    answer = control.stranger.get("/api/GetEnterpriseToken", params=parameters, auth=BASIC)

    assert answer.status_code == 400
    assert name in answer.json()["errors"]


def test_who_acts_for_an_organisation_stands_in_its_token(control: Control) -> None:
    parameters = {
        "ORGNO": "212000019",
        "SCOPES": "a:b",
        "SupplierOrgNo": "312300109",
        "DelegationSource": "a://b",
        "orgName": "Skatteetaten",
        "userName": "x",
    }

    answer = control.stranger.get("/api/GetEnterpriseToken", params=parameters, auth=BASIC)

    told = claims(answer)
    assert told["supplier"] == {"authority": "iso6523-actorid-upis", "ID": "0192:312300109"}
    assert told["delegation_source"] == "a://b"


ENTERPRISE_USER = {"orgNo": "312300028", "partyId": "51000001", "userId": "7", "userName": "rr"}


def test_an_organisations_own_user_is_no_person_of_the_world(control: Control) -> None:
    answer = control.stranger.get("/api/GetEnterpriseUserToken", params=ENTERPRISE_USER, auth=BASIC)

    told = claims(answer)
    assert told["urn:altinn:orgNumber"] == "312300028"
    assert (told["urn:altinn:userid"], told["urn:altinn:username"]) == (7, "rr")
    assert told["urn:altinn:partyid"] == 51000001
    assert told["urn:altinn:authenticatemethod"] == "virksomhetsbruker"
    assert told["scope"] == "altinn:enduser"
    assert "pid" not in told
    assert "urn:altinn:party:uuid" not in told


@pytest.mark.parametrize("name", sorted(ENTERPRISE_USER))
def test_an_organisations_own_user_is_named_in_full(control: Control, name: str) -> None:
    parameters = {key: value for key, value in ENTERPRISE_USER.items() if key != name}

    answer = control.stranger.get("/api/GetEnterpriseUserToken", params=parameters, auth=BASIC)

    assert answer.status_code == 400
    assert answer.json()["errors"] == {name: [f"The {name} field is required."]}


def platform(control: Control, **parameters: str) -> httpx.Response:
    return control.stranger.get("/api/GetPlatformAccessToken", params=parameters, auth=BASIC)


def test_a_platform_token_opens_what_is_for_components_and_nothing_by_scope(
    control: Control,
) -> None:
    token = platform(control, env="tt02", APP="authorization", ttl="60")
    party = "/register/api/v1/parties/51000001"
    headers = {"PlatformAccessToken": token.text}

    opened = control.stranger.get(party, headers=headers)
    as_bearer = control.stranger.get(party, headers={"authorization": f"Bearer {token.text}"})
    without = control.stranger.get(party)

    told = claims(token)
    assert (told["iss"], told["urn:altinn:app"]) == ("platform", "authorization")
    assert int(str(told["exp"])) - int(str(told["iat"])) == 60
    assert opened.status_code == 200
    assert as_bearer.status_code == 403
    assert "partylookup.admin" in as_bearer.headers["www-authenticate"]
    assert without.status_code == 401


def test_a_platform_token_opens_the_stream_of_system_users(control: Control) -> None:
    headers = {"PlatformAccessToken": platform(control, app="register").text}
    stream = "/authentication/api/v1/systemuser/internal/systemusers/stream"

    opened = control.stranger.get(stream, headers=headers)
    closed = control.stranger.get(stream)

    assert AGENT in {each["id"] for each in opened.json()["data"]}
    assert closed.status_code == 401


def test_an_organisations_token_is_not_a_platform_token(control: Control) -> None:
    parameters = {"orgNo": "212000019", "scopes": "a:b"}
    token = control.stranger.get("/api/GetEnterpriseToken", params=parameters, auth=BASIC).text
    headers = {"PlatformAccessToken": token}

    answer = control.stranger.get("/register/api/v1/parties/51000001", headers=headers)

    assert answer.status_code == 401
    assert "has issuer `platform`, not" in answer.headers["www-authenticate"]


@pytest.mark.parametrize(
    "parameters, name, fault",
    [
        ({}, "app", "The app field is required."),
        ({"app": "x", "org": "ttd"}, "org", "`ttd` issues no tokens here; only `platform` does."),
        ({"app": "x", "ttl": "x"}, "ttl", "`x` must be a whole number from 1 to 31536000."),
    ],
)
def test_a_platform_token_names_its_app(
    control: Control, parameters: dict[str, str], name: str, fault: str
) -> None:
    answer = platform(control, **parameters)

    assert answer.status_code == 400
    assert answer.json()["errors"] == {name: [fault]}


@pytest.mark.parametrize("header", ["Ocp-Apim-Subscription-Key", "APIKey"])
def test_a_subscription_key_is_accepted_and_passed_over(control: Control, header: str) -> None:
    token = personal(control, pid=HAVORN).text
    headers = {"authorization": f"Bearer {token}", header: "any"}

    assert control.stranger.get(REGISTER, headers=headers).status_code == 200
    assert control.stranger.get("/fullmakt/health", headers={header: "any"}).status_code == 200


def test_a_system_users_token_names_it_its_owner_and_its_vendor(control: Control) -> None:
    parameters = {"systemUserId": AGENT, "scopes": "altinn:instances.read", "orgNo": "312300028"}

    answer = control.stranger.get("/api/GetSystemUserToken", params=parameters, auth=BASIC)

    told = claims(answer)
    assert told["authorization_details"] == {
        "type": "urn:altinn:systemuser",
        "systemuser_id": [AGENT],
        "systemuser_org": {"authority": "iso6523-actorid-upis", "ID": "0192:312300028"},
        "system_id": "312300109_maestro_aarsoppgjoer",
    }
    assert told["consumer"] == {"authority": "iso6523-actorid-upis", "ID": "0192:312300109"}


@pytest.mark.parametrize(
    "parameters, name, fault",
    [
        ({}, "systemUserId", "is required"),
        ({"systemUserId": HAVORN_UUID}, "systemUserId", "is not a system user of this world"),
        ({"systemUserId": AGENT, "orgNo": "312300109"}, "orgNo", "does not own it"),
    ],
)
def test_a_system_users_token_wants_one_that_is_there(
    control: Control, parameters: dict[str, str], name: str, fault: str
) -> None:
    answer = control.stranger.get(
        "/api/GetSystemUserToken", params={"scopes": "a:b", **parameters}, auth=BASIC
    )

    assert answer.status_code == 400
    assert fault in " ".join(answer.json()["errors"][name])


def test_a_persons_session_shows_the_party_that_was_chosen(control: Control) -> None:
    answer = control.known.get(
        f"/fullmakt/people/{HAVORN}/token", params={"party": "312300028", "level": "4"}
    )

    assert claims(answer)["urn:altinn:authlevel"] == 4
    cookies = " ".join(answer.headers.get_list("set-cookie"))
    assert "AltinnPartyId=51000001" in cookies
    assert "AltinnPartyUuid=74d3ef1a-3e47-54da-9cae-e4ffe04c6dd2" in cookies


@pytest.mark.parametrize(
    "pid, parameters, name",
    [
        ("12837402228", {}, "pid"),
        (HAVORN, {"party": "313300102"}, "party"),
        (HAVORN, {"level": "9"}, "level"),
        (HAVORN, {"lvl": "3"}, "lvl"),
    ],
)
def test_a_session_that_cannot_be_is_told_by_parameter(
    control: Control, pid: str, parameters: dict[str, str], name: str
) -> None:
    answer = control.known.get(f"/fullmakt/people/{pid}/token", params=parameters)

    assert answer.status_code == 400
    assert name in answer.json()["errors"]
