"""Making, finding and deleting system users.

Who may have one made is decided by the rooms above; what it was made with is given here, in the
same unit of work, so that a system user never stands without its rights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from fullmakt.access.decisions.permissions import Duty, check_permitted
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.access.delegations import service as delegations
from fullmakt.access.delegations.model import Right
from fullmakt.access.parties import service as parties
from fullmakt.access.parties.model import RIGHT_HOLDER, Party
from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.storage.database import Database, Reading, Work
from fullmakt.foundation.storage.model import Change
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.foundation.terms.problem import PlainProblem
from fullmakt.systems.system_register import service as system_register
from fullmakt.systems.system_register.errors import SystemNotFound
from fullmakt.systems.system_register.model import RegisteredSystem
from fullmakt.systems.system_users import errors, store
from fullmakt.systems.system_users.model import (
    FoundSystemUser,
    NewSystemUser,
    SystemUser,
    SystemUserKind,
)
from fullmakt.systems.system_users.parameters import PAGE_SIZE


@dataclass(frozen=True, slots=True)
class Access:
    """What a standard system user has now: package names and single rights."""

    packages: tuple[str, ...]
    rights: tuple[Right, ...]


@dataclass(frozen=True, slots=True)
class SystemUserPage:
    """One page of a system's users; `next_first` is where the next one begins."""

    users: tuple[SystemUser, ...]
    next_first: int | None


class SystemUserDirectory:
    """Finds the system user that a Maskinporten client asks a token for."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._question = database.text_of(store.external_id_statement())

    def find_by_external_id(
        self,
        *,
        client_id: str,
        vendor: OrganizationNumber,
        owner: OrganizationNumber,
        external_ref: str | None,
    ) -> FoundSystemUser | None:
        """The owner's system user with that reference, if the client may have tokens for it.

        That is: its system is not retired, is the vendor's, and lists the client. A missing or
        empty reference is the owner's number.
        """
        rows = self._database.ask(
            self._question,
            {
                "client_id": client_id,
                "vendor": vendor.digits,
                "owner": owner.digits,
                "external_ref": external_ref or owner.digits,
            },
        )
        return store.read_found(rows[0]) if rows else None


def find_system_user(reading: Reading, uuid: UUID) -> SystemUser | None:
    """The system user with this id, unless it is deleted."""
    return store.find_system_user(reading, uuid)


def find_by_reference(
    reading: Reading, *, system_id: str, owner: str, external_ref: str
) -> SystemUser | None:
    """The system user of either kind that an organisation has for a system and a reference."""
    return store.find_by_reference(
        reading, system_id=system_id, owner=owner, external_ref=external_ref
    )


def list_system_users_of(reading: Reading, owner: Party, kind: SystemUserKind) -> list[SystemUser]:
    """The owner's system users of one kind."""
    return store.list_system_users_of(reading, owner, kind)


def list_all_system_users(reading: Reading) -> list[SystemUser]:
    """Every system user, in the order they were made."""
    return store.list_all_system_users(reading)


def create_system_user(
    work: Work,
    *,
    uuid: UUID,
    system: RegisteredSystem,
    owner: Party,
    kind: SystemUserKind,
    external_ref: str | None,
    title: str,
    packages: Sequence[str],
    rights: frozenset[Right],
    given_by: Party,
    resources: Sequence[str] = (),
) -> SystemUser:
    """Make a system user, and give a standard one its packages (by name) and single rights.

    `resources` are the single services that an agent is to have for each client.

    An agent only remembers its packages and services; it gets them client by client.
    Raises: SystemUserExists.
    """
    assert owner.number is not None, "only organisations own system users"
    reference = external_ref or owner.number.digits
    check_is_free(work, system_id=system.id, owner=owner.number.digits, external_ref=reference)
    party = parties.add_system_user(work, uuid=uuid, owner=owner, variant=kind.variant, name=title)
    carried = tuple(dict.fromkeys(packages)), tuple(dict.fromkeys(resources))
    new = NewSystemUser(uuid, kind, title, reference, *carried)
    store.add_system_user(work, new, party=party, owner=owner, system=system)
    work.record(
        Change(
            "system-user-created",
            {
                "systemUser": str(uuid),
                "system": system.id,
                "owner": owner.number.digits,
                "externalRef": reference,
                "kind": kind.value,
                "by": str(given_by.uuid),
            },
        )
    )
    if kind is SystemUserKind.STANDARD:
        delegations.give_to_system_user(
            work,
            owner=owner,
            system_user=party,
            packages=frozenset(packages),
            rights=rights,
            given_by=given_by,
        )
    made = store.find_system_user(work, uuid)
    assert made is not None
    return made


def check_is_free(reading: Reading, *, system_id: str, owner: str, external_ref: str) -> None:
    """Refuse a second system user with the same reference. Raises: SystemUserExists."""
    found = store.find_by_reference(
        reading, system_id=system_id, owner=owner, external_ref=external_ref
    )
    if found is not None:
        detail = (
            f"`{owner}` has system user `{found.uuid}` ({found.kind.value}) for system"
            f" `{system_id}` with reference `{external_ref}`"
        )
        raise errors.SystemUserExists(detail)


def get_party(reading: Reading, party_id: int) -> Party:
    """The organisation that a path names by its party id. Raises: PartyNotFound."""
    party = parties.find_party_by_id(reading, party_id)
    if party is None or party.number is None:
        message = f"no organisation has party id `{party_id}`"
        raise errors.PartyNotFound(message)
    return party


def list_for_owner(
    reading: Reading,
    decisions: DecisionPoint,
    party_id: int,
    kind: SystemUserKind,
    *,
    caller: Caller,
) -> list[SystemUser]:
    """A customer's system users of one kind; none for a party that is not known.

    Raises: NotAuthorized.
    """
    party = parties.find_party_by_id(reading, party_id)
    if party is None:
        return []
    duty = Duty.OVERVIEW if kind is SystemUserKind.AGENT else Duty.ACCESS_MANAGEMENT
    check_permitted(decisions, caller, action="read", duty=duty, party=party)
    return store.list_system_users_of(reading, party, kind)


def get_for_owner(
    reading: Reading, decisions: DecisionPoint, party_id: int, uuid: UUID, *, caller: Caller
) -> tuple[SystemUser, Access | None]:
    """One of a customer's system users; a standard one with what it has now.

    Raises: PlainProblem (404: unknown, deleted, another party's), NotAuthorized.
    """
    party = parties.find_party_by_id(reading, party_id)
    if party is not None:
        check_permitted(decisions, caller, action="read", duty=Duty.OVERVIEW, party=party)
    user = store.find_system_user(reading, uuid)
    if party is None or user is None or user.owner != party.number:
        detail = f"party `{party_id}` has no system user `{uuid}`"
        raise PlainProblem(404, "Not Found", detail)
    if user.kind is SystemUserKind.AGENT:
        return user, None
    return user, access_of(reading, owner=party, uuid=uuid)


def access_of(reading: Reading, *, owner: Party, uuid: UUID) -> Access:
    """What the owner has given one of its system users."""
    holder = parties.find_party(reading, uuid)
    assert holder is not None, "a system user is a party"
    assignment = parties.find_assignment(reading, owner, holder, RIGHT_HOLDER)
    given = [] if assignment is None else delegations.list_given(reading, assignment)
    return Access(
        tuple(grant.package for grant in given if grant.package is not None),
        tuple(grant.right for grant in given if grant.right is not None),
    )


def list_of_system(
    reading: Reading, system_id: str, *, first: int, caller: Caller
) -> SystemUserPage:
    """A page of the users of one of the caller's own systems. Raises: SystemNotFound."""
    system = system_register.find_system(reading, system_id)
    if system is None or system.vendor != caller.organization:
        who = f"`{caller.organization}`" if caller.organization else "whoever the token is of"
        message = f"{who} has no system `{system_id}`"
        raise SystemNotFound(message)
    found = store.list_by_system(reading, system, first=first, most=PAGE_SIZE + 1)
    following = found[PAGE_SIZE].sequence_no if len(found) > PAGE_SIZE else None
    return SystemUserPage(tuple(found[:PAGE_SIZE]), following)


def get_of_vendor(
    reading: Reading, *, system_id: str, owner: str, external_ref: str | None, caller: Caller
) -> SystemUser:
    """A system user of one of the caller's own systems.

    Raises: PlainProblem (401: no organisation in the token; 404: unknown or another vendor's).
    """
    if caller.organization is None:
        raise PlainProblem(401, "Unauthorized", "the token names no organisation")
    found = store.find_by_reference(
        reading, system_id=system_id, owner=owner, external_ref=external_ref or owner
    )
    if found is None or found.vendor != caller.organization:
        detail = f"no system user of `{owner}` for system `{system_id}` with that reference"
        raise PlainProblem(404, "Not Found", detail)
    return found


def delete_standard(
    work: Work, decisions: DecisionPoint, party_id: int, uuid: UUID, *, caller: Caller
) -> SystemUser | None:
    """Delete a standard system user, with all it was given; None when there is none.

    Raises: PartyNotFound, NotAuthorized, OfAnotherParty, NotStandard.
    """
    party = get_party(work, party_id)
    check_permitted(decisions, caller, action="write", duty=Duty.ACCESS_MANAGEMENT, party=party)
    user = store.find_system_user(work, uuid)
    if user is None:
        return None
    _check_is_of(party, user)
    if user.kind is not SystemUserKind.STANDARD:
        message = f"system user `{uuid}` is an agent: delete it among the agents"
        raise errors.NotStandard(message)
    _end(work, user)
    return user


def delete_agent(
    work: Work,
    decisions: DecisionPoint,
    party_id: int,
    uuid: UUID,
    *,
    facilitator: UUID | None,
    caller: Caller,
) -> None:
    """Delete an agent system user, with all its client links.

    QUIRK: the original first lets go of the request, and keeps that when the rest fails. Mended:
    all or nothing (test_a_refused_deletion_leaves_the_request_accepted).
    Raises: PartyNotFound, NotAuthorized, SystemUserNotFound, OfAnotherParty, NotAnAgent,
    DeletionFacilitatorMismatch.
    """
    party = get_party(work, party_id)
    check_permitted(decisions, caller, action="write", duty=Duty.ACCESS_MANAGEMENT, party=party)
    user = store.find_system_user(work, uuid)
    if user is None:
        message = f"no system user has id `{uuid}`"
        raise errors.SystemUserNotFound(message)
    _check_is_of(party, user)
    if user.kind is not SystemUserKind.AGENT:
        message = f"system user `{uuid}` is standard: delete it among the standard ones"
        raise errors.NotAnAgent(message)
    if facilitator not in {None, party.uuid}:
        message = f"the facilitator `{facilitator}` is not party `{party_id}`"
        raise errors.DeletionFacilitatorMismatch(message)
    _end(work, user)


def _check_is_of(party: Party, user: SystemUser) -> None:
    if user.owner != party.number:
        message = f"system user `{user.uuid}` does not belong to `{party.name}`"
        raise errors.OfAnotherParty(message)


def _end(work: Work, user: SystemUser) -> None:
    holder = parties.find_party(work, user.uuid)
    assert holder is not None, "a system user is a party"
    store.end_system_user(work, user.uuid)
    parties.close_system_user(work, holder)
