"""From a decision request to what is asked: who, what, on which resource, for whom.

Pure: nothing is looked up. What is answered with Indeterminate before any policy is read is raised
as `UndecidableError`. Source: Altinn's public documentation of the decision point.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, auto
from functools import lru_cache
from typing import TYPE_CHECKING
from uuid import UUID

from fullmakt.access.catalog.model import ALTINN_ROLE, GUARDIANSHIP_ROLE, REGISTER_ROLE
from fullmakt.access.delegations.standings import Key, Reference
from fullmakt.access.policy import names
from fullmakt.access.policy.data_types import ANY_URI, INTEGER, STRING, BadLiteral, read_value
from fullmakt.access.policy.request import TypedValue
from fullmakt.foundation.terms import urns
from fullmakt.foundation.terms.numbers import OrganizationNumber, PersonNumber

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fullmakt.access.decisions.wire import Attribute, Category
    from fullmakt.access.policy.data_types import Value
    from fullmakt.access.policy.request import AttributeName, Entry

_DATA_TYPES = {
    None: STRING,
    "": STRING,
    "string": STRING,
    STRING: STRING,
    "anyURI": ANY_URI,
    ANY_URI: ANY_URI,
    INTEGER: INTEGER,
}
_REMEMBERED = 65_536
"""SPEED: how many numbers keep their checked form (benchmarks/authorize.py)."""
_WORKED_OUT = frozenset(
    {
        names.ACCESS_PACKAGE,
        names.ROLE_CODE,
        ALTINN_ROLE,
        REGISTER_ROLE,
        GUARDIANSHIP_ROLE,
    }
)
"""What a subject holds is found here, and never taken from whoever asks."""
_PARTY_KEYS = (
    urns.ORGANIZATION_NUMBER,
    urns.LEGACY_ORGANIZATION_NUMBER,
    urns.PERSON_NUMBER,
    urns.PARTY_UUID,
    urns.PARTY_ID,
)
_NAMES_ONE = frozenset(
    {
        *_PARTY_KEYS,
        urns.SYSTEM_USER_UUID,
        urns.USER_ID,
        urns.RESOURCE,
        urns.SERVICE_OWNER,
        urns.APP,
        urns.INSTANCE,
    }
)
"""What is looked up by these is one thing: two values would let two readers see different ones."""


class UndecidableError(ValueError):
    """The request cannot be decided. `is_syntax` tells which of the two status codes it has."""

    def __init__(self, message: str, *, is_syntax: bool = False) -> None:
        super().__init__(message)
        self.is_syntax = is_syntax


class Kind(IntEnum):
    """What the subject was named as, which settles what is looked up for it."""

    SYSTEM_USER = auto()
    PERSON = auto()
    PARTY = auto()
    ORGANIZATION = auto()


@dataclass(frozen=True, slots=True)
class Asker:
    """The subject asked about."""

    kind: Kind
    reference: Reference


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, ready for the walk. `entries` are the request's own attributes."""

    subject: Asker | None
    actions: tuple[str, ...]
    resource: str
    party: Reference | None
    entries: Mapping[AttributeName, Entry]


def read_asked(
    subjects: Sequence[Category], actions: Sequence[Category], resources: Sequence[Category]
) -> Asked:
    """What the three groups of categories ask.

    Each has its category id. Raises: UndecidableError.
    """
    if not resources:
        message = "the request has no resource"
        raise UndecidableError(message)
    if not any(each.attribute for each in subjects):
        message = "the request has no subject"
        raise UndecidableError(message)
    entries: dict[AttributeName, Entry] = {}
    for group in (subjects, actions, resources):
        _add_entries(entries, group)
    _add_current_name(entries)
    subject = _read_subject(_first(subjects))
    resource = _read_resource(_first(resources), entries)
    return Asked(
        subject=subject,
        actions=_texts(entries, (names.ACTION, names.ACTION_ID)),
        resource=resource,
        party=_read_party(_first(resources)),
        entries=entries,
    )


def _add_current_name(entries: dict[AttributeName, Entry]) -> None:
    """An organisation named by the older attribute is known by the current one too."""
    older = entries.get((names.SUBJECT, urns.LEGACY_ORGANIZATION_NUMBER))
    if older is not None:
        entries.setdefault((names.SUBJECT, urns.ORGANIZATION_NUMBER), older)


def _first(group: Sequence[Category]) -> Mapping[str, str]:
    """The attributes of the first category: the one that is looked up."""
    found: dict[str, str] = {}
    for attribute in group[0].attribute or () if group else ():
        if attribute.attribute_id and attribute.value is not None:
            first = found.setdefault(attribute.attribute_id, attribute.value)
            if attribute.attribute_id in _NAMES_ONE and attribute.value != first:
                message = f"`{attribute.attribute_id}` names one, and has several values"
                raise UndecidableError(message)
    return found


def _add_entries(entries: dict[AttributeName, Entry], group: Iterable[Category]) -> None:
    for category in group:
        name = category.category_id or ""
        for attribute in category.attribute or ():
            if not attribute.attribute_id or attribute.value is None:
                message = "an attribute has no id or no value"
                raise UndecidableError(message)
            key = (name, attribute.attribute_id)
            if name == names.SUBJECT and attribute.attribute_id in _WORKED_OUT:
                continue
            entries[key] = _added(entries.get(key), attribute)


def _added(held: Entry | None, attribute: Attribute) -> Entry:
    data_type = _DATA_TYPES.get(attribute.data_type)
    if data_type is None:
        message = f"data type `{attribute.data_type}` is not read here"
        raise UndecidableError(message)
    value = str(attribute.value)
    if held is None and data_type == STRING:
        return value
    earlier = (TypedValue(STRING, held),) if isinstance(held, str) else held or ()
    assert isinstance(earlier, tuple)
    return (*earlier, TypedValue(data_type, _typed(value, data_type)))


def _typed(value: str, data_type: str) -> Value:
    try:
        return read_value(data_type, value)
    except BadLiteral as fault:
        raise UndecidableError(str(fault)) from None


def _texts(entries: Mapping[AttributeName, Entry], name: AttributeName) -> tuple[str, ...]:
    entry = entries.get(name)
    if isinstance(entry, str):
        return (entry,)
    return tuple(str(each.value) for each in entry) if isinstance(entry, tuple) else ()


def _read_subject(  # noqa: PLR0911  one return a way of naming
    attributes: Mapping[str, str],
) -> Asker | None:
    system_user = attributes.get(urns.SYSTEM_USER_UUID)
    if system_user is not None:
        if len(attributes) > 1:
            others = ", ".join(sorted(set(attributes) - {urns.SYSTEM_USER_UUID}))
            message = f"a system user must be the only subject attribute, beside `{others}`"
            raise UndecidableError(message)
        return Asker(Kind.SYSTEM_USER, Reference(Key.UUID, _uuid(system_user)))
    older = attributes.get(urns.LEGACY_ORGANIZATION_NUMBER)
    organization = attributes.get(urns.ORGANIZATION_NUMBER, older)
    person, user = attributes.get(urns.PERSON_NUMBER), attributes.get(urns.USER_ID)
    if sum(each is not None for each in (organization, person, user)) > 1:
        message = "the subject is named in more than one way"
        raise UndecidableError(message)
    if user is not None:
        return Asker(Kind.PERSON, Reference(Key.USER_ID, _number(user)))
    if person is not None:
        return Asker(Kind.PERSON, Reference(Key.PERSON_NUMBER, _person_number(person)))
    if organization is not None:
        number = _organization_number(organization)
        return Asker(Kind.ORGANIZATION, Reference(Key.ORGANIZATION_NUMBER, number))
    party, party_id = attributes.get(urns.PARTY_UUID), attributes.get(urns.PARTY_ID)
    if party is not None:
        return Asker(Kind.PARTY, Reference(Key.UUID, _uuid(party)))
    if party_id is not None:
        return Asker(Kind.PARTY, Reference(Key.PARTY_ID, _number(party_id)))
    return None


def _read_party(attributes: Mapping[str, str]) -> Reference | None:
    for name in _PARTY_KEYS:
        value = attributes.get(name)
        if value is not None:
            return _party_reference(name, value)
    instance = attributes.get(urns.INSTANCE)
    if instance is not None:
        party_id, separator, _ = instance.partition("/")
        return Reference(Key.PARTY_ID, _number(party_id)) if separator else None
    return None


def _party_reference(name: str, value: str) -> Reference:
    match name:
        case urns.PERSON_NUMBER:
            return Reference(Key.PERSON_NUMBER, _person_number(value, is_syntax=True))
        case urns.PARTY_UUID:
            return Reference(Key.UUID, _uuid(value))
        case urns.PARTY_ID:
            return Reference(Key.PARTY_ID, _number(value))
        case _:
            return Reference(Key.ORGANIZATION_NUMBER, _organization_number(value))


def _read_resource(attributes: Mapping[str, str], entries: dict[AttributeName, Entry]) -> str:
    """The registry's id of the resource; the other way of naming an app is added to `entries`."""
    owner, app = attributes.get(urns.SERVICE_OWNER), attributes.get(urns.APP)
    if owner and app:
        resource = urns.app_resource(owner, app)
        entries.setdefault((names.RESOURCE, urns.RESOURCE), resource)
        return resource
    named = attributes.get(urns.RESOURCE)
    if not named:
        message = f"the resource is named by neither `{urns.RESOURCE}` nor an app"
        raise UndecidableError(message)
    parts = urns.app_of_resource(named)
    if parts is not None:
        entries.setdefault((names.RESOURCE, urns.SERVICE_OWNER), parts[0])
        entries.setdefault((names.RESOURCE, urns.APP), parts[1])
    return named


@lru_cache(maxsize=_REMEMBERED)
def _uuid(value: str) -> str:
    try:
        return str(UUID(value))
    except ValueError:
        message = f"not a UUID: `{value[:100]}`"
        raise UndecidableError(message) from None


def _number(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        message = f"not a number: `{value[:100]}`"
        raise UndecidableError(message, is_syntax=True)
    return int(value)


@lru_cache(maxsize=_REMEMBERED)
def _organization_number(value: str) -> str:
    try:
        return OrganizationNumber(value).digits
    except ValueError as fault:
        raise UndecidableError(str(fault), is_syntax=True) from None


@lru_cache(maxsize=_REMEMBERED)
def _person_number(value: str, *, is_syntax: bool = False) -> str:
    """SPEC: a person who is not known is told apart as the subject and as the party."""
    try:
        return PersonNumber(value).digits
    except ValueError as fault:
        raise UndecidableError(str(fault), is_syntax=is_syntax) from None
