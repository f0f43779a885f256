"""A facilitator's clients page by page, for one agent: the basis of each, and whether it is linked.

Pages are cut by key, so that a client stands on one page and no other whatever is written between.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fullmakt.access.delegations import agent_store, client_store, rules, store
from fullmakt.access.delegations.linking import right_holdings
from fullmakt.access.delegations.model import ClientPage, ListedClient, Relation
from fullmakt.access.parties import service as parties
from fullmakt.foundation.events.ledger import moments_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from fullmakt.access.catalog.model import Catalog
    from fullmakt.access.delegations.model import Client, ClientSearch, Openings, Wanted
    from fullmakt.access.parties.model import Party
    from fullmakt.foundation.storage.database import Reading

LARGEST_PAGE = 500
_READ_AT_ONCE = 500
_LOOKED_AT = 2_000


def list_page(
    reading: Reading,
    catalog: Catalog,
    *,
    agent: Party,
    facilitator: Party,
    wanted: Wanted,
    opened: Openings,
    search: ClientSearch,
    is_linked: bool | None,
    after: Party | None,
    size: int,
) -> ClientPage:
    """The clients after `after` that give something of what is wanted, or are linked.

    `is_linked` keeps those that are, or are not. At most `size`, and at most 2 000 parties are
    looked at: a page may have room left, or be empty, and yet tell where the next one begins.
    """
    found: list[ListedClient] = []
    last, looked_at = 0 if after is None else after.id, 0
    most = min(size + 1, _READ_AT_ONCE)
    while True:
        ids = client_store.list_givers(
            reading,
            facilitator,
            search,
            after=last,
            most=most,
            linked_to=agent if is_linked else None,
        )
        listed = _listed(reading, catalog, agent, facilitator, ids, wanted=wanted, opened=opened)
        found += [
            client
            for client in listed
            if is_linked is None or (client.linked_since is not None) is is_linked
        ]
        looked_at += len(ids)
        is_last = len(ids) < most
        if len(found) > size:
            return ClientPage(tuple(found[:size]), found[size - 1].party)
        if is_last:
            return ClientPage(tuple(found), None)
        last = ids[-1]
        if len(found) == size or looked_at >= _LOOKED_AT:
            return ClientPage(tuple(found), parties.get_by_inner_id(reading, last))


def _listed(
    reading: Reading,
    catalog: Catalog,
    agent: Party,
    facilitator: Party,
    ids: Sequence[int],
    *,
    wanted: Wanted,
    opened: Openings,
) -> list[ListedClient]:
    """The clients among these parties, in the order of the ids."""
    roles = parties.list_roles_from(reading, ids, holder=facilitator)
    grants = store.list_grants_on(reading, right_holdings(roles))
    clients = {
        client.party.id: client
        for client in rules.clients_of(catalog, roles, grants, at=reading.now)
    }
    linked: dict[int, int] = {}
    for each in agent_store.list_standing(reading, agent=agent, clients=ids):
        link = each.link
        linked[link.client] = min(linked.get(link.client, link.began), link.began)
    role_revisions = {held.assignment.id: held.assignment.began for held in roles}
    grant_revisions = {grant.id: grant.began for grant in grants}
    moments = _Moments(reading, role_revisions, grant_revisions, linked)
    return [
        ListedClient(
            client.party,
            tuple(moments.relations_of(client)),
            moments.linked_since(inner),
            tuple(rules.missing_for(client, wanted, opened=opened)),
        )
        for inner in ids
        if (client := clients.get(inner)) is not None
        and (inner in linked or rules.gives_something(client, wanted, opened=opened))
    ]


class _Moments:
    """When each row that a page tells of began; asked all at once."""

    def __init__(
        self,
        reading: Reading,
        roles: Mapping[int, int],
        grants: Mapping[int, int],
        links: Mapping[int, int],
    ) -> None:
        self._roles, self._grants, self._links = roles, grants, links
        revisions = sorted({*roles.values(), *grants.values(), *links.values()})
        self._at: dict[int, datetime] = {}
        for start in range(0, len(revisions), _READ_AT_ONCE):
            self._at |= moments_of(reading, revisions[start : start + _READ_AT_ONCE])

    def relations_of(self, client: Client) -> list[Relation]:
        return [
            Relation(
                access,
                self._at[self._roles[access.assignment]],
                {given: self._at[self._grants[grant]] for given, grant in access.grants},
            )
            for access in client.access
        ]

    def linked_since(self, client: int) -> datetime | None:
        began = self._links.get(client)
        return None if began is None else self._at[began]


def list_linked_after(
    reading: Reading, agent: Party, *, after: Party | None, most: int
) -> list[Party]:
    """The clients that `agent` may act for now, in the order of keys, after `after`."""
    last = 0 if after is None else after.id
    found: list[Party] = []
    while len(found) < most:
        ids = client_store.list_linked(reading, agent, after=last, most=_READ_AT_ONCE)
        standing = {
            each.link.client
            for each in agent_store.list_standing(reading, agent=agent, clients=ids)
        }
        known = parties.get_by_inner_ids(reading, standing)
        found += [known[inner] for inner in sorted(known)]
        if len(ids) < _READ_AT_ONCE:
            break
        last = ids[-1]
    return found[:most]
