"""Delegation checks as JSON: each package and right with the reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from fullmakt.access.catalog.rules import HeldRole
from fullmakt.access.connections.wire import (
    PackageShape,
    Paged,
    ResourceShape,
    RightShape,
    write_package,
    write_resource,
    write_right,
)
from fullmakt.access.parties.model import RIGHT_HOLDER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fullmakt.access.catalog.model import Catalog, Package
    from fullmakt.access.catalog.rules import Basis
    from fullmakt.access.delegations.model import PackageCheck, RightCheck
    from fullmakt.access.parties.model import Party
    from fullmakt.access.resources.model import Resource


class CheckReason(msgspec.Struct, rename="camel"):
    """Why a package may be given on, or may not. `explanation` is ours."""

    description: str
    explanation: str
    role_id: UUID | None = None
    role_urn: str | None = None
    from_id: UUID | None = None
    from_name: str | None = None
    to_id: UUID | None = None
    to_name: str | None = None
    via_id: UUID | None = None
    via_name: str | None = None


class CheckedPackage(msgspec.Struct):
    """The delegation check of one package."""

    package: PackageShape
    result: bool
    reasons: list[CheckReason]


class CheckedRight(msgspec.Struct, rename="camel"):
    """The delegation check of one right."""

    right: RightShape
    result: bool
    permissions: list[None]
    reason_codes: list[str]


class CheckedResource(msgspec.Struct):
    """The delegation check of one service."""

    resource: ResourceShape
    rights: list[CheckedRight]


def write_checked_packages(
    catalog: Catalog,
    packages: Iterable[Package],
    checks: Iterable[PackageCheck],
    people: Mapping[int, Party],
    *,
    person: Party,
    party: Party,
) -> Paged[CheckedPackage]:
    """The delegation check of packages; `people` are the parties that its bases name."""
    return Paged(
        [
            CheckedPackage(
                write_package(catalog, package),
                check.may_delegate,
                [_basis(catalog, basis, people, person) for basis in check.bases]
                or [_no_basis(check, person, party)],
            )
            for package, check in zip(packages, checks, strict=True)
        ]
    )


def _no_basis(check: PackageCheck, person: Party, party: Party) -> CheckReason:
    told = f"`{person.name}` may not give `{check.package}` on for `{party.name}`: {check.reason}"
    return CheckReason("NoAccess", told, to_id=person.uuid, to_name=person.name)


def _basis(
    catalog: Catalog, basis: Basis, people: Mapping[int, Party], person: Party
) -> CheckReason:
    giver = None if basis.held.giver is None else people.get(basis.held.giver)
    via = None if basis.held.via is None else people.get(basis.held.via)
    code = basis.held.role if isinstance(basis.held, HeldRole) else RIGHT_HOLDER
    role = catalog.role(code)
    through = "" if via is None else f" through `{via.name}`"
    gave = "" if giver is None else f" of `{giver.name}`"
    told = f"`{person.name}` is `{code}`{gave}{through}"
    return CheckReason(
        basis.reason,
        told,
        role.id,
        role.urn,
        None if giver is None else giver.uuid,
        None if giver is None else giver.name,
        person.uuid,
        person.name,
        None if via is None else via.uuid,
        None if via is None else via.name,
    )


def write_checked_rights(resource: Resource, checks: Iterable[RightCheck]) -> CheckedResource:
    """The delegation check of one service."""
    return CheckedResource(
        write_resource(resource),
        [
            CheckedRight(
                write_right(resource, check.right.action), check.may_delegate, [], [check.reason]
            )
            for check in checks
        ],
    )
