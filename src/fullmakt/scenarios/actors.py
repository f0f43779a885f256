"""The actors of the stories, each with its own token.

People in the portal and the vendor's system.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from fullmakt.scenarios.model import StoryError
from fullmakt.vendor import OrganizationNumber, Vendor

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx

    from fullmakt.scenarios.stage import Stage
    from fullmakt.vendor import ClientKey, ClientLinks, Connections, SystemUserRequest

PORTAL_SCOPE = "altinn:portal/enduser"
CLIENT_SCOPES = "altinn:clientdelegations.read altinn:clientdelegations.write"
CONNECTION_SCOPES = (
    "altinn:accessmanagement/enduser:connections:toothers.read"
    " altinn:accessmanagement/enduser:connections:toothers.write"
)
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
        self.number = str(facts["personidentifikator"])
        self._http = stage.connection(self.name)
        self._tokens: dict[str, str] = {}

    def __str__(self) -> str:
        return self.name

    def token(self, scopes: str) -> str:
        """A token of this person with these scopes."""
        if scopes not in self._tokens:
            answer = self._http.get(
                f"{self._stage.base_url}/api/GetPersonalToken",
                params={"env": "tt02", "pid": self.number, "scopes": scopes},
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

    def rejects(self, request: SystemUserRequest, *, owner: Organization) -> httpx.Response:
        """Reject a standard request in the portal; the answer is returned, whatever it is."""
        return self._post(f"/systemuser/request/{owner.party_id}/{request.id}/reject", PORTAL_SCOPE)

    def escalates(self, request: SystemUserRequest, *, owner: Organization) -> httpx.Response:
        """Pass a standard request on to those who may answer it."""
        return self._post(
            f"/systemuser/request/{owner.party_id}/{request.id}/escalate", PORTAL_SCOPE
        )

    def opens(self, request: SystemUserRequest) -> Mapping[str, Any]:
        """The page of a standard request's approval."""
        return self._read(f"/systemuser/request/{request.id}")

    def sees_access(self, system_user: UUID, *, owner: Organization) -> Mapping[str, Any]:
        """What a system user of the owner's has now."""
        return self._read(f"/systemuser/{owner.party_id}/{system_user}/delegations")

    def deletes(self, system_user: UUID, *, owner: Organization) -> None:
        """Delete a standard system user in the portal."""
        answer = self._http.delete(
            f"{self._stage.base_url}{_AUTHENTICATION}/systemuser/{owner.party_id}/{system_user}",
            headers={"Authorization": f"Bearer {self.token(PORTAL_SCOPE)}"},
        )
        if answer.is_error:
            message = f"{self} could not delete {system_user}: {answer.status_code} {answer.text}"
            raise StoryError(message)

    def _read(self, path: str) -> Mapping[str, Any]:
        answer = self._http.get(
            f"{self._stage.base_url}{_AUTHENTICATION}{path}",
            headers={"Authorization": f"Bearer {self.token(PORTAL_SCOPE)}"},
        )
        if answer.is_error:
            message = f"{self} could not read {path}: {answer.status_code} {answer.text}"
            raise StoryError(message)
        found: Mapping[str, Any] = answer.json()
        return found

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

    def gives_in_portal(
        self, package: str, *, giver: Organization, receiver: Organization
    ) -> httpx.Response:
        """Give an access package in the portal; the answer is returned, whatever it is."""
        return self._http.post(
            f"{self._stage.base_url}/accessmanagement/api/v1/enduser/connections/accesspackages",
            params={"party": str(giver.uuid), "to": str(receiver.uuid), "package": package},
            headers={"Authorization": f"Bearer {self.token(PORTAL_SCOPE)}"},
        )

    def connections(self, vendor: VendorSystem, *, scopes: str = CONNECTION_SCOPES) -> Connections:
        """The connections API, through the vendor's system, as this person."""
        return vendor.as_person(self).connections(self.token(scopes))

    def client_links(self, vendor: VendorSystem) -> ClientLinks:
        """The client links API, through the vendor's system, as this person."""
        return vendor.as_person(self).client_links(self.token(CLIENT_SCOPES))


class VendorSystem:
    """A vendor's end-user system: a Maskinporten client of the world with a key made here."""

    def __init__(
        self, stage: Stage, *, name: str, client_id: str, key: ClientKey | None = None
    ) -> None:
        self._stage = stage
        self._registered_key = key
        self.name = name
        self.client_id = client_id
        self.http = stage.connection(name)

    def __str__(self) -> str:
        return self.name

    @cached_property
    def key(self) -> ClientKey:
        """The client's key; its public half is registered on first use if it was not before."""
        if self._registered_key is not None:
            return self._registered_key
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
