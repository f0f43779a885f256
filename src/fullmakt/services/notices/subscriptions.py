"""Subscribing to notices, and looking after what could not be delivered."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import uuid4

from fullmakt.foundation.terms.moments import utc
from fullmakt.services.notices import rules, subscriptions_store
from fullmakt.services.notices.endpoints import Unreachable, check_endpoint, send
from fullmakt.services.notices.errors import (
    DeadNoticeNotFound,
    EndpointNotValidated,
    SubscriptionNotFound,
    TooManySubscriptions,
)
from fullmakt.services.notices.model import Position, Subscription
from fullmakt.services.notices.signing import make_secret

if TYPE_CHECKING:
    from uuid import UUID

    from fullmakt.foundation.storage.database import Database, Reading
    from fullmakt.foundation.terms.numbers import OrganizationNumber
    from fullmakt.services.notices.delivery import NoticeDelivery

MOST_SUBSCRIPTIONS = 10
MOST_DEAD = 500


def subscribe(
    database: Database,
    delivery: NoticeDelivery,
    organization: OrganizationNumber,
    *,
    endpoint: str,
    after: Position,
    is_vendor: bool,
    is_owner: bool,
) -> Subscription:
    """Deliver notices after a position to an endpoint from now on, once it has agreed.

    Raises: EndpointRefused, EndpointNotValidated, TooManySubscriptions.
    """
    check_endpoint(endpoint, delivery.rule)
    with database.reading() as reading:
        _check_room(reading, organization)
    _validate(endpoint, delivery)
    new = Subscription(
        id=0,
        uuid=uuid4(),
        organization=organization,
        is_vendor=is_vendor,
        is_owner=is_owner,
        endpoint=endpoint,
        secret=make_secret(),
        created=utc(delivery.clock.now()),
        position=after,
    )
    with database.journal() as journal:
        _check_room(journal, organization)
        subscriptions_store.add(journal, new)
    delivery.start()
    return new


def _check_room(reading: Reading, organization: OrganizationNumber) -> None:
    if len(subscriptions_store.list_of(reading, organization)) >= MOST_SUBSCRIPTIONS:
        message = f"`{organization}` has {MOST_SUBSCRIPTIONS} subscriptions; delete one first"
        raise TooManySubscriptions(message)


def _validate(endpoint: str, delivery: NoticeDelivery) -> None:
    """Ask whether the endpoint wants notices (CloudEvents, HTTP 1.1 web hooks 1.0.2, section 4)."""
    origin = urlsplit(delivery.source).netloc
    try:
        answer = send(
            "OPTIONS", endpoint, delivery.rule, headers={"webhook-request-origin": origin}
        )
    except Unreachable as fault:
        message = f"`{endpoint}` did not answer: {fault}"
        raise EndpointNotValidated(message) from None
    if not 200 <= answer.status < 300 or answer.allowed_origin not in {origin, "*"}:
        message = (
            f"`{endpoint}` answered OPTIONS with {answer.status} and WebHook-Allowed-Origin"
            f" `{answer.allowed_origin[:100]}`; answer 200 and `{origin}` to have notices"
        )
        raise EndpointNotValidated(message)


def get_subscription(
    reading: Reading, organization: OrganizationNumber, uuid: UUID
) -> Subscription:
    """One of the organisation's own. Raises: SubscriptionNotFound (also: another's)."""
    found = subscriptions_store.find(reading, organization, uuid)
    if found is None:
        message = f"`{organization}` has no subscription `{uuid}`"
        raise SubscriptionNotFound(message)
    return found


def unsubscribe(database: Database, organization: OrganizationNumber, uuid: UUID) -> None:
    """End a subscription, dead letters and all. Raises: SubscriptionNotFound."""
    with database.journal() as journal:
        subscriptions_store.remove(journal, get_subscription(journal, organization, uuid))


def redeliver(
    database: Database,
    delivery: NoticeDelivery,
    organization: OrganizationNumber,
    uuid: UUID,
    position: Position,
) -> str:
    """Make another attempt at a notice that was given up; what went wrong, or nothing.

    Acknowledged, it is no longer among the dead. Raises: SubscriptionNotFound, DeadNoticeNotFound.
    """
    with database.reading() as reading:
        subscription = get_subscription(reading, organization, uuid)
        dead = subscriptions_store.find_dead(reading, subscription, position)
    if dead is None:
        message = f"nothing with id `{rules.write_position(position)}` was given up"
        raise DeadNoticeNotFound(message)
    error = delivery.attempt(subscription, dead.position, dead.body)
    if not error:
        with database.journal() as journal:
            subscriptions_store.remove_dead(journal, dead)
    return error
