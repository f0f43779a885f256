"""A local installation with one fact changed: each is refused, and says which fact."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fullmakt.scenarios.accounting import filing_is_refused, problem_refused
from fullmakt.scenarios.actors import VendorSystem
from fullmakt.scenarios.installed import (
    REGISTER_SCOPES,
    InstalledCast,
    approved_installation,
    ask_itself,
    describe_system,
    installation,
    register_client,
    registered_installation,
)
from fullmakt.scenarios.model import Refused, StoryError
from fullmakt.scenarios.own_refusals import (
    answer_refused,
    client_id_is_taken,
    key_is_refused,
    no_token,
)
from fullmakt.scenarios.stories import Variant
from fullmakt.vendor import MaskinportenError, NotAuthorized, SystemNotFound

if TYPE_CHECKING:
    from fullmakt.scenarios.stage import Stage


def borrowed_client_id(stage: Stage) -> Refused:
    """Another organisation names Storfjell's client in its grants, and signs with its own key."""
    cast = InstalledCast(stage)
    server, _ = approved_installation(cast)
    borrower = VendorSystem(
        stage, name="Havbris", client_id=server.client_id, key=stage.key_of("Havbris")
    )
    return key_is_refused(borrower, cast.own_reference)


def borrowed_key(stage: Stage) -> Refused:
    """Another organisation signs with Storfjell's key, and names a client of its own."""
    cast = InstalledCast(stage)
    server, _ = approved_installation(cast)
    own = register_client(stage, cast.other_vendors_company, name="Kontrollen, lokalt")
    borrower = VendorSystem(
        stage, name="Kontrollen, lånt nøkkel", client_id=own.client_id, key=server.key
    )
    return key_is_refused(borrower, cast.own_reference)


def key_on_another_client(stage: Stage) -> Refused:
    """Another organisation puts Storfjell's public key on its own client, and gets no token."""
    cast = InstalledCast(stage)
    server, _ = approved_installation(cast)
    borrower = register_client(
        stage, cast.other_vendors_company, name="Kontrollen, lånt nøkkel", key=server.key
    )
    return no_token(borrower, cast.own_reference, because="client-id")


def client_id_of_another_vendor(stage: Stage) -> Refused:
    """Another vendor puts Storfjell's client id on a system of its own."""
    cast = InstalledCast(stage)
    server = registered_installation(cast)
    return client_id_is_taken(
        cast.other_vendor, cast.other_vendors_company.number, client_id=server.client_id
    )


def another_organizations_system_user(stage: Stage) -> Refused:
    """Storfjell asks, with its own key, for the system user of another organisation."""
    cast = InstalledCast(stage)
    server, _ = approved_installation(cast)
    return no_token(server, cast.others_reference, because="owner")


def another_organizations_return(stage: Stage) -> Refused:
    """Storfjell tries its own token for another organisation."""
    cast = InstalledCast(stage)
    server, system_user = approved_installation(cast)
    return filing_is_refused(
        cast, system_user, by=server, reference=cast.own_reference, client=cast.audited
    )


def without_an_agreement(stage: Stage) -> Refused:
    """An organisation without an agreement makes a client, and asks for the register's scopes."""
    cast = InstalledCast(stage)
    own = register_client(stage, cast.audited, name="Havbris ERP", scopes=REGISTER_SCOPES)
    try:
        own.sdk.maskinporten.token(REGISTER_SCOPES)
    except MaskinportenError as refusal:
        return Refused(refusal.status, refusal.code, "agreement", refusal.description)
    message = f"{cast.audited} got a token for the system register"
    raise StoryError(message)


def in_the_name_of_another(stage: Stage) -> Refused:
    """Storfjell registers the installation in the name of another organisation."""
    cast = InstalledCast(stage)
    server = installation(cast)
    other = cast.audited.number
    system = replace(describe_system(cast, server), id=f"{other}_erp", vendor=other)
    try:
        server.sdk.system_register.create(system)
    except NotAuthorized as problem:
        return problem_refused(problem, because="vendor")
    message = f"{cast.company} registered a system for {cast.audited}"
    raise StoryError(message)


def deputy_tries_to_approve(stage: Stage) -> Refused:
    """A deputy member of the board tries to approve, and is told who can."""
    cast = InstalledCast(stage)
    request = ask_itself(cast, registered_installation(cast))
    answer = cast.deputy.approves(request, owner=cast.company)
    return answer_refused(answer, because="access-manager")


def lacks_a_right(stage: Stage) -> Refused:
    """The deputy is made access manager, and holds nothing of what is asked for."""
    cast = InstalledCast(stage)
    request = ask_itself(cast, registered_installation(cast))
    stage.gives(
        "tilgangsstyrer",
        giver=cast.company.number.digits,
        person=cast.deputy.number,
        by=cast.director.number,
    )
    answer = cast.deputy.approves(request, owner=cast.company)
    return answer_refused(answer, because="delegation-check")


def key_removed(stage: Stage) -> Refused:
    """Storfjell removes the key from its client, and the server goes on signing with it."""
    cast = InstalledCast(stage)
    server, _ = approved_installation(cast)
    stage.removes_key(server.client_id, server.key.kid)
    return key_is_refused(server, cast.own_reference)


def system_deleted(stage: Stage) -> Refused:
    """Storfjell retires its system: it asks nobody any more, and gets no token."""
    cast = InstalledCast(stage)
    server, _ = approved_installation(cast)
    server.sdk.system_register.delete(cast.system_id)
    try:
        ask_itself(cast, server, owner=cast.audited.number)
    except SystemNotFound:
        return no_token(server, cast.own_reference, because="system")
    message = "a retired system asked for a system user"
    raise StoryError(message)


VARIANTS = (
    Variant("borrowed client id, signed with another key", "key", borrowed_client_id),
    Variant("borrowed key, on a client of the borrower's own", "key", borrowed_key),
    Variant(
        "borrowed key, registered on the borrower's client", "client-id", key_on_another_client
    ),
    Variant("client id taken by another vendor", "client-id", client_id_of_another_vendor),
    Variant("another organization's system user", "owner", another_organizations_system_user),
    Variant("own token tried for another organization", "owner", another_organizations_return),
    Variant("no agreement for the system register", "agreement", without_an_agreement),
    Variant("registered in another organization's name", "vendor", in_the_name_of_another),
    Variant("approver without access management", "access-manager", deputy_tries_to_approve),
    Variant("approver lacks a right", "delegation-check", lacks_a_right),
    Variant("key removed", "key", key_removed),
    Variant("system deleted", "system", system_deleted),
)
