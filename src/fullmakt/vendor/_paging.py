"""Walks a paged list one page at a time, as its items are taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from fullmakt.vendor._answers import Page
from fullmakt.vendor._exceptions import UnexpectedAnswer
from fullmakt.vendor._flow import Flow
from fullmakt.vendor._transport import Transport

_T = TypeVar("_T")


def each(transport: Transport, fetch: Callable[[str | None], Flow[Page[_T]]]) -> Iterator[_T]:
    """Every item of the list. `fetch` is the flow for the page with a token; None is the first."""
    token: str | None = None
    while True:
        page = transport.run(fetch(token))
        yield from page.items
        if page.next_token is None:
            return
        if page.next_token == token:
            raise UnexpectedAnswer("the list links to the page it is on")
        token = page.next_token
