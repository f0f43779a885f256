"""The stream of changed system users as JSON."""

from __future__ import annotations

from uuid import UUID

import msgspec
from msgspec import UNSET

from fullmakt.foundation.terms.moments import write_moment
from fullmakt.systems.system_users.model import ChangedPage, ChangedSystemUser
from fullmakt.systems.system_users.wire import Links


class ChangedSystemUserShape(msgspec.Struct, rename="camel"):
    """A system user as the rest of the platform reads it."""

    id: UUID
    party_org_no: str
    party_id: str
    integration_title: str
    is_deleted: bool
    last_changed: str
    created: str
    sequence_no: int
    system_user_type: str


class ChangedStats(msgspec.Struct, rename="camel"):
    """Where in the stream a page is."""

    page_start: int
    page_end: int
    sequence_max: int


class ChangedPageShape(msgspec.Struct, rename="camel"):
    """A page of the stream of changes."""

    stats: ChangedStats
    links: Links
    data: list[ChangedSystemUserShape]


def write_changed(user: ChangedSystemUser) -> ChangedSystemUserShape:
    """The system user as the rest of the platform reads it."""
    return ChangedSystemUserShape(
        id=user.uuid,
        party_org_no=user.owner.digits,
        party_id=str(user.owner_party_id),
        integration_title=user.title,
        is_deleted=user.is_deleted,
        last_changed=write_moment(user.changed),
        created=write_moment(user.created),
        sequence_no=user.sequence_no,
        system_user_type=user.kind.value,
    )


def write_changed_page(page: ChangedPage, *, next_page: str | None) -> ChangedPageShape:
    """A page of changes; an empty one stands at the end of the stream."""
    numbers = [user.sequence_no for user in page.users] or [page.last]
    return ChangedPageShape(
        ChangedStats(numbers[0], numbers[-1], page.last),
        Links(next_page or UNSET),
        [write_changed(user) for user in page.users],
    )
