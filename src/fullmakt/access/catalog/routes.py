"""The catalog over HTTP: access packages and roles, open to all, in the reader's language.

Source: Altinn's public documentation, access management metadata. Which resources a package or
a role opens is told by the resource registry, which is above.
"""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, Response, get
from litestar.params import FromPath, QueryParameter

from fullmakt.access.catalog import service, wire
from fullmakt.access.catalog.errors import NotListed
from fullmakt.access.catalog.languages import language_of
from fullmakt.access.catalog.model import Catalog, Role
from fullmakt.access.catalog.search import matching_packages
from fullmakt.foundation.http.doors import json_answer
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.terms.text import Language

_META = "/accessmanagement/api/v1/meta/info"
_PACKAGES, _ROLES = f"{_META}/accesspackages", f"{_META}/roles"

AnyRequest = Request[Any, Any, Any]
Term = Annotated[str | None, QueryParameter(name="term")]
TypeName = Annotated[str | None, QueryParameter(name="typeName")]
Variant = Annotated[str | None, QueryParameter(name="variant")]
RoleCode = Annotated[str | None, QueryParameter(name="role")]
Key = Annotated[str | None, QueryParameter(name="key")]
Value = Annotated[str | None, QueryParameter(name="value")]


@get(f"{_PACKAGES}/search", sync_to_thread=False)
def search_packages(
    request: AnyRequest, catalog: Given[Catalog], term: Term = None, type_name: TypeName = None
) -> Response[bytes]:
    """The packages that every word of a term stands in, the best first; 204 without any."""
    language = _language(request)
    found = matching_packages(catalog, term or "", language, entity_type=type_name or None)
    return _listing(wire.write_found(catalog, found, language))


@get(f"{_PACKAGES}/export", sync_to_thread=False)
def export_packages(request: AnyRequest, catalog: Given[Catalog]) -> Response[bytes]:
    """Every package, under its area and its group."""
    return _listing(wire.write_hierarchy(catalog, _language(request)))


@get(f"{_PACKAGES}/group", sync_to_thread=False)
def list_groups(request: AnyRequest, catalog: Given[Catalog]) -> Response[bytes]:
    """The groups of areas."""
    language = _language(request)
    return _listing([wire.write_group(each, language) for each in catalog.facts.area_groups])


@get(f"{_PACKAGES}/group/{{named:str}}", sync_to_thread=False)
def get_group(
    request: AnyRequest, catalog: Given[Catalog], named: FromPath[str]
) -> Response[bytes]:
    """One group."""
    return json_answer(wire.write_group(service.get_group(catalog, named), _language(request)))


@get(f"{_PACKAGES}/group/{{named:str}}/areas", sync_to_thread=False)
def list_areas(
    request: AnyRequest, catalog: Given[Catalog], named: FromPath[str]
) -> Response[bytes]:
    """The areas of a group."""
    areas, language = catalog.areas_of(service.get_group(catalog, named)), _language(request)
    return _listing([wire.write_area(each, language) for each in areas])


@get(f"{_PACKAGES}/area/{{named:str}}", sync_to_thread=False)
def get_area(request: AnyRequest, catalog: Given[Catalog], named: FromPath[str]) -> Response[bytes]:
    """One area."""
    return json_answer(wire.write_area(service.get_area(catalog, named), _language(request)))


@get(f"{_PACKAGES}/area/{{named:str}}/packages", sync_to_thread=False)
def list_packages(
    request: AnyRequest, catalog: Given[Catalog], named: FromPath[str]
) -> Response[bytes]:
    """The packages of an area."""
    packages, language = catalog.packages_of(service.get_area(catalog, named)), _language(request)
    return _listing([wire.write_package(catalog, each, language) for each in packages])


@get(f"{_PACKAGES}/package/{{named:str}}", sync_to_thread=False)
def get_package(
    request: AnyRequest, catalog: Given[Catalog], named: FromPath[str]
) -> Response[bytes]:
    """One package."""
    package = service.get_package(catalog, named)
    return json_answer(wire.write_package(catalog, package, _language(request)))


@get(f"{_PACKAGES}/package/urn/{{urn:str}}", sync_to_thread=False)
def get_package_by_urn(
    request: AnyRequest, catalog: Given[Catalog], urn: FromPath[str]
) -> Response[bytes]:
    """One package, by its whole URN."""
    package = catalog.package_by_urn(urn)
    if package is None:
        raise NotListed("access package", urn)
    return json_answer(wire.write_package(catalog, package, _language(request)))


@get(_ROLES, sync_to_thread=False)
def list_roles(request: AnyRequest, catalog: Given[Catalog]) -> Response[bytes]:
    """Every role."""
    language = _language(request)
    return _listing([wire.write_role(each, language) for each in catalog.facts.roles])


@get(f"{_ROLES}/packages", sync_to_thread=False)
def list_packages_of_role_code(
    request: AnyRequest, catalog: Given[Catalog], role: RoleCode = None, variant: Variant = None
) -> Response[bytes]:
    """The packages that a role gives, for a giver of one form."""
    return _packages_of(request, catalog, service.get_role_called(catalog, role), variant)


@get(f"{_ROLES}/lookup", sync_to_thread=False)
def look_up_role(
    request: AnyRequest, catalog: Given[Catalog], key: Key = None, value: Value = None
) -> Response[bytes]:
    """The role of which one member is this."""
    role = service.look_up_role(catalog, key, value)
    return json_answer(wire.write_role(role, _language(request)))


@get(f"{_ROLES}/lookup/keys", sync_to_thread=False)
def list_role_keys() -> Response[bytes]:
    """What roles can be looked up by."""
    return json_answer(sorted(service.ROLE_KEYS))


@get(f"{_ROLES}/{{named:str}}", sync_to_thread=False)
def get_role(request: AnyRequest, catalog: Given[Catalog], named: FromPath[str]) -> Response[bytes]:
    """One role."""
    return json_answer(wire.write_role(service.get_role(catalog, named), _language(request)))


@get(f"{_ROLES}/{{named:str}}/packages", sync_to_thread=False)
def list_packages_of_role(
    request: AnyRequest, catalog: Given[Catalog], named: FromPath[str], variant: Variant = None
) -> Response[bytes]:
    """The packages that a role gives, for a giver of one form."""
    return _packages_of(request, catalog, service.get_role(catalog, named), variant)


def _packages_of(
    request: AnyRequest, catalog: Catalog, role: Role, variant: str | None
) -> Response[bytes]:
    form = service.get_form(catalog, variant)
    names, language = catalog.packages_with_access(role.code, form.code), _language(request)
    packages = (each for each in catalog.facts.packages if each.name in names)
    return json_answer([wire.write_package(catalog, each, language) for each in packages])


def _language(request: AnyRequest) -> Language:
    return language_of(request.headers.get("accept-language"))


def _listing(found: list[Any]) -> Response[bytes]:
    return json_answer(found) if found else Response(b"", status_code=204)


ROUTES = [
    search_packages,
    export_packages,
    list_groups,
    get_group,
    list_areas,
    get_area,
    list_packages,
    get_package,
    get_package_by_urn,
    list_roles,
    list_packages_of_role_code,
    look_up_role,
    list_role_keys,
    get_role,
    list_packages_of_role,
]
