"""Whatever is sent to the decision point, it is refused or answered, and never with a permit.

The base of every body is a question that is not permitted; nothing done to its bytes makes it so.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fullmakt.access.decisions.endpoint import DecisionEndpoint, platform_endpoint
from fullmakt.access.policy.context.json_requests import read_json_request
from fullmakt.access.policy.context.xml_requests import write_xml_request
from fullmakt.foundation.terms import urns
from tests.cases.decisions.facts import uuid_of
from tests.cases.decisions.town import Town, a_token, attribute, request, send
from tests.unit.decisions.test_dialects import a_bearer
from tests.unit.decisions.test_endpoint import DEMO, READ, TO_BAKERY, a_town, several

BYTES_OF_JSON = st.sampled_from(
    [b"{", b"}", b"[", b"]", b'"', b",", b":", b"null", b"1e999", b"\\"]
)
DENIED = request(
    [attribute(urns.PARTY_UUID, str(uuid_of("ANNEN AS")))],
    [{**READ, "IncludeInResult": True}],
    [DEMO, TO_BAKERY],
)
# Nobody in it may do anything, whichever references are mixed up.
MANY = json.dumps(several(["s2", "a1", "r1"], ["s2", "a2", "r2"], ["s1", "a2", "r1"])).replace(
    str(uuid_of("sap")), str(uuid_of("ANNEN AS"))
)
BODIES = [json.dumps(DENIED).encode(), MANY.encode()]
XML_BODIES = [write_xml_request(read_json_request(body)) for body in BODIES]
MEDIA_TYPES = {
    "application/json": BODIES,
    "application/xacml+json": BODIES,
    "application/xml": XML_BODIES,
    "application/xacml+xml": XML_BODIES,
}
REFUSED = {400, 413, 415}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with a_town(f"sqlite:///{tmp_path_factory.mktemp('town') / 'world.sqlite'}") as made:
        yield made


@pytest.fixture(scope="module")
def endpoints(town: Town) -> list[DecisionEndpoint]:
    return [town.endpoint, platform_endpoint(town.decisions, a_bearer(), is_open=True)]


@st.composite
def broken_bodies(draw: st.DrawFn) -> tuple[str, bytes]:
    media_type = draw(st.sampled_from(sorted(MEDIA_TYPES)))
    body = bytearray(draw(st.sampled_from(MEDIA_TYPES[media_type])))
    for _ in range(draw(st.integers(0, 4))):
        place, length = draw(st.integers(0, len(body))), draw(st.integers(0, 40))
        body[place : place + length] = draw(BYTES_OF_JSON | st.binary(max_size=6))
    return media_type, bytes(body)


def check(endpoint: DecisionEndpoint, media_type: str, body: bytes) -> None:
    headers = {"authorization": f"Bearer {a_token()}", "content-type": media_type}
    answer = send(endpoint, body, headers=headers)
    told = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()

    assert answer.status == 200 or answer.status in REFUSED
    assert b"Permit" not in told


@given(broken_bodies())
def test_a_broken_question_is_never_permitted(
    endpoints: list[DecisionEndpoint], broken: tuple[str, bytes]
) -> None:
    for endpoint in endpoints:
        check(endpoint, *broken)


@given(st.sampled_from(sorted(MEDIA_TYPES)), st.binary(max_size=200))
def test_any_bytes_are_refused(
    endpoints: list[DecisionEndpoint], media_type: str, body: bytes
) -> None:
    for endpoint in endpoints:
        check(endpoint, media_type, body)


@pytest.mark.parametrize("media_type", sorted(MEDIA_TYPES))
@pytest.mark.parametrize(
    "body",
    [
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b"<a>" * 100_000,
        b" " * (1024 * 1024 + 1),
        b'{"Request":{"Category":[' + b"{}," * 300_000,
        b'{"Request":{"Action":{"Attribute":{"AttributeId":"a","Value":[' + b"1," * 400_000,
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>',
    ],
    ids=["arrays", "objects", "elements", "large", "categories", "values", "entities"],
)
def test_a_large_body_is_refused(
    endpoints: list[DecisionEndpoint], media_type: str, body: bytes
) -> None:
    for endpoint in endpoints:
        check(endpoint, media_type, body)
