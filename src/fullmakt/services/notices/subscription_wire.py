"""Subscriptions and dead letters as JSON. A secret is told once, when it is made."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from fullmakt.foundation.terms.moments import write_moment
from fullmakt.services.notices.model import DeadNotice, Subscription
from fullmakt.services.notices.rules import write_position


class SubscribeBody(msgspec.Struct, rename="camel"):
    """Where notices are to go, and after which position: without one, from the beginning."""

    endpoint: str
    position: str | None = None


class SubscriptionShape(msgspec.Struct, rename="camel"):
    """A subscription, how far it has come, and what went wrong at the last attempt."""

    id: UUID
    endpoint: str
    created: str
    position: str
    failed_attempts: int
    next_attempt: str | UnsetType = UNSET
    last_error: str | UnsetType = UNSET
    secret: str | UnsetType = UNSET


class SubscriptionList(msgspec.Struct, rename="camel"):
    """The caller's subscriptions."""

    data: list[SubscriptionShape]


class DeadLetter(msgspec.Struct, rename="camel"):
    """A notice that was given up."""

    id: str
    attempts: int
    last_error: str
    given_up: str
    event: msgspec.Raw


class DeadLetters(msgspec.Struct, rename="camel"):
    """The notices that were given up, oldest first."""

    data: list[DeadLetter]


class Redelivered(msgspec.Struct, rename="camel"):
    """Whether the notice was acknowledged now, else why not."""

    is_delivered: bool
    error: str | UnsetType = UNSET


def write_subscription(found: Subscription, *, tells_secret: bool = False) -> SubscriptionShape:
    """A subscription, with its secret when it is new."""
    return SubscriptionShape(
        id=found.uuid,
        endpoint=found.endpoint,
        created=write_moment(found.created),
        position=write_position(found.position),
        failed_attempts=found.attempts,
        next_attempt=UNSET if found.next_at is None else write_moment(found.next_at),
        last_error=found.last_error or UNSET,
        secret=found.secret if tells_secret else UNSET,
    )


def write_dead(letters: Sequence[DeadNotice]) -> DeadLetters:
    """The notices that were given up."""
    return DeadLetters(
        [
            DeadLetter(
                write_position(letter.position),
                letter.attempts,
                letter.last_error,
                write_moment(letter.at),
                msgspec.Raw(letter.body),
            )
            for letter in letters
        ]
    )
