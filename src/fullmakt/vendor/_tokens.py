"""Access tokens, whom they are for, and where the SDK takes them from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, Self

from fullmakt.foundation.terms.numbers import OrganizationNumber

_BEARER = re.compile(r"[A-Za-z0-9._~+/-]+=*")


@dataclass(frozen=True, slots=True)
class SystemUserReference:
    """Which system user a token is for.

    `owner` is the organisation that owns it: for client relationships the accountant, never the
    accountant's client. `external_ref` must be given if, and only if, the request had one.
    """

    owner: OrganizationNumber
    external_ref: str | None = None


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A bearer token. Its text and its representation never hold it. Raises: ValueError."""

    _compact: str = field(repr=False)
    scopes: tuple[str, ...] = ()
    expires_at: datetime | None = None

    def __post_init__(self) -> None:
        # INVARIANT: a header that cannot be sent would stand in the error of the one who sends it.
        if not _BEARER.fullmatch(self._compact):
            raise ValueError("not a bearer token (RFC 6750 section 2.1)")

    @property
    def compact(self) -> str:
        """The token itself. Whoever reads it can act with it."""
        return self._compact

    @property
    def authorization(self) -> str:
        """The `Authorization` header's value."""
        return f"Bearer {self._compact}"


class TokenSource(Protocol):
    """Gives tokens with the scopes that a call needs."""

    def token(self, scopes: Iterable[str]) -> AccessToken:
        """A token with at least these scopes."""
        ...


@dataclass(frozen=True, slots=True)
class GivenToken:
    """One token got elsewhere, such as a person's from a log-in. Its scopes are as they are."""

    _token: AccessToken

    @classmethod
    def of(cls, compact: str) -> Self:
        """The token with this compact form."""
        return cls(AccessToken(compact))

    def token(self, scopes: Iterable[str]) -> AccessToken:  # noqa: ARG002  the one there is
        """The token, whatever its scopes."""
        return self._token


def sorted_scopes(scopes: Iterable[str]) -> tuple[str, ...]:
    """Each scope once, in order; one text may hold several. Raises: ValueError where none is."""
    listed = (scopes,) if isinstance(scopes, str) else tuple(scopes)
    words = tuple(sorted({word for text in listed for word in text.split()}))
    if not words:
        message = "a token needs at least one scope"
        raise ValueError(message)
    return words
