"""Reads JSON answers member by member, so that a wrong one says which member is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx

from fullmakt.foundation.terms.members import read_json
from fullmakt.foundation.terms.moments import utc
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.vendor._exceptions import UnexpectedAnswer

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Members:
    """The members of one JSON object of an answer. Every reader raises: UnexpectedAnswer."""

    values: Mapping[str, object]
    place: str

    def text(self, name: str) -> str:
        """A text that must be there."""
        value = self.values.get(name)
        if not isinstance(value, str):
            raise self._wrong(name, "text")
        return value

    def text_or(self, name: str, default: str) -> str:
        """A text, or `default` where the member is absent."""
        return default if self.values.get(name) is None else self.text(name)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """True or false; `default` where the member is absent."""
        value = self.values.get(name, default)
        if not isinstance(value, bool):
            raise self._wrong(name, "true or false")
        return value

    def whole(self, name: str) -> int:
        """A whole number that must be there."""
        value = self.values.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._wrong(name, "a whole number")
        return value

    def uuid(self, name: str) -> UUID:
        """A UUID that must be there."""
        return self._parsed(name, UUID, "a UUID")

    def organization(self, name: str) -> OrganizationNumber:
        """An organisation number that must be there."""
        return self._parsed(name, OrganizationNumber, "an organisation number")

    def moment(self, name: str) -> datetime:
        """A moment in time that must be there."""
        return self._parsed(name, lambda text: utc(datetime.fromisoformat(text)), "a moment")

    def object(self, name: str) -> Members:
        """An object; an empty one where the member is absent."""
        value = self.values.get(name)
        if value is None:
            return Members({}, f"{self.place}/{name}")
        return _members(value, f"{self.place}/{name}")

    def objects(self, name: str) -> tuple[Members, ...]:
        """A list of objects; an empty one where the member is absent."""
        value = self.values.get(name)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise self._wrong(name, "a list")
        return tuple(_members(one, f"{self.place}/{name}/{i}") for i, one in enumerate(value))

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; an empty one where the member is absent."""
        value = self.values.get(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self._wrong(name, "a list of texts")
        return tuple(value)

    def _parsed(self, name: str, parse: Callable[[str], _T], wanted: str) -> _T:
        text = self.text(name)
        try:
            return parse(text)
        except ValueError:
            raise self._wrong(name, wanted) from None

    def _wrong(self, name: str, wanted: str) -> UnexpectedAnswer:
        # The value itself is left out: it may be a token.
        return UnexpectedAnswer(f"member `{self.place}/{name}` is not {wanted}")


@dataclass(frozen=True, slots=True)
class Page(Generic[_T]):
    """One page of a list, and the token of the next one."""

    items: tuple[_T, ...]
    next_token: str | None


def read_object(answer: httpx.Response) -> Members:
    """The answer's JSON object. Raises: UnexpectedAnswer."""
    return _members(_json(answer), "")


def read_list(answer: httpx.Response) -> tuple[Members, ...]:
    """The answer's JSON list of objects. Raises: UnexpectedAnswer."""
    value = _json(answer)
    if not isinstance(value, list):
        raise UnexpectedAnswer(f"the answer of `{answer.url.path}` is not a list")
    return tuple(_members(one, f"/{i}") for i, one in enumerate(value))


def read_text(answer: httpx.Response) -> str:
    """The answer as one text: plain, or JSON in quotes."""
    text = answer.text.strip()
    if len(text) > 1 and text.startswith('"') and text.endswith('"'):
        value = _json(answer)
        return value if isinstance(value, str) else text
    return text


def read_page(answer: httpx.Response, read: Callable[[Members], _T]) -> Page[_T]:
    """A page of a paged list. Raises: UnexpectedAnswer.

    QUIRK: production has answered with an internal host in `links.next`, so only its token is
    used (`test_a_next_link_to_another_host_gives_its_token_alone`).
    """
    members = read_object(answer)
    items = tuple(read(one) for one in members.objects("data"))
    link = members.object("links").text_or("next", "")
    tokens = parse_qs(urlsplit(link).query).get("token", [])
    if link and not tokens:
        raise UnexpectedAnswer("the link to the next page has no `token`")
    return Page(items, tokens[0] if tokens else None)


def _json(answer: httpx.Response) -> object:
    try:
        return read_json(answer.content)
    except ValueError:
        raise UnexpectedAnswer(
            f"the answer of `{answer.url.path}` with status {answer.status_code} is not JSON"
        ) from None


def _members(value: object, place: str) -> Members:
    if not isinstance(value, dict):
        raise UnexpectedAnswer(f"`{place or '/'}` in the answer is not an object")
    return Members(value, place)
