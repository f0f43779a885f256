"""An organisation's own reporting with one fact changed: each is refused, and says which fact."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol

from fullmakt.scenarios.accounting import PACKAGE, SYSTEM, filing_is_refused, problem_refused
from fullmakt.scenarios.model import Refused, StoryError
from fullmakt.scenarios.own_data import (
    INSTANCES,
    REFERENCE,
    OwnCast,
    approve_own,
    ask,
    own_system_user,
)
from fullmakt.scenarios.stories import Variant
from fullmakt.vendor import (
    ClientIdTaken,
    KeyRefused,
    LocalizedText,
    OwnAccess,
    PackageNotDelegable,
    System,
    SystemNotFound,
    SystemUserNotFound,
    SystemUserReference,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx

    from fullmakt.scenarios.actors import VendorSystem
    from fullmakt.scenarios.stage import Stage
    from fullmakt.vendor import OrganizationNumber


def answer_refused(answer: httpx.Response, *, because: str) -> Refused:
    """A refusal that a portal's answer is; the reason is its own words."""
    if answer.is_success:
        message = f"{answer.request.method} {answer.request.url.path} was let through"
        raise StoryError(message)
    if not answer.content:
        challenge = answer.headers.get("www-authenticate", "")
        _, _, description = challenge.partition('error_description="')
        return Refused(answer.status_code, "", because, description.rstrip('"') or challenge)
    body = answer.json()
    told = body.get("detail") or body.get("title", "")
    return Refused(answer.status_code, str(body.get("code", "")), because, told)


def no_token(system: VendorSystem, reference: SystemUserReference, *, because: str) -> Refused:
    """Maskinporten gives no token for the system user, since it finds none."""
    try:
        system.sdk.maskinporten.token(INSTANCES, system_user=reference)
    except SystemUserNotFound as refusal:
        return Refused(refusal.status, refusal.code, because, refusal.description)
    message = f"{system} got a token"
    raise StoryError(message)


def key_is_refused(system: VendorSystem, reference: SystemUserReference) -> Refused:
    """Maskinporten does not take the key that a grant is signed with."""
    try:
        system.sdk.maskinporten.token(INSTANCES, system_user=reference)
    except KeyRefused as refusal:
        return Refused(refusal.status, refusal.code, "key", refusal.description)
    message = f"{system} got a token"
    raise StoryError(message)


def client_id_is_taken(
    vendor: VendorSystem, number: OrganizationNumber, *, client_id: str
) -> Refused:
    """A vendor registers a system with somebody else's client id."""
    name = LocalizedText(nb="Lånt", nn="Lånt", en="Borrowed")
    system = System(
        id=f"{number}_borrowed",
        vendor=number,
        name=name,
        description=name,
        packages=("merverdiavgift",),
        client_ids=(client_id,),
        is_visible=False,
    )
    try:
        vendor.sdk.system_register.create(system)
    except ClientIdTaken as problem:
        [entry] = problem.validation_errors
        reason = f"{entry.title}; {entry.detail}" if entry.detail else entry.title
        return Refused(problem.status, entry.code, "client-id", reason)
    message = f"{vendor} registered a system with the client id {client_id}"
    raise StoryError(message)


def lacks_a_right(stage: Stage, wanted: OwnAccess) -> Refused:
    """Somebody manages access for the company and holds nothing of what is asked for."""
    cast = OwnCast(stage)
    stage.gives(
        "tilgangsstyrer",
        giver=cast.company.number.digits,
        person=cast.clerk.number,
        by=cast.director.number,
    )
    request = ask(cast, wanted)
    answer = cast.clerk.approves(request, owner=cast.company)
    return answer_refused(answer, because="delegation-check")


def nobody_can_approve(stage: Stage, wanted: OwnAccess) -> Refused:
    """The contact person of a municipality passes the request on; nobody there can answer it."""
    cast = OwnCast(stage)
    request = ask(cast, wanted, of=cast.municipality)
    opened = cast.contact.opens(request)
    escalated = cast.contact.escalates(request, owner=cast.municipality)
    if not opened["userMayEscalateButNotApprove"] or escalated.json() is not True:
        message = f"{cast.contact} could not pass the request on"
        raise StoryError(message)
    answer = cast.contact.approves(request, owner=cast.municipality)
    return answer_refused(answer, because="access-manager")


def tried_for_a_client(stage: Stage, wanted: OwnAccess) -> Refused:
    """The accountant's own system user is tried for the accountant's client."""
    cast = OwnCast(stage)
    request = ask(cast, wanted, of=cast.accountant)
    system_user = approve_own(cast, request, by=cast.manager, owner=cast.accountant)
    reference = SystemUserReference(cast.accountant.number, REFERENCE)
    return filing_is_refused(cast, system_user, reference=reference, client=cast.client)


def token_of_another_organization(stage: Stage, wanted: OwnAccess) -> Refused:
    """Another organisation's system user, of the same system, is tried for the company."""
    cast = OwnCast(stage)
    own_system_user(cast, wanted)
    request = ask(cast, wanted, of=cast.audited)
    other = approve_own(cast, request, by=cast.other_director, owner=cast.audited)
    reference = SystemUserReference(cast.audited.number, REFERENCE)
    return filing_is_refused(cast, other, reference=reference, client=cast.company)


def system_deleted(stage: Stage, wanted: OwnAccess) -> Refused:
    """Maestro retires its system: it asks nobody any more, and gets no token."""
    cast = OwnCast(stage)
    own_system_user(cast, wanted)
    cast.maestro.sdk.system_register.delete(SYSTEM)
    try:
        ask(cast, wanted, of=cast.audited)
    except SystemNotFound:
        return no_token(cast.maestro, cast.own_reference, because="system")
    message = "a retired system asked for a system user"
    raise StoryError(message)


def key_removed(stage: Stage, wanted: OwnAccess) -> Refused:
    """The vendor removes its key, and goes on signing with it."""
    cast = OwnCast(stage)
    own_system_user(cast, wanted)
    stage.removes_key(cast.maestro.client_id, cast.maestro.key.kid)
    return key_is_refused(cast.maestro, cast.own_reference)


def client_id_of_another_vendor(stage: Stage, wanted: OwnAccess) -> Refused:
    """Another vendor puts Maestro's client id on a system of its own."""
    cast = OwnCast(stage)
    own_system_user(cast, wanted)
    return client_id_is_taken(
        cast.other_vendor, cast.other_vendors_company.number, client_id=cast.maestro.client_id
    )


def deleted_after_the_token(stage: Stage, wanted: OwnAccess) -> Refused:
    """The company deletes the system user; a token fetched before does not help."""
    cast = OwnCast(stage)
    system_user = own_system_user(cast, wanted)
    cast.maestro.sdk.maskinporten.exchanged_token(INSTANCES, system_user=cast.own_reference)
    cast.director.deletes(system_user, owner=cast.company)
    return filing_is_refused(cast, system_user, reference=cast.own_reference, client=cast.company)


def answered_twice(stage: Stage, wanted: OwnAccess) -> Refused:
    """The request is rejected after it was approved: whoever comes second is told who was first."""
    cast = OwnCast(stage)
    request = ask(cast, wanted)
    approve_own(cast, request)
    answer = cast.director.rejects(request, owner=cast.company)
    return answer_refused(answer, because="answered")


def meant_for_clients(stage: Stage, wanted: OwnAccess) -> Refused:
    """Maestro asks for a package that only follows from being somebody's accountant."""
    cast = OwnCast(stage)
    try:
        ask(cast, OwnAccess(rights=wanted.rights, packages=(*wanted.packages, PACKAGE)))
    except PackageNotDelegable as problem:
        return problem_refused(problem, because="package")
    message = "the request was taken"
    raise StoryError(message)


class Play(Protocol):
    """Plays a story that asks for `wanted` up to its refusal."""

    def __call__(self, stage: Stage, wanted: OwnAccess) -> Refused:
        """Play it."""
        ...


_PLAYS: Mapping[str, tuple[str, Play]] = {
    "lacks-right": ("delegation-check", lacks_a_right),
    "nobody": ("access-manager", nobody_can_approve),
    "client": ("owner", tried_for_a_client),
    "other": ("owner", token_of_another_organization),
    "system": ("system", system_deleted),
    "key": ("key", key_removed),
    "client-id": ("client-id", client_id_of_another_vendor),
    "user": ("subject", deleted_after_the_token),
    "answered": ("answered", answered_twice),
    "for-clients": ("package", meant_for_clients),
}


def variants(wanted: OwnAccess, names: Mapping[str, str]) -> tuple[Variant, ...]:
    """Every refusal of a story that asks for `wanted`, named in the language of its document."""
    return tuple(
        Variant(names[key], because, partial(play, wanted=wanted))
        for key, (because, play) in _PLAYS.items()
    )
