"""Client delegation: what a facilitator's agents have of its clients, given and taken back.

Who may ask is whoever administers clients for the facilitator; an agent sees and lets go of its
own.
Source: Altinn's public documentation, client delegation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fullmakt.access.connections import client_rules, errors
from fullmakt.access.decisions.permissions import Duty, check_permitted
from fullmakt.access.delegations import agents
from fullmakt.access.delegations import service as delegations
from fullmakt.access.parties import service as parties
from fullmakt.access.parties.model import AGENT
from fullmakt.foundation.terms.problem import NotAuthorized, ValidationProblem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from fullmakt.access.catalog.model import Catalog
    from fullmakt.access.connections.client_rules import Values
    from fullmakt.access.decisions.service import DecisionPoint
    from fullmakt.access.delegations.agents import Passed
    from fullmakt.access.delegations.model import Client, Delegated
    from fullmakt.access.parties.model import Assignment, Party, RoleHeld
    from fullmakt.foundation.bearer.model import Caller
    from fullmakt.foundation.storage.database import Reading, Work


@dataclass(frozen=True, slots=True)
class Between:
    """The facilitator, and the client and agent that a call is about, where they are named."""

    facilitator: Party
    client: Party | None = None
    agent: Party | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """What client and agent are called in the query: `from` and `to`, or by what they are."""

    client: str
    agent: str


V1, V2 = Names("from", "to"), Names("client", "agent")


@dataclass(frozen=True, slots=True)
class NamedBetween:
    """The parties that a call names by their ids, and what client and agent are called in it."""

    names: Names
    party: UUID
    client: UUID | None
    agent: UUID | None


def get_facilitator(
    reading: Reading, decisions: DecisionPoint, uuid: UUID, *, action: str, caller: Caller
) -> Party:
    """The party that somebody administers clients for. Raises: NotAuthorized, with why."""
    party = parties.find_party(reading, uuid)
    if party is None:
        message = f"no party has id `{uuid}`"
        raise NotAuthorized(message)
    duty = Duty.CLIENT_ADMINISTRATION
    check_permitted(decisions, caller, action=action, duty=duty, party=party)
    return party


def get_self(reading: Reading, caller: Caller) -> Party:
    """The agent behind the token: a person or a system user. Raises: NotAuthorized."""
    uuid = caller.person.party_uuid if caller.person is not None else None
    if uuid is None and caller.system_user is not None:
        uuid = caller.system_user.id
    found = None if uuid is None else parties.find_party(reading, uuid)
    if found is None:
        message = "the token names neither a person nor a system user that is registered here"
        raise NotAuthorized(message)
    return found


def get_mine(reading: Reading, named: NamedBetween, caller: Caller) -> Between:
    """The parties of a call by an agent about its own clients.

    `party` of what is named is the facilitator. Raises: NotAuthorized, ValidationProblem.
    """
    myself = get_self(reading, caller)
    assert named.client is not None, "named, or refused"
    return Between(
        get_party(reading, "provider", named.party),
        get_party(reading, named.names.client, named.client),
        myself,
    )


def list_mine(reading: Reading, caller: Caller) -> list[Delegated]:
    """What the caller has of clients. Raises: NotAuthorized."""
    return agents.list_delegated(reading, agent=get_self(reading, caller))


def list_my_providers(reading: Reading, caller: Caller) -> list[Party]:
    """Those that the caller is an agent of, by name. Raises: NotAuthorized."""
    held = parties.list_roles_held(reading, get_self(reading, caller))
    found = [each.giver for each in held if each.assignment.role == AGENT]
    return sorted(found, key=lambda party: (party.name, party.id))


def get_party(reading: Reading, name: str, uuid: UUID) -> Party:
    """The party that a query parameter names. Raises: ValidationProblem."""
    found = parties.find_party(reading, uuid)
    if found is None:
        raise ValidationProblem(errors.party_unknown(name, f"no party has id `{uuid}`"))
    return found


def list_clients(reading: Reading, catalog: Catalog, facilitator: Party) -> list[Client]:
    """The clients of the facilitator, with every relation that makes them so, by name."""
    return delegations.list_clients(reading, catalog, facilitator)


def list_agents(reading: Reading, facilitator: Party) -> tuple[list[RoleHeld], list[Delegated]]:
    """The agents of the facilitator, and what they have of its clients."""
    found = agents.list_agents(reading, facilitator)
    return found, agents.list_delegated(reading, facilitator=facilitator)


def add_agent(work: Work, facilitator: Party, agent: Party, names: Names) -> Assignment:
    """Make a person or a system user for clients an agent; again is the same as once.

    Raises: ValidationProblem.
    """
    client_rules.check_agent(facilitator, agent, name=names.agent)
    return agents.ensure_agent(work, facilitator=facilitator, agent=agent)


def remove_agent(work: Work, facilitator: Party, agent: Party, *, is_cascading: bool) -> None:
    """End that somebody is an agent; nothing happens when it is not one.

    Raises: ValidationProblem while it has clients, unless it cascades.
    """
    has = agents.list_delegated(work, facilitator=facilitator, agent=agent)
    _check_cascades(has, agent, is_cascading=is_cascading)
    agents.remove_agent(work, facilitator=facilitator, agent=agent)


def drop_client(work: Work, between: Between, *, is_cascading: bool) -> None:
    """Take a client from an agent; nothing happens when it does not have it.

    Raises: ValidationProblem while it has something of the client, unless it cascades.
    """
    facilitator, agent, client = between.facilitator, between.agent, between.client
    assert agent is not None and client is not None, "both are named"  # noqa: PT018  one fact
    has = agents.list_delegated(work, facilitator=facilitator, agent=agent, client=client)
    _check_cascades(has, agent, is_cascading=is_cascading)
    agents.drop_client(work, facilitator=facilitator, agent=agent, client=client)


def _check_cascades(has: Sequence[Delegated], agent: Party, *, is_cascading: bool) -> None:
    if has and not is_cascading:
        clients = ", ".join(sorted({f"`{each.client.name}`" for each in has}))
        message = f"`{agent.name}` has something of {clients}; set `cascade` to end that as well"
        raise ValidationProblem(errors.delegation_in_use(message))


def delegate(
    work: Work,
    catalog: Catalog,
    decisions: DecisionPoint,
    between: Between,
    values: Values,
    *,
    names: Names,
) -> list[Passed]:
    """Give an agent packages or single services of a client, role by role.

    A system user for clients of the facilitator's own becomes its agent on the way.
    Raises: ValidationProblem with every value that does not hold.
    """
    facilitator, agent, client = between.facilitator, between.agent, between.client
    assert agent is not None and client is not None, "both are named"  # noqa: PT018  one fact
    client_rules.check_agent(facilitator, agent, name=names.agent)
    is_agent = agents.find_agency(work, facilitator=facilitator, agent=agent) is not None
    client_rules.check_may_become(agent, is_agent=is_agent, name=names.agent)
    found = agents.find_client(work, catalog, facilitator=facilitator, client=client)
    wanted = client_rules.wanted_of(
        catalog, values, found, has_single_services=decisions.has_single_services
    )
    assert found is not None, "a party that is no client has been refused"
    agents.ensure_agent(work, facilitator=facilitator, agent=agent)
    return agents.delegate(work, facilitator=facilitator, agent=agent, client=found, wanted=wanted)


def undelegate(work: Work, catalog: Catalog, between: Between, values: Values) -> list[Passed]:
    """Take packages or single services of a client from an agent, role by role.

    What it does not have is answered as unchanged. Raises: ValidationProblem (no such role or
    package).
    """
    facilitator, agent, client = between.facilitator, between.agent, between.client
    assert agent is not None and client is not None, "both are named"  # noqa: PT018  one fact
    has = agents.list_delegated(work, facilitator=facilitator, agent=agent, client=client)
    unwanted = client_rules.unwanted_of(catalog, values, has)
    return agents.undelegate(
        work, facilitator=facilitator, agent=agent, client=client, unwanted=unwanted
    )
