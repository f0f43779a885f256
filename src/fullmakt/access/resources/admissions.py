"""How a party stands to the access lists of a resource, read for a decision.

One short question on the connection kept for these; keeping the answer, and knowing when it is
stale, is done in `access/decisions`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fullmakt.access.parties.model import PartyKind
from fullmakt.access.resources import lists_store as store
from fullmakt.access.resources.lists_model import Admission, ListedOn

if TYPE_CHECKING:
    from fullmakt.foundation.storage.database import Database

_COLUMNS = ("uuid", "party_id", "user_id", "orgno", "personno")


class AdmissionReader:
    """Reads admissions, each in one statement: one snapshot."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._statements = {
            column: database.text_of(store.admission_statement(column)) for column in _COLUMNS
        }

    def read(self, resource_id: int, column: str, value: str | int) -> Admission:
        """The admission to a resource of the party whose `column` is `value`."""
        parameters = {"resource": resource_id, "party": value}
        rows = self._database.ask(self._statements[column], parameters)
        return Admission(
            is_organization=any(row[0] == PartyKind.ORGANIZATION for row in rows),
            lists=tuple(
                ListedOn(
                    f"urn:altinn:access-list:{owner}:{identifier}", store.read_actions(filters)
                )
                for _, owner, identifier, filters in rows
                if identifier is not None
            ),
        )
