"""Runs the data type cases beside it: which texts are literals, and which are the same value.

A file is one data type: `written` are texts with the literal that is written for their value,
`refused` are no literals, `equal` and `different` are pairs of texts.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from fullmakt.access.policy.data_types import DATA_TYPES, BadLiteral, read_value, write_value
from tests.unit.policy.documents import data_type_named

_TYPES = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
    for path in sorted(Path(__file__).parent.glob("*.yaml"))
}


def _cases(kind: str) -> list[tuple[object, ...]]:
    return [
        (name, *(held if isinstance(held, list) else [held]))
        for name, idea in _TYPES.items()
        for held in idea[kind]
    ]


@pytest.mark.parametrize("name, text, written", _cases("written"))
def test_a_literal_is_read_and_written(name: str, text: str, written: str) -> None:
    data_type = data_type_named(name)

    value = read_value(data_type, text)

    assert write_value(data_type, value) == written
    assert write_value(data_type, read_value(data_type, written)) == written


@pytest.mark.parametrize("name, text", _cases("refused"))
def test_what_is_no_literal_is_refused_and_shown(name: str, text: str) -> None:
    with pytest.raises(BadLiteral) as refused:
        read_value(data_type_named(name), text)

    assert str(refused.value) == f"`{text[:80]}` is not a literal of `{data_type_named(name)}`"


@pytest.mark.parametrize("name, one, other", _cases("equal"))
def test_two_texts_are_one_value(name: str, one: str, other: str) -> None:
    here, there = (read_value(data_type_named(name), text) for text in (one, other))

    assert here == there
    assert hash(here) == hash(there)


@pytest.mark.parametrize("name, one, other", _cases("different"))
def test_two_texts_are_two_values(name: str, one: str, other: str) -> None:
    here, there = (read_value(data_type_named(name), text) for text in (one, other))

    assert here != there


def test_every_data_type_has_its_cases() -> None:
    assert set(_TYPES) == {held.name for held in DATA_TYPES.values()}
    for name, idea in _TYPES.items():
        assert set(idea) == {"about", "source", "written", "refused", "equal", "different"}, name
