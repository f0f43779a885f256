"""Following the registry: pages of what changed, each with the place that the next one begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar
from urllib.parse import urlencode

from fullmakt.access.resources import changes_store as store
from fullmakt.access.resources.parameters import write_cursor

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from fullmakt.access.resources.model import ResourceChange, SubjectChange
    from fullmakt.access.resources.parameters import Parameters
    from fullmakt.foundation.storage.database import Reading

Item = TypeVar("Item")
_CARRIED = ("since", "limit")


@dataclass(frozen=True, slots=True)
class FeedPage(Generic[Item]):
    """A page, and the place that the next one begins after; None on the last."""

    found: list[Item]
    cursor: tuple[int | str, ...] | None


def list_named(reading: Reading, subject_urns: Iterable[str]) -> list[SubjectChange]:
    """Each resource whose policy names one of the subjects, whatever the URNs' letter case."""
    wanted = {urn.strip().lower() for urn in subject_urns if urn.isprintable()}
    return store.list_named(reading, sorted(wanted))


def list_subject_changes(
    reading: Reading,
    *,
    since: datetime | None,
    after: tuple[int, str, str] | None,
    limit: int,
) -> FeedPage[SubjectChange]:
    """A page of which subjects policies began, or ceased, to name."""
    found = store.list_subject_changes(reading, since=since, after=after, most=limit + 1)
    page = found[:limit]
    last = page[-1] if len(found) > limit else None
    cursor = None if last is None else (last.revision, last.identifier, last.subject_urn)
    return FeedPage(page, cursor)


def list_changes(
    reading: Reading, *, after: tuple[int] | None, limit: int
) -> FeedPage[ResourceChange]:
    """A page of which resources, or their policies, became others."""
    first = 0 if after is None else after[0]
    found = store.list_changes(reading, after=first, most=limit + 1)
    page = found[:limit]
    return FeedPage(page, (page[-1].id,) if len(found) > limit else None)


def next_address(
    address: str, query: Parameters, cursor: tuple[int | str, ...] | None
) -> str | None:
    """Where the page after `cursor` is, with what this one was asked for."""
    if cursor is None:
        return None
    carried = {name: value for name in _CARRIED if (value := query.text(name))}
    return f"{address}?{urlencode({**carried, 'token': write_cursor(*cursor)})}"
