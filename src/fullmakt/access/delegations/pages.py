"""Pages of what is asked from the other side: by key, so that none is told twice or passed over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")
MOST_ON_A_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Page:
    """At most `most` keys past `after`. Keys are inner ids."""

    after: int = 0
    most: int = 100


@dataclass(frozen=True, slots=True)
class Paged(Generic[Item]):
    """What is on a page, and the key after which the next begins; None when this was the last."""

    items: list[Item]
    next_after: int | None


def every(read: Callable[[Page], Paged[Item]]) -> Iterator[Item]:
    """What is on all the pages, each read when it is come to."""
    page: Page | None = Page(most=MOST_ON_A_PAGE)
    while page is not None:
        told = read(page)
        yield from told.items
        page = None if told.next_after is None else Page(told.next_after, page.most)
