"""Which resources a package or a role opens: the catalog's metadata, where it meets the registry.

Source: Altinn's public documentation, access management metadata.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from fullmakt.access.catalog.model import Catalog, Role
from fullmakt.access.catalog.service import get_form, get_package, get_role, get_role_called
from fullmakt.access.resources import feeds, overview_wire, service
from fullmakt.access.resources.parameters import Parameters
from fullmakt.foundation.http.doors import json_answer
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.storage.database import Database

AnyRequest = Request[Any, Any, Any]
_META = "/accessmanagement/api/v1/meta/info"
_ROLES = f"{_META}/roles"


@get(f"{_META}/accesspackages/package/{{named:str}}/resources", sync_to_thread=True)
def list_resources_of_package(
    catalog: Given[Catalog], database: Given[Database], named: FromPath[str]
) -> Response[bytes]:
    """The resources whose policies name a package; 204 when there is none."""
    return _resources_naming(database, [get_package(catalog, named).urn])


@get(f"{_ROLES}/resources", sync_to_thread=True)
def list_resources_of_role_code(
    request: AnyRequest, catalog: Given[Catalog], database: Given[Database]
) -> Response[bytes]:
    """The resources that a role opens, by its code."""
    query = Parameters.of(request)
    role = get_role_called(catalog, query.text("role"))
    return _resources_of(role, query, catalog, database)


@get(f"{_ROLES}/{{named:str}}/resources", sync_to_thread=True)
def list_resources_of_role(
    request: AnyRequest, catalog: Given[Catalog], database: Given[Database], named: FromPath[str]
) -> Response[bytes]:
    """The resources that a role opens."""
    return _resources_of(get_role(catalog, named), Parameters.of(request), catalog, database)


def _resources_of(
    role: Role, query: Parameters, catalog: Catalog, database: Database
) -> Response[bytes]:
    """Those whose policies name what its holder is known by; on request, what its packages open."""
    form = get_form(catalog, query.text("variant"))
    known_by = catalog.role_identifiers(role.code)
    subjects = [f"{attribute}:{code}" for attribute, codes in known_by.items() for code in codes]
    if query.flag("includePackageResources"):
        packages = catalog.packages_with_access(role.code, form.code)
        subjects += [catalog.package(name).urn for name in packages]
    return _resources_naming(database, subjects)


def _resources_naming(database: Database, subjects: Iterable[str]) -> Response[bytes]:
    with database.reading() as reading:
        names = dict.fromkeys(each.identifier for each in feeds.list_named(reading, subjects))
        resources = [service.get_resource(reading, name) for name in sorted(names)]
    if not resources:
        return Response(b"", status_code=204)
    return json_answer([overview_wire.write_brief(each) for each in resources])


ROUTES = [
    list_resources_of_package,
    list_resources_of_role_code,
    list_resources_of_role,
]
