"""Bodies: names in any letter case, no member twice, and errors that name the member."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import msgspec
import msgspec.inspect
import pytest

from fullmakt.access.decisions.wire import DecisionRequest
from fullmakt.foundation.http.bodies import read_body, read_body_swiftly, write_body
from fullmakt.foundation.terms.problem import InvalidInput, TooLarge


class Right(msgspec.Struct, omit_defaults=True, rename="pascal"):
    action: str = ""
    note: str | None = None


class Wish(msgspec.Struct, omit_defaults=True, rename="pascal"):
    system_id: str
    rights: list[Right] = []
    count: int = 0
    first_right: Right | None = None


class Patch(msgspec.Struct, omit_defaults=True, rename="camel"):
    external_ref: str | msgspec.UnsetType | None = msgspec.UNSET


DECODER = msgspec.json.Decoder(Wish)


def both(body: bytes) -> Wish:
    """The wish in `body`, read patiently and swiftly."""
    patiently, swiftly = read_body(body, Wish), read_body_swiftly(body, DECODER)
    assert patiently == swiftly
    return patiently


def refusals(body: bytes) -> dict[str, tuple[str, ...]]:
    """What both readers say is wrong with `body`."""
    said = []
    with pytest.raises(InvalidInput) as patiently:
        read_body(body, Wish)
    said.append(patiently.value.errors)
    with pytest.raises(InvalidInput) as swiftly:
        read_body_swiftly(body, DECODER)
    said.append(swiftly.value.errors)
    assert said[0] == said[1]
    return dict(said[0])


def test_members_are_read_whatever_their_letter_case() -> None:
    body = b'{"SYSTEMID": "a", "rights": [{"aCTion": "read"}], "firstright": {"NOTE": "b"}}'

    assert both(body) == Wish("a", [Right("read")], first_right=Right(note="b"))


def test_members_nobody_asked_for_are_passed_over() -> None:
    body = b'{"SystemId": "a", "Other": {"x": [1]}, "Rights": [{"Action": "read", "More": null}]}'

    assert both(body) == Wish("a", [Right("read")])


def test_the_keys_of_a_map_are_kept_as_they_are_and_stand_once() -> None:
    class Named(msgspec.Struct):
        texts: dict[str, str]

    assert read_body(b'{"TEXTS": {"Nb": "x", "nn": "y"}}', Named).texts == {"Nb": "x", "nn": "y"}
    with pytest.raises(InvalidInput, match="member `NB` stands twice"):
        read_body(b'{"texts": {"nb": "x", "NB": "y"}}', Named)


def test_null_is_taken_only_where_it_is_allowed() -> None:
    assert both(b'{"SystemId": "a", "FirstRight": null}') == Wish("a")
    assert refusals(b'{"SystemId": null}') == {"$.SystemId": ("Expected `str`, got `null`.",)}


def test_a_member_that_is_null_is_not_one_that_is_absent() -> None:
    assert read_body(b'{"externalRef": null}', Patch).external_ref is None
    assert read_body(b"{}", Patch).external_ref is msgspec.UNSET
    assert write_body(Patch()) == b"{}"
    assert write_body(Patch(None)) == b'{"externalRef":null}'


@pytest.mark.parametrize(
    "body, member, text",
    [
        (b"{}", "$", "Object missing required field `SystemId`."),
        (b'{"SystemId": 5}', "$.SystemId", "Expected `str`, got `int`."),
        (b'{"SystemId": "a", "Count": "1"}', "$.Count", "Expected `int`, got `str`."),
        (b'{"SystemId": "a", "Count": 1.5}', "$.Count", "Expected `int`, got `float`."),
        (b'{"systemId": "a", "rights": {}}', "$.Rights", "Expected `array`, got `object`."),
        (
            b'{"SystemId": "a", "Rights": [{"Action": []}]}',
            "$.Rights[0].Action",
            "Expected `str`, got `array`.",
        ),
        (b"[]", "$", "Expected `object`, got `array`."),
        (b"null", "$", "Expected `object`, got `null`."),
        (b"", "$", "The body is not JSON: Expecting value: line 1 column 1 (char 0)."),
        (b'\xff"', "$", "The body is not JSON: not UTF-8."),
        (b'{"SystemId": "\\ud800"}', "$", "The body is not JSON: a text holds half of a"),
        (b'{"SystemId": "a\\u0000"}', "$", "The body is not JSON: a text holds the char"),
        (b"[" * 100_000, "$", "The body is not JSON: nested too deep."),
        (b'{"x": ' + b"[" * 100_000, "$", "The body is not JSON: nested too deep."),
    ],
)
def test_what_is_wrong_is_told_with_its_place(body: bytes, member: str, text: str) -> None:
    told = refusals(body)

    assert list(told) == [member]
    assert told[member][0].startswith(text)


@pytest.mark.parametrize(
    "body",
    [
        b'{"SystemId": "a", "SystemId": "b"}',
        b'{"SystemId": "a", "systemid": "b"}',
        b'{"SystemId": "a", "\\u0053ystemId": "b"}',
        b'{"SystemId": "a", "System\\u0049d": "b"}',
        b'{"SystemId": "a", "x": 1, "X": 2}',
        b'{"SystemId": "a", "Rights": [{"Action": "read", "action": "write"}]}',
        b'{"SystemId": "a", "Count": 0, "Count": 0}',
        b'{"SystemId": "a:b", "SystemId": "c:d:e"}',
    ],
)
def test_a_member_that_stands_twice_is_refused_by_both_readers(body: bytes) -> None:
    (text,) = refusals(body)["$"]

    assert text.endswith("stands twice.")


def test_a_body_that_is_too_large_is_not_read() -> None:
    body = json.dumps({"SystemId": "a" * 100}).encode()

    with pytest.raises(TooLarge, match="the body has `116` bytes; at most 50 are read"):
        read_body(body, Wish, largest=50)
    with pytest.raises(TooLarge, match="the body has `116` bytes; at most 50 are read"):
        read_body_swiftly(body, DECODER, largest=50)


def test_a_body_that_is_nested_too_deep_is_refused() -> None:
    body = b'{"SystemId": "a", "Rights": ' + b"[" * 64 + b"]" * 64 + b"}"

    with pytest.raises(InvalidInput) as refused:
        read_body(body, Wish)

    assert refused.value.errors == {"$": ("The body is nested deeper than 64.",)}


def test_depth_where_nobody_looks_is_no_fault() -> None:
    body = b'{"SystemId": "a", "Other": ' + b"[" * 500 + b"]" * 500 + b"}"

    assert both(body) == Wish("a")


def test_a_map_where_a_list_should_be_is_told_as_such() -> None:
    class Page(msgspec.Struct):
        rows: list[Right]
        pairs: tuple[Right, ...] = ()
        loose: dict[str, list[Right]] = {}

    page = read_body(b'{"ROWS": [], "loose": {"a": [{"ACTION": "x"}]}}', Page)

    assert page == Page([], loose={"a": [Right("x")]})
    with pytest.raises(InvalidInput) as refused:
        read_body(b'{"rows": {"a": {"ACTION": "x"}}}', Page)
    assert refused.value.errors == {"$.rows": ("Expected `array`, got `object`.",)}


def _shapes(held: Any) -> Iterator[Any]:  # noqa: ANN401  msgspec's own description
    yield held
    for inner in getattr(held, "types", ()):
        yield from _shapes(inner)
    if isinstance(held, msgspec.inspect.ListType):
        yield from _shapes(held.item_type)
    for field in getattr(held, "fields", ()):
        yield from _shapes(field.type)


def test_the_decision_request_is_fit_for_the_swift_reader() -> None:
    inspect = msgspec.inspect
    fit = (
        *(inspect.StructType, inspect.ListType, inspect.UnionType),
        *(inspect.StrType, inspect.BoolType, inspect.NoneType),
    )

    described: Any = inspect.type_info(DecisionRequest)
    shapes = list(_shapes(described))

    assert [held for held in shapes if not isinstance(held, fit)] == []
    structs = [held.cls for held in shapes if isinstance(held, inspect.StructType)]
    assert [cls for cls in structs if not cls.__struct_config__.omit_defaults] == []


@pytest.mark.parametrize("body", [b'{"SystemId": "\x80"}', b'{"\x80": 1}', b"\xff"])
def test_a_body_that_is_not_utf_8_is_refused_by_both_readers(body: bytes) -> None:
    assert refusals(body) == {"$": ("The body is not JSON: not UTF-8.",)}
