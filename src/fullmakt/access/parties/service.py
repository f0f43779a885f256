"""Parties and their roles: registering, finding, beginning and ending.

Roles named here are role codes of `access/catalog`. Whether a role may exist between two forms of
party is the register's business and not checked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fullmakt.access.parties import store
from fullmakt.access.parties.errors import PartyExists, RoleAlreadyHeld, RoleNotHeld, UnknownParty
from fullmakt.access.parties.model import AGENT, RIGHT_HOLDER, PartyKind, SystemUserVariant
from fullmakt.foundation.storage.model import Aspect, Change, Touch
from fullmakt.foundation.terms.moments import write_moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from fullmakt.access.parties.model import (
        Assignment,
        NewOrganization,
        NewPerson,
        Party,
        RoleHeld,
    )
    from fullmakt.foundation.storage.database import Reading, Work
    from fullmakt.foundation.terms.numbers import OrganizationNumber, PersonNumber


def find_party(reading: Reading, uuid: UUID) -> Party | None:
    """The party with this UUID, deleted ones too."""
    return store.find_by_uuid(reading, uuid)


def find_party_by_id(reading: Reading, party_id: int) -> Party | None:
    """The party with this party id."""
    return store.find_by_party_id(reading, party_id)


def find_organization(reading: Reading, number: OrganizationNumber) -> Party | None:
    """The organisation with this number, deleted ones too."""
    return store.find_by_number(reading, number)


def find_person(reading: Reading, number: PersonNumber) -> Party | None:
    """The person with this identity number."""
    return store.find_by_person_number(reading, number)


def find_user(reading: Reading, user_id: int) -> Party | None:
    """The person with this user id."""
    return store.find_by_user_id(reading, user_id)


def get_by_inner_id(reading: Reading, inner_id: int) -> Party:
    """The party that a row refers to."""
    return store.get_by_inner_id(reading, inner_id)


def get_by_inner_ids(reading: Reading, inner_ids: Iterable[int]) -> Mapping[int, Party]:
    """The parties that rows refer to, by inner id."""
    return store.list_by_inner_ids(reading, set(inner_ids))


def get_organization(reading: Reading, number: OrganizationNumber) -> Party:
    """The organisation with this number. Raises: UnknownParty."""
    party = store.find_by_number(reading, number)
    if party is None:
        message = f"organisation `{number}` is not registered"
        raise UnknownParty(message)
    return party


def list_organizations(reading: Reading) -> list[Party]:
    """Every organisation, in the order they were registered."""
    return store.list_parties(reading, PartyKind.ORGANIZATION)


def list_service_owners(reading: Reading) -> list[Party]:
    """Every organisation that has a service owner's short name, in the order of registration."""
    return store.list_service_owners(reading)


def find_service_owner(reading: Reading, code: str) -> Party | None:
    """The organisation with this short name, as `skd`; the first, should several have it."""
    found = store.list_service_owners(reading, code) if code.isprintable() else []
    return found[0] if found else None


def list_people(reading: Reading) -> list[Party]:
    """Every person, in the order they were registered."""
    return store.list_parties(reading, PartyKind.PERSON)


def list_owned(reading: Reading, owner_id: int, *, most: int, after: int = 0) -> list[Party]:
    """The system users of the organisation with this inner id, the deleted ones left out.

    Those past the inner id `after`, in its order.
    """
    return store.list_owned(reading, owner_id, most=most, after=after)


def list_named(reading: Reading, kind: PartyKind, name: str, *, most: int) -> list[Party]:
    """The parties of one kind that have this name, in any case of letters."""
    return store.list_named(reading, kind, name, most=most) if name.isprintable() else []


def list_after(
    reading: Reading, inner_id: int, *, most: int, kind: PartyKind | None = None
) -> list[Party]:
    """At most `most` parties past an inner id, in the order they were registered; of any kind."""
    return store.list_after(reading, inner_id, most=most, kind=kind)


def list_sub_units(reading: Reading, parent: Party) -> list[Party]:
    """The sub-units of `parent`."""
    return store.list_sub_units(reading, parent)


def list_roles_given(reading: Reading, giver: Party) -> list[RoleHeld]:
    """The roles that `giver` has given, open ones."""
    return store.list_roles(reading, giver=giver)


def list_roles_held(reading: Reading, holder: Party) -> list[RoleHeld]:
    """The roles that `holder` has, open ones."""
    return store.list_roles(reading, holder=holder)


def list_roles_between(reading: Reading, giver: Party, holder: Party) -> list[RoleHeld]:
    """The roles that `giver` has given `holder`, open ones."""
    return store.list_roles(reading, giver=giver, holder=holder)


def list_roles_from(reading: Reading, givers: Sequence[int], *, holder: Party) -> list[RoleHeld]:
    """The roles that some parties (at most 500 inner ids) gave `holder`."""
    return store.list_roles_from(reading, givers, holder=holder)


def list_by_names(
    reading: Reading, *, uuids: Sequence[UUID], numbers: Sequence[OrganizationNumber]
) -> list[Party]:
    """The parties with these ids, and those with these numbers; at most 500 of each."""
    return store.list_by_names(reading, uuids=uuids, numbers=numbers)


def list_all_roles(reading: Reading) -> list[RoleHeld]:
    """Every open role, in the order they began."""
    return store.list_roles(reading)


def find_assignment(reading: Reading, giver: Party, holder: Party, role: str) -> Assignment | None:
    """The open assignment of `role` from `giver` to `holder`."""
    return store.find_assignment(reading, giver, holder, role)


def add_organization(work: Work, new: NewOrganization) -> Party:
    """Register an organisation. Raises: PartyExists, UnknownParty (its parent)."""
    _check_is_new(work, new)
    parent = None if new.parent is None else get_organization(work, new.parent)
    party = store.add_organization(work, new, parent=parent)
    work.record(
        Change(
            "organization-registered",
            {"organization": new.number.digits, "name": new.name, "form": new.form},
            (Touch(party.id, Aspect.SELF),),
        )
    )
    return party


def add_person(work: Work, new: NewPerson) -> Party:
    """Register a person. Raises: PartyExists."""
    _check_is_new(work, new)
    party = store.add_person(work, new)
    work.record(
        Change("person-registered", {"person": str(new.uuid)}, (Touch(party.id, Aspect.SELF),))
    )
    return party


def _check_is_new(work: Work, new: NewOrganization | NewPerson) -> None:
    clash = store.find_clash(work, new)
    if clash is not None:
        message = f"`{new.name}` has a number or id that `{clash.name}` has already"
        raise PartyExists(message)


def add_system_user(
    work: Work, *, uuid: UUID, owner: Party, variant: SystemUserVariant, name: str
) -> Party:
    """Register a system user as a party of `owner`, with the assignment that its kind rests on."""
    party = store.add_system_user(work, uuid=uuid, owner=owner, variant=variant, name=name)
    role = AGENT if variant is SystemUserVariant.AGENT else RIGHT_HOLDER
    store.add_assignment(work, owner, party, role)
    touches = (Touch(party.id, Aspect.SELF), Touch(owner.id, Aspect.GIVEN))
    facts = {"systemUser": str(uuid), "owner": str(owner.number), "variant": variant.value}
    work.record(Change("system-user-added", facts, touches))
    return party


def rename_system_user(work: Work, party: Party, name: str) -> None:
    """Give a system user another name."""
    store.replace_name(work, party, name)
    facts = {"systemUser": str(party.uuid), "name": name}
    work.record(Change("system-user-renamed", facts, (Touch(party.id, Aspect.SELF),)))


def close_system_user(work: Work, party: Party) -> None:
    """Delete a system user: its assignments end, and what rested on them falls."""
    store.set_status(work, party, deleted_at=work.now, bankrupt_at=party.bankrupt_at)
    held = store.list_assignments_to(work, party)
    for assignment in held:
        store.end_assignment(work, assignment)
    givers = tuple(Touch(assignment.giver, Aspect.GIVEN) for assignment in held)
    work.record(
        Change(
            "system-user-closed",
            {"systemUser": str(party.uuid)},
            (Touch(party.id, Aspect.SELF), *givers),
        )
    )


def change_status(
    work: Work, party: Party, *, deleted_at: datetime | None, bankrupt_at: datetime | None
) -> Party:
    """Let the register say when an organisation or person was deleted, and went bankrupt.

    None takes either back. A moment that has not come counts from then on. What the sub-units have
    from it, and what is held through them, changes as well.
    """
    changed = store.set_status(work, party, deleted_at=deleted_at, bankrupt_at=bankrupt_at)
    units = store.list_sub_units(work, party)
    facts = {
        "party": str(party.uuid),
        "deletedAt": None if deleted_at is None else write_moment(deleted_at),
        "bankruptAt": None if bankrupt_at is None else write_moment(bankrupt_at),
    }
    touches = tuple(Touch(each.id, Aspect.SELF) for each in (party, *units))
    work.record(Change("party-status-changed", facts, touches))
    return changed


def begin_role(work: Work, *, role: str, giver: Party, holder: Party) -> Assignment:
    """Open an assignment.

    Always a new one, also where an earlier has ended. Raises: RoleAlreadyHeld.
    """
    if store.find_assignment(work, giver, holder, role) is not None:
        message = f"`{holder.name}` is `{role}` of `{giver.name}` already"
        raise RoleAlreadyHeld(message)
    assignment = store.add_assignment(work, giver, holder, role)
    work.record(_role_change("role-began", assignment, giver, holder))
    return assignment


def ensure_right_holder(work: Work, *, giver: Party, holder: Party) -> Assignment:
    """The open right-holder assignment between the two, opened now where there is none."""
    found = store.find_assignment(work, giver, holder, RIGHT_HOLDER)
    return found or begin_role(work, role=RIGHT_HOLDER, giver=giver, holder=holder)


def end_role(work: Work, *, role: str, giver: Party, holder: Party) -> Assignment:
    """Close the open assignment.

    Nothing else is touched, and what rests on it falls. Raises: RoleNotHeld.
    """
    assignment = store.find_assignment(work, giver, holder, role)
    if assignment is None:
        message = f"`{holder.name}` is not `{role}` of `{giver.name}`"
        raise RoleNotHeld(message)
    store.end_assignment(work, assignment)
    work.record(_role_change("role-ended", assignment, giver, holder))
    return assignment


def _role_change(kind: str, assignment: Assignment, giver: Party, holder: Party) -> Change:
    facts = {"role": assignment.role, "from": str(giver.uuid), "to": str(holder.uuid)}
    touches = (Touch(giver.id, Aspect.GIVEN), Touch(holder.id, Aspect.KEYS))
    return Change(kind, facts, touches)
