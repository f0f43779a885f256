"""A vendor with one Maskinporten client, ready to use: everything on one set of connections."""

from __future__ import annotations

from types import TracebackType
from typing import Self

import httpx

from fullmakt.vendor._change_requests import ChangeRequests
from fullmakt.vendor._client_links import ClientLinks
from fullmakt.vendor._clock import Now
from fullmakt.vendor._connections import Connections
from fullmakt.vendor._environment import Environment
from fullmakt.vendor._key import ClientKey
from fullmakt.vendor._maskinporten import Maskinporten
from fullmakt.vendor._requests import Requests
from fullmakt.vendor._sending import new_http
from fullmakt.vendor._system_register import SystemRegister
from fullmakt.vendor._system_users import SystemUsers
from fullmakt.vendor._tokens import AccessToken, GivenToken, SystemUserReference, TokenSource
from fullmakt.vendor._transport import Transport
from fullmakt.vendor._vat_returns import VatReturns


class Vendor:
    """A vendor of end-user systems in one environment. Threads may share it.

    An `http` that was given is not closed here.
    """

    def __init__(
        self,
        environment: Environment,
        client_id: str,
        key: ClientKey,
        *,
        http: httpx.Client | None = None,
        clock: Now | None = None,
    ) -> None:
        self._http = new_http() if http is None else http
        self._is_http_ours = http is None
        self._environment = environment
        self.maskinporten = Maskinporten(environment, client_id, key, http=self._http, clock=clock)
        own = self.transport(self.maskinporten)
        self.system_register = SystemRegister(own)
        self.requests = Requests(own)
        self.change_requests = ChangeRequests(own)
        self.system_users = SystemUsers(own)

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
        self.maskinporten.close()
        if self._is_http_ours:
            self._http.close()

    def transport(self, tokens: TokenSource) -> Transport:
        """The same connections with other tokens."""
        return Transport(self._environment, tokens, http=self._http)

    def client_links(self, person_token: AccessToken | str) -> ClientLinks:
        """Client links, as the person whose token this is."""
        return ClientLinks(self._as_person(person_token))

    def connections(self, person_token: AccessToken | str) -> Connections:
        """What parties give each other, as the person whose token this is."""
        return Connections(self._as_person(person_token))

    def _as_person(self, token: AccessToken | str) -> Transport:
        given = GivenToken.of(token) if isinstance(token, str) else GivenToken(token)
        return self.transport(given)

    def vat_returns(self, system_user: SystemUserReference) -> VatReturns:
        """VAT returns, filed by this system user."""
        tokens = self.maskinporten.source(system_user=system_user, exchanged=True)
        return VatReturns(self.transport(tokens))
