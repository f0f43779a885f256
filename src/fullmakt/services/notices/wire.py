"""Notices as CloudEvents 1.0 in JSON (CloudEvents, JSON event format, 1.0.2)."""

from __future__ import annotations

from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from fullmakt.foundation.terms import urns
from fullmakt.foundation.terms.moments import write_moment
from fullmakt.services.notices.model import Notice, NoticePage
from fullmakt.services.notices.rules import write_position


class NoticeData(msgspec.Struct, rename="camel"):
    """The system user, and what else the notice tells."""

    system_user_id: UUID
    system_user_type: str
    system_id: str
    owner_org_no: str
    external_ref: str
    client_id: str | UnsetType = UNSET
    access_packages: list[str] | UnsetType = UNSET
    rights: list[str] | UnsetType = UNSET
    integration_title: str | UnsetType = UNSET


class CloudEvent(msgspec.Struct):
    """One notice. `id` is its position: unique for `source`, and the same at every delivery."""

    specversion: str
    id: str
    source: str
    type: str
    time: str
    subject: str
    datacontenttype: str
    data: NoticeData


class FeedPage(msgspec.Struct, rename="camel"):
    """Notices, and the address that goes on after them: now, or when more has happened."""

    links: dict[str, str]
    position: str
    is_last: bool
    data: list[CloudEvent]


def write_notice(notice: Notice, *, source: str) -> CloudEvent:
    """A notice as a CloudEvent."""
    user, facts = notice.user, notice.data
    packages, rights = facts.get("packages"), facts.get("rights")
    return CloudEvent(
        specversion="1.0",
        id=write_position(notice.position),
        source=source,
        type=notice.type,
        time=write_moment(notice.at),
        subject=f"urn:altinn:systemuser:uuid:{user.uuid}",
        datacontenttype="application/json",
        data=NoticeData(
            system_user_id=user.uuid,
            system_user_type=user.kind,
            system_id=user.system_id,
            owner_org_no=user.owner.digits,
            external_ref=user.external_ref,
            client_id=_text(facts.get("client")),
            access_packages=[urns.package_urn(str(name)) for name in packages]
            if isinstance(packages, list)
            else UNSET,
            rights=[str(right) for right in rights] if isinstance(rights, list) else UNSET,
            integration_title=_text(facts.get("name")),
        ),
    )


def _text(value: object) -> str | UnsetType:
    return UNSET if value is None else str(value)


def write_page(page: NoticePage, *, source: str, next_page: str) -> FeedPage:
    """A page of the feed."""
    return FeedPage(
        {"next": next_page},
        write_position(page.position),
        page.is_last,
        [write_notice(notice, source=source) for notice in page.notices],
    )
