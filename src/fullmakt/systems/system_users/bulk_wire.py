"""Lists of clients with their basis, and bulk changes of them, as JSON.

Beyond Altinn: these calls are Fullmakt's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from fullmakt.access.catalog.model import Catalog
from fullmakt.access.delegations.model import ListedClient, Relation, Right
from fullmakt.access.parties.model import RIGHT_HOLDER, Party
from fullmakt.foundation.terms import urns
from fullmakt.foundation.terms.moments import write_moment
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.foundation.terms.problem import InvalidInput
from fullmakt.systems.system_users.bulk_clients import (
    MOST_CLIENTS,
    ClientName,
    ClientResult,
    Outcome,
)
from fullmakt.systems.system_users.clients import AgentOfOwner
from fullmakt.systems.system_users.wire import AgentInformation, Links


class GivenShape(msgspec.Struct, rename="camel"):
    """A package, or a single right (`resource` and `action`), and since when it counts."""

    since: str
    urn: str | UnsetType = UNSET
    resource: str | UnsetType = UNSET
    action: str | UnsetType = UNSET


class BasisShape(msgspec.Struct, rename="camel"):
    """One relation that makes somebody a client. `source` is `register` or `given`."""

    role: str
    role_urn: str
    source: str
    since: str
    access: list[GivenShape]


class ListedClientShape(msgspec.Struct, rename="camel", kw_only=True):
    """A client in a page. `missing`: the packages and services that keep it from being linked."""

    client_id: UUID
    client_organization_number: str | UnsetType = UNSET
    client_organization_name: str
    is_linked: bool
    linked_since: str | UnsetType = UNSET
    missing: list[str]
    basis: list[BasisShape]


class ClientPageShape(msgspec.Struct, rename="camel"):
    """A page of clients."""

    links: Links
    system_user_information: AgentInformation
    data: list[ListedClientShape]


class BulkBody(msgspec.Struct, rename="camel"):
    """The clients of a bulk call, each by party UUID or organisation number."""

    clients: list[str]


class BulkResultShape(msgspec.Struct, rename="camel"):
    """What became of one client; `code` and `detail` say why it was refused."""

    client: str
    outcome: str
    client_id: UUID | UnsetType = UNSET
    client_organization_number: str | UnsetType = UNSET
    code: str | UnsetType = UNSET
    detail: str | UnsetType = UNSET


class BulkAnswer(msgspec.Struct, rename="camel"):
    """What became of every client of a bulk call, in the order they were named, and counted."""

    links: Links
    counts: dict[str, int]
    data: list[BulkResultShape]


def read_clients(body: BulkBody) -> list[ClientName]:
    """The clients named. Raises: InvalidInput naming each that is no id and no number."""
    if not 0 < len(body.clients) <= MOST_CLIENTS:
        message = f"Name from 1 to {MOST_CLIENTS} clients; there are {len(body.clients)}."
        raise InvalidInput({"clients": (message,)})
    names: list[ClientName] = []
    faults = {}
    for place, text in enumerate(body.clients):
        try:
            names.append(_read_client(text.strip()))
        except ValueError:
            faults[f"clients[{place}]"] = (f"The value '{text}' is not valid.",)
    if faults:
        raise InvalidInput(faults)
    return names


def _read_client(text: str) -> ClientName:
    return OrganizationNumber(text) if len(text) == 9 else UUID(text)


def write_client_page(
    agent: AgentOfOwner,
    catalog: Catalog,
    clients: Sequence[ListedClient],
    *,
    next_page: str | None,
) -> ClientPageShape:
    """A page of clients with the basis of each."""
    return ClientPageShape(
        Links(next_page or UNSET),
        AgentInformation(agent.user.uuid, agent.user.owner.digits),
        [write_client(client, catalog, agent.user.packages) for client in clients],
    )


def write_client(
    client: ListedClient, catalog: Catalog, packages: Collection[str]
) -> ListedClientShape:
    """A client in a page; `packages` are those that its agent carries."""
    since = client.linked_since
    return ListedClientShape(
        client_id=client.party.uuid,
        client_organization_number=_number_of(client.party),
        client_organization_name=client.party.name,
        is_linked=since is not None,
        linked_since=UNSET if since is None else write_moment(since),
        missing=[urns.package_urn(name) if name in packages else name for name in client.missing],
        basis=[_write_basis(relation, catalog) for relation in client.relations],
    )


def _write_basis(relation: Relation, catalog: Catalog) -> BasisShape:
    access, since = relation.access, write_moment(relation.since)
    if access.role == RIGHT_HOLDER:
        given = [
            GivenShape(write_moment(at), resource=what.resource, action=what.action)
            if isinstance(what, Right)
            else GivenShape(write_moment(at), urn=urns.package_urn(what))
            for what, at in relation.given_since.items()
        ]
    else:
        given = [GivenShape(since, urn=urns.package_urn(name)) for name in sorted(access.packages)]
    return BasisShape(
        role=access.role,
        role_urn=catalog.role(access.role).urn,
        source="given" if access.role == RIGHT_HOLDER else "register",
        since=since,
        access=given,
    )


def write_results(results: Sequence[ClientResult], *, next_page: str | None = None) -> BulkAnswer:
    """What became of every client of a bulk call."""
    counted = Counter(result.outcome for result in results)
    return BulkAnswer(
        Links(next_page or UNSET),
        {outcome.value: counted[outcome] for outcome in Outcome},
        [_write_result(result) for result in results],
    )


def _write_result(result: ClientResult) -> BulkResultShape:
    party, problem = result.client, result.problem
    return BulkResultShape(
        client=str(result.named),
        outcome=result.outcome.value,
        client_id=UNSET if party is None else party.uuid,
        client_organization_number=UNSET if party is None else _number_of(party),
        code=UNSET if problem is None else problem.code or str(problem.status),
        detail=UNSET if problem is None else str(problem),
    )


def _number_of(party: Party) -> str | UnsetType:
    return UNSET if party.number is None else party.number.digits
