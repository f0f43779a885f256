"""Subscriptions to notices over HTTP. Beyond Altinn: Fullmakt's own."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, delete, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, RawBody
from msgspec import UNSET

from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.http.bodies import read_body
from fullmakt.foundation.http.doors import json_answer, scope
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.storage.database import Database
from fullmakt.foundation.terms.problem import InvalidInput
from fullmakt.services.notices import subscription_wire as wire
from fullmakt.services.notices import subscriptions, subscriptions_store
from fullmakt.services.notices.delivery import NoticeDelivery
from fullmakt.services.notices.parameters import read_position
from fullmakt.services.notices.service import (
    FEED,
    OWNER_SCOPE,
    VENDOR_SCOPE,
    get_organization,
)

concerned = scope(VENDOR_SCOPE, OWNER_SCOPE)
_SUBSCRIPTIONS = f"{FEED}/subscriptions"
_ONE = f"{_SUBSCRIPTIONS}/{{subscription:str}}"


@post(_SUBSCRIPTIONS, guards=[concerned], sync_to_thread=True)
def subscribe(
    body: RawBody,
    caller: Given[Caller],
    database: Given[Database],
    notice_delivery: Given[NoticeDelivery],
) -> Response[bytes]:
    """Have notices delivered to an endpoint; the answer alone tells the secret."""
    organization = get_organization(caller)
    wanted = read_body(body, wire.SubscribeBody)
    new = subscriptions.subscribe(
        database,
        notice_delivery,
        organization,
        endpoint=wanted.endpoint,
        after=read_position(wanted.position),
        is_vendor=VENDOR_SCOPE in caller.scopes,
        is_owner=OWNER_SCOPE in caller.scopes,
    )
    return json_answer(wire.write_subscription(new, tells_secret=True), status=201)


@get(_SUBSCRIPTIONS, guards=[concerned], sync_to_thread=True)
def list_subscriptions(caller: Given[Caller], database: Given[Database]) -> Response[bytes]:
    """The caller's subscriptions."""
    with database.reading() as reading:
        found = subscriptions_store.list_of(reading, get_organization(caller))
    return json_answer(wire.SubscriptionList([wire.write_subscription(each) for each in found]))


@delete(_ONE, guards=[concerned], sync_to_thread=True)
def unsubscribe(
    subscription: FromPath[str], caller: Given[Caller], database: Given[Database]
) -> None:
    """End a subscription."""
    subscriptions.unsubscribe(database, get_organization(caller), _read_id(subscription))


@get(f"{_ONE}/deadletters", guards=[concerned], sync_to_thread=True)
def list_dead_letters(
    subscription: FromPath[str], caller: Given[Caller], database: Given[Database]
) -> Response[bytes]:
    """The notices that were given up for a subscription."""
    organization, uuid = get_organization(caller), _read_id(subscription)
    with database.reading() as reading:
        found = subscriptions.get_subscription(reading, organization, uuid)
        dead = subscriptions_store.list_dead(reading, found, most=subscriptions.MOST_DEAD)
    return json_answer(wire.write_dead(dead))


@post(
    f"{_ONE}/deadletters/{{position:str}}/redeliver",
    status_code=200,
    guards=[concerned],
    sync_to_thread=True,
)
def redeliver(
    subscription: FromPath[str],
    position: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    notice_delivery: Given[NoticeDelivery],
) -> Response[bytes]:
    """Make another attempt at a notice that was given up."""
    organization, uuid = get_organization(caller), _read_id(subscription)
    error = subscriptions.redeliver(
        database, notice_delivery, organization, uuid, read_position(position)
    )
    return json_answer(wire.Redelivered(is_delivered=not error, error=error or UNSET))


def _read_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise InvalidInput({"subscription": (f"The value '{text}' is not valid.",)}) from None


SUBSCRIPTION_ROUTES: list[HTTPRouteHandler] = [
    subscribe,
    list_subscriptions,
    unsubscribe,
    list_dead_letters,
    redeliver,
]
