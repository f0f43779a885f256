"""Maskinporten's refusals, as its documentation and its users have them."""

from __future__ import annotations

import httpx
import pytest

from fullmakt.vendor import (
    GrantReplayed,
    GrantTimesRefused,
    KeyExpired,
    KeyRefused,
    Maskinporten,
    MaskinportenError,
    MaskinportenUnavailable,
    ScopeNotDelegated,
    ScopeNotGranted,
    ScopeNotOnClient,
    SignatureRefused,
    SystemUserNotFound,
    SystemUserReferenceRefused,
    UnknownClient,
    WrongAudience,
)
from tests.unit.vendor.remote import CLIENT_ID, ENVIRONMENT, KEY, MovableClock, Remote

TRACE = "bd1d0e3bfb1c7a7bd99fd447714a316c"
FAILED = "Invalid assertion. Client authentication failed."
GRANT, DETAILS = "invalid_grant", "invalid_authorization_details"


def refusal(error: str, told: str, code: str = "", status: int = 400) -> httpx.Response:
    members = {"error": error, "error_description": f"{told} (trace_id: {TRACE})"}
    if code:
        members["error_uri"] = f"https://test.maskinporten.no/errors/{code}"
    return httpx.Response(status, json=members)


def refused(remote: Remote, answer: httpx.Response) -> MaskinportenError:
    remote.on("POST", "/maskinporten/token", answer)
    maskinporten = Maskinporten(ENVIRONMENT, CLIENT_ID, KEY, http=remote.http, clock=MovableClock())
    with pytest.raises(MaskinportenError) as raised:
        maskinporten.token("altinn:instances.read")
    return raised.value


@pytest.mark.parametrize(
    "answer, situation",
    [
        (refusal(GRANT, "Grant is used before", "MP-012"), GrantReplayed),
        (refusal(GRANT, f"{FAILED} (client not found)", "MP-100"), UnknownClient),
        (refusal(GRANT, f"{FAILED} Invalid JWT claim aud", "MP-110"), WrongAudience),
        (refusal(GRANT, f"{FAILED} invalid certificate.", "MP-120"), KeyRefused),
        (refusal(GRANT, f"{FAILED} Expired key", "MP-121"), KeyExpired),
        (refusal(GRANT, f"{FAILED} Invalid JWT signature.", "MP-124"), SignatureRefused),
        (refusal(GRANT, f"{FAILED} Unknown key identifier (kid) for client."), KeyRefused),
        (refusal(GRANT, f"{FAILED} The client requires pre-registered jwk"), KeyRefused),
        (refusal(GRANT, "JWT has expired.", "MP-130"), GrantTimesRefused),
        (refusal(GRANT, "JWT has expired."), GrantTimesRefused),
        (refusal(GRANT, "Issue time is in the future."), GrantTimesRefused),
        (refusal(GRANT, "JWT has too long lifetime."), GrantTimesRefused),
        (refusal("invalid_scope", "contains invalid scopes", "MP-200"), ScopeNotOnClient),
        (refusal("invalid_scope", "scopes not allowed", "MP-201"), ScopeNotOnClient),
        (refusal("forbidden", "not been granted access", "MP-250", 403), ScopeNotGranted),
        (refusal("forbidden", "has not delegated access", "MP-251", 403), ScopeNotDelegated),
        (refusal(DETAILS, "Unknown type", "MP-301"), SystemUserReferenceRefused),
        (refusal(DETAILS, "Unknown fields", "MP-302"), SystemUserReferenceRefused),
        (refusal(DETAILS, "Invalid values", "MP-303"), SystemUserReferenceRefused),
        (
            refusal("invalid_altinn_customer_configuration", "not found", "MP-303"),
            SystemUserNotFound,
        ),
        (refusal("temporarily_unavailable", "later", status=503), MaskinportenUnavailable),
        (httpx.Response(502, text="<html>Bad Gateway</html>"), MaskinportenUnavailable),
        (refusal("unsupported_grant_type", "unsupported"), MaskinportenError),
    ],
)
def test_each_refusal_is_its_own_situation(
    answer: httpx.Response, situation: type[MaskinportenError], remote: Remote
) -> None:
    assert type(refused(remote, answer)) is situation


def test_a_refusal_keeps_code_description_and_trace_apart(remote: Remote) -> None:
    told = "Token request contains invalid scopes for client, altinn:serviceowners/read"

    error = refused(remote, refusal("invalid_scope", told, "MP-200"))

    assert (error.error, error.code, error.description, error.trace_id, error.status) == (
        "invalid_scope",
        "MP-200",
        told,
        TRACE,
        400,
    )


def test_the_code_is_found_in_the_error_word_as_well(remote: Remote) -> None:
    error = refused(
        remote,
        httpx.Response(400, json={"error": "invalid_altinn_customer_configuration (MP-303)"}),
    )

    assert error.code == "MP-303"
    assert isinstance(error, SystemUserNotFound)


def test_the_older_form_of_the_trace_is_read(remote: Remote) -> None:
    told = "JWT is expired (correlation id: 2f0b7b1e-8c7e-4a0a-9d3e-0c5b8b1a7a11)"

    error = refused(remote, httpx.Response(400, json={"error": GRANT, "error_description": told}))

    assert error.trace_id == "2f0b7b1e-8c7e-4a0a-9d3e-0c5b8b1a7a11"
    assert error.description == "JWT is expired"
