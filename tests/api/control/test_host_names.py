"""The real host names, led to the world's one socket: each is served as the real host serves it."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from fullmakt.vendor import ClientKey, Environment, Vendor
from tests.api.control.served import Control

VENDOR, SYSTEM, CUSTOMER = "312300109", "312300109_maestro_aarsoppgjoer", "312800454"
CLIENT = "f1d55a89-81f2-5e38-ab93-821d641efc8d"
SCOPES = tuple(f"altinn:authentication/systemuser.request.{may}" for may in ("write", "read"))
MASKINPORTEN, PLATFORM = "test.maskinporten.no", "platform.tt02.altinn.no"
PORTAL, APPS, UNITS = "am.ui.tt02.altinn.no", "skd.apps.tt02.altinn.no", "data.brreg.no"
VALIDATION = "idporten-api-sbstest.sits.no"
METADATA = "/.well-known/oauth-authorization-server"
REQUESTS = "/authentication/api/v1/systemuser/request/vendor"


class LedHere(httpx.BaseTransport):
    """Takes every call to the world's socket, as a changed hosts file would; names are kept."""

    def __init__(self, base: str) -> None:
        self._base = httpx.URL(base)
        self._real = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        here = self._base
        request.url = request.url.copy_with(scheme=here.scheme, host=here.host, port=here.port)
        return self._real.handle_request(request)

    def close(self) -> None:
        self._real.close()


def claims_of(compact: str) -> dict[str, Any]:
    part = compact.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return claims


def at(control: Control, host: str, path: str, method: str = "GET") -> httpx.Response:
    return control.stranger.request(method, path, headers={"host": host})


@pytest.fixture
def vendor(fresh: Control) -> Iterator[Vendor]:
    key = ClientKey.generate()
    keys = f"/fullmakt/clients/{CLIENT}/keys"
    fresh.known.post(keys, json={"jwk": dict(key.public_jwk)}).raise_for_status()
    with httpx.Client(transport=LedHere(fresh.base)) as http:
        yield Vendor(Environment.tt02(), CLIENT, key, http=http)


@pytest.mark.parametrize(
    "host, path, status",
    [
        (MASKINPORTEN, "/jwk", 200),
        (MASKINPORTEN, METADATA, 200),
        (MASKINPORTEN, "/token", 405),
        (MASKINPORTEN, "/JWK/", 200),
        (PLATFORM, "/authentication/api/v1/systemregister", 401),
        (PLATFORM, "/Authentication/API/v1/systemregister", 401),
        (PLATFORM, "/resourceregistry/api/v1/resource/resourcelist", 200),
        (PLATFORM, "/accessmanagement/api/v1/meta/info/roles", 200),
        (PLATFORM, "/authorization/api/v1/authorize", 405),
        (PORTAL, "/accessmanagement/api/v1/systemregister", 401),
        (APPS, "/skd/mva-melding-innsending-v1/instances", 405),
        (APPS, "/skd/mva-melding-innsending-etm2/instances", 405),
        (UNITS, "/enhetsregisteret/api/organisasjonsformer", 200),
        (VALIDATION, "/api/mva/grensesnittstoette/mva-melding/valider", 405),
    ],
)
def test_a_host_serves_the_paths_of_the_real_one(
    control: Control, host: str, path: str, status: int
) -> None:
    assert at(control, host, path).status_code == status


@pytest.mark.parametrize(
    "host, path",
    [
        (MASKINPORTEN, "/maskinporten/jwk"),
        (MASKINPORTEN, "/maskinporten/token"),
        (MASKINPORTEN, "/jwk/more"),
        (MASKINPORTEN, "/authentication/api/v1/systemregister"),
        (MASKINPORTEN, "/"),
        (PLATFORM, "/token"),
        (PLATFORM, "/maskinporten/jwk"),
        (PLATFORM, "/enhetsregisteret/api/organisasjonsformer"),
        (PLATFORM, "/accessmanagement/api/v1/systemregister"),
        (PLATFORM, "/accessmanagement/api/v1/SystemUser/request/1/logout"),
        (PLATFORM, "/authenticationx/api/v1/systemregister"),
        (PORTAL, "/authentication/api/v1/systemregister"),
        (PORTAL, "/accessmanagement/api/v1/meta/info/roles"),
        (APPS, "/nav/mva-melding-innsending-v1/instances"),
        (APPS, "/authentication/api/v1/systemregister"),
        (UNITS, "/resourceregistry/api/v1/resource/resourcelist"),
        (VALIDATION, "/api/GetPersonalToken"),
        ("api-test.sits.no", "/api/mva/grensesnittstoette/mva-melding/valider"),
        (MASKINPORTEN, "/fullmakt/health"),
        (PLATFORM, "/fullmakt/health"),
        (PLATFORM, "/api/GetEnterpriseToken"),
        (PORTAL, "/fullmakt/world"),
    ],
)
def test_what_another_host_serves_leads_nowhere_here(
    control: Control, host: str, path: str
) -> None:
    answer = at(control, host, path)

    assert answer.status_code == 404
    assert answer.json()["detail"] == f"`GET {path}` leads nowhere at `{host}`"
    assert answer.headers["x-correlation-id"] in answer.json()["traceId"]


@pytest.mark.parametrize(
    "host", ["TEST.maskinporten.NO", "test.maskinporten.no:443", "test.maskinporten.no.:8080"]
)
def test_a_host_is_known_whatever_its_letter_case_and_port(control: Control, host: str) -> None:
    assert at(control, host, METADATA).json() == {
        **at(control, MASKINPORTEN, METADATA).json(),
        "issuer": "https://test.maskinporten.no/",
        "token_endpoint": "https://test.maskinporten.no/token",
        "jwks_uri": "https://test.maskinporten.no/jwk",
    }


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "maskinporten.no",
        "test.maskinporten.no.evil.example",
        "xtest.maskinporten.no",
        "fullmakt.apps.tt02.altinn.no",
        "maskinporten.apps.tt02.altinn.no",
        "authentication.apps.tt02.altinn.no",
        "a.b.apps.tt02.altinn.no",
        ".apps.tt02.altinn.no",
        "[::1",
    ],
)
def test_a_name_that_is_not_configured_is_never_repeated(control: Control, host: str) -> None:
    at_base = control.known.get(f"/maskinporten{METADATA}").json()

    answer = at(control, host, f"/maskinporten{METADATA}")

    assert at_base["issuer"] == f"{control.base}/maskinporten/"
    if answer.status_code == 400:
        assert host.partition(":")[0] not in answer.text
    else:
        assert (answer.status_code, answer.json()) == (200, at_base)


def test_the_platforms_metadata_is_that_of_the_host_that_was_asked(control: Control) -> None:
    path = "/authentication/api/v1/openid/.well-known/openid-configuration"

    by_name, by_base = at(control, PLATFORM, path).json(), control.known.get(path).json()

    assert by_name["issuer"] == f"https://{PLATFORM}/authentication/api/v1/openid/"
    assert by_base["issuer"] == f"{control.base}/authentication/api/v1/openid/"
    links = {name for name, value in by_base.items() if isinstance(value, str)}
    assert {by_base[link].partition(control.base)[0] for link in links} == {""}
    named = {link: by_base[link].replace(control.base, f"https://{PLATFORM}") for link in links}
    assert {link: by_name[link] for link in links} == named


def test_units_are_linked_to_at_the_registers_own_host(control: Control) -> None:
    path = "/enhetsregisteret/api/organisasjonsformer/AS"

    by_name, by_base = at(control, UNITS, path).json(), control.known.get(path).json()

    assert by_name["_links"]["self"]["href"] == f"https://{UNITS}{path}"
    assert by_base["_links"]["self"]["href"] == f"{control.base}{path}"


def test_a_vendors_program_for_tt02_runs_unchanged(fresh: Control, vendor: Vendor) -> None:
    raw = vendor.maskinporten.token(SCOPES)
    exchanged = vendor.maskinporten.exchanged_token(SCOPES)
    claims = claims_of(exchanged.authorization.split()[1])

    assert claims_of(raw.authorization.split()[1])["iss"] == f"https://{MASKINPORTEN}/"
    assert claims["iss"] == f"https://{PLATFORM}/authentication/api/v1/openid/"
    wish = {
        "systemId": SYSTEM,
        "partyOrgNo": CUSTOMER,
        "externalRef": "egen",
        "accessPackages": [{"urn": "urn:altinn:accesspackage:merverdiavgift"}],
    }
    for n, token in enumerate((raw, exchanged)):
        headers = {"authorization": token.authorization, "host": PLATFORM}
        body = {**wish, "externalRef": f"egen {n}"}
        made = fresh.stranger.post(REQUESTS, json=body, headers=headers)
        assert made.status_code == 201, made.text
        assert made.json()["confirmUrl"].startswith(f"https://{PORTAL}/accessmanagement/ui/")
        assert made.headers["location"].startswith(f"https://{PLATFORM}/authentication/")


def test_a_token_is_good_under_every_name_of_the_world(fresh: Control, vendor: Vendor) -> None:
    by_name = vendor.maskinporten.token(SCOPES)
    path = f"{REQUESTS}/bysystem/{SYSTEM}"

    answer = fresh.stranger.get(path, headers={"authorization": by_name.authorization})

    assert answer.status_code == 200


def test_a_grant_may_be_made_for_any_name_and_is_answered_under_that_of_the_host(
    fresh: Control, vendor: Vendor
) -> None:
    key = ClientKey.generate()
    keys = f"/fullmakt/clients/{CLIENT}/keys"
    fresh.known.post(keys, json={"jwk": dict(key.public_jwk)}).raise_for_status()
    with Vendor(Environment.local(fresh.base), CLIENT, key) as local:
        by_base = local.maskinporten.token(SCOPES)
    crossed = Environment(
        maskinporten_issuer="https://test.maskinporten.no/",
        maskinporten_token=f"{fresh.base}/maskinporten/token",
        platform=fresh.base,
        apps=fresh.base,
        vat_validation=fresh.base,
    )
    with Vendor(crossed, CLIENT, key) as other:
        for_name = other.maskinporten.token(SCOPES)

    issuer = f"{fresh.base}/maskinporten/"
    assert claims_of(by_base.authorization.split()[1])["iss"] == issuer
    assert claims_of(for_name.authorization.split()[1])["iss"] == issuer
    by_name = vendor.maskinporten.token(SCOPES)
    assert claims_of(by_name.authorization.split()[1])["iss"] == "https://test.maskinporten.no/"


def test_leaving_the_portal_by_name_sets_a_cookie_that_the_platform_gets(control: Control) -> None:
    path = "/accessmanagement/api/v1/systemuser/request/505f8488-3d48-4c15-8e21-35cb9432f815/logout"

    answer = at(control, PORTAL, path)

    assert answer.headers["location"] == f"https://{PLATFORM}/authentication/api/v1/logout"
    cookie = answer.headers["set-cookie"]
    assert "Domain=tt02.altinn.no" in cookie
    assert "Secure" in cookie
    assert "Domain" not in control.known.get(path).headers["set-cookie"]
