"""Standings read for the hot path: one statement, compiled once for each way of naming the two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fullmakt.access.delegations.standing_store import read_standing, standing_statement

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
        self._key_roles = tuple(key_roles)
        self._texts: dict[tuple[Key, Key], str] = {}

    def read(self, subject: Reference, party: Reference) -> Standing | Unregistered:
        """The standing of `subject` towards `party`."""
        keys = (subject.key, party.key)
        text = self._texts.get(keys)
        if text is None:
            statement = standing_statement(*keys, key_roles=self._key_roles)
            text = self._texts[keys] = self._database.text_of(statement)
        rows = self._database.ask(text, {"subject": subject.value, "party": party.value})
        return read_standing(rows, now=self._clock.now())
