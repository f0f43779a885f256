"""Delegation checks over HTTP: what the person behind the token may give on for a party."""

from __future__ import annotations

from typing import Annotated

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromQuery, QueryParameter

from fullmakt.access.catalog.model import Catalog
from fullmakt.access.connections import check_wire, overview, service
from fullmakt.access.connections.model import Direction
from fullmakt.access.connections.parameters import read_text, read_uuid
from fullmakt.access.connections.rules import scopes_for
from fullmakt.access.decisions.permissions import get_person
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.http.doors import json_answer, scope
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.storage.database import Database

_CONNECTIONS = "/accessmanagement/api/v1/enduser/connections"

PackageIds = Annotated[list[str] | None, QueryParameter(name="packageIds")]

_looks = scope(
    *scopes_for(Direction.TO_OTHERS, "read"), scopes_for(Direction.TO_OTHERS, "write")[1]
)


@get(f"{_CONNECTIONS}/accesspackages/delegationcheck", guards=[_looks], sync_to_thread=True)
def check_packages(
    *,
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    catalog: Given[Catalog],
    party: FromQuery[str | None] = None,
    packages: FromQuery[list[str] | None] = None,
    package_ids: PackageIds = None,
) -> Response[bytes]:
    """Which access packages the person may give on, each with the reasons."""
    uuid = read_uuid("party", party)
    with database.reading() as reading:
        giver = service.get_managed(reading, decisions, uuid, action="read", caller=caller)
        person = get_person(reading, caller)
        wanted = service.list_packages_named(
            catalog, giver, named=packages or (), by_id=package_ids or ()
        )
        checks = service.check_packages(reading, catalog, giver, wanted, person=person)
        people = overview.parties_of(reading, checks)
    return json_answer(
        check_wire.write_checked_packages(
            catalog, wanted, checks, people, person=person, party=giver
        )
    )


@get(f"{_CONNECTIONS}/resources/delegationcheck", guards=[_looks], sync_to_thread=True)
def check_rights(
    *,
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    party: FromQuery[str | None] = None,
    resource: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Which rights to a service the person may give on, each with a reason code."""
    uuid, identifier = read_uuid("party", party), read_text("resource", resource)
    with database.reading() as reading:
        giver = service.get_managed(reading, decisions, uuid, action="read", caller=caller)
        person, found = get_person(reading, caller), service.get_resource(reading, identifier)
    checks = decisions.check_rights(person=person, giver=giver, resource=found.identifier)
    return json_answer(check_wire.write_checked_rights(found, checks))


CHECK_ROUTES: list[HTTPRouteHandler] = [check_packages, check_rights]
