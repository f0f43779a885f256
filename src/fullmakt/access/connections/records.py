"""The connection query: every way in which one party has something for another.

The same facts as decisions go by: roles, what was given on them, key roles, main units and client
links; and what decisions leave out is left out: whatever comes from or goes to the deleted, and the
power that bankruptcy took. Read from the side that is asked about. Source: Altinn's public
documentation of connections.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from fullmakt.access.connections.model import Include, Reach, Record
from fullmakt.access.delegations import agents
from fullmakt.access.delegations import service as delegations
from fullmakt.access.delegations.rules import is_displaced
from fullmakt.access.parties import service as parties
from fullmakt.access.parties.model import AGENT, RIGHT_HOLDER, PartyKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fullmakt.access.catalog.model import Catalog
    from fullmakt.access.delegations.model import Delegated, Grant
    from fullmakt.access.parties.model import Party, RoleHeld
    from fullmakt.foundation.storage.database import Reading

_HIDDEN = frozenset({"supplier", "appstyrt-rettighetshaver"})


def list_given(
    reading: Reading,
    catalog: Catalog,
    giver: Party,
    *,
    receiver: Party | None = None,
    include: Include | None = None,
) -> list[Record]:
    """What `giver`, and its main unit, gave others; to one of them where `receiver` is named."""
    wanted = include or Include()
    if giver.is_gone(at=reading.now):
        return []
    found: list[Record] = []
    for gave, reach in _givers(reading, giver):
        grants = _by_assignment(delegations.list_grants_from(reading, gave))
        for held in _that_count(reading, catalog, parties.list_roles_given(reading, gave)):
            record = _record(catalog, held, grants, reach)
            found += [] if record is None else [record, *_through(reading, catalog, record)]
    if wanted.client_delegations:
        found += _client_records(reading, agents.list_delegated(reading, client=giver))
    return [
        record
        for record in found
        if (receiver is None or record.receiver.id == receiver.id)
        and (wanted.agents or record.role != AGENT)
    ]


def _givers(reading: Reading, giver: Party) -> Iterator[tuple[Party, tuple[Reach, ...]]]:
    yield giver, (Reach.DIRECT,)
    if giver.parent_id is not None:
        yield parties.get_by_inner_id(reading, giver.parent_id), (Reach.MAIN_UNIT,)


def list_held(
    reading: Reading,
    catalog: Catalog,
    receiver: Party,
    *,
    giver: Party | None = None,
    include: Include | None = None,
) -> list[Record]:
    """What `receiver` was given by others, by itself or through key roles; by one where named."""
    if giver is not None:
        return list_given(reading, catalog, giver, receiver=receiver, include=include)
    wanted = include or Include()
    roles = list(_that_count(reading, catalog, parties.list_roles_held(reading, receiver)))
    found = _records_of(reading, catalog, receiver, roles)
    for key in _key_roles(catalog, roles):
        held = _that_count(reading, catalog, parties.list_roles_held(reading, key.giver))
        for record in _records_of(reading, catalog, key.giver, held):
            if _may_go_through(catalog, record):
                found.append(_passed_on(record, receiver, key.assignment.role))
    if wanted.client_delegations:
        found += _client_records(reading, agents.list_delegated(reading, agent=receiver))
    return [record for record in found if wanted.agents or record.role != AGENT]


def _that_count(
    reading: Reading, catalog: Catalog, roles: Iterable[RoleHeld]
) -> Iterator[RoleHeld]:
    """The roles that a decision counts: between living parties, and not displaced by bankruptcy."""
    for held in roles:
        is_bankrupt = held.giver.bankrupt_at is not None
        if _are_there(reading, held.giver, held.holder) and not is_displaced(
            catalog, held.assignment.role, is_bankrupt=is_bankrupt
        ):
            yield held


def _are_there(reading: Reading, *people: Party) -> bool:
    return not any(party.is_gone(at=reading.now) for party in people)


def _client_records(reading: Reading, has: Iterable[Delegated]) -> list[Record]:
    """What agents have of clients: one record for each relation that it rests on."""
    groups: dict[tuple[int, int], list[Delegated]] = defaultdict(list)
    for each in has:
        if not _are_there(reading, each.client, each.facilitator, each.agent):
            continue
        groups[each.agency, each.link.basis_assignment].append(each)
    return [
        Record(
            held[0].client,
            held[0].agent,
            held[0].role,
            (Reach.CLIENT_DELEGATION,),
            via=held[0].facilitator,
            via_role=AGENT,
            packages=tuple(c for each in held if isinstance(c := each.link.carries, str)),
            rights=tuple(c for each in held if not isinstance(c := each.link.carries, str)),
        )
        for held in groups.values()
    ]


def _records_of(
    reading: Reading, catalog: Catalog, receiver: Party, roles: Iterable[RoleHeld]
) -> list[Record]:
    grants = _by_assignment(delegations.list_grants_to(reading, receiver))
    found = (_record(catalog, held, grants, (Reach.DIRECT,)) for held in roles)
    return [record for record in found if record is not None]


def _by_assignment(grants: Iterable[Grant]) -> Mapping[int, list[Grant]]:
    found: dict[int, list[Grant]] = defaultdict(list)
    for grant in grants:
        found[grant.assignment].append(grant)
    return found


def _record(
    catalog: Catalog,
    held: RoleHeld,
    grants: Mapping[int, list[Grant]],
    reach: tuple[Reach, ...],
) -> Record | None:
    role = held.assignment.role
    if role in _HIDDEN:
        return None
    if role not in {RIGHT_HOLDER, AGENT}:
        packages = tuple(sorted(catalog.packages_with_access(role, held.giver.form)))
        return Record(held.giver, held.holder, role, reach, packages=packages)
    given = grants.get(held.assignment.id, [])
    return Record(
        held.giver,
        held.holder,
        role,
        reach,
        packages=tuple(grant.package for grant in given if grant.package is not None),
        rights=tuple(grant.right for grant in given if grant.right is not None),
    )


def _key_roles(catalog: Catalog, roles: Iterable[RoleHeld]) -> list[RoleHeld]:
    """Key roles, once for each organisation."""
    found: dict[int, RoleHeld] = {}
    for held in roles:
        if catalog.is_key_role(held.assignment.role, held.giver.form):
            found.setdefault(held.giver.id, held)
    return list(found.values())


def _may_go_through(catalog: Catalog, record: Record) -> bool:
    """Whether people with key roles in the receiver have it too."""
    is_owners_share = record.role in catalog.key_roles and not catalog.is_key_role(
        record.role, record.giver.form
    )
    is_organization = record.receiver.kind is PartyKind.ORGANIZATION
    return record.role != AGENT and is_organization and not is_owners_share


def _through(reading: Reading, catalog: Catalog, record: Record) -> list[Record]:
    if not _may_go_through(catalog, record):
        return []
    roles = _that_count(reading, catalog, parties.list_roles_given(reading, record.receiver))
    return [
        _passed_on(record, held.holder, held.assignment.role)
        for held in roles
        if catalog.is_key_role(held.assignment.role, record.receiver.form)
    ]


def _passed_on(record: Record, receiver: Party, key_role: str) -> Record:
    reach = (Reach.KEY_ROLE, *(each for each in record.reach if each is not Reach.DIRECT))
    return replace(record, receiver=receiver, reach=reach, via=record.receiver, via_role=key_role)
