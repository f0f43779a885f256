"""Keys made ahead: never one twice, and never waited for longer than making one takes."""

from __future__ import annotations

from fullmakt.run.testworld.spare_keys import SpareKeys


def test_no_key_is_taken_twice_though_more_are_taken_than_were_made_ahead() -> None:
    keys = SpareKeys(ahead=1)

    taken = [keys.take().kid for _ in range(4)]

    assert len(set(taken)) == 4


def test_a_key_can_be_taken_where_none_is_made_ahead() -> None:
    assert SpareKeys(ahead=0).take().kid
