"""Agents of a facilitator, and what each has of its clients: given client by client, taken back.

An agent is a system user for clients, or a person. Who may ask is checked by the rooms above.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fullmakt.access.delegations import agent_store, store
from fullmakt.access.delegations.linking import link_change
from fullmakt.access.delegations.model import Delegated
from fullmakt.access.delegations.service import list_clients
from fullmakt.access.parties import service as parties
from fullmakt.access.parties.model import AGENT
from fullmakt.foundation.events.ledger import list_events_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fullmakt.access.catalog.model import Catalog
    from fullmakt.access.delegations.model import Carried, Client, ClientAccess, StandingLink
    from fullmakt.access.parties.model import Assignment, Party, RoleHeld
    from fullmakt.foundation.storage.database import Reading, Work


@dataclass(frozen=True, slots=True)
class Passed:
    """One thing that was to be given to an agent, or taken from it, and whether it changed."""

    role: str
    carries: Carried
    changed: bool


def list_agents(reading: Reading, facilitator: Party) -> list[RoleHeld]:
    """The agents of `facilitator`, in the order they were added."""
    given = parties.list_roles_given(reading, facilitator)
    return [held for held in given if held.assignment.role == AGENT]


def find_agency(reading: Reading, *, facilitator: Party, agent: Party) -> Assignment | None:
    """The relation that makes `agent` an agent of `facilitator`."""
    return parties.find_assignment(reading, facilitator, agent, AGENT)


def list_delegated(
    reading: Reading,
    *,
    facilitator: Party | None = None,
    agent: Party | None = None,
    client: Party | None = None,
) -> list[Delegated]:
    """What agents have of clients now, for whom is named; each with everybody it is between."""
    found = agent_store.list_standing(reading, facilitator=facilitator, agent=agent, client=client)
    return _with_parties(reading, found)


def list_fallen(reading: Reading, revision: int) -> list[Delegated]:
    """What agents had of clients, and lost because what it rested on ended in this revision."""
    events = list_events_of(reading, revision)
    touched = {touch.entity for event in events for touch in event.touches}
    return _with_parties(reading, agent_store.list_fallen(reading, revision, touched))


def _with_parties(reading: Reading, found: Sequence[StandingLink]) -> list[Delegated]:
    wanted = {
        inner for each in found for inner in (each.facilitator, each.link.agent, each.link.client)
    }
    known = parties.get_by_inner_ids(reading, wanted)
    return [
        Delegated(
            each.link,
            known[each.facilitator],
            known[each.link.agent],
            known[each.link.client],
            each.role,
            each.agency,
        )
        for each in found
    ]


def ensure_agent(work: Work, *, facilitator: Party, agent: Party) -> Assignment:
    """The relation that makes `agent` an agent of `facilitator`, opened now where there is none."""
    found = find_agency(work, facilitator=facilitator, agent=agent)
    return found or parties.begin_role(work, role=AGENT, giver=facilitator, holder=agent)


def remove_agent(work: Work, *, facilitator: Party, agent: Party) -> None:
    """End that `agent` is an agent of `facilitator`; what it has of clients falls with that.

    Nothing happens when it is not one.
    """
    if find_agency(work, facilitator=facilitator, agent=agent) is not None:
        parties.end_role(work, role=AGENT, giver=facilitator, holder=agent)


def find_client(
    reading: Reading, catalog: Catalog, *, facilitator: Party, client: Party
) -> Client | None:
    """The client of `facilitator`, with every relation that makes it so."""
    clients = list_clients(reading, catalog, facilitator)
    return next((each for each in clients if each.party.id == client.id), None)


def delegate(
    work: Work,
    *,
    facilitator: Party,
    agent: Party,
    client: Client,
    wanted: Iterable[tuple[ClientAccess, Carried]],
) -> list[Passed]:
    """Give `agent` each thing that is wanted of a client, on the relation it is wanted on.

    What it has already is kept. INVARIANT: each relation gives what is wanted on it.
    """
    standing = {
        (each.link.basis_assignment, each.link.carries): each
        for each in agent_store.list_standing(
            work, facilitator=facilitator, agent=agent, client=client.party
        )
    }
    dead = [
        link
        for link in store.list_links(work, agent=agent, client=client.party)
        if (link.basis_assignment, link.carries) not in standing
    ]
    passed, made = [], []
    for access, carried in wanted:
        is_new = (access.assignment, carried) not in standing
        if is_new:
            for link in dead:
                if (link.basis_assignment, link.carries) == (access.assignment, carried):
                    store.end_link(work, link)
            made.append(
                store.add_link(
                    work,
                    agent=agent,
                    client=client.party,
                    carries=carried,
                    basis_assignment=access.assignment,
                    basis_grant=dict(access.grants).get(carried),
                )
            )
        passed.append(Passed(access.role, carried, is_new))
    if made:
        work.record(link_change("client-linked", agent, client.party, made))
    return passed


def undelegate(
    work: Work,
    *,
    facilitator: Party,
    agent: Party,
    client: Party,
    unwanted: Iterable[tuple[str, Carried]],
) -> list[Passed]:
    """Take each thing that an agent has of a client as some role from it."""
    standing = {
        (each.role, each.link.carries): each.link
        for each in agent_store.list_standing(
            work, facilitator=facilitator, agent=agent, client=client
        )
    }
    passed, ended = [], []
    for role, carried in unwanted:
        link = standing.get((role, carried))
        if link is not None:
            store.end_link(work, link)
            ended.append(link)
        passed.append(Passed(role, carried, link is not None))
    if ended:
        work.record(link_change("client-unlinked", agent, client, ended))
    return passed


def drop_client(work: Work, *, facilitator: Party, agent: Party, client: Party) -> None:
    """Take everything that an agent has of a client through `facilitator` from it."""
    has = agent_store.list_standing(work, facilitator=facilitator, agent=agent, client=client)
    for each in has:
        store.end_link(work, each.link)
    if has:
        ended = [each.link for each in has]
        work.record(link_change("client-unlinked", agent, client, ended))
