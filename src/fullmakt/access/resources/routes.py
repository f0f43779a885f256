"""The resource registry over HTTP: services, and what their owners do with them.

Reading is open to all. Source: Altinn's public documentation, resource registry.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from litestar import Request, Response, delete, get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, RawBody

from fullmakt.access.parties import service as parties
from fullmakt.access.resources import (
    lists_routes,
    metadata_routes,
    overview_wire,
    policy_routes,
    publishing,
    service,
    wire,
)
from fullmakt.access.resources.app_storage import AppStorage, find_app_resource
from fullmakt.access.resources.export import write_turtle
from fullmakt.access.resources.model import Resource, ResourceType
from fullmakt.access.resources.parameters import Parameters, not_valid
from fullmakt.access.resources.scopes import ADMIN_SCOPE, WRITE_SCOPE
from fullmakt.access.resources.search import Search, matching
from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.http.addresses import Addresses
from fullmakt.foundation.http.bodies import read_body
from fullmakt.foundation.http.doors import json_answer, scope
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.storage.database import Database

REGISTRY = "/resourceregistry/api/v1/resource"
_APPS = frozenset({ResourceType.ALTINN_APP})
_MIGRATED_APPS = frozenset({ResourceType.MIGRATED_APP})

AnyRequest = Request[Any, Any, Any]
may_write = scope(WRITE_SCOPE, ADMIN_SCOPE)


@get(f"{REGISTRY}/resourcelist", sync_to_thread=True)
def list_resources(request: AnyRequest, database: Given[Database]) -> Response[bytes]:
    """Every resource, in its latest version; apps as asked for."""
    query = Parameters.of(request)
    left_out: frozenset[ResourceType] = frozenset()
    if not query.flag("includeApps", default=True):
        left_out |= _APPS
    if not query.flag("includeMigratedApps"):
        left_out |= _MIGRATED_APPS
    with database.reading() as reading:
        resources = service.list_resources(reading)
    return _listing(each for each in resources if each.resource_type not in left_out)


@get(f"{REGISTRY}/Search", sync_to_thread=True)
def search_resources(request: AnyRequest, database: Given[Database]) -> Response[bytes]:
    """The services that fit every parameter given; no apps."""
    wanted = _read_search(Parameters.of(request))
    with database.reading() as reading:
        resources = service.list_resources(reading)
    return _listing(matching(resources, wanted))


def _read_search(query: Parameters) -> Search:
    named = query.text("ResourceType")
    return Search(
        identifier=query.text("Id"),
        description=query.text("Description"),
        resource_type=None if named is None else _read_type(named),
        keyword=query.text("Keyword"),
        reference=query.text("Reference"),
        owner_code=query.text("OrgCode"),
        owner=query.text("OrganizationId"),
    )


def _read_type(named: str) -> ResourceType:
    found = wire.find_resource_type(named)
    if found is None:
        raise not_valid("ResourceType", named)
    return found


@get(f"{REGISTRY}/orgs", sync_to_thread=True)
def list_owners(database: Given[Database]) -> Response[bytes]:
    """The service owners, by their short names."""
    with database.reading() as reading:
        owners = parties.list_service_owners(reading)
    return json_answer(overview_wire.write_owners(owners), is_indented=True)


@get(f"{REGISTRY}/export", sync_to_thread=True)
def export_resources(database: Given[Database], addresses: Given[Addresses]) -> Response[bytes]:
    """The visible services as RDF, in Turtle."""
    with database.reading() as reading:
        resources = service.list_resources(reading)
    text = write_turtle(resources, base=f"{addresses.platform}{REGISTRY}")
    return Response(text.encode(), media_type="text/turtle")


@get(f"{REGISTRY}/{{identifier:str}}", sync_to_thread=True)
def get_resource(
    request: AnyRequest,
    database: Given[Database],
    apps: Given[AppStorage],
    identifier: FromPath[str],
) -> Response[bytes]:
    """One resource, in its latest version or the one asked for."""
    version_id = Parameters.of(request).number("versionId")
    with database.reading() as reading:
        resource = find_app_resource(reading, apps, identifier) or service.get_resource(
            reading, identifier, version_id=version_id
        )
    return json_answer(wire.write_resource(resource), is_indented=True)


@post(REGISTRY, guards=[may_write], sync_to_thread=True)
def create_resource(
    body: RawBody, caller: Given[Caller], database: Given[Database], correlation: Given[str]
) -> Response[bytes]:
    """Register a resource."""
    new = wire.read_resource(read_body(body, wire.ResourceBody), otherwise=caller.organization)
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        resource = publishing.create_resource(work, new, caller=caller)
    where = f"{REGISTRY}/{resource.identifier}"
    return Response(b"", status_code=201, headers={"location": where})


@put(f"{REGISTRY}/{{identifier:str}}", guards=[may_write], sync_to_thread=True)
def replace_resource(
    body: RawBody,
    caller: Given[Caller],
    database: Given[Database],
    correlation: Given[str],
    identifier: FromPath[str],
) -> Response[bytes]:
    """Let a resource have its next version."""
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        service.get_resource(work, identifier)
        named = read_body(body, wire.ResourceName).identifier
        standing = publishing.get_replaceable(work, identifier, named=named)
        new = wire.read_resource(read_body(body, wire.ResourceBody), otherwise=standing.owner)
        publishing.replace_resource(work, standing, new, caller=caller)
    return Response(b"", status_code=200)


@delete(f"{REGISTRY}/{{identifier:str}}", guards=[may_write], sync_to_thread=True)
def delete_resource(
    caller: Given[Caller],
    database: Given[Database],
    profile: Given[str],
    correlation: Given[str],
    identifier: FromPath[str],
) -> None:
    """Take a resource out of the registry, where that is allowed."""
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        publishing.delete_resource(work, identifier, caller=caller, profile=profile)


def _listing(resources: Iterable[Resource]) -> Response[bytes]:
    return json_answer([wire.write_resource(each) for each in resources], is_indented=True)


ROUTES: list[HTTPRouteHandler] = [
    list_resources,
    search_resources,
    list_owners,
    export_resources,
    get_resource,
    create_resource,
    replace_resource,
    delete_resource,
    *policy_routes.ROUTES,
    *lists_routes.ROUTES,
    *metadata_routes.ROUTES,
]
