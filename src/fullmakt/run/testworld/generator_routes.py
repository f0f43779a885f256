"""Test tokens over HTTP: the endpoints of Altinn's test-token generator, and people's sessions.

The answer is the bare token; with `bulkCount` a JSON object of them, by person number. HTTP Basic
with any user and password, as scripts written for the generator send; who may ask is whoever is on
this machine.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from litestar import Request, Response, get
from litestar.exceptions import HTTPException
from litestar.params import FromPath

from fullmakt.access.parties import service as parties
from fullmakt.access.parties.register_door import PLATFORM_ISSUER
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.terms.problem import InvalidInput
from fullmakt.run.testworld import test_tokens
from fullmakt.run.testworld.control_door import neighbour, secret_holder
from fullmakt.run.testworld.query import Query, naming, whole
from fullmakt.run.testworld.test_tokens import Enterprise, Login, TokenWish
from fullmakt.run.testworld.world import TestWorld
from fullmakt.run.testworld.worldfile import words
from fullmakt.systems.system_users import service as system_users

if TYPE_CHECKING:
    from litestar.handlers import BaseRouteHandler

    from fullmakt.access.parties.model import Party
    from fullmakt.foundation.http.doors import AnyConnection
    from fullmakt.foundation.storage.database import Reading
    from fullmakt.foundation.terms.numbers import PersonNumber
    from fullmakt.run.server.house import House

_TEXT = "text/plain; charset=utf-8"
_LARGEST_ID = 2**31 - 1
_MOST_AT_ONCE = 10_000
Value = TypeVar("Value")
_id = whole(1, _LARGEST_ID)
_organization = naming(words.organization_number)
_uuid = naming(words.uuid)
AnyRequest = Request[Any, Any, Any]


def basic(connection: AnyConnection, handler: BaseRouteHandler) -> None:
    """A guard that wants HTTP Basic, with any user and password."""
    neighbour(connection, handler)
    scheme, _, given = connection.headers.get("authorization", "").partition(" ")
    try:
        user, separator, _ = base64.b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        user, separator = "", ""
    if scheme.lower() != "basic" or not separator or not user:
        detail = "test tokens want HTTP Basic with any user and password"
        challenge = {"www-authenticate": 'Basic realm="test tokens"'}
        raise HTTPException(status_code=401, detail=detail, headers=challenge)


def _wish(query: Query, *, scopes: str | None) -> TokenWish:
    asked = query.get("scopes", words.text) or scopes
    if asked is None:
        query.fault("scopes", "The scopes field is required.")
    level = query.get("authLvl", whole(0, 4))
    return TokenWish(
        scopes=" ".join((asked or "").replace(",", " ").split()),
        lifetime_s=_lifetime_s(query),
        level=test_tokens.DEFAULT_LEVEL if level is None else level,
    )


def _lifetime_s(query: Query) -> int:
    longest_s = test_tokens.LONGEST_LIFETIME_S
    return query.get("ttl", whole(1, longest_s)) or test_tokens.DEFAULT_LIFETIME_S


@get("/api/GetPersonalToken", guards=[basic], sync_to_thread=True)
def get_personal_token(request: AnyRequest, test_world: Given[TestWorld]) -> Response[Any]:
    """A token of a person of this world, named by any of its ids; or of as many as asked for."""
    names = ("env", "scopes", "userId", "partyId", "partyuuid", "pid", "authLvl", "ttl")
    login_names = ("userName", "clientAmr", "consumerOrgNo", "delegationSource")
    query = Query(request, *names, *login_names, "bulkCount")
    wish = _wish(query, scopes=test_tokens.PORTAL_SCOPE)
    pid = query.get("pid", _person_number)
    user_id, party_id = query.get("userId", _id), query.get("partyId", _id)
    uuid, many = query.get("partyuuid", _uuid), query.get("bulkCount", whole(1, _MOST_AT_ONCE))
    login = Login(
        query.get("userName", words.text) or "",
        query.get("clientAmr", words.text) or Login().client_method,
        query.get("consumerOrgNo", _organization),
        query.get("delegationSource", words.text),
    )
    if many is not None and (pid, user_id, party_id, uuid) != (None, None, None, None):
        query.fault("bulkCount", "`bulkCount` is for people of any kind; name none beside it.")
    query.check()
    house = test_world.standing()
    if many is not None:
        return Response(_many(house, many, wish, login), media_type="application/json")
    with house.database.reading() as reading:
        person = _person(reading, pid=pid, user_id=user_id, uuid=uuid, party_id=party_id)
    for name, given, own in (
        ("userId", user_id, person.user_id),
        ("partyId", party_id, person.party_id),
        ("partyuuid", uuid, person.uuid),
    ):
        if given is not None and given != own:
            raise InvalidInput({name: (f"`{given}` is not {person.name}'s, which is `{own}`.",)})
    return Response(test_tokens.person_token(house, person, wish, login=login), media_type=_TEXT)


def _many(house: House, count: int, wish: TokenWish, login: Login) -> dict[str, str]:
    """Tokens by person number. Raises: InvalidInput, when there are not so many people."""
    with house.database.reading() as reading:
        people = parties.list_people(reading)
    if count > len(people):
        text = f"`{count}` are more people than this world has, which are {len(people)}."
        raise InvalidInput({"bulkCount": (text,)})
    return {
        str(person.person_number): test_tokens.person_token(house, person, wish, login=login)
        for person in people[:count]
    }


def _person_number(value: object) -> PersonNumber:
    try:
        return words.person_number(value)
    except ValueError as fault:
        raise ValueError(f"`{str(value)[:6]}*****` {fault}") from None


def _person(
    reading: Reading,
    *,
    pid: PersonNumber | None,
    user_id: int | None = None,
    uuid: UUID | None = None,
    party_id: int | None = None,
) -> Party:
    """The person that a request names. Raises: InvalidInput."""
    found: Party | None = None
    named, shown = "pid", "nobody"
    if pid is not None:
        named, shown, found = "pid", pid.masked, parties.find_person(reading, pid)
    elif user_id is not None:
        named, shown, found = "userId", str(user_id), parties.find_user(reading, user_id)
    elif uuid is not None:
        named, shown, found = "partyuuid", str(uuid), parties.find_party(reading, uuid)
    elif party_id is not None:
        named, shown = "partyId", str(party_id)
        found = parties.find_party_by_id(reading, party_id)
    if found is None or found.user_id is None:
        text = (
            f"`{shown}` is not a person of this world; name one by pid, userId, partyuuid or"
            " partyId."
        )
        raise InvalidInput({named: (text,)})
    return found


_ENTERPRISE = ("env", "scopes", "org", "orgNo", "supplierOrgNo", "ttl", "delegationSource")


@get("/api/GetEnterpriseToken", guards=[basic], sync_to_thread=True)
def get_enterprise_token(request: AnyRequest, test_world: Given[TestWorld]) -> Response[str]:
    """An exchanged token of an organisation, whether it is registered or not."""
    query = Query(request, *_ENTERPRISE, *_PASSED_OVER)
    wish, enterprise = _wish(query, scopes=None), _enterprise(query)
    query.check()
    assert enterprise is not None, "checked above"
    token = test_tokens.enterprise_token(test_world.standing(), wish, enterprise)
    return Response(token, media_type=_TEXT)


_PASSED_OVER = ("orgName", "partyId", "partyuuid", "userId", "userName")
"""Scripts send them here too; the generator's token of an organisation says nothing of them."""


def _enterprise(query: Query) -> Enterprise | None:
    """The organisation that a token is for; None, and a fault, when none is named."""
    number = _required(query, "orgNo", _organization)
    service_owner, supplier = (
        query.get("org", words.text),
        query.get("supplierOrgNo", _organization),
    )
    source = query.get("delegationSource", words.text)
    if number is None:
        return None
    return Enterprise(number, service_owner, supplier, delegation_source=source)


def _required(query: Query, name: str, parse: Callable[[object], Value]) -> Value | None:
    """The value of a parameter; None, and a fault, where there is none."""
    value = query.get(name, parse)
    if value is None:
        query.fault(name, f"The {name} field is required.")
    return value


@get("/api/GetEnterpriseUserToken", guards=[basic], sync_to_thread=True)
def get_enterprise_user_token(request: AnyRequest, test_world: Given[TestWorld]) -> Response[str]:
    """An exchanged token of an organisation's own user, whom this world need not know."""
    query = Query(request, *_ENTERPRISE, "orgName", "partyId", "partyuuid", "userId", "userName")
    wish, enterprise = _wish(query, scopes=test_tokens.END_USER_SCOPE), _enterprise(query)
    party_id, user_id = _required(query, "partyId", _id), _required(query, "userId", _id)
    user_name = _required(query, "userName", words.text)
    query.check()
    assert enterprise is not None, "checked above"
    assert party_id is not None, "checked above"
    assert user_id is not None, "checked above"
    token = test_tokens.enterprise_user_token(
        test_world.standing(),
        wish,
        enterprise,
        user_id=user_id,
        user_name=user_name or "",
        party_id=party_id,
    )
    return Response(token, media_type=_TEXT)


@get("/api/GetPlatformAccessToken", guards=[basic], sync_to_thread=True)
def get_platform_access_token(request: AnyRequest, test_world: Given[TestWorld]) -> Response[str]:
    """A token of a component of the platform, for the header `PlatformAccessToken`."""
    query = Query(request, "env", "app", "org", "ttl")
    app, issuer = _required(query, "app", words.text), query.get("org", words.text)
    if issuer not in {None, PLATFORM_ISSUER}:
        query.fault("org", f"`{issuer}` issues no tokens here; only `{PLATFORM_ISSUER}` does.")
    lifetime_s = _lifetime_s(query)
    query.check()
    house = test_world.standing()
    token = test_tokens.platform_token(house, app or "", lifetime_s=lifetime_s)
    return Response(token, media_type=_TEXT)


@get("/api/GetSystemUserToken", guards=[basic], sync_to_thread=True)
def get_system_user_token(request: AnyRequest, test_world: Given[TestWorld]) -> Response[str]:
    """An exchanged token of a system user of this world."""
    query = Query(request, "env", "scopes", "systemUserId", "orgNo", "clientId", "ttl")
    wish = _wish(query, scopes=None)
    uuid = _required(query, "systemUserId", _uuid)
    owner, client_id = query.get("orgNo", _organization), query.get("clientId", words.text)
    query.check()
    assert uuid is not None, "checked above"
    house = test_world.standing()
    with house.database.reading() as reading:
        user = system_users.find_system_user(reading, uuid)
    if user is None:
        raise InvalidInput({"systemUserId": (f"`{uuid}` is not a system user of this world.",)})
    if owner not in {None, user.owner}:
        raise InvalidInput({"orgNo": (f"`{owner}` does not own it; `{user.owner}` does.",)})
    token = test_tokens.system_user_token(house, user, wish, client_id=client_id)
    return Response(token, media_type=_TEXT)


@get("/fullmakt/people/{pid:str}/token", guards=[secret_holder], sync_to_thread=True)
def get_session_token(
    request: AnyRequest, test_world: Given[TestWorld], pid: FromPath[str]
) -> Response[str]:
    """What a person's browser session would carry; `party` is whom the person has chosen to see."""
    query = Query(request, "party", "level", "scopes")
    level = query.get("level", whole(0, 4))
    party_number = query.get("party", _organization)
    scopes = query.get("scopes", words.text) or test_tokens.PORTAL_SCOPE
    query.check()
    try:
        number = _person_number(pid)
    except ValueError as fault:
        raise InvalidInput({"pid": (f"{fault}.",)}) from None
    house = test_world.standing()
    with house.database.reading() as reading:
        person = _person(reading, pid=number)
        party = None if party_number is None else parties.find_organization(reading, party_number)
    if party_number is not None and party is None:
        raise InvalidInput({"party": (f"`{party_number}` is not registered.",)})
    wish = TokenWish(
        " ".join(scopes.replace(",", " ").split()),
        level=test_tokens.DEFAULT_LEVEL if level is None else level,
    )
    answer = Response(test_tokens.person_token(house, person, wish), media_type=_TEXT)
    chosen = party or person
    answer.set_cookie("AltinnPartyId", str(chosen.party_id))
    answer.set_cookie("AltinnPartyUuid", str(chosen.uuid))
    return answer


ROUTES = [
    get_personal_token,
    get_enterprise_token,
    get_enterprise_user_token,
    get_platform_access_token,
    get_system_user_token,
    get_session_token,
]
