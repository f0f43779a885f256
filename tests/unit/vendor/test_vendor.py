"""The vendor with everything on one set of connections: which token goes where."""

from __future__ import annotations

from uuid import UUID

import httpx
import pytest

from fullmakt.vendor import (
    AccessToken,
    Environment,
    NotFound,
    OrganizationNumber,
    SystemUserReference,
    Transport,
    Vendor,
)
from tests.unit.vendor.remote import (
    CLIENT_ID,
    ENVIRONMENT,
    KEY,
    MovableClock,
    Remote,
    altinn_token,
    grant_of,
    token_answer,
)
from tests.unit.vendor.vat_remote import RETURN, prepare

API = "/authentication/api/v1"
REFERENCE = SystemUserReference(OrganizationNumber("312300028"), "kunde-42")
ID = "505f8488-3d48-4c15-8e21-35cb9432f815"


@pytest.fixture
def vendor(remote: Remote, clock: MovableClock) -> Vendor:
    remote.on("POST", "/maskinporten/token", token_answer())
    return Vendor(ENVIRONMENT, CLIENT_ID, KEY, http=remote.http, clock=clock)


def scopes_asked_for(remote: Remote) -> list[str]:
    return [
        grant_of(request)["scope"]
        for request in remote.asked
        if request.url.path == "/maskinporten/token"
    ]


def test_the_register_is_called_with_the_registers_scope(vendor: Vendor, remote: Remote) -> None:
    reply = httpx.Response(200, json={"succeeded": True})
    remote.on("DELETE", f"{API}/systemregister/vendor/312300109_maestro", reply)

    vendor.system_register.delete("312300109_maestro")

    assert scopes_asked_for(remote) == ["altinn:authentication/systemregister.write"]
    assert remote.last.headers["Authorization"] == "Bearer maskinporten-token"


def test_reading_and_writing_requests_ask_for_a_scope_each(vendor: Vendor, remote: Remote) -> None:
    path = f"{API}/systemuser/request/vendor"
    remote.on("GET", f"{path}/bysystem/s", httpx.Response(200, json={"links": {}, "data": []}))
    remote.on("DELETE", f"{path}/{ID}", httpx.Response(202))

    list(vendor.requests.by_system("s"))
    vendor.requests.delete(UUID(ID))

    assert scopes_asked_for(remote) == [
        "altinn:authentication/systemuser.request.read",
        "altinn:authentication/systemuser.request.write",
    ]


def test_system_users_are_looked_up_and_listed_with_a_scope_each(
    vendor: Vendor, remote: Remote
) -> None:
    path = f"{API}/systemuser/vendor"
    remote.on("GET", f"{path}/byquery", httpx.Response(404))
    remote.on("GET", f"{path}/bysystem/s", httpx.Response(200, json={"links": {}, "data": []}))

    with pytest.raises(NotFound):
        vendor.system_users.by_query("s", OrganizationNumber("312300028"))
    list(vendor.system_users.by_system("s"))

    assert scopes_asked_for(remote) == [
        "altinn:authentication/systemuser.request.write",
        "altinn:authentication/systemregister.write",
    ]


def test_a_vat_return_is_filed_with_the_system_users_exchanged_token(
    vendor: Vendor, remote: Remote
) -> None:
    prepare(remote)
    compact = altinn_token()
    remote.on("GET", f"{API}/exchange/maskinporten", httpx.Response(200, text=compact))

    vendor.vat_returns(REFERENCE).file(RETURN)

    (grant,) = [
        grant_of(request) for request in remote.asked if request.url.path == "/maskinporten/token"
    ]
    assert grant["scope"] == "altinn:instances.read altinn:instances.write"
    assert grant["authorization_details"][0]["externalRef"] == "kunde-42"
    assert remote.last.headers["Authorization"] == f"Bearer {compact}"


@pytest.mark.parametrize("token", ["the-persons", AccessToken("the-persons")])
def test_client_links_are_made_with_the_persons_token_alone(
    token: str | AccessToken, vendor: Vendor, remote: Remote
) -> None:
    remote.on("GET", f"{API}/enduser/systemuser/agents", httpx.Response(200, json=[]))

    vendor.client_links(token).agents(OrganizationNumber("312300028"))

    assert [request.headers["Authorization"] for request in remote.asked] == ["Bearer the-persons"]


def test_connections_that_were_given_stay_open(vendor: Vendor, remote: Remote) -> None:
    with vendor:
        pass

    assert not remote.http.is_closed


def test_connections_made_here_are_closed() -> None:
    vendor = Vendor(Environment.local("http://127.0.0.1:1"), CLIENT_ID, KEY)
    transport = Transport(ENVIRONMENT, vendor.maskinporten)

    with vendor, transport:
        pass

    with pytest.raises(RuntimeError, match="closed"):
        vendor.maskinporten.token("altinn:instances.read")
