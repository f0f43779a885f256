"""Linking many clients at once, taking many, and copying an agent's clients to another.

A call is worked off in chunks, each of them one revision. What a chunk did stays done when a later
one does not come about: the same call again does the rest, since what is done already is left as it
is. The caller's authority is asked anew for each chunk.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Protocol
from uuid import UUID

from fullmakt.access.catalog.model import Catalog
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.access.delegations import client_pages, linking
from fullmakt.access.delegations.errors import ClientNotFound
from fullmakt.access.delegations.linking import Linked
from fullmakt.access.delegations.model import ClientPage
from fullmakt.access.delegations.rules import read_search
from fullmakt.access.parties import service as parties
from fullmakt.access.parties.model import Party
from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.storage.database import Database, Reading, Work
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.foundation.terms.problem import InvalidInput, Problem, ValidationProblem
from fullmakt.systems.system_users import errors
from fullmakt.systems.system_users.clients import (
    AgentOfOwner,
    carried,
    check_carries_something,
    get_agent_named,
)

MOST_CLIENTS = 10_000
"""How many clients one call takes."""
_MOST_ROWS = 500

ClientName = UUID | OrganizationNumber
"""How a client is named: by party id or by number."""


class Outcome(StrEnum):
    """What became of one client of a bulk call."""

    ADDED = "added"
    REMOVED = "removed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ClientResult:
    """What became of one client, as it was named. `problem` stands with `REFUSED`."""

    named: ClientName
    outcome: Outcome
    client: Party | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class ClientQuery:
    """Which of an agent's possible clients are asked for, and where the page begins."""

    search: str = ""
    is_linked: bool | None = None
    after: Party | None = None
    size: int = 100


@dataclass(frozen=True, slots=True)
class Copied:
    """What became of each client of a copied list. `next_after`: where the next call goes on."""

    results: tuple[ClientResult, ...]
    next_after: Party | None


@dataclass(frozen=True, slots=True)
class BulkCall:
    """Who asks for a bulk change of which agent's clients, and everything it takes to make it."""

    database: Database
    catalog: Catalog
    decisions: DecisionPoint
    agent: UUID | None
    caller: Caller
    correlation: str


class _Change(Protocol):
    def __call__(self, work: Work, agent: AgentOfOwner, found: Sequence[Party]) -> list[Linked]:
        """Link the clients, or take them."""
        ...


def list_clients(
    reading: Reading,
    catalog: Catalog,
    decisions: DecisionPoint,
    agent: AgentOfOwner,
    query: ClientQuery,
) -> ClientPage:
    """A page of the clients that could be linked to an agent or are, with the basis of each."""
    return client_pages.list_page(
        reading,
        catalog,
        agent=agent.party,
        facilitator=agent.owner,
        wanted=carried(agent.user),
        opened=decisions.opened_actions,
        search=read_search(query.search),
        is_linked=query.is_linked,
        after=query.after,
        size=query.size,
    )


def add_clients(call: BulkCall, named: Sequence[ClientName]) -> list[ClientResult]:
    """Link each client, in the order they are named; a client named twice is linked once.

    Raises: what `get_agent_named` does, and PackageNotOnSystem, when nothing was done yet.
    """
    return _in_chunks(call, named, partial(_link, call), Outcome.ADDED)


def remove_clients(call: BulkCall, named: Sequence[ClientName]) -> list[ClientResult]:
    """Take each client from the agent. Raises: as `add_clients`."""
    return _in_chunks(call, named, _unlink, Outcome.REMOVED)


def copy_clients(call: BulkCall, source: UUID | None, *, after: Party | None) -> Copied:
    """Link the clients of another agent of the same owner, at most 10 000 of them.

    What the call's agent carries decides: a client that gives less is refused.
    Raises: as `add_clients`; ValidationProblem (the source is unknown or no agent), InvalidInput
    (it is the call's own agent, or another owner's).
    """
    with call.database.reading() as reading:
        target = _agent(call, reading)
        found = _source(call, reading, source, target)
        linked = client_pages.list_linked_after(
            reading, found.party, after=after, most=MOST_CLIENTS + 1
        )
    clients = linked[:MOST_CLIENTS]
    results = add_clients(call, [client.uuid for client in clients])
    return Copied(tuple(results), clients[-1] if len(linked) > len(clients) else None)


def _source(
    call: BulkCall, reading: Reading, source: UUID | None, target: AgentOfOwner
) -> AgentOfOwner:
    try:
        found = get_agent_named(
            reading, call.decisions, agent=source, action="read", caller=call.caller
        )
    except ValidationProblem as problem:
        raise ValidationProblem(*(errors.of_source(fault) for fault in problem.faults)) from None
    if found.owner.id != target.owner.id:
        message = f"System user `{source}` belongs to another organisation than `{call.agent}`."
        raise InvalidInput({"from": (message,)})
    if found.user.uuid == target.user.uuid:
        message = f"Name another system user than `{source}`, which the clients are to go to."
        raise InvalidInput({"from": (message,)})
    return found


def _agent(call: BulkCall, reading: Reading) -> AgentOfOwner:
    return get_agent_named(
        reading, call.decisions, agent=call.agent, action="write", caller=call.caller
    )


def _link(call: BulkCall, work: Work, agent: AgentOfOwner, found: Sequence[Party]) -> list[Linked]:
    check_carries_something(agent)
    return linking.link_clients(
        work,
        call.catalog,
        agent=agent.party,
        facilitator=agent.owner,
        clients=found,
        wanted=carried(agent.user),
        opened=call.decisions.opened_actions,
    )


def _unlink(work: Work, agent: AgentOfOwner, found: Sequence[Party]) -> list[Linked]:
    return linking.unlink_clients(work, agent=agent.party, clients=found)


def _in_chunks(
    call: BulkCall, named: Sequence[ClientName], change: _Change, changed: Outcome
) -> list[ClientResult]:
    with call.database.reading() as reading:
        agent = _agent(call, reading)
    rows_each = len(agent.user.packages) + len(agent.user.resources)
    size = max(1, _MOST_ROWS // max(1, rows_each))
    results: list[ClientResult] = []
    for chunk in _chunks(list(dict.fromkeys(named)), size):
        try:
            results += _one_chunk(call, chunk, change, changed)
        except Problem as problem:
            if not results:
                raise
            # What is done stays done; the rest is told why it is not.
            results += [ClientResult(name, Outcome.REFUSED, problem=problem) for name in chunk]
    return results


def _one_chunk(
    call: BulkCall, chunk: Sequence[ClientName], change: _Change, changed: Outcome
) -> list[ClientResult]:
    actor = call.caller.actor
    with call.database.authority(actor=actor, correlation=call.correlation) as work:
        agent = _agent(call, work)
        found = _find(work, chunk)
        different = {party.id: party for party in found.values()}
        linked = change(work, agent, list(different.values()))
        by_client = {each.client.id: each for each in linked}
    return [_result(name, found.get(name), by_client, changed) for name in chunk]


def _result(
    name: ClientName, party: Party | None, by_client: dict[int, Linked], changed: Outcome
) -> ClientResult:
    if party is None:
        if changed is Outcome.REMOVED:
            return ClientResult(name, Outcome.UNCHANGED)
        unknown = ClientNotFound(f"no party is called `{name}`")
        return ClientResult(name, Outcome.REFUSED, problem=unknown)
    linked = by_client[party.id]
    if linked.problem is not None:
        return ClientResult(name, Outcome.REFUSED, party, linked.problem)
    return ClientResult(name, changed if linked.is_changed else Outcome.UNCHANGED, party)


def _find(reading: Reading, names: Sequence[ClientName]) -> dict[ClientName, Party]:
    found = parties.list_by_names(
        reading,
        uuids=[name for name in names if isinstance(name, UUID)],
        numbers=[name for name in names if isinstance(name, OrganizationNumber)],
    )
    by_name: dict[ClientName, Party] = {party.uuid: party for party in found}
    by_name |= {party.number: party for party in found if party.number is not None}
    return by_name


def _chunks(names: Sequence[ClientName], size: int) -> Iterator[Sequence[ClientName]]:
    for start in range(0, len(names), size):
        yield names[start : start + size]
