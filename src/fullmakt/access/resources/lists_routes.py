"""Access lists over HTTP. Source: Altinn's public documentation, resource registry.

Every answer about one list carries its entity tag and the time of its latest change; conditions on
either are honoured.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, delete, get, put, route
from litestar.params import FromPath, RawBody

from fullmakt.access.resources import lists_errors as errors
from fullmakt.access.resources import lists_service as service
from fullmakt.access.resources import lists_wire as wire
from fullmakt.access.resources import memberships_routes, scopes
from fullmakt.access.resources.conditions import (
    Conditions,
    Verdict,
    http_date,
    read_conditions,
)
from fullmakt.access.resources.lists_model import AccessList
from fullmakt.access.resources.lists_service import PAGE_SIZE, ListName
from fullmakt.access.resources.parameters import Parameters, not_valid, write_cursor
from fullmakt.access.resources.policy_wire import page_of
from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.http.addresses import Addresses
from fullmakt.foundation.http.bodies import read_body
from fullmakt.foundation.http.doors import json_answer, scope
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.storage.database import Database

_LISTS = "/resourceregistry/api/v1/access-lists"
_OWNER = f"{_LISTS}/{{owner:str}}"
_LIST = f"{_OWNER}/{{identifier:str}}"
_MEMBERS, _CONNECTIONS = f"{_LIST}/members", f"{_LIST}/resource-connections"
_CONNECTION = f"{_CONNECTIONS}/{{resource:str}}"

AnyRequest = Request[Any, Any, Any]
may_read = scope(
    scopes.ADMIN_SCOPE, scopes.LIST_READ_SCOPE, scopes.LIST_WRITE_SCOPE, scopes.DECISION_SCOPE
)
may_write = scope(scopes.ADMIN_SCOPE, scopes.LIST_WRITE_SCOPE)


@get(_OWNER, guards=[may_read], sync_to_thread=True)
def list_lists(
    request: AnyRequest,
    caller: Given[Caller],
    database: Given[Database],
    addresses: Given[Addresses],
    owner: FromPath[str],
) -> Response[bytes]:
    """An owner's lists; with `include=resources`, whether each opens one resource, and for what."""
    query = Parameters.of(request)
    resource = query.text("resource")
    with_connections = _includes_connections(query)
    (after,) = query.cursor(str) or ("",)
    with database.reading() as reading:
        service.check_owner(reading, owner, caller)
        if with_connections and not resource:
            raise errors.connections_of_no_resource()
        found = service.list_lists(reading, owner, after=after)
        written = [
            wire.write_list(
                held,
                service.list_all_connections(reading, held, resource=resource)
                if with_connections
                else None,
            )
            for held in found[:PAGE_SIZE]
        ]
    more = {"include": "resources", "resource": resource or ""} if with_connections else {}
    cursor = (written[-1].identifier,) if len(found) > PAGE_SIZE else None
    return json_answer(page_of(written, _next(addresses, request, cursor, more)), is_indented=True)


@get(_LIST, guards=[may_read], sync_to_thread=True)
def get_list(
    request: AnyRequest,
    caller: Given[Caller],
    database: Given[Database],
    owner: FromPath[str],
    identifier: FromPath[str],
) -> Response[bytes]:
    """One list; with `include=resources`, what it opens."""
    with_connections = _includes_connections(Parameters.of(request))
    with database.reading() as reading:
        service.check_owner(reading, owner, caller)
        held = service.get_list(reading, ListName(owner, identifier))
        connections = service.list_all_connections(reading, held) if with_connections else None
    return _entity(request, held, wire.write_list(held, connections))


@put(_LIST, guards=[may_write], sync_to_thread=True)
def set_list(
    request: AnyRequest,
    body: RawBody,
    caller: Given[Caller],
    database: Given[Database],
    correlation: Given[str],
    owner: FromPath[str],
    identifier: FromPath[str],
) -> Response[bytes]:
    """Make a list, or call it otherwise."""
    conditions = read_conditions(request.headers)
    wanted = read_body(body, wire.ListBody)
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        service.check_owner(work, owner, caller)
        held = service.set_list(
            work,
            ListName(owner, identifier),
            title=wanted.name,
            description=wanted.description or "",
            conditions=conditions,
        )
    return _changed(held, wire.write_list(held))


@delete(_LIST, guards=[may_write], status_code=200, sync_to_thread=True)
def delete_list(
    request: AnyRequest,
    caller: Given[Caller],
    database: Given[Database],
    correlation: Given[str],
    owner: FromPath[str],
    identifier: FromPath[str],
) -> Response[bytes]:
    """Close a list; 204 when there is none."""
    conditions = read_conditions(request.headers)
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        service.check_owner(work, owner, caller)
        held = service.delete_list(work, ListName(owner, identifier), conditions=conditions)
    return _nothing() if held is None else _changed(held, wire.write_list(held))


@get(_MEMBERS, guards=[may_read], sync_to_thread=True)
def list_members(
    request: AnyRequest,
    caller: Given[Caller],
    database: Given[Database],
    addresses: Given[Addresses],
    owner: FromPath[str],
    identifier: FromPath[str],
) -> Response[bytes]:
    """Who is on a list. A page that follows one of another version is 412."""
    version, after = Parameters.of(request).cursor(int, int) or (None, 0)
    with database.reading() as reading:
        service.check_owner(reading, owner, caller)
        held = service.get_list(reading, ListName(owner, identifier))
        _check_version(held, version)
        found = service.list_members(reading, held, after=after)
    next_page = _next_of(addresses, request, held, [each.id for each in found])
    return _entity(request, held, wire.write_members(found[:PAGE_SIZE], next_page))


_CHANGES = {
    "PUT": service.replace_members,
    "POST": service.add_members,
    "DELETE": service.remove_members,
}


@route(
    _MEMBERS,
    http_method=["PUT", "POST", "DELETE"],
    guards=[may_write],
    status_code=200,
    sync_to_thread=True,
)
def change_members(
    request: AnyRequest,
    body: RawBody,
    caller: Given[Caller],
    database: Given[Database],
    addresses: Given[Addresses],
    correlation: Given[str],
    owner: FromPath[str],
    identifier: FromPath[str],
) -> Response[bytes]:
    """Let those named, and nobody else, be on a list; or put them on it, or take them off."""
    conditions = read_conditions(request.headers)
    wanted, name = read_body(body, wire.MembersBody).data, ListName(owner, identifier)
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        service.check_owner(work, owner, caller)
        held = _CHANGES[request.method](work, name, wanted, conditions=conditions)
        found = service.list_members(work, held)
    next_page = _next_of(addresses, request, held, [each.id for each in found])
    return _changed(held, wire.write_members(found[:PAGE_SIZE], next_page))


@get(_CONNECTIONS, guards=[may_read], sync_to_thread=True)
def list_connections(
    request: AnyRequest,
    caller: Given[Caller],
    database: Given[Database],
    addresses: Given[Addresses],
    owner: FromPath[str],
    identifier: FromPath[str],
) -> Response[bytes]:
    """What a list opens. A page that follows one of another version is 412."""
    version, after = Parameters.of(request).cursor(int, int) or (None, 0)
    with database.reading() as reading:
        service.check_owner(reading, owner, caller)
        held = service.get_list(reading, ListName(owner, identifier))
        _check_version(held, version)
        found = service.list_connections(reading, held, after=after)
    next_page = _next_of(addresses, request, held, [each.id for each in found])
    return _entity(request, held, wire.write_connections(found[:PAGE_SIZE], next_page))


@put(_CONNECTION, guards=[may_write], sync_to_thread=True)
def set_connection(
    request: AnyRequest,
    body: RawBody,
    caller: Given[Caller],
    database: Given[Database],
    correlation: Given[str],
    owner: FromPath[str],
    identifier: FromPath[str],
    resource: FromPath[str],
) -> Response[bytes]:
    """Let a list open a resource, for some actions or for all."""
    conditions = read_conditions(request.headers)
    actions = read_body(body, wire.ConnectionBody).action_filters or ()
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        service.check_owner(work, owner, caller)
        held, connection = service.set_connection(
            work, ListName(owner, identifier), resource, actions=actions, conditions=conditions
        )
    return _changed(held, wire.write_connection(connection))


@delete(_CONNECTION, guards=[may_write], status_code=200, sync_to_thread=True)
def delete_connection(
    request: AnyRequest,
    caller: Given[Caller],
    database: Given[Database],
    correlation: Given[str],
    owner: FromPath[str],
    identifier: FromPath[str],
    resource: FromPath[str],
) -> Response[bytes]:
    """Let a list no longer open a resource; 204 when it did not."""
    conditions = read_conditions(request.headers)
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        service.check_owner(work, owner, caller)
        ended = service.delete_connection(
            work, ListName(owner, identifier), resource, conditions=conditions
        )
    return _nothing() if ended is None else _changed(ended[0], wire.write_connection(ended[1]))


def _includes_connections(query: Parameters) -> bool:
    named = {
        part.strip().lower() for text in query.all("include") for part in text.split(",") if part
    }
    if "members" in named:
        raise errors.MembersNotIncluded
    unknown = named - {"resources"}
    if unknown:
        raise not_valid("include", ", ".join(sorted(unknown)))
    return bool(named)


def _check_version(held: AccessList, version: int | None) -> None:
    if version not in {None, held.version}:
        raise errors.PreconditionFailed(held.etag)


def _next_of(
    addresses: Addresses, request: AnyRequest, held: AccessList, ids: list[int]
) -> str | None:
    cursor = (held.version, ids[PAGE_SIZE - 1]) if len(ids) > PAGE_SIZE else None
    return _next(addresses, request, cursor, {})


def _next(
    addresses: Addresses,
    request: AnyRequest,
    cursor: tuple[int | str, ...] | None,
    more: dict[str, str],
) -> str | None:
    if cursor is None:
        return None
    query = urlencode({"token": write_cursor(*cursor), **more})
    return f"{addresses.platform}{request.url.path}?{query}"


def _headers(held: AccessList) -> dict[str, str]:
    return {"etag": held.etag, "last-modified": http_date(held.updated_at)}


def _entity(request: AnyRequest, held: AccessList, body: object) -> Response[bytes]:
    conditions: Conditions = read_conditions(request.headers)
    match conditions.judge(held.etag, held.updated_at, is_reading=True):
        case Verdict.FAILED:
            raise errors.PreconditionFailed(held.etag)
        case Verdict.NOT_MODIFIED:
            return Response(b"", status_code=304, headers=_headers(held))
        case Verdict.PROCEED:
            return _changed(held, body)


def _changed(held: AccessList, body: object) -> Response[bytes]:
    return json_answer(body, headers=_headers(held), is_indented=True)


def _nothing() -> Response[bytes]:
    return Response(b"", status_code=204)


ROUTES = [
    list_lists,
    get_list,
    set_list,
    delete_list,
    list_members,
    change_members,
    list_connections,
    set_connection,
    delete_connection,
    *memberships_routes.ROUTES,
]
