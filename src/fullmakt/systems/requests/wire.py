"""Requests as JSON: what vendors send, what they read, and what the page of approval reads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from fullmakt.foundation.terms.moments import write_moment
from fullmakt.foundation.terms.problem import InvalidInput
from fullmakt.systems.requests.model import Reference, Request, RequestPage, Wish
from fullmakt.systems.requests.opening import OpenedRequest
from fullmakt.systems.requests.rules import is_timed_out
from fullmakt.systems.system_register.model import AttributePair, ServiceRight
from fullmakt.systems.system_users.model import SystemUserKind

Short = Annotated[str, msgspec.Meta(max_length=255)]


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


class StandardRequestBody(msgspec.Struct, rename="camel"):
    """A request for a system user that acts for the customer itself."""

    system_id: Short
    party_org_no: Short
    external_ref: Short | None = None
    integration_title: Short | None = None
    rights: list[RightBody] | None = None
    access_packages: list[PackageBody] | None = None
    redirect_url: str | None = None


class AgentRequestBody(msgspec.Struct, rename="camel"):
    """A request for a system user that acts for the customer's clients."""

    system_id: Short
    party_org_no: Short
    access_packages: list[PackageBody] | None = None
    rights: list[RightBody] | None = None
    external_ref: Short | None = None
    integration_title: Short | None = None
    redirect_url: str | None = None


class RequestAnswer(msgspec.Struct, rename="camel", kw_only=True):
    """A request as its vendor reads it. An agent request has `rights` if any were asked for."""

    id: UUID
    integration_title: str
    external_ref: str
    system_id: str
    party_org_no: str
    rights: list[RightBody] | UnsetType = UNSET
    access_packages: list[PackageBody]
    status: str
    redirect_url: str | UnsetType = UNSET
    confirm_url: str | UnsetType = UNSET
    escalated: bool
    created: str
    timed_out: bool


class OpenedAnswer(msgspec.Struct, rename="camel", kw_only=True):
    """A request as the page of its approval reads it."""

    id: UUID
    external_ref: str
    system_id: str
    party_org_no: str
    party_id: int
    party_uuid: UUID
    rights: list[RightBody]
    access_packages: list[PackageBody]
    status: str
    redirect_url: str | UnsetType = UNSET
    escalated: bool
    user_may_escalate_but_not_approve: bool
    created: str
    system_user_type: str | UnsetType = UNSET


class Links(msgspec.Struct, rename="camel"):
    """Where the next page is, unless this is the last."""

    next: str | UnsetType = UNSET


class RequestPageAnswer(msgspec.Struct, rename="camel"):
    """A page of a system's requests."""

    links: Links
    data: list[RequestAnswer]


def read_standard(body: StandardRequestBody) -> Wish:
    """What the vendor asks for."""
    return Wish(
        reference=read_reference(
            SystemUserKind.STANDARD, body.system_id, body.party_org_no, body.external_ref
        ),
        title=trimmed(body.integration_title),
        rights=None if body.rights is None else read_rights(body.rights),
        packages=None if body.access_packages is None else read_packages(body.access_packages),
        redirect_url=trimmed(body.redirect_url),
    )


def read_agent(body: AgentRequestBody, *, has_single_services: bool) -> Wish:
    """What the vendor asks for.

    Rights are passed over where agents cannot have single services. Raises: InvalidInput.
    """
    rights = body.rights if has_single_services else None
    if body.access_packages is None and not rights:
        raise InvalidInput({"accessPackages": ("The AccessPackages field is required.",)})
    return Wish(
        reference=read_reference(
            SystemUserKind.AGENT, body.system_id, body.party_org_no, body.external_ref
        ),
        title=trimmed(body.integration_title),
        rights=None if rights is None else read_rights(rights),
        packages=read_packages(body.access_packages or ()),
        redirect_url=trimmed(body.redirect_url),
    )


def read_reference(
    kind: SystemUserKind, system_id: str, party: str, external_ref: str | None
) -> Reference:
    """The reference; one that is missing or empty is the customer's number.

    QUIRK: the original looks an empty one up as it is and stores it as the number, so that a
    request can be made twice. Mended (test_an_empty_reference_is_the_customers_number).
    """
    customer = party.strip()
    return Reference(kind, system_id.strip(), customer, (external_ref or "").strip() or customer)


def trimmed(text: str | None) -> str | None:
    """A text without spaces around it; None stays."""
    return None if text is None else text.strip()


def read_rights(rights: Sequence[RightBody]) -> tuple[ServiceRight, ...]:
    """Single services as they are sent."""
    return tuple(
        ServiceRight(
            tuple(AttributePair(pair.id, pair.value) for pair in right.resource),
            None if right.action is UNSET else right.action,
        )
        for right in rights
    )


def read_packages(packages: Sequence[PackageBody]) -> tuple[str, ...]:
    """The URNs of packages as they are sent."""
    return tuple(package.urn for package in packages)


def write_rights(rights: Sequence[ServiceRight]) -> list[RightBody]:
    """Single services as they are answered."""
    return [
        RightBody(
            [PairBody(pair.id, pair.value) for pair in right.pairs],
            right.action or UNSET,
        )
        for right in rights
    ]


def write_packages(packages: Sequence[str]) -> list[PackageBody]:
    """Packages as they are answered."""
    return [PackageBody(urn) for urn in packages]


def write_request(
    request: Request,
    *,
    at: datetime,
    confirm_url: str | None = None,
    with_escalation: bool = True,
) -> RequestAnswer:
    """The request as its vendor reads it."""
    is_agent = request.kind is SystemUserKind.AGENT
    return RequestAnswer(
        id=request.uuid,
        integration_title=request.title,
        external_ref=request.external_ref,
        system_id=request.system_id,
        party_org_no=request.party.digits,
        rights=UNSET if is_agent and not request.rights else write_rights(request.rights),
        access_packages=write_packages(request.packages),
        status=request.status.value,
        redirect_url=UNSET if request.redirect_url is None else request.redirect_url,
        confirm_url=UNSET if confirm_url is None else confirm_url,
        escalated=request.is_escalated and with_escalation,
        created=write_moment(request.created),
        timed_out=is_timed_out(request, at=at),
    )


def write_page(page: RequestPage, *, at: datetime, next_page: str | None) -> RequestPageAnswer:
    """A page of a system's requests."""
    return RequestPageAnswer(
        Links(next_page or UNSET), [write_request(request, at=at) for request in page.requests]
    )


def write_opened(opened: OpenedRequest) -> OpenedAnswer:
    """The request as the page of its approval reads it.

    QUIRK: the original says `Standard` of an agent request. Mended: `Agent`
    (test_an_opened_agent_request_says_that_it_is_one).
    """
    request, party = opened.request, opened.party
    return OpenedAnswer(
        id=request.uuid,
        external_ref=request.external_ref,
        system_id=request.system_id,
        party_org_no=request.party.digits,
        party_id=party.party_id,
        party_uuid=party.uuid,
        rights=write_rights(request.rights),
        access_packages=write_packages(request.packages),
        status=request.status.value,
        redirect_url=UNSET if request.redirect_url is None else request.redirect_url,
        escalated=request.is_escalated,
        user_may_escalate_but_not_approve=opened.may_only_escalate,
        created=write_moment(request.created),
        system_user_type="Agent" if request.kind is SystemUserKind.AGENT else UNSET,
    )
