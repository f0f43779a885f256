"""What pages of client delegation are asked with, and the facts they show besides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from fullmakt.access.connections import clients
from fullmakt.access.connections.clients import Between, NamedBetween
from fullmakt.access.delegations import agents
from fullmakt.access.delegations.model import Delegated, Right
from fullmakt.access.resources import service as resources
from fullmakt.foundation.events.ledger import moment_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from fullmakt.access.catalog.model import Catalog
    from fullmakt.access.decisions.service import DecisionPoint
    from fullmakt.access.delegations.model import Client
    from fullmakt.access.parties.model import Party, RoleHeld
    from fullmakt.access.resources.model import Resource
    from fullmakt.foundation.bearer.model import Caller
    from fullmakt.foundation.storage.database import Reading


@dataclass(frozen=True, slots=True)
class Filter:
    """Which clients are wanted: role codes, package names, identifiers of services.

    `is_sound` is false when something is named that does not exist, which no client has.
    """

    roles: frozenset[str]
    packages: frozenset[str]
    services: frozenset[str]
    is_sound: bool

    @classmethod
    def read(
        cls,
        catalog: Catalog,
        roles: Sequence[str] | None,
        packages: Sequence[str] | None,
        services: Sequence[str] | None,
    ) -> Self:
        """The filter in a query; what is known of it, and whether anything is."""
        known_roles = [catalog.find_role(each) for each in roles or ()]
        known_packages = [catalog.find_package(each) for each in packages or ()]
        found_roles = frozenset(each.code for each in known_roles if each is not None)
        found_packages = frozenset(each.name for each in known_packages if each is not None)
        is_sound = (bool(found_roles) or not roles) and (
            bool(found_packages) or not packages or bool(services)
        )
        return cls(found_roles, found_packages, frozenset(services or ()), is_sound)


def get_between(
    reading: Reading, decisions: DecisionPoint, named: NamedBetween, *, action: str, caller: Caller
) -> Between:
    """The parties of a call, for whoever administers clients for the facilitator.

    Raises: NotAuthorized, ValidationProblem (nobody has an id).
    """
    facilitator = clients.get_facilitator(
        reading, decisions, named.party, action=action, caller=caller
    )
    client, agent = named.client, named.agent
    return Between(
        facilitator,
        None if client is None else clients.get_party(reading, named.names.client, client),
        None if agent is None else clients.get_party(reading, named.names.agent, agent),
    )


def list_between(reading: Reading, between: Between) -> list[Delegated]:
    """What agents have of clients, for whom is named."""
    return agents.list_delegated(
        reading, facilitator=between.facilitator, agent=between.agent, client=between.client
    )


def added_at(reading: Reading, found: Iterable[RoleHeld]) -> list[tuple[Party, datetime | None]]:
    """Agents with the moment each was added."""
    return [(held.holder, moment_of(reading, held.assignment.began)) for held in found]


def added_of(
    reading: Reading, facilitator: Party, has: Iterable[Delegated]
) -> list[tuple[Party, datetime | None]]:
    """The agents among `has`, with the moment each was added."""
    wanted = {each.agent.id for each in has}
    found = agents.list_agents(reading, facilitator)
    return added_at(reading, (held for held in found if held.holder.id in wanted))


def resources_of(reading: Reading, has: Iterable[Delegated]) -> Mapping[str, Resource]:
    """The services that single rights are about, by identifier."""
    carried = (each.link.carries for each in has)
    return _known(reading, {each.resource for each in carried if isinstance(each, Right)})


def resources_of_clients(reading: Reading, found: Iterable[Client]) -> Mapping[str, Resource]:
    """The services that clients gave single rights to, by identifier."""
    rights = (right for client in found for access in client.access for right in access.rights)
    return _known(reading, {right.resource for right in rights})


def _known(reading: Reading, names: Iterable[str]) -> Mapping[str, Resource]:
    known = {name: resources.find_resource(reading, name) for name in names}
    return {name: resource for name, resource in known.items() if resource is not None}
