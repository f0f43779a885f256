"""Conditional requests: whether a list is still what the caller thinks it is (RFC 9110 section 13).

Reading the headers, and the order in which they are judged. What an entity tag is made of is said
by what it is a tag of.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from enum import Enum, auto
from typing import TYPE_CHECKING

from fullmakt.foundation.terms.problem import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping

_TAG = re.compile(r'(W/)?("[\x21\x23-\x7e\x80-\xff]*")')
_ANY = "*"


class Verdict(Enum):
    """What a request's conditions say of the entity as it is."""

    PROCEED = auto()
    NOT_MODIFIED = auto()
    FAILED = auto()


@dataclass(frozen=True, slots=True)
class Conditions:
    """The conditions of one request; None where a header is absent."""

    match: frozenset[str] | None = None
    none_match: frozenset[str] | None = None
    modified_since: datetime | None = None
    unmodified_since: datetime | None = None

    def judge(self, etag: str | None, modified_at: datetime | None, *, is_reading: bool) -> Verdict:
        """What the conditions say; `etag` and `modified_at` are None when there is no entity.

        RFC 9110 section 13.2.2: tags before dates, and what must hold before what must not.
        """
        if self.match is not None:
            if not _has(self.match, etag):
                return Verdict.FAILED
        elif self.unmodified_since is not None and (
            modified_at is None or _whole(modified_at) > self.unmodified_since
        ):
            return Verdict.FAILED
        if self.none_match is not None:
            # Tags of ours are strong; a weak one that is sent back names the same version.
            if _has(frozenset(tag.removeprefix("W/") for tag in self.none_match), etag):
                return Verdict.NOT_MODIFIED if is_reading else Verdict.FAILED
        elif (
            is_reading
            and self.modified_since is not None
            and modified_at is not None
            and _whole(modified_at) <= self.modified_since
        ):
            return Verdict.NOT_MODIFIED
        return Verdict.PROCEED


def _has(tags: frozenset[str], etag: str | None) -> bool:
    return etag is not None and (_ANY in tags or etag in tags)


def _whole(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


def read_conditions(headers: Mapping[str, str]) -> Conditions:
    """The conditions in a request's headers. Raises: InvalidInput for tags that are none.

    A date that cannot be read is as good as absent (RFC 9110 sections 13.1.3 and 13.1.4).
    """
    return Conditions(
        match=_tags(headers, "if-match"),
        none_match=_tags(headers, "if-none-match"),
        modified_since=_date(headers, "if-modified-since"),
        unmodified_since=_date(headers, "if-unmodified-since"),
    )


def _tags(headers: Mapping[str, str], name: str) -> frozenset[str] | None:
    given = headers.get(name)
    if given is None:
        return None
    if given.strip() == _ANY:
        return frozenset({_ANY})
    parts = [part.strip() for part in given.split(",")]
    if not all(_TAG.fullmatch(part) for part in parts):
        raise InvalidInput({name: (f"The value '{given[:200]}' is not a list of entity tags.",)})
    return frozenset(parts)


def _date(headers: Mapping[str, str], name: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(headers.get(name, ""))
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def http_date(moment: datetime) -> str:
    """`Mon, 23 Nov 2026 09:00:00 GMT` (RFC 9110 section 5.6.7)."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)
