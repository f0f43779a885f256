"""Instances as the decision point asks for them: which app, whose, and how far they have come.

One short question on the connection kept for these, asked again for every decision.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from fullmakt.access.decisions.instances import StoredInstance
from fullmakt.foundation.terms import urns
from fullmakt.foundation.terms.moments import read_moment, utc
from fullmakt.services.apps import store
from fullmakt.services.apps.model import END_EVENT, TASKS, Stage
from fullmakt.services.apps.rules import has_come

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import Any

    from fullmakt.access.decisions.instances import InstanceId
    from fullmakt.foundation.storage.database import Database
    from fullmakt.foundation.terms.clock import Clock

_STATEMENT = store.stored_instance_statement()


class InstanceReader:
    """The storage of all apps of the house."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._text = database.text_of(_STATEMENT)

    def find(self, instance: InstanceId) -> StoredInstance | None:
        """The instance as it is now; None when that party has none with that id."""
        rows = self._database.ask(self._text, _parameters(instance))
        return _stored(instance, rows, now=self._clock.now())

    async def find_on_loop(self, instance: InstanceId) -> StoredInstance | None:
        """As `find`, waited for on the event loop."""
        rows = await self._database.ask_on_loop(self._text, _parameters(instance))
        return _stored(instance, rows, now=self._clock.now())


def _parameters(instance: InstanceId) -> dict[str, str | int]:
    return {"guid": str(instance.guid), "party": instance.party_id}


def _stored(
    instance: InstanceId, rows: Sequence[tuple[Any, ...]], *, now: datetime
) -> StoredInstance | None:
    if not rows:
        return None
    ((resource, organization, stage, feedback_at, party_uuid),) = rows
    named = urns.app_of_resource(resource)
    assert named is not None, "only apps have instances"
    comes_at = None if feedback_at is None else utc(read_moment(feedback_at))
    has_ended = has_come(comes_at, at=now)
    return StoredInstance(
        id=instance,
        service_owner=named[0],
        app=named[1],
        organization=organization,
        party_uuid=UUID(party_uuid),
        element=END_EVENT if has_ended else TASKS[Stage(stage)].element,
        has_ended=has_ended,
    )
