"""Access lists of a world file: who is on them, and what they open; read, applied, and written.

Lists are made as their owners make them over HTTP, and held to the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from fullmakt.access.parties import service as parties
from fullmakt.access.resources import lists_service as lists
from fullmakt.access.resources.conditions import Conditions
from fullmakt.access.resources.lists_service import MOST_MEMBERS, ListName
from fullmakt.foundation.terms import urns
from fullmakt.run.testworld.worldfile import words
from fullmakt.run.testworld.worldfile.entries import AccessListEntry

if TYPE_CHECKING:
    from fullmakt.access.resources.lists_model import AccessList
    from fullmakt.foundation.storage.database import Reading
    from fullmakt.foundation.terms.numbers import OrganizationNumber
    from fullmakt.run.testworld.worldfile.applying import Applying
    from fullmakt.run.testworld.worldfile.shapes import Shapes

SECTION = "accessLists"
_LIST = frozenset({"owner", "identifier", "name", "description", "members", "connections"})
_CONNECTION = frozenset({"resource", "actionFilters"})
_UNCONDITIONALLY = Conditions()


def read_access_list(shapes: Shapes, value: object, path: str) -> AccessListEntry | None:
    """An entry of `accessLists`."""
    members = shapes.open(value, path, _LIST)
    listed = members.optional("members", words.list_of(words.organization_number), ())
    connections: dict[str, frozenset[str]] = {}
    for at, each in members.each("connections"):
        connection = shapes.open(each, at, _CONNECTION)
        resource = connection.required("resource", words.text)
        actions = connection.optional("actionFilters", words.list_of(words.text), ())
        if connection.is_sound and resource in connections:
            connection.fault("resource", resource, "is connected twice; name all actions in one")
        connections[resource] = frozenset(actions)
    entry = AccessListEntry(
        owner=members.required("owner", words.organization_number),
        identifier=members.required("identifier", words.text),
        name=members.required("name", words.text),
        description=members.optional("description", words.any_text, ""),
        members=frozenset(listed),
        connections=connections,
    )
    return entry if members.is_sound else None


def keep(applying: Applying, entries: Iterable[AccessListEntry]) -> None:
    """Make the lists, put the members on them, and let them open what they are connected to."""
    for path, entry in applying.each_new(
        SECTION,
        entries,
        applying.before.access_lists,
        key=lambda entry: (entry.owner.digits, entry.identifier),
    ):
        owner = applying.organization(f"{path}.owner", entry.owner)
        if owner is None:
            continue
        code = str(owner.details.get("orgcode") or "")
        if not code:
            told = "keeps no lists: it has no `orgcode`, a service owner's short name"
            applying.fault(f"{path}.owner", entry.owner.digits, told)
            continue
        numbers = sorted(entry.members)
        known = [applying.organization(f"{path}.members", number) for number in numbers]
        if None not in known:
            _make(applying, path, entry, ListName(code, entry.identifier), numbers)


def _make(
    applying: Applying,
    path: str,
    entry: AccessListEntry,
    name: ListName,
    numbers: Sequence[OrganizationNumber],
) -> None:
    work = applying.work
    with applying.at(path, entry.identifier):
        lists.set_list(
            work,
            name,
            title=entry.name,
            description=entry.description,
            conditions=_UNCONDITIONALLY,
        )
        for first in range(0, len(numbers), MOST_MEMBERS):
            some = numbers[first : first + MOST_MEMBERS]
            named = [f"{urns.ORGANIZATION_NUMBER}:{number.digits}" for number in some]
            lists.add_members(work, name, named, conditions=_UNCONDITIONALLY)
        for resource, actions in sorted(entry.connections.items()):
            with applying.at(f"{path}.connections", resource):
                lists.set_connection(
                    work, name, resource, actions=actions, conditions=_UNCONDITIONALLY
                )


def export_access_lists(reading: Reading) -> tuple[AccessListEntry, ...]:
    """Every list, by owner and identifier."""
    return tuple(
        _entry(reading, owner.number, held)
        for owner in parties.list_service_owners(reading)
        if owner.number is not None
        for held in lists.list_all_lists(reading, str(owner.details.get("orgcode") or ""))
    )


def _entry(reading: Reading, owner: OrganizationNumber, held: AccessList) -> AccessListEntry:
    return AccessListEntry(
        owner=owner,
        identifier=held.identifier,
        name=held.name,
        description=held.description,
        members=frozenset(member.number for member in lists.list_all_members(reading, held)),
        connections={
            each.resource: each.actions or frozenset()
            for each in lists.list_all_connections(reading, held)
        },
    )


def write_access_list(entry: AccessListEntry) -> dict[str, object]:
    """An entry of `accessLists`."""
    return {
        "owner": entry.owner.digits,
        "identifier": entry.identifier,
        "name": entry.name,
        "description": entry.description,
        "members": [number.digits for number in sorted(entry.members)],
        "connections": [
            {"resource": resource, **({"actionFilters": sorted(actions)} if actions else {})}
            for resource, actions in sorted(entry.connections.items())
        ],
    }
