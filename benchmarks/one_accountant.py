"""A world of one accountant with very many clients, and a system with a user for each of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast
from uuid import UUID

from benchmarks.worlds import (
    OWNER,
    Accountant,
    Batch,
    add_accountant,
    add_services,
    system_user,
)
from fullmakt.access.parties.tables import entities
from fullmakt.foundation.storage.model import Change
from fullmakt.systems.system_register.service import find_system
from fullmakt.systems.system_register.tables import systems
from fullmakt.systems.system_users.tables import system_users

if TYPE_CHECKING:
    from fullmakt.foundation.storage.database import Database
    from fullmakt.systems.system_register.model import RegisteredSystem

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

# About as much as the register tells of a unit: its addresses, codes and dates.
_DETAILS = json.dumps({"vedtektsfestetFormaal": ["Regnskap og revisjon. " * 60]})


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
    add_services(database)
    accountant = Accountant(entity=1, assignment=1, client=0, size=size)
    batch = Batch(database)
    add_accountant(batch, accountant, with_links=False)
    clients = range(3, 3 + size)
    users = {size + client: client for client in clients}
    for user, client in users.items():
        batch.entities.append(system_user(user, _uuid_of(user), "StandardSystem", client))
    batch.write()
    with database.authority(actor="benchmark", correlation="benchmark") as work:
        work.connection.execute(entities.update().values(details=_DETAILS))
        system = work.connection.scalar(systems.insert().values(_SYSTEM).returning(systems.c.id))
        rows = [_system_user(user, client, cast("int", system)) for user, client in users.items()]
        work.connection.execute(system_users.insert(), rows)
        work.record(Change("benchmark-rows"))
    with database.reading() as reading:
        found = find_system(reading, str(_SYSTEM["system_id"]))
    assert found is not None
    uuids = tuple(UUID(int=client) for client in clients)
    return OneAccountant(UUID(accountant.system_user), UUID(int=1), uuids, found)


def _uuid_of(user: int) -> str:
    return str(UUID(int=(2 << 64) + user))


def _system_user(user: int, owner: int, system: int) -> dict[str, object]:
    now = datetime.now(UTC)
    return {
        "entity_id": user,
        "uuid": _uuid_of(user),
        "system_id": system,
        "owner_id": owner,
        "external_ref": str(user),
        "kind": "standard",
        "packages": "[]",
        "resources": "[]",
        "title": "System user",
        "created": now,
        "changed": now,
        "sequence_no": user,
        "began_rev": 1,
    }
