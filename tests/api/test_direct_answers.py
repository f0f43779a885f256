"""Direct answers: the same bytes as the ordinary way gives, for requests good and bad.

One front stands behind two listeners: one answers directly what it can, the other is uvicorn as it
comes. Both are sent the same bytes on raw connections.
"""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace

import httpx
import pytest
import uvicorn

from fullmakt.foundation.http.direct import DirectAnswer, DirectEndpoint, DirectRequest
from fullmakt.foundation.terms import urns
from fullmakt.run.server.direct import direct_protocol
from fullmakt.run.server.front import Front
from fullmakt.run.server.house import House
from fullmakt.run.testworld.control_door import ControlDoor
from fullmakt.run.testworld.routes import world_application
from fullmakt.run.testworld.serve import listen_on
from fullmakt.run.testworld.world import TestWorld, WorldSettings

PATH = "/authorization/api/v1/authorize"
SYSTEM_USER, CLIENT = "ab37a780-c0ba-5841-8f64-a809b36991af", "312400014"
RESOURCE, OWNER, STRANGER = "ske-innrapportering-boligsameie", "212000019", "212000450"
SCOPE = "altinn:authorization/authorize"
SUBJECT = {"AttributeId": urns.SYSTEM_USER_UUID, "Value": SYSTEM_USER}
WRITE = {"AttributeId": "urn:oasis:names:tc:xacml:1.0:action:action-id", "Value": "write"}
ABOUT = {"AttributeId": urns.RESOURCE, "Value": RESOURCE}
PARTY = {"AttributeId": urns.ORGANIZATION_NUMBER, "Value": CLIENT}
PATIENCE_S = 10
KEPT_OPEN_S = 1
LINES = b"traceparent: 00-%b-00f067aa0ba902b7-01\r\n"


@dataclass
class Counted:
    """The direct endpoint, and how many of the requests it was handed it answered."""

    endpoint: DirectEndpoint
    answered: int = 0
    together: list[int] = field(default_factory=list)

    __hash__ = object.__hash__

    def answer_together(self, requests: Sequence[DirectRequest]) -> Sequence[DirectAnswer | None]:
        answers = self.endpoint.answer_together(requests)
        self.answered += sum(each is not None for each in answers)
        self.together.append(len(requests))
        return answers


@dataclass(frozen=True)
class Standing:
    """One house."""

    house: House


@dataclass(frozen=True)
class Ways:
    """Two listeners, direct and ordinary, over one front."""

    direct: int
    ordinary: int
    server: uvicorn.Server
    counted: Counted
    token: str
    strangers_token: str

    def answered(self, *sent: bytes, answers: int = 1) -> tuple[bytes, bytes, int]:
        """What comes back by each way, and how many requests were answered directly."""
        before = self.counted.answered
        direct = exchanged(self.direct, *sent, answers=answers)
        counted = self.counted.answered - before
        return direct, exchanged(self.ordinary, *sent, answers=answers), counted


@contextmanager
def listening(front: Front, **settings: object) -> Iterator[tuple[int, uvicorn.Server]]:
    with listen_on(0) as socket_:
        config = uvicorn.Config(
            front,
            log_config=None,
            ws="none",
            access_log=False,
            lifespan="off",
            timeout_keep_alive=KEPT_OPEN_S,
            **settings,  # type: ignore[arg-type]
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([socket_],))
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield socket_.getsockname()[1], server
        finally:
            server.should_exit = True
            thread.join()


def token_of(port: int, organization: str) -> str:
    parameters = {"env": "tt02", "scopes": SCOPE, "orgNo": organization, "org": "skd"}
    url = f"http://127.0.0.1:{port}/api/GetEnterpriseToken"
    return httpx.get(url, params=parameters, auth=("any", "any")).raise_for_status().text


@pytest.fixture(scope="module")
def world() -> Iterator[TestWorld]:
    made = TestWorld(WorldSettings("http://127.0.0.1:1"))
    made.open(None)
    yield made
    made.close()


@contextmanager
def both_ways(world: TestWorld) -> Iterator[Ways]:
    counted = Counted(world.standing().direct_endpoints[PATH])
    house = replace(world.standing(), direct_endpoints={PATH: counted})
    application = world_application(world, ControlDoor("http://127.0.0.1:1", "a-secret"))
    front = Front(Standing(house), application)
    with ExitStack() as stack:
        direct, server = stack.enter_context(listening(front, http=direct_protocol(front)))
        ordinary, _ = stack.enter_context(listening(front, http="httptools"))
        token, other = token_of(ordinary, OWNER), token_of(ordinary, STRANGER)
        # What is known to hold is answered directly; what is new is verified the ordinary way.
        for each in (token, other):
            exchanged(ordinary, question(each))
        yield Ways(direct, ordinary, server, counted, token, other)


@pytest.fixture(scope="module")
def ways(world: TestWorld) -> Iterator[Ways]:
    with both_ways(world) as made:
        yield made


@pytest.fixture
def doomed_ways(world: TestWorld) -> Iterator[Ways]:
    """Listeners of the test's own, which it may stop."""
    with both_ways(world) as made:
        yield made


def exchanged(port: int, *sent: bytes, answers: int = 1) -> bytes:
    """So many answers, and whether the connection is closed then; what changes is taken out."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE_S) as connection:
        for piece in sent:
            connection.sendall(piece)
            time.sleep(0.02 if len(sent) > 1 else 0)
        return unvarying(received(connection, answers))


def received(connection: socket.socket, answers: int = 1) -> bytes:
    came = b""
    while not is_whole(came, answers) and (more := connection.recv(65536)):
        came += more
    if b"connection: close" in came:
        assert connection.recv(1) == b""
        came += b"(closed)"
    return came


def is_whole(came: bytes, answers: int) -> bool:
    """Whether so many answers are there to their end, those that go on (100) not counted."""
    ended = 0
    while b"\r\n\r\n" in came:
        head, _, came = came.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head)
        if length is not None:
            is_here = len(came) >= int(length[1]) or b"allow: POST" in head
            came, ended = came[int(length[1]) :], ended + is_here
    return ended >= answers


def unvarying(came: bytes) -> bytes:
    came = re.sub(rb"(?m)^date: [^\r]+", b"date: DATE", came)
    came = re.sub(rb"00-[0-9a-f]{32}-[0-9a-f]{16}-01", b"TRACEPARENT", came)
    return re.sub(
        rb"(?m)^x-correlation-id: (?!4bf92f35)[0-9a-f]{32}", b"x-correlation-id: ID", came
    )


def body_about(
    *,
    subject: object = SUBJECT,
    action: object = WRITE,
    about: Sequence[object] = (ABOUT, PARTY),
    **more: object,
) -> bytes:
    category = {
        "AccessSubject": [{"Attribute": [subject]}],
        "Action": [{"Attribute": [action]}],
        "Resource": [{"Attribute": about}],
    }
    return json.dumps({"Request": {**category, **more}}).encode()


def question(
    token: str | None,
    body: bytes | None = None,
    *,
    begin: bytes = b"POST /authorization/api/v1/authorize HTTP/1.1",
    lines: bytes = b"",
    content_type: bytes | None = b"application/json",
    host: bytes = b"127.0.0.1",
    length: bytes | None = None,
) -> bytes:
    body = body_about() if body is None else body
    length = b"%d" % len(body) if length is None else length
    head = begin + b"\r\nHost: " + host + b"\r\n"
    if token is not None:
        head += b"Authorization: Bearer " + token.encode() + b"\r\n"
    if content_type is not None:
        head += b"Content-Type: " + content_type + b"\r\n"
    if length:
        head += b"Content-Length: " + length + b"\r\n"
    return head + lines + b"\r\n" + body


def statuses(came: bytes) -> list[int]:
    return [int(each) for each in re.findall(rb"HTTP/1.1 (\d{3})", came)]


DIRECT: dict[str, dict[str, object]] = {
    "a permit": {},
    "a refusal by the rules": {"body": body_about(action={**WRITE, "Value": "sign"})},
    "a client nobody knows": {"body": body_about(about=[ABOUT, {**PARTY, "Value": "313000125"}])},
    "a resource that is not there": {
        "body": body_about(about=[{**ABOUT, "Value": "ske-none"}, PARTY])
    },
    "a content type with parameters": {"content_type": b"Application/JSON; charset=utf-8"},
    "a trace that goes on": {"lines": LINES % b"4bf92f3577b34da6a3ce929d0e0e4736"},
    "a length with zeros": {"length": b"00%d" % len(body_about())},
    "the platform's own name": {"host": b"platform.tt02.altinn.no:443"},
    "a name nobody configured": {"host": b"example.invalid"},
    "a header that stands twice": {"lines": b"content-type: text/plain\r\nauthorization: none\r\n"},
    "headers nobody reads": {"lines": b"accept: */*\r\nx-other: \xe6\r\nx-empty:\r\n"},
}
ORDINARY: dict[str, tuple[dict[str, object], int]] = {
    "no token": ({"token": None}, 401),
    "a token that does not hold": ({"token": "not.a.token"}, 401),
    "no type": ({"content_type": None}, 415),
    "a type that is not read": ({"content_type": b"text/plain"}, 415),
    "the standard's own notation": ({"content_type": b"application/xacml+json"}, 200),
    "no JSON": ({"body": b"{"}, 400),
    "no body": ({"body": b""}, 400),
    "a member twice": ({"body": body_about()[:-1] + b',"Request":{}}'}, 400),
    "a question that wants attributes back": (
        {"body": body_about(action={**WRITE, "IncludeInResult": True})},
        200,
    ),
    "a subject that is no id": ({"body": body_about(subject={**SUBJECT, "Value": "x"})}, 200),
    "a trace that cannot be read": ({"lines": b"traceparent: 01-x\r\n"}, 200),
    "a cookie": ({"lines": b"cookie: AltinnStudioRuntime=x\r\n"}, 401),
    "another cookie": ({"lines": b"cookie: theme=dark\r\n"}, 200),
    "a large body": ({"body": body_about() + b" " * 70_000}, 200),
    "a body that is too large": ({"body": body_about() + b" " * 1_100_000}, 413),
    "an expected go-ahead": ({"lines": b"expect: 100-continue\r\n"}, 200),
    "an upgrade": ({"lines": b"connection: upgrade\r\nupgrade: h2c\r\n"}, 400),
    "a last request": ({"lines": b"connection: close\r\n"}, 200),
    "an older version": ({"begin": b"POST %b HTTP/1.0" % PATH.encode()}, 200),
    "an older version kept open": (
        {"begin": b"POST %b HTTP/1.0" % PATH.encode(), "lines": b"connection: keep-alive\r\n"},
        200,
    ),
    "GET": ({"begin": b"GET %b HTTP/1.1" % PATH.encode()}, 405),
    "HEAD": ({"begin": b"HEAD %b HTTP/1.1" % PATH.encode()}, 405),
    "a query": ({"begin": b"POST %b?x=1 HTTP/1.1" % PATH.encode()}, 200),
    "a slash at the end": ({"begin": b"POST %b/ HTTP/1.1" % PATH.encode()}, 200),
    "another letter case": ({"begin": b"POST %b HTTP/1.1" % PATH.title().encode()}, 200),
    "a whole address": ({"begin": b"POST http://any%b HTTP/1.1" % PATH.encode()}, 200),
    "a slash inside a value": ({"begin": b"POST /authorization/api%2Fv1/authorize HTTP/1.1"}, 404),
    "a host that serves other paths": ({"host": b"test.maskinporten.no"}, 404),
}


@pytest.mark.parametrize("name", DIRECT)
def test_the_usual_is_answered_directly_and_as_by_the_ordinary_way(ways: Ways, name: str) -> None:
    sent = question(**{"token": ways.token, **DIRECT[name]})  # type: ignore[arg-type]

    direct, ordinary, counted = ways.answered(sent)

    assert direct == ordinary
    assert statuses(direct) == [200]
    assert counted == 1


@pytest.mark.parametrize("name", ORDINARY)
def test_the_unusual_goes_the_ordinary_way(ways: Ways, name: str) -> None:
    changes, status = ORDINARY[name]
    sent = question(**{"token": ways.token, **changes})  # type: ignore[arg-type]

    direct, ordinary, counted = ways.answered(sent)

    assert direct == ordinary
    assert statuses(direct)[-1] == status
    assert counted == 0


def test_a_resource_of_another_owner_is_refused_by_the_ordinary_way(ways: Ways) -> None:
    direct, ordinary, counted = ways.answered(question(ways.strangers_token))

    assert direct == ordinary
    assert statuses(direct) == [403]
    assert b"ske-innrapportering-boligsameie" in direct
    assert counted == 0


def test_a_body_in_chunks_goes_the_ordinary_way(ways: Ways) -> None:
    body = body_about()
    chunks = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    lines = b"transfer-encoding: chunked\r\n"

    direct, ordinary, counted = ways.answered(question(ways.token, chunks, lines=lines, length=b""))

    assert direct == ordinary
    assert (statuses(direct), counted) == ([200], 0)


def test_a_request_that_comes_in_pieces_is_answered_directly(ways: Ways) -> None:
    whole = question(ways.token)
    pieces = [whole[:5], whole[5:300], whole[300:-60], whole[-60:-2], whole[-2:]]

    direct, ordinary, counted = ways.answered(*pieces)

    assert direct == ordinary
    assert (statuses(direct), counted) == ([200], 1)


def test_one_request_after_another_is_answered_directly_on_one_connection(ways: Ways) -> None:
    mixed = [
        question(ways.token),
        question(ways.token, begin=b"GET / HTTP/1.1", length=b"", body=b""),
        question(None),
        question(ways.token),
    ]

    direct, ordinary, counted = ways.answered(*mixed, answers=4)

    assert direct == ordinary
    assert (len(statuses(direct)), counted) == (4, 2)


@pytest.mark.parametrize("order", ["qq", "qqq", "qg", "gq", "qgq", "ggq", "qqg"])
def test_requests_sent_without_waiting_are_answered_in_order(ways: Ways, order: str) -> None:
    traced = LINES % b"4bf92f3577b34da6a3ce929d0e0e4736"
    kinds = {
        "q": question(ways.token, lines=traced),
        "g": b"GET /fullmakt/health HTTP/1.1\r\nHost: x\r\n\r\n",
    }

    direct, ordinary, _ = ways.answered(b"".join(kinds[each] for each in order), answers=len(order))

    assert direct == ordinary
    assert len(statuses(direct)) == len(order)
    found = "".join("q" if b"4bf92f35" in each else "g" for each in direct.split(b"HTTP/1.1 ")[1:])
    assert found == order


def test_what_comes_together_is_answered_together(ways: Ways) -> None:
    whole = question(ways.token)
    with ExitStack() as stack:
        connections = [
            stack.enter_context(socket.create_connection(("127.0.0.1", ways.direct), PATIENCE_S))
            for _ in range(8)
        ]
        for each in connections:
            each.sendall(whole[:-1])
        time.sleep(0.1)
        ways.counted.together.clear()
        for each in connections:
            each.sendall(whole[-1:])
        answers = [unvarying(received(each)) for each in connections]

    assert set(answers) == {exchanged(ways.ordinary, whole)}
    assert sum(ways.counted.together) == 8


def test_what_follows_and_is_no_request_is_refused_either_way(ways: Ways) -> None:
    direct, ordinary, _ = ways.answered(question(ways.token) + b"\x00nonsense\r\n\r\n")

    assert direct == ordinary
    assert statuses(direct) == [400]


def test_a_connection_is_closed_when_nothing_more_has_come_for_a_while(ways: Ways) -> None:
    with socket.create_connection(("127.0.0.1", ways.direct), PATIENCE_S) as connection:
        begun = time.monotonic()
        for _ in range(3):
            connection.sendall(question(ways.token))
            assert statuses(connection.recv(65536)) == [200]
            time.sleep(KEPT_OPEN_S * 0.6)
        connection.sendall(question(ways.token)[:10])
        time.sleep(KEPT_OPEN_S * 1.5)
        connection.sendall(question(ways.token)[10:])
        assert statuses(connection.recv(65536)) == [200]
        answered = time.monotonic()

        assert connection.recv(1) == b""

    assert answered - begun > 3 * KEPT_OPEN_S
    assert KEPT_OPEN_S * 0.9 < time.monotonic() - answered < KEPT_OPEN_S + PATIENCE_S


def test_a_server_that_stops_answers_what_has_begun_and_closes(doomed_ways: Ways) -> None:
    whole = question(doomed_ways.token)
    with socket.create_connection(("127.0.0.1", doomed_ways.direct), PATIENCE_S) as connection:
        connection.sendall(whole[:-1])
        time.sleep(0.1)
        doomed_ways.server.should_exit = True
        time.sleep(0.3)
        connection.sendall(whole[-1:])
        came = received(connection)

    assert statuses(came) == [200]
    assert b"connection: close\r\n" in came
    assert doomed_ways.counted.answered == 1


def test_a_server_that_stops_ends_a_request_that_turns_out_to_be_unusual(doomed_ways: Ways) -> None:
    whole = question(None)
    with socket.create_connection(("127.0.0.1", doomed_ways.direct), PATIENCE_S) as connection:
        connection.sendall(whole[:-1])
        time.sleep(0.1)
        doomed_ways.server.should_exit = True
        time.sleep(0.3)
        connection.sendall(whole[-1:])
        came = received(connection)

    assert statuses(came) == [401]
    assert b"connection: close\r\n" in came


def test_a_caller_that_leaves_in_the_middle_troubles_nobody(ways: Ways) -> None:
    for length in (10, 300, None):
        with socket.create_connection(("127.0.0.1", ways.direct), PATIENCE_S) as connection:
            connection.sendall(question(ways.token)[:length])

    assert statuses(exchanged(ways.direct, question(ways.token))) == [200]
