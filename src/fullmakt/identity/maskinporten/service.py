"""A grant becomes an access token, or is refused.

The order is the documented one: form, assertion, client, key, signature, audience, times, first
use, claims, scopes, system user, and only then is anything signed. Time is the machine's.
"""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING, TypeVar

from fullmakt.credentials.keys.model import KeyUse
from fullmakt.foundation.jose.tokens import sign
from fullmakt.foundation.storage.group_commit import WriteFailedError
from fullmakt.identity.maskinporten.errors import (
    SystemUserNotFound,
    TemporarilyUnavailable,
    UsedGrant,
)
from fullmakt.identity.maskinporten.model import GrantLimits, IssuedToken, NamedSystemUser
from fullmakt.identity.maskinporten.rules.assertion import read_assertion, verify_grant
from fullmakt.identity.maskinporten.rules.claims import read_wish
from fullmakt.identity.maskinporten.rules.form import read_form
from fullmakt.identity.maskinporten.rules.scopes import check_scopes
from fullmakt.identity.maskinporten.wire import write_access_token

if TYPE_CHECKING:
    from collections.abc import Callable

    from fullmakt.credentials.clients.model import MaskinportenClient
    from fullmakt.credentials.clients.service import ClientDirectory
    from fullmakt.credentials.keys.service import SigningKeys
    from fullmakt.foundation.terms.clock import Clock
    from fullmakt.identity.maskinporten.model import Grant, Issuers, SystemUserQuestion
    from fullmakt.identity.maskinporten.replay import ReplayGuard
    from fullmakt.systems.system_users.service import SystemUserDirectory

Answer = TypeVar("Answer")


class TokenServer:
    """Issues access tokens for grants (RFC 7523), as Maskinporten does.

    `is_inline` says that the directories answer in microseconds and may be asked on the event loop.
    """

    def __init__(
        self,
        *,
        clients: ClientDirectory,
        system_users: SystemUserDirectory,
        replay: ReplayGuard,
        signing_keys: SigningKeys,
        machine_clock: Clock,
        issuers: Issuers,
        is_inline: bool,
        limits: GrantLimits | None = None,
    ) -> None:
        self.issuers = issuers
        self._audiences = issuers.audiences
        self._clients = clients
        self._system_users = system_users
        self._replay = replay
        self._signing_keys = signing_keys
        self._clock = machine_clock
        self._is_inline = is_inline
        self._limits = limits or GrantLimits()

    async def issue(self, content_type: str, body: bytes, *, issuer: str) -> IssuedToken:
        """The token that the grant in `body` gives, issued as `issuer`. Raises: a GrantRefused."""
        unverified = read_assertion(read_form(content_type, body))
        registered = await self._ask(lambda: self._clients.find(unverified.client_id))
        grant = verify_grant(
            unverified,
            registered,
            audiences=self._audiences,
            at=self._clock.now(),
            limits=self._limits,
        )
        client = grant.registered.client
        await self._burn(grant)
        wish = read_wish(grant)
        check_scopes(wish, grant.registered)
        system_user = None
        if wish.system_user is not None:
            question = wish.system_user
            system_user = await self._ask(lambda: self._named(question, client))
        claims = write_access_token(
            client,
            wish,
            system_user=system_user,
            issuer=issuer,
            jti=secrets.token_urlsafe(32),
            at=self._clock.now(),
        )
        compact = sign(claims, self._signing_keys.current(KeyUse.MASKINPORTEN))
        return IssuedToken(compact, client.token_lifetime_s, wish.scopes)

    async def _ask(self, question: Callable[[], Answer]) -> Answer:
        return question() if self._is_inline else await asyncio.to_thread(question)

    async def _burn(self, grant: Grant) -> None:
        client_id = grant.registered.client.client_id
        try:
            is_first = await self._replay.burn(client_id, grant.replay_key, grant.usable_until)
        except WriteFailedError as fault:
            raise TemporarilyUnavailable(str(fault)) from fault
        if not is_first:
            detail = f"used by client `{client_id}` before: make a new `jti` for each grant"
            raise UsedGrant(detail)

    def _named(self, question: SystemUserQuestion, client: MaskinportenClient) -> NamedSystemUser:
        found = self._system_users.find_by_external_id(
            client_id=client.client_id,
            vendor=client.organization,
            owner=question.owner,
            external_ref=question.external_ref,
        )
        if found is None:
            reference = question.external_ref
            told = "" if reference is None else f" with externalRef `{reference}`"
            way_out = "" if reference else "; if it was made with an externalRef, name it"
            detail = (
                f"`{question.owner}` has no system user{told} in a system of {client.organization}"
                f" that lists client `{client.client_id}`{way_out}"
            )
            raise SystemUserNotFound(detail, organization=question.owner.iso6523, reference=told)
        return NamedSystemUser(found.uuid, question.owner, found.system_id)
