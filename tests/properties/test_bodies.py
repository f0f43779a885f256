"""The swift reader of bodies agrees with the patient one on whatever comes."""

from __future__ import annotations

import json
from typing import Any

import msgspec
from hypothesis import example, given
from hypothesis import strategies as st

from fullmakt.access.decisions.wire import DecisionRequest
from fullmakt.foundation.http.bodies import read_body, read_body_swiftly
from fullmakt.foundation.terms.problem import Problem

DECODER = msgspec.json.Decoder(DecisionRequest)
NAMES = [
    "Request",
    "AccessSubject",
    "Action",
    "Resource",
    "Category",
    "Attribute",
    "AttributeId",
    "Value",
    "DataType",
    "Id",
    "CategoryId",
    "IncludeInResult",
    "MultiRequests",
    "RequestReference",
    "ReferenceId",
    "Other",
    "a:b",
]
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8)
) | st.sampled_from(["s1", ":", '":"', "urn:altinn:resource", "\\u003a"])


def respelled(draw: st.DrawFn, name: str) -> str:
    return draw(st.sampled_from([name, name, name, name.lower(), name.upper()]))


@st.composite
def written(draw: st.DrawFn, depth: int = 4) -> str:
    """JSON text in which members may stand twice or in another letter case."""
    kind = draw(st.sampled_from(["leaf", "list", "object", "object"])) if depth else "leaf"
    if kind == "leaf":
        return json.dumps(draw(LEAVES), ensure_ascii=draw(st.booleans()))
    if kind == "list":
        return f"[{','.join(draw(st.lists(written(depth - 1), max_size=3)))}]"
    names = draw(st.lists(st.sampled_from(NAMES), max_size=4))
    members = [f"{json.dumps(respelled(draw, name))}:{draw(written(depth - 1))}" for name in names]
    return "{" + ",".join(members) + "}"


@st.composite
def attributes(draw: st.DrawFn) -> dict[str, Any]:
    names = ("AttributeId", "Value", "DataType", "IncludeInResult", "Issuer")
    kept = draw(st.lists(st.sampled_from(names), unique=True))
    return {
        name: draw(st.booleans() if name == "IncludeInResult" else st.text(max_size=6))
        for name in kept
    }


@st.composite
def requests(draw: st.DrawFn) -> str:
    """Well-formed requests, one member of which may be written a second time."""
    groups = ("AccessSubject", "Action", "Resource")
    body = {
        "Request": {
            group: [{"Id": draw(st.text(max_size=3)), "Attribute": draw(st.lists(attributes()))}]
            for group in draw(st.lists(st.sampled_from(groups), unique=True))
        }
    }
    text = json.dumps(body, ensure_ascii=False)
    if draw(st.booleans()) and '"Id":' in text:
        text = text.replace('"Id":', '"Id":"again","Id":', 1)
    return text


def outcome(read: Any, body: bytes, how: Any) -> object:  # noqa: ANN401
    try:
        return read(body, how)
    except Problem as problem:
        return type(problem), str(problem)


@given(st.one_of(written(), requests()))
@example('{"Request":{"Resource":[{"Id":"a","Id":"b:"}]}}')
@example('{"Request":{"CombinedDecision":false,"Action":null}}')
@example('{"Request":{},"REQUEST":{}}')
def test_both_readers_say_the_same_of_a_text(text: str) -> None:
    body = text.encode("utf-8", "surrogatepass")

    assert outcome(read_body_swiftly, body, DECODER) == outcome(read_body, body, DecisionRequest)


@given(st.binary(max_size=40))
def test_both_readers_say_the_same_of_any_bytes(body: bytes) -> None:
    assert outcome(read_body_swiftly, body, DECODER) == outcome(read_body, body, DecisionRequest)


@given(requests())
def test_what_is_read_is_what_was_written(text: str) -> None:
    try:
        request = read_body(text.encode(), DecisionRequest)
    except Problem as problem:
        assert "stands twice" in str(problem) or "U+0000" in str(problem)  # noqa: PT017
        return

    assert read_body(msgspec.json.encode(request), DecisionRequest) == request
