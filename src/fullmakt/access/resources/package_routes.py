"""Which resources an access package opens: the catalog's metadata, where it meets the registry."""

from __future__ import annotations

from litestar import Response, get
from litestar.params import FromPath

from fullmakt.access.catalog.model import Catalog
from fullmakt.access.catalog.service import get_package
from fullmakt.access.resources import feeds, overview_wire, service
from fullmakt.foundation.http.doors import json_answer
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.storage.database import Database


@get(
    "/accessmanagement/api/v1/meta/info/accesspackages/package/{named:str}/resources",
    sync_to_thread=True,
)
def list_resources_of_package(
    catalog: Given[Catalog], database: Given[Database], named: FromPath[str]
) -> Response[bytes]:
    """The resources whose policies name a package; 204 when there is none."""
    package = get_package(catalog, named)
    with database.reading() as reading:
        found = feeds.list_named(reading, [package.urn])
        resources = [service.get_resource(reading, each.identifier) for each in found]
    if not resources:
        return Response(b"", status_code=204)
    return json_answer([overview_wire.write_brief(each) for each in resources])


ROUTES = [list_resources_of_package]
