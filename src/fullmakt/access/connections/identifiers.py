"""The ids that this API gives to rows of ours: made from what the row is, and the same everywhere.

Inner ids never leave the house, and none of these can be turned back into one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid5

if TYPE_CHECKING:
    from fullmakt.access.delegations.model import Delegated, Grant
    from fullmakt.access.parties.model import Assignment

_SPACE = UUID("3c1b2a64-5d8e-5f0a-9b7c-2e4f6a8c0d13")


def assignment_id(assignment: Assignment) -> UUID:
    """The id of an assignment."""
    return uuid5(_SPACE, f"assignment:{assignment.id}")


def grant_id(grant: Grant) -> UUID:
    """The id of a package or right given."""
    return uuid5(_SPACE, f"grant:{grant.id}")


def resource_uuid(identifier: str) -> UUID:
    """The id of a resource beside its identifier in the registry."""
    return uuid5(_SPACE, f"resource:{identifier}")


def delegation_id(has: Delegated) -> UUID:
    """The id of the delegation that something an agent has is part of: one for each relation."""
    return uuid5(_SPACE, f"delegation:{has.agency}:{has.link.basis_assignment}")
