"""Resources and their policies in the database."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import bindparam, delete, func, insert, select, update

from fullmakt.access.resources.model import AccessListMode, NewResource, PolicyVersion, Resource
from fullmakt.access.resources.tables import policies, resource_versions, resources
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.foundation.terms.text import LocalizedText

if TYPE_CHECKING:
    from sqlalchemy import Row, Select

    from fullmakt.foundation.storage.database import Reading, Work

_details = msgspec.json.Decoder(NewResource)


def _read_resource(row: Row[Any]) -> Resource:
    new = _details.decode(row.details)
    members = {name: getattr(new, name) for name in NewResource.__slots__}
    return Resource(**members, id=row.resource_id, version_id=row.version_id)


def _latest() -> Select[Any]:
    return (
        select(resource_versions)
        .join(resources, resources.c.id == resource_versions.c.resource_id)
        .where(resources.c.ended_rev.is_(None), resource_versions.c.ended_rev.is_(None))
    )


def find_resource(reading: Reading, identifier: str) -> Resource | None:
    """The resource with this identifier, in its latest version."""
    row = reading.connection.execute(
        _latest().where(resources.c.identifier == identifier)
    ).one_or_none()
    return None if row is None else _read_resource(row)


def find_resource_version(reading: Reading, identifier: str, version_id: int) -> Resource | None:
    """The resource that has this identifier, as it was in one version."""
    row = reading.connection.execute(
        select(resource_versions)
        .join(resources, resources.c.id == resource_versions.c.resource_id)
        .where(
            resources.c.identifier == identifier,
            resources.c.ended_rev.is_(None),
            resource_versions.c.version_id == version_id,
        )
    ).one_or_none()
    return None if row is None else _read_resource(row)


def list_resources(reading: Reading) -> list[Resource]:
    """Every resource in its latest version, in the order they were registered."""
    rows = reading.connection.execute(_latest().order_by(resources.c.id))
    return [_read_resource(row) for row in rows]


def add_resource(work: Work, new: NewResource) -> Resource:
    """Register a resource, with its first version."""
    resource_id = work.connection.execute(
        insert(resources)
        .values(identifier=new.identifier, began_rev=work.revision)
        .returning(resources.c.id)
    ).scalar_one()
    return _add_version(work, resource_id, new)


def _add_version(work: Work, resource_id: int, new: NewResource) -> Resource:
    result = work.connection.execute(
        insert(resource_versions)
        .values(
            resource_id=resource_id,
            version_id=work.revision,
            type=new.resource_type.value,
            owner=new.owner.digits,
            details=msgspec.json.encode(_new_part(new)).decode(),
            began_rev=work.revision,
        )
        .returning(resource_versions)
    )
    return _read_resource(result.one())


def _new_part(new: NewResource) -> NewResource:
    return NewResource(**{name: getattr(new, name) for name in NewResource.__slots__})


def replace_resource(work: Work, resource: Resource, new: NewResource) -> Resource:
    """Open the next version of `resource`, and close the one before.

    A version that this work itself opened is written over: nobody has seen it.
    """
    if resource.version_id == work.revision:
        work.connection.execute(
            delete(resource_versions).where(
                resource_versions.c.resource_id == resource.id,
                resource_versions.c.version_id == work.revision,
            )
        )
    else:
        _end_version(work, resource)
    return _add_version(work, resource.id, new)


def find_last_owner(reading: Reading, identifier: str) -> OrganizationNumber | None:
    """The owner of the latest resource that had this identifier, also where it is deleted."""
    statement = (
        select(resource_versions.c.owner)
        .join(resources, resources.c.id == resource_versions.c.resource_id)
        .where(resources.c.identifier == identifier)
        .order_by(resource_versions.c.id.desc())
        .limit(1)
    )
    owner = reading.connection.execute(statement).scalar_one_or_none()
    return None if owner is None else OrganizationNumber(owner)


def end_resource(work: Work, resource: Resource) -> None:
    """Close `resource` and its latest version; its identifier is free for its owner."""
    _end_version(work, resource)
    work.connection.execute(
        update(resources).where(resources.c.id == resource.id).values(ended_rev=work.revision)
    )


def _end_version(work: Work, resource: Resource) -> None:
    work.connection.execute(
        update(resource_versions)
        .where(
            resource_versions.c.resource_id == resource.id,
            resource_versions.c.ended_rev.is_(None),
        )
        .values(ended_rev=work.revision)
    )


def _policy(row: Row[Any]) -> PolicyVersion:
    return PolicyVersion(
        id=row.id,
        resource_id=row.resource_id,
        version=row.version,
        sha256=row.sha256,
        document=row.xml.encode(),
        began=row.began_rev,
        ended=row.ended_rev,
    )


def find_policy(reading: Reading, resource: Resource) -> PolicyVersion | None:
    """The policy of `resource` that stands."""
    row = reading.connection.execute(
        select(policies).where(
            policies.c.resource_id == resource.id, policies.c.ended_rev.is_(None)
        )
    ).one_or_none()
    return None if row is None else _policy(row)


def add_policy(work: Work, resource: Resource, *, document: bytes, sha256: str) -> PolicyVersion:
    """Open the next version of the policy of `resource`; the one before must be closed."""
    latest = work.connection.execute(
        select(func.max(policies.c.version)).where(policies.c.resource_id == resource.id)
    ).scalar_one()
    result = work.connection.execute(
        insert(policies)
        .values(
            resource_id=resource.id,
            version=(latest or 0) + 1,
            sha256=sha256,
            xml=document.decode(),
            began_rev=work.revision,
        )
        .returning(policies)
    )
    return _policy(result.one())


def end_policy(work: Work, policy: PolicyVersion) -> None:
    """Close a policy's version."""
    work.connection.execute(
        update(policies)
        .where(policies.c.id == policy.id, policies.c.ended_rev.is_(None))
        .values(ended_rev=work.revision)
    )


@cache
def shelf_statement() -> Select[Any]:
    """Asks resource `:identifier` and the policy of it that stands, in one snapshot."""
    return (
        select(
            resources.c.id,
            resource_versions.c.owner,
            resource_versions.c.details,
            policies.c.version,
            policies.c.sha256,
            policies.c.xml,
        )
        .join(resource_versions, resource_versions.c.resource_id == resources.c.id)
        .join(policies, policies.c.resource_id == resources.c.id)
        .where(
            resources.c.identifier == bindparam("identifier"),
            resources.c.ended_rev.is_(None),
            resource_versions.c.ended_rev.is_(None),
            policies.c.ended_rev.is_(None),
        )
    )


def title_of(details: str) -> LocalizedText:
    """The title in the details of a resource's row."""
    return LocalizedText.from_mapping(json.loads(details)["title"])


def access_list_mode_of(details: str) -> AccessListMode:
    """Whether access lists count, in the details of a resource's row."""
    return AccessListMode(json.loads(details)["access_list_mode"])
