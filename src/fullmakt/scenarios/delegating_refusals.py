"""The unregistered accountant with one fact changed: each is refused, and says which fact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fullmakt.scenarios.accounting import problem_refused
from fullmakt.scenarios.actors import CONNECTION_SCOPES
from fullmakt.scenarios.delegating import (
    FOR_REGISTERED,
    SINGLE_SERVICE,
    TAX,
    VAT,
    DelegatingCast,
    delegated,
    give,
    workshop_is_refused,
)
from fullmakt.scenarios.model import Refused, StoryError
from fullmakt.scenarios.stories import Variant
from fullmakt.vendor import (
    CannotBeGiven,
    ClientLacksPackages,
    NotAuthorized,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from uuid import UUID

    from fullmakt.scenarios.stage import Stage
    from fullmakt.vendor import PlatformProblem


def _told(problem: PlatformProblem, *, because: str) -> Refused:
    """A refusal of values, with what its entries say."""
    refused = problem_refused(problem, because=because)
    entries = "; ".join(entry.detail for entry in problem.validation_errors if entry.detail)
    reason = entries or refused.reason
    codes = ", ".join(entry.code for entry in problem.validation_errors)
    return Refused(refused.status, codes or refused.code, because, reason)


def _linking_is_refused(
    cast: DelegatingCast, *named: str, system_user: UUID | None = None
) -> Refused:
    """Linking answers that packages are missing, and names them."""
    links = cast.administrator.client_links(cast.maestro)
    try:
        links.add(system_user or cast.system_user(), cast.workshop.uuid)
    except ClientLacksPackages as problem:
        refused = problem_refused(problem, because="package")
        unnamed = [name for name in named if f"`{name}`" not in refused.reason]
        if unnamed:
            message = f"the refusal does not name {', '.join(unnamed)}: {refused.reason}"
            raise StoryError(message) from None
        return refused
    message = f"{cast.workshop} was linked"
    raise StoryError(message)


def package_withdrawn(stage: Stage) -> Refused:
    """Båtshake takes a package back after the token was fetched."""
    cast = DelegatingCast(stage)
    delegated(cast)
    connections = cast.owner.connections(cast.maestro)
    connections.withdraw_package(cast.workshop.uuid, cast.accountant.uuid, VAT)
    return workshop_is_refused(cast)


def only_a_single_service(stage: Stage) -> Refused:
    """Båtshake gives the service of the VAT return, and no package."""
    cast = DelegatingCast(stage)
    connections = cast.owner.connections(cast.maestro)
    checks = connections.check_rights(cast.workshop.uuid, SINGLE_SERVICE)
    keys = [check.key for check in checks if check.may_give]
    connections.give_rights(cast.workshop.uuid, cast.accountant.uuid, SINGLE_SERVICE, keys)
    return _linking_is_refused(cast, TAX, VAT)


def only_one_package(stage: Stage) -> Refused:
    """Båtshake gives one of the two packages; linking names the other."""
    cast = DelegatingCast(stage)
    give(cast, TAX)
    return _linking_is_refused(cast, VAT)


def link_removed(stage: Stage) -> Refused:
    """Sporvogn takes the client away after the token was fetched."""
    cast = DelegatingCast(stage)
    delegated(cast)
    cast.administrator.client_links(cast.maestro).remove(cast.system_user(), cast.workshop.uuid)
    return workshop_is_refused(cast)


def right_holder_removed(stage: Stage) -> Refused:
    """Båtshake ends that Rett Revisjon has anything at all."""
    cast = DelegatingCast(stage)
    delegated(cast)
    connections = cast.owner.connections(cast.maestro)
    connections.remove(cast.workshop.uuid, cast.accountant.uuid)
    return workshop_is_refused(cast)


def given_again(stage: Stage) -> Refused:
    """Båtshake takes a package back and gives it again; nobody links the client anew."""
    cast = DelegatingCast(stage)
    delegated(cast)
    connections = cast.owner.connections(cast.maestro)
    connections.withdraw_package(cast.workshop.uuid, cast.accountant.uuid, VAT)
    give(cast, VAT)
    return workshop_is_refused(cast)


def not_linked(stage: Stage) -> Refused:
    """Both packages are given, and nobody links the client."""
    cast = DelegatingCast(stage)
    give(cast, TAX, VAT)
    return workshop_is_refused(cast)


def another_system_user(stage: Stage) -> Refused:
    """Sporvogn tries the system user for registered clients, whose packages are never given."""
    cast = DelegatingCast(stage)
    give(cast, TAX, VAT)
    return _linking_is_refused(
        cast,
        "regnskapsforer-med-signeringsrettighet",
        system_user=cast.system_user(FOR_REGISTERED),
    )


def package_of_registered_accountants(stage: Stage) -> Refused:
    """Båtshake tries to give what only being registered as accountant gives."""
    cast = DelegatingCast(stage)
    try:
        give(cast, "regnskapsforer-med-signeringsrettighet")
    except CannotBeGiven as problem:
        return _told(problem, because="never-given")
    message = "a package that follows from a role was given"
    raise StoryError(message)


def accountant_helps_itself(stage: Stage) -> Refused:
    """Havørn, who manages Rett Revisjon, tries to give on Kystverkstedet's behalf."""
    cast = DelegatingCast(stage)
    connections = cast.manager.connections(cast.maestro)
    try:
        connections.give_package(cast.workshop.uuid, cast.accountant.uuid, VAT)
    except NotAuthorized as problem:
        return problem_refused(problem, because="access-manager")
    message = f"{cast.manager} gave for {cast.workshop}"
    raise StoryError(message)


def consent_to_read_only(stage: Stage) -> Refused:
    """Båtshake let Maestro read who has what, and not change it."""
    cast = DelegatingCast(stage)
    connections = cast.owner.connections(cast.maestro, scopes=CONNECTION_SCOPES.split()[0])
    try:
        connections.give_package(cast.workshop.uuid, cast.accountant.uuid, VAT)
    except NotAuthorized as problem:
        return problem_refused(problem, because="scope")
    message = "a token for reading gave a package"
    raise StoryError(message)


def administrator_without_the_package(stage: Stage) -> Refused:
    """An employee who is not client administrator tries to link the client."""
    cast = DelegatingCast(stage)
    give(cast, TAX, VAT)
    try:
        cast.employee.client_links(cast.maestro).add(cast.system_user(), cast.workshop.uuid)
    except NotAuthorized as problem:
        return problem_refused(problem, because="client-administrator")
    message = f"{cast.employee} linked a client"
    raise StoryError(message)


_PLAYS: Mapping[str, tuple[str, Callable[[Stage], Refused]]] = {
    "withdrawn": ("basis", package_withdrawn),
    "service": ("package", only_a_single_service),
    "one": ("package", only_one_package),
    "unlinked": ("client-link", link_removed),
    "removed": ("basis", right_holder_removed),
    "again": ("basis", given_again),
    "not-linked": ("client-link", not_linked),
    "registered": ("package", another_system_user),
    "never": ("never-given", package_of_registered_accountants),
    "itself": ("access-manager", accountant_helps_itself),
    "consent": ("scope", consent_to_read_only),
    "administrator": ("client-administrator", administrator_without_the_package),
}


def variants(names: Mapping[str, str]) -> tuple[Variant, ...]:
    """Every refusal, named in the language of its document."""
    return tuple(Variant(names[key], because, play) for key, (because, play) in _PLAYS.items())
