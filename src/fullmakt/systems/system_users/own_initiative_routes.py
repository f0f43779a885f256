"""System users over HTTP for customers that make, rename and look into them on their own."""

from __future__ import annotations

from uuid import uuid4

from litestar import Response, get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, RawBody

from fullmakt.access.catalog.model import Catalog
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.http.bodies import read_body
from fullmakt.foundation.http.doors import authenticated, json_answer
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.storage.database import Database
from fullmakt.systems.system_users import own_initiative, wire
from fullmakt.systems.system_users.parameters import read_id, read_party_id

_USERS = "/authentication/api/v1/systemuser"


@post(
    f"{_USERS}/{{party:str}}/create",
    status_code=200,
    guards=[authenticated],
    sync_to_thread=True,
)
def create(
    *,
    party: FromPath[str],
    body: RawBody,
    caller: Given[Caller],
    database: Given[Database],
    catalog: Given[Catalog],
    decisions: Given[DecisionPoint],
    correlation: Given[str],
) -> Response[bytes]:
    """Make a standard system user with all that a system is registered with."""
    party_id, wish = read_party_id(party), wire.read_own_wish(read_body(body, wire.OwnWishBody))
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        user = own_initiative.create_for_owner(
            work, catalog, decisions, party_id, wish, caller=caller, new_id=uuid4()
        )
    return json_answer(wire.write_owned(user))


@put(_USERS, guards=[authenticated], sync_to_thread=True)
def rename(
    body: RawBody,
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
    correlation: Given[str],
) -> Response[bytes]:
    """Give a system user another title."""
    renaming = wire.read_renaming(read_body(body, wire.RenamingBody))
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        own_initiative.rename(work, decisions, renaming, caller=caller)
    return Response(b"", status_code=200)


@get(
    f"{_USERS}/{{party:str}}/{{system_user:str}}/delegations",
    guards=[authenticated],
    sync_to_thread=True,
)
def read_access(
    party: FromPath[str],
    system_user: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    decisions: Given[DecisionPoint],
) -> Response[bytes]:
    """What a system user has now."""
    party_id, uuid = read_party_id(party), read_id("systemUserId", system_user)
    with database.reading() as reading:
        access = own_initiative.get_access(reading, decisions, party_id, uuid, caller=caller)
    return json_answer(wire.write_access(uuid, access))


OWN_INITIATIVE_ROUTES: list[HTTPRouteHandler] = [create, rename, read_access]
