"""The vendor's side of a request: asking, reading, deleting.

The vendor of the system is the only one who sees its requests. The customer's side is in
`answers.py`.
"""

from __future__ import annotations

from uuid import UUID

from fullmakt.access.catalog.model import Catalog
from fullmakt.access.parties import service as parties
from fullmakt.access.parties.model import Party
from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.storage.database import Reading, Work
from fullmakt.foundation.storage.model import Change
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.foundation.terms.problem import PlainProblem
from fullmakt.systems.requests import errors, rules, store
from fullmakt.systems.requests.model import Reference, Request, RequestPage, Status, Wish
from fullmakt.systems.system_register import service as system_register
from fullmakt.systems.system_register.errors import SystemNotFound
from fullmakt.systems.system_register.model import RegisteredSystem
from fullmakt.systems.system_users import service as system_users
from fullmakt.systems.system_users.errors import PartyNotFound
from fullmakt.systems.system_users.model import SystemUserKind
from fullmakt.systems.system_users.parameters import PAGE_SIZE


def make_request(
    work: Work, catalog: Catalog, wish: Wish, *, caller: Caller, new_id: UUID
) -> tuple[Request, bool]:
    """The request for `wish`, and whether it is a new one.

    A request with the same reference that the caller made before is given again, whatever its
    status and whatever `wish` says. Raises: problems in the order of the documentation.
    """
    vendor = caller.organization
    if vendor is None:
        message = "the token has no claim `consumer`"
        raise errors.VendorNotInToken(message)
    reference = wish.reference
    system_users.check_is_free(
        work,
        system_id=reference.system_id,
        owner=reference.party,
        external_ref=reference.external_ref,
    )
    existing = store.find_by_reference(work, reference)
    if existing is not None and existing.vendor == vendor:
        return existing, False
    system = system_register.find_system(work, reference.system_id)
    # QUIRK: the original lets a retired system send requests. Mended
    # (test_a_retired_system_sends_no_requests).
    if system is None or system.is_deleted:
        raise no_system(reference.system_id, vendor)
    _refuse_reference_of_standard(work, reference)
    if system.vendor != vendor:
        raise no_system(reference.system_id, vendor)
    party = _get_customer(work, reference.party)
    rules.check_redirect(system, wish.redirect_url)
    rules.check_asks_for_something(wish)
    rules.check_wanted(
        system,
        catalog,
        kind=reference.kind,
        rights=wish.rights or (),
        packages=wish.packages or (),
    )
    return _store(work, wish, system, party, new_id), True


def _refuse_reference_of_standard(work: Work, reference: Reference) -> None:
    """Refuse a reference that a standard request has.

    QUIRK: agent requests look among the standard ones as well
    (test_a_standard_request_stands_in_the_way_of_an_agent_request).
    """
    taken = store.find_by_reference(
        work,
        Reference(
            SystemUserKind.STANDARD,
            reference.system_id,
            reference.party,
            reference.external_ref,
        ),
    )
    if taken is not None:
        rules.refuse_taken(taken.status, system_id=reference.system_id)


def _get_customer(work: Work, number: str) -> Party:
    try:
        party = parties.find_organization(work, OrganizationNumber(number))
    except ValueError as fault:
        raise PartyNotFound(str(fault)) from None
    if party is None:
        message = f"organisation `{number}` is not registered"
        raise PartyNotFound(message)
    return party


def _store(work: Work, wish: Wish, system: RegisteredSystem, party: Party, new_id: UUID) -> Request:
    assert party.number is not None, "the customer is an organisation"
    request = Request(
        uuid=new_id,
        kind=wish.reference.kind,
        system_id=system.id,
        vendor=system.vendor,
        party=party.number,
        external_ref=wish.reference.external_ref,
        title=(system.title or "") if wish.title is None else wish.title,
        rights=wish.rights or (),
        packages=wish.packages or (),
        redirect_url=wish.redirect_url,
        status=Status.NEW,
        created=work.now,
    )
    store.add_request(work, request, system=system)
    work.record(change_of(request, "request-made"))
    return request


def change_of(request: Request, kind: str) -> Change:
    """The event that tells what happened to a request."""
    return Change(
        kind,
        {
            "request": str(request.uuid),
            "kind": request.kind.value,
            "system": request.system_id,
            "party": request.party.digits,
            "externalRef": request.external_ref,
            "status": request.status.value,
        },
    )


def get_own_request(
    reading: Reading, uuid: UUID, kind: SystemUserKind, *, caller: Caller
) -> Request:
    """A request of one of the caller's systems.

    Raises: PlainProblem (401), RequestNotFound, SystemNotFound (another vendor's).
    """
    vendor = vendor_of(caller)
    found = store.find_request(reading, uuid, kind)
    if found is None:
        raise _no_request(uuid)
    if found.vendor != vendor:
        raise no_system(found.system_id, vendor)
    return found


def get_own_by_reference(reading: Reading, reference: Reference, *, caller: Caller) -> Request:
    """As `get_own_request`, by the vendor's own reference."""
    vendor = vendor_of(caller)
    found = store.find_by_reference(reading, reference)
    if found is None:
        message = (
            f"no {reference.kind.value} request to `{reference.party}` for system"
            f" `{reference.system_id}` has reference `{reference.external_ref}`"
        )
        raise errors.RequestNotFound(message)
    if found.vendor != vendor:
        raise no_system(reference.system_id, vendor)
    return found


def list_of_system(
    reading: Reading, system_id: str, kind: SystemUserKind, *, first: UUID, caller: Caller
) -> RequestPage:
    """A page of the requests of one of the caller's systems.

    QUIRK: the original leaves out the first row of every page but the first. Mended
    (test_no_request_is_lost_between_two_pages).
    Raises: PlainProblem (401), SystemNotFound.
    """
    vendor = vendor_of(caller)
    system = system_register.find_system(reading, system_id)
    if system is None or system.vendor != vendor:
        raise no_system(system_id, vendor)
    return store.list_by_system(reading, system, kind, first=first, most=PAGE_SIZE)


def delete_request(work: Work, uuid: UUID, *, caller: Caller) -> None:
    """Delete a request of either kind, whatever its status; a system user stays.

    QUIRK: the original does not ask whose request it is. Closed
    (test_a_request_of_another_vendor_cannot_be_deleted).
    Raises: PlainProblem (401), RequestNotFound, SystemNotFound (another vendor's).
    """
    vendor = vendor_of(caller)
    found = store.find_request(work, uuid)
    if found is None:
        raise _no_request(uuid)
    if found.vendor != vendor:
        raise no_system(found.system_id, vendor)
    store.end_request(work, found)
    work.record(change_of(found, "request-deleted"))


def vendor_of(caller: Caller) -> OrganizationNumber:
    """The organisation that calls. Raises: PlainProblem (401)."""
    if caller.organization is None:
        raise PlainProblem(401, "Unauthorized", "the token has no claim `consumer`")
    return caller.organization


def _no_request(uuid: UUID) -> errors.RequestNotFound:
    message = f"no request has id `{uuid}`"
    return errors.RequestNotFound(message)


def no_system(system_id: str, vendor: OrganizationNumber) -> SystemNotFound:
    """The problem of a system that is not the vendor's."""
    message = f"`{vendor}` has no system `{system_id}`"
    return SystemNotFound(message)
