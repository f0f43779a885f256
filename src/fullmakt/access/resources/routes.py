"""The resource registry's open reads.

Uploads, search, rights and access lists are left out: a path that is not here is not served.
"""

from __future__ import annotations

from typing import Annotated

from litestar import Response, get
from litestar.params import FromPath, QueryParameter

from fullmakt.access.resources import service, wire
from fullmakt.access.resources.errors import ResourceNotFound
from fullmakt.access.resources.model import Resource, ResourceType
from fullmakt.foundation.http.doors import json_answer
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.storage.database import Database
from fullmakt.foundation.terms.problem import InvalidInput

_REGISTRY = "/resourceregistry/api/v1/resource"
_APPS = frozenset({ResourceType.ALTINN_APP})
_MIGRATED_APPS = frozenset({ResourceType.MIGRATED_APP})

VersionId = Annotated[str | None, QueryParameter(name="versionId")]
IncludeApps = Annotated[str | None, QueryParameter(name="includeApps")]
IncludeMigratedApps = Annotated[str | None, QueryParameter(name="includeMigratedApps")]


@get(f"{_REGISTRY}/resourcelist", sync_to_thread=True)
def list_resources(
    database: Given[Database],
    include_apps: IncludeApps = None,
    include_migrated_apps: IncludeMigratedApps = None,
) -> Response[bytes]:
    """Every resource, in its latest version; apps as asked for."""
    left_out = (frozenset() if _flag("includeApps", include_apps, default=True) else _APPS) | (
        frozenset()
        if _flag("includeMigratedApps", include_migrated_apps, default=False)
        else _MIGRATED_APPS
    )
    with database.reading() as reading:
        resources = service.list_resources(reading)
    return json_answer(
        [wire.write_resource(each) for each in resources if each.resource_type not in left_out]
    )


@get(f"{_REGISTRY}/{{identifier:str}}", sync_to_thread=True)
def get_resource(
    database: Given[Database], identifier: FromPath[str], version_id: VersionId = None
) -> Response[bytes]:
    """One resource."""
    with database.reading() as reading:
        resource = service.get_resource(reading, identifier)
    _check_version(resource, version_id)
    return json_answer(wire.write_resource(resource))


@get(f"{_REGISTRY}/{{identifier:str}}/policy", sync_to_thread=True)
def get_policy(database: Given[Database], identifier: FromPath[str]) -> Response[bytes]:
    """The document of the policy that stands."""
    with database.reading() as reading:
        policy = service.get_policy(reading, identifier)
    return Response(
        policy.document,
        media_type="text/xml",
        headers={"content-disposition": "attachment; filename=policy.xml"},
    )


@get(f"{_REGISTRY}/{{identifier:str}}/policy/rules", sync_to_thread=True)
def list_rules(database: Given[Database], identifier: FromPath[str]) -> Response[bytes]:
    """The policy's rules, each way to meet one on its own."""
    with database.reading() as reading:
        rules = service.list_rules(reading, identifier)
    return json_answer(wire.write_rules(rules))


@get(f"{_REGISTRY}/{{identifier:str}}/policy/subjects", sync_to_thread=True)
def list_subjects(database: Given[Database], identifier: FromPath[str]) -> Response[bytes]:
    """The roles, packages and organisations that the policy lets in."""
    with database.reading() as reading:
        subjects = service.list_subjects(reading, identifier)
    return json_answer(wire.write_subjects(subjects))


def _flag(name: str, value: str | None, *, default: bool) -> bool:
    flags = {"true": True, "false": False, "": default}
    folded = (value or "").lower()
    if folded not in flags:
        raise InvalidInput({name: (f"The value '{value}' is not valid.",)})
    return flags[folded]


def _check_version(resource: Resource, version_id: str | None) -> None:
    if not version_id:
        return
    if not (version_id.isascii() and version_id.isdigit()):
        raise InvalidInput({"versionId": (f"The value '{version_id}' is not valid.",)})
    if version_id != str(resource.version_id):
        message = f"resource `{resource.identifier}` has no version `{version_id}`"
        raise ResourceNotFound(message)


ROUTES = [list_resources, get_resource, get_policy, list_rules, list_subjects]
