"""App instances and data elements in the database.

Contents are read apart from the rest: listing an instance does not load its files.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, String, bindparam, cast, delete, insert, select, update

from fullmakt.access.parties.tables import entities
from fullmakt.foundation.storage.database import Journal, Reading
from fullmakt.foundation.terms.moments import utc
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.services.apps.model import (
    DataElement,
    Feedback,
    Instance,
    InstanceReference,
    NewElement,
    Stage,
    Substatus,
)
from fullmakt.services.apps.tables import app_elements, app_instances

_WITHOUT_CONTENT = tuple(column for column in app_elements.c if column.name != "content")


def add_instance(
    journal: Journal, *, app: str, reference: InstanceReference, owner: OrganizationNumber
) -> Instance:
    """Add an instance at the stage of filling in."""
    row = journal.connection.execute(
        insert(app_instances)
        .values(
            guid=str(reference.guid),
            app=app,
            party_id=reference.party_id,
            organization=owner.digits,
            stage=Stage.FILLING.value,
            began_at=journal.now,
            stage_began_at=journal.now,
            changed_at=journal.now,
        )
        .returning(app_instances)
    ).one()
    return _instance(row)


def find_instance(
    reading: Reading, *, app: str, reference: InstanceReference, to_change: bool = False
) -> Instance | None:
    """The app's instance with this reference.

    `to_change` keeps others from changing it before this transaction ends.
    """
    statement = select(app_instances).where(
        app_instances.c.guid == str(reference.guid),
        app_instances.c.party_id == reference.party_id,
        app_instances.c.app == app,
    )
    if to_change:
        statement = statement.with_for_update()
    row = reading.connection.execute(statement).one_or_none()
    return None if row is None else _instance(row)


def stored_instance_statement() -> Select[Any]:
    """Asks for the instance `:guid` of the party `:party`, and for that party's ids: one row."""
    return select(
        app_instances.c.app,
        app_instances.c.organization,
        app_instances.c.stage,
        cast(app_instances.c.feedback_at, String),
        entities.c.uuid,
    ).where(
        app_instances.c.guid == bindparam("guid"),
        app_instances.c.party_id == bindparam("party"),
        entities.c.party_id == app_instances.c.party_id,
    )


def replace_instance(journal: Journal, instance: Instance) -> None:
    """Write the instance's stage, times and feedback."""
    feedback = instance.feedback
    journal.connection.execute(
        update(app_instances)
        .where(app_instances.c.id == instance.id)
        .values(
            stage=instance.stage.value,
            stage_began_at=instance.stage_began_at,
            changed_at=instance.changed_at,
            feedback_at=None if feedback is None else feedback.comes_at,
            feedback_label=None if feedback is None else feedback.substatus.label,
            feedback_description=None if feedback is None else feedback.substatus.description,
        )
    )


def list_elements(reading: Reading, instance: Instance) -> list[DataElement]:
    """The elements of the instance, oldest first, those still to be seen too."""
    rows = reading.connection.execute(
        select(*_WITHOUT_CONTENT)
        .where(app_elements.c.instance_id == instance.id)
        .order_by(app_elements.c.id)
    )
    return [_element(row) for row in rows]


def get_content(reading: Reading, element: DataElement) -> bytes:
    """The content of an element that is known to exist."""
    return bytes(
        reading.connection.execute(
            select(app_elements.c.content).where(app_elements.c.id == element.id)
        ).scalar_one()
    )


def add_element(
    journal: Journal, instance: Instance, new: NewElement, *, guid: UUID, at: datetime
) -> DataElement:
    """Add an element, to be seen from `at` on."""
    row = journal.connection.execute(
        insert(app_elements)
        .values(
            guid=str(guid),
            instance_id=instance.id,
            data_type=new.data_type,
            content_type=new.content_type,
            file_name=new.file_name,
            size=len(new.content),
            created_at=at,
            changed_at=at,
            content=new.content,
        )
        .returning(*_WITHOUT_CONTENT)
    ).one()
    return _element(row)


def replace_element(journal: Journal, element: DataElement, new: NewElement) -> DataElement:
    """Give the element new content; it keeps its file name when none is given."""
    row = journal.connection.execute(
        update(app_elements)
        .where(app_elements.c.id == element.id)
        .values(
            content_type=new.content_type,
            file_name=new.file_name or element.file_name,
            size=len(new.content),
            changed_at=journal.now,
            content=new.content,
        )
        .returning(*_WITHOUT_CONTENT)
    ).one()
    return _element(row)


def remove_element(journal: Journal, element: DataElement) -> None:
    """Delete the element: what was never sent in is not kept."""
    journal.connection.execute(delete(app_elements).where(app_elements.c.id == element.id))


def _instance(row: Row[Any]) -> Instance:
    feedback = None
    if row.feedback_at is not None:
        substatus = Substatus(row.feedback_label, row.feedback_description)
        feedback = Feedback(utc(row.feedback_at), substatus)
    return Instance(
        id=row.id,
        reference=InstanceReference(row.party_id, UUID(row.guid)),
        app=row.app,
        owner=OrganizationNumber(row.organization),
        stage=Stage(row.stage),
        began_at=utc(row.began_at),
        stage_began_at=utc(row.stage_began_at),
        changed_at=utc(row.changed_at),
        feedback=feedback,
    )


def _element(row: Row[Any]) -> DataElement:
    return DataElement(
        id=row.id,
        guid=UUID(row.guid),
        data_type=row.data_type,
        content_type=row.content_type,
        file_name=row.file_name,
        size=row.size,
        created_at=utc(row.created_at),
        changed_at=utc(row.changed_at),
    )
