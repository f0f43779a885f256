"""A Maskinporten token is exchanged for the platform's own.

Only tokens of our Maskinporten issuer are taken: not test tokens, and not what came out of an
exchange. Time is the machine's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import uuid4

from fullmakt.access.parties.service import find_organization
from fullmakt.credentials.keys.model import KeyUse
from fullmakt.foundation.http.bodies import write_body
from fullmakt.foundation.jose.tokens import (
    MalformedTokenError,
    UnacceptableAlgorithmError,
    read_token,
    sign,
)
from fullmakt.foundation.terms.problem import NotAuthenticated
from fullmakt.identity.exchange import rules
from fullmakt.identity.exchange.errors import EnterpriseUserGone, NotExchanged
from fullmakt.identity.exchange.model import ExchangeLimits, Provider

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from fullmakt.credentials.keys.service import SigningKeys
    from fullmakt.foundation.bearer.model import Caller
    from fullmakt.foundation.bearer.service import BearerCheck
    from fullmakt.foundation.storage.database import Database
    from fullmakt.foundation.terms.clock import Clock

_LIMITS = ExchangeLimits()
_NOT_SERVED = {
    Provider.ID_PORTEN: "no ID-porten issuer is trusted here",
    Provider.ALTINN_STUDIO: "no Altinn Studio issuer is trusted here",
}


@dataclass(frozen=True, slots=True)
class ExchangeRequest:
    """What a call to the exchange says, besides the provider. Its token is not shown."""

    authorization: str | None = field(repr=False)
    issuer: str
    """The issuer of the new token."""
    is_test: bool = False
    asks_for_enterprise_user: bool = False


@dataclass(frozen=True, slots=True)
class Exchange:
    """Exchanges tokens issued under `trusted_issuers` for the platform's own."""

    database: Database
    bearer: BearerCheck
    signing_keys: SigningKeys
    machine_clock: Clock
    trusted_issuers: AbstractSet[str]
    limits: ExchangeLimits = _LIMITS

    def exchange(self, provider: str, request: ExchangeRequest) -> str:
        """The new token. Raises: NotExchanged, UnknownProvider, EnterpriseUserGone."""
        compact = _readable_token(request.authorization)
        named = rules.read_provider(provider)
        if named is not Provider.MASKINPORTEN:
            raise NotExchanged(_NOT_SERVED[named])
        caller = self._verified(compact)
        consumer = rules.consumer_of(caller)
        if request.asks_for_enterprise_user:
            raise EnterpriseUserGone
        code = None
        if rules.asks_as_service_owner(caller):
            with self.database.reading() as reading:
                party = find_organization(reading, consumer)
            known = None if party is None else party.details.get("orgcode")
            if isinstance(known, str) and known:
                code = rules.service_owner_code(known, is_test=request.is_test)
        claims = rules.exchanged_claims(
            caller,
            service_owner=code,
            issuer=request.issuer,
            session=uuid4(),
            at=self.machine_clock.now(),
            limits=self.limits,
        )
        return sign(write_body(claims), self.signing_keys.current(KeyUse.ALTINN), kind="JWT")

    def _verified(self, compact: str) -> Caller:
        try:
            caller = self.bearer.caller(compact)
        except NotAuthenticated as refused:
            raise NotExchanged(refused.detail) from None
        if caller.issuer not in self.trusted_issuers:
            message = f"only tokens from Maskinporten are exchanged: issuer is `{caller.issuer}`"
            raise NotExchanged(message)
        return caller


def _readable_token(authorization: str | None) -> str:
    """The bearer token of the header, once it can be read at all. Raises: NotExchanged."""
    scheme, _, compact = (authorization or "").partition(" ")
    compact = compact.strip()
    if scheme.lower() != "bearer" or not compact:
        message = "a bearer token is needed"
        raise NotExchanged(message)
    try:
        read_token(compact)
    except (MalformedTokenError, UnacceptableAlgorithmError) as fault:
        message = f"the token does not hold: {fault}"
        raise NotExchanged(message) from None
    return compact
