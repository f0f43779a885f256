"""The calls behind the portal's pages over HTTP."""

from __future__ import annotations

import json
import secrets
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, route
from litestar.concurrency import sync_to_thread
from litestar.datastructures import Cookie
from litestar.handlers import HTTPRouteHandler

from fullmakt.access.parties import service as parties
from fullmakt.foundation.http.bodies import LARGEST_BODY
from fullmakt.foundation.http.doors import authenticated, json_answer
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.storage.database import Database
from fullmakt.foundation.terms.problem import PlainProblem, TooLarge
from fullmakt.portal.calls import forgery, rules
from fullmakt.portal.calls.forwarding import Forwarded, forward
from fullmakt.portal.calls.rules import PORTAL, PortalCall
from fullmakt.systems.system_users.parameters import read_id

_MULTIPLE_CHOICES = 300
_Request = Request[Any, Any, Any]


async def _call(
    request: _Request, call: PortalCall, given: dict[str, str], body: bytes = b""
) -> Forwarded:
    path, query = call.address(given)
    return await forward(request, call.method, path, query, body)


def _answer(request: _Request, found: Forwarded, *, is_request: bool = False) -> Response[bytes]:
    status, body = found.status, found.body
    if status >= _MULTIPLE_CHOICES:
        status, body = rules.told_to_portal(status, body, is_request=is_request)
    headers = {
        name: value
        for name, value in found.headers.items()
        if name in {"www-authenticate", "cache-control"}
    }
    media_type = found.headers.get("content-type", "application/json")
    media_type = media_type.partition(";")[0] if media_type.startswith("text/") else media_type
    return Response(
        body, status_code=status, headers=headers, media_type=media_type, cookies=_cookies(request)
    )


def _cookies(request: _Request) -> list[Cookie]:
    """The cookie against forgery, for a browser that has none yet."""
    if request.method != "GET" or forgery.COOKIE in request.cookies:
        return []
    is_secure = request.url.scheme == "https"
    value = secrets.token_urlsafe(24)
    return [Cookie(key=forgery.COOKIE, value=value, secure=is_secure, samesite="strict")]


async def _read(request: _Request) -> tuple[dict[str, str], bytes]:
    """What the path, the query and the body give, and the body."""
    forgery.check_not_forged(
        request.method, cookies=request.cookies, header=request.headers.get(forgery.HEADER)
    )
    body = await request.body()
    if len(body) > LARGEST_BODY:
        message = f"the body has `{len(body)}` bytes; at most {LARGEST_BODY} are read"
        raise TooLarge(message)
    given = {name.lower(): value for name, value in request.query_params.items()}
    given |= _texts(body)
    given |= {name: str(value) for name, value in request.path_params.items()}
    return given, body


def _texts(body: bytes) -> dict[str, str]:
    try:
        value = json.loads(body)
    except ValueError:
        return {}
    if not isinstance(value, dict):
        return {}
    return {name: each for name, each in value.items() if isinstance(each, str)}


def _handler(call: PortalCall) -> HTTPRouteHandler:
    async def answer(request: _Request) -> Response[bytes]:
        given, body = await _read(request)
        return _answer(request, await _call(request, call, given, body), is_request=call.is_request)

    answer.__name__ = call.name
    answer.__doc__ = f"`{call.target}` of the platform, for the portal."
    handler: HTTPRouteHandler = route(
        call.declared_path, http_method=call.method, status_code=200, guards=[authenticated]
    )(answer)
    return handler


@get(f"{PORTAL}/systemregister/rights/{{system:str}}", guards=[authenticated])
async def read_rights(request: _Request) -> Response[bytes]:
    """What a system is registered with: single services and access packages."""
    given, _ = await _read(request)
    rights = await _call(request, rules.RIGHTS, given)
    packages = await _call(request, rules.PACKAGES, given)
    if rights.status >= _MULTIPLE_CHOICES:
        return _answer(request, rights)
    merged = {"rights": json.loads(rights.body), "accessPackages": json.loads(packages.body)}
    return json_answer(merged)


@get(f"{PORTAL}/systemuser/{{party_uuid:str}}/pending", guards=[authenticated])
async def list_pending(request: _Request, database: Given[Database]) -> Response[bytes]:
    """What somebody has escalated to an organisation, of both kinds."""
    given, _ = await _read(request)
    uuid = read_id("partyUuid", given["party_uuid"])
    party_id, number = await sync_to_thread(_find_party, database, uuid)
    named = {**given, "party": str(party_id), "number": number}
    pages = [await _call(request, call, named) for call in rules.PENDING]
    for page in pages:
        if page.status >= _MULTIPLE_CHOICES:
            return _answer(request, page)
    return json_answer(rules.escalated_of([json.loads(page.body) for page in pages]))


def _find_party(database: Database, uuid: UUID) -> tuple[int, str]:
    with database.reading() as reading:
        party = parties.find_party(reading, uuid)
    if party is None or party.number is None:
        raise PlainProblem(404, "Not Found", f"no organisation has party uuid `{uuid}`")
    return party.party_id, party.number.digits


@get(
    f"{PORTAL}/systemuser/agentdelegation/{{party:str}}/{{user:str}}/customers",
    guards=[authenticated],
)
async def list_customers(request: _Request) -> Response[bytes]:
    """The firm's clients that give any of an agent's packages."""
    given, _ = await _read(request)
    user = await _call(request, rules.SYSTEM_USER, given)
    if user.status >= _MULTIPLE_CHOICES:
        return _answer(request, user)
    path, query = rules.CUSTOMERS.address(given)
    packages = [each["urn"] for each in json.loads(user.body)["accessPackages"]]
    more = "".join(f"&packages={urn}" for urn in packages)
    return _answer(request, await forward(request, "GET", path, query + more))


ROUTES: list[HTTPRouteHandler] = [
    *(_handler(call) for call in rules.CALLS),
    read_rights,
    list_pending,
    list_customers,
]
