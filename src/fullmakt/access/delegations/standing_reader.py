"""Standings read for the hot path: one statement, compiled once for each way of naming the two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fullmakt.access.delegations.standing_store import (
    read_standing,
    standing_statement,
    standing_with_revision_statement,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fullmakt.access.delegations.standings import Key, Reference, Standing, Unregistered
    from fullmakt.foundation.storage.database import Database
    from fullmakt.foundation.terms.clock import Clock


class StandingReader:
    """Reads standings as the primary has them now."""

    def __init__(self, database: Database, *, key_roles: Iterable[str], clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._key_roles = frozenset(key_roles)
        self._texts: dict[tuple[Key, Key], str] = {}
        self._texts_with_revision: dict[tuple[Key, Key], str] = {}

    def read(self, subject: Reference, party: Reference) -> Standing | Unregistered:
        """The standing of `subject` towards `party`."""
        rows = self._database.ask(self._text(subject, party), _parameters(subject, party))
        return read_standing(rows, now=self._clock.now())

    async def read_with_revision_on_loop(
        self, subject: Reference, party: Reference
    ) -> tuple[int, str, Standing | Unregistered]:
        """The world's revision and incarnation, and the standing in the same snapshot."""
        keys = (subject.key, party.key)
        text = self._texts_with_revision.get(keys)
        if text is None:
            statement = standing_with_revision_statement(*keys, key_roles=self._key_roles)
            text = self._texts_with_revision[keys] = self._database.text_of(statement)
        rows = await self._database.ask_on_loop(text, _parameters(subject, party))
        revision, incarnation = int(rows[0][0]), str(rows[0][1])
        found = [row[2:] for row in rows if row[2] is not None]
        return revision, incarnation, read_standing(found, now=self._clock.now())

    async def read_on_loop(self, subject: Reference, party: Reference) -> Standing | Unregistered:
        """As `read`, waited for on the event loop."""
        text, parameters = self._text(subject, party), _parameters(subject, party)
        rows = await self._database.ask_on_loop(text, parameters)
        return read_standing(rows, now=self._clock.now())

    def _text(self, subject: Reference, party: Reference) -> str:
        keys = (subject.key, party.key)
        text = self._texts.get(keys)
        if text is None:
            statement = standing_statement(*keys, key_roles=self._key_roles)
            text = self._texts[keys] = self._database.text_of(statement)
        return text


def _parameters(subject: Reference, party: Reference) -> dict[str, str | int]:
    return {"subject": subject.value, "party": party.value}
