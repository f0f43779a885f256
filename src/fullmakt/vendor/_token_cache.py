"""Keeps tokens until shortly before they expire, and lets one thread fetch for all who wait.

A token in its last seconds is still handed out while another thread fetches the next one. A failure
reaches everyone who waited for it, and is not kept.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime, timedelta
from threading import Lock

from fullmakt.vendor._clock import Now
from fullmakt.vendor._exceptions import Unreachable
from fullmakt.vendor._grant import Wish
from fullmakt.vendor._tokens import AccessToken

# The time a call needs on its way: a token is never handed out with less left than this.
_LEAST_LEFT = timedelta(seconds=2)


def left_of(token: AccessToken, *, at: datetime) -> timedelta:
    """How long `token` still holds."""
    return timedelta(0) if token.expires_at is None else token.expires_at - at


class TokenCache:
    """Tokens by what was wished for."""

    def __init__(self, now: Now, *, margin: timedelta) -> None:
        self._now = now
        self._margin = margin
        self._lock = Lock()
        self._kept: dict[Wish, tuple[AccessToken, timedelta]] = {}
        self._flights: dict[Wish, Future[AccessToken]] = {}

    def get(self, wish: Wish, fetch: Callable[[], AccessToken]) -> AccessToken:
        """The kept token, or what `fetch` gives. `fetch` runs in one thread at a time per wish."""
        with self._lock:
            kept = self._kept.get(wish)
            flight = self._flights.get(wish)
            if kept is not None:
                token, margin = kept
                left = left_of(token, at=self._now())
                is_enough = left > (margin if flight is None else min(margin, _LEAST_LEFT))
                if is_enough:
                    return token
            is_mine = flight is None
            if flight is None:
                flight = self._flights[wish] = Future()
        return self._fly(wish, flight, fetch) if is_mine else flight.result()

    def _fly(
        self, wish: Wish, flight: Future[AccessToken], fetch: Callable[[], AccessToken]
    ) -> AccessToken:
        try:
            token = fetch()
        except BaseException as fault:
            self._land(wish, None)
            flight.set_exception(
                fault if isinstance(fault, Exception) else Unreachable("the fetch was interrupted")
            )
            raise
        self._land(wish, token)
        flight.set_result(token)
        return token

    def _land(self, wish: Wish, token: AccessToken | None) -> None:
        with self._lock:
            del self._flights[wish]
            now = self._now()
            self._kept = {
                other: (kept, margin)
                for other, (kept, margin) in self._kept.items()
                if left_of(kept, at=now) > timedelta(0)
            }
            if token is not None:
                # A short-lived token would otherwise never be kept.
                margin = min(self._margin, left_of(token, at=now) / 2)
                self._kept[wish] = (token, margin)

    def forget(self) -> None:
        """Drop every kept token."""
        with self._lock:
            self._kept.clear()
