"""Who a question to explain is about, as people name them: by id, number, reference or name.

A name or reference that several have is refused, with what tells them apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, TypeVar, assert_never
from uuid import UUID

from fullmakt.access.decisions.model import (
    ByOrganizationNumber,
    ByPartyId,
    ByPersonNumber,
    ByServiceOwner,
    BySystemUser,
    ByUserId,
    ByUuid,
    PartyReference,
    Question,
    Subject,
)
from fullmakt.access.parties import service as parties
from fullmakt.access.parties.model import PartyKind
from fullmakt.foundation.terms.problem import InvalidInput
from fullmakt.run.testworld.worldfile import words
from fullmakt.systems.system_users import service as system_users

if TYPE_CHECKING:
    from fullmakt.access.parties.model import Party
    from fullmakt.foundation.storage.database import Reading

_Named = TypeVar("_Named")
_MOST_TOLD = 5
_ORGANIZATION_DIGITS, _PERSON_DIGITS = 9, 11


def read_question(given: Mapping[str, str], reading: Reading) -> Question:
    """The question that parameters ask. Raises: InvalidInput with every fault."""
    faults: dict[str, tuple[str, ...]] = {}
    for name in given.keys() - _NAMES:
        text = f"`{name}` is not a parameter here; known are {', '.join(sorted(_NAMES))}."
        faults[name] = (text,)
    for name in ("action", "resource"):
        if not given.get(name):
            faults[name] = (f"The {name} field is required.",)
    subject = _one_of(given, _SUBJECTS, reading, faults)
    party = _one_of(given, _PARTIES, reading, faults)
    if faults or subject is None or party is None:
        raise InvalidInput(faults)
    return Question(subject, given["action"], given["resource"], party)


def read_party_asked(given: Mapping[str, str], reading: Reading, *, needs: Iterable[str]) -> Party:
    """The registered party that parameters name, beside others that are needed.

    Raises: InvalidInput with every fault.
    """
    faults = _unknown(given, {*_PARTIES, *needs})
    for name in needs:
        if not given.get(name):
            faults[name] = (f"The {name} field is required.",)
    named = _one_of(given, _PARTIES, reading, faults)
    return _registered(named, given, _PARTIES, reading, faults)


def read_subject_asked(given: Mapping[str, str], reading: Reading, *, may: Iterable[str]) -> Party:
    """The registered subject that parameters name; `may` are other parameters that may stand.

    Raises: InvalidInput with every fault.
    """
    readers = {name: read for name, read in _SUBJECTS.items() if name != "serviceOwner"}
    faults = _unknown(given, {*readers, *may})
    named = _one_of(given, readers, reading, faults)
    return _registered(named, given, readers, reading, faults)


def _unknown(given: Mapping[str, str], known: set[str]) -> dict[str, tuple[str, ...]]:
    told = ", ".join(sorted(known))
    return {
        name: (f"`{name}` is not a parameter here; known are {told}.",)
        for name in given.keys() - known
    }


def _registered(
    named: Subject | None,
    given: Mapping[str, str],
    readers: Iterable[str],
    reading: Reading,
    faults: dict[str, tuple[str, ...]],
) -> Party:
    found = None if named is None else _find(named, reading)
    if found is None and named is not None:
        place = next(name for name in readers if given.get(name))
        faults[place] = ("Nobody who is registered is named so.",)
    if faults or found is None:
        raise InvalidInput(faults)
    return found


def _find(named: Subject, reading: Reading) -> Party | None:
    match named:
        case ByUuid() | BySystemUser():
            return parties.find_party(reading, named.uuid)
        case ByPartyId():
            return parties.find_party_by_id(reading, named.party_id)
        case ByUserId():
            return parties.find_user(reading, named.user_id)
        case ByOrganizationNumber():
            return parties.find_organization(reading, named.number)
        case ByPersonNumber():
            return parties.find_person(reading, named.number)
        case ByServiceOwner():
            return None
        case _:
            assert_never(named)


def _one_of(
    given: Mapping[str, str],
    readers: Mapping[str, Callable[[str, Reading], _Named]],
    reading: Reading,
    faults: dict[str, tuple[str, ...]],
) -> _Named | None:
    present = [name for name in readers if given.get(name)]
    if len(present) != 1:
        place = present[1] if present else next(iter(readers))
        faults[place] = (f"Name exactly one of {', '.join(readers)}.",)
        return None
    name = present[0]
    try:
        return readers[name](given[name], reading)
    except ValueError as fault:
        faults[name] = (f"`{given[name][:80]}` {fault}.",)
        return None


def _system_user(text: str, reading: Reading) -> BySystemUser:
    """By id, by external reference, or by title."""
    if _is_uuid(text):
        return BySystemUser(UUID(text))
    wanted = text.casefold()
    found = [
        user
        for user in system_users.list_all_system_users(reading)
        if wanted in {user.external_ref.casefold(), user.title.casefold()}
    ]
    if not found:
        raise ValueError("is no id, external reference or title of a system user")
    if len(found) > 1:
        told = ", ".join(
            f"{user.uuid} (`{user.external_ref}` of {user.owner})" for user in found[:_MOST_TOLD]
        )
        message = f"is what {len(found)} system users are called; name one by its id: {told}"
        raise ValueError(message)
    return BySystemUser(found[0].uuid)


def _person(text: str, reading: Reading) -> ByPersonNumber:
    if text.isdigit():
        return ByPersonNumber(words.person_number(text))
    number = _named(reading, (PartyKind.PERSON,), text).person_number
    assert number is not None, "every person has one"
    return ByPersonNumber(number)


def _organization(text: str, reading: Reading) -> ByOrganizationNumber:
    if text.isdigit():
        return ByOrganizationNumber(words.organization_number(text))
    number = _named(reading, (PartyKind.ORGANIZATION,), text).number
    assert number is not None, "every organisation has one"
    return ByOrganizationNumber(number)


def _party(text: str, reading: Reading) -> PartyReference:
    """By uuid, by number, or by name."""
    if _is_uuid(text):
        return ByUuid(UUID(text))
    if text.isdigit() and len(text) == _ORGANIZATION_DIGITS:
        return _organization(text, reading)
    if text.isdigit() and len(text) == _PERSON_DIGITS:
        return _person(text, reading)
    found = _named(reading, (PartyKind.ORGANIZATION, PartyKind.PERSON), text)
    return ByUuid(found.uuid)


def _named(reading: Reading, kinds: tuple[PartyKind, ...], name: str) -> Party:
    found = [
        party
        for kind in kinds
        for party in parties.list_named(reading, kind, name, most=_MOST_TOLD + 1)
    ]
    if not found:
        raise ValueError("is no number and no name of anybody registered")
    if len(found) > 1:
        told = ", ".join(str(party.number or party.uuid) for party in found[:_MOST_TOLD])
        message = f"is what several are called; name one by its number or id: {told}"
        raise ValueError(message)
    return found[0]


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _whole(value: str) -> int:
    if not (value.isascii() and value.isdigit()):
        raise ValueError("must be a whole number")
    return int(value)


_SUBJECTS: Mapping[str, Callable[[str, Reading], Subject]] = {
    "systemUser": _system_user,
    "userId": lambda text, _: ByUserId(_whole(text)),
    "subject": lambda text, _: ByUuid(words.uuid(text)),
    "subjectPerson": _person,
    "subjectOrganization": _organization,
    "serviceOwner": lambda text, _: ByServiceOwner(text),
}
_PARTIES: Mapping[str, Callable[[str, Reading], PartyReference]] = {
    "organization": _organization,
    "person": _person,
    "party": _party,
    "partyId": lambda text, _: ByPartyId(_whole(text)),
}
_NAMES = frozenset({*_SUBJECTS, *_PARTIES, "action", "resource"})
