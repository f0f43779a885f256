"""What a delegation check means for a system user: what is given, or which problem."""

from __future__ import annotations

from collections.abc import Sequence

from fullmakt.access.delegations.model import PackageCheck, Right, RightCheck
from fullmakt.systems.system_users import giving_errors as errors


def check_packages_delegable(checks: Sequence[PackageCheck], *, person: str, party: str) -> None:
    """Refuse unless every package may be given on. Raises: PackagesNotDelegable."""
    message = _told_refused(checks, person=person, party=party)
    if message is not None:
        raise errors.PackagesNotDelegable(message)


def check_own_packages(checks: Sequence[PackageCheck], *, person: str, party: str) -> None:
    """Refuse unless every package may be given on. Raises: PackagesNotGiven."""
    message = _told_refused(checks, person=person, party=party)
    if message is not None:
        raise errors.PackagesNotGiven(message, **{"Problem Detail: ": message})


def _told_refused(checks: Sequence[PackageCheck], *, person: str, party: str) -> str | None:
    refused = [check for check in checks if not check.may_delegate]
    if not refused:
        return None
    told = ", ".join(f"`{check.package}` ({check.reason})" for check in refused)
    return f"`{person}` may not delegate for `{party}`: {told}"


def delegable_rights(
    checks: Sequence[RightCheck], *, resource: str, person: str, party: str
) -> frozenset[Right]:
    """The rights to one resource that may be given on; at least one must.

    Raises: RightNotDelegable or what it becomes by the first reason.
    """
    delegable = delegable_of(checks)
    if not delegable:
        message = told_not_delegable(checks, resource=resource, person=person, party=party)
        raise errors.BY_REASON.get(_first_reason(checks), errors.RightNotDelegable)(message)
    return delegable


def delegable_of(checks: Sequence[RightCheck]) -> frozenset[Right]:
    """The rights that may be given on."""
    return frozenset(check.right for check in checks if check.may_delegate)


def told_not_delegable(
    checks: Sequence[RightCheck], *, resource: str, person: str, party: str
) -> str:
    """Why nothing of a resource may be given on, by the first reason, in words."""
    return f"`{person}` may not delegate `{resource}` for `{party}`: {_first_reason(checks)}"


def _first_reason(checks: Sequence[RightCheck]) -> str:
    return checks[0].reason if checks else "Unknown"
