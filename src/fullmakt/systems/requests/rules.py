"""What a request may ask for, and how it may be answered.

The register says what a system may ask for; what the person who approves may give is asked of
`access` in `answers.py`. The table of moves is printed in docs/reference/requests.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from fullmakt.access.catalog.model import Catalog
from fullmakt.foundation.terms.problem import Problem
from fullmakt.systems.requests import errors
from fullmakt.systems.requests.model import Answer, Answered, Request, Status, Wish
from fullmakt.systems.system_register.errors import PackageNotOnSystem
from fullmakt.systems.system_register.model import RegisteredSystem, ServiceRight
from fullmakt.systems.system_register.rules import read_redirect_url
from fullmakt.systems.system_users.giving_errors import PackageForClientsOnly
from fullmakt.systems.system_users.model import SystemUserKind

LONGEST_WAIT = timedelta(days=180)

MOVES: Mapping[tuple[Status, Answer], Status] = {
    (Status.NEW, Answer.APPROVE): Status.ACCEPTED,
    (Status.NEW, Answer.REJECT): Status.REJECTED,
}
"""From a status, by an answer, to a status. A pair that is not here is refused."""

_BY_STATUS: Mapping[Status, type[Problem]] = {
    Status.ACCEPTED: errors.RequestAccepted,
    Status.NEW: errors.RequestPending,
    Status.DENIED: errors.RequestDenied,
    Status.REJECTED: errors.RequestRejected,
}


def is_timed_out(request: Request, *, at: datetime) -> bool:
    """Whether the request was sent more than 180 days before `at`."""
    return request.created < at - LONGEST_WAIT


def is_answerable(request: Request, answer: Answer) -> bool:
    """Whether the table of moves has a move for this answer."""
    return (request.status, answer) in MOVES


def answered(request: Request, answer: Answer, answered_: Answered) -> Request:
    """The request with its answer. INVARIANT: the move is in the table; ask `is_answerable`."""
    return replace(
        request,
        status=MOVES[request.status, answer],
        answered=answered_,
        version=request.version + 1,
    )


def check_not_timed_out(request: Request, *, at: datetime) -> None:
    """Refuse to approve what was asked for too long ago. Raises: RequestTimedOut."""
    if is_timed_out(request, at=at):
        until = request.created + LONGEST_WAIT
        message = (
            f"request `{request.uuid}` could be approved until {until:%Y-%m-%d}; the vendor can"
            " delete it and send a new one"
        )
        raise errors.RequestTimedOut(message)


def refuse_taken(status: Status, *, system_id: str) -> None:
    """Refuse a reference that another request has, by what became of that one."""
    problem = _BY_STATUS.get(status)
    if problem is not None:
        message = f"a request with this reference to system `{system_id}` is `{status.value}`"
        raise problem(message)


def check_redirect(system: RegisteredSystem, address: str | None) -> None:
    """Refuse an address that is none of the system's; query and fragment are free.

    QUIRK: the original fails with 500 on one it cannot read. Mended: it is not valid
    (test_a_redirect_url_that_cannot_be_read_is_not_valid).
    Raises: SystemHasNoRedirects, RedirectNotAllowed.
    """
    if not address:
        return
    if not system.facts.redirect_urls:
        message = f"system `{system.id}` has no redirect URLs; `{address}` was asked for"
        raise errors.SystemHasNoRedirects(message)
    allowed = {_place_of(url) for url in system.facts.redirect_urls}
    if _place_of(address) is None or _place_of(address) not in allowed:
        message = (
            f"`{address}` is none of {', '.join(f'`{u}`' for u in system.facts.redirect_urls)}"
        )
        raise errors.RedirectNotAllowed(message)


def _place_of(address: str) -> str | None:
    normal = read_redirect_url(address)
    return None if normal is None else normal.partition("#")[0].partition("?")[0]


def check_asks_for_something(wish: Wish) -> None:
    """Refuse a request for nothing.

    Raises: AgentWithoutPackages, RightNotOnSystem, NothingAskedFor.
    """
    if wish.reference.kind is SystemUserKind.AGENT:
        if not wish.packages and not wish.rights:
            message = "name at least one access package in `accessPackages`, or one of `rights`"
            raise errors.AgentWithoutPackages(message)
        return
    message = "name something in `rights` or `accessPackages`"
    if wish.rights is None and wish.packages is None:
        raise errors.RightNotOnSystem(message)
    if not wish.rights and not wish.packages:
        raise errors.NothingAskedFor(message)


def check_wanted(
    system: RegisteredSystem,
    catalog: Catalog,
    *,
    kind: SystemUserKind,
    rights: Sequence[ServiceRight],
    packages: Sequence[str],
) -> None:
    """Refuse what the system may not ask for, as it is registered now.

    Raises: RightNotOnSystem, PackageNotOnSystem, PackageForClientsOnly, PackageNotForClients.
    """
    _check_rights(system, rights)
    _check_packages_are_on(system, packages)
    found = {urn: catalog.package_by_urn(urn) for urn in packages}
    is_agent = kind is SystemUserKind.AGENT
    refused = [
        urn
        for urn, package in found.items()
        if package is None or not (package.is_delegable if is_agent else package.is_assignable)
    ]
    if refused:
        problem = errors.PackageNotForClients if is_agent else PackageForClientsOnly
        raise problem(
            f"for a {kind.value} system user not: {_listed(refused)}",
            NotDelegablePackages=", ".join(refused),
        )


def _check_rights(system: RegisteredSystem, rights: Sequence[ServiceRight]) -> None:
    known = {frozenset(right.pairs) for right in system.facts.rights}
    foreign = [right for right in rights if frozenset(right.pairs) not in known]
    if foreign or len(rights) > len(system.facts.rights):
        named = _listed(right.resource or "a right without a resource" for right in foreign)
        message = f"system `{system.id}` is not registered with {named or 'so many rights'}"
        raise errors.RightNotOnSystem(message)


def _check_packages_are_on(system: RegisteredSystem, packages: Sequence[str]) -> None:
    foreign = [urn for urn in packages if urn not in system.facts.packages]
    if len(packages) > len(system.facts.packages):
        message = (
            f"system `{system.id}` is registered with {len(system.facts.packages)} packages;"
            f" {len(packages)} are asked for, and not registered: {_listed(foreign) or 'none'}"
        )
        raise PackageNotOnSystem(message)
    if foreign:
        message = f"system `{system.id}` is not registered with {_listed(foreign)}"
        raise PackageNotOnSystem(message, NotFoundPackages=", ".join(foreign))


def _listed(values: Iterable[str]) -> str:
    return ", ".join(f"`{value}`" for value in values)
