"""Packages, areas and roles as JSON, in one language at a time.

Descriptions are not in the catalog's tables and are empty; so are icons.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from fullmakt.access.catalog.model import Area, AreaGroup, Catalog, Package, Role, RoleProvider
from fullmakt.foundation.terms.text import Language

_PROVIDERS = {
    RoleProvider.REGISTER: "Enhetsregisteret",
    RoleProvider.GUARDIANSHIP: "Vergemålsregisteret",
    RoleProvider.ALTINN_2: "Altinn 2",
    RoleProvider.ALTINN_3: "Altinn 3",
}


class GroupEntry(msgspec.Struct):
    """A heading above areas."""

    id: UUID
    name: str
    urn: str
    description: str
    type: str
    areas: list[AreaEntry] | UnsetType = UNSET


class AreaEntry(msgspec.Struct, rename="camel"):
    """A subject that packages are listed under."""

    id: UUID
    name: str
    urn: str
    description: str
    icon_url: str
    packages: list[PackageEntry] | UnsetType = UNSET
    group: GroupEntry | UnsetType = UNSET


class PackageEntry(msgspec.Struct, rename="camel"):
    """An access package."""

    id: UUID
    name: str
    urn: str
    description: str
    is_delegable: bool
    is_assignable: bool
    is_resource_policy_available: bool
    area: AreaEntry | UnsetType = UNSET


class Found(msgspec.Struct):
    """A package that a search found. `score` is higher the better it fits."""

    object: PackageEntry
    score: float
    fields: list[FoundIn]


class FoundIn(msgspec.Struct):
    """Where a word of the search stands."""

    field: str
    value: str


class ProviderEntry(msgspec.Struct):
    """Who hands a role out."""

    code: str
    name: str


class RoleEntry(msgspec.Struct, rename="camel"):
    """A role that one party has for another."""

    id: UUID
    name: str
    code: str
    description: str
    is_key_role: bool
    urn: str
    provider: ProviderEntry
    legacy_role_code: str | UnsetType = UNSET
    legacy_urn: str | UnsetType = UNSET


def write_group(group: AreaGroup, language: Language) -> GroupEntry:
    """A group, without its areas."""
    return GroupEntry(
        id=group.id,
        name=group.names.in_language(language),
        urn=f"accesspackage:areagroup:{group.code}",
        description="",
        type=group.entity_type.value,
    )


def write_area(area: Area, language: Language) -> AreaEntry:
    """An area, without its packages."""
    return AreaEntry(
        id=area.id,
        name=area.names.in_language(language),
        urn=f"accesspackage:area:{area.code}",
        description="",
        icon_url="",
    )


def write_package(catalog: Catalog, package: Package, language: Language) -> PackageEntry:
    """A package, with its area."""
    entry = _bare_package(package, language)
    entry.area = write_area(catalog.area(package.area), language)
    return entry


def _bare_package(package: Package, language: Language) -> PackageEntry:
    return PackageEntry(
        id=package.id,
        name=package.names.in_language(language),
        urn=package.urn,
        description="",
        is_delegable=package.is_delegable,
        is_assignable=package.is_assignable,
        is_resource_policy_available=package.is_available_in_policies,
    )


def write_hierarchy(catalog: Catalog, language: Language) -> list[GroupEntry]:
    """Every group with its areas, and each of those with its packages."""
    groups = []
    for group in catalog.facts.area_groups:
        entry = write_group(group, language)
        entry.areas = []
        for area in catalog.areas_of(group):
            under = write_area(area, language)
            under.packages = [_bare_package(each, language) for each in catalog.packages_of(area)]
            entry.areas.append(under)
        groups.append(entry)
    return groups


def write_found(
    catalog: Catalog, found: Iterable[tuple[Package, float, dict[str, str]]], language: Language
) -> list[Found]:
    """What a search found, the best first."""
    return [
        Found(
            write_package(catalog, package, language),
            score,
            [FoundIn(field, value) for field, value in fields.items()],
        )
        for package, score, fields in found
    ]


def write_role(role: Role, language: Language) -> RoleEntry:
    """A role."""
    return RoleEntry(
        id=role.id,
        name=role.names.in_language(language),
        code=role.code,
        description="",
        is_key_role=role.is_key_role,
        urn=role.urn,
        provider=ProviderEntry(role.provider.value, _PROVIDERS[role.provider]),
        legacy_role_code=role.legacy_code.upper() if role.legacy_code else UNSET,
        legacy_urn=role.legacy_urn or UNSET,
    )
