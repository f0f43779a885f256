"""Change requests over HTTP for the vendors that send them."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from litestar import Response, delete, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery, QueryParameter, RawBody

from fullmakt.access.catalog.model import Catalog
from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.http.addresses import Addresses
from fullmakt.foundation.http.bodies import read_body
from fullmakt.foundation.http.doors import json_answer, scope
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.storage.database import Database
from fullmakt.systems.requests import change_service, change_wire, wire
from fullmakt.systems.requests.change_model import ChangeRequest
from fullmakt.systems.requests.model import Status
from fullmakt.systems.system_users.model import SystemUserKind
from fullmakt.systems.system_users.parameters import read_id, read_id_token, write_token

_CHANGES = "/authentication/api/v1/systemuser/changerequest"
_VENDOR = f"{_CHANGES}/vendor"

write_scope = scope("altinn:authentication/systemuser.request.write")
read_scope = scope("altinn:authentication/systemuser.request.read")

Text = str | None


@post(_VENDOR, guards=[write_scope], sync_to_thread=True)
def make_change(
    *,
    body: RawBody,
    caller: Given[Caller],
    database: Given[Database],
    catalog: Given[Catalog],
    addresses: Given[Addresses],
    correlation: Given[str],
    correlation_id: Annotated[Text, QueryParameter(name="correlation-id")] = None,
    system_user: Annotated[Text, QueryParameter(name="system-user-id")] = None,
) -> Response[bytes]:
    """Ask a customer to change what a standard system user has."""
    wish = change_wire.read_change(
        read_body(body, change_wire.ChangeBody),
        correlation_id=correlation_id,
        system_user=system_user,
    )
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        change, is_new = change_service.make_change_request(work, catalog, wish, caller=caller)
    confirm_url = _confirm_url(addresses, change)
    answer = change_wire.write_change(change, at=work.now, confirm_url=confirm_url)
    if not is_new:
        return json_answer(answer)
    location = f"{addresses.platform}{_CHANGES}/{change.uuid}"
    return json_answer(answer, status=201, headers={"location": location})


def _confirm_url(addresses: Addresses, change: ChangeRequest) -> str:
    if change.status is Status.NO_CHANGE_NEEDED:
        return ""
    page = f"{addresses.portal}/accessmanagement/ui/systemuser/changerequest"
    return f"{page}?id={change.uuid}&DONTCHOOSEREPORTEE=true"


@get(f"{_VENDOR}/{{request_id:str}}", guards=[read_scope], sync_to_thread=True)
def read_change(
    request_id: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    addresses: Given[Addresses],
) -> Response[bytes]:
    """A change request of the caller's."""
    uuid = read_id("requestId", request_id)
    with database.reading() as reading:
        change = change_service.get_own_change(reading, uuid, caller=caller)
    confirm_url = _confirm_url(addresses, change)
    return json_answer(change_wire.write_change(change, at=reading.now, confirm_url=confirm_url))


@get(
    f"{_VENDOR}/byexternalref/{{system_id:str}}/{{party:str}}/{{external_ref:str}}",
    guards=[read_scope],
    sync_to_thread=True,
)
def read_change_by_reference(
    *,
    system_id: FromPath[str],
    party: FromPath[str],
    external_ref: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    addresses: Given[Addresses],
) -> Response[bytes]:
    """The newest change request of the caller's for a system user, by its reference."""
    reference = wire.read_reference(SystemUserKind.STANDARD, system_id, party, external_ref)
    with database.reading() as reading:
        change = change_service.get_own_change_by_reference(reading, reference, caller=caller)
    confirm_url = _confirm_url(addresses, change)
    return json_answer(change_wire.write_change(change, at=reading.now, confirm_url=confirm_url))


@get(f"{_VENDOR}/bysystem/{{system_id:str}}", guards=[read_scope], sync_to_thread=True)
def list_changes(
    system_id: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    addresses: Given[Addresses],
    token: FromQuery[str | None] = None,
) -> Response[bytes]:
    """A page of a system's change requests."""
    first = read_id_token(token)
    with database.reading() as reading:
        page = change_service.list_changes_of_system(reading, system_id, first=first, caller=caller)
    next_page = None
    if page.next_first is not None:
        path = f"{addresses.platform}{_VENDOR}/bysystem/{quote(system_id, safe='')}"
        next_page = f"{path}?token={write_token(page.next_first)}"
    return json_answer(change_wire.write_change_page(page, at=reading.now, next_page=next_page))


@delete(f"{_VENDOR}/{{request_id:str}}", status_code=202, guards=[write_scope], sync_to_thread=True)
def delete_change(
    request_id: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    correlation: Given[str],
) -> Response[bytes]:
    """Delete a change request."""
    uuid = read_id("requestId", request_id)
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        change_service.delete_change_request(work, uuid, caller=caller)
    return Response(b"", status_code=202)


CHANGE_VENDOR_ROUTES: list[HTTPRouteHandler] = [
    make_change,
    read_change,
    read_change_by_reference,
    list_changes,
    delete_change,
]
