"""Linking clients to agent system users, one or many at a time, and taking them back.

Who may ask is checked by the rooms above.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fullmakt.access.delegations import agent_store, rules, store
from fullmakt.access.delegations.errors import ClientLacksPackages, ClientNotFound
from fullmakt.access.parties import service as parties
from fullmakt.access.parties.model import AGENT, RIGHT_HOLDER, PartyKind
from fullmakt.foundation.storage.model import Aspect, Change, Touch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fullmakt.access.catalog.model import Catalog
    from fullmakt.access.delegations.model import Carried, Client, Link, Openings, Wanted
    from fullmakt.access.parties.model import Party, RoleHeld
    from fullmakt.foundation.storage.database import Reading, Work
    from fullmakt.foundation.terms.problem import Problem


@dataclass(frozen=True, slots=True)
class Linked:
    """What came of linking one client: the links that stand, or why there are none."""

    client: Party
    links: tuple[Link, ...] = ()
    is_changed: bool = False
    problem: Problem | None = None


def link_client(
    work: Work,
    catalog: Catalog,
    *,
    agent: Party,
    facilitator: Party,
    client: Party,
    wanted: Wanted,
    opened: Openings,
) -> list[Link]:
    """Let `agent` act for `client` with all that is `wanted`, each on the basis that gives it.

    A link that stands is kept. One whose basis has ended is closed and a new one made: it never
    comes back. Raises: ClientNotFound, ClientLacksPackages.
    """
    (linked,) = link_clients(
        work,
        catalog,
        agent=agent,
        facilitator=facilitator,
        clients=[client],
        wanted=wanted,
        opened=opened,
    )
    if linked.problem is not None:
        raise linked.problem
    return list(linked.links)


def link_clients(
    work: Work,
    catalog: Catalog,
    *,
    agent: Party,
    facilitator: Party,
    clients: Sequence[Party],
    wanted: Wanted,
    opened: Openings,
) -> list[Linked]:
    """As `link_client` for each of at most 500 different clients, in a handful of statements.

    One that cannot be linked stands in nobody's way: its result says why.
    """
    ids = [client.id for client in clients]
    known = list_clients_among(work, catalog, facilitator, ids)
    standing: dict[int, dict[Carried, Link]] = defaultdict(dict)
    for each in agent_store.list_standing(work, agent=agent, clients=ids):
        standing[each.link.client][each.link.carries] = each.link
    bases: dict[int, Mapping[Carried, rules.Basis]] = {}
    refused: dict[int, Problem] = {}
    for client in clients:
        try:
            bases[client.id] = rules.bases_for(
                known.get(client.id),
                wanted,
                opened=opened,
                facilitator=facilitator,
                named=client,
            )
        except (ClientNotFound, ClientLacksPackages) as problem:
            refused[client.id] = problem
    store.end_links(
        work,
        [
            link
            for link in store.list_links_to(work, agent, ids)
            if link.carries in bases.get(link.client, {})
            and link.carries not in standing[link.client]
        ],
    )
    made: dict[int, list[Link]] = defaultdict(list)
    missing = [
        (client, carried, basis)
        for client, found in bases.items()
        for carried, basis in sorted(found.items(), key=_order)
        if carried not in standing[client]
    ]
    if missing and parties.find_assignment(work, facilitator, agent, AGENT) is None:
        # SPEC: a system user that was taken from the agents becomes one again on the way.
        parties.begin_role(work, role=AGENT, giver=facilitator, holder=agent)
    for link in store.add_links(work, agent, missing):
        made[link.client].append(link)
    results = []
    for client in clients:
        new = made[client.id]
        if new:
            work.record(link_change("client-linked", agent, client, new))
        links = sorted((*standing[client.id].values(), *new), key=_link_order)
        is_linked = client.id not in refused
        results.append(
            Linked(
                client,
                tuple(links) if is_linked else (),
                is_changed=bool(new),
                problem=refused.get(client.id),
            )
        )
    return results


def list_clients_among(
    reading: Reading, catalog: Catalog, facilitator: Party, ids: Sequence[int]
) -> dict[int, Client]:
    """Those of at most 500 parties (inner ids) that are clients of `facilitator`, by inner id."""
    roles = parties.list_roles_from(reading, ids, holder=facilitator)
    grants = store.list_grants_on(reading, right_holdings(roles))
    found = rules.clients_of(catalog, roles, grants, at=reading.now)
    return {client.party.id: client for client in found}


def right_holdings(roles: Sequence[RoleHeld]) -> list[int]:
    """The assignments among `roles` that something may have been given on."""
    return [held.assignment.id for held in roles if held.assignment.role == RIGHT_HOLDER]


def _order(carried: tuple[Carried, object]) -> tuple[str, str]:
    """Packages by name, then rights by resource and action."""
    what, _ = carried
    return ("", what) if isinstance(what, str) else (what.resource, what.action)


def _link_order(link: Link) -> tuple[str, str]:
    return _order((link.carries, None))


def unlink_client(work: Work, *, agent: Party, client: Party) -> list[Link]:
    """Take a client from an agent; nothing happens when it is not linked."""
    (taken,) = unlink_clients(work, agent=agent, clients=[client])
    return list(taken.links)


def unlink_clients(work: Work, *, agent: Party, clients: Sequence[Party]) -> list[Linked]:
    """As `unlink_client` for at most 500 different clients; `links` are those that ended."""
    ended: dict[int, list[Link]] = defaultdict(list)
    for link in store.list_links_to(work, agent, [client.id for client in clients]):
        ended[link.client].append(link)
    store.end_links(work, [link for links in ended.values() for link in links])
    for client in clients:
        if ended[client.id]:
            work.record(link_change("client-unlinked", agent, client, ended[client.id]))
    return [
        Linked(client, tuple(ended[client.id]), is_changed=bool(ended[client.id]))
        for client in clients
    ]


def link_change(kind: str, agent: Party, client: Party, links: Sequence[Link]) -> Change:
    """That links of an agent, a system user or a person, were made or ended."""
    is_person = agent.kind is PartyKind.PERSON
    facts = {
        "person" if is_person else "systemUser": str(agent.uuid),
        "client": str(client.uuid),
        "packages": [link.carries for link in links if isinstance(link.carries, str)],
        "rights": [
            f"{link.carries.resource}:{link.carries.action}"
            for link in links
            if not isinstance(link.carries, str)
        ],
    }
    return Change(kind, facts, (Touch(client.id, Aspect.GIVEN),))
