"""Plain ASGI: bodies in pieces, answers, and the doors that both ways into the house share."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, MutableMapping
from typing import Any

import pytest
from litestar.connection import ASGIConnection

from fullmakt.foundation.bearer.service import BearerCheck
from fullmakt.foundation.http.doors import (
    authenticated,
    caller_from_headers,
    caller_of,
    check_scope,
    json_answer,
    scope,
    trace_of,
)
from fullmakt.foundation.http.plain import (
    ClientLeftError,
    answer_plainly,
    header,
    read_plain_body,
)
from fullmakt.foundation.http.traces import RequestTrace
from fullmakt.foundation.terms.problem import (
    NotAuthenticated,
    NotAuthorized,
    PlainProblem,
    TooLarge,
)
from tests.unit.bearer.test_bearer import ISSUER, CountingKeys, token
from tests.worlds import TestClock

TRACE = RequestTrace("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7")


def read(messages: Iterable[dict[str, Any]], *, largest: int = 100) -> bytes:
    told = iter(messages)

    async def receive() -> dict[str, Any]:
        return next(told)

    return asyncio.run(read_plain_body(receive, largest=largest))


def piece(body: bytes, *, more: bool = False) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


def test_a_body_in_pieces_is_one_body() -> None:
    assert read([piece(b"a", more=True), piece(b"", more=True), piece(b"b")]) == b"ab"


def test_a_request_without_a_body_has_an_empty_one() -> None:
    assert read([{"type": "http.request"}]) == b""


def test_a_body_is_refused_as_soon_as_it_is_too_large() -> None:
    with pytest.raises(TooLarge, match="larger than 100 bytes"):
        read([piece(b"a" * 60, more=True), piece(b"a" * 60, more=True)])


def test_a_body_of_the_largest_size_is_read() -> None:
    assert read([piece(b"a" * 60, more=True), piece(b"a" * 40)]) == b"a" * 100


@pytest.mark.parametrize("before", [[], [piece(b"a", more=True)]])
def test_a_client_that_left_is_told_apart(before: list[dict[str, Any]]) -> None:
    with pytest.raises(ClientLeftError):
        read([*before, {"type": "http.disconnect"}])


def test_the_first_header_of_a_name_counts() -> None:
    held = {"headers": [(b"a", b"1"), (b"b", b"\xe6"), (b"b", b"2")]}

    assert header(held, b"b") == "æ"
    assert header(held, b"c") is None


def answered(answer: bytes | PlainProblem, *headers: tuple[str, str]) -> tuple[Any, Any]:
    told: list[Any] = []

    async def send(message: MutableMapping[str, Any]) -> None:
        told.append(message)

    asyncio.run(answer_plainly(send, answer, trace=TRACE, headers=headers))
    start, body = told
    return start, body["body"]


def test_an_answer_carries_its_length_and_its_correlation() -> None:
    start, body = answered(b"abc", ("content-type", "x/y"))

    assert (start["status"], body) == (200, b"abc")
    assert start["headers"] == [
        (b"content-type", b"x/y"),
        (b"content-length", b"3"),
        (b"x-correlation-id", TRACE.correlation.encode()),
    ]


def test_a_problem_is_answered_with_the_headers_given() -> None:
    start, body = answered(PlainProblem(405, "Method Not Allowed"), ("allow", "POST"))

    assert start["status"] == 405
    assert (b"allow", b"POST") in start["headers"]
    assert json.loads(body)["traceId"] == TRACE.traceparent


@pytest.fixture
def bearer() -> BearerCheck:
    return BearerCheck({ISSUER: CountingKeys()}, audiences=frozenset(), clock=TestClock())


class House:
    def __init__(self, bearer: BearerCheck) -> None:
        self.bearer = bearer


def connection(bearer: BearerCheck, *headers: tuple[bytes, bytes]) -> ASGIConnection:
    held: Any = {
        "type": "http",
        "method": "GET",
        "headers": list(headers),
        "path": "/",
        "fullmakt.house": House(bearer),
        "fullmakt.trace": TRACE,
    }
    return ASGIConnection(held)


def test_a_connections_caller_is_verified_once(bearer: BearerCheck) -> None:
    asked = connection(bearer, (b"authorization", f"Bearer {token()}".encode()))

    assert caller_of(asked) is caller_of(asked)
    assert trace_of(asked) is TRACE


@pytest.mark.parametrize(
    "cookie",
    [
        "AltinnStudioRuntime={}",
        'AltinnStudioRuntime="{}"',
        "a=b; AltinnStudioRuntime={}; c=d",
        "a=b;AltinnStudioRuntime={}",
    ],
)
def test_the_cookie_wins_over_the_header(bearer: BearerCheck, cookie: str) -> None:
    sent = cookie.format(token(client_id="cookie"))

    caller = caller_from_headers(
        bearer, authorization=f"Bearer {token(client_id='header')}", cookie=sent
    )

    assert caller.client_id == "cookie"


@pytest.mark.parametrize(
    "cookie", [None, "", "a=b", "NotAltinnStudioRuntime=x", "x=AltinnStudioRuntime"]
)
def test_another_cookie_says_nothing_of_the_caller(bearer: BearerCheck, cookie: str | None) -> None:
    caller = caller_from_headers(
        bearer, authorization=f"Bearer {token(client_id='header')}", cookie=cookie
    )

    assert caller.client_id == "header"


def test_a_cookie_that_does_not_hold_is_refused_in_spite_of_the_header(
    bearer: BearerCheck,
) -> None:
    with pytest.raises(NotAuthenticated, match="does not hold"):
        caller_from_headers(
            bearer, authorization=f"Bearer {token()}", cookie="AltinnStudioRuntime=x.y.z"
        )


def test_one_of_the_scopes_is_enough_and_none_is_not(bearer: BearerCheck) -> None:
    caller = bearer.caller(token(scope="altinn:a"))

    check_scope(caller, "altinn:x", "altinn:a")
    with pytest.raises(NotAuthorized, match="the token needs scope altinn:x or altinn:y"):
        check_scope(caller, "altinn:x", "altinn:y")


def test_a_guard_wants_the_token_and_its_scope(bearer: BearerCheck) -> None:
    handler: Any = None
    known = connection(bearer, (b"authorization", f"Bearer {token()}".encode()))

    authenticated(known, handler)
    scope("altinn:a")(known, handler)
    with pytest.raises(NotAuthorized):
        scope("altinn:x")(known, handler)
    with pytest.raises(NotAuthenticated, match="a bearer token is needed"):
        authenticated(connection(bearer), handler)


def test_a_json_answer_is_written_with_its_status_and_headers() -> None:
    answer = json_answer({"a": "æ"}, status=201, headers={"location": "/a"})

    assert (answer.status_code, answer.content) == (201, '{"a":"æ"}'.encode())
    assert answer.headers["location"] == "/a"
