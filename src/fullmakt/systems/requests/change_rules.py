"""What a change request may ask for, and how it may be answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from fullmakt.access.delegations.model import Right, RightCheck
from fullmakt.systems.requests import errors
from fullmakt.systems.requests.change_model import ChangeRequest
from fullmakt.systems.requests.model import Answer, Status
from fullmakt.systems.requests.rules import LONGEST_WAIT, MOVES
from fullmakt.systems.system_register.model import RegisteredSystem
from fullmakt.systems.system_users.rules import delegable_of, told_not_delegable


def is_change_answerable(change: ChangeRequest, answer: Answer) -> bool:
    """Whether the table of moves has a move for this answer."""
    return (change.status, answer) in MOVES


def moved(change: ChangeRequest, answer: Answer) -> Status:
    """The status after an answer. INVARIANT: the move is in the table."""
    return MOVES[change.status, answer]


def is_change_timed_out(change: ChangeRequest, *, at: datetime) -> bool:
    """Whether the change request was sent more than 180 days before `at`."""
    return change.created < at - LONGEST_WAIT


def check_change_not_timed_out(change: ChangeRequest, *, at: datetime) -> None:
    """Refuse to approve what was asked for too long ago. Raises: RequestTimedOut."""
    if is_change_timed_out(change, at=at):
        until = change.created + LONGEST_WAIT
        message = (
            f"change request `{change.uuid}` could be approved until {until:%Y-%m-%d}; the vendor"
            " can send a new one"
        )
        raise errors.RequestTimedOut(message)


def check_rights_on_system(change: ChangeRequest, system: RegisteredSystem) -> None:
    """Refuse services that the system is not registered with any more. Raises: RightNotOnSystem."""
    known = {frozenset(right.pairs) for right in system.facts.rights}
    foreign = [
        right for right in change.difference.required_rights if frozenset(right.pairs) not in known
    ]
    if foreign:
        named = ", ".join(f"`{right.resource}`" for right in foreign)
        message = f"system `{system.id}` is not registered with {named}"
        raise errors.RightNotOnSystem(message)


def check_packages_on_system(packages: Sequence[str], system: RegisteredSystem) -> None:
    """Refuse packages that the system is not registered with any more. Raises: PackagesInvalid."""
    foreign = [urn for urn in packages if urn not in system.facts.packages]
    if foreign:
        message = f"system `{system.id}` is not registered with {', '.join(foreign)}"
        raise errors.PackagesInvalid(message, **{"Invalid Urn Details : ": ", ".join(foreign)})


def delegable_rights(
    checks: Sequence[RightCheck], *, resource: str, person: str, party: str
) -> frozenset[Right]:
    """The rights to one resource that may be given on; at least one must.

    Raises: RightNotOnSystem.
    """
    delegable = delegable_of(checks)
    if not delegable:
        raise errors.RightNotOnSystem(
            told_not_delegable(checks, resource=resource, person=person, party=party)
        )
    return delegable
