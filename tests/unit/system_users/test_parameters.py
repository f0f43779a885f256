"""Ids, numbers and paging tokens in addresses."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fullmakt.foundation.terms.problem import InvalidInput
from fullmakt.systems.system_users import parameters

PUBLISHED = UUID("59c18e98-1dcc-425c-a44e-28d7b0090312")


@pytest.mark.parametrize(
    "cursor, token",
    [
        (1476, "MTQ3Ng"),
        (100, "MTAw"),
        (PUBLISHED, "IjU5YzE4ZTk4LTFkY2MtNDI1Yy1hNDRlLTI4ZDdiMDA5MDMxMiI"),
    ],
)
def test_a_paging_token_is_written_as_published(cursor: int | UUID, token: str) -> None:
    assert parameters.write_token(cursor) == token


@given(st.integers(min_value=0))
def test_a_number_is_read_back_from_its_token(cursor: int) -> None:
    assert parameters.read_number_token(parameters.write_token(cursor)) == cursor


@given(st.uuids())
def test_an_id_is_read_back_from_its_token(cursor: UUID) -> None:
    assert parameters.read_id_token(parameters.write_token(cursor)) == cursor


def refusal_of(read: Callable[[str], object], text: str) -> object:
    try:
        read(text)
    except InvalidInput as refused:
        return refused.errors
    return None


@given(st.text())
@pytest.mark.parametrize("read", [parameters.read_number_token, parameters.read_id_token])
def test_any_text_is_a_token_or_refused_as_input(read: Callable[[str], object], text: str) -> None:
    assert refusal_of(read, text) in (None, {"token": (f"The value '{text}' is not valid.",)})


@pytest.mark.parametrize("token", ["dHJ1ZQ", "MS41", "IngI", "%%%", "æ", "e30"])
def test_a_token_of_something_else_is_refused(token: str) -> None:
    with pytest.raises(InvalidInput, match="is not valid"):
        parameters.read_number_token(token)


@pytest.mark.parametrize("text", ["x", "", "1.5", "99999999999", "٣"])
def test_what_is_no_party_id_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match=f"The value '{text}' is not valid"):
        parameters.read_party_id(text)


def test_a_party_id_may_be_less_than_one() -> None:
    assert parameters.read_party_id("-1") == -1


@pytest.mark.parametrize("text", [None, "", "00000000-0000-0000-0000-000000000000"])
def test_an_id_that_is_missing_or_zero_is_none(text: str | None) -> None:
    assert parameters.read_optional_id("agent", text) is None
