"""The feed of system users over HTTP. Beyond Altinn: Fullmakt's own."""

from __future__ import annotations

from urllib.parse import urlencode

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromQuery

from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.http.addresses import Addresses
from fullmakt.foundation.http.doors import json_answer
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.storage.database import Database
from fullmakt.services.notices import rules, service, wire
from fullmakt.services.notices.delivery import NoticeDelivery
from fullmakt.services.notices.parameters import read_position, read_size
from fullmakt.services.notices.service import OWNER_SCOPE, VENDOR_SCOPE
from fullmakt.services.notices.subscription_routes import SUBSCRIPTION_ROUTES, concerned

Text = str | None


@get(service.FEED, guards=[concerned], sync_to_thread=True)
def read_feed(
    caller: Given[Caller],
    database: Given[Database],
    addresses: Given[Addresses],
    notice_delivery: Given[NoticeDelivery],
    position: FromQuery[Text] = None,
    size: FromQuery[Text] = None,
) -> Response[bytes]:
    """What happened to the caller's system users after a position, oldest first."""
    organization = service.get_organization(caller)
    after, most = read_position(position), read_size(size)
    is_vendor, is_owner = VENDOR_SCOPE in caller.scopes, OWNER_SCOPE in caller.scopes
    with database.reading() as reading:
        audience = service.audience_of(
            reading, organization, is_vendor=is_vendor, is_owner=is_owner
        )
        page = service.list_notices(reading, audience, after=after, most=most)
    query = urlencode({"position": rules.write_position(page.position), "size": most})
    next_page = f"{addresses.platform}{service.FEED}?{query}"
    # SPEC: CloudEvents: source and id together tell an event, so they are as in its deliveries.
    return json_answer(wire.write_page(page, source=notice_delivery.source, next_page=next_page))


ROUTES: list[HTTPRouteHandler] = [read_feed, *SUBSCRIPTION_ROUTES]
