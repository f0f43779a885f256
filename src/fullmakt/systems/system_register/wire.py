"""The system register's JSON: what vendors send, and the two shapes systems are answered in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from fullmakt.foundation.terms.moments import utc
from fullmakt.systems.system_register.model import (
    AttributePair,
    ChangedFacts,
    RegisteredSystem,
    ServiceRight,
    SystemChange,
    SystemFacts,
)
from fullmakt.systems.system_register.rules import read_redirect_url

Name = Annotated[str, msgspec.Meta(max_length=255)]


class PairBody(msgspec.Struct, rename="camel"):
    """One part of a resource's name."""

    id: str
    value: str


class RightBody(msgspec.Struct, rename="camel"):
    """A single service."""

    resource: list[PairBody]
    action: str | UnsetType | None = UNSET


class PackageBody(msgspec.Struct, rename="camel"):
    """An access package."""

    urn: str


class VendorBody(msgspec.Struct):
    """The vendor: `authority` is accepted and never answered."""

    ID: Name


class SystemBody(msgspec.Struct, rename="camel"):
    """A system as its vendor sends it."""

    id: Name
    vendor: VendorBody
    name: dict[str, str]
    description: dict[str, str]
    rights: list[RightBody] = []
    access_packages: list[PackageBody] | None = None
    client_id: list[Name] = []
    is_visible: bool = True
    allowed_redirect_urls: list[str] = []


class SystemAnswer(msgspec.Struct, rename="camel"):
    """A system as its vendor reads it."""

    id: str
    vendor: VendorBody
    name: Mapping[str, str]
    description: Mapping[str, str]
    rights: list[RightBody]
    access_packages: list[PackageBody]
    is_deleted: bool
    client_id: list[str]
    is_visible: bool
    allowed_redirect_urls: list[str]


class SystemEntry(msgspec.Struct, rename="camel"):
    """A system as a line of a list, and as customers read it."""

    system_id: str
    system_vendor_org_number: str
    system_vendor_org_name: str
    name: Mapping[str, str]
    description: Mapping[str, str]
    rights: list[RightBody]
    access_packages: list[PackageBody]
    is_visible: bool


class Succeeded(msgspec.Struct, rename="camel"):
    """The answer to every update."""

    succeeded: bool = True


class PastRight(msgspec.Struct, rename="pascal"):
    """A single service in the change log."""

    action: str | None
    resource: list[PairBody]


class PastPackage(msgspec.Struct, rename="pascal"):
    """An access package in the change log."""

    urn: str


class PastPart(msgspec.Struct, rename="pascal"):
    """What a system was given alone: a single service, or an access package by its URN."""

    action: str | UnsetType | None = UNSET
    resource: list[PairBody] | UnsetType = UNSET
    urn: str | UnsetType = UNSET


class PastSystem(msgspec.Struct, rename="pascal"):
    """A whole system in the change log: names in the order that the original's database keeps."""

    id: str
    name: Mapping[str, str]
    rights: list[PastRight]
    vendor: VendorBody
    client_id: list[str]
    is_visible: bool
    description: Mapping[str, str]
    access_packages: list[PastPackage]
    allowed_redirect_urls: list[str]


class ChangeEntry(msgspec.Struct, rename="camel", kw_only=True):
    """One line of a change log."""

    system_internal_id: UUID
    changed_by_org_number: str
    change_type: str
    changed_data: PastSystem | list[PastPart] | UnsetType = UNSET
    client_id: str | UnsetType = UNSET
    created: str


def read_system(body: SystemBody) -> SystemFacts:
    """What the body says of the system, but for its vendor."""
    return SystemFacts(
        id=body.id.strip(),
        name=body.name,
        description=body.description,
        rights=read_rights(body.rights),
        packages=read_packages(body.access_packages or []),
        client_ids=tuple(body.client_id),
        is_visible=body.is_visible,
        redirect_urls=tuple(read_redirect_url(url) or url for url in body.allowed_redirect_urls),
    )


def read_vendor_id(body: SystemBody) -> str:
    """The vendor that the body names, as it stands there."""
    return body.vendor.ID.strip()


def read_rights(rights: Sequence[RightBody]) -> tuple[ServiceRight, ...]:
    """The single services."""
    return tuple(
        ServiceRight(
            tuple(AttributePair(pair.id, pair.value) for pair in right.resource),
            None if right.action is UNSET else right.action,
        )
        for right in rights
    )


def read_packages(packages: Sequence[PackageBody]) -> tuple[str, ...]:
    """The packages' URNs."""
    return tuple(package.urn for package in packages)


def write_rights(rights: Sequence[ServiceRight]) -> list[RightBody]:
    """The single services; an action that was not given is left out."""
    return [RightBody(_write_pairs(right), right.action or UNSET) for right in rights]


def _write_pairs(right: ServiceRight) -> list[PairBody]:
    return [PairBody(pair.id, pair.value) for pair in right.pairs]


def write_packages(packages: Sequence[str]) -> list[PackageBody]:
    """The packages' URNs, each in an object."""
    return [PackageBody(urn) for urn in packages]


def write_system(system: RegisteredSystem) -> SystemAnswer:
    """The system as its vendor reads it."""
    facts = system.facts
    return SystemAnswer(
        id=facts.id,
        vendor=VendorBody(system.vendor.iso6523),
        name=facts.name,
        description=facts.description,
        rights=write_rights(facts.rights),
        access_packages=write_packages(facts.packages),
        is_deleted=system.is_deleted,
        client_id=list(facts.client_ids),
        is_visible=facts.is_visible,
        allowed_redirect_urls=list(facts.redirect_urls),
    )


def write_entry(system: RegisteredSystem) -> SystemEntry:
    """The system as a line of a list."""
    facts = system.facts
    return SystemEntry(
        system_id=facts.id,
        system_vendor_org_number=system.vendor.digits,
        system_vendor_org_name="",
        name=facts.name,
        description=facts.description,
        rights=write_rights(facts.rights),
        access_packages=write_packages(facts.packages),
        is_visible=facts.is_visible,
    )


def write_change(system: RegisteredSystem, change: SystemChange) -> ChangeEntry:
    """One line of the change log of `system`."""
    return ChangeEntry(
        system_internal_id=system.internal_id,
        changed_by_org_number=change.changed_by.digits,
        change_type=change.kind.value,
        changed_data=_write_past(system, change.facts),
        client_id=change.client_id or UNSET,
        created=f"{utc(change.at):%Y-%m-%dT%H:%M:%S.%f}+00:00",
    )


def _write_past(
    system: RegisteredSystem, facts: ChangedFacts
) -> PastSystem | list[PastPart] | UnsetType:
    if facts is None:
        return UNSET
    if isinstance(facts, SystemFacts):
        return PastSystem(
            id=facts.id,
            name=_in_stored_order(facts.name),
            rights=_past_rights(facts.rights),
            vendor=VendorBody(system.vendor.iso6523),
            client_id=list(facts.client_ids),
            is_visible=facts.is_visible,
            description=_in_stored_order(facts.description),
            access_packages=[PastPackage(urn) for urn in facts.packages],
            allowed_redirect_urls=list(facts.redirect_urls),
        )
    return [
        PastPart(urn=fact)
        if isinstance(fact, str)
        else PastPart(action=fact.action, resource=_write_pairs(fact))
        for fact in facts
    ]


def _past_rights(rights: Sequence[ServiceRight]) -> list[PastRight]:
    return [PastRight(right.action, _write_pairs(right)) for right in rights]


def _in_stored_order(texts: Mapping[str, str]) -> Mapping[str, str]:
    return dict(sorted(texts.items(), key=lambda item: (len(item[0]), item[0].encode())))
