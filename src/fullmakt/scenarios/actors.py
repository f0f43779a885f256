"""The actors of the stories, each with its own token.

People in the portal and the vendor's system.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

from fullmakt.scenarios.model import StoryError
from fullmakt.vendor import OrganizationNumber, Vendor

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx

    from fullmakt.scenarios.stage import Stage
    from fullmakt.vendor import ClientKey, ClientLinks, SystemUserRequest

PORTAL_SCOPE = "altinn:portal/enduser"
CLIENT_SCOPES = "altinn:clientdelegations.read altinn:clientdelegations.write"
_AUTHENTICATION = "/authentication/api/v1"


class Organization:
    """An organisation of the world's file."""

    def __init__(self, facts: Mapping[str, object]) -> None:
        self.name = str(facts["navn"])
        self.number = OrganizationNumber(str(facts["organisasjonsnummer"]))
        self.uuid = UUID(str(facts["partyUuid"]))
        self.party_id = int(str(facts["partyId"]))

    def __str__(self) -> str:
        return self.name


class Person:
    """A person, logged in with the test token that the world's token generator gives."""

    def __init__(self, stage: Stage, facts: Mapping[str, object]) -> None:
        self._stage = stage
        self.name = f"{facts['fornavn']} {facts['etternavn']}"
        self._number = str(facts["personidentifikator"])
        self._http = stage.connection(self.name)
        self._tokens: dict[str, str] = {}

    def __str__(self) -> str:
        return self.name

    def token(self, scopes: str) -> str:
        """A token of this person with these scopes."""
        if scopes not in self._tokens:
            answer = self._http.get(
                f"{self._stage.base_url}/api/GetPersonalToken",
                params={"env": "tt02", "pid": self._number, "scopes": scopes},
                auth=("story", "story"),
            )
            _check(answer)
            self._tokens[scopes] = answer.text
        return self._tokens[scopes]

    def approves(self, request: SystemUserRequest, *, owner: Organization) -> httpx.Response:
        """Approve a request in the portal; the answer is returned, whatever it is."""
        kind = "agent/" if request.kind.value == "agent" else ""
        return self._post(
            f"/systemuser/request/{kind}{owner.party_id}/{request.id}/approve", PORTAL_SCOPE
        )

    def links_in_portal(
        self, client: Organization, *, owner: Organization, system_user: UUID
    ) -> httpx.Response:
        """Link a client on the portal's own page; the answer is returned, whatever it is."""
        query = f"provider={owner.uuid}&client={client.uuid}"
        return self._post(f"/systemuser/agent/{owner.party_id}/{system_user}?{query}", PORTAL_SCOPE)

    def _post(self, path: str, scopes: str) -> httpx.Response:
        return self._http.post(
            f"{self._stage.base_url}{_AUTHENTICATION}{path}",
            headers={"Authorization": f"Bearer {self.token(scopes)}"},
        )

    def client_links(self, vendor: VendorSystem) -> ClientLinks:
        """The client links API, through the vendor's system, as this person."""
        return vendor.as_person(self).client_links(self.token(CLIENT_SCOPES))


class VendorSystem:
    """A vendor's end-user system: a Maskinporten client of the world with a key made here."""

    def __init__(self, stage: Stage, *, name: str, client_id: str) -> None:
        self._stage = stage
        self.name = name
        self.client_id = client_id
        self.http = stage.connection(name)

    def __str__(self) -> str:
        return self.name

    @cached_property
    def key(self) -> ClientKey:
        """The client's key; its public half is registered on first use."""
        key = self._stage.key_of(self.name)
        jwk = dict(key.public_jwk)
        self._stage.control("POST", f"clients/{self.client_id}/keys", {"jwk": jwk})
        return key

    @cached_property
    def sdk(self) -> Vendor:
        """The SDK, as this vendor uses it."""
        return Vendor(self._stage.environment, self.client_id, self.key, http=self.http)

    def as_person(self, person: Person) -> Vendor:
        """The SDK on connections that are recorded under the person's name."""
        http = self._stage.connection(person.name)
        return Vendor(self._stage.environment, self.client_id, self.key, http=http)


def _check(answer: httpx.Response) -> None:
    if answer.is_error:
        message = f"no test token: {answer.status_code} {answer.text}"
        raise StoryError(message)
