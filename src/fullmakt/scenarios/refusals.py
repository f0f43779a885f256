"""Scenario 1 with one fact changed: each is refused, and says which fact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fullmakt.scenarios.accounting import (
    Cast,
    ask_for_system_user,
    filing_is_refused,
    link,
    problem_refused,
    system_user_exists,
)
from fullmakt.scenarios.model import Refused, StoryError
from fullmakt.scenarios.stories import Variant
from fullmakt.vendor import (
    ClientLacksPackages,
    GivenToken,
    NotAuthorized,
    PackageNotOnSystem,
    ScopeNotOnClient,
    SystemUserNotFound,
    SystemUserReference,
    VatReturns,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from uuid import UUID

    import httpx

    from fullmakt.scenarios.stage import Stage

_INSTANCES = ("altinn:instances.read", "altinn:instances.write")


def _linked(stage: Stage) -> tuple[Cast, UUID]:
    """The story up to the token: approved, linked, and the token fetched."""
    cast = Cast(stage)
    system_user = system_user_exists(cast)
    link(cast, system_user)
    cast.maestro.sdk.maskinporten.exchanged_token(_INSTANCES, system_user=cast.reference)
    return cast, system_user


def struck_from_the_register(stage: Stage) -> Refused:
    """The accountant is struck from the register after the token was fetched."""
    cast, system_user = _linked(stage)
    stage.ends_role("REGN", giver=cast.client.number.digits, holder=cast.accountant.number.digits)
    return filing_is_refused(cast, system_user)


def not_linked(stage: Stage) -> Refused:
    """Nobody linked the client."""
    cast = Cast(stage)
    return filing_is_refused(cast, system_user_exists(cast))


def link_removed(stage: Stage) -> Refused:
    """The client administrator takes the client away after the token was fetched."""
    cast, system_user = _linked(stage)
    cast.administrator.client_links(cast.maestro).remove(system_user, cast.client.uuid)
    return filing_is_refused(cast, system_user)


def client_of_another_kind(stage: Stage) -> Refused:
    """A client that is audited is tried with the system user for bookkeeping."""
    cast, system_user = _linked(stage)
    try:
        cast.administrator.client_links(cast.maestro).add(system_user, cast.audited.uuid)
    except ClientLacksPackages as problem:
        refused = problem_refused(problem, because="package")
    else:
        message = f"{cast.audited} was linked to a system user for accountants"
        raise StoryError(message)
    filing = filing_is_refused(cast, system_user, client=cast.audited)
    if filing.because != "client-link":
        message = f"filing was refused because of `{filing.because}`: {filing.reason}"
        raise StoryError(message)
    return Refused(refused.status, refused.code, refused.because, refused.reason, filing.chain)


def package_missing_on_the_system(stage: Stage) -> Refused:
    """Maestro asks for a package that its system is not registered with."""
    cast = Cast(stage)
    try:
        ask_for_system_user(cast, package="regnskapsforer-lonn")
    except PackageNotOnSystem as problem:
        return problem_refused(problem, because="package")
    message = "the request was taken"
    raise StoryError(message)


def wrong_external_reference(stage: Stage) -> Refused:
    """Maestro names the system user by a reference that no request had."""
    cast, _ = _linked(stage)
    wrong = SystemUserReference(cast.accountant.number, "mva-2025")
    try:
        cast.maestro.sdk.maskinporten.token(_INSTANCES, system_user=wrong)
    except SystemUserNotFound as refusal:
        return Refused(refusal.status, refusal.code, "external-reference", refusal.description)
    message = "a token was issued"
    raise StoryError(message)


def scope_missing(stage: Stage) -> Refused:
    """A scope the client does not have is not given; a token without the scope is not let in."""
    cast, _ = _linked(stage)
    maskinporten = cast.maestro.sdk.maskinporten
    try:
        maskinporten.token(["altinn:serviceowner"], system_user=cast.reference)
    except ScopeNotOnClient as refusal:
        told = refusal.description
    else:
        message = "a token was issued with a scope that the client does not have"
        raise StoryError(message)
    reading = maskinporten.exchanged_token(_INSTANCES[:1], system_user=cast.reference)
    returns = VatReturns(cast.maestro.sdk.transport(GivenToken(reading)))
    try:
        returns.instantiate(cast.client.number)
    except NotAuthorized as problem:
        refused = problem_refused(problem, because="scope")
        reason = f"{told}; {refused.reason}"
        return Refused(refused.status, refused.code, refused.because, reason)
    message = "a token for reading was let in to write"
    raise StoryError(message)


def token_of_another_vendor(stage: Stage) -> Refused:
    """Another vendor asks for Maestro's system user, and files with its own."""
    cast, _ = _linked(stage)
    other = cast.other_vendor
    try:
        other.sdk.maskinporten.token(_INSTANCES, system_user=cast.reference)
    except SystemUserNotFound as refusal:
        told = refusal.description
    else:
        message = "another vendor got a token for Maestro's system user"
        raise StoryError(message)
    own = SystemUserReference(cast.accountant.number)
    found = next(
        each
        for each in stage.world()["systemUsers"]
        if each["systemId"].endswith("superavstemming")
    )
    refused = filing_is_refused(cast, found["id"], by=other, reference=own)
    reason = f"{told}; {refused.reason}"
    return Refused(refused.status, refused.code, refused.because, reason, refused.chain)


def administrator_without_the_package(stage: Stage) -> Refused:
    """An employee who is not client administrator tries to link the client."""
    cast = Cast(stage)
    system_user = system_user_exists(cast)
    try:
        cast.employee.client_links(cast.maestro).add(system_user, cast.client.uuid)
    except NotAuthorized as problem:
        return problem_refused(problem, because="client-administrator")
    message = f"{cast.employee} linked a client"
    raise StoryError(message)


def replayed_grant(stage: Stage) -> Refused:
    """The grant that Maestro got its token with is sent once more, byte for byte."""
    cast = Cast(stage)
    system_user_exists(cast)
    maestro = cast.maestro
    sent: list[bytes] = []

    def keep(request: httpx.Request) -> None:
        if str(request.url) == stage.environment.maskinporten_token:
            sent.append(request.content)

    maestro.http.event_hooks["request"].append(keep)
    maestro.sdk.maskinporten.token(_INSTANCES, system_user=cast.reference)
    again = maestro.http.post(
        stage.environment.maskinporten_token,
        content=sent[-1],
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    if again.is_success:
        message = "the grant gave a token twice"
        raise StoryError(message)
    body = again.json()
    code = str(body.get("error_uri", "")).rpartition("/")[2]
    return Refused(again.status_code, code, "replay", body["error_description"])


_PLAYS: Mapping[str, tuple[str, Callable[[Stage], Refused]]] = {
    "struck": ("basis", struck_from_the_register),
    "not-linked": ("client-link", not_linked),
    "unlinked": ("client-link", link_removed),
    "audited": ("package", client_of_another_kind),
    "package": ("package", package_missing_on_the_system),
    "reference": ("external-reference", wrong_external_reference),
    "scope": ("scope", scope_missing),
    "vendor": ("client-link", token_of_another_vendor),
    "administrator": ("client-administrator", administrator_without_the_package),
    "replay": ("replay", replayed_grant),
}


def variants(names: Mapping[str, str]) -> tuple[Variant, ...]:
    """Every refusal, named in the language of its document."""
    return tuple(Variant(names[key], because, play) for key, (because, play) in _PLAYS.items())
