"""Connections as JSON: the names of Altinn's access management; what is absent is null."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Generic, TypeVar
from uuid import UUID

import msgspec

from fullmakt.access.connections.identifiers import assignment_id, grant_id, resource_uuid
from fullmakt.access.connections.rules import right_key
from fullmakt.access.parties.model import PartyKind
from fullmakt.access.policy.names import ACTION_ID

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from fullmakt.access.catalog.model import Catalog, Package, Role
    from fullmakt.access.connections.model import Record
    from fullmakt.access.delegations.model import Grant, Right
    from fullmakt.access.parties.model import Assignment, Party
    from fullmakt.access.resources.model import Resource

Item = TypeVar("Item")
_KINDS = {
    PartyKind.ORGANIZATION: "Organisasjon",
    PartyKind.PERSON: "Person",
    PartyKind.SYSTEM_USER: "Systembruker",
}
_ACTION_NAMES = {"read": "Les", "write": "Skriv", "sign": "Signer", "delete": "Slett"}


class PersonBody(msgspec.Struct, rename="camel"):
    """A person to give to, by identity number and last name."""

    person_identifier: str | None = None
    last_name: str | None = None


class RightKeys(msgspec.Struct, rename="camel"):
    """The rights to give, by their keys."""

    direct_right_keys: list[str]


class Links(msgspec.Struct):
    """Where the next page is: everything is on one page here."""

    next: str | None = None


class Paged(msgspec.Struct, Generic[Item]):
    """A page, which is the only one."""

    data: list[Item]
    links: Links = msgspec.field(default_factory=Links)


class PartyShape(msgspec.Struct, rename="camel"):
    """A party. Identity numbers are not told.

    QUIRK: `partyid` is spelled in lower case, as in the original
    (test_a_party_is_told_with_the_originals_member_names).
    """

    id: UUID
    name: str
    type: str
    variant: str
    parent: PartyShape | None
    children: list[PartyShape] | None
    party_id: int | None = msgspec.field(name="partyid")
    user_id: int | None
    username: str | None
    organization_identifier: str | None
    person_identifier: str | None
    date_of_birth: str | None
    date_of_death: str | None
    is_deleted: bool
    deleted_at: str | None


class RoleShape(msgspec.Struct, rename="camel"):
    """A role.

    QUIRK: one member's name ends with a space, as in the original
    (test_a_role_is_told_with_the_originals_member_names).
    """

    id: UUID
    code: str
    urn: str
    legacy_urn: str | None = msgspec.field(name="legacyurn ")
    children: list[RoleShape] | None = None


class PackageShape(msgspec.Struct, rename="camel"):
    """An access package."""

    id: UUID
    urn: str
    area_id: UUID


class ResourceShape(msgspec.Struct, rename="camel"):
    """A service; `ref_id` is its identifier in the resource registry."""

    id: UUID
    name: str
    description: str | None
    ref_id: str


class AssignmentShape(msgspec.Struct, rename="camel"):
    """A role that was given."""

    id: UUID
    role_id: UUID
    from_id: UUID
    to_id: UUID


class GivenPackage(msgspec.Struct, rename="camel"):
    """An access package that was given."""

    id: UUID
    assignment_id: UUID
    package_id: UUID


class Connection(msgspec.Struct, rename="camel"):
    """Everything between the party asked about and one other.

    `connections` are those who have it through that other.
    """

    party: PartyShape
    via_role: RoleShape | None
    roles: list[RoleShape]
    packages: list[PackageShape]
    resources: list[ResourceShape]
    instances: list[None]
    connections: list[Connection]


class Permission(msgspec.Struct, rename="camel"):
    """One way in which somebody has it."""

    from_party: PartyShape = msgspec.field(name="from")
    to: PartyShape
    via: PartyShape | None
    role: RoleShape
    via_role: RoleShape | None
    reason: str


class PackagePermissions(msgspec.Struct):
    """An access package, and the ways in which it is held."""

    package: PackageShape
    permissions: list[Permission]


class ResourcePermissions(msgspec.Struct):
    """A service of which single rights were given, and the ways in which they are held."""

    resource: ResourceShape
    permissions: list[Permission]


class ActionShape(msgspec.Struct):
    """An action as an attribute."""

    type: str
    value: str


class RightShape(msgspec.Struct):
    """A right."""

    key: str
    name: str
    resource: list[ActionShape]
    action: ActionShape


class HeldRight(msgspec.Struct):
    """A right and the ways in which it is held."""

    right: RightShape
    reason: str
    permissions: list[Permission]


class ResourceRights(msgspec.Struct, rename="camel"):
    """The rights to one service: those given singly, and those that roles and packages give."""

    resource: ResourceShape
    direct_rights: list[HeldRight]
    indirect_rights: list[HeldRight]


def write_party(party: Party) -> PartyShape:
    """A party."""
    is_person = party.kind is PartyKind.PERSON
    born = party.details.get("dateOfBirth", party.details.get("fodselsdato"))
    return PartyShape(
        id=party.uuid,
        name=party.name,
        type=_KINDS[party.kind],
        variant=party.form,
        parent=None,
        children=None,
        party_id=party.party_id or None,
        user_id=None,
        username=None,
        organization_identifier=None if party.number is None else party.number.digits,
        person_identifier=None,
        date_of_birth=str(born) if is_person and born else None,
        date_of_death=None,
        is_deleted=party.is_deleted,
        deleted_at=None if party.deleted_at is None else party.deleted_at.isoformat(),
    )


def write_role(role: Role) -> RoleShape:
    """A role."""
    return RoleShape(role.id, role.code, role.urn, role.legacy_urn)


def write_package(catalog: Catalog, package: Package) -> PackageShape:
    """An access package."""
    return PackageShape(package.id, package.urn, catalog.area(package.area).id)


def write_resource(resource: Resource) -> ResourceShape:
    """A service."""
    description = None if resource.description is None else resource.description.nb
    identifier = resource.identifier
    return ResourceShape(resource_uuid(identifier), resource.title.nb, description, identifier)


def write_assignment(
    catalog: Catalog, assignment: Assignment, *, giver: Party, receiver: Party
) -> AssignmentShape:
    """A role that was given."""
    role = catalog.role(assignment.role)
    return AssignmentShape(assignment_id(assignment), role.id, giver.uuid, receiver.uuid)


def write_given(assignment: Assignment, grant: Grant, package: Package) -> GivenPackage:
    """An access package that was given."""
    return GivenPackage(grant_id(grant), assignment_id(assignment), package.id)


def write_connections(
    catalog: Catalog,
    records: Sequence[Record],
    resources: Mapping[str, Resource],
    *,
    is_given: bool,
) -> Paged[Connection]:
    """Records by the other party; those who have it through that party stand below it."""
    direct = [record for record in records if record.via is None or not is_given]
    through = [record for record in records if record.via is not None and is_given]
    below: dict[int, list[Record]] = defaultdict(list)
    for record in through:
        assert record.via is not None, "kept for that"
        below[record.via.id].append(record)
    known = {record.receiver.id for record in direct}
    alone = [record for record in through if record.via is not None and record.via.id not in known]
    shown = [*direct, *alone]
    return Paged(
        [
            _connection(catalog, party, held, below, resources)
            for party, held in _grouped(shown, _receiver if is_given else _giver)
        ]
    )


def _receiver(record: Record) -> Party:
    return record.receiver


def _giver(record: Record) -> Party:
    return record.giver


def _grouped(
    records: Iterable[Record], other: Callable[[Record], Party]
) -> list[tuple[Party, list[Record]]]:
    groups: dict[int, tuple[Party, list[Record]]] = {}
    for record in records:
        party = other(record)
        groups.setdefault(party.id, (party, []))[1].append(record)
    return sorted(groups.values(), key=lambda group: (group[0].name, group[0].id))


def _connection(
    catalog: Catalog,
    party: Party,
    held: Sequence[Record],
    below: Mapping[int, Sequence[Record]],
    resources: Mapping[str, Resource],
) -> Connection:
    via_role = next((record.via_role for record in held if record.via_role), None)
    packages = dict.fromkeys(name for record in held for name in record.packages)
    services = dict.fromkeys(right.resource for record in held for right in record.rights)
    return Connection(
        party=write_party(party),
        via_role=None if via_role is None else write_role(catalog.role(via_role)),
        roles=[
            write_role(catalog.role(code)) for code in dict.fromkeys(each.role for each in held)
        ],
        packages=[write_package(catalog, catalog.package(name)) for name in packages],
        resources=[write_resource(resources[name]) for name in services if name in resources],
        instances=[],
        connections=[
            _connection(catalog, person, passed_on, {}, resources)
            for person, passed_on in _grouped(below.get(party.id, ()), _receiver)
        ],
    )


def write_package_permissions(
    catalog: Catalog, records: Iterable[Record]
) -> Paged[PackagePermissions]:
    """Each package with the ways in which it is held."""
    held: dict[str, list[Permission]] = defaultdict(list)
    for record in records:
        for name in record.packages:
            held[name].append(_permission(catalog, record))
    return Paged(
        [
            PackagePermissions(write_package(catalog, catalog.package(name)), permissions)
            for name, permissions in sorted(held.items())
        ]
    )


def write_resource_permissions(
    catalog: Catalog, records: Iterable[Record], resources: Mapping[str, Resource]
) -> Paged[ResourcePermissions]:
    """Each service with the ways in which single rights to it are held."""
    held: dict[str, list[Permission]] = defaultdict(list)
    for record in records:
        for name in dict.fromkeys(right.resource for right in record.rights):
            held[name].append(_permission(catalog, record))
    return Paged(
        [
            ResourcePermissions(write_resource(resources[name]), permissions)
            for name, permissions in sorted(held.items())
            if name in resources
        ]
    )


def _permission(catalog: Catalog, record: Record) -> Permission:
    return Permission(
        from_party=write_party(record.giver),
        to=write_party(record.receiver),
        via=None if record.via is None else write_party(record.via),
        role=write_role(catalog.role(record.role)),
        via_role=None if record.via_role is None else write_role(catalog.role(record.via_role)),
        reason="-".join(reach.value for reach in record.reach),
    )


def write_rights(
    catalog: Catalog,
    resource: Resource,
    records: Sequence[Record],
    indirect: Iterable[tuple[Right, str]],
) -> ResourceRights:
    """The rights to one service: given singly with who gave them, and those with another source."""
    given: dict[Right, list[Permission]] = defaultdict(list)
    for record in records:
        for right in record.rights:
            if right.resource == resource.identifier:
                given[right].append(_permission(catalog, record))
    return ResourceRights(
        write_resource(resource),
        [
            HeldRight(write_right(resource, right.action), "DelegationAccess", permissions)
            for right, permissions in sorted(given.items())
        ],
        [HeldRight(write_right(resource, right.action), code, []) for right, code in indirect],
    )


def write_right(resource: Resource, action: str) -> RightShape:
    """A right to a service."""
    return RightShape(
        right_key(resource, action),
        _ACTION_NAMES.get(action, action),
        [ActionShape(each.id, each.value) for each in resource.authorization_reference],
        ActionShape(ACTION_ID, action),
    )
