"""Change requests over HTTP for the customers that answer them: the portal's calls."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from fullmakt.access.catalog.model import Catalog
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.http.doors import authenticated, json_answer
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.storage.database import Database
from fullmakt.systems.requests import change_answers, change_wire
from fullmakt.systems.system_users.parameters import read_id, read_party_id

_CHANGES = "/authentication/api/v1/systemuser/changerequest"


@get(f"{_CHANGES}/{{request_id:str}}", guards=[authenticated], sync_to_thread=True)
def open_change(
    request_id: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    catalog: Given[Catalog],
    decisions: Given[DecisionPoint],
) -> Response[bytes]:
    """A change request, for the page of its approval."""
    uuid = read_id("requestId", request_id)
    with database.reading() as reading:
        opened = change_answers.open_change(reading, catalog, decisions, uuid, caller=caller)
    return json_answer(change_wire.write_opened_change(opened))


@get(f"{_CHANGES}/{{party:str}}/{{request_id:str}}", guards=[authenticated], sync_to_thread=True)
def read_change_for_party(
    party: FromPath[str],
    request_id: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
) -> Response[bytes]:
    """A change request to a party."""
    party_id, uuid = read_party_id(party), read_id("requestId", request_id)
    with database.reading() as reading:
        change = change_answers.get_change_for_party(
            reading, decisions, party_id, uuid, caller=caller
        )
    return json_answer(change_wire.write_change(change, at=reading.now))


@post(
    f"{_CHANGES}/{{party:str}}/{{request_id:str}}/approve",
    status_code=200,
    guards=[authenticated],
    sync_to_thread=True,
)
def approve_change(
    *,
    party: FromPath[str],
    request_id: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    catalog: Given[Catalog],
    decisions: Given[DecisionPoint],
    correlation: Given[str],
) -> Response[bytes]:
    """Approve a change request."""
    party_id, uuid = read_party_id(party), read_id("requestId", request_id)
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        change_answers.approve_change(work, catalog, decisions, party_id, uuid, caller=caller)
    return json_answer(value=True)


@post(
    f"{_CHANGES}/{{party:str}}/{{request_id:str}}/reject",
    status_code=200,
    guards=[authenticated],
    sync_to_thread=True,
)
def reject_change(
    *,
    party: FromPath[str],
    request_id: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    catalog: Given[Catalog],
    decisions: Given[DecisionPoint],
    correlation: Given[str],
) -> Response[bytes]:
    """Reject a change request."""
    party_id, uuid = read_party_id(party), read_id("requestId", request_id)
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        change_answers.reject_change(work, catalog, decisions, party_id, uuid, caller=caller)
    return json_answer(value=True)


CHANGE_PORTAL_ROUTES: list[HTTPRouteHandler] = [
    open_change,
    read_change_for_party,
    approve_change,
    reject_change,
]
