"""Requests over HTTP for the customers that answer them: the portal's calls.

Escalation and what waits are in `pending_routes.py`.
"""

from __future__ import annotations

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from fullmakt.access.catalog.model import Catalog
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.http.doors import authenticated, json_answer, scope
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.storage.database import Database
from fullmakt.systems.requests import answers, opening, wire
from fullmakt.systems.requests.model import AtParty
from fullmakt.systems.system_users.model import SystemUserKind
from fullmakt.systems.system_users.parameters import read_id, read_party_id

_REQUESTS = "/authentication/api/v1/systemuser/request"
_AGENT = f"{_REQUESTS}/agent"

portal = scope("altinn:portal/enduser")


@get(f"{_REQUESTS}/{{request_id:str}}", guards=[portal], sync_to_thread=True)
def open_standard(
    request_id: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    catalog: Given[Catalog],
    decisions: Given[DecisionPoint],
) -> Response[bytes]:
    """A standard request, for the page of its approval."""
    return _open(request_id, SystemUserKind.STANDARD, caller, database, catalog, decisions)


@get(f"{_AGENT}/{{request_id:str}}", guards=[portal], sync_to_thread=True)
def open_agent(
    request_id: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    catalog: Given[Catalog],
    decisions: Given[DecisionPoint],
) -> Response[bytes]:
    """An agent request, for the page of its approval."""
    return _open(request_id, SystemUserKind.AGENT, caller, database, catalog, decisions)


def _open(
    request_id: str,
    kind: SystemUserKind,
    caller: Caller,
    database: Database,
    catalog: Catalog,
    decisions: DecisionPoint,
) -> Response[bytes]:
    uuid = read_id("requestId", request_id)
    with database.reading() as reading:
        opened = opening.open_request(reading, catalog, decisions, uuid, kind, caller=caller)
    return json_answer(wire.write_opened(opened))


@get(f"{_REQUESTS}/{{party:str}}/{{request_id:str}}", guards=[authenticated], sync_to_thread=True)
def read_standard(
    party: FromPath[str],
    request_id: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
) -> Response[bytes]:
    """A standard request to a party."""
    named = _named(party, request_id, SystemUserKind.STANDARD)
    return _read(named, caller, database, decisions)


@get(f"{_AGENT}/{{party:str}}/{{request_id:str}}", guards=[authenticated], sync_to_thread=True)
def read_agent(
    party: FromPath[str],
    request_id: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
) -> Response[bytes]:
    """An agent request to a party."""
    named = _named(party, request_id, SystemUserKind.AGENT)
    return _read(named, caller, database, decisions)


def _named(party: str, request_id: str, kind: SystemUserKind) -> AtParty:
    return AtParty(read_party_id(party), read_id("requestId", request_id), kind)


def _read(
    named: AtParty, caller: Caller, database: Database, decisions: DecisionPoint
) -> Response[bytes]:
    with database.reading() as reading:
        request = opening.get_for_party(reading, decisions, named, caller=caller)
    return json_answer(wire.write_request(request, at=reading.now))


@post(f"{_REQUESTS}/{{party:str}}/{{request_id:str}}/approve", guards=[portal], sync_to_thread=True)
def approve_standard(
    *,
    party: FromPath[str],
    request_id: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    catalog: Given[Catalog],
    decisions: Given[DecisionPoint],
    correlation: Given[str],
) -> Response[bytes]:
    """Approve a standard request: the system user is made with what was asked for."""
    named = _named(party, request_id, SystemUserKind.STANDARD)
    return _approve(named, caller, database, catalog, decisions, correlation=correlation)


@post(f"{_AGENT}/{{party:str}}/{{request_id:str}}/approve", guards=[portal], sync_to_thread=True)
def approve_agent(
    *,
    party: FromPath[str],
    request_id: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    catalog: Given[Catalog],
    decisions: Given[DecisionPoint],
    correlation: Given[str],
) -> Response[bytes]:
    """Approve an agent request: the system user is made, without any client yet."""
    named = _named(party, request_id, SystemUserKind.AGENT)
    return _approve(named, caller, database, catalog, decisions, correlation=correlation)


def _approve(
    named: AtParty,
    caller: Caller,
    database: Database,
    catalog: Catalog,
    decisions: DecisionPoint,
    *,
    correlation: str,
) -> Response[bytes]:
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        answers.approve(work, catalog, decisions, named, caller=caller)
    return json_answer(value=True)


@post(
    f"{_REQUESTS}/{{party:str}}/{{request_id:str}}/reject",
    guards=[authenticated],
    sync_to_thread=True,
)
def reject_standard(
    *,
    party: FromPath[str],
    request_id: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    catalog: Given[Catalog],
    decisions: Given[DecisionPoint],
    correlation: Given[str],
) -> Response[bytes]:
    """Reject a standard request."""
    named = _named(party, request_id, SystemUserKind.STANDARD)
    return _reject(named, caller, database, catalog, decisions, correlation=correlation)


@post(
    f"{_AGENT}/{{party:str}}/{{request_id:str}}/reject",
    guards=[authenticated],
    sync_to_thread=True,
)
def reject_agent(
    *,
    party: FromPath[str],
    request_id: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    catalog: Given[Catalog],
    decisions: Given[DecisionPoint],
    correlation: Given[str],
) -> Response[bytes]:
    """Reject an agent request."""
    named = _named(party, request_id, SystemUserKind.AGENT)
    return _reject(named, caller, database, catalog, decisions, correlation=correlation)


def _reject(
    named: AtParty,
    caller: Caller,
    database: Database,
    catalog: Catalog,
    decisions: DecisionPoint,
    *,
    correlation: str,
) -> Response[bytes]:
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        answers.reject(work, catalog, decisions, named, caller=caller)
    return json_answer(value=True)


PORTAL_ROUTES: list[HTTPRouteHandler] = [
    open_standard,
    open_agent,
    read_standard,
    read_agent,
    approve_standard,
    approve_agent,
    reject_standard,
    reject_agent,
]
