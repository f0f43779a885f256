"""Notices delivered to a webhook: signed, in order, until they are acknowledged or given up."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from fullmakt.foundation.storage.database import Journal
from fullmakt.services.notices.delivery import BACK_OFF, NoticeDelivery
from fullmakt.services.notices.endpoints import EndpointRule, check_endpoint, is_permitted, send
from fullmakt.services.notices.errors import EndpointRefused
from tests.api.systems_world import (
    OTHER_VENDOR,
    SERVICE_OWNER,
    World,
    reason,
)
from tests.api.test_feed import CREATED, FEED, LINKED, change_client, owner, refusals, vendor
from tests.worlds import TestClock

SUBSCRIPTIONS = f"{FEED}/subscriptions"
UNKNOWN = "505f8488-3d48-4c15-8e21-35cb9432f815"


@dataclass(slots=True)
class Receiver:
    """A vendor's own server: what it is to answer, and what it got."""

    url: str = ""
    allowed_origin: str = "127.0.0.1:8080"
    statuses: list[int] = field(default_factory=list)
    """The answers to come, one for each notice; then 204."""
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    asked_by: list[str] = field(default_factory=list)

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.got]


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_OPTIONS(self) -> None:
            receiver.asked_by.append(self.headers["webhook-request-origin"])
            self.send_response(200)
            self.send_header("WebHook-Allowed-Origin", receiver.allowed_origin)
            self.end_headers()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            receiver.got.append(({k.lower(): v for k, v in self.headers.items()}, body))
            status = receiver.statuses.pop(0) if receiver.statuses else 204
            self.send_response(status)
            if status == 302:
                self.send_header("Location", receiver.url)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/notices?for=maestro"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as opened:
        yield opened


@pytest.fixture
def agent(world: World) -> str:
    world.register()
    return world.approved_agent()


def subscribe(world: World, endpoint: str, **more: str) -> httpx.Response:
    body = {"endpoint": endpoint, **more}
    return world.http.post(SUBSCRIPTIONS, json=body, headers=vendor(world))


def subscribed(world: World, receiver: Receiver, **more: str) -> dict[str, Any]:
    answer = subscribe(world, receiver.url, **more)
    assert answer.status_code == 201, answer.text
    return answer.json()


def state(world: World) -> dict[str, Any]:
    [found] = world.http.get(SUBSCRIPTIONS, headers=vendor(world)).json()["data"]
    return found


def dead_letters(world: World, subscription: str) -> list[dict[str, Any]]:
    path = f"{SUBSCRIPTIONS}/{subscription}/deadletters"
    return world.http.get(path, headers=vendor(world)).json()["data"]


def fail_until_given_up(world: World, receiver: Receiver) -> None:
    receiver.statuses = [500] * (len(BACK_OFF) + 1)
    for wait in (timedelta(0), *BACK_OFF):
        world.clock.advance(wait)
        world.delivery.deliver_due()


def test_a_notice_is_what_the_feed_has_and_its_signature_holds(
    world: World, agent: str, receiver: Receiver
) -> None:
    made = subscribed(world, receiver)
    change_client(world, agent, "POST")

    world.delivery.deliver_due()

    feed = world.http.get(FEED, headers=vendor(world)).json()["data"]
    assert receiver.events == feed
    assert [event["type"] for event in feed] == [CREATED, LINKED]
    for (headers, body), event in zip(receiver.got, feed, strict=True):
        key = base64.b64decode(made["secret"].removeprefix("whsec_"))
        signed = f"{event['id']}.{int(world.clock.now().timestamp())}.".encode() + body
        expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        assert headers["webhook-id"] == event["id"]
        assert headers["webhook-signature"] == f"v1,{expected}"
        assert headers["content-type"].startswith("application/cloudevents+json")


def test_each_notice_is_delivered_once_while_all_goes_well(
    world: World, agent: str, receiver: Receiver
) -> None:
    subscribed(world, receiver)
    for method in ("POST", "DELETE"):
        world.delivery.deliver_due()
        world.delivery.deliver_due()
        change_client(world, agent, method)
    world.delivery.deliver_due()

    ids = [event["id"] for event in receiver.events]
    assert len(ids) == len(set(ids)) == 3


def test_a_subscription_begins_after_the_position_it_names(
    world: World, agent: str, receiver: Receiver
) -> None:
    position = world.http.get(FEED, headers=vendor(world)).json()["position"]
    subscribed(world, receiver, position=position)
    change_client(world, agent, "POST")

    world.delivery.deliver_due()

    assert [event["type"] for event in receiver.events] == [LINKED]


def test_a_failed_notice_is_tried_again_later_and_the_others_wait(
    world: World, agent: str, receiver: Receiver
) -> None:
    subscribed(world, receiver)
    change_client(world, agent, "POST")
    receiver.statuses = [503, 302]

    world.delivery.deliver_due()
    world.delivery.deliver_due()
    assert [event["type"] for event in receiver.events] == [CREATED]
    assert state(world)["failedAttempts"] == 1
    assert "503" in state(world)["lastError"]
    world.clock.advance(BACK_OFF[0])
    world.delivery.deliver_due()
    assert "302" in state(world)["lastError"]
    world.clock.advance(BACK_OFF[1] - timedelta(seconds=1))
    world.delivery.deliver_due()
    assert len(receiver.got) == 2
    world.clock.advance(timedelta(seconds=1))
    world.delivery.deliver_due()

    assert [event["type"] for event in receiver.events] == [CREATED, CREATED, CREATED, LINKED]
    assert state(world)["failedAttempts"] == 0
    assert "lastError" not in state(world)


def test_a_notice_that_is_given_up_can_be_read_and_delivered_again(
    world: World, agent: str, receiver: Receiver
) -> None:
    made = subscribed(world, receiver)
    change_client(world, agent, "POST")
    fail_until_given_up(world, receiver)

    [dead] = dead_letters(world, made["id"])
    assert dead["event"]["type"] == CREATED
    assert (dead["attempts"], dead["id"]) == (len(BACK_OFF) + 1, dead["event"]["id"])
    assert "500" in dead["lastError"]
    assert receiver.events[-1]["type"] == LINKED

    again = f"{SUBSCRIPTIONS}/{made['id']}/deadletters/{dead['id']}/redeliver"
    receiver.statuses = [500]
    refused = world.http.post(again, headers=vendor(world)).json()
    assert (refused["isDelivered"], len(dead_letters(world, made["id"]))) == (False, 1)
    assert "500" in refused["error"]
    assert world.http.post(again, headers=vendor(world)).json() == {"isDelivered": True}
    assert receiver.events[-1] == dead["event"]
    assert dead_letters(world, made["id"]) == []
    gone = world.http.post(again, headers=vendor(world))
    assert problem_code(gone) == (404, "FM-00404")


def problem_code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


class Killed(BaseException):
    """Stands for the end of the program: nothing catches it on the way."""


def test_what_was_not_noted_as_delivered_is_delivered_again_with_the_same_id(
    world: World, agent: str, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribed(world, receiver)

    journal = world.database.journal

    def killed() -> AbstractContextManager[Journal]:
        if receiver.got:
            raise Killed
        return journal()

    # The endpoint has acknowledged, and the program ends before that is written.
    monkeypatch.setattr(world.database, "journal", killed)
    with pytest.raises(Killed):
        world.delivery.deliver_due()
    monkeypatch.undo()
    assert len(receiver.got) == 1
    world.clock.advance(timedelta(minutes=2))
    NoticeDelivery(
        world.database,
        clock=world.clock,
        source=world.delivery.source,
        rule=EndpointRule.LOOPBACK,
        is_automatic=False,
    ).deliver_due()

    first, second = receiver.got
    assert first[0]["webhook-id"] == second[0]["webhook-id"]
    assert first[1] == second[1]


def test_delivery_runs_by_itself_until_it_is_stopped(
    world: World, agent: str, receiver: Receiver
) -> None:
    subscribed(world, receiver)
    running = NoticeDelivery(
        world.database, clock=TestClock(), source="http://x/feed", rule=EndpointRule.LOOPBACK
    )

    before = set(threading.enumerate())
    running.start()
    begun = [each.name for each in set(threading.enumerate()) - before]
    for _ in range(200):
        if receiver.got:
            break
        threading.Event().wait(0.05)
    running.stop()

    assert [event["type"] for event in receiver.events] == [CREATED]
    assert "notices" in begun
    assert "notices" not in [each.name for each in set(threading.enumerate()) - before]


def test_delivery_that_was_stopped_goes_on_when_it_is_resumed(
    world: World, agent: str, receiver: Receiver
) -> None:
    subscribed(world, receiver)
    running = NoticeDelivery(
        world.database, clock=TestClock(), source="http://x/feed", rule=EndpointRule.LOOPBACK
    )
    running.start()
    running.stop()
    assert receiver.got == []

    running.resume()
    for _ in range(200):
        if receiver.got:
            break
        threading.Event().wait(0.05)
    running.stop()

    assert [event["type"] for event in receiver.events] == [CREATED]


def test_another_vendors_notices_are_not_delivered(
    world: World, agent: str, receiver: Receiver
) -> None:
    body = {"endpoint": receiver.url}
    other = world.http.post(SUBSCRIPTIONS, json=body, headers=vendor(world, OTHER_VENDOR))
    change_client(world, agent, "POST")

    world.delivery.deliver_due()

    assert other.status_code == 201
    assert receiver.got == []


def test_an_endpoint_is_asked_whether_it_wants_notices(world: World, receiver: Receiver) -> None:
    receiver.allowed_origin = "somebody.else"

    answer = subscribe(world, receiver.url)

    assert receiver.asked_by == ["127.0.0.1:8080"]
    assert problem_code(answer) == (400, "FM-00402")
    assert "somebody.else" in answer.json()["detail"]
    assert world.http.get(SUBSCRIPTIONS, headers=vendor(world)).json()["data"] == []


def test_an_endpoint_that_nobody_answers_at_is_not_subscribed(world: World) -> None:
    with receiving() as gone:
        pass

    answer = subscribe(world, gone.url)

    assert problem_code(answer) == (400, "FM-00402")
    assert "did not answer" in answer.json()["detail"]


@pytest.mark.parametrize(
    "endpoint",
    [
        "ftp://127.0.0.1/x",
        "http://",
        "http://user:secret@127.0.0.1/x",
        "http://127.0.0.1/x#part",
        "http://127.0.0.1:99999/x",
        "http://10.0.0.1/x",
        "http://169.254.169.254/latest/meta-data",
        "http://[::ffff:10.0.0.1]/x",
        "http://127.0.0.1/\u00e6",
    ],
)
@pytest.mark.parametrize("systems_url", ["sqlite"], indirect=True)
def test_a_test_world_sends_to_this_machine_alone(world: World, endpoint: str) -> None:
    assert problem_code(subscribe(world, endpoint)) == (400, "FM-00401")


@pytest.mark.parametrize(
    "address, permitted",
    [
        ("1.1.1.1", True),
        ("2606:4700:4700::1111", True),
        ("127.0.0.1", False),
        ("::1", False),
        ("::ffff:127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("fd00::1", False),
        ("fe80::1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
    ],
)
def test_production_sends_to_public_addresses_alone(address: str, *, permitted: bool) -> None:
    assert is_permitted(address, EndpointRule.PUBLIC) is permitted


def test_production_sends_by_https_alone_and_never_to_this_machine() -> None:
    with pytest.raises(EndpointRefused, match="must begin with https"):
        check_endpoint("http://vendor.example/x", EndpointRule.PUBLIC)
    with pytest.raises(EndpointRefused, match=r"`127.0.0.1` is not on the public network"):
        send("POST", "https://127.0.0.1/x", EndpointRule.PUBLIC, headers={})


def test_a_secret_is_told_once(world: World, receiver: Receiver) -> None:
    made = subscribed(world, receiver)

    assert made["secret"].startswith("whsec_")
    assert "secret" not in state(world)


def test_there_are_ten_subscriptions_at_most(world: World, receiver: Receiver) -> None:
    made = [subscribed(world, receiver) for _ in range(10)]

    refused = subscribe(world, receiver.url)
    path = f"{SUBSCRIPTIONS}/{made[0]['id']}"
    removed = world.http.delete(path, headers=vendor(world))
    again = subscribe(world, receiver.url)

    assert problem_code(refused) == (409, "FM-00405")
    assert (removed.status_code, again.status_code) == (204, 201)


def test_an_ended_subscription_is_sent_nothing_more(
    world: World, agent: str, receiver: Receiver
) -> None:
    made = subscribed(world, receiver)
    fail_until_given_up(world, receiver)
    world.http.delete(f"{SUBSCRIPTIONS}/{made['id']}", headers=vendor(world))
    sent = len(receiver.got)
    change_client(world, agent, "POST")

    world.delivery.deliver_due()

    assert len(receiver.got) == sent


CALLS = [
    ("POST", SUBSCRIPTIONS),
    ("GET", SUBSCRIPTIONS),
    ("DELETE", f"{SUBSCRIPTIONS}/{UNKNOWN}"),
    ("GET", f"{SUBSCRIPTIONS}/{UNKNOWN}/deadletters"),
    ("POST", f"{SUBSCRIPTIONS}/{UNKNOWN}/deadletters/1.0/redeliver"),
]


@pytest.mark.parametrize("method, path", CALLS)
@pytest.mark.parametrize("systems_url", ["sqlite"], indirect=True)
def test_subscriptions_are_for_vendors_and_service_owners_alone(
    world: World, method: str, path: str
) -> None:
    answers = refusals(world, path, method)

    assert [answer.status_code for answer, _ in answers] == [401, 403, 403, 403]
    assert all(why in reason(answer) for answer, why in answers)


@pytest.mark.parametrize("method, path", CALLS[2:])
def test_another_callers_subscription_is_not_there(
    world: World, receiver: Receiver, method: str, path: str
) -> None:
    made = subscribed(world, receiver)
    path = path.replace(UNKNOWN, made["id"])

    for headers in (vendor(world, OTHER_VENDOR), owner(world, SERVICE_OWNER)):
        answer = world.http.request(method, path, headers=headers)
        assert problem_code(answer) == (404, "FM-00403")
    assert state(world)["id"] == made["id"]
