"""Access lists: kept by a service owner, of the organisations that may use its resources.

Every change of who is on a list, or of what it opens, touches each resource that it opens or
opened: a decision made before the change is not used after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from fullmakt.access.parties import service as parties
from fullmakt.access.parties.model import PartyKind
from fullmakt.access.resources import lists_errors as errors
from fullmakt.access.resources import lists_store as store
from fullmakt.access.resources.conditions import Verdict
from fullmakt.access.resources.lists_model import Membership
from fullmakt.access.resources.scopes import ADMIN_SCOPE
from fullmakt.access.resources.service import find_resource
from fullmakt.foundation.storage.model import Aspect, Change, Touch
from fullmakt.foundation.terms import urns
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.foundation.terms.problem import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fullmakt.access.parties.model import Party
    from fullmakt.access.resources.conditions import Conditions
    from fullmakt.access.resources.lists_model import AccessList, ListConnection, ListMember
    from fullmakt.access.resources.model import Resource
    from fullmakt.foundation.bearer.model import Caller
    from fullmakt.foundation.storage.database import Reading, Work

PAGE_SIZE = 100
MOST_MEMBERS = 100
"""How many members can be named at once."""
_LONGEST_IDENTIFIER = 255


@dataclass(frozen=True, slots=True)
class ListName:
    """A list as its address names it: the owner's short name, and the list's identifier."""

    owner: str
    identifier: str


def check_owner(reading: Reading, owner: str, caller: Caller) -> None:
    """Hold a caller to the lists of its own organisation; the admin scope opens all.

    Raises: ValidationProblem (RR.VLD-00010), ListsOfAnother.
    """
    party = parties.find_service_owner(reading, owner)
    if party is None:
        raise errors.owner_not_registered(owner)
    if ADMIN_SCOPE not in caller.scopes and caller.organization != party.number:
        raise errors.ListsOfAnother(owner, caller)


def find_list(reading: Reading, name: ListName) -> AccessList | None:
    """The list of that name."""
    is_one = name.identifier.isprintable() and len(name.identifier) <= _LONGEST_IDENTIFIER
    return store.find_list(reading, name.owner, name.identifier) if is_one else None


def get_list(reading: Reading, name: ListName) -> AccessList:
    """The list of that name. Raises: ListNotFound."""
    found = find_list(reading, name)
    if found is None:
        raise errors.ListNotFound(name.owner, name.identifier)
    return found


def list_lists(reading: Reading, owner: str, *, after: str) -> list[AccessList]:
    """A page of the owner's lists, and one more where there are more."""
    return store.list_lists(reading, owner, after=after, most=PAGE_SIZE + 1)


def list_all_lists(reading: Reading, owner: str) -> list[AccessList]:
    """The owner's lists, all of them."""
    return store.list_lists(reading, owner, after="", most=None)


def list_all_members(reading: Reading, held: AccessList) -> list[ListMember]:
    """Everybody on a list."""
    return store.list_members(reading, held)


def list_members(reading: Reading, held: AccessList, *, after: int = 0) -> list[ListMember]:
    """A page of a list's members, and one more where there are more."""
    return store.list_members(reading, held, after=after, most=PAGE_SIZE + 1)


def list_connections(reading: Reading, held: AccessList, *, after: int = 0) -> list[ListConnection]:
    """A page of what a list opens, and one more where there are more."""
    return store.list_connections(reading, held, after=after, most=PAGE_SIZE + 1)


def list_all_connections(
    reading: Reading, held: AccessList, *, resource: str | None = None
) -> list[ListConnection]:
    """All that a list opens; or the one resource, if it opens it."""
    found = store.list_connections(reading, held)
    return [each for each in found if resource in {None, each.resource}]


def _check(held: AccessList | None, conditions: Conditions) -> None:
    etag, modified = (None, None) if held is None else (held.etag, held.updated_at)
    if conditions.judge(etag, modified, is_reading=False) is Verdict.FAILED:
        raise errors.PreconditionFailed(etag)


def set_list(
    work: Work, name: ListName, *, title: str, description: str, conditions: Conditions
) -> AccessList:
    """Make a list, or call it otherwise. What it is called already changes nothing.

    Raises: InvalidInput, PreconditionFailed.
    """
    held = find_list(work, name)
    _check(held, conditions)
    _check_name(name, title)
    if held is None:
        added = store.add_list(
            work,
            owner_code=name.owner,
            identifier=name.identifier,
            name=title,
            description=description,
        )
        _record(work, "access-list-made", added, ())
        return added
    if (held.name, held.description) == (title, description):
        return held
    replaced = store.replace_list(work, held, name=title, description=description)
    _record(work, "access-list-renamed", replaced, ())
    return replaced


def _check_name(name: ListName, title: str) -> None:
    identifier = name.identifier
    if not identifier.isprintable() or len(identifier) > _LONGEST_IDENTIFIER or ":" in identifier:
        message = (
            f"The identifier of a list is at most {_LONGEST_IDENTIFIER} printable characters, and"
            " has no colon."
        )
        raise InvalidInput({"identifier": (message,)})
    if not title.strip():
        raise InvalidInput({"name": ("The name field is required.",)})


def delete_list(work: Work, name: ListName, *, conditions: Conditions) -> AccessList | None:
    """Close a list: what it opened is closed for those who had no other. None if there is none.

    Raises: PreconditionFailed.
    """
    held = find_list(work, name)
    _check(held, conditions)
    if held is None:
        return None
    connections = store.list_connections(work, held)
    store.end_list(work, held)
    _record(work, "access-list-deleted", held, connections)
    return held


def replace_members(
    work: Work, name: ListName, wanted: Sequence[str], *, conditions: Conditions
) -> AccessList:
    """Let those named by URN, and nobody else, be on a list.

    Raises: ValidationProblem (RR.VLD-00000), ListNotFound, PreconditionFailed, MemberNotFound,
    InvalidInput.
    """
    if len(wanted) > MOST_MEMBERS:
        raise errors.too_many_to_replace(len(wanted))
    held = _changeable(work, name, conditions)
    members = _members(work, wanted)
    standing = store.list_member_ids(work, held)
    return _change_members(work, held, add=members - standing, remove=standing - members)


def add_members(
    work: Work, name: ListName, wanted: Sequence[str], *, conditions: Conditions
) -> AccessList:
    """Put those named by URN on a list. Who is on it stays, since then.

    Raises: ValidationProblem (RR.VLD-00001), ListNotFound, PreconditionFailed, MemberNotFound,
    InvalidInput.
    """
    held, members = _named(work, name, wanted, conditions)
    standing = store.list_member_ids(work, held)
    return _change_members(work, held, add=members - standing, remove=frozenset())


def remove_members(
    work: Work, name: ListName, wanted: Sequence[str], *, conditions: Conditions
) -> AccessList:
    """Take those named by URN off a list. Raises: as `add_members`."""
    held, members = _named(work, name, wanted, conditions)
    standing = store.list_member_ids(work, held)
    return _change_members(work, held, add=frozenset(), remove=members & standing)


def _named(
    work: Work, name: ListName, wanted: Sequence[str], conditions: Conditions
) -> tuple[AccessList, frozenset[int]]:
    if len(wanted) > MOST_MEMBERS:
        raise errors.too_many_to_change(len(wanted))
    return _changeable(work, name, conditions), _members(work, wanted)


def _changeable(work: Work, name: ListName, conditions: Conditions) -> AccessList:
    held = get_list(work, name)
    _check(held, conditions)
    return held


def _members(reading: Reading, wanted: Sequence[str]) -> frozenset[int]:
    unreadable, unknown, found = {}, [], set()
    for place, urn in enumerate(wanted):
        try:
            party = find_party(reading, urn)
        except ValueError:
            unreadable[f"data[{place}]"] = (f"The value '{urn[:120]}' is not valid.",)
            continue
        if party is None or party.kind is not PartyKind.ORGANIZATION:
            unknown.append(urn)
        else:
            found.add(party.id)
    if unreadable:
        raise InvalidInput(unreadable)
    if unknown:
        message = f"no registered organisation: {', '.join(f'`{urn}`' for urn in unknown[:10])}"
        raise errors.MemberNotFound(message)
    return frozenset(found)


def find_party(reading: Reading, urn: str) -> Party | None:
    """The party that a URN names: an organisation by number, any party by its UUID or id.

    Raises: ValueError for a URN of another kind, or a value that does not hold.
    """
    kind, _, value = urn.rpartition(":")
    match kind.lower():
        case urns.ORGANIZATION_NUMBER:
            return parties.find_organization(reading, OrganizationNumber(value))
        case urns.PARTY_UUID | urns.ORGANIZATION_UUID:
            return parties.find_party(reading, UUID(value))
        case urns.PARTY_ID | "urn:altinn:party:id" if _is_party_id(value):
            return parties.find_party_by_id(reading, int(value))
        case _:
            message = f"not a URN that names a party here: `{kind}`"
            raise ValueError(message)


def _is_party_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9


def _change_members(
    work: Work, held: AccessList, *, add: frozenset[int], remove: frozenset[int]
) -> AccessList:
    if not add and not remove:
        return held
    store.end_members(work, held, sorted(remove))
    store.add_members(work, held, sorted(add))
    changed = store.replace_list(work, held, name=held.name, description=held.description)
    counts = {"added": len(add), "removed": len(remove)}
    connections = store.list_connections(work, held)
    _record(work, "access-list-members-changed", changed, connections, counts)
    return changed


def set_connection(
    work: Work,
    name: ListName,
    resource: str,
    *,
    actions: Iterable[str],
    conditions: Conditions,
) -> tuple[AccessList, ListConnection]:
    """Let a list open a resource of its owner: for the actions, or for all when none is named.

    Raises: ConnectedResourceNotFound, ConnectedResourceOfAnother, ListNotFound,
    PreconditionFailed.
    """
    found = find_resource(work, resource)
    if found is None:
        message = f"there is no resource `{resource[:120]}`"
        raise errors.ConnectedResourceNotFound(message)
    _check_is_of_owner(work, found, name.owner)
    held = _changeable(work, name, conditions)
    wanted = frozenset(actions) or None
    standing = store.find_connection(work, held, resource)
    if standing is None or standing.actions != wanted:
        if standing is not None:
            store.end_connection(work, standing)
        store.add_connection(work, held, found.id, actions=wanted, before=standing)
        held = store.replace_list(work, held, name=held.name, description=held.description)
        standing = store.find_connection(work, held, resource)
        assert standing is not None, "it was just made"
        _record(work, "access-list-connected", held, [standing], {"resource": resource})
    return held, standing


def _check_is_of_owner(reading: Reading, resource: Resource, owner: str) -> None:
    party = parties.find_service_owner(reading, owner)
    if party is None or party.number != resource.owner:
        message = f"`{resource.identifier}` is of {resource.owner}, not of `{owner}`"
        raise errors.ConnectedResourceOfAnother(message)


def delete_connection(
    work: Work, name: ListName, resource: str, *, conditions: Conditions
) -> tuple[AccessList, ListConnection] | None:
    """Let a list no longer open a resource. None when it did not.

    Raises: ListNotFound, PreconditionFailed.
    """
    held = _changeable(work, name, conditions)
    standing = store.find_connection(work, held, resource)
    if standing is None:
        return None
    return _disconnect(work, held, standing), standing


def _disconnect(work: Work, held: AccessList, connection: ListConnection) -> AccessList:
    store.end_connection(work, connection)
    changed = store.replace_list(work, held, name=held.name, description=held.description)
    facts = {"resource": connection.resource}
    _record(work, "access-list-disconnected", changed, [connection], facts)
    return changed


def disconnect_everywhere(work: Work, resource: Resource) -> None:
    """Let no list open `resource`: it is about to leave the registry."""
    for connection in store.list_connections_of_resource(work, resource.id):
        _disconnect(work, store.get_list(work, connection.list), connection)


def list_names_of_lists(reading: Reading, party: int) -> list[str]:
    """The lists that the party with this inner id is on, as policies name them: `skd:utvalgte`."""
    return [f"{owner}:{name}" for owner, name in store.list_lists_of_member(reading, party)]


def list_memberships(reading: Reading, party: Party, *, resource: str | None) -> list[Membership]:
    """What a party may use by being on access lists: one entry for each list and resource."""
    return [
        Membership(
            party=party.uuid,
            resource=connection.resource,
            since=max(member.since, connection.created_at),
            actions=connection.actions,
        )
        for member, connection in store.list_memberships(reading, party.id, resource=resource)
    ]


def _record(
    work: Work,
    kind: str,
    held: AccessList,
    connections: Iterable[ListConnection],
    facts: Mapping[str, object] | None = None,
) -> None:
    touches = tuple(Touch(each.resource_id, Aspect.LISTS) for each in connections)
    work.record(Change(kind, {"list": held.urn, **(facts or {})}, touches))
