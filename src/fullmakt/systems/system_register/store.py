"""Registered systems in the database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, insert, select, update

from fullmakt.foundation.storage.database import Reading, Work
from fullmakt.foundation.terms.moments import utc
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.systems.system_register.model import (
    AttributePair,
    ChangedFacts,
    ChangeType,
    RegisteredSystem,
    ServiceRight,
    SystemChange,
    SystemFacts,
)
from fullmakt.systems.system_register.tables import system_changes, system_clients, systems


def find_system(reading: Reading, system_id: str) -> RegisteredSystem | None:
    """The system with the id its vendor chose, retired ones too."""
    return next(iter(_list(reading, systems.c.system_id == system_id)), None)


def get_system_by_key(reading: Reading, key: int) -> RegisteredSystem:
    """The system that a row refers to."""
    return _list(reading, systems.c.id == key)[0]


def list_systems_of(reading: Reading, vendor: OrganizationNumber) -> list[RegisteredSystem]:
    """The vendor's systems that are not retired, in the order they were registered."""
    return _list(reading, systems.c.vendor == vendor.digits, ~systems.c.is_deleted)


def list_visible_systems(reading: Reading) -> list[RegisteredSystem]:
    """The systems that customers may choose among, in the order they were registered."""
    return _list(reading, systems.c.is_visible, ~systems.c.is_deleted)


def list_all_systems(reading: Reading) -> list[RegisteredSystem]:
    """Every system that is not retired, in the order they were registered."""
    return _list(reading, ~systems.c.is_deleted)


def list_client_ids_in_use(
    reading: Reading, client_ids: Iterable[str], *, but_by: int | None = None
) -> list[str]:
    """Those of `client_ids` that a system has, other than the one with the key `but_by`."""
    wanted = list(dict.fromkeys(client_ids))
    question = select(system_clients.c.client_id).where(
        system_clients.c.client_id.in_(wanted), system_clients.c.ended_rev.is_(None)
    )
    if but_by is not None:
        question = question.where(system_clients.c.system_id != but_by)
    taken = set(reading.connection.scalars(question))
    return [client for client in wanted if client in taken]


def add_system(
    work: Work, facts: SystemFacts, *, vendor: OrganizationNumber, internal_id: UUID
) -> RegisteredSystem:
    """Write a new system with its clients."""
    values = {
        "internal_id": str(internal_id),
        "vendor": vendor.digits,
        "is_deleted": False,
        **_values(facts),
    }
    key = work.connection.execute(insert(systems).values(values).returning(systems.c.id)).scalar()
    assert key is not None
    _add_clients(work, key, facts.client_ids)
    return RegisteredSystem(key, internal_id, vendor, facts)


def replace_system(work: Work, system: RegisteredSystem) -> None:
    """Write `system` over the row it came from; its clients become exactly those it names."""
    work.connection.execute(
        update(systems).where(systems.c.id == system.key).values(_values(system.facts))
    )
    held = set(work.connection.scalars(_open_clients(system.key)))
    wanted = dict.fromkeys(system.facts.client_ids)
    _end_clients(work, system.key, held - wanted.keys())
    _add_clients(work, system.key, [client for client in wanted if client not in held])


def end_system(work: Work, system: RegisteredSystem) -> None:
    """Retire `system` and let go of its clients."""
    work.connection.execute(
        update(systems).where(systems.c.id == system.key).values(is_deleted=True)
    )
    _end_clients(work, system.key, system.facts.client_ids)


def add_change(work: Work, system: RegisteredSystem, change: SystemChange) -> None:
    """Add a line to the change log of `system`."""
    facts = change.facts
    work.connection.execute(
        insert(system_changes).values(
            system_id=system.key,
            kind=change.kind.value,
            facts=None if facts is None else json.dumps(_written(facts), ensure_ascii=False),
            changed_by=change.changed_by.digits,
            client_id=change.client_id,
            at=change.at,
        )
    )


def list_changes(reading: Reading, system: RegisteredSystem) -> list[SystemChange]:
    """The change log of `system`, newest first."""
    rows = reading.connection.execute(
        select(system_changes)
        .where(system_changes.c.system_id == system.key)
        .order_by(system_changes.c.id.desc())
    )
    return [
        SystemChange(
            ChangeType(row.kind),
            _read_facts(ChangeType(row.kind), row.facts),
            OrganizationNumber(row.changed_by),
            row.client_id,
            utc(row.at),
        )
        for row in rows
    ]


def _list(reading: Reading, *conditions: ColumnElement[bool]) -> list[RegisteredSystem]:
    rows = reading.connection.execute(
        select(systems).where(*conditions).order_by(systems.c.id)
    ).all()
    clients: dict[int, list[str]] = {row.id: [] for row in rows}
    held = reading.connection.execute(
        select(system_clients.c.system_id, system_clients.c.client_id)
        .where(system_clients.c.ended_rev.is_(None), system_clients.c.system_id.in_(clients))
        .order_by(system_clients.c.id)
    )
    for row in held:
        clients[row.system_id].append(row.client_id)
    return [_system(row, clients[row.id]) for row in rows]


def _open_clients(key: int) -> Any:  # noqa: ANN401  a select of one column
    return select(system_clients.c.client_id).where(
        system_clients.c.system_id == key, system_clients.c.ended_rev.is_(None)
    )


def _add_clients(work: Work, key: int, client_ids: Sequence[str]) -> None:
    rows = [
        {"system_id": key, "client_id": client, "began_rev": work.revision}
        for client in dict.fromkeys(client_ids)
    ]
    if rows:
        work.connection.execute(insert(system_clients), rows)


def _end_clients(work: Work, key: int, client_ids: Iterable[str]) -> None:
    work.connection.execute(
        update(system_clients)
        .where(
            system_clients.c.system_id == key,
            system_clients.c.client_id.in_(list(client_ids)),
            system_clients.c.ended_rev.is_(None),
        )
        .values(ended_rev=work.revision)
    )


def _system(row: Row[Any], client_ids: list[str]) -> RegisteredSystem:
    return RegisteredSystem(
        key=row.id,
        internal_id=UUID(row.internal_id),
        vendor=OrganizationNumber(row.vendor),
        facts=SystemFacts(
            id=row.system_id,
            name=json.loads(row.name),
            description=json.loads(row.description),
            rights=tuple(_read_right(right) for right in json.loads(row.rights)),
            packages=tuple(json.loads(row.packages)),
            client_ids=tuple(client_ids),
            is_visible=row.is_visible,
            redirect_urls=tuple(json.loads(row.redirect_urls)),
        ),
        is_deleted=row.is_deleted,
    )


def _values(facts: SystemFacts) -> dict[str, object]:
    return {
        "system_id": facts.id,
        "name": json.dumps(dict(facts.name), ensure_ascii=False),
        "description": json.dumps(dict(facts.description), ensure_ascii=False),
        "rights": json.dumps([_write_right(right) for right in facts.rights], ensure_ascii=False),
        "packages": json.dumps(list(facts.packages), ensure_ascii=False),
        "redirect_urls": json.dumps(list(facts.redirect_urls), ensure_ascii=False),
        "is_visible": facts.is_visible,
    }


def _write_right(right: ServiceRight) -> dict[str, object]:
    return {"action": right.action, "pairs": [[pair.id, pair.value] for pair in right.pairs]}


def _read_right(value: Mapping[str, Any]) -> ServiceRight:
    pairs = tuple(AttributePair(pair[0], pair[1]) for pair in value["pairs"])
    return ServiceRight(pairs, value["action"])


def _written(facts: SystemFacts | tuple[ServiceRight, ...] | tuple[str, ...]) -> object:
    if isinstance(facts, SystemFacts):
        return {**_values(facts), "client_ids": list(facts.client_ids)}
    return [_write_right(fact) if isinstance(fact, ServiceRight) else fact for fact in facts]


def _read_facts(kind: ChangeType, text: str | None) -> ChangedFacts:
    if text is None:
        return None
    value = json.loads(text)
    match kind:
        case ChangeType.RIGHTS:
            return tuple(_read_right(right) for right in value)
        case ChangeType.PACKAGES:
            return tuple(value)
        case _:
            return SystemFacts(
                id=value["system_id"],
                name=json.loads(value["name"]),
                description=json.loads(value["description"]),
                rights=tuple(_read_right(right) for right in json.loads(value["rights"])),
                packages=tuple(json.loads(value["packages"])),
                client_ids=tuple(value["client_ids"]),
                is_visible=value["is_visible"],
                redirect_urls=tuple(json.loads(value["redirect_urls"])),
            )
