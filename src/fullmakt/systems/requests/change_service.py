"""The vendor's side of a change request: asking, reading, deleting.

The customer's side is in `change_answers.py`.
"""

from __future__ import annotations

from uuid import UUID

from fullmakt.access.catalog.model import Catalog
from fullmakt.access.parties import service as parties
from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.storage.database import Reading, Work
from fullmakt.foundation.storage.model import Change
from fullmakt.foundation.terms.problem import PlainProblem, TextProblem
from fullmakt.systems.requests import change_store, errors, rules
from fullmakt.systems.requests.change_model import ChangePage, ChangeRequest, ChangeWish
from fullmakt.systems.requests.model import Reference, Status
from fullmakt.systems.requests.service import no_system, vendor_of
from fullmakt.systems.system_register import service as system_register
from fullmakt.systems.system_register.model import RegisteredSystem
from fullmakt.systems.system_users import service as system_users
from fullmakt.systems.system_users.errors import PartyNotFound, SystemUserNotFound
from fullmakt.systems.system_users.model import SystemUser, SystemUserKind
from fullmakt.systems.system_users.parameters import PAGE_SIZE

_SAME_ID = "The correlation-id should not be the same as the system-user-id. Generate a unique id."


def make_change_request(
    work: Work, catalog: Catalog, wish: ChangeWish, *, caller: Caller
) -> tuple[ChangeRequest, bool]:
    """The change request for `wish`, and whether it is a new one.

    One with the same correlation id is given again, whatever its status and whatever `wish` says.
    One that changes nothing is not stored. Raises: problems in the order of the documentation.
    """
    vendor = vendor_of(caller)
    user = _get_system_user(work, wish)
    if wish.uuid == user.uuid:
        raise TextProblem(400, _SAME_ID)
    if user.vendor != vendor:
        # QUIRK: 401, as if the token did not hold
        # (test_a_change_for_another_vendors_system_user_is_answered_with_401).
        detail = f"`{vendor}` is not the vendor of system user `{user.uuid}`"
        raise PlainProblem(401, "Unauthorized", detail)
    if wish.difference.is_empty:
        return _request_of(work, wish, user, Status.NO_CHANGE_NEEDED), False
    existing = change_store.find_change(work, wish.uuid)
    if existing is not None and existing.vendor == vendor:
        return existing, False
    if user.kind is SystemUserKind.AGENT:
        message = f"system user `{user.uuid}` is an agent: delete it and ask for a new one"
        raise SystemUserNotFound(message)
    _check_is_unused(work, wish.uuid, existing)
    system = _get_usable_system(work, user)
    rules.check_redirect(system, wish.redirect_url)
    rules.check_wanted(
        system,
        catalog,
        kind=SystemUserKind.STANDARD,
        rights=wish.difference.required_rights,
        packages=wish.difference.required_packages,
    )
    change = _request_of(work, wish, user, Status.NEW)
    change_store.add_change(work, change, system=system)
    work.record(event_of(change, "change-request-made"))
    return change, True


def _get_system_user(reading: Reading, wish: ChangeWish) -> SystemUser:
    found = (
        None
        if wish.system_user is None
        else system_users.find_system_user(reading, wish.system_user)
    )
    if found is None:
        message = (
            "name a system user in `system-user-id`"
            if wish.system_user is None
            else f"no system user has id `{wish.system_user}`"
        )
        raise SystemUserNotFound(message)
    return found


def _check_is_unused(reading: Reading, uuid: UUID, existing: ChangeRequest | None) -> None:
    """Refuse an id that another vendor's change request has, or that a deleted one had."""
    if existing is None and not change_store.is_used(reading, uuid):
        return
    message = f"correlation id `{uuid}` has been used; generate another"
    if existing is not None and existing.status is Status.NEW:
        raise errors.RequestPending(message)
    raise errors.CorrelationIdUsed(message)


def _get_usable_system(reading: Reading, user: SystemUser) -> RegisteredSystem:
    # QUIRK: the original lets a retired system ask. Mended
    # (test_a_retired_system_asks_for_no_change).
    system = system_register.find_system(reading, user.system_id)
    if system is None or system.is_deleted:
        raise no_system(user.system_id, user.vendor)
    if parties.find_organization(reading, user.owner) is None:
        message = f"organisation `{user.owner}` is not registered"
        raise PartyNotFound(message)
    return system


def _request_of(work: Work, wish: ChangeWish, user: SystemUser, status: Status) -> ChangeRequest:
    return ChangeRequest(
        uuid=wish.uuid,
        system_user=user.uuid,
        external_ref=user.external_ref,
        system_id=user.system_id,
        vendor=user.vendor,
        party=user.owner,
        difference=wish.difference,
        redirect_url=wish.redirect_url,
        status=status,
        created=work.now,
    )


def event_of(change: ChangeRequest, kind: str) -> Change:
    """The event that tells what happened to a change request."""
    return Change(
        kind,
        {
            "changeRequest": str(change.uuid),
            "systemUser": str(change.system_user),
            "system": change.system_id,
            "party": change.party.digits,
            "status": change.status.value,
        },
    )


def get_own_change(reading: Reading, uuid: UUID, *, caller: Caller) -> ChangeRequest:
    """A change request of one of the caller's systems.

    Raises: PlainProblem (401), RequestNotFound, SystemNotFound (another vendor's).
    """
    vendor = vendor_of(caller)
    found = get_change(reading, uuid)
    if found.vendor != vendor:
        raise no_system(found.system_id, vendor)
    return found


def get_change(reading: Reading, uuid: UUID) -> ChangeRequest:
    """A change request. Raises: RequestNotFound."""
    found = change_store.find_change(reading, uuid)
    if found is None:
        message = f"no change request has id `{uuid}`"
        raise errors.RequestNotFound(message)
    return found


def get_own_change_by_reference(
    reading: Reading, reference: Reference, *, caller: Caller
) -> ChangeRequest:
    """The newest change request of the caller's for the system user with this reference.

    QUIRK: the original gives any one of them, without its packages. Mended
    (test_the_newest_change_is_read_by_reference_with_its_packages).
    Raises: as `get_own_change`.
    """
    vendor = vendor_of(caller)
    found = change_store.find_newest_by_reference(reading, reference)
    if found is None:
        message = (
            f"no change request to `{reference.party}` for system `{reference.system_id}` has"
            f" reference `{reference.external_ref}`"
        )
        raise errors.RequestNotFound(message)
    if found.vendor != vendor:
        raise no_system(reference.system_id, vendor)
    return found


def list_changes_of_system(
    reading: Reading, system_id: str, *, first: UUID, caller: Caller
) -> ChangePage:
    """A page of the change requests of one of the caller's systems.

    QUIRK: the original passes over the token and gives the first page for ever. Mended
    (test_change_requests_are_listed_page_by_page).
    Raises: PlainProblem (401), SystemNotFound.
    """
    vendor = vendor_of(caller)
    system = system_register.find_system(reading, system_id)
    if system is None or system.vendor != vendor:
        raise no_system(system_id, vendor)
    return change_store.list_changes_by_system(reading, system, first=first, most=PAGE_SIZE)


def delete_change_request(work: Work, uuid: UUID, *, caller: Caller) -> None:
    """Delete a change request, whatever its status; what it changed stays.

    QUIRK: the original does not ask whose it is. Closed
    (test_another_vendors_change_request_is_not_deleted).
    Raises: as `get_own_change`.
    """
    found = get_own_change(work, uuid, caller=caller)
    change_store.end_change(work, found)
    work.record(event_of(found, "change-request-deleted"))
