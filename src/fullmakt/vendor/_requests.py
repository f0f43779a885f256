"""Requests: a vendor asks an organisation for a system user, and looks how the answer stands.

Altinn, system user request API, `/authentication/api/v1/systemuser/request/vendor`. One for the
organisation's own affairs (standard) and one for its clients (agent) differ in address and in what
they may ask for, and are the same otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import assert_never
from urllib.parse import quote
from uuid import UUID

from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.vendor._access import (
    ClientAccess,
    OwnAccess,
    Right,
    SystemUserKind,
    Wanted,
    read_packages,
    read_right,
    write_packages,
    write_right,
)
from fullmakt.vendor._answers import Members, Page, read_object, read_page
from fullmakt.vendor._environment import Environment
from fullmakt.vendor._exceptions import UnexpectedAnswer
from fullmakt.vendor._flow import Flow, Request
from fullmakt.vendor._paging import each
from fullmakt.vendor._problems import check
from fullmakt.vendor._transport import Transport

READ = ("altinn:authentication/systemuser.request.read",)
WRITE = ("altinn:authentication/systemuser.request.write",)


class RequestStatus(StrEnum):
    """How the organisation has answered."""

    NEW = "New"
    ACCEPTED = "Accepted"
    REJECTED = "Rejected"
    DENIED = "Denied"
    TIMED_OUT = "Timedout"
    NO_CHANGE_NEEDED = "NoChangeNeeded"  # of a change request that says nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemUserRequest:
    """A request as the platform has it.

    `confirm_url` is where a person of the organisation answers; it is empty in lists.
    """

    id: UUID
    kind: SystemUserKind
    system_id: str
    owner: OrganizationNumber
    external_ref: str
    status: RequestStatus
    title: str = ""
    packages: tuple[str, ...] = ()
    rights: tuple[Right, ...] = ()
    redirect_url: str = ""
    confirm_url: str = ""
    created: datetime | None = None
    is_escalated: bool = False
    is_timed_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRequest:
    """What is asked, of whom, for which system.

    Without `external_ref` the organisation's number is used, and tokens are then asked for without
    one as well. Without `title` the system's name is shown.
    """

    system_id: str
    owner: OrganizationNumber
    wanted: Wanted
    external_ref: str | None = None
    title: str | None = None
    redirect_url: str | None = None


def write_request(new: NewRequest) -> dict[str, object]:
    """The request as it is sent."""
    members: dict[str, object] = {"systemId": new.system_id, "partyOrgNo": str(new.owner)}
    optional = {
        "externalRef": new.external_ref,
        "integrationTitle": new.title,
        "redirectUrl": new.redirect_url,
    }
    members.update({name: value for name, value in optional.items() if value is not None})
    match new.wanted:
        case OwnAccess(packages=packages, rights=rights):
            members["rights"] = [write_right(right) for right in rights]
        case ClientAccess(packages=packages):
            pass
        case _:
            assert_never(new.wanted)
    members["accessPackages"] = write_packages(packages)
    return members


def read_request(members: Members, *, kind: SystemUserKind) -> SystemUserRequest:
    """The request as it is answered. Raises: UnexpectedAnswer."""
    return SystemUserRequest(
        id=members.uuid("id"),
        kind=kind,
        system_id=members.text("systemId"),
        owner=members.organization("partyOrgNo"),
        external_ref=members.text("externalRef"),
        status=read_status(members.text("status")),
        title=members.text_or("integrationTitle", ""),
        packages=read_packages(members, "accessPackages"),
        rights=tuple(read_right(right) for right in members.objects("rights")),
        redirect_url=members.text_or("redirectUrl", ""),
        confirm_url=members.text_or("confirmUrl", ""),
        created=members.moment("created"),
        is_escalated=members.flag("escalated"),
        is_timed_out=members.flag("timedOut"),
    )


def read_status(word: str) -> RequestStatus:
    """The status that is called `word`. Raises: UnexpectedAnswer."""
    try:
        return RequestStatus(word)
    except ValueError:
        raise UnexpectedAnswer(f"a request cannot have status `{word}`") from None


def ask(environment: Environment, new: NewRequest) -> Flow[SystemUserRequest]:
    """Ask for a system user."""
    kind = new.wanted.kind
    answer = yield Request(
        "POST", _address(environment, kind), json=write_request(new), scopes=WRITE
    )
    return read_request(read_object(check(answer)), kind=kind)


def fetch_request(
    environment: Environment, request_id: UUID, kind: SystemUserKind
) -> Flow[SystemUserRequest]:
    """The request with this id."""
    answer = yield Request("GET", f"{_address(environment, kind)}/{request_id}", scopes=READ)
    return read_request(read_object(check(answer)), kind=kind)


def fetch_by_external_ref(
    environment: Environment,
    system_id: str,
    owner: OrganizationNumber,
    external_ref: str | None,
    kind: SystemUserKind,
) -> Flow[SystemUserRequest]:
    """The request with these ids of the vendor's own."""
    parts = (system_id, str(owner), external_ref or str(owner))
    path = "/".join(quote(part, safe="") for part in parts)
    answer = yield Request(
        "GET", f"{_address(environment, kind)}/byexternalref/{path}", scopes=READ
    )
    return read_request(read_object(check(answer)), kind=kind)


def fetch_page(
    environment: Environment, system_id: str, kind: SystemUserKind, token: str | None
) -> Flow[Page[SystemUserRequest]]:
    """One page of a system's requests."""
    answer = yield Request(
        "GET",
        f"{_address(environment, kind)}/bysystem/{quote(system_id, safe='')}",
        params={} if token is None else {"token": token},
        scopes=READ,
    )
    return read_page(check(answer), partial(read_request, kind=kind))


def delete_request(environment: Environment, request_id: UUID) -> Flow[None]:
    """Withdraw the request, of either kind."""
    address = _address(environment, SystemUserKind.STANDARD)
    answer = yield Request("DELETE", f"{address}/{request_id}", scopes=WRITE)
    check(answer)


def _address(environment: Environment, kind: SystemUserKind) -> str:
    address = f"{environment.authentication}/systemuser/request/vendor"
    return f"{address}/agent" if kind is SystemUserKind.AGENT else address


class Requests:
    """A vendor's requests for system users.

    Needs scopes `altinn:authentication/systemuser.request.read` and `…request.write`; write does
    not give read. Every call raises: VendorError.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def ask(self, new: NewRequest) -> SystemUserRequest:
        """Ask for a system user. Asking again with the same references gives the same request.

        Raises: SystemUserExists, RequestExists, SystemNotFound, PartyNotFound, PackageNotOnSystem,
        PackageNotDelegable, RightNotOnSystem, NothingAskedFor, RedirectRefused.
        """
        return self._transport.run(ask(self._transport.environment, new))

    def read(
        self, request_id: UUID, *, kind: SystemUserKind = SystemUserKind.STANDARD
    ) -> SystemUserRequest:
        """How the request stands now; never waits.

        Raises: RequestNotFound (also for a request of the other kind), SystemNotFound.
        """
        return self._transport.run(fetch_request(self._transport.environment, request_id, kind))

    def by_external_ref(
        self,
        system_id: str,
        owner: OrganizationNumber,
        external_ref: str | None = None,
        *,
        kind: SystemUserKind = SystemUserKind.STANDARD,
    ) -> SystemUserRequest:
        """The request with these references. Raises: RequestNotFound, SystemNotFound."""
        return self._transport.run(
            fetch_by_external_ref(self._transport.environment, system_id, owner, external_ref, kind)
        )

    def by_system(
        self, system_id: str, *, kind: SystemUserKind = SystemUserKind.STANDARD
    ) -> Iterator[SystemUserRequest]:
        """All requests of a system, page by page as they are taken. Raises: SystemNotFound."""
        pages = partial(fetch_page, self._transport.environment, system_id, kind)
        return each(self._transport, pages)

    def delete(self, request_id: UUID) -> None:
        """Withdraw a request of either kind; a system user made from it stays.

        Raises: RequestNotFound, SystemNotFound.
        """
        self._transport.run(delete_request(self._transport.environment, request_id))
