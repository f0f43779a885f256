"""A slash inside a value of a path divides nothing, and comes out as it was written."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar.types import Receive, Scope, Send

from fullmakt.foundation.http.written_paths import (
    HELD_APART,
    given_back,
    has_inner_slash,
    held_apart,
)

VALUES = st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=1)


def handed_out(values: dict[str, Any], *, is_held_apart: bool) -> dict[str, Any]:
    seen: list[dict[str, Any]] = []

    async def application(scope: Scope, _receive: Receive, _send: Send) -> None:
        await asyncio.sleep(0)
        seen.append(scope["path_params"])

    scope: Any = {"path_params": values}
    if is_held_apart:
        scope[HELD_APART] = True
    nothing: Any = None

    async def play() -> None:
        await given_back(application)(scope, nothing, nothing)

    asyncio.run(play())
    return seen[0]


@given(VALUES)
def test_every_value_comes_out_of_a_path_as_it_was_put_in(values: list[str]) -> None:
    raw_path = ("/" + "/".join(quote(value, safe="") for value in values)).encode()

    parts = held_apart(raw_path).split("/")[1:]

    assert len(parts) == len(values)
    found = handed_out({str(n): part for n, part in enumerate(parts)}, is_held_apart=True)
    assert list(found.values()) == values


@given(VALUES)
def test_only_a_path_with_a_slash_inside_a_value_has_one(values: list[str]) -> None:
    raw_path = ("/" + "/".join(quote(value, safe="") for value in values)).encode()

    assert has_inner_slash(raw_path) is any("/" in value for value in values)


@pytest.mark.parametrize("raw_path", [b"/a%2fb", b"/a%2Fb", b"/%61%2F%62"])
def test_the_letter_case_of_an_escape_is_passed_over(raw_path: bytes) -> None:
    assert has_inner_slash(raw_path)
    assert held_apart(raw_path) == "/a%2Fb"


def test_values_are_left_alone_when_the_path_was_not_held_apart() -> None:
    value = unquote("100%25%2F")

    assert handed_out({"value": "%2F", "other": value}, is_held_apart=False) == {
        "value": "%2F",
        "other": "100%/",
    }
