"""The firm itself as a client of its agent, over HTTP: the portal's calls."""

from __future__ import annotations

from typing import Annotated

from litestar import Response, delete, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, QueryParameter

from fullmakt.access.catalog.model import Catalog
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.http.doors import authenticated, json_answer
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.storage.database import Database
from fullmakt.systems.system_users import own_client
from fullmakt.systems.system_users.parameters import read_id, read_optional_id, read_party_id

_SELF = "/authentication/api/v1/systemuser/agent/{party:str}/{system_user:str}/self"

Text = str | None


@get(_SELF, guards=[authenticated], sync_to_thread=True)
def is_own_client(
    *,
    party: FromPath[str],
    system_user: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    party_uuid: Annotated[Text, QueryParameter(name="partyUuid")] = None,
) -> Response[bytes]:
    """Whether the agent may act for its own firm."""
    party_id, uuid = read_party_id(party), read_id("systemUserId", system_user)
    named = read_optional_id("partyUuid", party_uuid)
    with database.reading() as reading:
        found = own_client.is_own_client(
            reading, decisions, party_id, uuid, party_uuid=named, caller=caller
        )
    return json_answer(found)


@post(_SELF, status_code=200, guards=[authenticated], sync_to_thread=True)
def add_own_client(
    *,
    party: FromPath[str],
    system_user: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    catalog: Given[Catalog],
    decisions: Given[DecisionPoint],
    correlation: Given[str],
    party_uuid: Annotated[Text, QueryParameter(name="partyUuid")] = None,
) -> Response[bytes]:
    """Let the agent act for its own firm."""
    party_id, uuid = read_party_id(party), read_id("systemUserId", system_user)
    named = read_optional_id("partyUuid", party_uuid)
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        own_client.add_own_client(
            work, catalog, decisions, party_id, uuid, party_uuid=named, caller=caller
        )
    return json_answer(value=True)


@delete(_SELF, status_code=200, guards=[authenticated], sync_to_thread=True)
def remove_own_client(
    *,
    party: FromPath[str],
    system_user: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    correlation: Given[str],
    party_uuid: Annotated[Text, QueryParameter(name="partyUuid")] = None,
) -> Response[bytes]:
    """Take from the agent what its own firm gave it."""
    party_id, uuid = read_party_id(party), read_id("systemUserId", system_user)
    named = read_optional_id("partyUuid", party_uuid)
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        own_client.remove_own_client(
            work, decisions, party_id, uuid, party_uuid=named, caller=caller
        )
    return json_answer(value=True)


OWN_CLIENT_ROUTES: list[HTTPRouteHandler] = [is_own_client, add_own_client, remove_own_client]
