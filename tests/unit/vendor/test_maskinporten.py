"""Tokens: the grant that is signed, the answer that is kept, and who waits for whom."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from fullmakt.foundation.jose.keys import PrivateKey
from fullmakt.foundation.jose.tokens import InvalidSignatureError
from fullmakt.vendor import (
    Maskinporten,
    NotAuthenticated,
    OrganizationNumber,
    SystemUserReference,
    UnexpectedAnswer,
    Unreachable,
)
from tests.unit.vendor.remote import (
    AT,
    BASE,
    CLIENT_ID,
    ENVIRONMENT,
    KEY,
    MovableClock,
    Remote,
    altinn_token,
    grant_of,
    plain_problem,
    token_answer,
)

TOKEN = "/maskinporten/token"
EXCHANGE = "/authentication/api/v1/exchange/maskinporten"
SCOPES = ["altinn:instances.read", "altinn:instances.write"]
ACCOUNTANT = OrganizationNumber("312300028")
SYSTEM_USER = SystemUserReference(ACCOUNTANT, "customer-42")


@pytest.fixture
def maskinporten(remote: Remote, clock: MovableClock) -> Maskinporten:
    remote.on("POST", TOKEN, token_answer())
    return Maskinporten(ENVIRONMENT, CLIENT_ID, KEY, http=remote.http, clock=clock)


def counted(answer: Callable[[int], httpx.Response]) -> Callable[[httpx.Request], httpx.Response]:
    numbers = iter(range(1, 1000))
    return lambda _: answer(next(numbers))


def test_the_grant_is_signed_with_the_clients_key(
    maskinporten: Maskinporten, remote: Remote
) -> None:
    maskinporten.token(SCOPES)

    claims = grant_of(remote.last)
    assert claims["iss"] == CLIENT_ID
    assert claims["aud"] == f"{BASE}/maskinporten/"
    assert claims["scope"] == "altinn:instances.read altinn:instances.write"


def test_the_grant_does_not_verify_with_another_key(
    maskinporten: Maskinporten, remote: Remote
) -> None:
    maskinporten.token(SCOPES)

    with pytest.raises(InvalidSignatureError):
        grant_of(remote.last, PrivateKey.generate(kid=KEY.kid).public)


def test_the_grant_lasts_at_most_two_minutes_from_now(
    maskinporten: Maskinporten, remote: Remote
) -> None:
    maskinporten.token(SCOPES)

    claims = grant_of(remote.last)
    assert claims["iat"] == int(AT.timestamp())
    assert 0 < claims["exp"] - claims["iat"] <= 120


def test_every_grant_has_an_id_of_its_own(
    maskinporten: Maskinporten, remote: Remote, clock: MovableClock
) -> None:
    maskinporten.token(SCOPES)
    clock.advance(200)
    maskinporten.token(SCOPES)

    ids = [UUID(grant_of(request)["jti"]) for request in remote.asked]
    assert len(set(ids)) == 2


def test_the_token_request_is_a_form_with_the_jwt_bearer_grant(
    maskinporten: Maskinporten, remote: Remote
) -> None:
    maskinporten.token(SCOPES)

    assert remote.last.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert b"grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&" in (
        remote.last.content
    )
    assert "Authorization" not in remote.last.headers


def test_a_system_user_is_named_by_its_owner_and_external_reference(
    maskinporten: Maskinporten, remote: Remote
) -> None:
    maskinporten.token(SCOPES, system_user=SYSTEM_USER)

    assert grant_of(remote.last)["authorization_details"] == [
        {
            "type": "urn:altinn:systemuser",
            "systemuser_org": {"authority": "iso6523-actorid-upis", "ID": "0192:312300028"},
            "externalRef": "customer-42",
        }
    ]


def test_without_an_external_reference_none_is_sent(
    maskinporten: Maskinporten, remote: Remote
) -> None:
    maskinporten.token(SCOPES, system_user=SystemUserReference(ACCOUNTANT))

    assert "externalRef" not in grant_of(remote.last)["authorization_details"][0]


def test_a_token_for_no_system_user_has_no_details(
    maskinporten: Maskinporten, remote: Remote
) -> None:
    maskinporten.token(SCOPES)

    assert not {"authorization_details", "resource"} & set(grant_of(remote.last))


def test_a_resource_is_passed_on(maskinporten: Maskinporten, remote: Remote) -> None:
    maskinporten.token(SCOPES, resource="https://tjeneste.example/")

    assert grant_of(remote.last)["resource"] == "https://tjeneste.example/"


@pytest.mark.parametrize("scopes", [[], "", ["  "]])
def test_a_token_without_scopes_is_not_asked_for(
    scopes: list[str] | str, maskinporten: Maskinporten
) -> None:
    with pytest.raises(ValueError, match="at least one scope"):
        maskinporten.token(scopes)


def test_a_clock_without_a_zone_is_refused(remote: Remote) -> None:
    naive = AT.replace(tzinfo=None)
    maskinporten = Maskinporten(ENVIRONMENT, CLIENT_ID, KEY, http=remote.http, clock=lambda: naive)

    with pytest.raises(ValueError, match="must tell its zone"):
        maskinporten.token(SCOPES)


# --- kept tokens ------------------------------------------------------------------------------


def test_a_token_is_kept_whatever_the_order_of_its_scopes(
    maskinporten: Maskinporten, remote: Remote
) -> None:
    first = maskinporten.token(SCOPES)

    assert maskinporten.token(reversed(SCOPES)) is first
    assert maskinporten.token(" ".join(SCOPES)) is first
    assert len(remote.asked) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"scopes": SCOPES[:1]},
        {"scopes": SCOPES, "system_user": SystemUserReference(ACCOUNTANT)},
        {"scopes": SCOPES, "system_user": SYSTEM_USER},
        {"scopes": SCOPES, "resource": "https://tjeneste.example/"},
    ],
)
def test_a_token_kept_for_one_use_does_not_serve_another(
    other: dict, remote: Remote, clock: MovableClock
) -> None:
    remote.on("POST", TOKEN, counted(lambda number: token_answer(f"token-{number}")))
    maskinporten = Maskinporten(ENVIRONMENT, CLIENT_ID, KEY, http=remote.http, clock=clock)

    first = maskinporten.token(SCOPES)

    assert first.compact == "token-1"
    assert maskinporten.token(**other).compact == "token-2"
    assert maskinporten.token(SCOPES) is first


@pytest.mark.parametrize(
    "lasts_s, after_s, is_kept",
    [(120, 109, True), (120, 111, False), (10, 4, True), (10, 6, False), (0, 0, False)],
)
def test_a_token_is_fetched_anew_shortly_before_it_expires(
    *, lasts_s: int, after_s: int, is_kept: bool, remote: Remote, clock: MovableClock
) -> None:
    remote.on("POST", TOKEN, token_answer(lasts_s=lasts_s))
    maskinporten = Maskinporten(ENVIRONMENT, CLIENT_ID, KEY, http=remote.http, clock=clock)
    first = maskinporten.token(SCOPES)

    clock.advance(after_s)

    assert (maskinporten.token(SCOPES) is first) is is_kept


def test_a_refusal_is_not_kept(remote: Remote, clock: MovableClock) -> None:
    remote.on("POST", TOKEN, httpx.ConnectError("connection refused"), token_answer())
    maskinporten = Maskinporten(ENVIRONMENT, CLIENT_ID, KEY, http=remote.http, clock=clock)

    with pytest.raises(Unreachable, match="connection refused"):
        maskinporten.token(SCOPES)

    assert maskinporten.token(SCOPES).compact == "maskinporten-token"


def test_closing_forgets_the_tokens(maskinporten: Maskinporten, remote: Remote) -> None:
    maskinporten.token(SCOPES)
    maskinporten.close()

    maskinporten.token(SCOPES)

    assert len(remote.asked) == 2


# --- threads ----------------------------------------------------------------------------------


class Gate:
    """A server that holds its answers back until it is opened."""

    def __init__(self, answer: Callable[[int], httpx.Response]) -> None:
        self.is_asked = threading.Event()
        self.is_open = threading.Event()
        self._reply = counted(answer)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.is_asked.set()
        assert self.is_open.wait(10)
        return self._reply(request)


def test_threads_that_want_the_same_token_wait_for_one_fetch(
    remote: Remote, clock: MovableClock
) -> None:
    gate = Gate(lambda number: token_answer(f"token-{number}"))
    remote.on("POST", TOKEN, gate)
    maskinporten = Maskinporten(ENVIRONMENT, CLIENT_ID, KEY, http=remote.http, clock=clock)

    with ThreadPoolExecutor(8) as threads:
        waiting = [threads.submit(maskinporten.token, SCOPES) for _ in range(8)]
        assert gate.is_asked.wait(10)
        gate.is_open.set()
        tokens = {future.result(10).compact for future in waiting}

    assert tokens == {"token-1"}


def test_a_failure_reaches_everyone_who_waited_for_it(remote: Remote, clock: MovableClock) -> None:
    refusal = {"error": "temporarily_unavailable"}
    gate = Gate(lambda _: httpx.Response(503, json=refusal))
    remote.on("POST", TOKEN, gate)
    maskinporten = Maskinporten(ENVIRONMENT, CLIENT_ID, KEY, http=remote.http, clock=clock)

    with ThreadPoolExecutor(4) as threads:
        waiting = [threads.submit(maskinporten.token, SCOPES) for _ in range(4)]
        assert gate.is_asked.wait(10)
        gate.is_open.set()
        errors = {getattr(future.exception(10), "error", None) for future in waiting}

    assert errors == {"temporarily_unavailable"}


def test_a_token_in_its_last_seconds_serves_while_the_next_one_is_fetched(
    remote: Remote, clock: MovableClock
) -> None:
    gate = Gate(lambda _: token_answer("next"))
    remote.on("POST", TOKEN, token_answer("first"), gate)
    maskinporten = Maskinporten(ENVIRONMENT, CLIENT_ID, KEY, http=remote.http, clock=clock)
    maskinporten.token(SCOPES)
    clock.advance(112)

    with ThreadPoolExecutor(1) as threads:
        refresh = threads.submit(maskinporten.token, SCOPES)
        assert gate.is_asked.wait(10)
        meanwhile = maskinporten.token(SCOPES)
        gate.is_open.set()

    assert meanwhile.compact == "first"
    assert refresh.result().compact == "next"


def test_two_system_users_do_not_wait_for_each_other(remote: Remote, clock: MovableClock) -> None:
    gate = Gate(lambda _: token_answer())
    remote.on("POST", TOKEN, gate, token_answer("other"))
    maskinporten = Maskinporten(ENVIRONMENT, CLIENT_ID, KEY, http=remote.http, clock=clock)

    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(maskinporten.token, SCOPES, system_user=SYSTEM_USER)
        assert gate.is_asked.wait(10)
        other = maskinporten.token(SCOPES, system_user=SystemUserReference(ACCOUNTANT))
        is_slow_waiting = not slow.done()
        gate.is_open.set()

    assert (other.compact, is_slow_waiting) == ("other", True)


# --- exchange ---------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["{}", '"{}"'])
def test_the_exchanged_token_comes_without_quotes(
    form: str, maskinporten: Maskinporten, remote: Remote
) -> None:
    compact = altinn_token()
    remote.on("GET", EXCHANGE, httpx.Response(200, text=form.format(compact)))

    token = maskinporten.exchanged_token(SCOPES, system_user=SYSTEM_USER)

    assert token.compact == compact
    assert remote.last.headers["Authorization"] == "Bearer maskinporten-token"


def test_an_exchanged_token_is_kept_as_long_as_it_says(remote: Remote, clock: MovableClock) -> None:
    remote.on("POST", TOKEN, token_answer())
    an_hour_off = AT + timedelta(hours=1)
    remote.on("GET", EXCHANGE, httpx.Response(200, text=altinn_token(issued=an_hour_off)))
    maskinporten = Maskinporten(ENVIRONMENT, CLIENT_ID, KEY, http=remote.http, clock=clock)

    first = maskinporten.exchanged_token(SCOPES)
    clock.advance(1780)
    second = maskinporten.exchanged_token(SCOPES)
    clock.advance(15)
    third = maskinporten.exchanged_token(SCOPES)

    assert first.expires_at == AT + timedelta(minutes=30)
    assert second is first
    assert third is not first


def test_an_exchanged_token_and_the_one_it_came_from_are_kept_apart(
    maskinporten: Maskinporten, remote: Remote
) -> None:
    remote.on("GET", EXCHANGE, httpx.Response(200, text=altinn_token()))

    exchanged = maskinporten.exchanged_token(SCOPES)

    assert maskinporten.token(SCOPES).compact == "maskinporten-token"
    assert maskinporten.exchanged_token(SCOPES) is exchanged


def test_a_refused_exchange_is_not_authenticated(
    maskinporten: Maskinporten, remote: Remote
) -> None:
    remote.on("GET", EXCHANGE, plain_problem(401, "Unauthorized"))

    with pytest.raises(NotAuthenticated, match="401: Unauthorized"):
        maskinporten.exchanged_token(SCOPES)


@pytest.mark.parametrize("text", ["", "not a token", '"', "a.b", '{"token": "x"}'])
def test_an_exchange_that_gives_no_token_is_unexpected(
    text: str, maskinporten: Maskinporten, remote: Remote
) -> None:
    remote.on("GET", EXCHANGE, httpx.Response(200, text=text))

    with pytest.raises(UnexpectedAnswer, match="token"):
        maskinporten.exchanged_token(SCOPES)


# --- answers that are not what they should be ---------------------------------------------------


@pytest.mark.parametrize(
    "answer, said",
    [
        (httpx.Response(200, text="hei"), "is not JSON"),
        (httpx.Response(200, json=[]), "is not an object"),
        (httpx.Response(200, json={"access_token": "x"}), "`/token_type`"),
        (httpx.Response(200, json={"access_token": "x", "token_type": "mac"}), "`Bearer`"),
        (
            httpx.Response(
                200, json={"access_token": "x", "token_type": "Bearer", "expires_in": "119"}
            ),
            "`/expires_in` is not a whole number",
        ),
        (token_answer("two words"), "not a bearer token"),
        (httpx.Response(404, text="no such page"), "without an `error`"),
        (httpx.Response(307, headers={"Location": "https://elsewhere.example/"}), "answered 307"),
    ],
)
def test_an_answer_that_cannot_be_read_says_what_is_wrong(
    answer: httpx.Response, said: str, remote: Remote, clock: MovableClock
) -> None:
    remote.on("POST", TOKEN, answer)
    maskinporten = Maskinporten(ENVIRONMENT, CLIENT_ID, KEY, http=remote.http, clock=clock)

    with pytest.raises(UnexpectedAnswer) as unexpected:
        maskinporten.token(SCOPES)

    assert said in str(unexpected.value)


def test_an_http_that_was_given_stays_open(remote: Remote) -> None:
    with Maskinporten(ENVIRONMENT, CLIENT_ID, KEY, http=remote.http):
        pass

    assert not remote.http.is_closed


def test_without_a_clock_the_machines_is_used(remote: Remote) -> None:
    remote.on("POST", TOKEN, token_answer())

    with Maskinporten(ENVIRONMENT, CLIENT_ID, KEY, http=remote.http) as maskinporten:
        token = maskinporten.token(SCOPES)

    assert token.expires_at is not None
    assert token.expires_at.utcoffset() == timedelta(0)
