"""What the platform's own components ask of client delegation besides what end users do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fullmakt.access.connections import errors
from fullmakt.access.connections.clients import Between, NamedBetween, Names
from fullmakt.access.connections.identifiers import assignment_id, delegation_id
from fullmakt.access.connections.parameters import read_uuid, read_uuid_if_any
from fullmakt.access.delegations import agents
from fullmakt.access.parties import service as parties
from fullmakt.access.parties.model import PartyKind
from fullmakt.foundation.terms.problem import PlainProblem, ValidationProblem

if TYPE_CHECKING:
    from uuid import UUID

    from fullmakt.access.parties.model import Party
    from fullmakt.foundation.storage.database import Reading, Work

NAMES = Names("client", "systemUser")


def read_named(party: str | None, system_user: str | None, client: str | None) -> NamedBetween:
    """The parties in a query. Raises: InvalidInput."""
    return NamedBetween(
        NAMES,
        read_uuid("party", party),
        read_uuid_if_any("client", client),
        read_uuid_if_any("systemUser", system_user),
    )


def check_is_system_user(between: Between) -> None:
    """Refuse an agent that is no system user. Raises: ValidationProblem."""
    agent = between.agent
    if agent is not None and agent.kind is not PartyKind.SYSTEM_USER:
        message = f"`{agent.name}` is not a system user"
        raise ValidationProblem(errors.kind_not_allowed(NAMES.agent, message))


def delete_delegation(work: Work, facilitator: Party, uuid: UUID) -> None:
    """Take everything of one delegation from its agent.

    Raises: PlainProblem (400, with the text that is looked for: there is no such delegation).
    """
    has = agents.list_delegated(work, facilitator=facilitator)
    wanted = [each for each in has if delegation_id(each) == uuid]
    if not wanted:
        raise PlainProblem(400, "Bad Request", "Delegation not found")
    agents.undelegate(
        work,
        facilitator=facilitator,
        agent=wanted[0].agent,
        client=wanted[0].client,
        unwanted=[(each.role, each.link.carries) for each in wanted],
    )


def get_agent_by_assignment(reading: Reading, facilitator: Party, uuid: UUID) -> Party:
    """The agent that a relation of the facilitator's makes one. Raises: PlainProblem (400)."""
    found = agents.list_agents(reading, facilitator)
    agent = next((held.holder for held in found if assignment_id(held.assignment) == uuid), None)
    if agent is None:
        raise PlainProblem(400, "Bad Request", "Assignment not found")
    return agent


def get_agent(reading: Reading, facilitator: Party, uuid: UUID) -> Party:
    """The agent of the facilitator with this id. Raises: PlainProblem (400)."""
    agent = parties.find_party(reading, uuid)
    if agent is None or agents.find_agency(reading, facilitator=facilitator, agent=agent) is None:
        raise PlainProblem(400, "Bad Request", "Assignment not found")
    return agent
