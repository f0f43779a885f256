"""A compact token becomes a verified `Caller`."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from fullmakt.foundation.bearer.rules import SKEW, check_audience, check_times, read_caller
from fullmakt.foundation.jose.tokens import (
    InvalidSignatureError,
    MalformedTokenError,
    UnacceptableAlgorithmError,
    read_token,
)
from fullmakt.foundation.terms.problem import NotAuthenticated

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from fullmakt.foundation.bearer.model import Caller
    from fullmakt.foundation.jose.keys import PublicKey
    from fullmakt.foundation.terms.clock import Clock


_MOST_BESIDE = 16
"""How much a header that is remembered has beside its token: one token is not kept in any size."""


class KeySource(Protocol):
    """The public keys of one issuer."""

    def find(self, kid: str) -> PublicKey | None:
        """The key with this id, or None."""
        ...


@dataclass(frozen=True, slots=True)
class BearerLimits:
    """How many verified tokens are remembered, so that a signature is checked once."""

    remembered: int = 50_000


class BearerCheck:
    """Verifies bearer tokens of the issuers it trusts.

    A verified token is remembered until it expires; whether it has expired is asked every time.
    """

    def __init__(
        self,
        issuers: Mapping[str, KeySource],
        *,
        audiences: frozenset[str],
        clock: Clock,
        limits: BearerLimits | None = None,
    ) -> None:
        self._issuers = issuers
        self._audiences = audiences
        self._clock = clock
        self._limits = limits or BearerLimits()
        self._remembered: OrderedDict[str, Caller] = OrderedDict()
        self._lock = threading.Lock()

    def caller_from_header(self, authorization: str | None) -> Caller:
        """The caller behind an `Authorization` header (RFC 6750 section 2.1).

        Raises: NotAuthenticated.
        """
        # SPEED: known by the whole header, and not taken apart again (benchmarks/authorize.py).
        remembered = self._find(authorization or "")
        if remembered is not None:
            return remembered
        if not authorization:
            message = "a bearer token is needed"
            raise NotAuthenticated(message)
        scheme, _, compact = authorization.partition(" ")
        if scheme.lower() != "bearer" or not compact.strip():
            message = f"the authorization scheme must be `Bearer`: `{scheme[:20]}`"
            raise NotAuthenticated(message)
        token = compact.strip()
        caller = self._verify(token)
        is_short = len(authorization) - len(token) <= _MOST_BESIDE
        return self._remember(authorization, caller) if is_short else caller

    def find_known(self, authorization: str, *, at: datetime) -> Caller | None:
        """The caller behind a header that was verified before and still holds at `at`."""
        caller = self._remembered.get(authorization)
        return None if caller is None or at - SKEW > caller.expires_at else caller

    def now(self) -> datetime:
        """The time that tokens are held against."""
        return self._clock.now()

    def caller(self, compact: str) -> Caller:
        """The caller that `compact` was issued to. Raises: NotAuthenticated."""
        # INVARIANT: no header holds a line break, so a token that came without one is never taken
        # for a header that lacks its scheme.
        text = f"\n{compact}"
        return self._find(text) or self._remember(text, self._verify(compact))

    def _find(self, text: str) -> Caller | None:
        return self.find_known(text, at=self._clock.now())

    def _remember(self, text: str, caller: Caller) -> Caller:
        """Keep a caller under what its token came as: a whole header, or the token alone."""
        with self._lock:
            self._remembered[text] = caller
            while len(self._remembered) > self._limits.remembered:
                self._remembered.popitem(last=False)
        return caller

    def _verify(self, compact: str) -> Caller:
        try:
            unverified = read_token(compact)
            issuer = unverified.claims.get("iss")
            source = self._issuers.get(issuer) if isinstance(issuer, str) else None
            if source is None:
                message = f"the issuer is not trusted here: `{issuer}`"
                raise NotAuthenticated(message)
            key = source.find(unverified.kid) if unverified.kid else None
            if key is None:
                message = f"issuer `{issuer}` has no key `{unverified.kid}`"
                raise NotAuthenticated(message)
            claims = unverified.verify(key)
        except (MalformedTokenError, UnacceptableAlgorithmError, InvalidSignatureError) as fault:
            message = f"the token does not hold: {fault}"
            raise NotAuthenticated(message) from None
        expires_at = check_times(claims, at=self._clock.now())
        check_audience(claims, own=self._audiences)
        return read_caller(claims, expires_at=expires_at)
