"""The clients of agent system users: which there are, which are linked, linking and unlinking.

Who may do so is whoever administers clients for the system user's owner. What a link rests on is
`access/delegations`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from fullmakt.access.catalog.model import Catalog
from fullmakt.access.decisions.permissions import Duty, check_permitted
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.access.delegations import linking
from fullmakt.access.delegations import service as delegations
from fullmakt.access.delegations.errors import ClientNotFound
from fullmakt.access.delegations.model import Client, Link, Wanted
from fullmakt.access.delegations.rules import gives_something
from fullmakt.access.parties import service as parties
from fullmakt.access.parties.model import Party
from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.storage.database import Reading, Work
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.foundation.terms.problem import (
    Fault,
    InvalidInput,
    NotAuthorized,
    PlainProblem,
    ValidationProblem,
)
from fullmakt.systems.system_register.errors import PackageNotOnSystem
from fullmakt.systems.system_users import errors, store
from fullmakt.systems.system_users.model import SystemUser, SystemUserKind
from fullmakt.systems.system_users.service import get_party


@dataclass(frozen=True, slots=True)
class AgentOfOwner:
    """An agent system user, its party and its owner's."""

    user: SystemUser
    party: Party
    owner: Party


def get_agent_named(
    reading: Reading,
    decisions: DecisionPoint,
    *,
    agent: UUID | None,
    action: str,
    caller: Caller,
    more_faults: Iterable[Fault] = (),
) -> AgentOfOwner:
    """The agent that a query names, for somebody who administers its owner's clients.

    Raises: ValidationProblem (no such agent, with `more_faults`), PlainProblem (its owner is not
    registered), NotAuthorized.
    """
    user = None if agent is None else store.find_system_user(reading, agent)
    faults = [*_agent_faults(agent, user), *more_faults]
    if faults or user is None:
        raise ValidationProblem(*faults)
    owner = parties.find_organization(reading, user.owner)
    if owner is None:
        detail = f"No associated party information found for systemuser owner {user.owner}"
        raise PlainProblem(404, "System Owner not Found", detail)
    _check_may(decisions, caller, action, owner)
    return _with_party(reading, user, owner)


def _agent_faults(agent: UUID | None, user: SystemUser | None) -> list[Fault]:
    if agent is None:
        return [errors.agent_missing()]
    if user is None:
        return [errors.agent_unknown(agent)]
    return [] if user.kind is SystemUserKind.AGENT else [errors.agent_of_other_kind(agent)]


def _check_may(decisions: DecisionPoint, caller: Caller, action: str, owner: Party) -> None:
    duty = Duty.CLIENT_ADMINISTRATION
    check_permitted(decisions, caller, action=action, duty=duty, party=owner)


def _with_party(reading: Reading, user: SystemUser, owner: Party) -> AgentOfOwner:
    party = parties.find_party(reading, user.uuid)
    assert party is not None, "a system user is a party"
    return AgentOfOwner(user, party, owner)


def list_agents_of(
    reading: Reading, decisions: DecisionPoint, number: OrganizationNumber, *, caller: Caller
) -> list[SystemUser]:
    """An organisation's agents, for its client administrator.

    Raises: PlainProblem (404), NotAuthorized.
    """
    owner = parties.find_organization(reading, number)
    if owner is None:
        detail = f"No associated party information found for organisation {number}"
        raise PlainProblem(404, "Party not found", detail)
    _check_may(decisions, caller, "read", owner)
    return store.list_system_users_of(reading, owner, SystemUserKind.AGENT)


def list_available(
    reading: Reading, catalog: Catalog, decisions: DecisionPoint, agent: AgentOfOwner
) -> list[Party]:
    """The owner's clients that give something of what the agent carries, linked ones too.

    QUIRK: linking wants all of the packages, this list only one of them
    (test_a_client_with_some_of_the_packages_is_available_and_cannot_be_linked).
    """
    wanted, opened = carried(agent.user), decisions.opened_actions
    clients = delegations.list_clients(reading, catalog, agent.owner)
    return [client.party for client in clients if gives_something(client, wanted, opened=opened)]


def carried(user: SystemUser) -> Wanted:
    """What a client of an agent is linked with."""
    return Wanted(frozenset(user.packages), frozenset(user.resources))


def list_linked(reading: Reading, agent: AgentOfOwner) -> list[Party]:
    """The clients that the agent may act for now."""
    return delegations.list_linked_clients(reading, agent.party)


def link(
    work: Work, catalog: Catalog, decisions: DecisionPoint, agent: AgentOfOwner, client: UUID
) -> list[Link]:
    """Let the agent act for a client with all that it carries; again is the same as once.

    Raises: PackageNotOnSystem (the agent carries nothing), ClientNotFound, ClientLacksPackages.
    """
    check_carries_something(agent)
    party = parties.find_party(work, client)
    if party is None:
        message = f"no party has id `{client}`"
        raise ClientNotFound(message)
    return linking.link_client(
        work,
        catalog,
        agent=agent.party,
        facilitator=agent.owner,
        client=party,
        wanted=carried(agent.user),
        opened=decisions.opened_actions,
    )


def check_carries_something(agent: AgentOfOwner) -> None:
    """Refuse to link clients to an agent without packages. Raises: PackageNotOnSystem."""
    if not agent.user.packages and not agent.user.resources:
        message = f"system user `{agent.user.uuid}` carries no access packages"
        raise PackageNotOnSystem(message)


def unlink(work: Work, agent: AgentOfOwner, client: UUID) -> None:
    """Take a client from the agent; nothing happens when it is not linked."""
    party = parties.find_party(work, client)
    if party is not None:
        linking.unlink_client(work, agent=agent.party, client=party)


def get_agent_of_party(
    reading: Reading,
    decisions: DecisionPoint,
    party_id: int,
    uuid: UUID,
    *,
    action: str,
    caller: Caller,
) -> AgentOfOwner:
    """The agent that the portal names in a path, for somebody who administers its clients.

    QUIRK: the original does not look the system user up when a client is taken from it. Closed: an
    agent of another party is refused (test_a_client_cannot_be_taken_from_another_partys_agent).
    Raises: PartyNotFound, NotAuthorized (also: another party's), InvalidInput (unknown),
    NotAnAgent.
    """
    owner = get_party(reading, party_id)
    _check_may(decisions, caller, action, owner)
    return get_agent_owned_by(reading, owner, uuid)


def get_agent_owned_by(reading: Reading, owner: Party, uuid: UUID) -> AgentOfOwner:
    """An agent of the owner's. Raises: InvalidInput, NotAuthorized (another's), NotAnAgent."""
    user = store.find_system_user(reading, uuid)
    if user is None:
        raise InvalidInput({"return": (f"SystemUser with Id {uuid} Not Found",)})
    if user.owner != owner.number:
        message = f"system user `{uuid}` does not belong to `{owner.name}`"
        raise NotAuthorized(message)
    if user.kind is not SystemUserKind.AGENT:
        message = f"system user `{uuid}` acts for its owner alone"
        raise errors.NotAnAgent(message)
    return _with_party(reading, user, owner)


def list_clients_of_party(
    reading: Reading,
    catalog: Catalog,
    decisions: DecisionPoint,
    party_id: int,
    *,
    facilitator: UUID | None,
    caller: Caller,
) -> list[Client]:
    """The clients of a party, with the relations that make them so.

    Raises: PartyNotFound (also: no facilitator named), NotAuthorized, ClientsForbidden.
    """
    party = get_party(reading, party_id)
    _check_may(decisions, caller, "read", party)
    check_is_provider(party, facilitator)
    return delegations.list_clients(reading, catalog, party)


def check_is_provider(party: Party, provider: UUID | None) -> None:
    """Refuse another provider than the party. Raises: PartyNotFound, ClientsForbidden."""
    if provider is None:
        message = "the provider's party uuid is missing"
        raise errors.PartyNotFound(message)
    if provider != party.uuid:
        message = f"the provider `{provider}` is not `{party.name}`"
        raise errors.ClientsForbidden(message)


def list_linked_for_party(
    reading: Reading,
    decisions: DecisionPoint,
    party_id: int,
    uuid: UUID,
    *,
    facilitator: UUID,
    caller: Caller,
) -> list[Party]:
    """The clients linked to a party's agent; none when the ids do not belong together.

    Raises: PartyNotFound, NotAuthorized.
    """
    owner = get_party(reading, party_id)
    _check_may(decisions, caller, "read", owner)
    user = store.find_system_user(reading, uuid)
    if user is None or user.owner != owner.number or facilitator != owner.uuid:
        return []
    return delegations.list_linked_clients(reading, _with_party(reading, user, owner).party)
