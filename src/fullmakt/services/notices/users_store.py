"""The system users that notices are about, deleted ones too, with what they ever held."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select

from fullmakt.access.delegations.tables import grants
from fullmakt.access.parties.tables import assignments, entities
from fullmakt.access.resources.tables import policy_subjects, resource_versions, resources
from fullmakt.foundation.terms import urns
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.services.notices.model import ConcernedUser
from fullmakt.systems.system_register.tables import systems
from fullmakt.systems.system_users.tables import system_users

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Select

    from fullmakt.foundation.storage.database import Reading


def find_users(reading: Reading, uuids: Collection[UUID]) -> dict[UUID, ConcernedUser]:
    """Those of some parties (at most 500) that are system users, or were."""
    rows = reading.connection.execute(
        select(
            system_users, entities.c.orgno, systems.c.vendor, systems.c.system_id.label("system")
        )
        .join(entities, entities.c.id == system_users.c.owner_id)
        .join(systems, systems.c.id == system_users.c.system_id)
        .where(system_users.c.uuid.in_([str(uuid) for uuid in uuids]))
    ).all()
    packages, rights = _ever_given(reading, [row.entity_id for row in rows])
    return {
        UUID(row.uuid): ConcernedUser(
            uuid=UUID(row.uuid),
            kind=row.kind,
            system_id=row.system,
            vendor=OrganizationNumber(row.vendor),
            owner=OrganizationNumber(row.orgno),
            external_ref=row.external_ref,
            packages=frozenset({*json.loads(row.packages), *packages[row.entity_id]}),
            resources=frozenset({*json.loads(row.resources), *rights[row.entity_id]}),
        )
        for row in rows
    }


def _ever_given(
    reading: Reading, holders: Collection[int]
) -> tuple[dict[int, set[str]], dict[int, set[str]]]:
    """The packages and services that were ever given to each holder, by inner id."""
    packages: dict[int, set[str]] = defaultdict(set)
    rights: dict[int, set[str]] = defaultdict(set)
    rows = reading.connection.execute(
        select(assignments.c.to_id, grants.c.package, grants.c.resource)
        .join(grants, grants.c.assignment_id == assignments.c.id)
        .where(assignments.c.to_id.in_(holders))
    )
    for row in rows:
        if row.package is not None:
            packages[row.to_id].add(row.package)
        if row.resource is not None:
            rights[row.to_id].add(row.resource)
    return packages, rights


def list_own_resources(reading: Reading, owner: OrganizationNumber) -> frozenset[str]:
    """The services that an organisation owns or has owned."""
    return frozenset(reading.connection.scalars(_resources_of(owner)))


def _resources_of(owner: OrganizationNumber) -> Select[tuple[str]]:
    return (
        select(resources.c.identifier)
        .join(resource_versions, resource_versions.c.resource_id == resources.c.id)
        .where(resource_versions.c.owner == owner.digits)
        .distinct()
    )


def list_opening_packages(reading: Reading, owner: OrganizationNumber) -> frozenset[str]:
    """The access packages that open some service of an organisation."""
    statement = (
        select(policy_subjects.c.urn)
        .where(
            policy_subjects.c.identifier.in_(_resources_of(owner)),
            policy_subjects.c.urn.startswith(urns.ACCESS_PACKAGE_PREFIX, autoescape=True),
            ~policy_subjects.c.is_deleted,
        )
        .distinct()
    )
    return frozenset(
        urn.removeprefix(urns.ACCESS_PACKAGE_PREFIX)
        for urn in reading.connection.scalars(statement)
    )
