"""Laws of registering parties: what was registered is what is read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fullmakt.access.parties import service
from fullmakt.access.parties.model import NewOrganization
from fullmakt.access.parties.units_errors import SearchRefused
from fullmakt.access.parties.units_search import DEEPEST, read_search
from fullmakt.foundation.storage.database import Database
from fullmakt.foundation.terms.numbers import OrganizationNumber
from tests.engines import ENGINES
from tests.unit.parties.served import shared_database
from tests.worlds import START

_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)


class Undone(Exception):
    """Leaves a change of authority without making it."""


def with_check_digit(serial: int) -> str:
    """The nine digits that begin with the eight of `serial`; ten where no number does."""
    digits = str(serial)
    return f"{digits}{-sum(w * int(c) for w, c in zip(_WEIGHTS, digits, strict=True)) % 11}"


numbers = (
    st.integers(10_000_000, 99_999_999)
    .map(with_check_digit)
    .filter(lambda digits: len(digits) == 9)
    .map(OrganizationNumber)
)
# PostgreSQL's text has no zero byte; a lone surrogate is no text at all.
texts = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=30)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
moments = st.none() | st.timedeltas(timedelta(0), timedelta(days=40_000)).map(
    lambda after: _EPOCH + after
)
facts = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@st.composite
def organizations(draw: st.DrawFn) -> NewOrganization:
    number = draw(numbers)
    return NewOrganization(
        number=number,
        name=draw(texts),
        form=draw(st.sampled_from(["AS", "ENK", "BEDR", "SÆR", "KBO"])),
        uuid=draw(st.uuids()),
        party_id=int(number.digits[:8]),
        deleted_at=draw(moments),
        bankrupt_at=draw(moments),
        details=draw(st.dictionaries(texts, facts, max_size=4)),
    )


@pytest.fixture(scope="module", params=ENGINES)
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    with shared_database(request, tmp_path_factory) as database:
        yield database


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(new=organizations())
def test_any_organization_is_read_back_as_it_was_registered(
    database: Database, new: NewOrganization
) -> None:
    found = None
    with suppress(Undone), database.authority(actor="test", correlation="test") as work:
        service.add_organization(work, new)
        found = service.find_organization(work, new.number)
        raise Undone

    assert found is not None
    assert {name: getattr(found, name) for name in new.__slots__ if name != "parent"} == {
        name: getattr(new, name) for name in new.__slots__ if name != "parent"
    }


@given(
    parameters=st.dictionaries(
        st.sampled_from(["navn", "konkurs", "size", "page", "sort", "fraAntallAnsatte"]) | texts,
        texts | st.integers().map(str),
        max_size=4,
    )
)
def test_any_search_is_read_or_refused_by_parameter(parameters: dict[str, str]) -> None:
    with suppress(SearchRefused):
        search = read_search(parameters, at=START)
        assert search.page.first + search.page.size <= DEEPEST
        return
    with pytest.raises(SearchRefused) as refused:
        read_search(parameters, at=START)
    named = {fault.parameter for fault in refused.value.faults}

    assert named
    assert named <= parameters.keys()
