"""Who asks, and for which page."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID

from fullmakt.access.delegations.pages import Page
from fullmakt.access.parties import service as parties
from fullmakt.foundation.terms.problem import InvalidInput, NotAuthorized

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fullmakt.access.delegations.pages import Paged
    from fullmakt.access.parties.model import Party
    from fullmakt.access.reach.model import Family
    from fullmakt.foundation.bearer.model import Caller
    from fullmakt.foundation.storage.database import Reading

PAGE_NAME = "token"
_MOST = 100


def query_of(items: Iterable[tuple[str, object]]) -> dict[str, list[str]]:
    """A query's values by name, in their order."""
    values: dict[str, list[str]] = defaultdict(list)
    for name, value in items:
        values[name].append(str(value))
    return dict(values)


def get_caller(reading: Reading, caller: Caller) -> Party:
    """The person or system user that a token is about. Raises: NotAuthorized."""
    uuid = None
    if caller.person is not None:
        uuid = caller.person.party_uuid
    elif caller.system_user is not None:
        uuid = caller.system_user.id
    found = None if uuid is None else parties.find_party(reading, uuid)
    if found is None:
        message = "the token is about no person and no system user that is registered"
        raise NotAuthorized(message)
    return found


def read_page(reading: Reading, query: Mapping[str, Sequence[str]], *, most: int = _MOST) -> Page:
    """The page that a token begins. Raises: InvalidInput."""
    tokens = query.get(PAGE_NAME, ())
    if not tokens or not tokens[-1]:
        return Page(most=most)
    try:
        found = parties.find_party(reading, UUID(tokens[-1]))
    except ValueError:
        found = None
    if found is None:
        text = f"`{tokens[-1][:80]}` begins no page; use the link that came with the one before."
        raise InvalidInput({PAGE_NAME: (text,)})
    return Page(found.id, most)


def token_of(reading: Reading, paged: Paged[Family]) -> UUID | None:
    """What the next page is asked for with: the id of the last party of this one."""
    if paged.next_after is None:
        return None
    return parties.get_by_inner_id(reading, paged.next_after).uuid


def next_link(address: str, query: Mapping[str, Sequence[str]], token: UUID | None) -> str | None:
    """The address of the next page: the same query with its token."""
    if token is None:
        return None
    kept = [
        (name, value) for name, values in query.items() for value in values if name != PAGE_NAME
    ]
    return f"{address}?{urlencode([*kept, (PAGE_NAME, str(token))])}"
