"""No key, token or grant stands in a representation, a log or an error."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from urllib.parse import parse_qs

import httpx
import pytest

from fullmakt.vendor import (
    AccessToken,
    ClientKey,
    GivenToken,
    Maskinporten,
    OrganizationNumber,
    SystemUserReference,
    UnusableKeyError,
    Vendor,
    VendorError,
)
from fullmakt.vendor._flow import Request
from tests.unit.vendor.remote import (
    CLIENT_ID,
    ENVIRONMENT,
    KEY,
    MovableClock,
    Remote,
    altinn_token,
    plain_problem,
    token_answer,
)

SECRET = "eyJhbGciOiJSUzI1NiJ9.aGVtbWVsaWc.c2lnbmF0dXI"
EXCHANGED = altinn_token()
REFERENCE = SystemUserReference(OrganizationNumber("312300028"), "kunde-42")
TOKEN = "/maskinporten/token"
EXCHANGE = "/authentication/api/v1/exchange/maskinporten"
PRIVATE = [
    value
    for name, value in KEY.as_private_jwk().items()
    if name in {"d", "p", "q", "dp", "dq", "qi"}
]


def secrets(remote: Remote) -> list[str]:
    """All that must not be seen: the key's numbers, the tokens, and the grants that were sent."""
    forms = [parse_qs(request.content.decode()) for request in remote.asked]
    grants = [grant for form in forms for grant in form.get("assertion", [])]
    lines = [line for line in KEY.as_pem().splitlines() if not line.startswith("-")]
    return [SECRET, EXCHANGED, *PRIVATE, *lines, *grants]


def seen_in(text: str, remote: Remote) -> list[str]:
    return [secret for secret in secrets(remote) if secret in text]


@pytest.fixture
def vendor(remote: Remote, clock: MovableClock) -> Vendor:
    remote.on("POST", TOKEN, token_answer(SECRET))
    remote.on("GET", EXCHANGE, httpx.Response(200, text=EXCHANGED))
    return Vendor(ENVIRONMENT, CLIENT_ID, KEY, http=remote.http, clock=clock)


def holders(vendor: Vendor) -> dict[str, object]:
    """One of each public type that has a key or a token in it, with tokens fetched."""
    token = vendor.maskinporten.token("altinn:instances.read", system_user=REFERENCE)
    vendor.maskinporten.exchanged_token("altinn:instances.read", system_user=REFERENCE)
    source = vendor.maskinporten.source(system_user=REFERENCE, exchanged=True)
    return {
        "ClientKey": KEY,
        "AccessToken": token,
        "GivenToken": GivenToken(token),
        "Maskinporten": vendor.maskinporten,
        "TokenSource": source,
        "Transport": vendor.transport(source),
        "Vendor": vendor,
        "SystemRegister": vendor.system_register,
        "Requests": vendor.requests,
        "ChangeRequests": vendor.change_requests,
        "SystemUsers": vendor.system_users,
        "ClientLinks": vendor.client_links(SECRET),
        "VatReturns": vendor.vat_returns(REFERENCE),
        "a request": Request("GET", "/", headers={"Authorization": token.authorization}),
        "a token request": Request("POST", "/", form={"assertion": SECRET}),
        "many": [token, KEY],
    }


@pytest.mark.parametrize("write", [repr, str, "{}".format, "{!r}".format])
def test_no_public_type_shows_what_it_holds(
    write: Callable[[object], str], vendor: Vendor, remote: Remote
) -> None:
    shown = {name: seen_in(write(holder), remote) for name, holder in holders(vendor).items()}

    assert {name for name, seen in shown.items() if seen} == set()


def test_a_key_shows_its_id() -> None:
    assert repr(KEY) == "ClientKey(kid='vendor-key')"


def test_nothing_secret_is_logged(
    vendor: Vendor, remote: Remote, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        for holder in holders(vendor).values():
            logging.getLogger("program").info("%s %r", holder, holder)

    assert caplog.text
    assert seen_in(caplog.text, remote) == []


@pytest.mark.parametrize(
    "reply",
    [
        httpx.ConnectError("connection refused"),
        httpx.LocalProtocolError(f"Illegal header value b'Bearer {SECRET}'"),
        httpx.Response(500),
        httpx.Response(400, json={"error": "invalid_grant", "error_description": "no"}),
        httpx.Response(200, json={"access_token": SECRET, "token_type": "Bearer"}),
        httpx.Response(200, json={"access_token": SECRET, "token_type": SECRET}),
        httpx.Response(200, text=SECRET),
        token_answer(f"{SECRET} {SECRET}"),
        token_answer(f"{SECRET}\r\nX-Injected: yes"),
    ],
)
def test_no_failure_to_get_a_token_shows_one(
    reply: httpx.Response | Exception, remote: Remote, clock: MovableClock
) -> None:
    remote.on("POST", TOKEN, reply)
    maskinporten = Maskinporten(ENVIRONMENT, CLIENT_ID, KEY, http=remote.http, clock=clock)

    with pytest.raises(VendorError) as failure:
        maskinporten.token("altinn:instances.read")

    told = "".join(traceback.format_exception(failure.value)) + repr(failure.value)
    assert seen_in(told, remote) == []


@pytest.mark.parametrize(
    "reply",
    [
        plain_problem(401, "Unauthorized"),
        httpx.ReadTimeout("timed out"),
        httpx.Response(200, text=f'"{SECRET} x"'),
        httpx.Response(200, json={"token": SECRET}),
    ],
)
def test_no_failure_to_exchange_a_token_shows_one(
    reply: httpx.Response | Exception, remote: Remote, clock: MovableClock
) -> None:
    remote.on("POST", TOKEN, token_answer(SECRET))
    remote.on("GET", EXCHANGE, reply)
    maskinporten = Maskinporten(ENVIRONMENT, CLIENT_ID, KEY, http=remote.http, clock=clock)

    with pytest.raises(VendorError) as failure:
        maskinporten.exchanged_token("altinn:instances.read")

    told = "".join(traceback.format_exception(failure.value)) + repr(failure.value)
    assert seen_in(told, remote) == []


@pytest.mark.parametrize("compact", [f"{SECRET}\n", f"{SECRET} x", f"Bearer {SECRET}", ""])
def test_what_cannot_be_a_token_is_refused_without_being_repeated(compact: str) -> None:
    with pytest.raises(ValueError, match="not a bearer token") as refusal:
        AccessToken(compact)

    assert SECRET not in str(refusal.value)


def test_a_key_that_cannot_be_read_is_not_repeated(remote: Remote) -> None:
    broken = KEY.as_pem().replace("-----BEGIN PRIVATE KEY-----", "-----BEGIN PUBLIC KEY-----")

    with pytest.raises(UnusableKeyError) as refusal:
        ClientKey.from_pem(broken)

    assert seen_in("".join(traceback.format_exception(refusal.value)), remote) == []


def test_the_one_who_asks_for_the_token_gets_it(vendor: Vendor) -> None:
    token = vendor.maskinporten.token("altinn:instances.read")

    assert token.compact == SECRET
    assert token.authorization == f"Bearer {SECRET}"
