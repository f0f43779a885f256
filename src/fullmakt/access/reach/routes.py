"""Authorized parties over HTTP. Source: Altinn's public documentation, authorized parties."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import RawBody

from fullmakt.access.catalog.model import Catalog
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.access.reach import asking, wire
from fullmakt.access.reach.parameters import (
    Include,
    find_filter,
    find_named,
    read_include,
    read_selection,
)
from fullmakt.access.reach.service import Reach
from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.http.addresses import Addresses
from fullmakt.foundation.http.doors import json_answer, scope
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.storage.database import Database

_BASE = "/accessmanagement/api/v1"
END_USER = f"{_BASE}/enduser/authorizedparties"
_OWNERS = [f"{_BASE}/{name}/authorizedparties" for name in ("resourceowner", "serviceowner")]
_SCOPE = "altinn:accessmanagement/authorizedparties"
_owners = scope(f"{_SCOPE}.resourceowner", f"{_SCOPE}.admin")
_end_users = scope("altinn:portal/enduser", _SCOPE)

AnyRequest = Request[Any, Any, Any]


def _list_for_owner(
    request: AnyRequest,
    *,
    database: Given[Database],
    decisions: Given[DecisionPoint],
    catalog: Given[Catalog],
    body: RawBody,
) -> Response[bytes]:
    """All parties that the subject in the body has something of."""
    named, query = wire.read_subject(body), asking.query_of(request.query_params.multi_items())
    include = read_include(query, default=Include(roles=True, packages=False, resources=True))
    with database.reading() as reading:
        subject = find_named(reading, named)
        selection = read_selection(query, find_filter(reading, named.party_filter))
        found = (
            []
            if subject is None
            else list(Reach(catalog, decisions).list_all_authorized(reading, subject, selection))
        )
    return json_answer([wire.write_family(each, include) for each in found])


# A handler for each: the toolkit wraps one that has two paths twice.
list_for_owner = [
    post(path, guards=[_owners], status_code=200, sync_to_thread=True)(_list_for_owner)
    for path in _OWNERS
]


@get(END_USER, guards=[_end_users], sync_to_thread=True)
def list_for_end_user(
    request: AnyRequest,
    *,
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    catalog: Given[Catalog],
    addresses: Given[Addresses],
) -> Response[bytes]:
    """A page of the parties that the person or system user who calls has something of."""
    query = asking.query_of(request.query_params.multi_items())
    include = read_include(query, default=Include(roles=False, packages=False, resources=False))
    selection = read_selection(query)
    with database.reading() as reading:
        subject = asking.get_caller(reading, caller)
        page = asking.read_page(reading, query)
        told = Reach(catalog, decisions).list_authorized(reading, subject, selection, page)
        token = asking.token_of(reading, told)
    shapes = [wire.write_family(each, include) for each in told.items]
    following = asking.next_link(f"{addresses.platform}{END_USER}", query, token)
    return json_answer(wire.PageShape(shapes, wire.Links(following)))


ROUTES: list[HTTPRouteHandler] = [*list_for_owner, list_for_end_user]
