"""Worlds for benchmarks: accountants of very different size, each with one system user for clients.

Written straight into the tables, many rows at a time: what is measured is reading them. A
*relation* is one assignment or one link. Everything follows from a client's number, so that a world
of ten million relations needs no memory. A world is built once in a run, and is gone after it.
"""

from __future__ import annotations

import tempfile
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, overload
from uuid import UUID

from fullmakt.access.resources import service as resources
from fullmakt.access.resources.model import NewResource, ResourceType
from fullmakt.foundation.events.ledger import EventLedger
from fullmakt.foundation.storage.database import Database
from fullmakt.foundation.storage.model import Change
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.foundation.terms.text import LocalizedText
from fullmakt.run.server.clocks import MachineClock
from fullmakt.run.server.schema import open_schema

if TYPE_CHECKING:
    from fullmakt.foundation.storage.database import Work

PACKAGE = "regnskapsforer-med-signeringsrettighet"
RESOURCES = tuple(f"bench-service-{n:02d}" for n in range(10))
OWNER = OrganizationNumber("212000019")
SIZES = (10, 10, 10, 10, 10, 10, 10, 10, 1_000, 10_000)
"""How many clients accountants have, in turn."""
ALL_SIZES = (1_000, 100_000, 1_000_000, 10_000_000)
"""How many relations worlds have, unless others are asked for."""
_CHUNK = 50_000
_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)


class Relation(NamedTuple):
    """A client of a system user. A third of them is not linked: a question about it is refused."""

    system_user: str
    client: str
    assignment: int
    is_linked: bool


class Accountant(NamedTuple):
    """An accountant: the number of its row, its first assignment and client, and how many."""

    entity: int
    assignment: int
    client: int
    size: int

    @property
    def system_user(self) -> str:
        """The UUID of its system user, whose row is the next."""
        return str(UUID(int=(1 << 64) + self.entity + 1))


class Clients(Sequence[Relation]):
    """Every client of every accountant, worked out when it is asked for."""

    def __init__(self, accountants: Sequence[Accountant]) -> None:
        self.accountants = accountants
        self._firsts = [each.client for each in accountants]

    def __len__(self) -> int:
        last = self.accountants[-1]
        return last.client + last.size

    @overload
    def __getitem__(self, at: int) -> Relation: ...
    @overload
    def __getitem__(self, at: slice) -> list[Relation]: ...
    def __getitem__(self, at: int | slice) -> Relation | list[Relation]:
        if isinstance(at, slice):
            return [self[n] for n in range(*at.indices(len(self)))]
        if not 0 <= at < len(self):
            raise IndexError(at)
        of = self.accountants[bisect_right(self._firsts, at) - 1]
        place = at - of.client
        entity = of.entity + 2 + place
        number = organization_number(entity)
        return Relation(of.system_user, number, of.assignment + 1 + place, is_linked(entity))

    def of_size(self, size: int) -> list[Relation]:
        """The clients of the first accountant that has so many."""
        found = next((each for each in self.accountants if each.size == size), None)
        return [] if found is None else self[found.client : found.client + found.size]


@dataclass(frozen=True, slots=True)
class BenchmarkWorld:
    """A world on disk, and what is in it."""

    url: str
    relations: int
    clients: Clients


def is_linked(entity: int) -> bool:
    """Whether the client of this row is linked to its accountant's system user; two in three."""
    return entity * 2_654_435_761 % 4_294_967_296 % 3 != 0


def organization_number(n: int) -> str:
    """The `n`th valid organisation number of a series of its own."""
    base = 30_000_000 + n
    while True:
        check = (11 - (_HIGH[base // 10_000] + _LOW[base % 10_000]) % 11) % 11
        if check < 10:
            return f"{base}{check}"
        base += 50_000_000


def _sums(weights: Sequence[int]) -> list[int]:
    return [
        sum(weight * int(digit) for weight, digit in zip(weights, f"{n:04d}", strict=True))
        for n in range(10_000)
    ]


_HIGH, _LOW = _sums(_WEIGHTS[:4]), _sums(_WEIGHTS[4:])


def open_database(url: str) -> Database:
    """The database at `url`, with its schema."""
    database = Database(url, clock=MachineClock(), ledger=EventLedger(), is_durable=False)
    open_schema(database, profile="test", catalog_version="benchmark")
    return database


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="fullmakt-bench-")


@cache
def built(relations: int) -> BenchmarkWorld:
    """The run's world with about this many relations, in a temporary file."""
    url = f"sqlite:///{Path(_folder().name) / f'{relations}.db'}"
    database = open_database(url)
    world = filled(database, url, relations)
    database.close()
    return world


def filled(database: Database, url: str, relations: int) -> BenchmarkWorld:
    """A world with about this many relations, in the empty database at `url`."""
    add_services(database)
    accountants = list(_accountants(relations))
    batch = Batch(database)
    for accountant in accountants:
        add_accountant(batch, accountant)
    batch.write()
    return BenchmarkWorld(url, relations, Clients(accountants))


def _accountants(relations: int) -> Iterator[Accountant]:
    entity, assignment, client, turn, left = 1, 1, 0, 0, relations
    while left > 0:
        size = min(SIZES[turn % len(SIZES)], max(1, left * 3 // 5))
        yield Accountant(entity, assignment, client, size)
        entity, assignment, client = entity + 2 + size, assignment + 1 + size, client + size
        left -= 1 + size + size * 2 // 3
        turn += 1


def add_services(database: Database) -> None:
    """The services that are asked about, each open to the package."""
    text = LocalizedText("tjeneste", "teneste", "service")
    with database.authority(actor="benchmark", correlation="benchmark") as work:
        for identifier in RESOURCES:
            resource = resources.add_resource(
                work,
                NewResource(
                    identifier=identifier,
                    resource_type=ResourceType.GENERIC_ACCESS_RESOURCE,
                    owner=OWNER,
                    owner_code="skd",
                    title=text,
                    description=text,
                    right_description=text,
                ),
            )
            policy = resources.default_policy(
                identifier,
                roles=("dagl", "lede", "innh"),
                packages=(PACKAGE, "ansvarlig-revisor", "skattegrunnlag"),
                actions=("read", "write"),
                minimum_level=3,
            )
            resources.set_policy(work, resource, policy)


class Batch:
    """Rows that wait to be written."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._mark = "?" if database.engine.dialect.name == "sqlite" else "%s"
        self.entities: list[tuple[object, ...]] = []
        self.assignments: list[tuple[object, ...]] = []
        self.links: list[tuple[object, ...]] = []

    def write_if_full(self) -> None:
        """Write them when they are many."""
        if len(self.entities) >= _CHUNK:
            self.write()

    def write(self) -> None:
        """Write them."""
        with self._database.authority(actor="benchmark", correlation="benchmark") as work:
            self._insert(
                work,
                "entities",
                "id, uuid, kind, form, orgno, party_id, owner_id, name, name_searched, name_folded,"
                " details",
                self.entities,
            )
            self._insert(
                work, "assignments", "id, from_id, to_id, role, began_rev", self.assignments
            )
            self._insert(
                work,
                "links",
                "agent_id, client_id, package, basis_assignment_id, began_rev",
                self.links,
            )
            work.record(Change("benchmark-rows"))
        self.entities, self.assignments, self.links = [], [], []

    def _insert(self, work: Work, table: str, columns: str, rows: list[tuple[object, ...]]) -> None:
        if rows:
            marks = ", ".join(self._mark for _ in columns.split(","))
            text = f"INSERT INTO {table} ({columns}) VALUES ({marks})"
            work.connection.exec_driver_sql(text, rows)


def add_accountant(batch: Batch, accountant: Accountant, *, with_links: bool = True) -> None:
    """An accountant with its system user and its clients, two in three of them linked."""
    firm, agent = accountant.entity, accountant.entity + 1
    batch.entities.append(_organization(firm, "Accountant"))
    batch.entities.append(system_user(agent, accountant.system_user, "AgentSystem", firm))
    batch.assignments.append((accountant.assignment, firm, agent, "agent", 1))
    basis = accountant.assignment
    for client in range(agent + 1, agent + 1 + accountant.size):
        basis += 1
        batch.entities.append(_organization(client, "Client"))
        batch.assignments.append((basis, client, firm, "regnskapsforer", 1))
        if is_linked(client) and with_links:
            batch.links.append((agent, client, PACKAGE, basis, 1))
        batch.write_if_full()


def system_user(entity: int, uuid: str, form: str, owner: int) -> tuple[object, ...]:
    """The row of a system user."""
    named = ("System user", "systemuser", "x", "{}")
    return (entity, uuid, "system-user", form, None, None, owner, *named)


def _organization(entity: int, kind: str) -> tuple[object, ...]:
    number, uuid = organization_number(entity), f"00000000-0000-0000-0000-{entity:012x}"
    named = (f"{kind} {number}", f"{kind.lower()}{number}", "x", "{}")
    return (entity, uuid, "organization", "AS", number, entity, None, *named)
