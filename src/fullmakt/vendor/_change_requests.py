"""Change requests: a vendor asks to widen or narrow what a standard system user has.

Altinn, system user change request API, `/authentication/api/v1/systemuser/changerequest/vendor`.
Agents cannot be changed: ask for a new one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from urllib.parse import quote
from uuid import UUID, uuid4

from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.vendor._access import (
    OwnAccess,
    read_packages,
    read_right,
    write_packages,
    write_right,
)
from fullmakt.vendor._answers import Members, Page, read_object, read_page
from fullmakt.vendor._environment import Environment
from fullmakt.vendor._flow import Flow, Request
from fullmakt.vendor._paging import each
from fullmakt.vendor._problems import check
from fullmakt.vendor._requests import READ, WRITE, RequestStatus, read_status
from fullmakt.vendor._transport import Transport

_NOTHING = OwnAccess()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewChange:
    """What a system user shall have, and have no longer.

    `id` is the change request's id, chosen by the vendor: the same one asked again is the same
    change request. A change that says nothing is answered with `NO_CHANGE_NEEDED`, and not kept.
    """

    system_user: UUID
    required: OwnAccess = _NOTHING
    unwanted: OwnAccess = _NOTHING
    redirect_url: str | None = None
    id: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRequest:
    """A change request as the platform has it.

    `required` and `unwanted` are as they were asked, not reduced to what is a change.
    `confirm_url` is where a person of the organisation answers; it is empty in lists.
    """

    id: UUID
    system_user: UUID
    system_id: str
    owner: OrganizationNumber
    external_ref: str
    status: RequestStatus
    required: OwnAccess
    unwanted: OwnAccess
    redirect_url: str = ""
    confirm_url: str = ""
    created: datetime | None = None
    is_timed_out: bool = False


def write_change(new: NewChange) -> dict[str, object]:
    """The change request as it is sent."""
    members: dict[str, object] = {
        "requiredRights": [write_right(right) for right in new.required.rights],
        "unwantedRights": [write_right(right) for right in new.unwanted.rights],
        "requiredAccessPackages": write_packages(new.required.packages),
        "unwantedAccessPackages": write_packages(new.unwanted.packages),
    }
    if new.redirect_url is not None:
        members["redirectUrl"] = new.redirect_url
    return members


def read_change(members: Members) -> ChangeRequest:
    """The change request as it is answered. Raises: UnexpectedAnswer."""
    return ChangeRequest(
        id=members.uuid("id"),
        system_user=members.uuid("systemUserId"),
        system_id=members.text("systemId"),
        owner=members.organization("partyOrgNo"),
        external_ref=members.text("externalRef"),
        status=read_status(members.text("status")),
        required=_access(members, "required"),
        unwanted=_access(members, "unwanted"),
        redirect_url=members.text_or("redirectUrl", ""),
        confirm_url=members.text_or("confirmUrl", ""),
        created=members.moment("created") if members.text_or("created", "") else None,
        is_timed_out=members.flag("timedOut"),
    )


def _access(members: Members, which: str) -> OwnAccess:
    return OwnAccess(
        packages=read_packages(members, f"{which}AccessPackages"),
        rights=tuple(read_right(right) for right in members.objects(f"{which}Rights")),
    )


def ask(environment: Environment, new: NewChange) -> Flow[ChangeRequest]:
    """Ask for a change."""
    answer = yield Request(
        "POST",
        _address(environment),
        params={"correlation-id": str(new.id), "system-user-id": str(new.system_user)},
        json=write_change(new),
        scopes=WRITE,
    )
    return read_change(read_object(check(answer)))


def fetch_change(environment: Environment, change_id: UUID) -> Flow[ChangeRequest]:
    """The change request with this id."""
    answer = yield Request("GET", f"{_address(environment)}/{change_id}", scopes=READ)
    return read_change(read_object(check(answer)))


def fetch_by_external_ref(
    environment: Environment, system_id: str, owner: OrganizationNumber, external_ref: str | None
) -> Flow[ChangeRequest]:
    """The newest change request of the system user with these ids of the vendor's own."""
    parts = (system_id, str(owner), external_ref or str(owner))
    path = "/".join(quote(part, safe="") for part in parts)
    answer = yield Request("GET", f"{_address(environment)}/byexternalref/{path}", scopes=READ)
    return read_change(read_object(check(answer)))


def fetch_page(
    environment: Environment, system_id: str, token: str | None
) -> Flow[Page[ChangeRequest]]:
    """One page of a system's change requests."""
    answer = yield Request(
        "GET",
        f"{_address(environment)}/bysystem/{quote(system_id, safe='')}",
        params={} if token is None else {"token": token},
        scopes=READ,
    )
    return read_page(check(answer), read_change)


def delete_change(environment: Environment, change_id: UUID) -> Flow[None]:
    """Withdraw the change request."""
    answer = yield Request("DELETE", f"{_address(environment)}/{change_id}", scopes=WRITE)
    check(answer)


def _address(environment: Environment) -> str:
    return f"{environment.authentication}/systemuser/changerequest/vendor"


class ChangeRequests:
    """A vendor's requests to change standard system users.

    Needs scopes `altinn:authentication/systemuser.request.read` and `…request.write`; write does
    not give read. Every call raises: VendorError.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def ask(self, new: NewChange) -> ChangeRequest:
        """Ask for a change. Asking again with the same id gives the same change request.

        Raises: SystemUserNotChangeable, SystemNotFound, RightNotOnSystem, PackageNotOnSystem,
        PackageNotDelegable, RedirectRefused.
        """
        return self._transport.run(ask(self._transport.environment, new))

    def read(self, change_id: UUID) -> ChangeRequest:
        """How the change request stands now; never waits.

        Raises: RequestNotFound, SystemNotFound.
        """
        return self._transport.run(fetch_change(self._transport.environment, change_id))

    def by_external_ref(
        self, system_id: str, owner: OrganizationNumber, external_ref: str | None = None
    ) -> ChangeRequest:
        """The newest change request of the system user with these references.

        QUIRK: Altinn answers here without the packages; `read` has them.

        Raises: RequestNotFound, SystemNotFound.
        """
        flow = fetch_by_external_ref(self._transport.environment, system_id, owner, external_ref)
        return self._transport.run(flow)

    def by_system(self, system_id: str) -> Iterator[ChangeRequest]:
        """All change requests of a system, page by page as they are taken.

        QUIRK: Altinn gives the first page again to every token; a list with more than one page is
        then refused as unexpected.

        Raises: SystemNotFound.
        """
        return each(self._transport, partial(fetch_page, self._transport.environment, system_id))

    def delete(self, change_id: UUID) -> None:
        """Withdraw a change request; what was changed by it stays.

        Raises: RequestNotFound, SystemNotFound.
        """
        self._transport.run(delete_change(self._transport.environment, change_id))
