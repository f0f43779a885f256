"""What a person may give a system user for its owner, asked before anything is made.

SPEC: Altinn's delegation check. Of each service at least one right must be the person's to give on,
and those that are go along; of the packages every one must be.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fullmakt.access.catalog.model import Catalog
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.access.delegations import service as delegations
from fullmakt.access.delegations.model import Right
from fullmakt.access.parties.model import Party
from fullmakt.foundation.storage.database import Reading
from fullmakt.systems.system_users import rules


def get_delegable_rights(
    decisions: DecisionPoint, resources: Iterable[str], *, person: Party, owner: Party
) -> frozenset[Right]:
    """The rights to `resources` that the person may give on for the owner.

    Raises: RightNotDelegable or what it becomes by the first reason.
    """
    found: frozenset[Right] = frozenset()
    for resource in resources:
        checks = decisions.check_rights(person=person, giver=owner, resource=resource)
        found |= rules.delegable_rights(
            checks, resource=resource, person=person.name, party=owner.name
        )
    return found


def check_packages(
    reading: Reading, catalog: Catalog, names: Sequence[str], *, person: Party, owner: Party
) -> None:
    """Refuse unless the person may give every package on. Raises: PackagesNotDelegable."""
    checks = delegations.check_packages(
        reading, catalog, person=person, giver=owner, packages=names
    )
    rules.check_packages_delegable(checks, person=person.name, party=owner.name)


def check_own_packages(
    reading: Reading, catalog: Catalog, names: Sequence[str], *, person: Party, owner: Party
) -> None:
    """As `check_packages`, for an agent's own firm. Raises: PackagesNotGiven."""
    checks = delegations.check_packages(
        reading, catalog, person=person, giver=owner, packages=names
    )
    rules.check_own_packages(checks, person=person.name, party=owner.name)
