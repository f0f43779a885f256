"""What is known around a standing, read when somebody wants to know why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fullmakt.access.decisions.model import Origin
from fullmakt.access.delegations import service as delegations
from fullmakt.access.parties import service as parties
from fullmakt.access.resources import service as resources
from fullmakt.foundation.events.ledger import moment_of

if TYPE_CHECKING:
    from fullmakt.access.catalog.model import Catalog
    from fullmakt.access.delegations.model import Fact
    from fullmakt.foundation.storage.database import Database, Reading


class StoredSurroundings:
    """Reads from the database, one thing at a time."""

    def __init__(self, database: Database, catalog: Catalog) -> None:
        self._database = database
        self._catalog = catalog

    def link_removed_at(self, agent: int, client: int) -> int | None:
        """The revision that removed the last link between the two."""
        with self._database.reading() as reading:
            return delegations.link_removed_at(reading, agent=agent, client=client)

    def client_roles(self, owner: int, client: int) -> tuple[str, ...]:
        """The relations that make the party a client of the system user's owner."""
        with self._database.reading() as reading:
            facilitator = parties.get_by_inner_id(reading, owner)
            for found in delegations.list_clients(reading, self._catalog, facilitator):
                if found.party.id == client:
                    return tuple(sorted({access.role for access in found.access}))
        return ()

    def origin(self, fact: Fact, inner_id: int) -> Origin | None:
        """The revision that opened what access rests on, and when that was."""
        with self._database.reading() as reading:
            return _origin(reading, delegations.find_beginning(reading, fact, inner_id))

    def policy_origin(self, resource: str) -> Origin | None:
        """The revision that published the policy that stands, and when that was."""
        with self._database.reading() as reading:
            policy = resources.find_policy(reading, resource)
            return _origin(reading, None if policy is None else policy.began)


def _origin(reading: Reading, revision: int | None) -> Origin | None:
    at = None if revision is None else moment_of(reading, revision)
    return None if revision is None or at is None else Origin(revision, at)
