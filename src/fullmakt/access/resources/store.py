"""Resources and their policies in the database."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, insert, select, update

from fullmakt.access.resources.model import (
    ContactPoint,
    NewResource,
    PolicyVersion,
    Resource,
    ResourceReference,
    ResourceType,
)
from fullmakt.access.resources.tables import policies, resources
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.foundation.terms.text import LocalizedText

if TYPE_CHECKING:
    from sqlalchemy import Row, Select

    from fullmakt.foundation.storage.database import Reading, Work


def _details(new: NewResource) -> str:
    texts = {
        "title": new.title,
        "description": new.description,
        "rightDescription": new.right_description,
        "ownerName": new.owner_name,
    }
    facts: dict[str, object] = {
        name: value.as_mapping() for name, value in texts.items() if value is not None
    }
    facts |= {
        "ownerCode": new.owner_code,
        "isDelegable": new.is_delegable,
        "isVisible": new.is_visible,
        "contactPoints": [
            [each.category, each.email, each.telephone, each.contact_page]
            for each in new.contact_points
        ],
        "references": [
            [each.source, each.reference, each.reference_type] for each in new.references
        ],
    }
    return json.dumps(facts, ensure_ascii=False)


def _resource(row: Row[Any]) -> Resource:
    details = json.loads(row.details)

    def text(name: str) -> LocalizedText | None:
        return LocalizedText.from_mapping(details[name]) if name in details else None

    return Resource(
        id=row.id,
        version_id=row.version_id,
        identifier=row.identifier,
        resource_type=ResourceType(row.type),
        owner=OrganizationNumber(row.owner),
        owner_code=details["ownerCode"],
        title=LocalizedText.from_mapping(details["title"]),
        description=text("description"),
        right_description=text("rightDescription"),
        owner_name=text("ownerName"),
        is_delegable=details["isDelegable"],
        is_visible=details["isVisible"],
        contact_points=tuple(ContactPoint(*each) for each in details["contactPoints"]),
        references=tuple(ResourceReference(*each) for each in details["references"]),
    )


def find_resource(reading: Reading, identifier: str) -> Resource | None:
    """The resource with this identifier."""
    row = reading.connection.execute(
        select(resources).where(resources.c.identifier == identifier)
    ).one_or_none()
    return None if row is None else _resource(row)


def list_resources(reading: Reading) -> list[Resource]:
    """Every resource, in the order they were registered."""
    rows = reading.connection.execute(select(resources).order_by(resources.c.id))
    return [_resource(row) for row in rows]


def add_resource(work: Work, new: NewResource) -> Resource:
    """Register a resource."""
    result = work.connection.execute(
        insert(resources)
        .values(
            identifier=new.identifier,
            type=new.resource_type.value,
            owner=new.owner.digits,
            version_id=work.revision,
            details=_details(new),
        )
        .returning(resources)
    )
    return _resource(result.one())


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


def shelf_statement() -> Select[Any]:
    """Asks resource `:identifier` and the policy of it that stands, in one snapshot."""
    return (
        select(
            resources.c.id,
            resources.c.owner,
            resources.c.details,
            policies.c.version,
            policies.c.sha256,
            policies.c.xml,
        )
        .join(policies, policies.c.resource_id == resources.c.id)
        .where(resources.c.identifier == bindparam("identifier"), policies.c.ended_rev.is_(None))
    )


def title_of(details: str) -> LocalizedText:
    """The title in the details of a resource's row."""
    return LocalizedText.from_mapping(json.loads(details)["title"])
