"""Webhook subscriptions, and the notices that were given up, in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import delete, func, insert, or_, select, update

from fullmakt.foundation.terms.moments import utc
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.services.notices.model import DeadNotice, Position, Subscription
from fullmakt.services.notices.tables import dead_notices, notice_subscriptions

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row

    from fullmakt.foundation.storage.database import Journal, Reading

_LONGEST_ERROR = 400


def _subscription(row: Row[Any]) -> Subscription:
    return Subscription(
        id=row.id,
        uuid=UUID(row.uuid),
        organization=OrganizationNumber(row.organization),
        is_vendor=row.is_vendor,
        is_owner=row.is_owner,
        endpoint=row.endpoint,
        secret=row.secret,
        created=utc(row.created),
        position=Position(row.revision, row.n),
        attempts=row.attempts,
        next_at=None if row.next_at is None else utc(row.next_at),
        last_error=row.last_error or "",
    )


def _list(reading: Reading, *conditions: ColumnElement[bool]) -> list[Subscription]:
    rows = reading.connection.execute(
        select(notice_subscriptions).where(*conditions).order_by(notice_subscriptions.c.id)
    )
    return [_subscription(row) for row in rows]


def list_of(reading: Reading, organization: OrganizationNumber) -> list[Subscription]:
    """An organisation's subscriptions, oldest first."""
    return _list(reading, notice_subscriptions.c.organization == organization.digits)


def find(reading: Reading, organization: OrganizationNumber, uuid: UUID) -> Subscription | None:
    """An organisation's subscription with this id."""
    own = notice_subscriptions.c.organization == organization.digits
    return next(iter(_list(reading, own, notice_subscriptions.c.uuid == str(uuid))), None)


def list_due(reading: Reading, *, at: datetime) -> list[Subscription]:
    """The subscriptions that no failed attempt keeps waiting."""
    next_at = notice_subscriptions.c.next_at
    return _list(reading, or_(next_at.is_(None), next_at <= at))


def are_there_any(reading: Reading) -> bool:
    """Whether there is any subscription."""
    return bool(reading.connection.scalar(select(func.count()).select_from(notice_subscriptions)))


def add(journal: Journal, new: Subscription) -> None:
    """Keep a new subscription; its inner id is not looked at."""
    journal.connection.execute(
        insert(notice_subscriptions).values(
            uuid=str(new.uuid),
            organization=new.organization.digits,
            is_vendor=new.is_vendor,
            is_owner=new.is_owner,
            endpoint=new.endpoint,
            secret=new.secret,
            created=new.created,
            revision=new.position.revision,
            n=new.position.n,
            attempts=0,
        )
    )


def remove(journal: Journal, subscription: Subscription) -> None:
    """Forget a subscription and what was given up for it."""
    dead, inner = dead_notices.c.subscription_id, subscription.id
    journal.connection.execute(delete(dead_notices).where(dead == inner))
    journal.connection.execute(
        delete(notice_subscriptions).where(notice_subscriptions.c.id == inner)
    )


def claim(journal: Journal, subscription: Subscription, *, at: datetime, until: datetime) -> bool:
    """Take the delivery to a subscription for oneself, unless another node has it."""
    claimed = notice_subscriptions.c.claimed_until
    result = journal.connection.execute(
        update(notice_subscriptions)
        .where(notice_subscriptions.c.id == subscription.id, or_(claimed.is_(None), claimed <= at))
        .values(claimed_until=until)
    )
    return result.rowcount == 1


def release(journal: Journal, subscription: Subscription) -> None:
    """Let others deliver to a subscription."""
    _change(journal, subscription, claimed_until=None)


def advance(journal: Journal, subscription: Subscription, position: Position) -> None:
    """Note that everything up to a position is delivered."""
    _change(
        journal,
        subscription,
        revision=position.revision,
        n=position.n,
        attempts=0,
        next_at=None,
        last_error=None,
    )


def put_off(
    journal: Journal, subscription: Subscription, *, attempts: int, until: datetime, error: str
) -> None:
    """Note a failed attempt, and when the next one is made."""
    _change(
        journal,
        subscription,
        attempts=attempts,
        next_at=until,
        last_error=error[:_LONGEST_ERROR],
    )


def _change(journal: Journal, subscription: Subscription, **values: object) -> None:
    journal.connection.execute(
        update(notice_subscriptions)
        .where(notice_subscriptions.c.id == subscription.id)
        .values(**values)
    )


def add_dead(
    journal: Journal,
    subscription: Subscription,
    position: Position,
    *,
    body: bytes,
    attempts: int,
    error: str,
    at: datetime,
) -> None:
    """Keep a notice that was given up, unless the subscription is gone."""
    inner = notice_subscriptions.c.id == subscription.id
    if journal.connection.scalar(select(notice_subscriptions.c.id).where(inner)) is None:
        return
    journal.connection.execute(
        insert(dead_notices).values(
            subscription_id=subscription.id,
            revision=position.revision,
            n=position.n,
            body=body.decode(),
            attempts=attempts,
            last_error=error[:_LONGEST_ERROR],
            at=at,
        )
    )


def list_dead(reading: Reading, subscription: Subscription, *, most: int) -> list[DeadNotice]:
    """The notices that were given up for a subscription, oldest first."""
    rows = reading.connection.execute(
        select(dead_notices)
        .where(dead_notices.c.subscription_id == subscription.id)
        .order_by(dead_notices.c.revision, dead_notices.c.n)
        .limit(most)
    )
    return [_dead(row) for row in rows]


def find_dead(
    reading: Reading, subscription: Subscription, position: Position
) -> DeadNotice | None:
    """The notice at a position that was given up for a subscription."""
    row = reading.connection.execute(
        select(dead_notices).where(
            dead_notices.c.subscription_id == subscription.id,
            dead_notices.c.revision == position.revision,
            dead_notices.c.n == position.n,
        )
    ).one_or_none()
    return None if row is None else _dead(row)


def remove_dead(journal: Journal, dead: DeadNotice) -> None:
    """Forget a notice that was given up."""
    journal.connection.execute(delete(dead_notices).where(dead_notices.c.id == dead.id))


def _dead(row: Row[Any]) -> DeadNotice:
    return DeadNotice(
        row.id,
        Position(row.revision, row.n),
        row.body.encode(),
        row.attempts,
        row.last_error,
        utc(row.at),
    )
