"""Requests in the database."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, insert, select, update

from fullmakt.foundation.storage.database import Reading, Work
from fullmakt.foundation.terms.moments import utc
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.systems.requests.model import Answered, Reference, Request, RequestPage, Status
from fullmakt.systems.requests.tables import requests
from fullmakt.systems.system_register.model import AttributePair, RegisteredSystem, ServiceRight
from fullmakt.systems.system_register.tables import systems
from fullmakt.systems.system_users.model import SystemUserKind
from fullmakt.systems.system_users.tables import system_users


def find_request(
    reading: Reading, uuid: UUID, kind: SystemUserKind | None = None
) -> Request | None:
    """The request with this id, of `kind` if that is given; not one that is deleted or free."""
    conditions = [requests.c.uuid == str(uuid)]
    if kind is not None:
        conditions.append(requests.c.kind == kind.value)
    return _find(reading, *conditions)


def find_by_reference(reading: Reading, reference: Reference) -> Request | None:
    """The request with this reference; not one that is deleted or free."""
    return _find(
        reading,
        requests.c.kind == reference.kind.value,
        systems.c.system_id == reference.system_id,
        requests.c.party == reference.party,
        requests.c.external_ref == reference.external_ref,
    )


def list_by_system(
    reading: Reading,
    system: RegisteredSystem,
    kind: SystemUserKind,
    *,
    first: UUID,
    most: int,
) -> RequestPage:
    """A system's requests of one kind in order of id from `first` on, at most `most`."""
    question = _question(
        requests.c.system_id == system.key,
        requests.c.kind == kind.value,
        requests.c.uuid >= str(first),
    ).order_by(requests.c.uuid)
    found = [_request(row) for row in reading.connection.execute(question.limit(most + 1))]
    following = found[most].uuid if len(found) > most else None
    return RequestPage(tuple(found[:most]), following)


def list_new(reading: Reading, party: OrganizationNumber, kind: SystemUserKind) -> list[Request]:
    """The requests of one kind to a party that wait for an answer, oldest first."""
    question = _question(
        requests.c.party == party.digits,
        requests.c.kind == kind.value,
        requests.c.status == Status.NEW.value,
    ).order_by(requests.c.id)
    return [_request(row) for row in reading.connection.execute(question)]


def add_request(work: Work, request: Request, *, system: RegisteredSystem) -> None:
    """Write a new request; one with the same reference that is free again is closed first."""
    work.connection.execute(
        update(requests)
        .where(
            requests.c.system_id == system.key,
            requests.c.party == request.party.digits,
            requests.c.external_ref == request.external_ref,
            requests.c.kind == request.kind.value,
            requests.c.ended_rev.is_(None),
        )
        .values(ended_rev=work.revision)
    )
    work.connection.execute(
        insert(requests).values(
            uuid=str(request.uuid),
            kind=request.kind.value,
            system_id=system.key,
            party=request.party.digits,
            external_ref=request.external_ref,
            title=request.title,
            rights=json.dumps([write_right(right) for right in request.rights]),
            packages=json.dumps(list(request.packages)),
            redirect_url=request.redirect_url,
            status=request.status.value,
            version=request.version,
            is_escalated=request.is_escalated,
            created=request.created,
            began_rev=work.revision,
        )
    )


def replace_request(work: Work, request: Request) -> None:
    """Write what became of `request` over the version before it."""
    answered = request.answered
    changed = work.connection.execute(
        update(requests)
        .where(
            requests.c.uuid == str(request.uuid),
            requests.c.version == request.version - 1,
            requests.c.ended_rev.is_(None),
        )
        .values(
            status=request.status.value,
            version=request.version,
            is_escalated=request.is_escalated,
            answered_by=None if answered is None else str(answered.by),
            answered_at=None if answered is None else answered.at,
        )
    )
    # INVARIANT: the request was read in this unit of work, which holds the world's row.
    assert changed.rowcount == 1, "a request changed under the unit of work that read it"


def end_request(work: Work, request: Request) -> None:
    """Delete `request`."""
    work.connection.execute(
        update(requests)
        .where(requests.c.uuid == str(request.uuid), requests.c.ended_rev.is_(None))
        .values(ended_rev=work.revision)
    )


def _question(*conditions: ColumnElement[bool]) -> Select[Any]:
    """An accepted request whose system user was deleted is free again: it is not found."""
    return (
        select(requests, systems.c.system_id.label("system"), systems.c.vendor)
        .join(systems, systems.c.id == requests.c.system_id)
        .outerjoin(system_users, system_users.c.uuid == requests.c.uuid)
        .where(requests.c.ended_rev.is_(None), system_users.c.ended_rev.is_(None), *conditions)
    )


def _find(reading: Reading, *conditions: ColumnElement[bool]) -> Request | None:
    row = reading.connection.execute(_question(*conditions)).one_or_none()
    return None if row is None else _request(row)


def _request(row: Row[Any]) -> Request:
    answered = Answered(UUID(row.answered_by), utc(row.answered_at)) if row.answered_by else None
    return Request(
        uuid=UUID(row.uuid),
        kind=SystemUserKind(row.kind),
        system_id=row.system,
        vendor=OrganizationNumber(row.vendor),
        party=OrganizationNumber(row.party),
        external_ref=row.external_ref,
        title=row.title,
        rights=tuple(read_right(right) for right in json.loads(row.rights)),
        packages=tuple(json.loads(row.packages)),
        redirect_url=row.redirect_url,
        status=Status(row.status),
        created=utc(row.created),
        is_escalated=row.is_escalated,
        version=row.version,
        answered=answered,
    )


def write_right(right: ServiceRight) -> dict[str, object]:
    """A right as the tables hold it."""
    return {"action": right.action, "pairs": [[pair.id, pair.value] for pair in right.pairs]}


def read_right(value: dict[str, Any]) -> ServiceRight:
    """A right as the tables hold it."""
    pairs = tuple(AttributePair(pair[0], pair[1]) for pair in value["pairs"])
    return ServiceRight(pairs, value["action"])
