"""Requests over HTTP for the vendors that send them."""

from __future__ import annotations

from urllib.parse import quote
from uuid import uuid4

from litestar import Response, delete, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery, RawBody

from fullmakt.access.catalog.model import Catalog
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.http.addresses import Addresses
from fullmakt.foundation.http.bodies import read_body
from fullmakt.foundation.http.doors import json_answer, scope
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.storage.database import Database
from fullmakt.systems.requests import service, wire
from fullmakt.systems.requests.model import Reference, Request, Wish
from fullmakt.systems.system_users.model import SystemUserKind
from fullmakt.systems.system_users.parameters import read_id, read_id_token, write_token

_REQUESTS = "/authentication/api/v1/systemuser/request"
_VENDOR = f"{_REQUESTS}/vendor"
_AGENT = f"{_VENDOR}/agent"
_PAGES = {SystemUserKind.STANDARD: "request", SystemUserKind.AGENT: "agentrequest"}
_BY_SYSTEM = {
    SystemUserKind.STANDARD: f"{_VENDOR}/bysystem",
    SystemUserKind.AGENT: f"{_AGENT}/bysystem",
}

write_scope = scope("altinn:authentication/systemuser.request.write")
read_scope = scope("altinn:authentication/systemuser.request.read")


@post(_VENDOR, guards=[write_scope], sync_to_thread=True)
def make_standard(
    *,
    body: RawBody,
    caller: Given[Caller],
    database: Given[Database],
    catalog: Given[Catalog],
    addresses: Given[Addresses],
    correlation: Given[str],
) -> Response[bytes]:
    """Ask a customer for a system user that acts for the customer itself."""
    wish = wire.read_standard(read_body(body, wire.StandardRequestBody))
    return _make(wish, caller, database, catalog, addresses, correlation=correlation)


@post(_AGENT, guards=[write_scope], sync_to_thread=True)
def make_agent(
    *,
    body: RawBody,
    caller: Given[Caller],
    database: Given[Database],
    catalog: Given[Catalog],
    decisions: Given[DecisionPoint],
    addresses: Given[Addresses],
    correlation: Given[str],
) -> Response[bytes]:
    """Ask a customer for a system user that acts for the customer's clients."""
    wish = wire.read_agent(
        read_body(body, wire.AgentRequestBody), has_single_services=decisions.has_single_services
    )
    return _make(wish, caller, database, catalog, addresses, correlation=correlation)


def _make(
    wish: Wish,
    caller: Caller,
    database: Database,
    catalog: Catalog,
    addresses: Addresses,
    *,
    correlation: str,
) -> Response[bytes]:
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        request, is_new = service.make_request(work, catalog, wish, caller=caller, new_id=uuid4())
    answer = wire.write_request(request, at=work.now, confirm_url=_confirm_url(addresses, request))
    if not is_new:
        return json_answer(answer)
    # QUIRK: the address is the portal's, which the vendor's token cannot read
    # (test_a_new_request_is_located_at_the_portals_address).
    location = f"{addresses.platform}{_REQUESTS}/{request.uuid}"
    return json_answer(answer, status=201, headers={"location": location})


def _confirm_url(addresses: Addresses, request: Request) -> str:
    page = f"{addresses.portal}/accessmanagement/ui/systemuser/{_PAGES[request.kind]}"
    return f"{page}?id={request.uuid}&DONTCHOOSEREPORTEE=true"


@get(f"{_VENDOR}/{{request_id:str}}", guards=[read_scope], sync_to_thread=True)
def read_standard(
    request_id: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    addresses: Given[Addresses],
) -> Response[bytes]:
    """A standard request of the caller's.

    QUIRK: `escalated` is always false here (test_a_vendor_never_reads_by_id_that_it_is_escalated).
    """
    return _read(request_id, SystemUserKind.STANDARD, caller, database, addresses)


@get(f"{_AGENT}/{{request_id:str}}", guards=[read_scope], sync_to_thread=True)
def read_agent(
    request_id: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    addresses: Given[Addresses],
) -> Response[bytes]:
    """An agent request of the caller's."""
    return _read(request_id, SystemUserKind.AGENT, caller, database, addresses)


def _read(
    request_id: str,
    kind: SystemUserKind,
    caller: Caller,
    database: Database,
    addresses: Addresses,
) -> Response[bytes]:
    uuid = read_id("requestId", request_id)
    with database.reading() as reading:
        request = service.get_own_request(reading, uuid, kind, caller=caller)
    answer = wire.write_request(
        request,
        at=reading.now,
        confirm_url=_confirm_url(addresses, request),
        with_escalation=False,
    )
    return json_answer(answer)


@get(
    f"{_VENDOR}/byexternalref/{{system_id:str}}/{{party:str}}/{{external_ref:str}}",
    guards=[read_scope],
    sync_to_thread=True,
)
def read_standard_by_reference(
    *,
    system_id: FromPath[str],
    party: FromPath[str],
    external_ref: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    addresses: Given[Addresses],
) -> Response[bytes]:
    """A standard request of the caller's, by reference."""
    reference = wire.read_reference(SystemUserKind.STANDARD, system_id, party, external_ref)
    return _read_by_reference(reference, caller, database, addresses)


@get(
    f"{_AGENT}/byexternalref/{{system_id:str}}/{{party:str}}/{{external_ref:str}}",
    guards=[read_scope],
    sync_to_thread=True,
)
def read_agent_by_reference(
    *,
    system_id: FromPath[str],
    party: FromPath[str],
    external_ref: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    addresses: Given[Addresses],
) -> Response[bytes]:
    """An agent request of the caller's, by reference."""
    reference = wire.read_reference(SystemUserKind.AGENT, system_id, party, external_ref)
    return _read_by_reference(reference, caller, database, addresses)


def _read_by_reference(
    reference: Reference, caller: Caller, database: Database, addresses: Addresses
) -> Response[bytes]:
    with database.reading() as reading:
        request = service.get_own_by_reference(reading, reference, caller=caller)
    answer = wire.write_request(
        request,
        at=reading.now,
        confirm_url=_confirm_url(addresses, request),
        with_escalation=request.kind is SystemUserKind.AGENT,
    )
    return json_answer(answer)


@get(f"{_VENDOR}/bysystem/{{system_id:str}}", guards=[read_scope], sync_to_thread=True)
def list_standard(
    system_id: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    addresses: Given[Addresses],
    token: FromQuery[str | None] = None,
) -> Response[bytes]:
    """A page of a system's standard requests."""
    return _list(system_id, SystemUserKind.STANDARD, caller, database, addresses, token=token)


@get(f"{_AGENT}/bysystem/{{system_id:str}}", guards=[read_scope], sync_to_thread=True)
def list_agent(
    system_id: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    addresses: Given[Addresses],
    token: FromQuery[str | None] = None,
) -> Response[bytes]:
    """A page of a system's agent requests."""
    return _list(system_id, SystemUserKind.AGENT, caller, database, addresses, token=token)


def _list(
    system_id: str,
    kind: SystemUserKind,
    caller: Caller,
    database: Database,
    addresses: Addresses,
    *,
    token: str | None,
) -> Response[bytes]:
    first = read_id_token(token)
    with database.reading() as reading:
        page = service.list_of_system(reading, system_id, kind, first=first, caller=caller)
    next_page = None
    if page.next_first is not None:
        path = f"{addresses.platform}{_BY_SYSTEM[kind]}/{quote(system_id, safe='')}"
        next_page = f"{path}?token={write_token(page.next_first)}"
    return json_answer(wire.write_page(page, at=reading.now, next_page=next_page))


@delete(f"{_VENDOR}/{{request_id:str}}", status_code=202, guards=[write_scope], sync_to_thread=True)
def delete_request(
    request_id: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    correlation: Given[str],
) -> Response[bytes]:
    """Delete a request of either kind."""
    uuid = read_id("requestId", request_id)
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        service.delete_request(work, uuid, caller=caller)
    return Response(b"", status_code=202)


VENDOR_ROUTES: list[HTTPRouteHandler] = [
    make_standard,
    make_agent,
    read_standard,
    read_agent,
    read_standard_by_reference,
    read_agent_by_reference,
    list_standard,
    list_agent,
    delete_request,
]
