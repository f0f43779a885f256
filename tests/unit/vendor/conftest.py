"""A remote side and a clock of its own for each test of the SDK."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.vendor.remote import MovableClock, Remote


@pytest.fixture
def remote() -> Iterator[Remote]:
    remote = Remote()
    with remote.http:
        yield remote


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()
