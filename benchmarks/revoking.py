"""Ends and begins accountants' relations, some twenty a second, until stopped.

`python -m benchmarks.revoking DATABASE_URL`
"""

from __future__ import annotations

import itertools
import sys
import time

from benchmarks.worlds import open_database
from fullmakt.access.parties import service as parties

_PAUSE_S = 0.025
_FIRST = 20


def main() -> None:
    """Revoke and give anew, for ever."""
    database = open_database(sys.argv[1])
    with database.reading() as reading:
        held = [
            role
            for accountant in parties.list_organizations(reading)[:_FIRST]
            for role in parties.list_roles_held(reading, accountant)[:_FIRST]
        ]
    for role in itertools.cycle(held):
        for change in (parties.end_role, parties.begin_role):
            with database.authority(actor="register", correlation="benchmark") as work:
                change(work, role="regnskapsforer", giver=role.giver, holder=role.holder)
            time.sleep(_PAUSE_S)


if __name__ == "__main__":
    main()
