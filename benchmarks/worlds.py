"""Worlds for benchmarks: accountants of very different size, each with one system user for clients.

Written straight into the tables, many rows at a time: what is measured is reading them. A
*relation* is one assignment or one link.
"""

from __future__ import annotations

import random
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast
from uuid import UUID

from fullmakt.access.delegations.tables import links
from fullmakt.access.parties.rules import run_together
from fullmakt.access.parties.tables import assignments, entities
from fullmakt.access.resources import service as resources
from fullmakt.access.resources.model import NewResource, ResourceType
from fullmakt.foundation.events.ledger import EventLedger
from fullmakt.foundation.storage.database import Database
from fullmakt.foundation.storage.model import Change
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.foundation.terms.text import LocalizedText
from fullmakt.run.server.clocks import MachineClock
from fullmakt.run.server.schema import open_schema
from fullmakt.systems.system_register.service import find_system
from fullmakt.systems.system_register.tables import systems
from fullmakt.systems.system_users.tables import system_users

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fullmakt.systems.system_register.model import RegisteredSystem

PACKAGE = "regnskapsforer-med-signeringsrettighet"
RESOURCES = tuple(f"bench-service-{n:02d}" for n in range(10))
OWNER = OrganizationNumber("212000019")
_SIZES = (10, 10, 10, 10, 10, 10, 10, 10, 1_000, 10_000)
_CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class Relation:
    """A client of a system user. A third of them is not linked: a question about it is refused."""

    system_user: str
    client: str
    assignment: int
    is_linked: bool


@dataclass(frozen=True, slots=True)
class BenchmarkWorld:
    """A world on disk, and what is in it."""

    url: str
    relations: int
    clients: tuple[Relation, ...]


def organization_number(n: int) -> str:
    """The `n`th valid organisation number of a series of its own."""
    weights = (3, 2, 7, 6, 5, 4, 3, 2)
    base = 30_000_000 + n
    while True:
        digits = f"{base:08d}"
        remainder = sum(w * int(d) for w, d in zip(weights, digits, strict=True)) % 11
        check = (11 - remainder) % 11
        if check < 10:
            return f"{digits}{check}"
        base += 50_000_000


def open_database(url: str) -> Database:
    """The database at `url`, with its schema."""
    database = Database(url, clock=MachineClock(), ledger=EventLedger(), is_durable=False)
    open_schema(database, profile="test", catalog_version="benchmark")
    return database


@contextmanager
def built(relations: int) -> Iterator[BenchmarkWorld]:
    """A world with about this many relations, in a temporary file."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'world.db'}"
        database = open_database(url)
        world = filled(database, url, relations)
        database.close()
        yield world


def filled(database: Database, url: str, relations: int) -> BenchmarkWorld:
    """A world with about this many relations, in the empty database at `url`."""
    return BenchmarkWorld(url, relations, _fill(database, relations))


def _fill(database: Database, relations: int) -> tuple[Relation, ...]:
    chance = random.Random(relations)
    _add_services(database)
    rows = _Rows(database)
    made: list[Relation] = []
    turn = 0
    while rows.relations < relations:
        size = min(_SIZES[turn % len(_SIZES)], max(1, (relations - rows.relations) // 2))
        made += _add_accountant(rows, size, chance)
        turn += 1
    rows.write()
    return tuple(made)


@dataclass(frozen=True, slots=True)
class OneAccountant:
    """An accountant, its agent, its clients (none linked), and a system with a user for each."""

    agent: UUID
    accountant: UUID
    clients: tuple[UUID, ...]
    system: RegisteredSystem

    @property
    def sides(self) -> tuple[UUID, UUID]:
        """The agent, and whose it is."""
        return self.agent, self.accountant


def one_accountant(database: Database, size: int) -> OneAccountant:
    """One accountant with `size` clients, in the empty database."""
    _add_services(database)
    rows = _Rows(database)
    first = rows.entity + 1
    made = _add_accountant(rows, size, random.Random(size), linked=0)
    rows.write()
    with database.authority(actor="benchmark", correlation="benchmark") as work:
        key = work.connection.scalar(systems.insert().values(_SYSTEM).returning(systems.c.id))
        work.record(Change("benchmark-rows"))
    for n in range(size):
        owner = first + 2 + n
        entity = rows.add_entity(
            uuid=str(UUID(int=(2 << 64) + n)),
            kind="system-user",
            form="StandardSystem",
            owner_id=owner,
            name="System user",
        )
        rows.add_system_user(entity, owner, cast("int", key))
    rows.write()
    with database.reading() as reading:
        system = find_system(reading, str(_SYSTEM["system_id"]))
    assert system is not None
    clients = tuple(UUID(int=first + 2 + n) for n in range(size))
    return OneAccountant(UUID(made[0].system_user), UUID(int=first), clients, system)


_SYSTEM: dict[str, object] = {
    "internal_id": str(UUID(int=3 << 64)),
    "system_id": "212000019_benchmark",
    "vendor": OWNER.digits,
    "name": "{}",
    "description": "{}",
    "rights": "[]",
    "packages": "[]",
    "redirect_urls": "[]",
    "is_visible": False,
    "is_deleted": False,
}


def _add_services(database: Database) -> None:
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


class _Rows:
    """Rows that wait to be written."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: dict[str, list[dict[str, object]]] = {}
        self.entity = 0
        self.assignment = 0
        self.relations = 0

    def add_entity(self, *, name: str, **members: object) -> int:
        self.entity += 1
        row = {"id": self.entity, "details": "{}", "name": name, "name_folded": "x", **members}
        row["name_searched"] = run_together(name)
        blank = {"orgno": None, "party_id": None, "owner_id": None}
        self._add("entities", {**blank, **row})
        return self.entity

    def add_assignment(self, giver: int, holder: int, role: str) -> int:
        self.assignment += 1
        self.relations += 1
        self._add(
            "assignments",
            {
                "id": self.assignment,
                "from_id": giver,
                "to_id": holder,
                "role": role,
                "began_rev": 1,
            },
        )
        return self.assignment

    def add_link(self, agent: int, client: int, basis: int) -> None:
        self.relations += 1
        self._add(
            "links",
            {
                "agent_id": agent,
                "client_id": client,
                "package": PACKAGE,
                "basis_assignment_id": basis,
                "began_rev": 1,
            },
        )

    def add_system_user(self, entity: int, owner: int, system: int) -> None:
        now = datetime.now(UTC)
        self._add(
            "system_users",
            {
                "entity_id": entity,
                "uuid": str(UUID(int=(2 << 64) + entity)),
                "system_id": system,
                "owner_id": owner,
                "external_ref": str(entity),
                "kind": "standard",
                "packages": "[]",
                "resources": "[]",
                "title": "System user",
                "created": now,
                "changed": now,
                "sequence_no": entity,
                "began_rev": 1,
            },
        )

    def _add(self, table: str, row: dict[str, object]) -> None:
        self._waiting.setdefault(table, []).append(row)
        if sum(map(len, self._waiting.values())) >= _CHUNK:
            self.write()

    def write(self) -> None:
        tables = {
            "entities": entities,
            "assignments": assignments,
            "links": links,
            "system_users": system_users,
        }
        with self._database.authority(actor="benchmark", correlation="benchmark") as work:
            for name, table in tables.items():
                rows = self._waiting.pop(name, [])
                if rows:
                    work.connection.execute(table.insert(), rows)
            work.record(Change("benchmark-rows"))


def _add_accountant(
    rows: _Rows, size: int, chance: random.Random, *, linked: float = 2 / 3
) -> list[Relation]:
    accountant = rows.add_entity(
        uuid=str(UUID(int=rows.entity + 1)),
        kind="organization",
        form="AS",
        orgno=organization_number(rows.entity),
        party_id=rows.entity + 1,
        name=f"Accountant {rows.entity}",
    )
    system_user = str(UUID(int=(1 << 64) + rows.entity))
    agent = rows.add_entity(
        uuid=system_user,
        kind="system-user",
        form="AgentSystem",
        owner_id=accountant,
        name="System user",
    )
    rows.add_assignment(accountant, agent, "agent")
    made = []
    for _ in range(size):
        number = organization_number(rows.entity)
        client = rows.add_entity(
            uuid=str(UUID(int=rows.entity + 1)),
            kind="organization",
            form="AS",
            orgno=number,
            party_id=rows.entity + 1,
            name=f"Client {number}",
        )
        basis = rows.add_assignment(client, accountant, "regnskapsforer")
        is_linked = chance.random() < linked
        if is_linked:
            rows.add_link(agent, client, basis)
        made.append(Relation(system_user, number, basis, is_linked))
    return made
