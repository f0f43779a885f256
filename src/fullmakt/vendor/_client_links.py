"""Client links, made by a person through the vendor's system.

A vendor may not link clients by itself. With the token of a person who administers the clients of
an agent system user's owner it may offer to: Altinn, end user API for client delegation,
`/authentication/api/v1/enduser/systemuser`.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.vendor._answers import Members, read_list, read_object
from fullmakt.vendor._environment import Environment
from fullmakt.vendor._flow import Flow, Request
from fullmakt.vendor._problems import check
from fullmakt.vendor._system_users import SystemUser, read_system_user
from fullmakt.vendor._transport import Transport

READ = ("altinn:clientdelegations.read",)
WRITE = ("altinn:clientdelegations.write",)


@dataclass(frozen=True, slots=True)
class Client:
    """A client of an agent system user's owner."""

    id: UUID
    organization: OrganizationNumber
    name: str


def read_client(members: Members) -> Client:
    """The client as it is answered. Raises: UnexpectedAnswer."""
    return Client(
        members.uuid("clientId"),
        members.organization("clientOrganizationNumber"),
        members.text("clientOrganizationName"),
    )


def fetch_agents(
    environment: Environment, owner: OrganizationNumber
) -> Flow[tuple[SystemUser, ...]]:
    """The owner's agent system users."""
    answer = yield Request(
        "GET", f"{_address(environment)}/agents", params={"party": str(owner)}, scopes=READ
    )
    return tuple(read_system_user(one) for one in read_list(check(answer)))


def fetch_available(environment: Environment, agent: UUID) -> Flow[tuple[Client, ...]]:
    """The clients that could be linked."""
    return (yield from _fetch_clients(f"{_address(environment)}/clients/available", agent))


def fetch_linked(environment: Environment, agent: UUID) -> Flow[tuple[Client, ...]]:
    """The clients that are linked."""
    return (yield from _fetch_clients(f"{_address(environment)}/clients", agent))


def _fetch_clients(address: str, agent: UUID) -> Flow[tuple[Client, ...]]:
    answer = yield Request("GET", address, params={"agent": str(agent)}, scopes=READ)
    return tuple(read_client(one) for one in read_object(check(answer)).objects("data"))


def change_link(environment: Environment, method: str, agent: UUID, client: UUID) -> Flow[None]:
    """Make the link (`POST`) or remove it (`DELETE`)."""
    answer = yield Request(
        method,
        f"{_address(environment)}/clients",
        params={"agent": str(agent), "client": str(client)},
        scopes=WRITE,
    )
    check(answer)


def _address(environment: Environment) -> str:
    return f"{environment.authentication}/enduser/systemuser"


class ClientLinks:
    """The clients of agent system users, as the person whose token the transport has sees them.

    The token needs scopes `altinn:clientdelegations.read` and `.write`, and the person must be
    client administrator of the system user's owner. Every call raises: NotAuthorized,
    AgentNotFound, NotAnAgent, VendorError.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def agents(self, owner: OrganizationNumber) -> tuple[SystemUser, ...]:
        """The owner's agent system users."""
        return self._transport.run(fetch_agents(self._transport.environment, owner))

    def available(self, agent: UUID) -> tuple[Client, ...]:
        """The owner's clients that hold at least one of the system user's packages.

        Linked ones are among them. To link one, it must hold all the packages.
        """
        return self._transport.run(fetch_available(self._transport.environment, agent))

    def linked(self, agent: UUID) -> tuple[Client, ...]:
        """The clients the system user may act for."""
        return self._transport.run(fetch_linked(self._transport.environment, agent))

    def add(self, agent: UUID, client: UUID) -> None:
        """Let the system user act for the client. Raises: ClientNotFound, ClientLacksPackages."""
        self._transport.run(change_link(self._transport.environment, "POST", agent, client))

    def remove(self, agent: UUID, client: UUID) -> None:
        """End it. Raises: LinkNotFound."""
        self._transport.run(change_link(self._transport.environment, "DELETE", agent, client))
