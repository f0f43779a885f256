"""The control surface for the register: organisations, people, roles and delegations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from litestar import Request, Response, get, post
from litestar.params import RawBody

from fullmakt.access.catalog.model import Catalog
from fullmakt.access.delegations import agents
from fullmakt.foundation.http.doors import json_answer
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.storage.database import Database
from fullmakt.run.testworld import control_wire as wire
from fullmakt.run.testworld import register
from fullmakt.run.testworld.control_door import neighbour, secret_holder
from fullmakt.run.testworld.query import Query, whole
from fullmakt.run.testworld.worldfile.members import WorldFault, WorldRefused
from fullmakt.run.testworld.worldfile.shapes import Shapes
from fullmakt.run.testworld.worldfile.words import CatalogWords

ACTOR = "control"
LAST_REVISION = 2**31 - 1
Entry = TypeVar("Entry")


def read_entry(
    body: bytes, catalog: Catalog, read: Callable[[Shapes, object], Entry | None]
) -> Entry:
    """One entry of a world file. Raises: WorldRefused."""
    faults: list[WorldFault] = []
    entry = read(Shapes(CatalogWords(catalog), faults), wire.read_value(body))
    if faults or entry is None:
        raise WorldRefused(faults)
    return entry


@post("/fullmakt/organizations", guards=[secret_holder], sync_to_thread=True)
def add_organization(
    database: Given[Database], catalog: Given[Catalog], correlation: Given[str], body: RawBody
) -> Response[bytes]:
    """Register an organisation, as an entry of `organisations` in a world file."""
    entry = read_entry(body, catalog, lambda shapes, value: shapes.organization(value, ""))
    with database.authority(actor=ACTOR, correlation=correlation) as work:
        party = register.add_organization(work, catalog, entry)
    return json_answer(wire.write_party(party), status=201)


@post("/fullmakt/people", guards=[secret_holder], sync_to_thread=True)
def add_person(
    database: Given[Database], catalog: Given[Catalog], correlation: Given[str], body: RawBody
) -> Response[bytes]:
    """Register a person, as an entry of `persons` in a world file."""
    entry = read_entry(body, catalog, lambda shapes, value: shapes.person(value, ""))
    with database.authority(actor=ACTOR, correlation=correlation) as work:
        party = register.add_person(work, catalog, entry)
    return json_answer(wire.write_party(party), status=201)


@post("/fullmakt/status", guards=[secret_holder], status_code=200, sync_to_thread=True)
def change_status(
    database: Given[Database], correlation: Given[str], body: RawBody
) -> Response[bytes]:
    """Say that an organisation or person is deleted or bankrupt, or no longer."""
    wish = wire.read_status(body)
    with database.authority(actor=ACTOR, correlation=correlation) as work:
        fell = wire.write_fallen(register.change_status(work, wish))
        revision = work.revision
    return json_answer({"revision": revision, "fell": fell})


@post("/fullmakt/roles", guards=[secret_holder], sync_to_thread=True)
def begin_role(
    database: Given[Database], catalog: Given[Catalog], correlation: Given[str], body: RawBody
) -> Response[bytes]:
    """Begin a register role."""
    wish = wire.read_role(body, CatalogWords(catalog))
    with database.authority(actor=ACTOR, correlation=correlation) as work:
        assignment = register.begin_role(work, wish)
    return json_answer(wire.write_role(wish, assignment), status=201)


@post("/fullmakt/roles/end", guards=[secret_holder], status_code=200, sync_to_thread=True)
def end_role(
    database: Given[Database], catalog: Given[Catalog], correlation: Given[str], body: RawBody
) -> Response[bytes]:
    """End a register role."""
    wish = wire.read_role(body, CatalogWords(catalog))
    with database.authority(actor=ACTOR, correlation=correlation) as work:
        assignment = register.end_role(work, wish)
        revision = work.revision
    ended = wire.write_role(wish, assignment, ended=revision)
    return json_answer({**ended, "fell": _fell_in(database, revision)})


def _fell_in(database: Database, revision: int) -> list[dict[str, object]]:
    with database.reading() as reading:
        return wire.write_fallen(agents.list_fallen(reading, revision))


@get("/fullmakt/fallen", guards=[neighbour], sync_to_thread=True)
def list_fallen(request: Request[Any, Any, Any], database: Given[Database]) -> Response[bytes]:
    """What agents had of clients, and lost because what it rested on ended in a revision."""
    query = Query(request, "revision")
    revision = query.get("revision", whole(0, LAST_REVISION)) or 0
    query.check()
    return json_answer({"revision": revision, "fell": _fell_in(database, revision)})


@post("/fullmakt/delegations", guards=[secret_holder], sync_to_thread=True)
def give(
    database: Given[Database], catalog: Given[Catalog], correlation: Given[str], body: RawBody
) -> Response[bytes]:
    """Give packages or single services, as an entry of `delegations` in a world file."""
    entry = read_entry(body, catalog, lambda shapes, value: shapes.delegation(value, ""))
    with database.authority(actor=ACTOR, correlation=correlation) as work:
        register.give(work, catalog, entry)
        revision = work.revision
    return json_answer({"revision": revision}, status=201)


@post("/fullmakt/delegations/end", guards=[secret_holder], status_code=200, sync_to_thread=True)
def withdraw(
    database: Given[Database], catalog: Given[Catalog], correlation: Given[str], body: RawBody
) -> Response[bytes]:
    """Take back packages or single services; `givenBy` is who takes them back."""
    entry = read_entry(body, catalog, lambda shapes, value: shapes.delegation(value, ""))
    with database.authority(actor=ACTOR, correlation=correlation) as work:
        register.withdraw(work, entry)
        revision = work.revision
    return json_answer({"revision": revision, "fell": _fell_in(database, revision)})


ROUTES = [
    add_organization,
    add_person,
    begin_role,
    end_role,
    change_status,
    list_fallen,
    give,
    withdraw,
]
