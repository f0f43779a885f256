"""System users as their vendor may see them.

Altinn, system user API, `/authentication/api/v1/systemuser/vendor`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from urllib.parse import quote
from uuid import UUID

from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.vendor._access import SystemUserKind
from fullmakt.vendor._answers import Members, Page, read_object, read_page
from fullmakt.vendor._environment import Environment
from fullmakt.vendor._exceptions import UnexpectedAnswer
from fullmakt.vendor._flow import Flow, Request
from fullmakt.vendor._paging import each
from fullmakt.vendor._problems import check
from fullmakt.vendor._tokens import SystemUserReference
from fullmakt.vendor._transport import Transport

# QUIRK: looking one up needs the scope that requests are written with, and listing them the
# register's (Altinn, system user API).
BY_QUERY = ("altinn:authentication/systemuser.request.write",)
BY_SYSTEM = ("altinn:authentication/systemregister.write",)


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemUser:
    """A system user. Which packages it has is not shown to its vendor."""

    id: UUID
    kind: SystemUserKind
    system_id: str
    owner: OrganizationNumber
    external_ref: str
    title: str = ""
    created: datetime | None = None
    is_deleted: bool = False

    @property
    def reference(self) -> SystemUserReference:
        """How to ask for its tokens."""
        is_own = self.external_ref in {"", str(self.owner)}
        return SystemUserReference(self.owner, None if is_own else self.external_ref)


def read_system_user(members: Members) -> SystemUser:
    """The system user as it is answered. Raises: UnexpectedAnswer."""
    kind = members.text("userType").lower()
    if kind not in set(SystemUserKind):
        raise UnexpectedAnswer(f"a system user cannot be of kind `{kind}`")
    return SystemUser(
        id=members.uuid("id"),
        kind=SystemUserKind(kind),
        system_id=members.text("systemId"),
        owner=members.organization("reporteeOrgNo"),
        external_ref=members.text_or("externalRef", ""),
        title=members.text_or("integrationTitle", ""),
        created=members.moment("created"),
        is_deleted=members.flag("isDeleted"),
    )


def fetch_by_query(
    environment: Environment,
    system_id: str,
    owner: OrganizationNumber,
    external_ref: str | None,
) -> Flow[SystemUser]:
    """The system user with these references."""
    params = {"system-id": system_id, "orgno": str(owner)}
    if external_ref is not None:
        params["external-ref"] = external_ref
    answer = yield Request(
        "GET",
        f"{environment.authentication}/systemuser/vendor/byquery",
        params=params,
        scopes=BY_QUERY,
    )
    return read_system_user(read_object(check(answer)))


def fetch_page(
    environment: Environment, system_id: str, token: str | None
) -> Flow[Page[SystemUser]]:
    """One page of a system's system users."""
    path = quote(system_id, safe="")
    answer = yield Request(
        "GET",
        f"{environment.authentication}/systemuser/vendor/bysystem/{path}",
        params={} if token is None else {"token": token},
        scopes=BY_SYSTEM,
    )
    return read_page(check(answer), read_system_user)


class SystemUsers:
    """The system users of a vendor's systems.

    Needs scope `altinn:authentication/systemuser.request.write` to look one up, and
    `altinn:authentication/systemregister.write` to list them. Every call raises: VendorError.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def by_query(
        self, system_id: str, owner: OrganizationNumber, external_ref: str | None = None
    ) -> SystemUser:
        """The system user with these references, of either kind. Raises: NotFound."""
        return self._transport.run(
            fetch_by_query(self._transport.environment, system_id, owner, external_ref)
        )

    def by_system(self, system_id: str) -> Iterator[SystemUser]:
        """All system users of a system, page by page as they are taken. Raises: SystemNotFound."""
        return each(self._transport, partial(fetch_page, self._transport.environment, system_id))
