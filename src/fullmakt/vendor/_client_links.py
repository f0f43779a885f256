"""Client links, made by a person through the vendor's system.

A vendor may not link clients by itself. With the token of a person who administers the clients of
an agent system user's owner it may offer to: Altinn, end user API for client delegation,
`/authentication/api/v1/enduser/systemuser`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from itertools import islice
from uuid import UUID

from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.vendor._answers import Members, Page, read_list, read_object, read_page
from fullmakt.vendor._environment import Environment
from fullmakt.vendor._exceptions import UnexpectedAnswer
from fullmakt.vendor._flow import Flow, Request
from fullmakt.vendor._paging import each
from fullmakt.vendor._problems import check
from fullmakt.vendor._system_users import SystemUser, read_system_user
from fullmakt.vendor._transport import Transport

READ = ("altinn:clientdelegations.read",)
WRITE = ("altinn:clientdelegations.write",)
_TOGETHER = 500
_BULK_TIMEOUT_S = 120.0


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


@dataclass(frozen=True, slots=True)
class ClientBasis:
    """One relation that makes somebody a client, and since when.

    `is_given` where the client gave packages itself, else it is a role in the register. `packages`
    are URNs, each with the moment it began to count.
    """

    role: str
    is_given: bool
    since: datetime
    packages: Mapping[str, datetime]


@dataclass(frozen=True, slots=True)
class ListedClient:
    """A client, what it rests on, and whether it is linked.

    `missing` is what it would have to give before it can be: URNs of packages, names of services.
    """

    client: Client
    linked_since: datetime | None
    missing: tuple[str, ...]
    basis: tuple[ClientBasis, ...]


class BulkOutcome(StrEnum):
    """What became of one client of many."""

    ADDED = "added"
    REMOVED = "removed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What became of one client, as it was named; `code` and `detail` say why it was refused."""

    named: str
    outcome: BulkOutcome
    code: str = ""
    detail: str = ""


def _read_listed(members: Members) -> ListedClient:
    return ListedClient(
        read_client(members),
        members.moment("linkedSince") if members.flag("isLinked") else None,
        members.texts("missing"),
        tuple(_read_basis(one) for one in members.objects("basis")),
    )


def _read_basis(members: Members) -> ClientBasis:
    given = members.objects("access")
    return ClientBasis(
        members.text("role"),
        members.text("source") == "given",
        members.moment("since"),
        {one.text("urn"): one.moment("since") for one in given if one.text_or("urn", "")},
    )


def _read_result(members: Members) -> BulkResult:
    outcome = members.text("outcome")
    if outcome not in set(BulkOutcome):
        raise UnexpectedAnswer(f"a client cannot have become `{outcome}`")
    return BulkResult(
        members.text("client"),
        BulkOutcome(outcome),
        members.text_or("code", ""),
        members.text_or("detail", ""),
    )


def fetch_listed(
    environment: Environment, asked: Mapping[str, str], token: str | None
) -> Flow[Page[ListedClient]]:
    """One page of clients with the basis of each."""
    params = {**asked} if token is None else {**asked, "token": token}
    address = f"{_address(environment)}/clients/search"
    answer = yield Request("GET", address, params=params, scopes=READ)
    return read_page(check(answer), _read_listed)


def change_many(
    environment: Environment, verb: str, agent: UUID, clients: Sequence[str]
) -> Flow[tuple[BulkResult, ...]]:
    """Link many clients (`add`) or take them (`remove`)."""
    answer = yield Request(
        "POST",
        f"{_address(environment)}/clients/bulk/{verb}",
        params={"agent": str(agent)},
        json={"clients": list(clients)},
        scopes=WRITE,
        timeout_s=_BULK_TIMEOUT_S,
    )
    return tuple(_read_result(one) for one in read_object(check(answer)).objects("data"))


def copy_some(
    environment: Environment, source: UUID, agent: UUID, token: str | None
) -> Flow[Page[BulkResult]]:
    """Link the clients of another agent, as many as one call takes."""
    params = {"agent": str(agent), "from": str(source)}
    answer = yield Request(
        "POST",
        f"{_address(environment)}/clients/copy",
        params=params if token is None else {**params, "token": token},
        scopes=WRITE,
        timeout_s=_BULK_TIMEOUT_S,
    )
    return read_page(check(answer), _read_result)


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

    def search(
        self, agent: UUID, text: str = "", *, is_linked: bool | None = None
    ) -> Iterator[ListedClient]:
        """The clients that could be linked or are, with the basis of each, page by page.

        `text` is words of the name or a part of the number. Beyond Altinn: Fullmakt alone has it.
        """
        asked = {"agent": str(agent), "search": text}
        if is_linked is not None:
            asked["linked"] = str(is_linked).lower()
        return each(self._transport, partial(fetch_listed, self._transport.environment, asked))

    def add_all(
        self, agent: UUID, clients: Iterable[UUID | OrganizationNumber]
    ) -> Iterator[BulkResult]:
        """Link clients, 500 at a time as the results are taken; a result for each.

        Idempotent: begin anew after an interruption. Beyond Altinn: Fullmakt alone has it.
        """
        return self._change_all("add", agent, clients)

    def remove_all(
        self, agent: UUID, clients: Iterable[UUID | OrganizationNumber]
    ) -> Iterator[BulkResult]:
        """As `add_all`, ending the links."""
        return self._change_all("remove", agent, clients)

    def copy(self, source: UUID, agent: UUID) -> Iterator[BulkResult]:
        """Link the clients of `source` to `agent` as the results are taken; a result for each.

        Both have the same owner. Idempotent. Beyond Altinn: Fullmakt alone has it.
        """
        return each(self._transport, partial(copy_some, self._transport.environment, source, agent))

    def _change_all(
        self, verb: str, agent: UUID, clients: Iterable[UUID | OrganizationNumber]
    ) -> Iterator[BulkResult]:
        left = iter(clients)
        while some := [str(client) for client in islice(left, _TOGETHER)]:
            yield from self._transport.run(
                change_many(self._transport.environment, verb, agent, some)
            )
