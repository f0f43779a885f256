"""Tokens from Maskinporten, and from Altinn's exchange, for programs that use threads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Self
from uuid import uuid4

import httpx

from fullmakt.vendor._clock import Now, machine_now
from fullmakt.vendor._environment import Environment
from fullmakt.vendor._flow import Request, drive
from fullmakt.vendor._grant import Wish, fetch_token, utc_now
from fullmakt.vendor._key import ClientKey
from fullmakt.vendor._sending import new_http, send
from fullmakt.vendor._token_cache import TokenCache
from fullmakt.vendor._tokens import AccessToken, SystemUserReference, TokenSource, sorted_scopes

MARGIN = timedelta(seconds=10)


class Maskinporten:
    """One Maskinporten client: signs grants and keeps the tokens it is given.

    Tokens are kept by scopes, system user and resource, and fetched anew `margin` before they
    expire. Threads that want the same token wait for one fetch. `http` and `clock` are for those
    who bring their own; an `http` that was given is not closed here.
    """

    def __init__(
        self,
        environment: Environment,
        client_id: str,
        key: ClientKey,
        *,
        http: httpx.Client | None = None,
        clock: Now | None = None,
        margin: timedelta = MARGIN,
    ) -> None:
        self._environment = environment
        self._client_id = client_id
        self._key = key
        self._http = new_http() if http is None else http
        self._is_http_ours = http is None
        self._now = clock or machine_now
        self._cache = TokenCache(self._now, margin=margin)

    def __repr__(self) -> str:
        return f"Maskinporten(client_id={self._client_id!r}, key={self._key!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Forget the tokens and close the connections made here."""
        self._cache.forget()
        if self._is_http_ours:
            self._http.close()

    def token(
        self,
        scopes: Iterable[str],
        *,
        system_user: SystemUserReference | None = None,
        resource: str | None = None,
    ) -> AccessToken:
        """A Maskinporten token. Raises: MaskinportenError, Unreachable, UnexpectedAnswer."""
        return self._get(Wish(sorted_scopes(scopes), system_user, resource))

    def exchanged_token(
        self,
        scopes: Iterable[str],
        *,
        system_user: SystemUserReference | None = None,
        resource: str | None = None,
    ) -> AccessToken:
        """The Altinn token that a Maskinporten token is exchanged to, as Altinn's apps want it.

        Raises: MaskinportenError, PlatformProblem, Unreachable, UnexpectedAnswer.
        """
        return self._get(Wish(sorted_scopes(scopes), system_user, resource, is_exchanged=True))

    def source(
        self, *, system_user: SystemUserReference | None = None, exchanged: bool = False
    ) -> TokenSource:
        """Tokens of one kind, for a `Transport`: for a system user, exchanged, or both."""
        return _Source(self, system_user, exchanged)

    def _get(self, wish: Wish) -> AccessToken:
        return self._cache.get(wish, lambda: self._fetch(wish))

    def _fetch(self, wish: Wish) -> AccessToken:
        flow = fetch_token(
            self._environment,
            self._client_id,
            self._key,
            wish,
            at=utc_now(self._now()),
            jti=uuid4(),
        )
        return drive(flow, self._send)

    def _send(self, request: Request) -> httpx.Response:
        return send(self._http, request)


@dataclass(frozen=True, slots=True)
class _Source:
    """Tokens of one kind from one Maskinporten client."""

    maskinporten: Maskinporten
    system_user: SystemUserReference | None
    is_exchanged: bool

    def token(self, scopes: Iterable[str]) -> AccessToken:
        """A token of this kind."""
        get = self.maskinporten.exchanged_token if self.is_exchanged else self.maskinporten.token
        return get(scopes, system_user=self.system_user)
