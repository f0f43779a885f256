"""Test tokens over HTTP: the endpoints of Altinn's test-token generator, and people's sessions.

The answer is the bare token. HTTP Basic with any user and password, as scripts written for the
generator send; who may ask is whoever is on this machine.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.exceptions import HTTPException
from litestar.params import FromPath

from fullmakt.access.parties import service as parties
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.terms.problem import InvalidInput
from fullmakt.run.testworld import test_tokens
from fullmakt.run.testworld.control_door import neighbour, secret_holder
from fullmakt.run.testworld.query import Query, naming, whole
from fullmakt.run.testworld.test_tokens import TokenWish
from fullmakt.run.testworld.world import TestWorld
from fullmakt.run.testworld.worldfile import words
from fullmakt.systems.system_users import service as system_users

if TYPE_CHECKING:
    from litestar.handlers import BaseRouteHandler

    from fullmakt.access.parties.model import Party
    from fullmakt.foundation.http.doors import AnyConnection
    from fullmakt.foundation.storage.database import Reading
    from fullmakt.foundation.terms.numbers import PersonNumber

_TEXT = "text/plain; charset=utf-8"
_LARGEST_ID = 2**31 - 1
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
    default_s, longest_s = test_tokens.DEFAULT_LIFETIME_S, test_tokens.LONGEST_LIFETIME_S
    asked = query.get("scopes", words.text) or scopes
    if asked is None:
        query.fault("scopes", "The scopes field is required.")
    level = query.get("authLvl", whole(0, 4))
    return TokenWish(
        scopes=" ".join((asked or "").replace(",", " ").split()),
        lifetime_s=query.get("ttl", whole(1, longest_s)) or default_s,
        level=test_tokens.DEFAULT_LEVEL if level is None else level,
    )


@get("/api/GetPersonalToken", guards=[basic], sync_to_thread=True)
def get_personal_token(request: AnyRequest, test_world: Given[TestWorld]) -> Response[str]:
    """A token of a person of this world, named by any of its ids."""
    names = ("env", "scopes", "userId", "partyId", "partyuuid", "pid", "authLvl", "ttl")
    query = Query(request, *names, "userName", "clientAmr", "consumerOrgNo")
    wish = _wish(query, scopes=test_tokens.PORTAL_SCOPE)
    pid = query.get("pid", _person_number)
    user_id, party_id = query.get("userId", _id), query.get("partyId", _id)
    uuid = query.get("partyuuid", _uuid)
    query.check()
    house = test_world.standing()
    with house.database.reading() as reading:
        person = _person(reading, pid=pid, user_id=user_id, uuid=uuid)
    for name, given, own in (
        ("userId", user_id, person.user_id),
        ("partyId", party_id, person.party_id),
        ("partyuuid", uuid, person.uuid),
    ):
        if given is not None and given != own:
            raise InvalidInput({name: (f"`{given}` is not {person.name}'s, which is `{own}`.",)})
    return Response(test_tokens.person_token(house, person, wish), media_type=_TEXT)


def _person_number(value: object) -> PersonNumber:
    try:
        return words.person_number(value)
    except ValueError as fault:
        raise ValueError(f"`{str(value)[:6]}*****` {fault}") from None


def _person(
    reading: Reading, *, pid: PersonNumber | None, user_id: int | None, uuid: UUID | None
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
    if found is None or found.user_id is None:
        text = f"`{shown}` is not a person of this world; name one by pid, userId or partyuuid."
        raise InvalidInput({named: (text,)})
    return found


@get("/api/GetEnterpriseToken", guards=[basic], sync_to_thread=True)
def get_enterprise_token(request: AnyRequest, test_world: Given[TestWorld]) -> Response[str]:
    """An exchanged token of an organisation, whether it is registered or not."""
    names = ("env", "scopes", "org", "orgNo", "orgName", "supplierOrgNo", "partyId", "partyuuid")
    query = Query(request, *names, "userId", "userName", "ttl", "delegationSource")
    wish = _wish(query, scopes=None)
    organization = query.get("orgNo", _organization)
    if organization is None:
        query.fault("orgNo", "The orgNo field is required.")
    service_owner = query.get("org", words.text)
    supplier = query.get("supplierOrgNo", _organization)
    query.check()
    assert organization is not None, "checked above"
    token = test_tokens.enterprise_token(
        test_world.standing(), organization, wish, service_owner=service_owner, supplier=supplier
    )
    return Response(token, media_type=_TEXT)


@get("/api/GetSystemUserToken", guards=[basic], sync_to_thread=True)
def get_system_user_token(request: AnyRequest, test_world: Given[TestWorld]) -> Response[str]:
    """An exchanged token of a system user of this world."""
    query = Query(request, "env", "scopes", "systemUserId", "orgNo", "clientId", "ttl")
    wish = _wish(query, scopes=None)
    uuid = query.get("systemUserId", _uuid)
    owner, client_id = query.get("orgNo", _organization), query.get("clientId", words.text)
    if uuid is None:
        query.fault("systemUserId", "The systemUserId field is required.")
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
        person = _person(reading, pid=number, user_id=None, uuid=None)
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


ROUTES = [get_personal_token, get_enterprise_token, get_system_user_token, get_session_token]
