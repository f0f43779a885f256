"""Escalating requests over HTTP, and the list of what waits for an answer."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from fullmakt.access.catalog.model import Catalog
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.http.doors import json_answer, scope
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.storage.database import Database
from fullmakt.systems.requests import escalation, opening, wire
from fullmakt.systems.requests.model import AtParty
from fullmakt.systems.system_users.model import SystemUserKind
from fullmakt.systems.system_users.parameters import read_id, read_party_id

_REQUESTS = "/authentication/api/v1/systemuser/request"
_AGENT = f"{_REQUESTS}/agent"

portal = scope("altinn:portal/enduser")


@post(
    f"{_REQUESTS}/{{party:str}}/{{request_id:str}}/escalate",
    status_code=200,
    guards=[portal],
    sync_to_thread=True,
)
def escalate_standard(
    *,
    party: FromPath[str],
    request_id: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    catalog: Given[Catalog],
    decisions: Given[DecisionPoint],
    correlation: Given[str],
) -> Response[bytes]:
    """Pass a standard request on to those who may answer. Whether that was done."""
    named = AtParty(read_party_id(party), read_id("requestId", request_id), SystemUserKind.STANDARD)
    return _escalate(named, caller, database, catalog, decisions, correlation=correlation)


@post(
    f"{_AGENT}/{{party:str}}/{{request_id:str}}/escalate",
    status_code=200,
    guards=[portal],
    sync_to_thread=True,
)
def escalate_agent(
    *,
    party: FromPath[str],
    request_id: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    catalog: Given[Catalog],
    decisions: Given[DecisionPoint],
    correlation: Given[str],
) -> Response[bytes]:
    """Pass an agent request on to those who may answer. Whether that was done."""
    named = AtParty(read_party_id(party), read_id("requestId", request_id), SystemUserKind.AGENT)
    return _escalate(named, caller, database, catalog, decisions, correlation=correlation)


def _escalate(
    named: AtParty,
    caller: Caller,
    database: Database,
    catalog: Catalog,
    decisions: DecisionPoint,
    *,
    correlation: str,
) -> Response[bytes]:
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        done = escalation.escalate(work, catalog, decisions, named, caller=caller)
    return json_answer(done)


@get(f"{_REQUESTS}/{{party:str}}/{{number:str}}/pending", guards=[portal], sync_to_thread=True)
def list_pending_standard(
    party: FromPath[str],
    number: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
) -> Response[bytes]:
    """The standard requests to an organisation that wait for an answer."""
    return _list_pending(party, number, SystemUserKind.STANDARD, caller, database, decisions)


@get(f"{_AGENT}/{{party:str}}/{{number:str}}/pending", guards=[portal], sync_to_thread=True)
def list_pending_agent(
    party: FromPath[str],
    number: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
) -> Response[bytes]:
    """The escalated agent requests to an organisation that wait for an answer."""
    return _list_pending(party, number, SystemUserKind.AGENT, caller, database, decisions)


def _list_pending(
    party: str,
    number: str,
    kind: SystemUserKind,
    caller: Caller,
    database: Database,
    decisions: DecisionPoint,
) -> Response[bytes]:
    party_id = read_party_id(party)
    with database.reading() as reading:
        found = opening.list_pending(reading, decisions, party_id, number, kind, caller=caller)
    return json_answer([wire.write_request(request, at=reading.now) for request in found])


PENDING_ROUTES: list[HTTPRouteHandler] = [
    escalate_standard,
    escalate_agent,
    list_pending_standard,
    list_pending_agent,
]
