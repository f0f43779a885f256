"""Client delegation as JSON: clients, agents, and what each of these has of the other."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from fullmakt.access.connections.client_rules import RoleValues, Values
from fullmakt.access.connections.identifiers import resource_uuid
from fullmakt.access.connections.wire import (
    PackageShape,
    Paged,
    PartyShape,
    ResourceShape,
    RoleShape,
    write_package,
    write_party,
    write_resource,
    write_role,
)
from fullmakt.access.delegations.model import Right
from fullmakt.foundation.http.bodies import read_body
from fullmakt.foundation.terms.moments import write_moment

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from fullmakt.access.catalog.model import Catalog
    from fullmakt.access.connections.clients import Between
    from fullmakt.access.delegations.agents import Passed
    from fullmakt.access.delegations.model import Carried, Client, Delegated
    from fullmakt.access.parties.model import Party
    from fullmakt.access.resources.model import Resource

Shape = TypeVar("Shape")


class RoleBody(msgspec.Struct):
    """What is passed on of one relation."""

    role: str
    packages: list[str] | None = None
    resources: list[str] | None = None


class ValuesBody(msgspec.Struct):
    """What is passed on, or taken back."""

    values: list[RoleBody]


class AccessShape(msgspec.Struct):
    """What comes with one relation. `resources` stands in version 2 alone."""

    role: RoleShape
    packages: list[PackageShape]
    resources: list[ResourceShape] | UnsetType = UNSET


class ClientShape(msgspec.Struct):
    """A client, and what an agent can have or has of it."""

    client: PartyShape
    access: list[AccessShape]


class AgentShape(msgspec.Struct, rename="camel"):
    """An agent, and what it has of clients."""

    agent: PartyShape
    agent_added_at: str | None
    access: list[AccessShape]


class ProviderShape(msgspec.Struct):
    """A facilitator with the clients that the caller has through it."""

    provider: PartyShape
    clients: list[ClientShape]


class PassedShape(msgspec.Struct, rename="camel"):
    """One thing that was given to an agent or taken from it."""

    role_id: UUID
    via_id: UUID
    from_id: UUID
    to_id: UUID
    changed: bool
    package_id: UUID | UnsetType = UNSET
    resource_id: UUID | UnsetType = UNSET


def read_values(body: bytes, *, has_resources: bool) -> Values:
    """`{"values": [{"role", "packages"}]}`, or with `resources`. Raises: InvalidInput."""
    read = read_body(body, ValuesBody)
    return tuple(
        RoleValues(
            each.role,
            () if has_resources else tuple(each.packages or ()),
            tuple(each.resources or ()) if has_resources else (),
        )
        for each in read.values
    )


class Writer:
    """Writes what a version shows: services stand in version 2 alone."""

    def __init__(
        self, catalog: Catalog, resources: Mapping[str, Resource], *, has_resources: bool
    ) -> None:
        self._catalog = catalog
        self._resources = resources
        self._has_resources = has_resources

    def access(self, role: str, carried: Collection[Carried]) -> AccessShape:
        """What comes with one relation."""
        packages = sorted(each for each in carried if isinstance(each, str))
        services = sorted({each.resource for each in carried if isinstance(each, Right)})
        known = [self._resources[name] for name in services if name in self._resources]
        return AccessShape(
            write_role(self._catalog.role(role)),
            [write_package(self._catalog, self._catalog.package(name)) for name in packages],
            [write_resource(each) for each in known] if self._has_resources else UNSET,
        )

    def accesses(self, has: Iterable[Delegated]) -> list[AccessShape]:
        """What is had, relation by relation."""
        by_role: dict[str, list[Carried]] = defaultdict(list)
        for each in has:
            by_role[each.role].append(each.link.carries)
        found = [self.access(role, carried) for role, carried in sorted(by_role.items())]
        return [each for each in found if each.packages or (self._has_resources and each.resources)]

    def clients(
        self,
        clients: Iterable[Client],
        *,
        roles: Collection[str] = (),
        packages: Collection[str] = (),
        services: Collection[str] = (),
    ) -> Paged[ClientShape]:
        """Clients with what agents can have; only those with a wanted role and thing, if any."""
        shown = []
        for client in clients:
            access = [
                self.access(each.role, carried)
                for each in client.access
                if not roles or each.role in roles
                if (carried := _wanted((*each.packages, *each.rights), packages, services))
            ]
            kept = [
                each for each in access if each.packages or (self._has_resources and each.resources)
            ]
            if kept:
                shown.append(ClientShape(write_party(client.party), kept))
        return Paged(shown)

    def agents(
        self, agents: Iterable[tuple[Party, datetime | None]], has: Sequence[Delegated]
    ) -> Paged[AgentShape]:
        """Agents with what they have, and when they were added."""
        return Paged(
            [
                AgentShape(
                    write_party(agent),
                    None if added is None else write_moment(added),
                    self.accesses(each for each in has if each.agent.id == agent.id),
                )
                for agent, added in agents
            ]
        )

    def clients_of(self, has: Iterable[Delegated]) -> list[ClientShape]:
        """The clients that something is had of."""
        return [
            ClientShape(write_party(client), access)
            for client, held in _grouped(has, lambda each: each.client)
            if (access := self.accesses(held))
        ]

    def providers(self, has: Iterable[Delegated]) -> Paged[ProviderShape]:
        """Facilitators with the clients that are had through each."""
        return Paged(
            [
                ProviderShape(write_party(provider), self.clients_of(held))
                for provider, held in _grouped(has, lambda each: each.facilitator)
            ]
        )

    def passed(self, passed: Iterable[Passed], between: Between) -> list[PassedShape]:
        """What was given or taken; of a service one entry for all its rights."""
        assert between.client is not None and between.agent is not None, "both are named"  # noqa: PT018  one fact
        shown: dict[tuple[str, str, bool], PassedShape] = {}
        for each in passed:
            shape = PassedShape(
                self._catalog.role(each.role).id,
                between.facilitator.uuid,
                between.client.uuid,
                between.agent.uuid,
                each.changed,
            )
            if isinstance(each.carries, str):
                shape.package_id = self._catalog.package(each.carries).id
                shown[each.role, each.carries, False] = shape
            else:
                shape.resource_id = resource_uuid(each.carries.resource)
                before = shown.get((each.role, each.carries.resource, True))
                shape.changed |= before is not None and before.changed
                shown[each.role, each.carries.resource, True] = shape
        return list(shown.values())


def _wanted(
    carried: Sequence[Carried], packages: Collection[str], services: Collection[str]
) -> list[Carried]:
    """Those of `carried` that a filter names; all of them without one."""
    if not packages and not services:
        return list(carried)
    return [
        each
        for each in carried
        if (each in packages if isinstance(each, str) else each.resource in services)
    ]


def _grouped(
    has: Iterable[Delegated], by: Callable[[Delegated], Party]
) -> list[tuple[Party, list[Delegated]]]:
    groups: dict[int, tuple[Party, list[Delegated]]] = {}
    for each in has:
        party = by(each)
        groups.setdefault(party.id, (party, []))[1].append(each)
    return sorted(groups.values(), key=lambda group: (group[0].name, group[0].id))
