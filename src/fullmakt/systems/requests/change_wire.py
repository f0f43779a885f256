"""Change requests as JSON."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from fullmakt.foundation.terms.moments import write_moment
from fullmakt.foundation.terms.problem import TextProblem
from fullmakt.systems.requests.change_answers import OpenedChange
from fullmakt.systems.requests.change_model import (
    ChangePage,
    ChangeRequest,
    ChangeWish,
    Difference,
)
from fullmakt.systems.requests.change_rules import is_change_timed_out
from fullmakt.systems.requests.wire import (
    Links,
    PackageBody,
    RightBody,
    read_packages,
    read_rights,
    trimmed,
    write_packages,
    write_rights,
)
from fullmakt.systems.system_users.parameters import read_optional_id

_NO_CORRELATION_ID = (
    "Missing or invalid QueryParameter: correlation-id. Generate a unique UUID (RFC 4122) for this"
    " Change Request, and add as a Query Parameter."
)


class ChangeBody(msgspec.Struct, rename="camel"):
    """A change of what a system user has; what is left out is empty."""

    required_rights: list[RightBody] = []
    unwanted_rights: list[RightBody] = []
    required_access_packages: list[PackageBody] = []
    unwanted_access_packages: list[PackageBody] = []
    redirect_url: str | None = None


class ChangeAnswer(msgspec.Struct, rename="camel"):
    """A change request as its vendor reads it, and with the party's ids as its customer does."""

    id: UUID
    external_ref: str
    system_id: str
    system_user_id: UUID
    party_org_no: str
    required_rights: list[RightBody]
    unwanted_rights: list[RightBody]
    required_access_packages: list[PackageBody]
    unwanted_access_packages: list[PackageBody]
    status: str
    redirect_url: str | UnsetType = UNSET
    confirm_url: str | UnsetType = UNSET
    party_id: int | UnsetType = UNSET
    party_uuid: UUID | UnsetType = UNSET
    created: str | UnsetType = UNSET
    timed_out: bool | UnsetType = UNSET


class ChangePageAnswer(msgspec.Struct, rename="camel"):
    """A page of a system's change requests."""

    links: Links
    data: list[ChangeAnswer]


def read_change(
    body: ChangeBody, *, correlation_id: str | None, system_user: str | None
) -> ChangeWish:
    """What the vendor asks for. Raises: InvalidInput, TextProblem (no correlation id)."""
    uuid = read_optional_id("correlation-id", correlation_id)
    if uuid is None:
        raise TextProblem(400, _NO_CORRELATION_ID)
    difference = Difference(
        required_rights=read_rights(body.required_rights),
        unwanted_rights=read_rights(body.unwanted_rights),
        required_packages=read_packages(body.required_access_packages),
        unwanted_packages=read_packages(body.unwanted_access_packages),
    )
    named = read_optional_id("system-user-id", system_user)
    return ChangeWish(uuid, named, difference, trimmed(body.redirect_url))


def write_change(
    change: ChangeRequest, *, at: datetime, confirm_url: str | None = None
) -> ChangeAnswer:
    """The change request as its vendor reads it."""
    answer = _facts(change)
    answer.confirm_url = UNSET if confirm_url is None else confirm_url
    answer.created = write_moment(change.created)
    answer.timed_out = is_change_timed_out(change, at=at)
    return answer


def write_opened_change(opened: OpenedChange) -> ChangeAnswer:
    """The change request as the page of its approval reads it."""
    answer = _facts(opened.change)
    answer.party_id, answer.party_uuid = opened.party.party_id, opened.party.uuid
    return answer


def write_change_page(page: ChangePage, *, at: datetime, next_page: str | None) -> ChangePageAnswer:
    """A page of a system's change requests."""
    return ChangePageAnswer(
        Links(next_page or UNSET), [write_change(change, at=at) for change in page.changes]
    )


def _facts(change: ChangeRequest) -> ChangeAnswer:
    difference = change.difference
    return ChangeAnswer(
        id=change.uuid,
        external_ref=change.external_ref,
        system_id=change.system_id,
        system_user_id=change.system_user,
        party_org_no=change.party.digits,
        required_rights=write_rights(difference.required_rights),
        unwanted_rights=write_rights(difference.unwanted_rights),
        required_access_packages=write_packages(difference.required_packages),
        unwanted_access_packages=write_packages(difference.unwanted_packages),
        status=change.status.value,
        redirect_url=UNSET if change.redirect_url is None else change.redirect_url,
    )
