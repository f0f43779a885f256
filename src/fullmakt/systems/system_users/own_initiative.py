"""Making a system user without any request, giving it another title, and seeing what it has.

A customer's own initiative is for standard system users alone, which are given all that the system
is registered with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fullmakt.access.decisions.permissions import Duty, check_permitted, get_person
from fullmakt.access.parties import service as parties
from fullmakt.foundation.terms.problem import PlainProblem
from fullmakt.foundation.terms.urns import package_name
from fullmakt.systems.system_register import service as system_register
from fullmakt.systems.system_register.errors import SystemNotFound
from fullmakt.systems.system_users import errors, giving, service, store
from fullmakt.systems.system_users.model import OwnWish, Renaming, SystemUser, SystemUserKind

if TYPE_CHECKING:
    from uuid import UUID

    from fullmakt.access.catalog.model import Catalog
    from fullmakt.access.decisions.service import DecisionPoint
    from fullmakt.foundation.bearer.model import Caller
    from fullmakt.foundation.storage.database import Reading, Work


def create_for_owner(
    work: Work,
    catalog: Catalog,
    decisions: DecisionPoint,
    party_id: int,
    wish: OwnWish,
    *,
    caller: Caller,
    new_id: UUID,
) -> SystemUser:
    """Make a standard system user with every right and package of the system.

    QUIRK: the original lets a retired system be chosen. Mended
    (test_a_retired_system_is_not_chosen_on_own_initiative).
    Raises: PartyNotFound, NotAuthorized, SystemNotFound, SystemUserExists, RightNotDelegable,
    PackagesNotDelegable.
    """
    party = service.get_party(work, party_id)
    check_permitted(decisions, caller, action="write", duty=Duty.ACCESS_MANAGEMENT, party=party)
    person = get_person(work, caller)
    system = system_register.find_system(work, wish.system_id)
    if system is None or system.is_deleted:
        told = "is retired" if system is not None else "is not registered"
        message = f"system `{wish.system_id}` {told}"
        raise SystemNotFound(message)
    assert party.number is not None, "the owner is an organisation"
    owner = party.number.digits
    service.check_is_free(work, system_id=system.id, owner=owner, external_ref=owner)
    resources = [right.resource or "" for right in system.facts.rights]
    packages = [package_name(urn) for urn in system.facts.packages]
    rights = giving.get_delegable_rights(decisions, resources, person=person, owner=party)
    giving.check_packages(work, catalog, packages, person=person, owner=party)
    return service.create_system_user(
        work,
        uuid=new_id,
        system=system,
        owner=party,
        kind=SystemUserKind.STANDARD,
        external_ref=None,
        title=(system.title or "") if wish.title is None else wish.title,
        packages=packages,
        rights=rights,
        given_by=person,
    )


def get_access(
    reading: Reading, decisions: DecisionPoint, party_id: int, uuid: UUID, *, caller: Caller
) -> service.Access:
    """What one of a customer's system users was given, as it is now; an agent was given nothing.

    QUIRK: the original does not ask whose system user it is. Closed
    (test_what_another_partys_system_user_has_is_not_told).
    Raises: PartyNotFound, NotAuthorized, SystemUserNotFound.
    """
    party = service.get_party(reading, party_id)
    check_permitted(decisions, caller, action="read", duty=Duty.ACCESS_MANAGEMENT, party=party)
    user = store.find_system_user(reading, uuid)
    if user is None or user.owner != party.number:
        message = f"`{party.name}` has no system user `{uuid}`"
        raise errors.SystemUserNotFound(message)
    return service.access_of(reading, owner=party, uuid=uuid)


def rename(work: Work, decisions: DecisionPoint, renaming: Renaming, *, caller: Caller) -> None:
    """Give one of a customer's system users another title; its owner and system stay.

    QUIRK: the original answers 500 to everybody, since its policy wants a party in the path.
    Mended (test_a_system_user_is_given_another_title).
    Raises: PartyNotFound, NotAuthorized, PlainProblem (404).
    """
    party = service.get_party(work, renaming.party_id)
    check_permitted(decisions, caller, action="write", duty=Duty.ACCESS_MANAGEMENT, party=party)
    user = store.find_system_user(work, renaming.uuid)
    meant = (renaming.owner, renaming.system_id)
    if user is None or user.owner != party.number or meant != (user.owner.digits, user.system_id):
        detail = (
            f"`{party.name}` has no system user `{renaming.uuid}` of `{renaming.owner}` for system"
            f" `{renaming.system_id}`"
        )
        raise PlainProblem(404, "Not Found", detail)
    store.replace_title(work, user.uuid, renaming.title)
    holder = parties.find_party(work, user.uuid)
    assert holder is not None, "a system user is a party"
    parties.rename_system_user(work, holder, renaming.title)
