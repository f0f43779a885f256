"""Delivering notices to the endpoints that subscribe to them, in order and at least once.

How far a subscription has come is written when its endpoint has acknowledged a notice, and not
before: whatever ends the program in between, the notice is delivered again, with the same id.
"""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta
from typing import Final

from fullmakt.foundation.http.bodies import write_body
from fullmakt.foundation.storage.database import Database
from fullmakt.foundation.terms.clock import Clock
from fullmakt.services.notices import rules, service, subscriptions_store, wire
from fullmakt.services.notices.endpoints import EndpointRule, Unreachable, send
from fullmakt.services.notices.errors import EndpointRefused
from fullmakt.services.notices.model import Notice, NoticePage, Position, Subscription
from fullmakt.services.notices.signing import sign_notice

BACK_OFF: Final = tuple(
    timedelta(seconds=seconds)
    for seconds in (10, 30, 60, 300, 600, 1800, 3600, 10_800, 21_600, 43_200, 43_200)
)
"""How long is waited after each failed attempt; after one more the notice is given up."""

_LOOKS_EVERY_S = 1.0
_AT_ONCE = 100
_CLAIM = timedelta(minutes=1)
_STOPS_WITHIN_S = 15
_logger = logging.getLogger(__name__)


class NoticeDelivery:
    """Delivers in a thread of its own, which runs while there are subscriptions.

    `source` is the address of the feed. `clock` is the machine's: waiting is no domain time.
    Without `is_automatic`, only `deliver_due` delivers.
    """

    def __init__(
        self,
        database: Database,
        *,
        clock: Clock,
        source: str,
        rule: EndpointRule,
        is_automatic: bool = True,
    ) -> None:
        self.source = source
        self.rule = rule
        self.clock = clock
        self._database = database
        self._is_automatic = is_automatic
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._stopping = threading.Event()

    def start(self) -> None:
        """Deliver from now on, if anybody has subscribed; again is the same as once."""
        with self._starting:
            if self._thread or self._stopping.is_set() or not self._is_automatic:
                return
            with self._database.reading() as reading:
                if not subscriptions_store.are_there_any(reading):
                    return
            self._thread = threading.Thread(target=self._run, name="notices", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Make no more attempts, and wait for the one that is made."""
        self._stopping.set()
        with self._starting:
            if self._thread is not None:
                self._thread.join(_STOPS_WITHIN_S)

    def resume(self) -> None:
        """Deliver again after all, where it was stopped."""
        with self._starting:
            self._stopping, self._thread = threading.Event(), None
        self.start()

    def _run(self) -> None:
        stopping = self._stopping
        while not stopping.wait(_LOOKS_EVERY_S):
            try:
                self.deliver_due()
            except Exception:
                # Whatever it was, the next round begins where this one came to.
                _logger.exception("notices could not be delivered")

    def deliver_due(self) -> None:
        """Deliver everything that waits, to every subscription that no failure keeps waiting."""
        with self._database.reading() as reading:
            due = subscriptions_store.list_due(reading, at=self.clock.now())
        for subscription in due:
            if self._claim(subscription):
                try:
                    self._deliver_all(subscription)
                finally:
                    self._release(subscription)

    def _claim(self, subscription: Subscription) -> bool:
        """Several nodes share PostgreSQL; a SQLite file has one program."""
        if self._database.is_inline:
            return True
        now = self.clock.now()
        with self._database.journal() as journal:
            return subscriptions_store.claim(journal, subscription, at=now, until=now + _CLAIM)

    def _release(self, subscription: Subscription) -> None:
        if not self._database.is_inline:
            with self._database.journal() as journal:
                subscriptions_store.release(journal, subscription)

    def _deliver_all(self, subscription: Subscription) -> None:
        position, attempts = subscription.position, subscription.attempts
        begun = self.clock.now()
        while not self._stopping.is_set() and self.clock.now() - begun < _CLAIM / 2:
            page = self._read(subscription, position)
            for notice in page.notices:
                if self._stopping.is_set():
                    return
                if not self._deliver(subscription, notice, attempts):
                    return
                attempts = 0
            if page.position != position:
                with self._database.journal() as journal:
                    subscriptions_store.advance(journal, subscription, page.position)
            position = page.position
            if page.is_last:
                return

    def _read(self, subscription: Subscription, after: Position) -> NoticePage:
        with self._database.reading() as reading:
            audience = service.audience_of(
                reading,
                subscription.organization,
                is_vendor=subscription.is_vendor,
                is_owner=subscription.is_owner,
            )
            return service.list_notices(reading, audience, after=after, most=_AT_ONCE)

    def _deliver(self, subscription: Subscription, notice: Notice, attempts: int) -> bool:
        """Whether to go on with the next notice: this one is acknowledged, or given up."""
        body = write_body(wire.write_notice(notice, source=self.source))
        error = self.attempt(subscription, notice.position, body)
        now, attempts = self.clock.now(), attempts + 1
        with self._database.journal() as journal:
            if error and attempts <= len(BACK_OFF):
                until = now + BACK_OFF[attempts - 1]
                subscriptions_store.put_off(
                    journal, subscription, attempts=attempts, until=until, error=error
                )
                return False
            if error:
                subscriptions_store.add_dead(
                    journal,
                    subscription,
                    notice.position,
                    body=body,
                    attempts=attempts,
                    error=error,
                    at=now,
                )
            subscriptions_store.advance(journal, subscription, notice.position)
        return True

    def attempt(self, subscription: Subscription, position: Position, body: bytes) -> str:
        """Send one notice; what went wrong, or nothing when it was acknowledged (2xx)."""
        now: datetime = self.clock.now()
        signed = sign_notice(
            subscription.secret,
            notice_id=rules.write_position(position),
            sent_at=int(now.timestamp()),
            body=body,
        )
        headers = {"content-type": "application/cloudevents+json; charset=utf-8", **signed}
        try:
            answer = send("POST", subscription.endpoint, self.rule, headers=headers, body=body)
        except (Unreachable, EndpointRefused) as fault:
            return str(fault)
        return "" if 200 <= answer.status < 300 else f"the endpoint answered {answer.status}"
