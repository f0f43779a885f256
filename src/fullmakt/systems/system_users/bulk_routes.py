"""Clients at scale over HTTP: pages with the basis of each, bulk changes, copied lists.

Beyond Altinn, beside its own calls in `client_routes.py`; the same scopes and the same authority.
"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromQuery, QueryParameter, RawBody

from fullmakt.access.catalog.model import Catalog
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.access.delegations.client_pages import LARGEST_PAGE
from fullmakt.access.parties import service as parties
from fullmakt.access.parties.model import Party
from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.http.addresses import Addresses
from fullmakt.foundation.http.bodies import read_body
from fullmakt.foundation.http.doors import json_answer
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.storage.database import Database, Reading
from fullmakt.foundation.terms.problem import InvalidInput
from fullmakt.systems.system_users import bulk_clients, bulk_wire, clients
from fullmakt.systems.system_users.bulk_clients import BulkCall, ClientQuery
from fullmakt.systems.system_users.client_routes import read_scope, write_scope
from fullmakt.systems.system_users.parameters import (
    read_flag,
    read_id_token,
    read_optional_id,
    read_size,
    write_token,
)

_CLIENTS = "/authentication/api/v1/enduser/systemuser/clients"
_LONGEST_SEARCH = 200

Text = str | None


@get(f"{_CLIENTS}/search", guards=[read_scope], sync_to_thread=True)
def search_clients(
    *,
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    catalog: Given[Catalog],
    addresses: Given[Addresses],
    agent: FromQuery[Text] = None,
    search: FromQuery[str] = "",
    linked: FromQuery[Text] = None,
    size: FromQuery[Text] = None,
    token: FromQuery[Text] = None,
) -> Response[bytes]:
    """A page of the clients that could be linked to an agent or are, with the basis of each."""
    if len(search) > _LONGEST_SEARCH:
        raise InvalidInput({"search": (f"Search for at most {_LONGEST_SEARCH} characters.",)})
    named, cursor = read_optional_id("agent", agent), read_id_token(token)
    wanted, is_linked = read_size("size", size, most=LARGEST_PAGE), read_flag("linked", linked)
    with database.reading() as reading:
        found = clients.get_agent_named(
            reading, decisions, agent=named, action="read", caller=caller
        )
        query = ClientQuery(search, is_linked, _cursor(reading, cursor, token), wanted)
        page = bulk_clients.list_clients(reading, catalog, decisions, found, query)
    asked = {"agent": agent, "search": search, "linked": linked, "size": size}
    next_page = _next_page(addresses, "search", asked, page.next_after)
    return json_answer(
        bulk_wire.write_client_page(found, catalog, page.clients, next_page=next_page)
    )


@post(f"{_CLIENTS}/bulk/add", status_code=200, guards=[write_scope], sync_to_thread=True)
def add_clients(
    *,
    body: RawBody,
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    catalog: Given[Catalog],
    correlation: Given[str],
    agent: FromQuery[Text] = None,
) -> Response[bytes]:
    """Link many clients to an agent; what became of each."""
    named = bulk_wire.read_clients(read_body(body, bulk_wire.BulkBody))
    agent_id = read_optional_id("agent", agent)
    call = BulkCall(database, catalog, decisions, agent_id, caller, correlation)
    return json_answer(bulk_wire.write_results(bulk_clients.add_clients(call, named)))


@post(f"{_CLIENTS}/bulk/remove", status_code=200, guards=[write_scope], sync_to_thread=True)
def remove_clients(
    *,
    body: RawBody,
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    catalog: Given[Catalog],
    correlation: Given[str],
    agent: FromQuery[Text] = None,
) -> Response[bytes]:
    """Take many clients from an agent; what became of each."""
    named = bulk_wire.read_clients(read_body(body, bulk_wire.BulkBody))
    agent_id = read_optional_id("agent", agent)
    call = BulkCall(database, catalog, decisions, agent_id, caller, correlation)
    return json_answer(bulk_wire.write_results(bulk_clients.remove_clients(call, named)))


@post(f"{_CLIENTS}/copy", status_code=200, guards=[write_scope], sync_to_thread=True)
def copy_clients(
    *,
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    catalog: Given[Catalog],
    addresses: Given[Addresses],
    correlation: Given[str],
    agent: FromQuery[Text] = None,
    source: Annotated[Text, QueryParameter(name="from")] = None,
    token: FromQuery[Text] = None,
) -> Response[bytes]:
    """Link the clients of another agent of the same owner; what became of each."""
    agent_id, source_id = read_optional_id("agent", agent), read_optional_id("from", source)
    with database.reading() as reading:
        after = _cursor(reading, read_id_token(token), token)
    call = BulkCall(database, catalog, decisions, agent_id, caller, correlation)
    copied = bulk_clients.copy_clients(call, source_id, after=after)
    asked = {"agent": agent, "from": source}
    next_page = _next_page(addresses, "copy", asked, copied.next_after)
    return json_answer(bulk_wire.write_results(copied.results, next_page=next_page))


def _cursor(reading: Reading, uuid: UUID, token: Text) -> Party | None:
    """The party that a page begins after. Raises: InvalidInput (a token that none was given)."""
    if not token:
        return None
    party = parties.find_party(reading, uuid)
    if party is None:
        raise InvalidInput({"token": (f"The value '{token}' is not valid.",)})
    return party


def _next_page(
    addresses: Addresses, call: str, asked: dict[str, Text], after: Party | None
) -> str | None:
    if after is None:
        return None
    query = {name: value for name, value in asked.items() if value}
    query["token"] = write_token(after.uuid)
    return f"{addresses.platform}{_CLIENTS}/{call}?{urlencode(query)}"


BULK_ROUTES: list[HTTPRouteHandler] = [search_clients, add_clients, remove_clients, copy_clients]
