"""Direct answers: what the endpoint would say, for those who are known and ask plainly."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from fullmakt.access.decisions.direct import DirectAuthorize
from fullmakt.access.decisions.endpoint import SCOPE
from fullmakt.access.decisions.plain_asking import read_plainly
from fullmakt.foundation.bearer.service import BearerCheck
from fullmakt.foundation.http.direct import DirectRequest
from fullmakt.foundation.storage.tables import metadata
from fullmakt.foundation.terms import urns
from tests.cases.decisions.facts import uuid_of
from tests.cases.decisions.town import (
    ISSUER,
    Town,
    TownKeys,
    a_token,
    action_named,
    attribute,
    request,
    send,
)
from tests.worlds import TestClock, new_database

TRACE = b"4bf92f3577b34da6a3ce929d0e0e4736"
JSON, OTHERS = "application/json", "313000028"
SAP = attribute(urns.SYSTEM_USER_UUID, str(uuid_of("sap")))
TO_BAKERY = attribute(urns.ORGANIZATION_NUMBER, "313000001")


class Desk:
    """The direct endpoint of a town, and the ordinary one, behind one memory of tokens."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.clock = TestClock()
        bearer = BearerCheck({ISSUER: TownKeys()}, audiences=frozenset(), clock=self.clock)
        self.direct = DirectAuthorize(town.decisions, bearer)
        self.bearer = bearer

    def ask(self, *bodies: dict[str, Any], **headers: str | None) -> list[Any]:
        """What each body is answered directly; None for one that is not."""
        named = {
            "authorization": f"Bearer {a_token()}",
            "content-type": JSON,
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        sent = {name.encode(): value.encode() for name, value in named.items() if value is not None}
        answers = self.direct.answer_together(
            [DirectRequest(sent, json.dumps(body).encode()) for body in bodies]
        )
        return [each and json.loads(each.body) for each in answers]

    def know(self, token: str) -> str:
        """The header of a token that was verified before."""
        header = f"Bearer {token}"
        self.bearer.caller_from_header(header)
        return header


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    town = Town(new_database(database_url))
    town.tell("organizations", {"name": "BAKERIET AS"})
    sap = {"name": "sap", "kind": "standard", "owner": "BAKERIET AS"}
    town.tell("system_users", {**sap, "packages": ["skattegrunnlag"]})
    opens = {"actions": ["read"], "packages": ["skattegrunnlag"]}
    for name in ("ske-demo", "ske-other"):
        town.tell("resources", {"id": name, "opens": [opens], "level": 3})
    made = Desk(town)
    made.know(a_token())
    yield made
    town.database.close()


def asked(action: str = "read", resource: str = "ske-demo", **more: object) -> dict[str, Any]:
    about = [attribute(urns.RESOURCE, resource), TO_BAKERY]
    return request([SAP], [action_named(action)], about, **more)


def decisions(answers: list[Any]) -> list[str | None]:
    return [each and each["response"][0]["decision"] for each in answers]


def test_many_are_answered_together_and_in_order(desk: Desk) -> None:
    answers = desk.ask(asked(), asked("write"), asked(resource="ske-none"), asked())

    assert decisions(answers) == ["Permit", "NotApplicable", "Indeterminate", "Permit"]


def test_an_answer_is_the_ordinary_one_and_kept_for_its_trace(desk: Desk) -> None:
    body = json.dumps(asked()).encode()
    traceparent = b"00-%b-00f067aa0ba902b7-01" % TRACE
    headers = {"authorization": f"Bearer {a_token()}", "content-type": JSON}
    sent = {name.encode(): value.encode() for name, value in headers.items()}
    ordinary = send(
        desk.town.endpoint, body, headers={**headers, "traceparent": traceparent.decode()}
    )

    (direct,) = desk.direct.answer_together(
        [DirectRequest({**sent, b"traceparent": traceparent}, body)]
    )

    assert direct is not None
    lines = (line.split(": ", 1) for line in direct.head.decode().splitlines())
    assert dict(lines) == ordinary.headers
    assert json.loads(direct.body) == ordinary.body
    kept = desk.town.decisions.recent(TRACE.decode())
    assert [each.answer.outcome for each in kept] == ["Permit", "Permit"]


@pytest.mark.parametrize("padding", [0, 5000])
def test_a_question_is_kept_for_its_trace_as_it_was_asked(desk: Desk, padding: int) -> None:
    body = json.dumps(asked()).encode() + b" " * padding
    traceparent = b"00-%b-00f067aa0ba902b7-01" % TRACE
    sent = {b"authorization": f"Bearer {a_token()}".encode(), b"content-type": JSON.encode()}

    desk.direct.answer_together([DirectRequest({**sent, b"traceparent": traceparent}, body)])

    (kept,) = desk.town.decisions.recent(TRACE.decode())
    assert kept.asked == read_plainly(body)
    assert (kept.answer.outcome, kept.at) == ("Permit", desk.town.clock.now())


def test_what_was_taken_away_is_not_used_by_the_next(desk: Desk) -> None:
    before = desk.ask(asked(), asked())
    desk.town.tell("closed", {"name": "sap"})

    after = desk.ask(asked(), asked())

    assert decisions(before) == ["Permit", "Permit"]
    assert decisions(after) == ["NotApplicable", "NotApplicable"]


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": None},
        {"authorization": f"Bearer {a_token(scope='altinn:other')}"},
        {"content_type": None},
        {"content_type": "application/xacml+json"},
        {"cookie": "theme=dark"},
        {"traceparent": "00-0-0-00"},
    ],
)
def test_the_unusual_is_left_to_the_ordinary_way(
    desk: Desk, headers: dict[str, str | None]
) -> None:
    assert desk.ask(asked(), asked(), **headers) == [None, None]


def test_long_content_types_are_read_and_not_kept(desk: Desk) -> None:
    padding, body = "x" * 100_000, json.dumps(asked()).encode()

    tracemalloc.start()
    try:
        for n in range(32):
            content_type = f"{JSON}; {n}={padding}"
            assert desk.ask(asked(), content_type=content_type) == [None]
            sent = {"authorization": f"Bearer {a_token()}", "content-type": content_type}
            assert send(desk.town.endpoint, body, headers=sent).decision == "Permit"
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert kept < 10 * len(padding)


def test_a_question_that_needs_care_is_left_and_others_are_answered(desk: Desk) -> None:
    careful = asked(ReturnPolicyIdList=True)

    assert decisions(desk.ask(asked(), careful, asked())) == ["Permit", None, "Permit"]


def test_a_token_is_verified_the_ordinary_way_first_and_again_when_it_ended(desk: Desk) -> None:
    token = a_token(jti="new")

    assert desk.ask(asked(), authorization=f"Bearer {token}") == [None]
    header = desk.know(token)
    assert decisions(desk.ask(asked(), authorization=header)) == ["Permit"]
    desk.clock.advance(timedelta(seconds=71))
    assert desk.ask(asked(), authorization=header) == [None]


def test_a_token_that_one_server_verified_is_still_verified_by_another(desk: Desk) -> None:
    another = Desk(desk.town)

    assert another.ask(asked()) == [None]
    assert decisions(desk.ask(asked())) == ["Permit"]


def test_a_scope_that_is_not_granted_is_told_by_the_ordinary_way(desk: Desk) -> None:
    header = desk.know(a_token("altinn:other"))

    assert desk.ask(asked(), authorization=header) == [None]


def test_the_plain_scope_answers_for_ones_own_resources_alone(desk: Desk) -> None:
    own, others = desk.know(a_token(SCOPE)), desk.know(a_token(SCOPE, number=OTHERS))

    assert decisions(desk.ask(asked(), authorization=own)) == ["Permit"]
    assert desk.ask(asked(), authorization=others) == [None]
    nowhere = desk.ask(asked(resource="ske-none"), authorization=others)
    assert decisions(nowhere) == ["Indeterminate"]


def test_a_fault_about_one_question_is_met_again_the_ordinary_way(desk: Desk) -> None:
    desk.ask(asked())
    with desk.town.database.engine.begin() as connection:
        metadata.tables["policies"].drop(connection)

    answers = desk.ask(asked(), asked(resource="ske-other"), asked())

    assert decisions(answers) == ["Permit", None, "Permit"]


def test_without_the_primary_nothing_is_answered_directly(desk: Desk) -> None:
    desk.ask(asked())
    with desk.town.database.engine.begin() as connection:
        metadata.tables["world"].drop(connection)

    assert desk.ask(asked(), asked()) == [None, None]
