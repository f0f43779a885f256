"""The connection query: every way in which one party has something for another.

Told from standings, by the rules that decisions go by, so that what is listed is what counts. Read
from the side that is asked about. Source: Altinn's public documentation of connections.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fullmakt.access.connections.model import Include, Reach, Record
from fullmakt.access.decisions.rules import standing_links
from fullmakt.access.delegations import service as delegations
from fullmakt.access.delegations.pages import every
from fullmakt.access.delegations.rules import roles_with_rights, usable_roles
from fullmakt.access.delegations.standings import Standing
from fullmakt.access.parties import service as parties
from fullmakt.access.parties.model import AGENT, RIGHT_HOLDER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fullmakt.access.catalog.model import Catalog
    from fullmakt.access.delegations.model import Right
    from fullmakt.access.delegations.standings import GrantRow, LinkRow, RoleRow
    from fullmakt.access.parties.model import Party
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
    """What others have for `giver`; what one of them has where `receiver` is named.

    It may be that its main unit gave it, or for a person a sole proprietorship.
    """
    if receiver is None:
        standings = every(lambda page: delegations.list_holders(reading, catalog, giver, page))
    else:
        found = delegations.get_standing(reading, catalog, subject=receiver, party=giver)
        standings = iter([found] if isinstance(found, Standing) else [])
    ways = [way for each in standings for way in _ways(catalog, each)]
    return _records(reading, ways, include or Include())


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
    standings = every(lambda page: delegations.list_reached(reading, catalog, receiver, page))
    # Who gave is listed; below it, not for whom else that is good.
    ways = [way for each in standings for way in _ways(catalog, each) if way.giver == each.party.id]
    return _records(reading, ways, include or Include())


@dataclass(frozen=True, slots=True)
class _Way:
    """A record before its parties are read: they are named by inner ids."""

    basis: int
    giver: int
    receiver: int
    role: str
    reach: tuple[Reach, ...]
    via: int | None = None
    via_role: str | None = None
    packages: tuple[str, ...] = ()
    rights: tuple[Right, ...] = ()


def _ways(catalog: Catalog, standing: Standing) -> Iterator[_Way]:
    yield from _agencies(standing)
    yield from _ways_by_roles(catalog, standing)
    yield from _ways_by_links(catalog, standing)


def _agencies(standing: Standing) -> Iterator[_Way]:
    """Being an agent, which gives nothing by itself and goes through nobody."""
    for role in standing.roles:
        giver = standing.giver(role.giver)
        is_there = not standing.is_closed and not standing.is_gone(giver)
        if role.role == AGENT and role.via is None and is_there:
            reach = _reach(standing, role.giver, Reach.DIRECT)
            yield _Way(role.assignment, role.giver, standing.subject.id, AGENT, reach)


def _ways_by_roles(catalog: Catalog, standing: Standing) -> Iterator[_Way]:
    grants: dict[int, list[GrantRow]] = defaultdict(list)
    # A grant stands once for each way that its role is held.
    for grant in sorted(set(standing.grants), key=lambda grant: grant.grant):
        grants[grant.assignment].append(grant)
    with_packages = set(usable_roles(catalog, standing))
    known: set[tuple[int, int | None]] = set()
    for role in sorted(roles_with_rights(catalog, standing), key=_by_key_role):
        way = role.assignment, None if role.via is None else role.via.id
        if way in known or role.role in _HIDDEN:
            continue
        known.add(way)
        given = grants[role.assignment] if role.role == RIGHT_HOLDER else []
        rights = tuple(grant.right for grant in given if grant.right is not None)
        if role in with_packages or rights:
            packages = _packages(catalog, standing, role, given) if role in with_packages else ()
            yield _Way(
                role.assignment,
                role.giver,
                standing.subject.id,
                role.role,
                _reach(standing, role.giver, Reach.DIRECT if role.via is None else Reach.KEY_ROLE),
                via=None if role.via is None else role.via.id,
                via_role=None if role.via is None else role.via.role,
                packages=packages,
                rights=rights,
            )


def _by_key_role(role: RoleRow) -> str:
    return "" if role.via is None else role.via.role


def _packages(
    catalog: Catalog, standing: Standing, role: RoleRow, given: Iterable[GrantRow]
) -> tuple[str, ...]:
    if role.role == RIGHT_HOLDER:
        return tuple(grant.package for grant in given if grant.package is not None)
    form = standing.giver(role.giver).form
    return tuple(sorted(catalog.packages_with_access(role.role, form)))


def _ways_by_links(catalog: Catalog, standing: Standing) -> Iterator[_Way]:
    """What an agent has of a client: one way for each relation that it rests on."""
    groups: dict[int, list[LinkRow]] = defaultdict(list)
    for link in sorted(standing_links(catalog, standing), key=lambda link: link.link):
        groups[link.basis_assignment].append(link)
    for basis, links in groups.items():
        yield _Way(
            basis,
            links[0].client,
            standing.subject.id,
            links[0].basis_role,
            _reach(standing, links[0].client, Reach.CLIENT_DELEGATION),
            via=links[0].facilitator,
            via_role=AGENT,
            packages=tuple(link.package for link in links if link.package is not None),
            rights=tuple(link.right for link in links if link.right is not None),
        )


def _reach(standing: Standing, giver: int, how: Reach) -> tuple[Reach, ...]:
    if giver == standing.party.id:
        return (how,)
    is_main_unit = standing.main_unit is not None and giver == standing.main_unit.id
    whose = Reach.MAIN_UNIT if is_main_unit else Reach.ENTERPRISE
    return (whose,) if how is Reach.DIRECT else (how, whose)


def _records(reading: Reading, ways: Iterable[_Way], include: Include) -> list[Record]:
    wanted = [way for way in ways if _is_wanted(way, include)]
    # Those that are there by themselves stand first, in the order they came to be.
    wanted.sort(key=lambda way: (Reach.CLIENT_DELEGATION in way.reach, way.basis, way.via or 0))
    ids = {
        inner for way in wanted for inner in (way.giver, way.receiver, way.via) if inner is not None
    }
    known: Mapping[int, Party] = parties.get_by_inner_ids(reading, ids)
    return [
        Record(
            known[way.giver],
            known[way.receiver],
            way.role,
            way.reach,
            via=None if way.via is None else known[way.via],
            via_role=way.via_role,
            packages=way.packages,
            rights=way.rights,
        )
        for way in wanted
    ]


def _is_wanted(way: _Way, include: Include) -> bool:
    if Reach.CLIENT_DELEGATION in way.reach:
        return include.client_delegations
    return include.agents or way.role != AGENT
