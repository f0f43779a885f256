"""System users over HTTP for the rest of the platform: a stream of changes, and one of them."""

from __future__ import annotations

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery

from fullmakt.access.parties.register_door import platform_or
from fullmakt.foundation.http.addresses import Addresses
from fullmakt.foundation.http.doors import json_answer
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.storage.database import Database
from fullmakt.systems.system_users import internal, internal_wire
from fullmakt.systems.system_users.parameters import read_id, read_number_token, write_token

_INTERNAL = "/authentication/api/v1/systemuser/internal/systemusers"

platform = platform_or("altinn:authentication/systemuser.admin")


@get(f"{_INTERNAL}/stream", guards=[platform], sync_to_thread=True)
def stream_changes(
    database: Given[Database],
    addresses: Given[Addresses],
    token: FromQuery[str | None] = None,
) -> Response[bytes]:
    """The system users changed since a page, deleted ones too."""
    after = read_number_token(token)
    with database.reading() as reading:
        page = internal.list_changed(reading, after=after)
    next_page = None
    if page.users:
        address = f"{addresses.platform}{_INTERNAL}/stream"
        next_page = f"{address}?token={write_token(page.users[-1].sequence_no)}"
    return json_answer(internal_wire.write_changed_page(page, next_page=next_page))


@get(f"{_INTERNAL}/{{system_user:str}}", guards=[platform], sync_to_thread=True)
def read_changed(
    system_user: FromPath[str],
    database: Given[Database],
) -> Response[bytes]:
    """One system user, unless it is deleted."""
    uuid = read_id("systemUserId", system_user)
    with database.reading() as reading:
        user = internal.get_changed(reading, uuid)
    return json_answer(internal_wire.write_changed(user))


INTERNAL_ROUTES: list[HTTPRouteHandler] = [stream_changes, read_changed]
