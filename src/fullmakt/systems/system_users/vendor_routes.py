"""System users over HTTP for vendors and for the token server."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery, QueryParameter

from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.http.addresses import Addresses
from fullmakt.foundation.http.doors import json_answer, scope
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.storage.database import Database
from fullmakt.foundation.terms.problem import PlainProblem
from fullmakt.systems.system_register.service import ADMIN_SCOPE
from fullmakt.systems.system_users import service, wire
from fullmakt.systems.system_users.parameters import (
    read_number_token,
    read_organization,
    read_text,
    write_token,
)
from fullmakt.systems.system_users.service import SystemUserDirectory

_USERS = "/authentication/api/v1/systemuser"
_UNCACHED = {"cache-control": "no-store,no-cache", "pragma": "no-cache"}

token_server = scope("altinn:maskinporten/systemuser.read")
request_write = scope("altinn:authentication/systemuser.request.write")
register_write = scope("altinn:authentication/systemregister.write", ADMIN_SCOPE)

Text = str | None


@get(f"{_USERS}/byExternalId", guards=[token_server], sync_to_thread=True)
def find_by_external_id(
    system_user_directory: Given[SystemUserDirectory],
    client_id: Annotated[Text, QueryParameter(name="clientId")] = None,
    vendor_number: Annotated[Text, QueryParameter(name="systemProviderOrgNo")] = None,
    owner_number: Annotated[Text, QueryParameter(name="systemUserOwnerOrgNo")] = None,
    external_ref: Annotated[Text, QueryParameter(name="externalRef")] = None,
) -> Response[bytes]:
    """The system user that a Maskinporten client asks a token for."""
    client = read_text("clientId", client_id)
    vendor = read_organization("systemProviderOrgNo", vendor_number)
    owner = read_organization("systemUserOwnerOrgNo", owner_number)
    found = system_user_directory.find_by_external_id(
        client_id=client, vendor=vendor, owner=owner, external_ref=external_ref
    )
    if found is None:
        detail = (
            f"no system user of `{owner}` with reference `{external_ref or owner}` for a system of"
            f" `{vendor}` that lists client `{client}`"
        )
        raise PlainProblem(404, "Not Found", detail)
    answer = wire.write_found(found, vendor=vendor, owner=owner, external_ref=external_ref)
    return json_answer(answer, headers=_UNCACHED)


@get(f"{_USERS}/vendor/byquery", guards=[request_write], sync_to_thread=True)
def find_by_query(
    caller: Given[Caller],
    database: Given[Database],
    system_id: Annotated[Text, QueryParameter(name="system-id")] = None,
    owner: Annotated[Text, QueryParameter(name="orgno")] = None,
    external_ref: Annotated[Text, QueryParameter(name="external-ref")] = None,
) -> Response[bytes]:
    """A system user of one of the caller's systems."""
    system, number = read_text("system-id", system_id), read_text("orgno", owner)
    with database.reading() as reading:
        user = service.get_of_vendor(
            reading, system_id=system, owner=number, external_ref=external_ref, caller=caller
        )
    return json_answer(wire.write_external(user))


@get(f"{_USERS}/vendor/bysystem/{{system_id:str}}", guards=[register_write], sync_to_thread=True)
def list_by_system(
    system_id: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    addresses: Given[Addresses],
    token: FromQuery[str | None] = None,
) -> Response[bytes]:
    """A page of the users of one of the caller's systems, of both kinds."""
    first = read_number_token(token)
    with database.reading() as reading:
        page = service.list_of_system(reading, system_id, first=first, caller=caller)
    next_page = None
    if page.next_first is not None:
        path = f"{_USERS}/vendor/bysystem/{quote(system_id, safe='')}"
        next_page = f"{addresses.platform}{path}?token={write_token(page.next_first)}"
    return json_answer(wire.write_page(page, next_page=next_page))


VENDOR_ROUTES: list[HTTPRouteHandler] = [find_by_external_id, find_by_query, list_by_system]
